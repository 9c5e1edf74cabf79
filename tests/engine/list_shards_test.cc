#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ShardFilter Filter(ShardFilterType type, std::optional<absl::Time> timestamp = std::nullopt,
                   std::optional<std::string> shard_id = std::nullopt) {
  return {.type = type, .shard_id = std::move(shard_id), .timestamp = timestamp};
}

std::vector<std::uint32_t> Filtered(World& world, const ShardFilter& filter) {
  return NumbersOf(
      world.kinesis->ListShards({.stream_name = "orders", .shard_filter = filter}).value().shards);
}

TEST(ListShards, ShowsWhatDescribeStreamShows) {
  World world;
  world.Create("orders", 3);
  ASSERT_THAT(world.Scale("orders", 2), Succeeds());
  const ListShardsResponse response = world.kinesis->ListShards({.stream_name = "orders"}).value();
  EXPECT_EQ(response.shards, world.Describe("orders").shards);
  EXPECT_EQ(response.next_token, std::nullopt);
}

TEST(ListShards, ByArn) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(world.kinesis->ListShards({.stream_arn = StreamArnOf("orders")}).value().shards,
              SizeIs(3));
}

TEST(ListShards, PagesHaveAThousandShards) {
  World world;
  world.Create("orders", 2001);
  const ListShardsResponse first =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 10000}).value();
  EXPECT_THAT(first.shards, SizeIs(1000));
  const ListShardsResponse second =
      world.kinesis->ListShards({.next_token = first.next_token}).value();
  EXPECT_THAT(second.shards, SizeIs(1000));
  const ListShardsResponse third =
      world.kinesis->ListShards({.next_token = second.next_token}).value();
  EXPECT_THAT(NumbersOf(third.shards), ElementsAre(2000));
  EXPECT_EQ(third.next_token, std::nullopt);
}

TEST(ListShards, MaxResultsMayBeRepeatedWithTheToken) {
  World world;
  world.Create("orders", 5);
  const ListShardsResponse first =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 2}).value();
  EXPECT_THAT(NumbersOf(first.shards), ElementsAre(0, 1));
  EXPECT_THAT(
      NumbersOf(world.kinesis->ListShards({.next_token = first.next_token, .max_results = 1})
                    .value()
                    .shards),
      ElementsAre(2));
  EXPECT_THAT(NumbersOf(world.kinesis->ListShards({.next_token = first.next_token}).value().shards),
              ElementsAre(2, 3, 4));
}

TEST(ListShards, LastPageThatIsExactlyFullHasNoToken) {
  World world;
  world.Create("orders", 2);
  EXPECT_EQ(
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 2}).value().next_token,
      std::nullopt);
}

TEST(ListShards, ExclusiveStartIsLeftOut) {
  World world;
  world.Create("orders", 4);
  const auto after = [&world](const std::string& start) {
    return NumbersOf(
        world.kinesis->ListShards({.stream_name = "orders", .exclusive_start_shard_id = start})
            .value()
            .shards);
  };
  EXPECT_THAT(after("shardId-000000000001"), ElementsAre(2, 3));
  EXPECT_THAT(after("2"), ElementsAre(3));
  EXPECT_THAT(after("3"), IsEmpty());
  EXPECT_THAT(after("100"), IsEmpty());
}

TEST(ListShards, StartThatIsNoShardIdIsNotFound) {
  World world;
  world.Create("orders");
  const auto not_found =
      FailsWith(ErrorCode::kResourceNotFound,
                "Could not find shard first in stream orders under account 123456789012.");
  EXPECT_THAT(
      world.kinesis->ListShards({.stream_name = "orders", .exclusive_start_shard_id = "first"}),
      not_found);
  EXPECT_THAT(world.kinesis->ListShards(
                  {.stream_name = "orders",
                   .shard_filter = Filter(ShardFilterType::kAfterShardId, std::nullopt, "first")}),
              not_found);
}

TEST(ListShards, NeedsATokenOrAStream) {
  World world;
  EXPECT_THAT(
      world.kinesis->ListShards({}),
      FailsWith(ErrorCode::kInvalidArgument, "Either NextToken or StreamName should be provided."));
}

