// RegisterStreamConsumer: names, ARNs, states and quotas.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

absl::StatusOr<RegisterStreamConsumerResponse> TryRegister(RecordWorld& world,
                                                           const std::string& name,
                                                           const std::string& stream = "orders") {
  return world.kinesis->RegisterStreamConsumer(
      {.stream_arn = StreamArnOf(stream), .consumer_name = name});
}

TEST(RegisterStreamConsumer, AnswersAConsumerInCreating) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  world.Advance(absl::Milliseconds(700));
  const auto registered = TryRegister(world, "billing");
  ASSERT_THAT(registered, Succeeds());
  const Consumer& consumer = registered->consumer;
  EXPECT_EQ(consumer.consumer_name, "billing");
  EXPECT_EQ(consumer.consumer_status, ConsumerStatus::kCreating);
  EXPECT_EQ(consumer.consumer_creation_timestamp, absl::FromUnixSeconds(world.NowSeconds()));
  EXPECT_EQ(consumer.consumer_arn,
            StreamArnOf("orders") + "/consumer/billing:" + std::to_string(world.NowSeconds()));
}

TEST(RegisterStreamConsumer, AnswersCreatingThoughTheConsumerIsActiveAtOnce) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_EQ(TryRegister(world, "billing")->consumer.consumer_status, ConsumerStatus::kCreating);
  EXPECT_EQ(world.kinesis
                ->DescribeStreamConsumer(
                    {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"})
                ->consumer_description.consumer_status,
            ConsumerStatus::kActive);
}

TEST(RegisterStreamConsumer, RefusesANameInUse) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  const auto in_use =
      FailsWith(ErrorCode::kResourceInUse,
                "Consumer billing under stream orders already exists for account 123456789012.");
  ASSERT_THAT(TryRegister(world, "billing"), Succeeds());
  EXPECT_THAT(TryRegister(world, "billing"), in_use) << "CREATING";
  world.Advance(absl::Seconds(10));
  EXPECT_THAT(TryRegister(world, "billing"), in_use) << "ACTIVE";
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"}),
              Succeeds());
  EXPECT_THAT(TryRegister(world, "billing"), in_use) << "DELETING";
  world.Advance(world.engine.options().lifecycle.deregister_consumer);
  EXPECT_THAT(TryRegister(world, "billing"), Succeeds());
}

TEST(RegisterStreamConsumer, NamesAreCaseSensitiveAndEachStreamsOwn) {
  RecordWorld world;
  world.Create("orders");
  world.Create("returns");
  EXPECT_THAT(TryRegister(world, "billing"), Succeeds());
  EXPECT_THAT(TryRegister(world, "Billing"), Succeeds());
  EXPECT_THAT(TryRegister(world, "billing", "returns"), Succeeds());
}

TEST(RegisterStreamConsumer, TwentyPerStream) {
  RecordWorld world;
  world.Create("orders");
  world.Create("returns");
  for (int i = 0; i < 20; ++i)
    ASSERT_THAT(TryRegister(world, "consumer-" + std::to_string(i)), Succeeds());
  EXPECT_THAT(TryRegister(world, "consumer-20"), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(TryRegister(world, "consumer-0", "returns"), Succeeds());
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "consumer-7"}),
              Succeeds());
  EXPECT_THAT(TryRegister(world, "consumer-20"), Succeeds());
}

TEST(RegisterStreamConsumer, FiveInCreating) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  for (int i = 0; i < 5; ++i)
    ASSERT_THAT(TryRegister(world, "consumer-" + std::to_string(i)), Succeeds());
  EXPECT_THAT(TryRegister(world, "consumer-5"), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(world.engine.options().lifecycle.register_consumer);
  EXPECT_THAT(TryRegister(world, "consumer-5"), Succeeds());
}

TEST(RegisterStreamConsumer, NeedsStreamArnAndName) {
  RecordWorld world;
  EXPECT_THAT(world.kinesis->RegisterStreamConsumer({}),
              FailsWith(ErrorCode::kValidation,
                        "2 validation errors detected: Value null at 'streamARN' failed to "
                        "satisfy constraint: Member must not be null; Value null at "
                        "'consumerName' failed to satisfy constraint: Member must not be null"));
  EXPECT_THAT(TryRegister(world, "no spaces"),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value 'no spaces' at 'consumerName' failed to satisfy "
                                     "constraint: Member must satisfy regular expression pattern: "
                                     "[a-zA-Z0-9_.-]+")));
  EXPECT_THAT(TryRegister(world, std::string(129, 'c')), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(
      world.kinesis->RegisterStreamConsumer({.stream_arn = "orders", .consumer_name = "billing"}),
      FailsWith(ErrorCode::kValidation,
                OneViolation("Value 'orders' at 'streamARN' failed to satisfy constraint: "
                             "Member must satisfy regular expression pattern: "
                             "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+")));
}

TEST(RegisterStreamConsumer, RefusesAnUnknownStream) {
  RecordWorld world;
  EXPECT_THAT(TryRegister(world, "billing"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(RegisterStreamConsumer, NeedsAStreamThatIsActiveOrUpdating) {
  RecordWorld world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(TryRegister(world, "billing"),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")));
  world.Advance(world.engine.options().lifecycle.create_stream);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  ASSERT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_THAT(TryRegister(world, "billing"), Succeeds());
  world.Advance(absl::Minutes(1));
  ASSERT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
      Succeeds());
  EXPECT_THAT(TryRegister(world, "shipping"),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "DELETING")));
}

TEST(RegisterStreamConsumer, IsCountedInTheSummary) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_EQ(world.Summary("orders").consumer_count, 0);
  world.Register("orders", "billing");
  world.Register("orders", "shipping");
  EXPECT_EQ(world.Summary("orders").consumer_count, 2);
}

}  // namespace
}  // namespace riacho
