// The checklist of what holds on the service, point by point: those about streams and shards. More
// on each stands in the tests of its operation.
#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::vector<std::string> StartsOf(World& world, const std::string& stream) {
  std::vector<std::string> starts;
  for (const Shard& shard : world.OpenShards(stream))
    starts.push_back(shard.hash_key_range.starting_hash_key.ToString());
  return starts;
}

void ExpectFullSpaceOnce(const std::vector<Shard>& open) {
  HashKey expected;
  for (const Shard& shard : open) {
    EXPECT_EQ(shard.hash_key_range.starting_hash_key, expected) << shard;
    expected = HashKey{shard.hash_key_range.ending_hash_key.value + 1};
  }
  ASSERT_FALSE(open.empty());
  EXPECT_EQ(open.back().hash_key_range.ending_hash_key, HashKey::Max());
}

TEST(AppendixB, Point1_InitialRangesAreThePublishedOnes) {
  World world;
  const std::vector<std::vector<std::string>> published = {
      {"0"},
      {"0", "170141183460469231731687303715884105728"},
      {"0", "113427455640312821154458202477256070485", "226854911280625642308916404954512140970"},
      {"0", "85070591730234615865843651857942052864", "170141183460469231731687303715884105728",
       "255211775190703847597530955573826158592"},
      {"0", "68056473384187692692674921486353642291", "136112946768375385385349842972707284582",
       "204169420152563078078024764459060926873", "272225893536750770770699685945414569164"},
      {"0", "56713727820156410577229101238628035242", "113427455640312821154458202477256070485",
       "170141183460469231731687303715884105728", "226854911280625642308916404954512140970",
       "283568639100782052886145506193140176213"},
  };
  for (const std::vector<std::string>& starts : published) {
    const std::string name = "s" + std::to_string(starts.size());
    world.Create(name, static_cast<std::int64_t>(starts.size()));
    EXPECT_EQ(StartsOf(world, name), starts);
    ExpectFullSpaceOnce(world.OpenShards(name));
  }
}

TEST(AppendixB, Point1_RangesOfTwentyShardsAreThePublishedOnes) {
  World world;
  world.Create("orders", 20);
  const std::vector<Shard> shards = world.OpenShards("orders");
  EXPECT_EQ(shards[2].hash_key_range,
            (HashKeyRange{*HashKey::Parse("34028236692093846346337460743176821145"),
                          *HashKey::Parse("51042355038140769519506191114765231717")}));
  ExpectFullSpaceOnce(shards);
}

TEST(AppendixB, Point1_OpenRangesAreAlwaysTheFullSpaceWithoutOverlap) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  for (int second = 0; second < 60; ++second) {
    ExpectFullSpaceOnce(world.OpenShards("orders"));
    world.Advance(absl::Seconds(1));
  }
}

TEST(AppendixB, Point5_StartingNumbersHaveFiftySixDigitsAndIndexZero) {
  World world;
  world.Create("orders", 3);
  ASSERT_THAT(world.Scale("orders", 4), Succeeds());
  for (const Shard& shard : world.Shards("orders")) {
    const SequenceNumber start = shard.sequence_number_range.starting_sequence_number;
    EXPECT_THAT(start.ToString(), SizeIs(56));
    const auto fields = start.Decode();
    ASSERT_TRUE(fields.has_value());
    EXPECT_EQ(fields->version, 2);
    EXPECT_EQ(fields->index, 0U);
    EXPECT_EQ(fields->shard_number, shard.shard_id.number);
    EXPECT_EQ(fields->time_seconds, fields->shard_create_seconds);
  }
}

TEST(AppendixB, Point5_ChildrensStartIsAboveTheParentsEnd) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  for (const Shard& shard : shards) {
    for (const auto& parent : {shard.parent_shard_id, shard.adjacent_parent_shard_id}) {
      if (!parent.has_value()) continue;
      EXPECT_GT(shard.sequence_number_range.starting_sequence_number,
                *shards[parent->number].sequence_number_range.ending_sequence_number);
    }
  }
}

