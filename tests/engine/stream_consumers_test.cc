// DescribeStreamConsumer, DeregisterStreamConsumer and ListStreamConsumers.
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kNotFound =
    "Consumer billing under stream: orders, account 123456789012 not found.";

class StreamConsumers : public testing::Test {
 protected:
  StreamConsumers() : world(ServiceTimes()) {
    world.Create("orders");
    arn = world.Register("orders", "billing");
  }

  absl::StatusOr<DescribeStreamConsumerResponse> Describe() {
    return world.kinesis->DescribeStreamConsumer({.consumer_arn = arn});
  }
  absl::Status Deregister() {
    return world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}).status();
  }
  std::vector<std::string> List() {
    const auto page = world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("orders")});
    std::vector<std::string> names;
    for (const Consumer& consumer : page->consumers) names.push_back(consumer.consumer_name);
    return names;
  }

  RecordWorld world;
  std::string arn;
};

using DescribeStreamConsumer = StreamConsumers;
using DeregisterStreamConsumer = StreamConsumers;
using ListStreamConsumers = StreamConsumers;

TEST_F(DescribeStreamConsumer, FindsByArnByNameAndByBoth) {
  const std::vector<DescribeStreamConsumerRequest> requests = {
      {.consumer_arn = arn},
      {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"},
      {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing", .consumer_arn = arn}};
  for (const DescribeStreamConsumerRequest& request : requests) {
    const auto described = world.kinesis->DescribeStreamConsumer(request);
    ASSERT_THAT(described, Succeeds());
    const ConsumerDescription& consumer = described->consumer_description;
    EXPECT_EQ(consumer.consumer_name, "billing");
    EXPECT_EQ(consumer.consumer_arn, arn);
    EXPECT_EQ(consumer.stream_arn, StreamArnOf("orders"));
    EXPECT_EQ(consumer.consumer_status, ConsumerStatus::kActive);
  }
}

TEST_F(DescribeStreamConsumer, ShowsTheConsumersLife) {
  const std::string second =
      world.kinesis
          ->RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"), .consumer_name = "second"})
          ->consumer.consumer_arn;
  const auto status = [&] {
    return world.kinesis->DescribeStreamConsumer({.consumer_arn = second})
        ->consumer_description.consumer_status;
  };
  EXPECT_EQ(status(), ConsumerStatus::kCreating);
  world.Advance(world.engine.options().lifecycle.register_consumer - absl::Milliseconds(1));
  EXPECT_EQ(status(), ConsumerStatus::kCreating);
  world.Advance(absl::Milliseconds(1));
  EXPECT_EQ(status(), ConsumerStatus::kActive);
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = second}), Succeeds());
  EXPECT_EQ(status(), ConsumerStatus::kDeleting);
  world.Advance(world.engine.options().lifecycle.deregister_consumer);
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer({.consumer_arn = second}),
              FailsAs(ErrorCode::kResourceNotFound));
}

TEST_F(DescribeStreamConsumer, RefusesAnUnknownConsumer) {
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "nobody"}),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Consumer nobody under stream: orders, account 123456789012 not found."));
}

TEST_F(DescribeStreamConsumer, TheSecondInTheArnMatters) {
  const std::string older = StreamArnOf("orders") + "/consumer/billing:12345";
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer({.consumer_arn = older}),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Consumer billing with creation timestamp 12345 under stream: orders, "
                        "account 123456789012 not found."));
}

TEST_F(DescribeStreamConsumer, NeedsArnOrStreamAndName) {
  for (const DescribeStreamConsumerRequest& request : std::vector<DescribeStreamConsumerRequest>{
           {}, {.stream_arn = StreamArnOf("orders")}, {.consumer_name = "billing"}}) {
    EXPECT_THAT(world.kinesis->DescribeStreamConsumer(request),
                FailsAs(ErrorCode::kInvalidArgument));
  }
}

