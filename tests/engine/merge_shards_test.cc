#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;

std::string NotAdjacentText(const std::string& lower, const std::string& upper) {
  return "Shards " + lower + " and " + upper +
         " in stream orders under account 123456789012 are not an adjacent pair of shards eligible "
         "for merging";
}

TEST(MergeShards, ChildCoversBothParentsRanges) {
  World world;
  world.Create("orders", 4);
  const std::vector<Shard> before = world.Shards("orders");
  ASSERT_THAT(world.Merge("orders", "shardId-000000000001", "shardId-000000000002"), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(shards[4].hash_key_range, (HashKeyRange{before[1].hash_key_range.starting_hash_key,
                                                    before[2].hash_key_range.ending_hash_key}));
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(0, 4, 3));
}

TEST(MergeShards, ChildNamesBothParents) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  const Shard child = world.Shards("orders")[2];
  EXPECT_EQ(child.parent_shard_id, ShardId{0});
  EXPECT_EQ(child.adjacent_parent_shard_id, ShardId{1});
}

// The lower range may have the higher number.
TEST(MergeShards, ParentShardIdIsTheShardToMergeWhateverItsNumber) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  ASSERT_THAT(world.Merge("orders", "3", "1"), Succeeds());
  const Shard child = world.Shards("orders")[4];
  EXPECT_EQ(child.parent_shard_id, ShardId{3});
  EXPECT_EQ(child.adjacent_parent_shard_id, ShardId{1});
}

TEST(MergeShards, ChildsNumbersBeginAboveBothParentsLast) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  for (const std::size_t parent : {0U, 1U}) {
    EXPECT_GT(shards[2].sequence_number_range.starting_sequence_number,
              *shards[parent].sequence_number_range.ending_sequence_number);
  }
}

TEST(MergeShards, ReversedOrderIsNotAdjacent) {
  World world;
  world.Create("orders", 2);
  EXPECT_THAT(world.Merge("orders", "1", "0"),
              FailsWith(ErrorCode::kInvalidArgument,
                        NotAdjacentText("shardId-000000000001", "shardId-000000000000")));
}

TEST(MergeShards, SameShardTwiceIsNotAdjacent) {
  World world;
  world.Create("orders", 2);
  EXPECT_THAT(world.Merge("orders", "0", "x-0"),
              FailsWith(ErrorCode::kInvalidArgument,
                        NotAdjacentText("shardId-000000000000", "shardId-000000000000")));
  EXPECT_THAT(world.Merge("orders", "1", "1"),
              FailsWith(ErrorCode::kInvalidArgument,
                        NotAdjacentText("shardId-000000000001", "shardId-000000000001")));
}

TEST(MergeShards, ShardsWithAnotherBetweenThemAreNotAdjacent) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.Merge("orders", "0", "2"),
              FailsWith(ErrorCode::kInvalidArgument,
                        NotAdjacentText("shardId-000000000000", "shardId-000000000002")));
}

TEST(MergeShards, KeySpaceDoesNotGoRoundInACircle) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.Merge("orders", "2", "0"),
              FailsWith(ErrorCode::kInvalidArgument,
                        NotAdjacentText("shardId-000000000002", "shardId-000000000000")));
}

TEST(MergeShards, ClosedShardIsRefusedTheFirstOneByName) {
  World world;
  world.Create("orders", 4);
  ASSERT_THAT(world.Merge("orders", "1", "2"), Succeeds());
  EXPECT_THAT(
      world.Merge("orders", "0", "1"),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000001")));
  EXPECT_THAT(
      world.Merge("orders", "2", "3"),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000002")));
  EXPECT_THAT(
      world.Merge("orders", "1", "2"),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000001")));
}

TEST(MergeShards, ParentAndItsChildAreNotMerged) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[1]), Succeeds());
  EXPECT_THAT(
      world.Merge("orders", "0", "1"),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000001")));
  EXPECT_THAT(world.Merge("orders", "0", "2"), Succeeds());
}

TEST(MergeShards, UnknownShardIsNotFound) {
  World world;
  world.Create("orders", 2);
  const auto not_found = FailsWith(
      ErrorCode::kResourceNotFound,
      "Could not find shard shardId-000000000005 in stream orders under account 123456789012.");
  EXPECT_THAT(world.Merge("orders", "0", "5"), not_found);
  EXPECT_THAT(world.Merge("orders", "5", "0"), not_found);
  EXPECT_THAT(world.Merge("orders", "0", "five"),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard five in stream orders under account 123456789012."));
}

TEST(MergeShards, OnDemandStreamIsNotResharded) {
  World world;
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Merge("clicks", "0", "1"),
              FailsWith(ErrorCode::kValidation,
                        "Request is invalid. Stream clicks under account 123456789012 is in "
                        "On-Demand mode."));
}

TEST(MergeShards, FitsAFullAccount) {
  EngineOptions options;
  options.limits.shards_per_account = 2;
  World world(options);
  world.Create("orders", 2);
  EXPECT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  EXPECT_EQ(world.Summary("orders").open_shard_count, 1);
}

TEST(MergeShards, ChecksComeInTheServicesOrder) {
  World world(ServiceTimes());
  EXPECT_THAT(world.kinesis->MergeShards({.shard_to_merge = "x", .adjacent_shard_to_merge = "y"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
  EXPECT_THAT(world.Merge("orders", "0", "y"),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard y in stream orders under account 123456789012."));
  EXPECT_THAT(world.Merge("orders", "7", "8"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  EXPECT_THAT(world.Merge("orders", "7", "8"),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")));
  world.Advance(Lifecycle::Service().create_stream);
  EXPECT_THAT(world.Merge("orders", "1", "8"),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard shardId-000000000008 in stream orders under account "
                        "123456789012."));
}

TEST(MergeShards, ParentsTakePutsUntilTheHandOver) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 1);
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  EXPECT_EQ(world.Put("orders", "stable").shard_id, ShardId{1});
  world.Advance(absl::Seconds(20));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{2});
  EXPECT_EQ(world.Put("orders", "stable").shard_id, ShardId{2});
}

TEST(MergeShards, ParentsEndNamesTheChildWithBothParents) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  for (const char* const parent : {"0", "1"}) {
    const std::string iterator =
        world.kinesis
            ->GetShardIterator({.stream_name = "orders",
                                .shard_id = parent,
                                .shard_iterator_type = ShardIteratorType::kLatest})
            .value()
            .shard_iterator;
    const GetRecordsResponse end = world.kinesis->GetRecords({.shard_iterator = iterator}).value();
    EXPECT_EQ(end.next_shard_iterator, std::nullopt);
    EXPECT_THAT(end.child_shards,
                ElementsAre(ChildShard{.shard_id = {2},
                                       .parent_shards = {{0}, {1}},
                                       .hash_key_range = {HashKey{0}, HashKey::Max()}}));
  }
}

}  // namespace
}  // namespace riacho
