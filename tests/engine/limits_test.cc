// The quotas of control operations: each field of Limits that concerns them, by name. Those of
// shards and records are tested with the records, call rates in call_rates_test.cc.
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

TEST(Limits, ServiceIsTheDefaultAndWhatTheServiceGrants) {
  const Limits service = Limits::Service();
  EXPECT_EQ(EngineOptions().limits, service);
  EXPECT_FALSE(service.enforce_call_rates);
  EXPECT_EQ(service.shards_per_account, 20000);
  EXPECT_EQ(service.streams_in_creating, 5);
  EXPECT_EQ(service.update_shard_count_target, 10000);
  EXPECT_EQ(service.update_shard_count_calls_per_day, 10);
  EXPECT_EQ(service.update_stream_mode_switches_per_day, 2);
  EXPECT_EQ(service.on_demand_streams_per_account, 50);
  EXPECT_EQ(service.channels_per_account, 100);
  EXPECT_EQ(service.consumers_per_stream, 20);
  EXPECT_EQ(service.consumers_per_stream_with_advantage, 50);
  EXPECT_EQ(service.warm_throughput_mibps, 10240);
  EXPECT_EQ(service.minimum_commitment, absl::Hours(24));
  EXPECT_EQ(service.tags_per_resource, 50);
  EXPECT_EQ(service.minimum_retention_period_hours, 24);
  EXPECT_EQ(service.maximum_retention_period_hours, 8760);
  EXPECT_EQ(service.describe_stream_page_shards, 100);
  EXPECT_EQ(service.list_streams_page_streams, 100);
  EXPECT_EQ(service.list_shards_page_shards, 1000);
  EXPECT_EQ(service.next_token_life, absl::Seconds(300));
}

TEST(Limits, PageSizesAreFields) {
  EngineOptions options;
  options.limits.describe_stream_page_shards = 2;
  options.limits.list_shards_page_shards = 3;
  options.limits.list_streams_page_streams = 1;
  World world(options);
  world.Create("orders", 5);
  world.Create("users");
  EXPECT_EQ(world.Describe("orders").shards.size(), 2U);
  EXPECT_EQ(world.kinesis->ListShards({.stream_name = "orders"}).value().shards.size(), 3U);
  EXPECT_EQ(world.kinesis->ListStreams({.limit = 50}).value().stream_names.size(), 1U);
}

TEST(Limits, APageHasOneEntryAtLeast) {
  for (const std::int64_t none : {std::int64_t{0}, std::int64_t{-1}}) {
    EngineOptions options;
    options.limits.describe_stream_page_shards = none;
    options.limits.list_shards_page_shards = none;
    options.limits.list_streams_page_streams = none;
    options.limits.list_stream_consumers_page_consumers = none;
    World world(options);
    world.Create("orders", 2);
    world.Create("users");
    for (const char* const name : {"audit", "billing"}) {
      ASSERT_THAT(world.kinesis->RegisterStreamConsumer(
                      {.stream_arn = StreamArnOf("orders"), .consumer_name = name}),
                  Succeeds());
    }
    EXPECT_EQ(world.Describe("orders").shards.size(), 1U);
    EXPECT_EQ(world.Shards("orders").size(), 2U) << "over two pages";
    EXPECT_EQ(world.kinesis->ListStreams({}).value().stream_names.size(), 1U);
    EXPECT_EQ(world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf("orders")})
                  .value()
                  .consumers.size(),
              1U);
  }
}

TEST(Limits, TokenLifeIsAField) {
  EngineOptions options;
  options.limits.next_token_life = absl::Seconds(1);
  World world(options);
  world.Create("orders", 2);
  const std::optional<std::string> token =
      world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  world.Advance(absl::Seconds(1));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}), Succeeds());
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.kinesis->ListShards({.next_token = token}),
              FailsAs(ErrorCode::kExpiredNextToken));
}

TEST(Limits, StreamsInCreatingIsAField) {
  EngineOptions options = ServiceTimes();
  options.limits.streams_in_creating = 1;
  World world(options);
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "a", .shard_count = 1}), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "b", .shard_count = 1}),
              FailsAs(ErrorCode::kLimitExceeded));
}

