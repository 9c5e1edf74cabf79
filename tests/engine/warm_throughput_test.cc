// UpdateStreamWarmThroughput, and warm throughput at CreateStream.
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

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
  world.Advance(Lifecycle::Service().update_stream - absl::Nanoseconds(1));
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

}  // namespace
}  // namespace riacho