TEST(ListShards, TokenTakesStreamOrArnBesideItIfTheyAgree) {
  World world;
  world.Create("orders", 2);
  world.Create("users", 2);
  const std::optional<std::string> token =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  EXPECT_THAT(
      NumbersOf(
          world.kinesis->ListShards({.stream_name = "orders", .next_token = token}).value().shards),
      ElementsAre(1));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token, .stream_arn = StreamArnOf("orders")}),
              Succeeds());
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "users", .next_token = token}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken."));
}

TEST(ListShards, TokenTakesNoPositionBesideIt) {
  World world;
  world.Create("orders", 2);
  const std::optional<std::string> token =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  EXPECT_THAT(world.kinesis->ListShards(
                  {.next_token = token, .shard_filter = Filter(ShardFilterType::kAtLatest)}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "NextToken and ShardFilter cannot be provided together."));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token, .exclusive_start_shard_id = "0"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "NextToken and ExclusiveStartShardId cannot be provided together."));
  EXPECT_THAT(world.kinesis->ListShards(
                  {.next_token = token, .stream_creation_timestamp = world.clock.TimeNow()}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "NextToken and StreamCreationTimestamp cannot be provided together."));
}

TEST(ListShards, TokenLivesFiveMinutes) {
  World world;
  world.Create("orders", 2);
  const std::optional<std::string> token =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  world.Advance(absl::Seconds(300));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}), Succeeds());
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}),
              FailsAs(ErrorCode::kExpiredNextToken));
}

TEST(ListShards, ForeignTokensAreRefused) {
  World world;
  World other;
  for (World* const each : {&world, &other}) {
    each->Create("orders", 2);
    each->Create("users", 2);
  }
  const auto invalid = FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken.");
  const ListShardsRequest request = {.stream_name = "orders", .max_results = 1};
  EXPECT_THAT(world.kinesis->ListShards(
                  {.next_token = other.kinesis->ListShards(request).value().next_token}),
              invalid);
  EXPECT_THAT(world.kinesis->ListShards(
                  {.next_token = world.kinesis->ListStreams({.limit = 1}).value().next_token}),
              invalid);
  EXPECT_THAT(world.kinesis->ListShards({.next_token = "AAAAAAAAAAE="}), invalid);
  std::string changed = *world.kinesis->ListShards(request).value().next_token;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_THAT(world.kinesis->ListShards({.next_token = changed}), invalid);
}

TEST(ListShards, TokenOfADeletedStreamFindsNothing) {
  World world;
  world.Create("orders", 2);
  const std::optional<std::string> token =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  const auto not_found = FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders"));
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}), not_found);
  world.Create("orders", 2);
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}), not_found);
}

TEST(ListShards, TokenCarriesTheFilter) {
  World world;
  world.Create("orders", 3);
  world.Advance(absl::Seconds(10));
  const absl::Time before = world.clock.TimeNow();
  world.Advance(absl::Seconds(10));
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[1]), Succeeds());
  world.Advance(absl::Seconds(10));
  const ListShardsResponse first =
      world.kinesis
          ->ListShards({.stream_name = "orders",
                        .max_results = 2,
                        .shard_filter = Filter(ShardFilterType::kAtTimestamp, before)})
          .value();
  EXPECT_THAT(NumbersOf(first.shards), ElementsAre(0, 1));
  const ListShardsResponse second =
      world.kinesis->ListShards({.next_token = first.next_token}).value();
  EXPECT_THAT(NumbersOf(second.shards), ElementsAre(2));
  EXPECT_EQ(second.next_token, std::nullopt);
}

TEST(ListShards, CreationTimestampTellsAStreamFromItsNamesake) {
  World world;
  world.Create("orders");
  const absl::Time old = world.Describe("orders").stream_creation_timestamp;
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Advance(absl::Seconds(90));
  world.Create("orders");
  EXPECT_THAT(
      world.kinesis->ListShards({.stream_name = "orders", .stream_creation_timestamp = old}),
      FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders",
                                         .stream_creation_timestamp =
                                             world.Describe("orders").stream_creation_timestamp}),
              Succeeds());
}

