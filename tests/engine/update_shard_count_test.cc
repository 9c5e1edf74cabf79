#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;

// The ranges of the open shards, which must be those of a new stream of as many shards.
void ExpectUniform(World& world, const std::string& stream, std::int64_t count) {
  World fresh;
  fresh.Create("fresh", count);
  const std::vector<Shard> open = world.OpenShards(stream);
  const std::vector<Shard> expected = fresh.Shards("fresh");
  ASSERT_EQ(open.size(), expected.size());
  for (std::size_t i = 0; i < open.size(); ++i)
    EXPECT_EQ(open[i].hash_key_range, expected[i].hash_key_range) << i;
}

TEST(UpdateShardCount, AnswersTheCountsBeforeAndAfter) {
  World world;
  world.Create("orders", 2);
  EXPECT_EQ(world.Scale("orders", 4).value(),
            (UpdateShardCountResponse{.stream_name = "orders",
                                      .current_shard_count = 2,
                                      .target_shard_count = 4,
                                      .stream_arn = StreamArnOf("orders")}));
}

TEST(UpdateShardCount, OneToTwoIsOneSplit) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Scale("orders", 2), Succeeds());
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0, 1, 2));
  ExpectUniform(world, "orders", 2);
}

TEST(UpdateShardCount, TwoToFourIsTwoSplits) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 4), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(shards[2].parent_shard_id, ShardId{0});
  EXPECT_EQ(shards[3].parent_shard_id, ShardId{0});
  EXPECT_EQ(shards[4].parent_shard_id, ShardId{1});
  EXPECT_EQ(shards[5].parent_shard_id, ShardId{1});
  ExpectUniform(world, "orders", 4);
}

TEST(UpdateShardCount, TwoToThreeSplitsBothAndMergesTheMiddle) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(2, 6, 5));
  EXPECT_EQ(shards[2].parent_shard_id, ShardId{0});
  EXPECT_EQ(shards[3].parent_shard_id, ShardId{0});
  EXPECT_EQ(shards[4].parent_shard_id, ShardId{1});
  EXPECT_EQ(shards[5].parent_shard_id, ShardId{1});
  EXPECT_EQ(shards[6].parent_shard_id, ShardId{3});
  EXPECT_EQ(shards[6].adjacent_parent_shard_id, ShardId{4});
  ExpectUniform(world, "orders", 3);
}

TEST(UpdateShardCount, ShowsFourShardsOnTheWayFromTwoToThree) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  world.Advance(absl::Seconds(12));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 4);
  world.Advance(absl::Seconds(5));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 3);
}

TEST(UpdateShardCount, ShardsInBetweenHoldNoData) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  std::set<ShardId> took;
  for (int i = 0; i < 40; ++i) {
    took.insert(world.Put("orders", "a").shard_id);
    took.insert(world.Put("orders", "stable").shard_id);
    took.insert(world.Put("orders", "user-42").shard_id);
    world.Advance(absl::Seconds(1));
  }
  EXPECT_TRUE(took.contains(ShardId{2}));
  EXPECT_TRUE(took.contains(ShardId{5}));
  EXPECT_TRUE(took.contains(ShardId{6}));
  const std::vector<Shard> shards = world.Shards("orders");
  EXPECT_GT(shards[6].sequence_number_range.starting_sequence_number,
            *shards[3].sequence_number_range.ending_sequence_number);
}

TEST(UpdateShardCount, EveryChildHasParents) {
  World world;
  world.Create("orders", 5);
  for (const std::int64_t target : {7, 13, 8, 4, 6, 3}) {
    ASSERT_THAT(world.Scale("orders", target), Succeeds());
    ExpectUniform(world, "orders", target);
  }
  for (const Shard& shard : world.Shards("orders")) {
    EXPECT_EQ(shard.parent_shard_id.has_value(), shard.shard_id.number >= 5) << shard;
  }
}

