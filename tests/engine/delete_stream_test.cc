#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DeleteStream, StreamIsDeletingThenGone) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kDeleting);
  EXPECT_EQ(world.Describe("orders").shards.size(), 1U);
  world.Advance(Lifecycle::Service().delete_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kDeleting);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(DeleteStream, ByArn) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_arn = StreamArnOf("orders")}), Succeeds());
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(DeleteStream, UnknownStreamIsNotFound) {
  World world;
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(DeleteStream, WhileCreatingIsAllowed) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kDeleting);
  // The end of its creation does not bring it back to life.
  world.Advance(Lifecycle::Service().delete_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kDeleting);
  world.Advance(Lifecycle::Service().create_stream);
  EXPECT_THAT(world.kinesis->DescribeStreamSummary({.stream_name = "orders"}),
              FailsAs(ErrorCode::kResourceNotFound));
}

TEST(DeleteStream, WhileUpdatingIsRefused) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
}

TEST(DeleteStream, TwiceIsRefused) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "DELETING")));
}

TEST(DeleteStream, BetweenReshardAndHandOverIsAllowed) {
  World world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Advance(Lifecycle::Service().hand_over);
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
  world.Create("orders");
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0));
}

TEST(DeleteStream, ConsumersMustBeDeletedOrEnforced) {
  World world;
  world.Create("orders");
  ASSERT_THAT(world.kinesis->RegisterStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"}),
              Succeeds());
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}),
              FailsAs(ErrorCode::kResourceInUse));
  EXPECT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = false}),
      FailsAs(ErrorCode::kResourceInUse));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").consumer_count, 1);
  EXPECT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
      Succeeds());
  world.Create("orders");
  EXPECT_EQ(world.Summary("orders").consumer_count, 0);
}

TEST(DeleteStream, RecordsGoWithIt) {
  World world;
  world.Create("orders");
  world.Put("orders", "a");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders");
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

TEST(DeleteStream, MemoryOfItsRecordsIsFreed) {
  World world;
  world.Create("orders");
  world.Put("orders", "a", std::string(1 << 20, 'x').substr(0, 1 << 19));
  EXPECT_GE(world.engine.memory_used(), 1 << 19);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.engine.Settle();
  EXPECT_EQ(world.engine.memory_used(), 0);
}

TEST(DeleteStream, IteratorLeftOverFindsNoShard) {
  World world;
  world.Create("orders");
  const std::string iterator =
      world.kinesis
          ->GetShardIterator({.stream_name = "orders",
                              .shard_id = "0",
                              .shard_iterator_type = ShardIteratorType::kTrimHorizon})
          .value()
          .shard_iterator;
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  const auto not_found = FailsWith(
      ErrorCode::kResourceNotFound,
      "Shard shardId-000000000000 in stream orders under account 123456789012 does not exist");
  EXPECT_THAT(world.kinesis->GetRecords({.shard_iterator = iterator}), not_found);
  // A namesake is another stream.
  world.Create("orders");
  EXPECT_THAT(world.kinesis->GetRecords({.shard_iterator = iterator}), not_found);
}

}  // namespace
}  // namespace riacho