TEST(Limits, TagsPerResourceIsAField) {
  EngineOptions options;
  options.limits.tags_per_resource = 1;
  World world(options);
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "a", .shard_count = 1, .tags = {{"k", ""}, {"l", ""}}}),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST(Limits, SizeOfAResourcePolicyIsAField) {
  const std::string policy =
      R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"kinesis:PutRecord","Resource":")" +
      StreamArnOf("orders") + "\"}}";
  for (const int spare : {0, -1}) {
    EngineOptions options;
    options.limits.resource_policy_bytes = static_cast<std::int64_t>(policy.size()) + spare;
    World world(options);
    world.Create("orders");
    const absl::Status put =
        world.kinesis
            ->PutResourcePolicy({.resource_arn = StreamArnOf("orders"), .policy = policy + "  "})
            .status();
    if (spare == 0) {
      EXPECT_THAT(put, Succeeds());
    } else {
      EXPECT_THAT(put, FailsAs(ErrorCode::kLimitExceeded));
    }
  }
}

TEST(Limits, FirstShardsOfAnOnDemandStreamAreAField) {
  EngineOptions options;
  options.limits.on_demand_initial_shards = 2;
  World world(options);
  world.CreateOnDemand("clicks");
  EXPECT_EQ(world.Summary("clicks").open_shard_count, 2);
}

TEST(Limits, EncryptionStartsAndStopsInADayAreFields) {
  EngineOptions options;
  options.limits.start_stream_encryption_calls_per_day = 2;
  options.limits.stop_stream_encryption_calls_per_day = 1;
  World world(options);
  world.Create("orders");
  const auto start = [&world] {
    return world.kinesis->StartStreamEncryption({.stream_name = "orders",
                                                 .encryption_type = EncryptionType::kKms,
                                                 .key_id = "alias/aws/kinesis"});
  };
  const auto stop = [&world] {
    return world.kinesis->StopStreamEncryption({.stream_name = "orders",
                                                .encryption_type = EncryptionType::kKms,
                                                .key_id = "alias/aws/kinesis"});
  };
  EXPECT_THAT(start(), Succeeds());
  EXPECT_THAT(stop(), Succeeds());
  EXPECT_THAT(start(), Succeeds());
  EXPECT_THAT(start(), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(stop(), FailsAs(ErrorCode::kLimitExceeded));
}

TEST(Limits, ConsumersInCreatingIsAField) {
  EngineOptions options = ServiceTimes();
  options.limits.consumers_in_creating = 1;
  World world(options);
  world.Create("orders");
  const auto register_consumer = [&world](const std::string& name) {
    return world.kinesis->RegisterStreamConsumer(
        {.stream_arn = StreamArnOf("orders"), .consumer_name = name});
  };
  EXPECT_THAT(register_consumer("a"), Succeeds());
  EXPECT_THAT(register_consumer("b"), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(options.lifecycle.register_consumer);
  EXPECT_THAT(register_consumer("b"), Succeeds());
}

TEST(Limits, UnlimitedHasNoCounts) {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  options.lifecycle.create_stream = absl::Seconds(5);
  World world(options);
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(
        world.kinesis->CreateStream({.stream_name = "s" + std::to_string(i), .shard_count = 1}),
        Succeeds());
  }
  world.Advance(absl::Seconds(5));
  for (int i = 0; i < 30; ++i) ASSERT_THAT(world.Scale("s0", i % 2 == 0 ? 2 : 1), Succeeds());
  for (int i = 0; i < 60; ++i) world.CreateOnDemand("o" + std::to_string(i));
  for (int i = 0; i < 6; ++i) {
    ASSERT_THAT(world.kinesis->UpdateStreamMode(
                    {.stream_arn = StreamArnOf("s1"),
                     .stream_mode_details =
                         StreamModeDetails{.stream_mode = i % 2 == 0 ? StreamMode::kOnDemand
                                                                     : StreamMode::kProvisioned}}),
                Succeeds());
  }
  EXPECT_FALSE(world.Scale("s0", 3).ok());  // rules of form stay
  std::map<std::string, std::string> tags;
  for (int i = 0; i < 60; ++i) tags["k" + std::to_string(i)] = "";
  EXPECT_THAT(world.kinesis->AddTagsToStream({.stream_name = "s0", .tags = tags}), Succeeds());
}

}  // namespace
}  // namespace riacho
