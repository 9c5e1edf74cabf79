// The part of ReferenceService that changes settings of streams and of the account.
#include <algorithm>

#include "absl/time/time.h"

#include "model_based/reference_service.h"

namespace riacho::model_based {

Answer<Done> ReferenceService::UpdateStreamMode(const UpdateStreamModeRequest& request,
                                                std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  const StreamMode mode = request.stream_mode_details->stream_mode;
  if (request.warm_throughput_mibps.has_value()) {
    const Answer<Done> warm = CheckWarmThroughput(*request.warm_throughput_mibps, now_nanos);
    if (!warm.ok()) return warm;
    if (mode == StreamMode::kProvisioned) return ErrorCode::kInvalidArgument;
  }
  return stream.value->UpdateMode(
      mode, request.warm_throughput_mibps, UsageElsewhere(stream.value.get()),
      [&] {
        return TakeOfDay(mode_switches_nanos_[stream.value->name],
                         limits_.update_stream_mode_switches_per_day, now_nanos);
      },
      now_nanos);
}

Answer<Done> ReferenceService::UpdateMaxRecordSize(const UpdateMaxRecordSizeRequest& request,
                                                   std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  return stream.value->UpdateMaxRecordSize(*request.max_record_size_in_kib, now_nanos);
}

Answer<UpdateStreamWarmThroughputResponse> ReferenceService::UpdateStreamWarmThroughput(
    const UpdateStreamWarmThroughputRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.update_stream_warm_throughput_calls_per_second,
             now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  const Answer<Done> allowed = CheckWarmThroughput(*request.warm_throughput_mibps, now_nanos);
  if (!allowed.ok()) return *allowed.error;
  const Answer<WarmThroughput> warm =
      stream.value->UpdateWarmThroughput(*request.warm_throughput_mibps, now_nanos);
  if (!warm.ok()) return *warm.error;
  return UpdateStreamWarmThroughputResponse{.stream_arn = stream.value->arn,
                                            .stream_name = stream.value->name,
                                            .warm_throughput = warm.value};
}

Answer<Done> ReferenceService::UpdateStreamRecordDistributionStrategy(
    const UpdateStreamRecordDistributionStrategyRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  return stream.value->UpdateStrategy(*request.record_distribution_strategy);
}

template <typename Request>
Answer<typename Request::Response> ReferenceService::ChangeMetrics(const Request& request,
                                                                   bool enable,
                                                                   std::int64_t per_second,
                                                                   std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = FindForControl(request, per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  const auto changed = stream.value->ChangeMetrics(request.shard_level_metrics, enable, now_nanos);
  if (!changed.ok()) return *changed.error;
  return typename Request::Response{
      .stream_name = stream.value->name,
      .current_shard_level_metrics = InTheServicesOrder(changed.value.first),
      .desired_shard_level_metrics = InTheServicesOrder(changed.value.second),
      .stream_arn = stream.value->arn};
}

Answer<EnableEnhancedMonitoringResponse> ReferenceService::EnableEnhancedMonitoring(
    const EnableEnhancedMonitoringRequest& request, std::int64_t now_nanos) {
  return ChangeMetrics(request, true, limits_.enable_enhanced_monitoring_calls_per_second,
                       now_nanos);
}

Answer<DisableEnhancedMonitoringResponse> ReferenceService::DisableEnhancedMonitoring(
    const DisableEnhancedMonitoringRequest& request, std::int64_t now_nanos) {
  return ChangeMetrics(request, false, limits_.disable_enhanced_monitoring_calls_per_second,
                       now_nanos);
}

Answer<Done> ReferenceService::StartStreamEncryption(const StartStreamEncryptionRequest& request,
                                                     std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (*request.encryption_type != EncryptionType::kKms) return ErrorCode::kInvalidArgument;
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  const Answer<Done> key = keys_.CheckForStream(*request.key_id, caller_, now_nanos);
  if (!key.ok()) return key;
  return stream.value->StartEncryption(*request.key_id, now_nanos);
}

Answer<Done> ReferenceService::StopStreamEncryption(const StopStreamEncryptionRequest& request,
                                                    std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (*request.encryption_type != EncryptionType::kKms) return ErrorCode::kInvalidArgument;
  const StreamAnswer stream = FindForControl(request, Limits::kUnlimited, now_nanos);
  if (!stream.ok()) return *stream.error;
  return stream.value->StopEncryption(now_nanos);
}

std::vector<std::int64_t> ReferenceService::Moments(const ReferenceStream& stream) const {
  std::vector<std::int64_t> moments = keys_.Moments();
  for (const std::int64_t moment : stream.QuotaMoments()) moments.push_back(moment);
  const auto switches = mode_switches_nanos_.find(stream.name);
  if (switches != mode_switches_nanos_.end()) {
    for (const std::int64_t at : switches->second) moments.push_back(at + kDayNanos);
  }
  if (commitment_end_nanos_.has_value()) moments.push_back(*commitment_end_nanos_);
  if (commitment_start_nanos_.has_value()) {
    moments.push_back(*commitment_start_nanos_ +
                      absl::ToInt64Nanoseconds(limits_.minimum_commitment));
  }
  return moments;
}

// --- the account ---------------------------------------------------------------------------------

bool ReferenceService::Committed(std::int64_t now_nanos) const {
  return commitment_start_nanos_.has_value() &&
         now_nanos < commitment_end_nanos_.value_or(INT64_MAX);
}

MinimumThroughputBillingCommitmentOutput ReferenceService::DescribeCommitment(
    std::int64_t now_nanos) const {
  using Status = MinimumThroughputBillingCommitmentStatus;
  MinimumThroughputBillingCommitmentOutput output;
  if (!commitment_start_nanos_.has_value()) return output;
  output.started_at = absl::FromUnixNanos(*commitment_start_nanos_);
  if (!Committed(now_nanos)) {
    output.ended_at = absl::FromUnixNanos(*commitment_end_nanos_);
    return output;
  }
  output.status = commitment_end_nanos_.has_value() ? Status::kEnabledUntilEarliestAllowedEnd
                                                    : Status::kEnabled;
  output.earliest_allowed_end_at = *output.started_at + limits_.minimum_commitment;
  return output;
}

// Asked of whoever wants some, before anything else is looked at.
Answer<Done> ReferenceService::CheckWarmThroughput(std::int64_t mibps,
                                                   std::int64_t now_nanos) const {
  if (!Committed(now_nanos) || commitment_end_nanos_.has_value()) return ErrorCode::kValidation;
  if (mibps > limits_.warm_throughput_mibps) return ErrorCode::kInvalidArgument;
  return Done{};
}

Answer<DescribeLimitsResponse> ReferenceService::DescribeLimits(
    const DescribeLimitsRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.describe_limits_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  DescribeLimitsResponse response = {
      .shard_limit = limits_.shards_per_account,
      .on_demand_stream_count_limit = limits_.on_demand_streams_per_account,
      .channel_count_limit = limits_.channels_per_account};
  for (const auto& [name, stream] : streams_) {
    if (stream->mode == StreamMode::kOnDemand) {
      ++response.on_demand_stream_count;
    } else {
      response.open_shard_count += stream->OpenShardCount();
    }
  }
  return response;
}

Answer<MinimumThroughputBillingCommitmentOutput> ReferenceService::DescribeAccountSettings(
    const DescribeAccountSettingsRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.describe_account_settings_calls_per_second,
             now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  return DescribeCommitment(now_nanos);
}

Answer<MinimumThroughputBillingCommitmentOutput> ReferenceService::UpdateAccountSettings(
    const UpdateAccountSettingsRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.update_account_settings_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  if (*request.minimum_throughput_billing_commitment->status ==
      MinimumThroughputBillingCommitmentStatus::kEnabled) {
    if (!Committed(now_nanos)) commitment_start_nanos_ = now_nanos;
    commitment_end_nanos_.reset();
    return DescribeCommitment(now_nanos);
  }
  for (const auto& [name, stream] : streams_) {
    if (stream->status != StreamStatus::kDeleting && stream->warm.target_mibps != 0) {
      return ErrorCode::kInvalidArgument;
    }
  }
  if (commitment_start_nanos_.has_value() && !commitment_end_nanos_.has_value()) {
    commitment_end_nanos_ = std::max(
        now_nanos, *commitment_start_nanos_ + absl::ToInt64Nanoseconds(limits_.minimum_commitment));
  }
  return DescribeCommitment(now_nanos);
}

}  // namespace riacho::model_based
