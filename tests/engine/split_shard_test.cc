#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kMiddle[] = "170141183460469231731687303715884105728";  // 2^127
constexpr char kQuarter[] = "85070591730234615865843651857942052864";  // 2^126
constexpr char kTwoTo128[] = "340282366920938463463374607431768211456";
constexpr char kLastKey[] = "340282366920938463463374607431768211455";

std::string BadKeyText(const std::string& key, const std::string& shard, const std::string& start,
                       const std::string& end) {
  return "NewStartingHashKey " + key + " used in SplitShard() on shard " + shard +
         " in stream orders under account 123456789012 is not both greater than one plus the "
         "shard's StartingHashKey " +
         start + " and less than the shard's EndingHashKey " + end + ".";
}

TEST(SplitShard, ChildrenCoverTheParentsRangeExactly) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "shardId-000000000000", kQuarter), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2));
  EXPECT_EQ(shards[0].hash_key_range, (HashKeyRange{HashKey{0}, HashKey::Max()}));
  EXPECT_EQ(shards[1].hash_key_range,
            (HashKeyRange{HashKey{0}, HashKey{HashKey::Parse(kQuarter)->value - 1}}));
  EXPECT_EQ(shards[2].hash_key_range, (HashKeyRange{*HashKey::Parse(kQuarter), HashKey::Max()}));
}

TEST(SplitShard, ChildrenTakeTheNextNumbersLowerRangeFirst) {
  World world;
  world.Create("orders", 3);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[1]), Succeeds());
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(5, 6, 3, 4, 2));
}

TEST(SplitShard, ChildrenNameOneParent) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[1]), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  for (const std::size_t child : {2U, 3U}) {
    EXPECT_EQ(shards[child].parent_shard_id, ShardId{1});
    EXPECT_EQ(shards[child].adjacent_parent_shard_id, std::nullopt);
  }
  EXPECT_EQ(shards[0].parent_shard_id, std::nullopt);
  EXPECT_EQ(shards[1].parent_shard_id, std::nullopt);
}

TEST(SplitShard, ChildrensNumbersBeginAboveTheParentsLast) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  const SequenceNumber end = *shards[0].sequence_number_range.ending_sequence_number;
  EXPECT_EQ(end.Decode()->index, SequenceNumber::kLastIndex);
  for (const std::size_t child : {1U, 2U}) {
    const SequenceNumber start = shards[child].sequence_number_range.starting_sequence_number;
    EXPECT_GT(start, end);
    EXPECT_EQ(start.Decode()->index, 0U);
    EXPECT_EQ(start.Decode()->shard_create_seconds, end.Decode()->time_seconds + 1);
  }
}

// What was observed: ACTIVE after 6 s, the parent's end 25-27 s after the call, the children's
// first second the one after it.
TEST(SplitShard, ParentTakesPutsUntilTheHandOver) {
  World world(ServiceTimes());
  world.Create("orders");
  const std::int64_t called = world.NowSeconds();
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 1);
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0));
  EXPECT_TRUE(IsOpen(world.Shards("orders")[0]));

  world.Advance(Lifecycle::Service().reshard);
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2));
  const std::int64_t end =
      shards[0].sequence_number_range.ending_sequence_number->Decode()->time_seconds;
  EXPECT_GE(end, called + 25);
  EXPECT_LE(end, called + 27);
  EXPECT_EQ(shards[1].sequence_number_range.starting_sequence_number.Decode()->shard_create_seconds,
            end + 1);
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});

  world.clock.SetTime(absl::FromUnixSeconds(end + 1) - absl::Nanoseconds(1));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  EXPECT_THAT(world.ReadAll("orders", "1"), IsEmpty());
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{1});
  EXPECT_EQ(world.Put("orders", "stable").shard_id, ShardId{2});
}

// A put half a second into the parent's last second goes to the parent.
TEST(SplitShard, ParentTakesPutsToTheEndOfItsLastSecondWheneverTheCallWas) {
  World world(ServiceTimes());
  world.Create("orders");
  world.Advance(absl::Milliseconds(333));
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  const std::int64_t end = world.Shards("orders")[0]
                               .sequence_number_range.ending_sequence_number->Decode()
                               ->time_seconds;
  world.clock.SetTime(absl::FromUnixSeconds(end) + absl::Milliseconds(500));
  const PutRecordResponse last = world.Put("orders", "a");
  EXPECT_EQ(last.shard_id, ShardId{0});
  EXPECT_EQ(last.sequence_number.Decode()->time_seconds, end);
  world.clock.SetTime(absl::FromUnixSeconds(end + 1));
  const PutRecordResponse first = world.Put("orders", "a");
  EXPECT_EQ(first.shard_id, ShardId{1});
  EXPECT_EQ(first.sequence_number.Decode()->time_seconds, end + 1);
}

