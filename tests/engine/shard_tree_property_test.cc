// What holds of a stream's shards after any sequence of splits, merges and scalings. A failure
// prints the seed; the sequence is the seed's.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"
#include "riacho/base/random.h"

namespace riacho {
namespace {

constexpr int kSteps = 200;
constexpr std::uint64_t kSeeds = 8;

// Everything a stream has ever listed, by id.
using ShardTree = std::map<ShardId, Shard>;

void ExpectOpenShardsPartitionTheKeySpace(const std::vector<Shard>& open) {
  HashKey expected;
  for (const Shard& shard : open) {
    ASSERT_EQ(shard.hash_key_range.starting_hash_key, expected) << shard;
    ASSERT_GE(shard.hash_key_range.ending_hash_key, expected) << shard;
    expected = HashKey{shard.hash_key_range.ending_hash_key.value + 1};
  }
  ASSERT_FALSE(open.empty());
  ASSERT_EQ(open.back().hash_key_range.ending_hash_key, HashKey::Max());
}

// Parents of a shard are listed before it, closed, and lie below it in every number; their ranges
// make up its own.
void ExpectLineage(const ShardTree& tree, const Shard& shard, std::uint32_t first_shards) {
  const bool first = shard.shard_id.number < first_shards;
  ASSERT_EQ(shard.parent_shard_id.has_value(), !first) << shard;
  if (first) {
    ASSERT_FALSE(shard.adjacent_parent_shard_id.has_value()) << shard;
    return;
  }
  for (const auto& id : {shard.parent_shard_id, shard.adjacent_parent_shard_id}) {
    if (!id.has_value()) continue;
    ASSERT_LT(*id, shard.shard_id);
    ASSERT_TRUE(tree.contains(*id)) << shard;
    const Shard& parent = tree.at(*id);
    ASSERT_FALSE(IsOpen(parent)) << parent;
    ASSERT_GT(shard.sequence_number_range.starting_sequence_number,
              *parent.sequence_number_range.ending_sequence_number)
        << shard;
  }
  const HashKeyRange& range = shard.hash_key_range;
  const HashKeyRange& parent = tree.at(*shard.parent_shard_id).hash_key_range;
  if (shard.adjacent_parent_shard_id.has_value()) {
    const HashKeyRange& adjacent = tree.at(*shard.adjacent_parent_shard_id).hash_key_range;
    ASSERT_EQ(parent.ending_hash_key.value + 1, adjacent.starting_hash_key.value) << shard;
    ASSERT_EQ(range, (HashKeyRange{parent.starting_hash_key, adjacent.ending_hash_key})) << shard;
  } else {
    ASSERT_TRUE(range.starting_hash_key == parent.starting_hash_key ||
                range.ending_hash_key == parent.ending_hash_key)
        << shard;
    ASSERT_NE(range, parent) << shard;
  }
}

class RandomResharding {
 public:
  RandomResharding(std::uint64_t seed, EngineOptions options)
      : random_(seed), world_(std::move(options)) {
    first_shards_ = static_cast<std::uint32_t>(1 + random_.Uniform(6));
    world_.Create("orders", first_shards_);
  }

  void Run() {
    for (int step = 0; step < kSteps && !::testing::Test::HasFatalFailure(); ++step) {
      Reshard();
      Pass();
      Check();
    }
  }

 private:
  void Reshard() {
    const std::vector<Shard> open = world_.OpenShards("orders");
    const Shard& shard = open[random_.Uniform(open.size())];
    switch (random_.Uniform(4)) {
      case 0:
      case 1: {
        const absl::uint128 key =
            shard.hash_key_range.starting_hash_key.value +
            (random_.Chance(0.2) ? absl::uint128(random_.Uniform(8))
                                 : absl::MakeUint128(random_.Next(), random_.Next()));
        Attempt([&] {
          return world_.Split("orders", shard.shard_id.ToString(), HashKey{key}.ToString());
        });
        return;
      }
      case 2: {
        const Shard& other = open[random_.Uniform(open.size())];
        const bool neighbours = random_.Chance(0.7) && &shard != &open.back();
        const Shard& upper = neighbours ? *(&shard + 1) : other;
        Attempt([&] {
          return world_.Merge("orders", shard.shard_id.ToString(), upper.shard_id.ToString());
        });
        return;
      }
      default: {
        const auto target = static_cast<std::int64_t>(
            std::min<std::uint64_t>(1 + random_.Uniform(2 * open.size() + 1), 20));
        Attempt([&] { return world_.Scale("orders", target).status(); });
        return;
      }
    }
  }

