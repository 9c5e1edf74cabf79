// DescribeLimits, DescribeAccountSettings and UpdateAccountSettings.
#include <memory>
#include <string>

#include "base/return_if_error.h"
#include "engine/engine_client.h"

namespace riacho::internal {
namespace {

// An account without a commitment has no streams with warm throughput: they come first.
absl::Status CheckNothingIsWarm(const StreamRegistry::Streams& streams,
                                const std::string& account_id) {
  for (const auto& [name, stream] : streams) {
    const std::int64_t warm = stream->settings().warm_throughput().target_mibps;
    if (warm == 0 || stream->status() == StreamStatus::kDeleting) continue;
    return MakeError(ErrorCode::kInvalidArgument,
                     "Stream " + name + " under account " + account_id +
                         " has a warm throughput of " + std::to_string(warm) +
                         " MiB/s. Change the warm throughput to 0 before disabling the minimum "
                         "throughput billing commitment.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DescribeLimitsResponse> EngineClient::DescribeLimits(
    const DescribeLimitsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<DescribeLimitsResponse> {
    const Limits& limits = account_.options.limits;
    DescribeLimitsResponse response = {
        .shard_limit = limits.shards_per_account,
        .on_demand_stream_count_limit = limits.on_demand_streams_per_account,
        .channel_count_limit = limits.channels_per_account};
    for (const std::shared_ptr<Stream>& stream : account_.streams.List(now_nanos)) {
      if (stream->mode() == StreamMode::kOnDemand) {
        ++response.on_demand_stream_count;
      } else {
        response.open_shard_count += stream->open_shard_count();
      }
    }
    return response;
  });
}

absl::StatusOr<DescribeAccountSettingsResponse> EngineClient::DescribeAccountSettings(
    const DescribeAccountSettingsRequest& request) {
  return Run(request,
             [&](std::int64_t now_nanos) -> absl::StatusOr<DescribeAccountSettingsResponse> {
               return DescribeAccountSettingsResponse{
                   .minimum_throughput_billing_commitment =
                       account_.commitment.Describe(absl::FromUnixNanos(now_nanos))};
             });
}

absl::StatusOr<UpdateAccountSettingsResponse> EngineClient::UpdateAccountSettings(
    const UpdateAccountSettingsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<UpdateAccountSettingsResponse> {
    const absl::Time now = absl::FromUnixNanos(now_nanos);
    const bool enable = request.minimum_throughput_billing_commitment->status ==
                        MinimumThroughputBillingCommitmentStatus::kEnabled;
    const absl::Status updated =
        account_.streams.Visit(now_nanos, [&](const auto& streams) -> absl::Status {
          if (enable) {
            account_.commitment.Enable(now);
            return absl::OkStatus();
          }
          RIACHO_RETURN_IF_ERROR(CheckNothingIsWarm(streams, account_.options.account_id));
          account_.commitment.Disable(now);
          return absl::OkStatus();
        });
    RIACHO_RETURN_IF_ERROR(updated);
    return UpdateAccountSettingsResponse{.minimum_throughput_billing_commitment =
                                             account_.commitment.Describe(now)};
  });
}

}  // namespace riacho::internal
