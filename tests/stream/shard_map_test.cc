#include "stream/shard_map.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "shard/segment_pool.h"
#include "stream/resharding.h"

namespace riacho::internal {
namespace {

ShardMap::Shards MakeShards(const std::vector<HashKeyRange>& ranges, std::uint32_t first = 0) {
  const auto memory = std::make_shared<SegmentPool>();
  ShardMap::Shards shards;
  for (const HashKeyRange& range : ranges) {
    const ShardId id = {first + static_cast<std::uint32_t>(shards.size())};
    shards.push_back(
        std::make_shared<LiveShard>(LiveShard::Identity{.shard_id = id, .hash_key_range = range},
                                    Limits{}, 1 << 20, 0, memory));
  }
  return shards;
}

TEST(ShardMap, RoutesBothEdgesOfEveryRange) {
  for (const std::int64_t count : {1, 2, 3, 20, 999}) {
    const ShardMap::Shards shards = MakeShards(UniformPartition(count));
    const ShardMap map(shards, shards);
    for (const std::shared_ptr<LiveShard>& shard : shards) {
      EXPECT_EQ(&map.Route(shard->hash_key_range().starting_hash_key), shard.get());
      EXPECT_EQ(&map.Route(shard->hash_key_range().ending_hash_key), shard.get());
    }
    EXPECT_EQ(map.single(), count == 1);
  }
}

TEST(ShardMap, RoutesEveryKeyToTheShardThatContainsIt) {
  const ShardMap::Shards shards = MakeShards(UniformPartition(37));
  const ShardMap map(shards, shards);
  Random random(1);
  for (int i = 0; i < 10000; ++i) {
    const HashKey key = {absl::MakeUint128(random.Next(), random.Next())};
    ASSERT_TRUE(map.Route(key).hash_key_range().Contains(key)) << key;
  }
}

TEST(ShardMap, KeepsRoutedShardsByRangeAndListedOnesById) {
  ShardMap::Shards shards = MakeShards(UniformPartition(4));
  const ShardMap map({shards[2], shards[0], shards[3], shards[1]},
                     {shards[3], shards[1], shards[0], shards[2]});
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(map.routed()[i], shards[i]);
    EXPECT_EQ(map.listed()[i], shards[i]);
  }
}

TEST(ShardMap, FindsListedShardsOnly) {
  const ShardMap::Shards shards = MakeShards(UniformPartition(4), 10);
  const ShardMap map(shards, {shards[1], shards[3]});
  EXPECT_EQ(*map.Find({11}), shards[1]);
  EXPECT_EQ(*map.Find({13}), shards[3]);
  for (const std::uint32_t number : {0U, 10U, 12U, 14U, ShardId::kMaxNumber})
    EXPECT_EQ(map.Find({number}), nullptr) << number;
}

TEST(ShardMapDeathTest, RoutedShardsMustCoverTheKeySpaceOnce) {
  const std::vector<HashKeyRange> ranges = UniformPartition(3);
  EXPECT_DEATH((void)ShardMap(MakeShards({ranges[0], ranges[2]}), {}), "check failed");
  EXPECT_DEATH((void)ShardMap(MakeShards({ranges[1], ranges[2]}), {}), "check failed");
  EXPECT_DEATH((void)ShardMap(MakeShards({ranges[0], ranges[1]}), {}), "check failed");
  EXPECT_DEATH((void)ShardMap(MakeShards({ranges[0], ranges[0], ranges[1], ranges[2]}), {}),
               "check failed");
}

}  // namespace
}  // namespace riacho::internal
