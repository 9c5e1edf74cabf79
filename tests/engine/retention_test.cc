#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;

TEST(RetentionPeriod, ChangesInBothDirections) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.IncreaseRetention("orders", 8760), Succeeds());
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 8760);
  EXPECT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  EXPECT_EQ(world.Describe("orders").retention_period_hours, 24);
}

TEST(RetentionPeriod, NewValueIsShownWithActive) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_EQ(world.Summary("orders").stream_status, StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 24);
  world.Advance(Lifecycle::Service().update_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Summary("orders").stream_status, StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 24);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Summary("orders").stream_status, StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 48);
}

TEST(RetentionPeriod, IsAtLeastADay) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.DecreaseRetention("orders", 23),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Minimum allowed retention period is 24 hours. Requested retention period "
                        "(23 hours) is too short."));
  EXPECT_THAT(world.IncreaseRetention("orders", -1),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Minimum allowed retention period is 24 hours. Requested retention period "
                        "(-1 hours) is too short."));
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 24);
}

TEST(RetentionPeriod, IsAtMostAYear) {
  World world;
  world.Create("orders");
  const auto too_long =
      FailsWith(ErrorCode::kInvalidArgument,
                "Maximum allowed retention period is 8760 hours. Requested retention period (8761 "
                "hours) is too long.");
  EXPECT_THAT(world.IncreaseRetention("orders", 8761), too_long);
  EXPECT_THAT(world.DecreaseRetention("orders", 8761), too_long);
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 24);
}

TEST(RetentionPeriod, WrongDirectionIsRefusedWithTheNameOfTheOther) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 25), Succeeds());
  EXPECT_THAT(
      world.DecreaseRetention("orders", 26),
      FailsWith(ErrorCode::kInvalidArgument,
                "Requested retention period (26 hours) for stream orders can not be longer than "
                "existing retention period (25 hours). Use IncreaseRetentionPeriod API."));
  EXPECT_THAT(
      world.IncreaseRetention("orders", 24),
      FailsWith(ErrorCode::kInvalidArgument,
                "Requested retention period (24 hours) for stream orders can not be shorter than "
                "existing retention period (25 hours). Use DecreaseRetentionPeriod API."));
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 25);
}

TEST(RetentionPeriod, PresentValueChangesNothing) {
  World world(ServiceTimes());
  world.Create("orders");
  const StreamDescription before = world.Describe("orders");
  EXPECT_THAT(world.IncreaseRetention("orders", 24), Succeeds());
  EXPECT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  EXPECT_EQ(world.Describe("orders"), before);
}

TEST(RetentionPeriod, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.IncreaseRetention("orders", 48),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_THAT(world.DecreaseRetention("orders", 48),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(RetentionPeriod, StateComesBeforeTheRange) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_THAT(world.IncreaseRetention("orders", 8761),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
}

TEST(RetentionPeriod, BoundsAreLimits) {
  EngineOptions options;
  options.limits.minimum_retention_period_hours = 1;
  options.limits.maximum_retention_period_hours = 100;
  World world(options);
  world.Create("orders");
  EXPECT_THAT(world.DecreaseRetention("orders", 1), Succeeds());
  EXPECT_THAT(world.DecreaseRetention("orders", 0), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  EXPECT_THAT(world.IncreaseRetention("orders", 101), FailsAs(ErrorCode::kInvalidArgument));
}

TEST(RetentionPeriod, RecordsAreReachableUntilTheyAreOlderThanIt) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", "first");
  world.Advance(absl::Hours(1));
  world.Put("orders", "a", "second");
  world.Advance(absl::Hours(23));
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("first", "second"));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("second"));
}

TEST(RetentionPeriod, IncreaseKeepsWhatIsStillThere) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", "kept");
  world.Advance(absl::Hours(23));
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  world.Advance(absl::Hours(25));
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("kept"));
}

TEST(RetentionPeriod, IncreaseDoesNotBringBackWhatIsPast) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", "lost");
  world.Advance(absl::Hours(12));
  world.Put("orders", "a", "kept");
  world.Advance(absl::Hours(13));
  ASSERT_THAT(world.IncreaseRetention("orders", 8760), Succeeds());
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("kept"));
}

// The horizon at which the increase took effect counts, not the one at which it was asked for.
TEST(RetentionPeriod, RecordsThatAgeWhileAnIncreaseIsUnderWayAreLost) {
  World world(ServiceTimes());
  world.Create("orders");
  world.Put("orders", "a", "lost");
  world.Advance(absl::Seconds(3));
  world.Put("orders", "a", "kept");
  world.Advance(absl::Hours(24) - absl::Seconds(4));
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  world.Advance(absl::Seconds(10));
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("kept"));
}

TEST(RetentionPeriod, DecreaseLosesOlderRecordsAtOnce) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  world.Put("orders", "a", "old");
  world.Advance(absl::Hours(50));
  world.Put("orders", "a", "new");
  ASSERT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("new"));
  ASSERT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("new"));
}

TEST(RetentionPeriod, ClosedShardIsListedUntilItsLastPossibleRecordIsPast) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Hours(24));
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0, 1, 2));
  world.Advance(absl::Seconds(1));
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(1, 2));
  EXPECT_THAT(NumbersOf(world.Describe("orders").shards), ElementsAre(1, 2));
}

TEST(RetentionPeriod, ExpiredShardIsNotFound) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Hours(25));
  EXPECT_THAT(
      world.kinesis->GetShardIterator({.stream_name = "orders",
                                       .shard_id = "0",
                                       .shard_iterator_type = ShardIteratorType::kTrimHorizon}),
      FailsWith(
          ErrorCode::kResourceNotFound,
          "Shard shardId-000000000000 in stream orders under account 123456789012 does not exist"));
  EXPECT_THAT(world.Split("orders", "0", "1000"),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard shardId-000000000000 in stream orders under account "
                        "123456789012."));
}

TEST(RetentionPeriod, ChildrenNameTheirParentsAfterThoseHaveExpired) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  world.Advance(absl::Hours(25));
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(2));
  EXPECT_EQ(shards[0].parent_shard_id, ShardId{0});
  EXPECT_EQ(shards[0].adjacent_parent_shard_id, ShardId{1});
}

TEST(RetentionPeriod, DecreaseExpiresClosedShardsEarly) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Hours(30));
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0, 1, 2));
  ASSERT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(1, 2));
}

TEST(RetentionPeriod, ShardNumbersAreNotReusedAfterExpiry) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  world.Advance(absl::Hours(25));
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(2, 3, 4));
}

TEST(RetentionPeriod, OldRecordsAreFreedWithoutAReader) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", std::string(500'000, 'x'));
  world.Put("orders", "a", std::string(500'000, 'x'));
  ASSERT_GE(world.engine.memory_used(), 1'000'000);
  world.Advance(absl::Hours(25));
  world.Put("orders", "a");
  world.engine.Settle();
  EXPECT_LT(world.engine.memory_used(), 1'000'000);
}

}  // namespace
}  // namespace riacho
