// The quotas of control operations: each field of Limits that concerns them, by name. Those of
// shards and records are tested with the records.
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

constexpr char kAccountRateText[] = "Rate exceeded for account 123456789012.";

using RatedCall = std::function<absl::Status(World&, const std::string& stream)>;

struct Rate {
  std::string operation;
  std::int64_t Limits::*field;
  std::int64_t service;  // calls per second
  RatedCall call;        // has the same success or failure each time, but for the rate
};

// Quotas over the account.
const std::vector<Rate>& AccountRates() {
  static const auto* const kRates = new std::vector<Rate>{
      {"CreateStream", &Limits::create_stream_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->CreateStream({.stream_name = stream, .shard_count = 1}).status();
       }},
      {"DeleteStream", &Limits::delete_stream_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis->DeleteStream({.stream_name = "none"}).status();
       }},
      {"DescribeStream", &Limits::describe_stream_calls_per_second, 10,
       [](World& world, const std::string& stream) {
         return world.kinesis->DescribeStream({.stream_name = stream}).status();
       }},
      {"DescribeStreamSummary", &Limits::describe_stream_summary_calls_per_second, 20,
       [](World& world, const std::string& stream) {
         return world.kinesis->DescribeStreamSummary({.stream_name = stream}).status();
       }},
      {"ListStreams", &Limits::list_streams_calls_per_second, 5,
       [](World& world, const std::string&) { return world.kinesis->ListStreams({}).status(); }},
      {"UpdateStreamWarmThroughput", &Limits::update_stream_warm_throughput_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->UpdateStreamWarmThroughput({.stream_name = stream, .warm_throughput_mibps = 1})
             .status();
       }},
      {"AddTagsToStream", &Limits::add_tags_to_stream_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->AddTagsToStream({.stream_name = stream, .tags = {{"a", ""}}})
             .status();
       }},
      {"PutResourcePolicy", &Limits::put_resource_policy_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->PutResourcePolicy({.resource_arn = StreamArnOf(stream), .policy = "no policy"})
             .status();
       }},
      {"GetResourcePolicy", &Limits::get_resource_policy_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->GetResourcePolicy({.resource_arn = StreamArnOf(stream)}).status();
       }},
      {"DeleteResourcePolicy", &Limits::delete_resource_policy_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->DeleteResourcePolicy({.resource_arn = StreamArnOf(stream)}).status();
       }},
      {"DescribeLimits", &Limits::describe_limits_calls_per_second, 1,
       [](World& world, const std::string&) { return world.kinesis->DescribeLimits({}).status(); }},
      {"DescribeAccountSettings", &Limits::describe_account_settings_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis->DescribeAccountSettings({}).status();
       }},
      {"UpdateAccountSettings", &Limits::update_account_settings_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis
             ->UpdateAccountSettings(
                 {.minimum_throughput_billing_commitment =
                      MinimumThroughputBillingCommitmentInput{
                          .status = MinimumThroughputBillingCommitmentStatus::kDisabled}})
             .status();
       }},
      {"CreateChannel", &Limits::create_channel_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis
             ->CreateChannel({.channel_name = "archive",
                              .service_execution_role_arn = "role",
                              .stream_configuration_list =
                                  {{.stream_arn = StreamArnOf("orders"),
                                    .record_configuration = {{RecordFormatType::kJson}}}}})
             .status();
       }},
      {"DescribeChannel", &Limits::describe_channel_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis->DescribeChannel({.channel_arn = "channel"}).status();
       }},
      {"ListChannels", &Limits::list_channels_calls_per_second, 5,
       [](World& world, const std::string&) { return world.kinesis->ListChannels({}).status(); }},
      {"UpdateChannel", &Limits::update_channel_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis->UpdateChannel({.channel_arn = "channel"}).status();
       }},
      {"DeleteChannel", &Limits::delete_channel_calls_per_second, 5,
       [](World& world, const std::string&) {
         return world.kinesis->DeleteChannel({.channel_arn = "channel"}).status();
       }},
  };
  return *kRates;
}

