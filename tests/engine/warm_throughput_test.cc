// UpdateStreamWarmThroughput, and warm throughput at CreateStream.
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::SizeIs;

TEST(UpdateStreamWarmThroughput, NeedsACommitment) {
  SettingsWorld world;
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Warm("clicks", 100), FailsWith(ErrorCode::kValidation, kNotCommittedText));
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 100), Succeeds());
}

TEST(UpdateStreamWarmThroughput, NeedsACommitmentWithoutAnEnd) {
  SettingsWorld world;
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Commit(), Succeeds());
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 100), FailsWith(ErrorCode::kValidation, kNotCommittedText));
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 100), Succeeds());
}

TEST(UpdateStreamWarmThroughput, TargetIsShownAtOnceAndCurrentWithActive) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  EXPECT_EQ(world.Summary("clicks").warm_throughput, WarmThroughput{});
  const UpdateStreamWarmThroughputResponse response = world.Warm("clicks", 100).value();
  EXPECT_EQ(response.stream_name, "clicks");
  EXPECT_EQ(response.stream_arn, StreamArnOf("clicks"));
  const WarmThroughput warming = {.target_mibps = 100, .current_mibps = 0};
  EXPECT_EQ(response.warm_throughput, warming);
  const Lifecycle service = Lifecycle::Service();
  // From 4 shards to 128, which takes five rounds of splits.
  world.Advance(service.update_shard_count + 4 * service.update_shard_count_step -
                absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("clicks").warm_throughput, warming);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("clicks").warm_throughput,
            (WarmThroughput{.target_mibps = 100, .current_mibps = 100}));
}

TEST(UpdateStreamWarmThroughput, PresentValueChangesNothing) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 100), Succeeds());
  world.Advance(absl::Minutes(1));
  EXPECT_THAT(world.Warm("clicks", 100), Succeeds());
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
}

TEST(UpdateStreamWarmThroughput, MayBeLowered) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 100), Succeeds());
  ASSERT_THAT(world.Warm("clicks", 0), Succeeds());
  EXPECT_EQ(world.Summary("clicks").warm_throughput, WarmThroughput{});
}

TEST(UpdateStreamWarmThroughput, BringsTheShardsThatItNeeds) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 9), Succeeds());
  const std::vector<Shard> shards = world.OpenShards("clicks");
  EXPECT_THAT(shards, SizeIs(16)) << "four, halved until none is wider than a ninth";
  // What is warm can be used at once.
  for (const Shard& shard : shards) {
    const std::string key = shard.hash_key_range.starting_hash_key.ToString();
    EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks",
                                          .data = std::string(kMiB - 1, 'x'),
                                          .partition_key = "k",
                                          .explicit_hash_key = key}),
                Succeeds());
  }
}

TEST(UpdateStreamWarmThroughput, IsKeptUntilItIsLowered) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 16), Succeeds());
  world.Advance(absl::Hours(24 * 40));
  EXPECT_THAT(world.OpenShards("clicks"), SizeIs(16));
  ASSERT_THAT(world.Warm("clicks", 0), Succeeds());
  world.Advance(absl::Hours(24 * 40));
  EXPECT_THAT(world.OpenShards("clicks"), SizeIs(4));
}

TEST(UpdateStreamWarmThroughput, IsLoweredToThePeakOfTheLastHour) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 16), Succeeds());
  // 2.5 MiB in each second of a minute, which is rounded up.
  for (int second = 0; second < 60; ++second) {
    for (int i = 0; i < 5; ++i) {
      ASSERT_THAT(world.kinesis->PutRecord({.stream_name = "clicks",
                                            .data = std::string(kMiB / 2 - 1, 'x'),
                                            .partition_key = std::string(1, "abcde"[i])}),
                  Succeeds());
    }
    world.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(world.Warm("clicks", 1).value().warm_throughput.target_mibps, 3);
  EXPECT_EQ(world.Warm("clicks", 0).value().warm_throughput.target_mibps, 0) << "given up";
  EXPECT_EQ(world.Warm("clicks", 8).value().warm_throughput.target_mibps, 8);
  world.Advance(absl::Minutes(59));
  EXPECT_EQ(world.Warm("clicks", 1).value().warm_throughput.target_mibps, 3);
  world.Advance(absl::Minutes(1));
  EXPECT_EQ(world.Warm("clicks", 1).value().warm_throughput.target_mibps, 1);
}