  // A refused request changes nothing.
  template <typename Request>
  void Attempt(const Request& request) {
    const StreamDescription before = world_.Describe("orders");
    const absl::Status status = request();
    if (!status.ok()) {
      ASSERT_THAT(status, testing::AnyOf(FailsAs(ErrorCode::kInvalidArgument),
                                         FailsAs(ErrorCode::kResourceInUse),
                                         FailsAs(ErrorCode::kLimitExceeded)));
      ASSERT_EQ(world_.Describe("orders"), before);
    }
  }

  void Pass() {
    switch (random_.Uniform(5)) {
      case 0:
        return;
      case 1:
        return world_.Advance(absl::Milliseconds(static_cast<int>(random_.Uniform(1000))));
      case 2:
        return world_.Advance(absl::Hours(static_cast<int>(random_.Uniform(10))));
      default:
        return world_.Advance(absl::Seconds(static_cast<int>(random_.Uniform(30))));
    }
  }

  void Check() {
    const std::vector<Shard> listed = world_.Shards("orders");
    ASSERT_TRUE(std::ranges::is_sorted(listed, {}, &Shard::shard_id));
    for (const Shard& shard : listed) {
      const auto [known, added] = tree_.insert({shard.shard_id, shard});
      if (added) {
        // Numbers are given in order of creation, never twice.
        ASSERT_EQ(known, std::prev(tree_.end())) << shard;
        ASSERT_EQ(shard.shard_id.number + 1, tree_.size()) << shard;
      } else {
        // All that ever changes is that it ends, once.
        Shard before = known->second;
        if (IsOpen(before))
          before.sequence_number_range.ending_sequence_number =
              shard.sequence_number_range.ending_sequence_number;
        ASSERT_EQ(shard, before);
        known->second = shard;
      }
    }
    for (const Shard& shard : listed)
      ASSERT_NO_FATAL_FAILURE(ExpectLineage(tree_, shard, first_shards_));
    const std::vector<Shard> open = world_.OpenShards("orders");
    ASSERT_NO_FATAL_FAILURE(ExpectOpenShardsPartitionTheKeySpace(open));
    ASSERT_EQ(world_.Summary("orders").open_shard_count, static_cast<std::int64_t>(open.size()));
    CheckPut();
  }

  // A key's records go to a shard whose range has the key, with rising numbers, whatever happens to
  // the shards.
  void CheckPut() {
    const std::string key = "key" + std::to_string(random_.Uniform(4));
    const PutRecordResponse put = world_.Put("orders", key);
    ASSERT_TRUE(tree_.contains(put.shard_id));
    ASSERT_TRUE(tree_.at(put.shard_id).hash_key_range.Contains(HashKeyOf(key)));
    ASSERT_GT(put.sequence_number,
              tree_.at(put.shard_id).sequence_number_range.starting_sequence_number);
    const auto ending = tree_.at(put.shard_id).sequence_number_range.ending_sequence_number;
    ASSERT_TRUE(!ending.has_value() || put.sequence_number < *ending);
    SequenceNumber& last = last_[key];
    ASSERT_GT(put.sequence_number, last);
    last = put.sequence_number;
  }

  Random random_;
  World world_;
  std::uint32_t first_shards_ = 0;
  ShardTree tree_;
  std::map<std::string, SequenceNumber> last_;
};

EngineOptions WithoutQuotas(EngineOptions options) {
  options.limits.update_shard_count_calls_per_day = Limits::kUnlimited;
  return options;
}

TEST(ShardTree, KeepsItsOrderWhenReshardingTakesNoTime) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(RandomResharding(seed, WithoutQuotas({})).Run());
  }
}

TEST(ShardTree, KeepsItsOrderWhenReshardingTakesTheServicesTime) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(RandomResharding(seed, WithoutQuotas(ServiceTimes())).Run());
  }
}

TEST(ShardTree, KeepsItsOrderWhenTransitionsTakeAnyTime) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const auto some = [&random] {
      return random.Chance(0.3) ? absl::ZeroDuration()
                                : absl::Milliseconds(static_cast<int>(random.Uniform(40000)));
    };
    EngineOptions options;
    options.lifecycle = {.reshard = some(),
                         .update_shard_count = some(),
                         .update_shard_count_step = some(),
                         .hand_over = some(),
                         .hand_over_step = some()};
    ASSERT_NO_FATAL_FAILURE(RandomResharding(seed, WithoutQuotas(options)).Run());
  }
}

}  // namespace
}  // namespace riacho