TEST(SplitShard, NumbersOfParentAndChildRiseAcrossTheHandOver) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  SequenceNumber last = world.Put("orders", "a").sequence_number;
  for (int i = 0; i < 300; ++i) {
    world.Advance(absl::Milliseconds(100));
    const SequenceNumber next = world.Put("orders", "a").sequence_number;
    ASSERT_GT(next, last);
    last = next;
  }
  const SequenceNumber end =
      *world.Shards("orders")[0].sequence_number_range.ending_sequence_number;
  EXPECT_GT(last, end);
}

TEST(SplitShard, EachChildNeedsTwoKeys) {
  World world;
  world.Create("orders");
  const auto bad = [](const std::string& key) {
    return FailsWith(ErrorCode::kInvalidArgument,
                     BadKeyText(key, "shardId-000000000000", "0", kLastKey));
  };
  for (const std::string key : {"0", "1", kLastKey}) {
    EXPECT_THAT(world.Split("orders", "0", key), bad(key));
  }
  EXPECT_THAT(world.Split("orders", "0", "2"), Succeeds());
}

TEST(SplitShard, KeyMayLeaveTheUpperChildTwoKeys) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.Split("orders", "0", "340282366920938463463374607431768211454"), Succeeds());
  EXPECT_THAT(world.OpenShards("orders")[1].hash_key_range,
              (HashKeyRange{HashKey{HashKey::Max().value - 1}, HashKey::Max()}));
}

TEST(SplitShard, KeyOutsideTheShardIsRefused) {
  World world;
  world.Create("orders", 2);
  EXPECT_THAT(world.Split("orders", "1", "5"),
              FailsWith(ErrorCode::kInvalidArgument,
                        BadKeyText("5", "shardId-000000000001", kMiddle, kLastKey)));
  EXPECT_THAT(world.Split("orders", "0", kMiddle),
              FailsWith(ErrorCode::kInvalidArgument,
                        BadKeyText(kMiddle, "shardId-000000000000", "0",
                                   "170141183460469231731687303715884105727")));
}

TEST(SplitShard, ShardOfThreeKeysCannotBeSplit) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", "3"), Succeeds());
  for (const std::string key : {"0", "1", "2", "3"}) {
    EXPECT_THAT(
        world.Split("orders", "1", key),
        FailsWith(ErrorCode::kInvalidArgument, BadKeyText(key, "shardId-000000000001", "0", "2")));
  }
}

TEST(SplitShard, KeyBeyondTheKeySpaceIsBadLikeAnyOther) {
  World world;
  world.Create("orders");
  for (const std::string& key : {std::string(kTwoTo128), std::string(39, '9')}) {
    EXPECT_THAT(world.Split("orders", "0", key),
                FailsWith(ErrorCode::kInvalidArgument,
                          BadKeyText(key, "shardId-000000000000", "0", kLastKey)));
  }
}

TEST(SplitShard, ShardIsNotSplitTwice) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  const std::vector<Shard> before = world.Shards("orders");
  EXPECT_THAT(
      world.Split("orders", "0", kMiddle),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000000")));
  EXPECT_EQ(world.Shards("orders"), before);
}

TEST(SplitShard, ShardWhoseEndIsAnnouncedIsClosedThoughItStillTakesPuts) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  ASSERT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  EXPECT_THAT(
      world.Split("orders", "0", kQuarter),
      FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", "shardId-000000000000")));
}

TEST(SplitShard, ChildMayBeSplitBeforeItTakesPuts) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  ASSERT_THAT(world.Split("orders", "1", kQuarter), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(3, 4, 2));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  world.Advance(absl::Seconds(14));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{1});
  world.Advance(absl::Seconds(6));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{3});
}

// A clock that was set back makes the second hand-over due before the first.
TEST(SplitShard, GrandchildrenWaitForTheirParentsHandOverWhenTheClockWasSetBack) {
  EngineOptions options = ServiceTimes();
  options.limits = Limits::Unlimited();
  World world(options);
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  ASSERT_EQ(world.Status("orders"), StreamStatus::kActive);
  world.Advance(absl::Hours(-1));
  ASSERT_THAT(world.Split("orders", "1", kQuarter), Succeeds());
  world.Advance(Lifecycle::Service().hand_over);
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  world.Advance(absl::Hours(1));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{3});
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(3, 4, 2));
}

TEST(SplitShard, UnknownShardIsNotFound) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.Split("orders", "shardId-000000000001", kMiddle),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard shardId-000000000001 in stream orders under account "
                        "123456789012."));
  EXPECT_THAT(world.Split("orders", "2147483647", kMiddle),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard shardId-002147483647 in stream orders under account "
                        "123456789012."));
}