TEST(AppendixB, Point15_SplitNeedsTwoKeysInEachChild) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.Split("orders", "0", "1"), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.Split("orders", "0", "340282366920938463463374607431768211455"),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.Split("orders", "0", "2"), Succeeds());
  EXPECT_THAT(world.Split("orders", "2", "340282366920938463463374607431768211454"), Succeeds());
}

TEST(AppendixB, Point15_MergeNeedsTheLowerNeighbourFirst) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.Merge("orders", "1", "0"), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.Merge("orders", "0", "2"), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.Merge("orders", "0", "1"), Succeeds());
}

TEST(AppendixB, Point15_ClosedShardsAreRefusedWithTheQuotedText) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Merge("orders", "0", "1"), Succeeds());
  for (const std::string shard : {"shardId-000000000000", "shardId-000000000001"}) {
    const auto closed = FailsWith(ErrorCode::kInvalidArgument, ClosedShardText("orders", shard));
    EXPECT_THAT(world.Split("orders", shard, "1000"), closed);
    EXPECT_THAT(world.Merge("orders", shard, "shardId-000000000002"), closed);
  }
}

TEST(AppendixB, Point16_FirstShardsHaveNoParentSplitChildrenOneMergeChildrenTwo) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  ASSERT_THAT(world.Merge("orders", "3", "1"), Succeeds());
  std::vector<std::pair<std::optional<ShardId>, std::optional<ShardId>>> parents;
  for (const Shard& shard : world.Shards("orders"))
    parents.emplace_back(shard.parent_shard_id, shard.adjacent_parent_shard_id);
  const auto pair = [](std::optional<ShardId> parent, std::optional<ShardId> adjacent) {
    return std::pair(parent, adjacent);
  };
  EXPECT_THAT(parents, ElementsAre(pair({}, {}), pair({}, {}), pair(ShardId{0}, {}),
                                   pair(ShardId{0}, {}), pair(ShardId{3}, ShardId{1})));
}

TEST(AppendixB, Point17_ShardNumbersAreNeverReused) {
  World world;
  world.Create("orders");
  std::uint32_t next = 1;
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(world.Halve("orders", world.OpenShards("orders")[0]), Succeeds());
    const std::vector<Shard> open = world.OpenShards("orders");
    EXPECT_THAT(NumbersOf(open), ElementsAre(next, next + 1));
    ASSERT_THAT(world.Merge("orders", std::to_string(next), std::to_string(next + 1)), Succeeds());
    next += 3;
    world.Advance(absl::Hours(30));
  }
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(60));
}

TEST(AppendixB, Point17_FiveAndAnythingDashFiveAddressShardFive) {
  World world;
  world.Create("orders", 6);
  for (const std::string id : {"5", "x-5", "-5", "shardId-5", "shardId-000000000005"}) {
    EXPECT_THAT(world.Split("orders", id, "5"),
                FailsWith(ErrorCode::kInvalidArgument,
                          "NewStartingHashKey 5 used in SplitShard() on shard shardId-000000000005 "
                          "in stream orders under account 123456789012 is not both greater than "
                          "one plus the shard's StartingHashKey "
                          "283568639100782052886145506193140176213 and less than the shard's "
                          "EndingHashKey 340282366920938463463374607431768211455."));
  }
}

TEST(AppendixB, Point18_StreamsThatAreNotActiveRefuseControlOperationsWithTheState) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  const auto expect_refused = [&world](const std::string& state) {
    const auto refused = FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", state));
    EXPECT_THAT(world.Split("orders", "0", "1000"), refused);
    EXPECT_THAT(world.Merge("orders", "0", "1"), refused);
    EXPECT_THAT(world.Scale("orders", 4), refused);
    EXPECT_THAT(world.IncreaseRetention("orders", 48), refused);
    EXPECT_THAT(world.DecreaseRetention("orders", 24), refused);
  };
  expect_refused("CREATING");
  world.Advance(Lifecycle::Service().create_stream);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  expect_refused("UPDATING");
  world.Advance(Lifecycle::Service().update_stream);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  expect_refused("DELETING");
}