// Also of the shards in between, which never held a record.
TEST(UpdateShardCount, EveryClosedShardEndsWithItsChildren) {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  World world(options);
  world.Create("orders", 5);
  for (const std::int64_t target : {7, 4}) ASSERT_THAT(world.Scale("orders", target), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  for (const Shard& parent : shards) {
    std::vector<ChildShard> children;
    for (const Shard& shard : shards) {
      if (shard.parent_shard_id != parent.shard_id &&
          shard.adjacent_parent_shard_id != parent.shard_id)
        continue;
      children.push_back({.shard_id = shard.shard_id,
                          .parent_shards = {*shard.parent_shard_id},
                          .hash_key_range = shard.hash_key_range});
      if (shard.adjacent_parent_shard_id.has_value())
        children.back().parent_shards.push_back(*shard.adjacent_parent_shard_id);
    }
    const std::string iterator =
        world.kinesis
            ->GetShardIterator({.stream_name = "orders",
                                .shard_id = parent.shard_id.ToString(),
                                .shard_iterator_type = ShardIteratorType::kTrimHorizon})
            .value()
            .shard_iterator;
    const GetRecordsResponse page = world.kinesis->GetRecords({.shard_iterator = iterator}).value();
    EXPECT_EQ(page.child_shards, children) << parent;
    EXPECT_EQ(page.next_shard_iterator.has_value(), IsOpen(parent)) << parent;
    EXPECT_EQ(children.empty(), IsOpen(parent)) << parent;
  }
}

TEST(UpdateShardCount, ScalesUpToDouble) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.Scale("orders", 7),
              FailsWith(ErrorCode::kLimitExceeded,
                        "UpdateShardCount cannot scale up over double your current open shard "
                        "count. Current open shard count: 3, Target shard count: 7"));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 3);
  EXPECT_THAT(world.Scale("orders", 6), Succeeds());
  ExpectUniform(world, "orders", 6);
}

TEST(UpdateShardCount, ScalesDownToHalfRoundedDown) {
  World world;
  world.Create("orders", 7);
  EXPECT_THAT(world.Scale("orders", 2),
              FailsWith(ErrorCode::kLimitExceeded,
                        "UpdateShardCount cannot scale down below half your current open shard "
                        "count. Current open shard count: 7, Target shard count: 2"));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 7);
  EXPECT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_THAT(world.Scale("orders", 1), Succeeds());
  ExpectUniform(world, "orders", 1);
}

TEST(UpdateShardCount, HasALargestTarget) {
  EngineOptions options;
  options.limits.update_shard_count_target = 10;
  World world(options);
  world.Create("orders", 8);
  EXPECT_THAT(world.Scale("orders", 11),
              FailsWith(ErrorCode::kLimitExceeded,
                        "Target shard count or number of open shards cannot be greater than 10. "
                        "Current open shard count: 8, Target shard count: 11"));
  EXPECT_THAT(world.Scale("orders", 10), Succeeds());
}

TEST(UpdateShardCount, StreamAboveTheLargestTargetScalesDownBelowItOnly) {
  EngineOptions options;
  options.limits.update_shard_count_target = 10;
  World world(options);
  world.Create("orders", 12);
  EXPECT_THAT(world.Scale("orders", 11), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(world.Scale("orders", 10),
              FailsWith(ErrorCode::kLimitExceeded,
                        "Target shard count or number of open shards cannot be greater than 10. "
                        "Current open shard count: 12, Target shard count: 10"));
  EXPECT_THAT(world.Scale("orders", 9), Succeeds());
}

TEST(UpdateShardCount, PresentCountChangesNothing) {
  World world(ServiceTimes());
  world.Create("orders", 3);
  const StreamDescription before = world.Describe("orders");
  EXPECT_EQ(world.Scale("orders", 3).value(),
            (UpdateShardCountResponse{.stream_name = "orders",
                                      .current_shard_count = 3,
                                      .target_shard_count = 3,
                                      .stream_arn = StreamArnOf("orders")}));
  EXPECT_EQ(world.Describe("orders"), before);
}

TEST(UpdateShardCount, PresentCountOfUnequalShardsChangesNothing) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", "1000"), Succeeds());
  const std::vector<Shard> before = world.Shards("orders");
  EXPECT_THAT(world.Scale("orders", 2), Succeeds());
  EXPECT_EQ(world.Shards("orders"), before);
}

TEST(UpdateShardCount, UnequalShardsBecomeEqual) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", "1000"), Succeeds());
  ASSERT_THAT(world.Split("orders", "1", "17"), Succeeds());
  ASSERT_THAT(world.Split("orders", "3", "3"), Succeeds());
  ASSERT_THAT(world.Scale("orders", 8), Succeeds());
  ExpectUniform(world, "orders", 8);
}

TEST(UpdateShardCount, EleventhCallWithinADayIsRefused) {
  World world;
  world.Create("orders", 2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(world.Scale("orders", i % 2 == 0 ? 3 : 2), Succeeds()) << i;
    world.Advance(absl::Hours(1));
  }
  EXPECT_THAT(world.Scale("orders", 3),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  // The window rolls: the first call leaves it 24 hours after it was made.
  world.Advance(absl::Hours(14) - absl::Nanoseconds(1));
  EXPECT_THAT(world.Scale("orders", 3), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2), FailsAs(ErrorCode::kLimitExceeded));
}

