// Which stream a request means: section 1.2 of what the service does, over the operations that take
// a name, an ARN or both.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using Name = std::optional<std::string>;

// Every control operation that takes name and ARN, by name.
using AddressedCall = std::function<absl::Status(Client&, const Name& name, const Name& arn)>;
const std::vector<std::pair<std::string, AddressedCall>>& AddressedCalls() {
  static const auto* const kCalls = new std::vector<std::pair<std::string, AddressedCall>>{
      {"DecreaseStreamRetentionPeriod",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .DecreaseStreamRetentionPeriod(
                 {.stream_name = name, .retention_period_hours = 24, .stream_arn = arn})
             .status();
       }},
      {"DescribeStream",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis.DescribeStream({.stream_name = name, .stream_arn = arn}).status();
       }},
      {"DescribeStreamSummary",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis.DescribeStreamSummary({.stream_name = name, .stream_arn = arn}).status();
       }},
      {"IncreaseStreamRetentionPeriod",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .IncreaseStreamRetentionPeriod(
                 {.stream_name = name, .retention_period_hours = 24, .stream_arn = arn})
             .status();
       }},
      {"EnableEnhancedMonitoring",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .EnableEnhancedMonitoring({.stream_name = name,
                                        .shard_level_metrics = {MetricsName::kAll},
                                        .stream_arn = arn})
             .status();
       }},
      {"DisableEnhancedMonitoring",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .DisableEnhancedMonitoring({.stream_name = name,
                                         .shard_level_metrics = {MetricsName::kAll},
                                         .stream_arn = arn})
             .status();
       }},
      {"AddTagsToStream",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .AddTagsToStream({.stream_name = name, .tags = {{"a", ""}}, .stream_arn = arn})
             .status();
       }},
      {"RemoveTagsFromStream",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .RemoveTagsFromStream({.stream_name = name, .tag_keys = {"a"}, .stream_arn = arn})
             .status();
       }},
      {"ListTagsForStream",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis.ListTagsForStream({.stream_name = name, .stream_arn = arn}).status();
       }},
      {"UpdateShardCount",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .UpdateShardCount({.stream_name = name, .target_shard_count = 2, .stream_arn = arn})
             .status();
       }},
      {"ListShards",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis.ListShards({.stream_name = name, .stream_arn = arn}).status();
       }},
      {"SplitShard",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .SplitShard({.stream_name = name,
                          .shard_to_split = "1",
                          .new_starting_hash_key = "340282366920938463463374607431768211450",
                          .stream_arn = arn})
             .status();
       }},
      {"MergeShards",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis
             .MergeShards({.stream_name = name,
                           .shard_to_merge = "0",
                           .adjacent_shard_to_merge = "1",
                           .stream_arn = arn})
             .status();
       }},
      {"DeleteStream",
       [](Client& kinesis, const Name& name, const Name& arn) {
         return kinesis.DeleteStream({.stream_name = name, .stream_arn = arn}).status();
       }},
  };
  return *kCalls;
}

TEST(Addressing, ByNameByArnAndByBoth) {
  const std::string arn = StreamArnOf("orders");
  for (const auto& [operation, call] : AddressedCalls()) {
    for (const auto& [by_name, by_arn] : std::vector<std::pair<Name, Name>>{
             {"orders", std::nullopt}, {std::nullopt, arn}, {"orders", arn}}) {
      World world;
      world.Create("orders", 2);
      EXPECT_THAT(call(*world.kinesis, by_name, by_arn), Succeeds()) << operation;
    }
  }
}

TEST(Addressing, NeitherNameNorArn) {
  World world;
  for (const auto& [operation, call] : AddressedCalls()) {
    if (operation == "ListShards") continue;  // has a text of its own
    EXPECT_THAT(call(*world.kinesis, std::nullopt, std::nullopt),
                FailsWith(ErrorCode::kInvalidArgument,
                          "Stream arn and stream name can't be empty at the same time"))
        << operation;
  }
}

TEST(Addressing, NameAndArnDisagree) {
  World world;
  world.Create("orders", 2);
  world.Create("users", 2);
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(call(*world.kinesis, "orders", StreamArnOf("users")),
                FailsWith(ErrorCode::kInvalidArgument,
                          "Input stream name orders doesn't match the inferred name in stream arn "
                          "users"))
        << operation;
  }
  EXPECT_EQ(world.OpenShards("orders").size(), 2U);
}

TEST(Addressing, ArnOfAnotherRegion) {
  World world;
  world.Create("orders", 2);
  const std::string arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(call(*world.kinesis, std::nullopt, arn),
                FailsWith(ErrorCode::kInvalidArgument, "The region specified in the ARN '" + arn +
                                                           "' does not match the endpoint region"))
        << operation;
  }
}

TEST(Addressing, ArnOfAnotherAccount) {
  World world;
  world.Create("orders", 2);
  const std::string arn = "arn:aws:kinesis:us-east-1:999999999999:stream/orders";
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(
        call(*world.kinesis, std::nullopt, arn),
        FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters"))
        << operation;
  }
}

TEST(Addressing, UnknownStream) {
  World world;
  for (const auto& [operation, call] : AddressedCalls()) {
    const auto not_found = FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders"));
    EXPECT_THAT(call(*world.kinesis, "orders", std::nullopt), not_found) << operation;
    EXPECT_THAT(call(*world.kinesis, std::nullopt, StreamArnOf("orders")), not_found) << operation;
  }
}

TEST(Addressing, ArgumentsComeBeforeExistence) {
  World world;
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(call(*world.kinesis, "orders", StreamArnOf("users")),
                FailsAs(ErrorCode::kInvalidArgument))
        << operation;
  }
}

