// DescribeLimits, DescribeAccountSettings and UpdateAccountSettings.
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using Output = MinimumThroughputBillingCommitmentOutput;
using Status = MinimumThroughputBillingCommitmentStatus;

Output Commitment(World& world) {
  return world.kinesis->DescribeAccountSettings({}).value().minimum_throughput_billing_commitment;
}

TEST(DescribeLimits, ShowsQuotasAndWhatIsUsed) {
  SettingsWorld world;
  const DescribeLimitsResponse untouched = world.kinesis->DescribeLimits({}).value();
  EXPECT_EQ(untouched.shard_limit, 20000);
  EXPECT_EQ(untouched.open_shard_count, 0);
  EXPECT_EQ(untouched.on_demand_stream_count, 0);
  EXPECT_EQ(untouched.on_demand_stream_count_limit, 50);
  EXPECT_EQ(untouched.channel_count, 0);
  EXPECT_EQ(untouched.channel_count_limit, 100);
  world.Create("orders", 3);
  world.Create("users", 2);
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Merge("users", "0", "1"), Succeeds());
  const DescribeLimitsResponse used = world.kinesis->DescribeLimits({}).value();
  EXPECT_EQ(used.open_shard_count, 4);
  EXPECT_EQ(used.on_demand_stream_count, 1);
}

TEST(DescribeLimits, FollowsTheModesOfTheStreams) {
  SettingsWorld world(ServiceTimes());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.SwitchMode("clicks", StreamMode::kProvisioned), Succeeds());
  EXPECT_EQ(world.kinesis->DescribeLimits({}).value().on_demand_stream_count, 1);
  EXPECT_EQ(world.kinesis->DescribeLimits({}).value().open_shard_count, 0);
  world.Advance(Lifecycle::Service().update_stream);
  EXPECT_EQ(world.kinesis->DescribeLimits({}).value().on_demand_stream_count, 0);
  EXPECT_EQ(world.kinesis->DescribeLimits({}).value().open_shard_count, 4);
}

TEST(DescribeLimits, ShowsTheEnginesOwnQuotas) {
  EngineOptions options;
  options.limits.shards_per_account = 6000;
  options.limits.on_demand_streams_per_account = 10;
  options.limits.channels_per_account = 5;
  SettingsWorld world(options);
  const DescribeLimitsResponse limits = world.kinesis->DescribeLimits({}).value();
  EXPECT_EQ(limits.shard_limit, 6000);
  EXPECT_EQ(limits.on_demand_stream_count_limit, 10);
  EXPECT_EQ(limits.channel_count_limit, 5);
}

TEST(AccountSettings, UntouchedAccountIsNotCommitted) {
  SettingsWorld world;
  EXPECT_EQ(Commitment(world), Output{.status = Status::kDisabled});
  EXPECT_EQ(world.SetCommitment(Status::kDisabled).value().minimum_throughput_billing_commitment,
            Output{.status = Status::kDisabled});
}

TEST(AccountSettings, CommitmentLastsADayAtLeast) {
  SettingsWorld world;
  const absl::Time start = world.clock.TimeNow();
  const Output enabled = {.status = Status::kEnabled,
                          .started_at = start,
                          .earliest_allowed_end_at = start + absl::Hours(24)};
  EXPECT_EQ(world.SetCommitment(Status::kEnabled).value().minimum_throughput_billing_commitment,
            enabled);
  world.Advance(absl::Hours(1));
  EXPECT_EQ(Commitment(world), enabled);
  Output ending = enabled;
  ending.status = Status::kEnabledUntilEarliestAllowedEnd;
  EXPECT_EQ(world.SetCommitment(Status::kDisabled).value().minimum_throughput_billing_commitment,
            ending);
  world.Advance(absl::Hours(23) - absl::Nanoseconds(1));
  EXPECT_EQ(Commitment(world), ending);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Commitment(world), (Output{.status = Status::kDisabled,
                                       .started_at = start,
                                       .ended_at = start + absl::Hours(24)}));
}

TEST(AccountSettings, EnablingAgainCancelsAScheduledEnd) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  const Output enabled = Commitment(world);
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_EQ(Commitment(world), enabled);
  world.Advance(absl::Hours(48));
  EXPECT_EQ(Commitment(world), enabled);
}