TEST(UpdateShardCount, CallsThatChangeNothingDoNotCountForTheDay) {
  EngineOptions options;
  options.limits.update_shard_count_calls_per_day = 1;
  World world(options);
  world.Create("orders", 2);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(world.Scale("orders", 2), Succeeds());
    EXPECT_THAT(world.Scale("orders", 5), FailsAs(ErrorCode::kLimitExceeded));
  }
  EXPECT_THAT(world.Scale("orders", 4), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
}

TEST(UpdateShardCount, DayIsCountedPerStream) {
  EngineOptions options;
  options.limits.update_shard_count_calls_per_day = 1;
  World world(options);
  world.Create("orders");
  world.Create("users");
  EXPECT_THAT(world.Scale("orders", 2), Succeeds());
  EXPECT_THAT(world.Scale("users", 2), Succeeds());
}

TEST(UpdateShardCount, TargetMustFitTheAccount) {
  EngineOptions options;
  options.limits.shards_per_account = 6;
  World world(options);
  world.Create("orders", 2);
  world.Create("users", 3);
  EXPECT_THAT(world.Scale("orders", 4),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(5, 6, 2)));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
}

// Two to three goes over four.
TEST(UpdateShardCount, ShardsInBetweenMustFitTheAccountToo) {
  EngineOptions options;
  options.limits.shards_per_account = 3;
  World world(options);
  world.Create("orders", 2);
  EXPECT_THAT(world.Scale("orders", 3), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0, 1));
  EXPECT_THAT(world.Scale("orders", 1), Succeeds());
}

TEST(UpdateShardCount, ShardsInBetweenCountForTheAccountWhileTheStreamIsUpdating) {
  EngineOptions options = ServiceTimes();
  options.limits.shards_per_account = 5;
  World world(options);
  world.Create("orders", 2);
  world.Create("users");
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_THAT(world.Halve("users", world.Shards("users")[0]), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(absl::Seconds(17));
  EXPECT_THAT(world.Halve("users", world.Shards("users")[0]), Succeeds());
}

TEST(UpdateShardCount, OnDemandStreamIsNotResharded) {
  World world;
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Scale("clicks", 8),
              FailsWith(ErrorCode::kValidation,
                        "Request is invalid. Stream clicks under account 123456789012 is in "
                        "On-Demand mode."));
}

TEST(UpdateShardCount, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.Scale("orders", 8),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(UpdateShardCount, StateComesBeforeTheBounds) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 4), Succeeds());
  EXPECT_THAT(world.Scale("orders", 100),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
}

// One wide shard among narrow ones needs many rounds; the last hand-over lies long after ACTIVE.
TEST(UpdateShardCount, StreamMayBeSplitAgainBeforeALongScalingIsHandedOver) {
  World world(ServiceTimes());
  world.Create("orders");
  for (int i = 0; i < 40; ++i) {
    const Shard widest = world.OpenShards("orders").back();
    ASSERT_THAT(world.Split("orders", widest.shard_id.ToString(),
                            HashKey{widest.hash_key_range.starting_hash_key.value + 2}.ToString()),
                Succeeds());
    world.Advance(absl::Seconds(60));
  }
  ASSERT_EQ(world.Summary("orders").open_shard_count, 41);
  ASSERT_THAT(world.Scale("orders", 82), Succeeds());
  while (world.Status("orders") != StreamStatus::kActive) world.Advance(absl::Seconds(1));
  for (const Shard& shard : world.OpenShards("orders")) {
    ASSERT_THAT(world.Halve("orders", shard), Succeeds());
    world.Advance(Lifecycle::Service().reshard);
  }
  world.Advance(absl::Hours(1));
  EXPECT_EQ(world.OpenShards("orders").size(), 164U);
  EXPECT_GT(world.Put("orders", "a").shard_id, ShardId{160});
}

TEST(UpdateShardCount, HandOverMayTakeLongerForLaterSteps) {
  EngineOptions options;
  options.lifecycle.hand_over_step = absl::Seconds(10);
  World world(options);
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[6]), Succeeds());
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(2, 7, 8, 5));
  EXPECT_EQ(world.Put("orders", "user-42").shard_id, ShardId{3});
  world.Advance(absl::Seconds(10));
  EXPECT_EQ(world.Put("orders", "user-42").shard_id, ShardId{7});
}

}  // namespace
}  // namespace riacho