// Quotas of each stream.
const std::vector<Rate>& StreamRates() {
  static const auto* const kRates = new std::vector<Rate>{
      {"ListShards", &Limits::list_shards_calls_per_second, 1000,
       [](World& world, const std::string& stream) {
         return world.kinesis->ListShards({.stream_name = stream}).status();
       }},
      {"SplitShard", &Limits::split_shard_calls_per_second, 5,
       [](World& world, const std::string& stream) { return world.Split(stream, "0", "0"); }},
      {"MergeShards", &Limits::merge_shards_calls_per_second, 5,
       [](World& world, const std::string& stream) { return world.Merge(stream, "0", "0"); }},
      {"UpdateShardCount", &Limits::update_shard_count_calls_per_second, 10,
       [](World& world, const std::string& stream) { return world.Scale(stream, 1).status(); }},
      {"IncreaseStreamRetentionPeriod", &Limits::increase_stream_retention_period_calls_per_second,
       5,
       [](World& world, const std::string& stream) { return world.IncreaseRetention(stream, 24); }},
      {"DecreaseStreamRetentionPeriod", &Limits::decrease_stream_retention_period_calls_per_second,
       5,
       [](World& world, const std::string& stream) { return world.DecreaseRetention(stream, 24); }},
      {"RegisterStreamConsumer", &Limits::register_stream_consumer_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->RegisterStreamConsumer({.stream_arn = StreamArnOf(stream),
                                       .consumer_name = "audit",
                                       .tags = {{"aws:system", ""}}})
             .status();
       }},
      {"DeregisterStreamConsumer", &Limits::deregister_stream_consumer_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->DeregisterStreamConsumer(
                 {.stream_arn = StreamArnOf(stream), .consumer_name = "none"})
             .status();
       }},
      {"DescribeStreamConsumer", &Limits::describe_stream_consumer_calls_per_second, 20,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->DescribeStreamConsumer({.stream_arn = StreamArnOf(stream), .consumer_name = "none"})
             .status();
       }},
      {"ListStreamConsumers", &Limits::list_stream_consumers_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->ListStreamConsumers({.stream_arn = StreamArnOf(stream)}).status();
       }},
      {"RemoveTagsFromStream", &Limits::remove_tags_from_stream_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->RemoveTagsFromStream({.stream_name = stream, .tag_keys = {"a"}})
             .status();
       }},
      {"ListTagsForStream", &Limits::list_tags_for_stream_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis->ListTagsForStream({.stream_name = stream}).status();
       }},
      {"EnableEnhancedMonitoring", &Limits::enable_enhanced_monitoring_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->EnableEnhancedMonitoring(
                 {.stream_name = stream, .shard_level_metrics = {MetricsName::kAll}})
             .status();
       }},
      {"DisableEnhancedMonitoring", &Limits::disable_enhanced_monitoring_calls_per_second, 5,
       [](World& world, const std::string& stream) {
         return world.kinesis
             ->DisableEnhancedMonitoring(
                 {.stream_name = stream, .shard_level_metrics = {MetricsName::kAll}})
             .status();
       }},
  };
  return *kRates;
}

EngineOptions WithCallRates() {
  EngineOptions options;
  options.limits.enforce_call_rates = true;
  return options;
}

TEST(CallRates, AreNotEnforcedByDefault) {
  for (const std::vector<Rate>* const rates : {&AccountRates(), &StreamRates()}) {
    for (const Rate& rate : *rates) {
      World world;
      world.Create("orders");
      const absl::Status first = rate.call(world, "orders");
      for (std::int64_t i = 0; i < 2 * rate.service; ++i)
        ASSERT_EQ(rate.call(world, "orders"), first) << rate.operation;
    }
  }
}

TEST(CallRates, OfTheAccountAreTheServices) {
  for (const Rate& rate : AccountRates()) {
    EXPECT_EQ(Limits::Service().*rate.field, rate.service) << rate.operation;
    World world(WithCallRates());
    for (const char* const stream : {"orders", "users"}) world.Create(stream);
    world.Advance(absl::Seconds(1));
    const auto exceeded = FailsWith(ErrorCode::kLimitExceeded, kAccountRateText);
    for (std::int64_t i = 0; i < rate.service; ++i)
      ASSERT_THAT(rate.call(world, "orders"), testing::Not(exceeded)) << rate.operation << i;
    EXPECT_THAT(rate.call(world, "orders"), exceeded) << rate.operation;
    EXPECT_THAT(rate.call(world, "users"), exceeded) << rate.operation;
    world.Advance(absl::Seconds(1) / rate.service);
    EXPECT_THAT(rate.call(world, "users"), testing::Not(exceeded)) << rate.operation;
    EXPECT_THAT(rate.call(world, "orders"), exceeded) << rate.operation;
  }
}

