#include <limits>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr StreamModeDetails kOnDemand = {.stream_mode = StreamMode::kOnDemand};

TEST(CreateStream, StreamIsCreatingThenActive) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kCreating);
  world.Advance(Lifecycle::Service().create_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kCreating);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
}

TEST(CreateStream, StreamIsActiveAtOnceByDefault) {
  World world;
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
}

TEST(CreateStream, StreamBeginsWithTheServicesDefaults) {
  World world;
  world.Create("orders", 3);
  const StreamDescriptionSummary summary = world.Summary("orders");
  EXPECT_EQ(summary.stream_name, "orders");
  EXPECT_EQ(summary.stream_arn, StreamArnOf("orders"));
  EXPECT_EQ(summary.stream_mode_details.stream_mode, StreamMode::kProvisioned);
  EXPECT_EQ(summary.retention_period_hours, 24);
  EXPECT_EQ(summary.encryption_type, EncryptionType::kNone);
  EXPECT_EQ(summary.key_id, std::nullopt);
  EXPECT_THAT(summary.enhanced_monitoring, ElementsAre(EnhancedMetrics{}));
  EXPECT_EQ(summary.open_shard_count, 3);
  EXPECT_EQ(summary.consumer_count, 0);
  EXPECT_EQ(summary.max_record_size_in_kib, 1024);
  EXPECT_EQ(summary.channel_count, 0);
  EXPECT_EQ(summary.warm_throughput, std::nullopt);
  EXPECT_EQ(summary.record_distribution_strategy, std::nullopt);
}

TEST(CreateStream, OnDemandStreamStartsWithFourShards) {
  World world;
  world.CreateOnDemand("orders");
  EXPECT_EQ(world.Summary("orders").stream_mode_details, kOnDemand);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 4);
  EXPECT_EQ(world.OpenShards("orders").size(), 4U);
}

TEST(CreateStream, OnDemandStreamDistributesByTheUsersKeysByDefault) {
  World world;
  world.CreateOnDemand("orders");
  EXPECT_EQ(world.Summary("orders").record_distribution_strategy,
            RecordDistributionStrategy::kUserPartitionKey);
}

TEST(CreateStream, CreationTimestampIsInWholeSeconds) {
  World world;
  world.Advance(absl::Milliseconds(1999));
  world.Create("orders");
  EXPECT_EQ(world.Describe("orders").stream_creation_timestamp,
            absl::FromUnixSeconds(world.NowSeconds()));
}

// The creation second in the numbers of the first shards lies 2-7 s before the stream's own.
TEST(CreateStream, FirstShardsAreALittleOlderThanTheStream) {
  World world;
  world.Create("orders", 2);
  const std::int64_t created =
      absl::ToUnixSeconds(world.Describe("orders").stream_creation_timestamp);
  for (const Shard& shard : world.Shards("orders")) {
    const auto fields = shard.sequence_number_range.starting_sequence_number.Decode();
    ASSERT_TRUE(fields.has_value());
    EXPECT_GE(fields->shard_create_seconds, created - 7);
    EXPECT_LE(fields->shard_create_seconds, created - 2);
    EXPECT_EQ(fields->time_seconds, fields->shard_create_seconds);
    EXPECT_EQ(fields->index, 0U);
    EXPECT_EQ(fields->shard_number, shard.shard_id.number);
  }
}

TEST(CreateStream, NeighbouringFirstShardsStartAFixedStepApart) {
  World world;
  world.Create("orders", 2);
  const std::vector<Shard> shards = world.Shards("orders");
  // 2^144 + 16, in the three fields that differ: nibble and shard number.
  SequenceNumber::Fields fields =
      *shards[0].sequence_number_range.starting_sequence_number.Decode();
  fields.shard_number = 1;
  EXPECT_EQ(shards[1].sequence_number_range.starting_sequence_number, SequenceNumber::Of(fields));
}

TEST(CreateStream, NameThatExistsIsInUse) {
  World world;
  world.Create("orders", 2);
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}),
              FailsWith(ErrorCode::kResourceInUse,
                        "Stream orders under account 123456789012 already exists."));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
}

TEST(CreateStream, NameIsInUseWhileCreatingAndWhileDeleting) {
  World world(ServiceTimes());
  const CreateStreamRequest request = {.stream_name = "orders", .shard_count = 1};
  const auto in_use = FailsWith(ErrorCode::kResourceInUse,
                                "Stream orders under account 123456789012 already exists.");
  ASSERT_THAT(world.kinesis->CreateStream(request), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream(request), in_use);
  world.Advance(Lifecycle::Service().create_stream);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream(request), in_use);
  world.Advance(Lifecycle::Service().delete_stream);
  EXPECT_THAT(world.kinesis->CreateStream(request), Succeeds());
}

