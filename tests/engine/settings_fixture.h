// What tests of settings do first, on top of RecordWorld.
//
//   SettingsWorld world;
//   world.CreateOnDemand("clicks");
//   EXPECT_THAT(world.SwitchMode("clicks", StreamMode::kProvisioned), Succeeds());
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/record_fixture.h"

namespace riacho {

inline constexpr StreamModeDetails kOnDemandMode = {.stream_mode = StreamMode::kOnDemand};
inline constexpr char kNotCommittedText[] =
    "Account 123456789012 is not enabled for minimum throughput billing commitment";

class SettingsWorld : public RecordWorld {
 public:
  using RecordWorld::RecordWorld;

  absl::Status SwitchMode(const std::string& stream, StreamMode mode,
                          std::optional<std::int64_t> warm_throughput_mibps = {}) {
    return kinesis
        ->UpdateStreamMode({.stream_arn = StreamArnOf(stream),
                            .stream_mode_details = StreamModeDetails{.stream_mode = mode},
                            .warm_throughput_mibps = warm_throughput_mibps})
        .status();
  }
  absl::Status SetMaxRecordSize(const std::string& stream, std::int64_t kib) {
    return kinesis
        ->UpdateMaxRecordSize({.stream_arn = StreamArnOf(stream), .max_record_size_in_kib = kib})
        .status();
  }
  absl::StatusOr<UpdateStreamWarmThroughputResponse> Warm(const std::string& stream,
                                                          std::int64_t mibps) {
    return kinesis->UpdateStreamWarmThroughput(
        {.stream_name = stream, .warm_throughput_mibps = mibps});
  }
  absl::Status SetStrategy(const std::string& stream, RecordDistributionStrategy strategy) {
    return kinesis
        ->UpdateStreamRecordDistributionStrategy(
            {.stream_arn = StreamArnOf(stream), .record_distribution_strategy = strategy})
        .status();
  }
  absl::StatusOr<EnableEnhancedMonitoringResponse> Enable(const std::string& stream,
                                                          std::vector<MetricsName> metrics) {
    return kinesis->EnableEnhancedMonitoring(
        {.stream_name = stream, .shard_level_metrics = std::move(metrics)});
  }
  absl::StatusOr<DisableEnhancedMonitoringResponse> Disable(const std::string& stream,
                                                            std::vector<MetricsName> metrics) {
    return kinesis->DisableEnhancedMonitoring(
        {.stream_name = stream, .shard_level_metrics = std::move(metrics)});
  }

  absl::StatusOr<UpdateAccountSettingsResponse> SetCommitment(
      MinimumThroughputBillingCommitmentStatus status) {
    return kinesis->UpdateAccountSettings(
        {.minimum_throughput_billing_commitment =
             MinimumThroughputBillingCommitmentInput{.status = status}});
  }
  absl::Status Commit() {
    return SetCommitment(MinimumThroughputBillingCommitmentStatus::kEnabled).status();
  }
  absl::Status EndCommitment() {
    return SetCommitment(MinimumThroughputBillingCommitmentStatus::kDisabled).status();
  }

  // An AUTO stream.
  void CreateAutomatic(const std::string& name) {
    CreateOnDemand(name);
    ASSERT_THAT(SetStrategy(name, RecordDistributionStrategy::kAuto), Succeeds());
  }

  absl::Status AddTags(const std::string& stream, const std::map<std::string, std::string>& tags) {
    return kinesis->AddTagsToStream({.stream_name = stream, .tags = tags}).status();
  }
  absl::Status Tag(const std::string& arn, const std::map<std::string, std::string>& tags) {
    return kinesis->TagResource({.tags = tags, .resource_arn = arn}).status();
  }
  absl::Status Untag(const std::string& arn, const std::vector<std::string>& keys) {
    return kinesis->UntagResource({.tag_keys = keys, .resource_arn = arn}).status();
  }
  std::vector<riacho::Tag> TagsOf(const std::string& arn) {
    return kinesis->ListTagsForResource({.resource_arn = arn}).value().tags;
  }
};

}  // namespace riacho
