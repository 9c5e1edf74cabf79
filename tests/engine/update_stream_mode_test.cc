#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr StreamMode kProvisioned = StreamMode::kProvisioned;
constexpr StreamMode kOnDemand = StreamMode::kOnDemand;

StreamMode ModeOf(World& world, const std::string& stream) {
  return world.Summary(stream).stream_mode_details.stream_mode;
}

TEST(UpdateStreamMode, SwitchesInBothDirectionsAndKeepsTheShards) {
  SettingsWorld world;
  world.Create("orders", 3);
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  EXPECT_EQ(ModeOf(world, "orders"), kOnDemand);
  EXPECT_EQ(world.Describe("orders").stream_mode_details.stream_mode, kOnDemand);
  EXPECT_EQ(world.Shards("orders"), shards);
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  EXPECT_EQ(ModeOf(world, "orders"), kProvisioned);
  EXPECT_EQ(world.Shards("orders"), shards);
}

TEST(UpdateStreamMode, NewModeIsShownWithActive) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  world.Advance(Lifecycle::Service().update_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(ModeOf(world, "orders"), kProvisioned);
  EXPECT_EQ(world.Summary("orders").record_distribution_strategy, std::nullopt);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(ModeOf(world, "orders"), kOnDemand);
  EXPECT_EQ(world.Summary("orders").record_distribution_strategy,
            RecordDistributionStrategy::kUserPartitionKey);
}

TEST(UpdateStreamMode, PutsAndReadsGoOn) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  world.Put("orders", "k", "before");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  world.Put("orders", "k", "during");
  world.Advance(absl::Minutes(1));
  world.Put("orders", "k", "after");
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("before", "during", "after"));
}

TEST(UpdateStreamMode, ReshardingFollowsTheMode) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2),
              FailsWith(ErrorCode::kValidation,
                        "Request is invalid. Stream orders under account 123456789012 is in "
                        "On-Demand mode."));
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  EXPECT_THAT(world.Scale("orders", 2), Succeeds());
}

TEST(UpdateStreamMode, ThirdSwitchInADayIsRefused) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
  EXPECT_EQ(ModeOf(world, "orders"), kProvisioned);
  world.Advance(absl::Hours(23) - absl::Nanoseconds(1));
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  EXPECT_THAT(world.SwitchMode("orders", kProvisioned), FailsAs(ErrorCode::kLimitExceeded));
}

TEST(UpdateStreamMode, SwitchesOfADeletedStreamCountForItsNamesake) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders");
  world.Create("users");
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
  EXPECT_THAT(world.SwitchMode("users", kOnDemand), Succeeds());
}

TEST(UpdateStreamMode, PresentModeChangesNothingAndDoesNotCount) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  const StreamDescriptionSummary before = world.Summary("orders");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  EXPECT_EQ(world.Summary("orders"), before);
  for (const StreamMode mode : {kOnDemand, kProvisioned}) {
    EXPECT_THAT(world.SwitchMode("orders", mode), Succeeds());
    world.Advance(absl::Minutes(1));
  }
  EXPECT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
}

TEST(UpdateStreamMode, RefusedSwitchesDoNotCount) {
  EngineOptions options;
  options.limits.shards_per_account = 4;
  SettingsWorld world(options);
  world.Create("users", 2);
  world.CreateOnDemand("clicks");
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), FailsAs(ErrorCode::kLimitExceeded));
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "users"}), Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kOnDemand), Succeeds());
}

TEST(UpdateStreamMode, ShardsThatComeBackToProvisionedNeedRoomInTheAccount) {
  EngineOptions options;
  options.limits.shards_per_account = 5;
  SettingsWorld world(options);
  world.Create("users", 2);
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(2, 5, 4)));
  EXPECT_EQ(ModeOf(world, "clicks"), kOnDemand);
  ASSERT_THAT(world.Merge("users", "0", "1"), Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(5, 5, 1)));
}

TEST(UpdateStreamMode, ShardsCountForTheAccountFromTheCallOn) {
  EngineOptions options = ServiceTimes();
  options.limits.shards_per_account = 4;
  SettingsWorld world(options);
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
  ASSERT_EQ(world.Status("clicks"), StreamStatus::kUpdating);
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(4, 4, 1)));
}

TEST(UpdateStreamMode, AnAccountHasSoManyOnDemandStreams) {
  EngineOptions options = ServiceTimes();
  options.limits.on_demand_streams_per_account = 2;
  SettingsWorld world(options);
  world.Create("orders");
  world.Create("users");
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.SwitchMode("users", kOnDemand), Succeeds());  // counts while UPDATING
  const auto full =
      FailsWith(ErrorCode::kLimitExceeded,
                "This request would exceed the on-demand stream limit for the account 123456789012 "
                "in us-east-1. Current on-demand stream count for the account: 2. Limit: 2.");
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand), full);
  EXPECT_THAT(
      world.kinesis->CreateStream({.stream_name = "views", .stream_mode_details = kOnDemandMode}),
      full);
  world.Advance(absl::Minutes(1));
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand), full);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "clicks"}), Succeeds());
  world.Advance(absl::Minutes(1));
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
}