TEST(AppendixB, Point18_PutsAndGetsWorkInUpdatingAndPutsToCreatingAreNotFound) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders", .data = "x", .partition_key = "a"}),
      FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  world.Advance(Lifecycle::Service().create_stream);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  ASSERT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  world.Put("orders", "a", "x");
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("x"));
}

TEST(AppendixB, Point19_PresentRetentionAndPresentShardCountChangeNothing) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  const StreamDescription before = world.Describe("orders");
  EXPECT_THAT(world.IncreaseRetention("orders", 24), Succeeds());
  EXPECT_EQ(world.Describe("orders"), before);
  EXPECT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  EXPECT_EQ(world.Describe("orders"), before);
  EXPECT_THAT(world.Scale("orders", 2), Succeeds());
  EXPECT_EQ(world.Describe("orders"), before);
}

TEST(AppendixB, Point20_NewRetentionIsVisibleWithActiveNotBefore) {
  World world(ServiceTimes());
  world.Create("orders");
  for (const std::int64_t hours : {48, 36}) {
    const int before = world.Summary("orders").retention_period_hours;
    ASSERT_THAT(hours > before ? world.IncreaseRetention("orders", hours)
                               : world.DecreaseRetention("orders", hours),
                Succeeds());
    while (world.Status("orders") == StreamStatus::kUpdating) {
      EXPECT_EQ(world.Summary("orders").retention_period_hours, before);
      EXPECT_EQ(world.Describe("orders").retention_period_hours, before);
      world.Advance(absl::Milliseconds(100));
    }
    EXPECT_EQ(world.Summary("orders").retention_period_hours, hours);
  }
}

TEST(AppendixB, Point21_RetentionBoundsAndDirections) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.DecreaseRetention("orders", 23),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Minimum allowed retention period is 24 hours. Requested retention period "
                        "(23 hours) is too short."));
  EXPECT_THAT(world.IncreaseRetention("orders", 8761),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Maximum allowed retention period is 8760 hours. Requested retention "
                        "period (8761 hours) is too long."));
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
}

TEST(AppendixB, Point21_IncreaseDoesNotReviveTrimmedRecords) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", "trimmed");
  world.Advance(absl::Hours(24) + absl::Milliseconds(1));
  world.Put("orders", "a", "kept");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("kept"));
}

TEST(AppendixB, Point22_ListShardsFilters) {
  World world;
  world.Create("orders");
  const absl::Time before = world.clock.TimeNow();
  world.Advance(absl::Minutes(1));
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Minutes(1));
  const auto list = [&world](const ShardFilter& filter) {
    return world.kinesis->ListShards({.stream_name = "orders", .shard_filter = filter});
  };
  const auto numbers = [&list](const ShardFilter& filter) {
    return NumbersOf(list(filter).value().shards);
  };
  EXPECT_THAT(numbers({.type = ShardFilterType::kFromTrimHorizon}), ElementsAre(0, 1, 2));
  EXPECT_THAT(numbers({.type = ShardFilterType::kAfterShardId, .shard_id = "0"}),
              ElementsAre(1, 2));
  EXPECT_THAT(numbers({.type = ShardFilterType::kAtTrimHorizon}), ElementsAre(0));
  EXPECT_THAT(numbers({.type = ShardFilterType::kAtLatest}), ElementsAre(1, 2));
  EXPECT_THAT(numbers({.type = ShardFilterType::kAtTimestamp, .timestamp = before}),
              ElementsAre(0));
  EXPECT_THAT(numbers({.type = ShardFilterType::kFromTimestamp, .timestamp = before}),
              ElementsAre(0, 1, 2));
  // Superfluous members are not rejected.
  EXPECT_THAT(numbers({.type = ShardFilterType::kAtLatest, .timestamp = absl::UnixEpoch()}),
              ElementsAre(1, 2));
  EXPECT_THAT(numbers({.type = ShardFilterType::kAtLatest, .shard_id = "1"}), ElementsAre(2));
  // Both timestamp errors.
  EXPECT_THAT(list({.type = ShardFilterType::kAtTimestamp,
                    .timestamp = world.clock.TimeNow() - absl::Hours(25)}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "ShardFilter Timestamp cannot be older than TRIM_HORIZON of the stream."));
  EXPECT_THAT(list({.type = ShardFilterType::kAtTimestamp,
                    .timestamp = world.clock.TimeNow() + absl::Seconds(1)}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "ShardFilter Timestamp must not be greater than current time."));
}