TEST(CallRates, OfStreamsAreTheServices) {
  for (const Rate& rate : StreamRates()) {
    EXPECT_EQ(Limits::Service().*rate.field, rate.service) << rate.operation;
    World world(WithCallRates());
    for (const char* const stream : {"orders", "users"}) world.Create(stream);
    const auto exceeded = FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders"));
    for (std::int64_t i = 0; i < rate.service; ++i)
      ASSERT_THAT(rate.call(world, "orders"), testing::Not(exceeded)) << rate.operation << i;
    EXPECT_THAT(rate.call(world, "orders"), exceeded) << rate.operation;
    EXPECT_THAT(rate.call(world, "users"),
                testing::Not(FailsWith(ErrorCode::kLimitExceeded, StreamRateText("users"))))
        << rate.operation;
    world.Advance(absl::Seconds(1) / rate.service);
    EXPECT_THAT(rate.call(world, "orders"), testing::Not(exceeded)) << rate.operation;
    EXPECT_THAT(rate.call(world, "orders"), exceeded) << rate.operation;
  }
}

TEST(CallRates, EachIsAFieldOfItsOwn) {
  for (const std::vector<Rate>* const rates : {&AccountRates(), &StreamRates()}) {
    for (const Rate& limited : *rates) {
      EngineOptions options = WithCallRates();
      for (const std::vector<Rate>* const others : {&AccountRates(), &StreamRates()}) {
        for (const Rate& rate : *others) options.limits.*rate.field = 2;
      }
      options.limits.*limited.field = 1;
      World world(options);
      world.Create("orders");
      world.Advance(absl::Seconds(10));
      for (const std::vector<Rate>* const others : {&AccountRates(), &StreamRates()}) {
        for (const Rate& rate : *others) {
          const absl::Status first = rate.call(world, "orders");
          const absl::Status second = rate.call(world, "orders");
          EXPECT_EQ(first == second, rate.operation != limited.operation)
              << rate.operation << " where " << limited.operation << " is limited: " << second;
        }
      }
    }
  }
}

TEST(CallRates, UnlimitedOnesAreNotEnforced) {
  EngineOptions options = WithCallRates();
  options.limits.list_streams_calls_per_second = Limits::kUnlimited;
  World world(options);
  for (int i = 0; i < 100; ++i) ASSERT_THAT(world.kinesis->ListStreams({}), Succeeds());
}

TEST(CallRates, RequestsThatBreakTheModelDoNotCount) {
  EngineOptions options = WithCallRates();
  options.limits.list_streams_calls_per_second = 1;
  World world(options);
  for (int i = 0; i < 10; ++i)
    EXPECT_THAT(world.kinesis->ListStreams({.limit = 0}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->ListStreams({}), Succeeds());
}

TEST(CallRates, RefusedCallsChangeNothing) {
  EngineOptions options = WithCallRates();
  options.limits.split_shard_calls_per_second = 1;
  options.limits.create_stream_calls_per_second = 1;
  World world(options);
  world.Create("orders");
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "users", .shard_count = 1}),
              FailsAs(ErrorCode::kLimitExceeded));
  ASSERT_THAT(world.Split("orders", "0", "1000"), Succeeds());
  EXPECT_THAT(world.Split("orders", "1", "10"), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_EQ(world.Summary("orders").open_shard_count, 2);
  EXPECT_EQ(world.kinesis->ListStreams({}).value().stream_names.size(), 1U);
}

TEST(CallRates, ExceededOnesMayBeRetried) {
  EngineOptions options = WithCallRates();
  options.limits.list_streams_calls_per_second = 1;
  World world(options);
  ASSERT_THAT(world.kinesis->ListStreams({}), Succeeds());
  EXPECT_TRUE(IsRetryable(world.kinesis->ListStreams({}).status()));
}

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