TEST(UpdateStreamMode, AutomaticDistributionComesFirstToAnEnd) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream clicks under account 123456789012 has RecordDistributionStrategy "
                        "AUTO. Change the strategy to USER_PARTITION_KEY before changing to "
                        "PROVISIONED mode."));
  ASSERT_THAT(world.SetStrategy("clicks", RecordDistributionStrategy::kUserPartitionKey),
              Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
}

TEST(UpdateStreamMode, WarmThroughputComesFirstToAnEnd) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 100), Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream clicks under account 123456789012 has a warm throughput of 100 "
                        "MiB/s. Change the warm throughput to 0 before changing to PROVISIONED "
                        "mode."));
  ASSERT_THAT(world.Warm("clicks", 0), Succeeds());
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
}

TEST(UpdateStreamMode, GivesWarmThroughputOnTheWayToOnDemand) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand, 100),
              FailsWith(ErrorCode::kValidation, kNotCommittedText));
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_THAT(
      world.SwitchMode("orders", kProvisioned, 100),
      FailsWith(ErrorCode::kInvalidArgument,
                "WarmThroughputMiBps must not be provided for a stream in PROVISIONED mode."));
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand, 100), Succeeds());
  EXPECT_EQ(world.Summary("orders").warm_throughput,
            (WarmThroughput{.target_mibps = 100, .current_mibps = 100}));
}

// Two minutes of traffic that is too much for an on-demand shard, and fifteen to react.
void DriveOneShard(SettingsWorld& world, const std::string& stream) {
  for (int second = 0; second < 120; ++second) {
    ASSERT_THAT(
        world.kinesis->PutRecord(
            {.stream_name = stream, .data = std::string(kMiB - 1, 'x'), .partition_key = "k"}),
        Succeeds());
    world.Advance(absl::Seconds(1));
  }
  world.Advance(absl::Minutes(15));
}

TEST(UpdateStreamMode, ToOnDemandBeginsToScale) {
  SettingsWorld world;
  world.Create("orders", 2);
  DriveOneShard(world, "orders");
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(2));
  ASSERT_THAT(world.SwitchMode("orders", kOnDemand), Succeeds());
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(2));
  DriveOneShard(world, "orders");
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(3));
}

TEST(UpdateStreamMode, ToProvisionedEndsScaling) {
  SettingsWorld world;
  world.CreateOnDemand("orders");
  DriveOneShard(world, "orders");
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(5));
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  DriveOneShard(world, "orders");
  world.Advance(absl::Hours(24 * 40));
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(5));
}

// The shards that it scaled to count in the quota as soon as it begins to change.
TEST(UpdateStreamMode, BringsTheShardsThatItHasIntoTheQuota) {
  EngineOptions options = ServiceTimes();
  options.limits.shards_per_account = 6;
  SettingsWorld world(options);
  world.CreateOnDemand("orders");
  world.Create("clicks", 1);
  DriveOneShard(world, "orders");
  EXPECT_THAT(world.OpenShards("orders"), SizeIs(5));
  ASSERT_THAT(world.SwitchMode("orders", kProvisioned), Succeeds());
  EXPECT_THAT(world.Halve("clicks", world.OpenShards("clicks").front()),
              FailsAs(ErrorCode::kLimitExceeded));
}

TEST(UpdateStreamMode, WarmThroughputOfAnOnDemandStreamIsNoSwitch) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  for (const std::int64_t mibps : {100, 50, 50, 0})
    ASSERT_THAT(world.SwitchMode("clicks", kOnDemand, mibps), Succeeds());
  EXPECT_EQ(world.Summary("clicks").warm_throughput, WarmThroughput{});
  EXPECT_THAT(world.SwitchMode("clicks", kProvisioned), Succeeds());
}

TEST(UpdateStreamMode, NeedsArnAndMode) {
  SettingsWorld world;
  EXPECT_THAT(
      world.kinesis->UpdateStreamMode({.stream_mode_details = kOnDemandMode}),
      FailsWith(ErrorCode::kValidation, OneViolation("Value null at 'streamARN' failed to satisfy "
                                                     "constraint: Member must not be null")));
  EXPECT_THAT(world.kinesis->UpdateStreamMode({.stream_arn = StreamArnOf("orders")}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'streamModeDetails' failed to satisfy "
                                     "constraint: Member must not be null")));
  EXPECT_THAT(world.SwitchMode("orders", kOnDemand),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

}  // namespace
}  // namespace riacho