TEST(Addressing, FormOfTheArnComesBeforeAll) {
  World world;
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(
        call(*world.kinesis, "orders", "arn:aws:kinesis:us-east-1:12345678901:stream/orders"),
        FailsWith(ErrorCode::kValidation,
                  OneViolation(
                      "Value 'arn:aws:kinesis:us-east-1:12345678901:stream/orders' at 'streamARN' "
                      "failed to satisfy constraint: Member must satisfy regular expression "
                      R"(pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+)")))
        << operation;
  }
}

// Operations that take an ARN and no name.
using CallByArn = std::function<absl::Status(Client&, const Name& arn)>;
const std::vector<std::pair<std::string, CallByArn>>& CallsByArn() {
  static const auto* const kCalls = new std::vector<std::pair<std::string, CallByArn>>{
      {"UpdateStreamMode",
       [](Client& kinesis, const Name& arn) {
         return kinesis
             .UpdateStreamMode({.stream_arn = arn, .stream_mode_details = StreamModeDetails{}})
             .status();
       }},
      {"UpdateMaxRecordSize",
       [](Client& kinesis, const Name& arn) {
         return kinesis.UpdateMaxRecordSize({.stream_arn = arn, .max_record_size_in_kib = 1024})
             .status();
       }},
      {"UpdateStreamRecordDistributionStrategy",
       [](Client& kinesis, const Name& arn) {
         return kinesis
             .UpdateStreamRecordDistributionStrategy(
                 {.stream_arn = arn,
                  .record_distribution_strategy = RecordDistributionStrategy::kUserPartitionKey})
             .status();
       }},
      {"RegisterStreamConsumer",
       [](Client& kinesis, const Name& arn) {
         return kinesis.RegisterStreamConsumer({.stream_arn = arn, .consumer_name = "c"}).status();
       }},
      {"ListStreamConsumers",
       [](Client& kinesis, const Name& arn) {
         return kinesis.ListStreamConsumers({.stream_arn = arn}).status();
       }},
      {"TagResource",
       [](Client& kinesis, const Name& arn) {
         return kinesis.TagResource({.tags = {{"a", ""}}, .resource_arn = arn}).status();
       }},
      {"UntagResource",
       [](Client& kinesis, const Name& arn) {
         return kinesis.UntagResource({.tag_keys = {"a"}, .resource_arn = arn}).status();
       }},
      {"ListTagsForResource",
       [](Client& kinesis, const Name& arn) {
         return kinesis.ListTagsForResource({.resource_arn = arn}).status();
       }},
  };
  return *kCalls;
}

TEST(Addressing, ByArnOnly) {
  for (const auto& [operation, call] : CallsByArn()) {
    World world;
    world.Create("orders");
    EXPECT_THAT(call(*world.kinesis, StreamArnOf("orders")), Succeeds()) << operation;
    EXPECT_THAT(call(*world.kinesis, StreamArnOf("users")),
                FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("users")))
        << operation;
    const std::string region = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
    EXPECT_THAT(
        call(*world.kinesis, region),
        FailsWith(ErrorCode::kInvalidArgument, "The region specified in the ARN '" + region +
                                                   "' does not match the endpoint region"))
        << operation;
    EXPECT_THAT(
        call(*world.kinesis, "arn:aws:kinesis:us-east-1:999999999999:stream/orders"),
        FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters"))
        << operation;
  }
}

TEST(Addressing, AConsumersArnMeansNoStream) {
  World world;
  world.Create("orders", 2);
  const std::string arn = StreamArnOf("orders") + "/consumer/billing:1";
  for (const auto& [operation, call] : AddressedCalls()) {
    EXPECT_THAT(call(*world.kinesis, std::nullopt, arn),
                FailsWith(ErrorCode::kInvalidArgument, "Invalid ARN: " + arn))
        << operation;
  }
}

// The model's pattern lets it pass; no stream can have such a name.
TEST(Addressing, ArnThatNamesNoStreamIsRefused) {
  World world;
  for (const std::string& arn :
       {StreamArnOf("orders/x"), StreamArnOf("orders:x"), StreamArnOf("/orders")}) {
    EXPECT_THAT(world.kinesis->DescribeStream({.stream_arn = arn}),
                FailsAs(ErrorCode::kInvalidArgument))
        << arn;
  }
}

TEST(Addressing, ArnsAreOfTheEnginesPartitionRegionAndAccount) {
  EngineOptions options;
  options.account_id = "210987654321";
  options.region = "cn-north-1";
  World world(options);
  world.Create("orders");
  const std::string arn = "arn:aws-cn:kinesis:cn-north-1:210987654321:stream/orders";
  EXPECT_EQ(world.Describe("orders").stream_arn, arn);
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_arn = arn}), Succeeds());
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "users"}),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Stream users under account 210987654321 not found."));
}

TEST(Addressing, StreamIdIsCheckedInFormAndOtherwiseIgnored) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->DescribeStream(
                  {.stream_name = "orders", .stream_id = "abcdefghij0123456789-a1b"}),
              Succeeds());
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_id = "abcdefghij0123456789-a1b"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
  EXPECT_THAT(
      world.kinesis->DescribeStream({.stream_name = "orders", .stream_id = "ABC"}),
      FailsWith(ErrorCode::kValidation,
                OneViolation("Value 'ABC' at 'streamId' failed to satisfy constraint: Member must "
                             "satisfy regular expression pattern: [a-z0-9]{20}-[a-z0-9]{3}")));
}

TEST(Addressing, EnginesShareNothing) {
  World world;
  World other;
  world.Create("orders");
  EXPECT_THAT(other.kinesis->DescribeStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_THAT(world.NewClient()->DescribeStream({.stream_name = "orders"}), Succeeds());
}

}  // namespace
}  // namespace riacho
