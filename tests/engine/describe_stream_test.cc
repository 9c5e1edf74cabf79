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

TEST(DescribeStream, ShowsTheStreamAndItsShards) {
  World world;
  world.Create("orders", 2);
  const StreamDescription description = world.Describe("orders");
  EXPECT_EQ(description.stream_name, "orders");
  EXPECT_EQ(description.stream_arn, StreamArnOf("orders"));
  EXPECT_EQ(description.stream_status, StreamStatus::kActive);
  EXPECT_EQ(description.stream_mode_details.stream_mode, StreamMode::kProvisioned);
  EXPECT_EQ(description.retention_period_hours, 24);
  EXPECT_EQ(description.stream_creation_timestamp, world.clock.TimeNow());
  EXPECT_THAT(description.enhanced_monitoring, ElementsAre(EnhancedMetrics{}));
  EXPECT_EQ(description.encryption_type, EncryptionType::kNone);
  EXPECT_EQ(description.key_id, std::nullopt);
  EXPECT_FALSE(description.has_more_shards);
  EXPECT_THAT(NumbersOf(description.shards), ElementsAre(0, 1));
  EXPECT_EQ(description.shards, world.Shards("orders"));
}

TEST(DescribeStream, ShowsNoShardsWhileCreating) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  const StreamDescription description = world.Describe("orders");
  EXPECT_EQ(description.stream_status, StreamStatus::kCreating);
  EXPECT_THAT(description.shards, IsEmpty());
  EXPECT_FALSE(description.has_more_shards);
}

TEST(DescribeStream, ShowsShardsWhileUpdatingAndWhileDeleting) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_EQ(world.Describe("orders").stream_status, StreamStatus::kUpdating);
  EXPECT_THAT(world.Describe("orders").shards, SizeIs(2));
  world.Advance(Lifecycle::Service().update_stream);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_EQ(world.Describe("orders").stream_status, StreamStatus::kDeleting);
  EXPECT_THAT(world.Describe("orders").shards, SizeIs(2));
}

TEST(DescribeStream, ShowsClosedShardsToo) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const std::vector<Shard> shards = world.Describe("orders").shards;
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2));
  EXPECT_FALSE(IsOpen(shards[0]));
  EXPECT_TRUE(IsOpen(shards[1]));
  EXPECT_TRUE(IsOpen(shards[2]));
}

TEST(DescribeStream, PagesHaveAHundredShards) {
  World world;
  world.Create("orders", 201);
  const StreamDescription first = world.Describe("orders");
  EXPECT_THAT(first.shards, SizeIs(100));
  EXPECT_TRUE(first.has_more_shards);
  const StreamDescription second =
      world.kinesis
          ->DescribeStream({.stream_name = "orders",
                            .limit = 10000,
                            .exclusive_start_shard_id = first.shards.back().shard_id.ToString()})
          .value()
          .stream_description;
  EXPECT_THAT(second.shards, SizeIs(100));
  EXPECT_EQ(second.shards.front().shard_id, ShardId{100});
  EXPECT_TRUE(second.has_more_shards);
  const StreamDescription third =
      world.kinesis
          ->DescribeStream({.stream_name = "orders", .exclusive_start_shard_id = "shardId-199"})
          .value()
          .stream_description;
  EXPECT_THAT(NumbersOf(third.shards), ElementsAre(200));
  EXPECT_FALSE(third.has_more_shards);
}

TEST(DescribeStream, LimitCutsThePageExactly) {
  World world;
  world.Create("orders", 3);
  const auto page = [&world](std::int64_t limit) {
    return world.kinesis->DescribeStream({.stream_name = "orders", .limit = limit})
        .value()
        .stream_description;
  };
  EXPECT_THAT(page(2).shards, SizeIs(2));
  EXPECT_TRUE(page(2).has_more_shards);
  EXPECT_THAT(page(3).shards, SizeIs(3));
  EXPECT_FALSE(page(3).has_more_shards);
}

TEST(DescribeStream, StartBehindTheLastShardGivesAnEmptyPage) {
  World world;
  world.Create("orders", 3);
  const StreamDescription page =
      world.kinesis->DescribeStream({.stream_name = "orders", .exclusive_start_shard_id = "9"})
          .value()
          .stream_description;
  EXPECT_THAT(page.shards, IsEmpty());
  EXPECT_FALSE(page.has_more_shards);
}

TEST(DescribeStream, StartThatIsNoShardIdIsNotFound) {
  World world;
  world.Create("orders", 3);
  EXPECT_THAT(
      world.kinesis->DescribeStream(
          {.stream_name = "orders", .exclusive_start_shard_id = "shardId-x"}),
      FailsWith(ErrorCode::kResourceNotFound,
                "Could not find shard shardId-x in stream orders under account 123456789012."));
}

TEST(DescribeStream, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(DescribeStreamSummary, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.kinesis->DescribeStreamSummary({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(DescribeStreamSummary, OpenShardCountIsAbsentWhileCreatingAndDeleting) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  EXPECT_EQ(world.Summary("orders").open_shard_count, std::nullopt);
  world.Advance(Lifecycle::Service().create_stream);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  world.Advance(Lifecycle::Service().update_stream);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_EQ(world.Summary("orders").open_shard_count, std::nullopt);
}

TEST(DescribeStreamSummary, CountsConsumers) {
  World world;
  world.Create("orders");
  for (const char* const name : {"billing", "audit"}) {
    ASSERT_THAT(world.kinesis->RegisterStreamConsumer(
                    {.stream_arn = StreamArnOf("orders"), .consumer_name = name}),
                Succeeds());
  }
  EXPECT_EQ(world.Summary("orders").consumer_count, 2);
}

TEST(DescribeStreamSummary, OpenShardCountLeavesClosedShardsOut) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_EQ(world.Summary("orders").open_shard_count, 3);
}

}  // namespace
}  // namespace riacho