TEST(CreateStream, NamesAreCaseSensitive) {
  World world;
  world.Create("orders");
  world.Create("Orders");
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, ElementsAre("Orders", "orders"));
}

TEST(CreateStream, ProvisionedStreamNeedsAShardCount) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders"}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'shardCount' failed to satisfy constraint: "
                                     "Member must not be null")));
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(CreateStream, OnDemandStreamTakesNoShardCount) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders", .shard_count = 1, .stream_mode_details = kOnDemand}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(CreateStream, WarmThroughputNeedsACommitment) {
  World world;
  EXPECT_THAT(
      world.kinesis->CreateStream({.stream_name = "orders",
                                   .stream_mode_details = kOnDemand,
                                   .warm_throughput_mibps = 100}),
      FailsWith(ErrorCode::kValidation,
                "Account 123456789012 is not enabled for minimum throughput billing commitment"));
}

TEST(CreateStream, DistributionStrategyIsForOnDemandStreams) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders",
                   .shard_count = 1,
                   .record_distribution_strategy = RecordDistributionStrategy::kUserPartitionKey}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders",
                   .stream_mode_details = kOnDemand,
                   .record_distribution_strategy = RecordDistributionStrategy::kUserPartitionKey}),
              Succeeds());
}

TEST(CreateStream, MaxRecordSizeIsKept) {
  World world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  EXPECT_EQ(world.Summary("orders").max_record_size_in_kib, 10240);
}

TEST(CreateStream, HasAtMostFiftyTags) {
  World world;
  std::map<std::string, std::string> tags;
  for (int i = 0; i < 51; ++i) tags["key" + std::to_string(i)] = "value";
  EXPECT_THAT(
      world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1, .tags = tags}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Failed to add tags to resource " + StreamArnOf("orders") +
                    " under account 123456789012 because a given resource cannot have more than 50 "
                    "tags associated with it."));
  tags.erase(tags.begin());
  EXPECT_THAT(
      world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1, .tags = tags}),
      Succeeds());
}

TEST(CreateStream, TagsOfTheSystemAreRefused) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders", .shard_count = 1, .tags = {{"aws:owner", "me"}}}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Some tag keys in the request started with 'aws:'. System tags cannot be "
                        "modified."));
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(CreateStream, AtMostFiveStreamsAreCreating) {
  World world(ServiceTimes());
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(
        world.kinesis->CreateStream({.stream_name = "s" + std::to_string(i), .shard_count = 1}),
        Succeeds());
  }
  const CreateStreamRequest sixth = {.stream_name = "s5", .shard_count = 1};
  EXPECT_THAT(world.kinesis->CreateStream(sixth), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_EQ(world.kinesis->ListStreams({}).value().stream_names.size(), 5U);
  world.Advance(Lifecycle::Service().create_stream);
  EXPECT_THAT(world.kinesis->CreateStream(sixth), Succeeds());
}

TEST(CreateStream, ShardsOfAllProvisionedStreamsCountForTheAccount) {
  EngineOptions options;
  options.limits.shards_per_account = 10;
  World world(options);
  world.Create("orders", 4);
  world.Create("users", 3);
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "more", .shard_count = 4}),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(7, 10, 4)));
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "more", .shard_count = 3}), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "one_more", .shard_count = 1}),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(10, 10, 1)));
}

TEST(CreateStream, ShardLimitHoldsForCountsBeyondAllReason) {
  World world;
  EXPECT_THAT(
      world.kinesis->CreateStream(
          {.stream_name = "orders", .shard_count = std::numeric_limits<std::int64_t>::max()}),
      FailsAs(ErrorCode::kLimitExceeded));
}

TEST(CreateStream, ShardsOfDeletedStreamsAreFreeAgain) {
  EngineOptions options;
  options.limits.shards_per_account = 4;
  World world(options);
  world.Create("orders", 4);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders", 4);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 4);
}

TEST(CreateStream, RecreatedStreamRestartsItsShardNumbersWithGreaterSequenceNumbers) {
  World world;
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 4), Succeeds());
  const SequenceNumber old = world.Put("orders", "a").sequence_number;
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Advance(absl::Seconds(10));
  world.Create("orders", 2);
  EXPECT_THAT(NumbersOf(world.Shards("orders")), ElementsAre(0, 1));
  EXPECT_GT(world.Put("orders", "a").sequence_number, old);
}

}  // namespace
}  // namespace riacho