TEST(CreateStream, WarmThroughputBringsTheShardsThatItNeeds) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "clicks",
                                           .stream_mode_details = kOnDemandMode,
                                           .warm_throughput_mibps = 9}),
              Succeeds());
  EXPECT_THAT(world.OpenShards("clicks"), SizeIs(9));
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "views",
                                           .stream_mode_details = kOnDemandMode,
                                           .warm_throughput_mibps = 3}),
              Succeeds());
  EXPECT_THAT(world.OpenShards("views"), SizeIs(4));
}

TEST(UpdateStreamWarmThroughput, IsAtMostTenGibibytesASecond) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Warm("clicks", 10240), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 10241),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Maximum allowed warm throughput is 10240 MiB/s. Requested warm throughput "
                        "(10241 MiB/s) is too high."));
  EXPECT_THAT(world.Warm("clicks", -1),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '-1' at 'warmThroughputMiBps' failed to satisfy "
                                     "constraint: Member must have value greater than or equal to "
                                     "0")));
}

TEST(UpdateStreamWarmThroughput, IsForOnDemandStreams) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.Create("orders");
  EXPECT_THAT(world.Warm("orders", 100),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream orders under account 123456789012 is not in ON_DEMAND mode. Warm "
                        "throughput is for on-demand streams only."));
  EXPECT_EQ(world.Summary("orders").warm_throughput, std::nullopt);
}

TEST(UpdateStreamWarmThroughput, IsShownForOnDemandStreamsOfCommittedAccounts) {
  SettingsWorld world;
  world.Create("orders");
  world.CreateOnDemand("clicks");
  EXPECT_EQ(world.Summary("clicks").warm_throughput, std::nullopt);
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_EQ(world.Summary("clicks").warm_throughput, WarmThroughput{});
  EXPECT_EQ(world.Summary("orders").warm_throughput, std::nullopt);
  world.Advance(absl::Hours(24));
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  EXPECT_EQ(world.Summary("clicks").warm_throughput, std::nullopt);
}

TEST(UpdateStreamWarmThroughput, CanBeGivenAtCreation) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.Commit(), Succeeds());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "clicks",
                                           .stream_mode_details = kOnDemandMode,
                                           .warm_throughput_mibps = 100}),
              Succeeds());
  EXPECT_EQ(world.Summary("clicks").warm_throughput,
            (WarmThroughput{.target_mibps = 100, .current_mibps = 100}));
  EXPECT_THAT(
      world.kinesis->CreateStream({.stream_name = "views",
                                   .stream_mode_details = kOnDemandMode,
                                   .warm_throughput_mibps = 10241}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Maximum allowed warm throughput is 10240 MiB/s. Requested warm throughput (10241 "
                "MiB/s) is too high."));
  EXPECT_THAT(
      world.kinesis->CreateStream(
          {.stream_name = "orders", .shard_count = 1, .warm_throughput_mibps = 100}),
      FailsWith(ErrorCode::kInvalidArgument,
                "WarmThroughputMiBps must not be provided for a stream in PROVISIONED mode."));
}

TEST(UpdateStreamWarmThroughput, LargestValueIsALimit) {
  EngineOptions options;
  options.limits.warm_throughput_mibps = 10;
  SettingsWorld world(options);
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Warm("clicks", 10), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 11), FailsAs(ErrorCode::kInvalidArgument));
}

TEST(UpdateStreamWarmThroughput, WithoutLimitEndsAtTheCeilingOfTheStream) {
  EngineOptions options;
  options.limits.warm_throughput_mibps = Limits::kUnlimited;
  options.limits.shards_per_on_demand_stream = 8;
  SettingsWorld world(options);
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", Limits::kUnlimited), Succeeds());
  EXPECT_THAT(world.OpenShards("clicks"), SizeIs(8));
}

}  // namespace
}  // namespace riacho
