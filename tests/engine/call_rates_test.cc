// How often each operation may be called: the service's rates, each a field of Limits.
#include <cstdint>
#include <functional>
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

}  // namespace
}  // namespace riacho