TEST(AccountSettings, AfterADayTheCommitmentEndsAtOnce) {
  SettingsWorld world;
  const absl::Time start = world.clock.TimeNow();
  ASSERT_THAT(world.Commit(), Succeeds());
  world.Advance(absl::Hours(30));
  const Output ended = {
      .status = Status::kDisabled, .started_at = start, .ended_at = start + absl::Hours(30)};
  EXPECT_EQ(world.SetCommitment(Status::kDisabled).value().minimum_throughput_billing_commitment,
            ended);
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  EXPECT_EQ(Commitment(world), ended);
}

TEST(AccountSettings, ANewCommitmentBeginsItsOwnDay) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.Advance(absl::Hours(30));
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  world.Advance(absl::Hours(1));
  const absl::Time again = world.clock.TimeNow();
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_EQ(Commitment(world), (Output{.status = Status::kEnabled,
                                       .started_at = again,
                                       .earliest_allowed_end_at = again + absl::Hours(24)}));
}

TEST(AccountSettings, EnablingTwiceChangesNothing) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  const Output enabled = Commitment(world);
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.Commit(), Succeeds());
  EXPECT_EQ(Commitment(world), enabled);
}

TEST(AccountSettings, MinimumIsALimit) {
  EngineOptions options;
  options.limits.minimum_commitment = absl::Hours(1);
  SettingsWorld world(options);
  ASSERT_THAT(world.Commit(), Succeeds());
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  EXPECT_EQ(Commitment(world).status, Status::kDisabled);
}

TEST(AccountSettings, WarmThroughputComesToAnEndBeforeTheCommitment) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.Warm("clicks", 100), Succeeds());
  EXPECT_THAT(world.EndCommitment(),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream clicks under account 123456789012 has a warm throughput of 100 "
                        "MiB/s. Change the warm throughput to 0 before disabling the minimum "
                        "throughput billing commitment."));
  EXPECT_EQ(Commitment(world).status, Status::kEnabled);
  ASSERT_THAT(world.Warm("clicks", 0), Succeeds());
  EXPECT_THAT(world.EndCommitment(), Succeeds());
}

TEST(AccountSettings, StatusIsEnabledOrDisabled) {
  SettingsWorld world;
  EXPECT_THAT(world.SetCommitment(Status::kEnabledUntilEarliestAllowedEnd),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' at "
                                     "'minimumThroughputBillingCommitment.status' failed to "
                                     "satisfy constraint: Member must satisfy enum value set: "
                                     "[ENABLED, DISABLED]")));
  EXPECT_THAT(world.kinesis->UpdateAccountSettings({}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'minimumThroughputBillingCommitment' failed "
                                     "to satisfy constraint: Member must not be null")));
  EXPECT_THAT(world.kinesis->UpdateAccountSettings({.minimum_throughput_billing_commitment =
                                                        MinimumThroughputBillingCommitmentInput{}}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'minimumThroughputBillingCommitment.status' "
                                     "failed to satisfy constraint: Member must not be null")));
}

TEST(AccountSettings, CommittedAccountsHaveFiftyConsumersOnOnDemandStreams) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.Create("orders");
  world.CreateOnDemand("clicks");
  const auto full = [](const std::string& stream, int most) {
    return FailsWith(ErrorCode::kLimitExceeded, "Stream " + stream +
                                                    " under account 123456789012 has reached its "
                                                    "limit of " +
                                                    std::to_string(most) +
                                                    " registered consumers.");
  };
  const auto register_one = [&world](const std::string& stream, int i) {
    return world.kinesis->RegisterStreamConsumer(
        {.stream_arn = StreamArnOf(stream), .consumer_name = "c" + std::to_string(i)});
  };
  for (int i = 0; i < 50; ++i) ASSERT_THAT(register_one("clicks", i), Succeeds());
  EXPECT_THAT(register_one("clicks", 50), full("clicks", 50));
  for (int i = 0; i < 20; ++i) ASSERT_THAT(register_one("orders", i), Succeeds());
  EXPECT_THAT(register_one("orders", 20), full("orders", 20));
  // The commitment holds until its end; what there is then stays.
  ASSERT_THAT(world.EndCommitment(), Succeeds());
  EXPECT_THAT(register_one("clicks", 50), full("clicks", 50));
  world.Advance(absl::Hours(24));
  EXPECT_THAT(register_one("clicks", 50), full("clicks", 20));
  EXPECT_EQ(world.Summary("clicks").consumer_count, 50);
}

}  // namespace
}  // namespace riacho