TEST(AppendixB, Point22_ListShardsPagesOfAThousand) {
  World world;
  world.Create("orders", 1001);
  const ListShardsResponse page = world.kinesis->ListShards({.stream_name = "orders"}).value();
  EXPECT_THAT(page.shards, SizeIs(1000));
  EXPECT_THAT(NumbersOf(world.kinesis->ListShards({.next_token = page.next_token}).value().shards),
              ElementsAre(1000));
}

TEST(AppendixB, Point23_ListStreamsIsSortedAndPagedByEitherCursorButNotBoth) {
  World world;
  for (const char* const name : {"c", "B", "a"}) world.Create(name);
  const ListStreamsResponse first = world.kinesis->ListStreams({.limit = 1}).value();
  EXPECT_THAT(first.stream_names, ElementsAre("B"));
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = first.next_token}).value().stream_names,
              ElementsAre("a", "c"));
  EXPECT_THAT(world.kinesis->ListStreams({.exclusive_start_stream_name = "B"}).value().stream_names,
              ElementsAre("a", "c"));
  EXPECT_THAT(world.kinesis->ListStreams(
                  {.exclusive_start_stream_name = "B", .next_token = first.next_token}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "ExclusiveStartStreamName and NextToken cannot be provided together."));
}

TEST(AppendixB, Point25_ValidationBeatsExistence) {
  World world;
  EXPECT_THAT(world.Split("unknown", "0", "-1"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "unknown", .limit = 0}),
              FailsAs(ErrorCode::kValidation));
}

TEST(AppendixB, Point25_SeveralViolationsAreOneMessageJoinedBySemicolons) {
  World world;
  const absl::Status status = world.kinesis->SplitShard({.stream_name = "unknown"}).status();
  EXPECT_THAT(status, FailsAs(ErrorCode::kValidation));
  const std::string message(ErrorMessage(status));
  EXPECT_THAT(message, HasSubstr("2 validation errors detected: Value null at '"));
  EXPECT_THAT(message, HasSubstr("Member must not be null; Value null at '"));
}

TEST(AppendixB, Point32_UpdateShardCountGoesToDoubleAndToHalfRoundedDown) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.Scale("orders", 7), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(world.Scale("orders", 6), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_THAT(world.Scale("orders", 1), Succeeds());
}

TEST(AppendixB, Point32_SameShardCountIsANoOp) {
  World world(ServiceTimes());
  world.Create("orders", 3);
  EXPECT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
}

TEST(AppendixB, Point32_EleventhUpdateShardCountInADayIsRefused) {
  World world;
  world.Create("orders");
  for (int i = 0; i < 10; ++i) ASSERT_THAT(world.Scale("orders", i % 2 == 0 ? 2 : 1), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
}

TEST(AppendixB, Point32_FinalRangesAreTheUniformPartition) {
  World world;
  world.Create("orders", 2);
  world.Create("fresh", 3);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  EXPECT_EQ(StartsOf(world, "orders"), StartsOf(world, "fresh"));
}

}  // namespace
}  // namespace riacho