TEST(SplitShard, TextThatIsNoShardIdIsNotFoundAsItCame) {
  World world;
  world.Create("orders");
  for (const std::string text : {"shardId-x", "2147483648", "shard", "1-", "a-0-0"}) {
    EXPECT_THAT(world.Split("orders", text, kMiddle),
                FailsWith(ErrorCode::kResourceNotFound,
                          "Could not find shard " + text +
                              " in stream orders under account 123456789012."));
  }
}

TEST(SplitShard, ShardIdIsReadLeniently) {
  World world;
  world.Create("orders", 4);
  EXPECT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const auto split = [&world](const std::string& id, int position) {
    const HashKeyRange range =
        world.Shards("orders")[static_cast<std::size_t>(position)].hash_key_range;
    return world.Split("orders", id, HashKey{range.starting_hash_key.value + 2}.ToString());
  };
  EXPECT_THAT(split("1", 1), Succeeds());
  EXPECT_THAT(split("x-2", 2), Succeeds());
  EXPECT_THAT(split("-3", 3), Succeeds());
  EXPECT_THAT(NumbersOf(world.OpenShards("orders")), ElementsAre(4, 5, 6, 7, 8, 9, 10, 11));
}

TEST(SplitShard, OnDemandStreamIsNotResharded) {
  World world;
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Split("clicks", "0", "5"),
              FailsWith(ErrorCode::kValidation,
                        "Request is invalid. Stream clicks under account 123456789012 is in "
                        "On-Demand mode."));
}

TEST(SplitShard, OneMoreShardMustFitTheAccount) {
  EngineOptions options;
  options.limits.shards_per_account = 3;
  World world(options);
  world.Create("orders");
  world.Create("users", 2);
  EXPECT_THAT(world.Split("orders", "0", kMiddle),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(3, 3, 1)));
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0));
  ASSERT_THAT(world.Merge("users", "0", "1"), Succeeds());
  EXPECT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
}

TEST(SplitShard, ChildrenUnderWayCountForTheAccount) {
  EngineOptions options = ServiceTimes();
  options.limits.shards_per_account = 3;
  World world(options);
  world.Create("orders");
  world.Create("users");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  EXPECT_THAT(world.Split("users", "0", kMiddle), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "clicks", .shard_count = 1}),
              FailsAs(ErrorCode::kLimitExceeded));
}

// Argument consistency, then the shard id's form, the stream, its state, the shard, the limit, the
// key.
TEST(SplitShard, ChecksComeInTheServicesOrder) {
  EngineOptions options = ServiceTimes();
  options.limits.shards_per_account = 1;
  World world(options);
  const auto split = [&world](const std::string& shard, const std::string& key) {
    return world.Split("orders", shard, key);
  };
  EXPECT_THAT(world.kinesis->SplitShard({.shard_to_split = "x", .new_starting_hash_key = "0"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
  EXPECT_THAT(split("x", "0"),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard x in stream orders under account 123456789012."));
  EXPECT_THAT(split("7", "0"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(split("7", "0"),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")));
  world.Advance(Lifecycle::Service().create_stream);
  EXPECT_THAT(split("7", kTwoTo128),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard shardId-000000000007 in stream orders under account "
                        "123456789012."));
  EXPECT_THAT(split("0", kTwoTo128), FailsAs(ErrorCode::kLimitExceeded));
}

TEST(SplitShard, RecordsStayInTheParentAndNewOnesGoToTheChildren) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", "before");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  world.Put("orders", "a", "low");
  world.Put("orders", "stable", "high");
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("before"));
  EXPECT_THAT(world.ReadAll("orders", "1"), ElementsAre("low"));
  EXPECT_THAT(world.ReadAll("orders", "2"), ElementsAre("high"));
}

TEST(SplitShard, ParentsEndNamesTheChildren) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Split("orders", "0", kMiddle), Succeeds());
  const std::string iterator =
      world.kinesis
          ->GetShardIterator({.stream_name = "orders",
                              .shard_id = "0",
                              .shard_iterator_type = ShardIteratorType::kTrimHorizon})
          .value()
          .shard_iterator;
  const GetRecordsResponse end = world.kinesis->GetRecords({.shard_iterator = iterator}).value();
  EXPECT_EQ(end.next_shard_iterator, std::nullopt);
  const std::vector<Shard> shards = world.Shards("orders");
  EXPECT_THAT(end.child_shards,
              ElementsAre(ChildShard{.shard_id = {1},
                                     .parent_shards = {{0}},
                                     .hash_key_range = shards[1].hash_key_range},
                          ChildShard{.shard_id = {2},
                                     .parent_shards = {{0}},
                                     .hash_key_range = shards[2].hash_key_range}));
}

}  // namespace
}  // namespace riacho