TEST_F(DescribeStreamConsumer, RefusesArnsAndNamesThatDisagree) {
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer(
                  {.stream_arn = StreamArnOf("returns"), .consumer_arn = arn}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(
      world.kinesis->DescribeStreamConsumer({.consumer_name = "shipping", .consumer_arn = arn}),
      FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(DescribeStreamConsumer, ValidatesShapes) {
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer({.consumer_arn = StreamArnOf("orders")}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer({.consumer_arn = "x"}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(
      world.kinesis->DescribeStreamConsumer(
          {.consumer_arn = StreamArnOf("orders") + "/consumer/billing:" + std::string(40, '9')}),
      FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(DescribeStreamConsumer, RefusesArnsOfOtherRegionsAccountsAndStreams) {
  const std::string tail = "stream/orders/consumer/billing:1";
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer(
                  {.consumer_arn = "arn:aws:kinesis:eu-west-1:123456789012:" + tail}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(
      world.kinesis->DescribeStreamConsumer(
          {.consumer_arn = "arn:aws:kinesis:us-east-1:999999999999:" + tail}),
      FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters"));
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer(
                  {.consumer_arn = StreamArnOf("nowhere") + "/consumer/billing:1"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nowhere")));
}

TEST_F(DeregisterStreamConsumer, LeavesThroughDeleting) {
  ASSERT_THAT(Deregister(), Succeeds());
  EXPECT_EQ(Describe()->consumer_description.consumer_status, ConsumerStatus::kDeleting);
  EXPECT_THAT(List(), ElementsAre("billing"));
  world.Advance(world.engine.options().lifecycle.deregister_consumer);
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_THAT(world.kinesis->DeregisterStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"}),
              FailsWith(ErrorCode::kResourceNotFound, kNotFound));
}

TEST_F(DeregisterStreamConsumer, AnOldArnDoesNotReachTheSuccessor) {
  ASSERT_THAT(Deregister(), Succeeds());
  world.Advance(absl::Seconds(10));
  const std::string second = world.Register("orders", "billing");
  EXPECT_NE(second, arn);
  EXPECT_THAT(Deregister(), FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(List(), ElementsAre("billing"));
}

TEST_F(DeregisterStreamConsumer, NeedsArnOrStreamAndName) {
  EXPECT_THAT(world.kinesis->DeregisterStreamConsumer({}), FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(DeregisterStreamConsumer, FreesTheStreamForDeletion) {
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}),
              FailsAs(ErrorCode::kResourceInUse));
  ASSERT_THAT(Deregister(), Succeeds());
  world.Advance(world.engine.options().lifecycle.deregister_consumer);
  EXPECT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
}

TEST_F(ListStreamConsumers, ByNameInPages) {
  for (const std::string name : {"d", "a", "c", "B"}) world.Register("orders", name);
  EXPECT_THAT(List(), ElementsAre("B", "a", "billing", "c", "d"));
  std::vector<std::string> names;
  std::optional<std::string> token;
  int pages = 0;
  do {
    const auto page = world.kinesis->ListStreamConsumers(
        {.stream_arn = StreamArnOf("orders"), .next_token = token, .max_results = 2});
    ASSERT_THAT(page, Succeeds());
    for (const Consumer& consumer : page->consumers) names.push_back(consumer.consumer_name);
    token = page->next_token;
    ++pages;
  } while (token.has_value());
  EXPECT_THAT(names, ElementsAre("B", "a", "billing", "c", "d"));
  EXPECT_EQ(pages, 3);
}

TEST_F(ListStreamConsumers, ALastFullPageHasNoToken) {
  world.Register("orders", "shipping");
  const auto page =
      world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("orders"), .max_results = 2});
  EXPECT_THAT(page->consumers, SizeIs(2));
  EXPECT_EQ(page->next_token, std::nullopt);
}

TEST_F(ListStreamConsumers, TokensLiveForFiveMinutesAndBelongToTheirStream) {
  world.Create("returns");
  world.Register("orders", "shipping");
  const std::optional<std::string> token =
      world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("orders"), .max_results = 1})
          ->next_token;
  ASSERT_NE(token, std::nullopt);
  EXPECT_THAT(world.kinesis->ListStreamConsumers(
                  {.stream_arn = StreamArnOf("returns"), .next_token = token}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken."));
  EXPECT_THAT(world.kinesis->ListStreamConsumers(
                  {.stream_arn = StreamArnOf("orders"), .next_token = "garbage"}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken."));
  world.Advance(absl::Seconds(300));
  EXPECT_THAT(world.kinesis->ListStreamConsumers(
                  {.stream_arn = StreamArnOf("orders"), .next_token = token}),
              Succeeds());
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.kinesis->ListStreamConsumers(
                  {.stream_arn = StreamArnOf("orders"), .next_token = token}),
              FailsAs(ErrorCode::kExpiredNextToken));
}

TEST_F(ListStreamConsumers, TheCreationTimestampTellsAStreamFromItsNamesake) {
  const absl::Time created = world.Describe("orders").stream_creation_timestamp;
  EXPECT_THAT(world.kinesis->ListStreamConsumers(
                  {.stream_arn = StreamArnOf("orders"), .stream_creation_timestamp = created}),
              Succeeds());
  EXPECT_THAT(
      world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("orders"),
                                          .stream_creation_timestamp = created - absl::Hours(1)}),
      FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST_F(ListStreamConsumers, ValidatesShapes) {
  EXPECT_THAT(world.kinesis->ListStreamConsumers({}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'streamARN' failed to satisfy constraint: "
                                     "Member must not be null")));
  for (const std::int64_t max_results : {0, 10'001}) {
    EXPECT_THAT(world.kinesis->ListStreamConsumers(
                    {.stream_arn = StreamArnOf("orders"), .max_results = max_results}),
                FailsAs(ErrorCode::kValidation));
  }
  EXPECT_THAT(world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("nowhere")}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nowhere")));
}

}  // namespace
}  // namespace riacho
