// EnableEnhancedMonitoring and DisableEnhancedMonitoring.
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

// All seven, in the order in which they are listed.
const std::vector<MetricsName>& AllMetrics() {
  static const auto* const kAll =
      new std::vector<MetricsName>{MetricsName::kIncomingBytes,
                                   MetricsName::kOutgoingRecords,
                                   MetricsName::kIteratorAgeMilliseconds,
                                   MetricsName::kIncomingRecords,
                                   MetricsName::kReadProvisionedThroughputExceeded,
                                   MetricsName::kWriteProvisionedThroughputExceeded,
                                   MetricsName::kOutgoingBytes};
  return *kAll;
}

std::vector<MetricsName> MetricsOf(World& world, const std::string& stream) {
  const StreamDescription description = world.Describe(stream);
  EXPECT_EQ(description.enhanced_monitoring, world.Summary(stream).enhanced_monitoring);
  EXPECT_EQ(description.enhanced_monitoring.size(), 1U);
  return description.enhanced_monitoring.front().shard_level_metrics;
}

TEST(EnhancedMonitoring, IsOffAtFirst) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(MetricsOf(world, "orders"), IsEmpty());
}

TEST(EnhancedMonitoring, EnableAddsAndDisableTakesAway) {
  SettingsWorld world;
  world.Create("orders");
  const auto first = world.Enable("orders", {MetricsName::kOutgoingBytes}).value();
  EXPECT_EQ(first.stream_name, "orders");
  EXPECT_EQ(first.stream_arn, StreamArnOf("orders"));
  EXPECT_THAT(first.current_shard_level_metrics, IsEmpty());
  EXPECT_THAT(first.desired_shard_level_metrics, ElementsAre(MetricsName::kOutgoingBytes));
  const auto second =
      world.Enable("orders", {MetricsName::kOutgoingBytes, MetricsName::kIncomingBytes}).value();
  EXPECT_THAT(second.current_shard_level_metrics, ElementsAre(MetricsName::kOutgoingBytes));
  EXPECT_THAT(second.desired_shard_level_metrics,
              ElementsAre(MetricsName::kIncomingBytes, MetricsName::kOutgoingBytes));
  const auto third =
      world.Disable("orders", {MetricsName::kOutgoingBytes, MetricsName::kIncomingRecords}).value();
  EXPECT_EQ(third.stream_name, "orders");
  EXPECT_EQ(third.stream_arn, StreamArnOf("orders"));
  EXPECT_THAT(third.current_shard_level_metrics,
              ElementsAre(MetricsName::kIncomingBytes, MetricsName::kOutgoingBytes));
  EXPECT_THAT(third.desired_shard_level_metrics, ElementsAre(MetricsName::kIncomingBytes));
  EXPECT_THAT(MetricsOf(world, "orders"), ElementsAre(MetricsName::kIncomingBytes));
}

TEST(EnhancedMonitoring, AllStandsForEachOfThemInTheServicesOrder) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.Enable("orders", {MetricsName::kAll}).value().desired_shard_level_metrics,
              ElementsAreArray(AllMetrics()));
  EXPECT_THAT(MetricsOf(world, "orders"), ElementsAreArray(AllMetrics()));
  EXPECT_THAT(world.Disable("orders", {MetricsName::kAll}).value().desired_shard_level_metrics,
              IsEmpty());
  EXPECT_THAT(MetricsOf(world, "orders"), IsEmpty());
  for (const MetricsName name : AllMetrics())
    ASSERT_THAT(world.Enable("orders", {name}), Succeeds());
  EXPECT_THAT(MetricsOf(world, "orders"), ElementsAreArray(AllMetrics()));
}

TEST(EnhancedMonitoring, NewMetricsAreShownWithActive) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Enable("orders", {MetricsName::kIncomingBytes}), Succeeds());
  world.Advance(Lifecycle::Service().update_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_THAT(MetricsOf(world, "orders"), IsEmpty());
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_THAT(MetricsOf(world, "orders"), ElementsAre(MetricsName::kIncomingBytes));
}

TEST(EnhancedMonitoring, WhatIsSoAlreadyChangesNothing) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  EXPECT_THAT(world.Disable("orders", {MetricsName::kAll}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  ASSERT_THAT(world.Enable("orders", {MetricsName::kAll}), Succeeds());
  world.Advance(absl::Minutes(1));
  EXPECT_THAT(world.Enable("orders", {MetricsName::kOutgoingBytes}), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
}

TEST(EnhancedMonitoring, TakesOneToSevenMetrics) {
  SettingsWorld world;
  world.Create("orders");
  const auto too_few = FailsWith(ErrorCode::kValidation,
                                 OneViolation("Value '[]' at 'shardLevelMetrics' failed to satisfy "
                                              "constraint: Member must have length greater than or "
                                              "equal to 1"));
  EXPECT_THAT(world.Enable("orders", {}), too_few);
  EXPECT_THAT(world.Disable("orders", {}), too_few);
  const std::vector<MetricsName> eight(8, MetricsName::kAll);
  EXPECT_THAT(world.Enable("orders", eight), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.Disable("orders", eight), FailsAs(ErrorCode::kValidation));
}

TEST(EnhancedMonitoring, UnknownStreamIsNotFound) {
  SettingsWorld world;
  const auto not_found = FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders"));
  EXPECT_THAT(world.Enable("orders", {MetricsName::kAll}), not_found);
  EXPECT_THAT(world.Disable("orders", {MetricsName::kAll}), not_found);
}

}  // namespace
}  // namespace riacho