TEST(ListShards, StreamThatIsCreatingIsInUse) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")));
}

TEST(ListShards, StreamThatIsUpdatingOrDeletingIsListed) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_THAT(world.Shards("orders"), SizeIs(1));
  world.Advance(Lifecycle::Service().update_stream);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.Shards("orders"), SizeIs(1));
}

TEST(ListShards, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

// A stream of one shard at second 0, split at second 100, the upper child at second 200; 0 -> 1, 2
// and 2 -> 3, 4. Hand-overs take no time.
class ShardFilters : public ::testing::Test {
 protected:
  ShardFilters() {
    world_.Create("orders");
    world_.Advance(absl::Seconds(100));
    EXPECT_THAT(world_.Halve("orders", world_.Shards("orders")[0]), Succeeds());
    world_.Advance(absl::Seconds(100));
    EXPECT_THAT(world_.Halve("orders", world_.Shards("orders")[2]), Succeeds());
    world_.Advance(absl::Seconds(100));
  }

  absl::Time At(int seconds) const { return start_ + absl::Seconds(seconds); }
  std::vector<std::uint32_t> List(const ShardFilter& filter) { return Filtered(world_, filter); }
  absl::StatusOr<ListShardsResponse> Try(const ShardFilter& filter) {
    return world_.kinesis->ListShards({.stream_name = "orders", .shard_filter = filter});
  }

  World world_;
  const absl::Time start_ = world_.clock.TimeNow();
};

TEST_F(ShardFilters, FromTrimHorizonListsAllThatHaveNotExpired) {
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTrimHorizon)), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(ShardFilters, AfterShardIdListsGreaterIds) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAfterShardId, std::nullopt, "shardId-000000000001")),
              ElementsAre(2, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kAfterShardId, std::nullopt, "4")), IsEmpty());
}

TEST_F(ShardFilters, AfterShardIdNeedsTheShardId) {
  EXPECT_THAT(Try(Filter(ShardFilterType::kAfterShardId)),
              FailsWith(ErrorCode::kInvalidArgument,
                        "ShardId must be provided when the ShardFilter Type is AFTER_SHARD_ID."));
}

TEST_F(ShardFilters, AtTrimHorizonListsThoseOpenAtTheHorizon) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTrimHorizon)), ElementsAre(0));
  world_.clock.SetTime(At(150) + absl::Hours(24));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTrimHorizon)), ElementsAre(1, 2));
  world_.clock.SetTime(At(250) + absl::Hours(24));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTrimHorizon)), ElementsAre(1, 3, 4));
}

TEST_F(ShardFilters, AtLatestListsThoseOpenNow) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAtLatest)), ElementsAre(1, 3, 4));
}

TEST_F(ShardFilters, AtTimestampListsThoseOpenThen) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(50))), ElementsAre(0));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(100))), ElementsAre(0));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(101))), ElementsAre(1, 2));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(200))), ElementsAre(1, 2));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(201))), ElementsAre(1, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(300))), ElementsAre(1, 3, 4));
}

TEST_F(ShardFilters, FromTimestampListsThoseOpenThenOrLater) {
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTimestamp, At(100))), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTimestamp, At(101))), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTimestamp, At(201))), ElementsAre(1, 3, 4));
}

TEST_F(ShardFilters, TimestampFiltersNeedTheTimestamp) {
  EXPECT_THAT(Try(Filter(ShardFilterType::kAtTimestamp)),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Timestamp must be provided when the ShardFilter Type is AT_TIMESTAMP."));
  EXPECT_THAT(Try(Filter(ShardFilterType::kFromTimestamp)),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Timestamp must be provided when the ShardFilter Type is FROM_TIMESTAMP."));
}

TEST_F(ShardFilters, TimestampMustNotBeInTheFuture) {
  for (const ShardFilterType type :
       {ShardFilterType::kAtTimestamp, ShardFilterType::kFromTimestamp}) {
    const auto future = FailsWith(ErrorCode::kInvalidArgument,
                                  "ShardFilter Timestamp must not be greater than current time.");
    EXPECT_THAT(Try(Filter(type, At(300))), Succeeds());
    EXPECT_THAT(Try(Filter(type, At(300) + absl::Milliseconds(1))), future);
    EXPECT_THAT(Try(Filter(type, absl::InfiniteFuture())), future);
  }
}

TEST_F(ShardFilters, TimestampMustNotBeBeforeTheHorizon) {
  world_.clock.SetTime(At(50) + absl::Hours(24));
  for (const ShardFilterType type :
       {ShardFilterType::kAtTimestamp, ShardFilterType::kFromTimestamp}) {
    const auto past =
        FailsWith(ErrorCode::kInvalidArgument,
                  "ShardFilter Timestamp cannot be older than TRIM_HORIZON of the stream.");
    EXPECT_THAT(Try(Filter(type, At(50))), Succeeds());
    EXPECT_THAT(Try(Filter(type, At(50) - absl::Milliseconds(1))), past);
    EXPECT_THAT(Try(Filter(type, absl::UnixEpoch())), past);
    EXPECT_THAT(Try(Filter(type, absl::InfinitePast())), past);
  }
}

TEST_F(ShardFilters, SuperfluousTimestampIsIgnored) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAtLatest, absl::UnixEpoch())), ElementsAre(1, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtLatest, absl::InfiniteFuture())),
              ElementsAre(1, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTrimHorizon, absl::UnixEpoch())),
              ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(ShardFilters, SuperfluousShardIdWorksAsExclusiveStart) {
  EXPECT_THAT(List(Filter(ShardFilterType::kAtLatest, std::nullopt, "1")), ElementsAre(3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTrimHorizon, std::nullopt, "2")),
              ElementsAre(3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kAtTimestamp, At(150), "1")), ElementsAre(2));
}

TEST_F(ShardFilters, ExpiredShardsAreInNoFilter) {
  world_.clock.SetTime(At(150) + absl::Hours(24));
  EXPECT_THAT(List(Filter(ShardFilterType::kFromTrimHorizon)), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(List(Filter(ShardFilterType::kAfterShardId, std::nullopt, "0")),
              ElementsAre(1, 2, 3, 4));
}

// A parent's end lies about 26 s ahead right after a reshard.
TEST(ListShards, AtLatestShowsParentsAndChildrenUntilTheHandOver) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_THAT(Filtered(world, Filter(ShardFilterType::kAtLatest)), ElementsAre(0));
  world.Advance(Lifecycle::Service().reshard);
  EXPECT_THAT(Filtered(world, Filter(ShardFilterType::kAtLatest)), ElementsAre(0, 1, 2));
  world.Advance(Lifecycle::Service().hand_over);
  EXPECT_THAT(Filtered(world, Filter(ShardFilterType::kAtLatest)), ElementsAre(1, 2));
}

TEST(ListShards, AtLatestLeavesOutAllAncestorsWhenManyReshardsFallIntoOneSecond) {
  World world;
  world.Create("orders");
  for (int i = 0; i < 5; ++i)
    ASSERT_THAT(world.Halve("orders", world.OpenShards("orders")[0]), Succeeds());
  EXPECT_THAT(Filtered(world, Filter(ShardFilterType::kAtLatest)), ElementsAre(2, 4, 6, 8, 9, 10));
}

TEST(ListShards, HorizonAfterALoweredAndRaisedRetentionIsTheLaterOne) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  world.Advance(absl::Hours(90));
  ASSERT_THAT(world.DecreaseRetention("orders", 24), Succeeds());
  ASSERT_THAT(world.IncreaseRetention("orders", 100), Succeeds());
  const absl::Time horizon = world.clock.TimeNow() - absl::Hours(24);
  const auto list = [&world](absl::Time timestamp) {
    return world.kinesis->ListShards(
        {.stream_name = "orders",
         .shard_filter = Filter(ShardFilterType::kAtTimestamp, timestamp)});
  };
  EXPECT_THAT(list(horizon), Succeeds());
  EXPECT_THAT(list(horizon - absl::Milliseconds(1)), FailsAs(ErrorCode::kInvalidArgument));
}

}  // namespace
}  // namespace riacho
