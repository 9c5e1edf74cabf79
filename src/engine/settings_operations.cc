// UpdateStreamMode, UpdateMaxRecordSize, UpdateStreamWarmThroughput,
// UpdateStreamRecordDistributionStrategy, EnableEnhancedMonitoring and DisableEnhancedMonitoring.
#include <memory>
#include <string>

#include "base/return_if_error.h"
#include "engine/engine_client.h"

namespace riacho::internal {
namespace {

template <typename Request>
absl::StatusOr<typename Request::Response> ChangeMetrics(Account& account, const Request& request,
                                                         bool enable, std::int64_t now_nanos) {
  const absl::StatusOr<std::shared_ptr<Stream>> stream =
      account.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
  RIACHO_RETURN_IF_ERROR(stream.status());
  const auto metrics =
      (*stream)->ChangeShardMetrics(ShardMetricsOf(request.shard_level_metrics), enable, now_nanos);
  RIACHO_RETURN_IF_ERROR(metrics.status());
  return typename Request::Response{.stream_name = (*stream)->name(),
                                    .current_shard_level_metrics = NamesOf(metrics->first),
                                    .desired_shard_level_metrics = NamesOf(metrics->second),
                                    .stream_arn = (*stream)->arn()};
}

}  // namespace

absl::StatusOr<UpdateStreamModeResponse> EngineClient::UpdateStreamMode(
    const UpdateStreamModeRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<UpdateStreamModeResponse> {
    const StreamMode mode = request.stream_mode_details->stream_mode;
    const std::optional<std::int64_t>& warm = request.warm_throughput_mibps;
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, std::nullopt, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    const absl::Status updated =
        account_.streams.Visit(now_nanos, [&](const auto& streams) -> absl::Status {
          if ((*stream)->status() != StreamStatus::kActive) return (*stream)->NotActive();
          if (warm.has_value()) {
            RIACHO_RETURN_IF_ERROR(account_.CheckWarmThroughput(*warm, now_nanos));
            if (mode == StreamMode::kProvisioned) {
              return MakeError(
                  ErrorCode::kInvalidArgument,
                  "WarmThroughputMiBps must not be provided for a stream in PROVISIONED mode.");
            }
          }
          return (*stream)->UpdateMode(
              mode, warm, UsageOf(streams, stream->get()),
              [&] { return account_.mode_switches.Take((*stream)->name(), now_nanos); }, now_nanos);
        });
    RIACHO_RETURN_IF_ERROR(updated);
    return UpdateStreamModeResponse{};
  });
}

absl::StatusOr<UpdateMaxRecordSizeResponse> EngineClient::UpdateMaxRecordSize(
    const UpdateMaxRecordSizeRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<UpdateMaxRecordSizeResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, std::nullopt, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR((*stream)->UpdateMaxRecordSize(
        static_cast<int>(*request.max_record_size_in_kib), now_nanos));
    return UpdateMaxRecordSizeResponse{};
  });
}

absl::StatusOr<UpdateStreamWarmThroughputResponse> EngineClient::UpdateStreamWarmThroughput(
    const UpdateStreamWarmThroughputRequest& request) {
  return Run(
      request, [&](std::int64_t now_nanos) -> absl::StatusOr<UpdateStreamWarmThroughputResponse> {
        const std::int64_t mibps = *request.warm_throughput_mibps;
        const absl::StatusOr<std::shared_ptr<Stream>> stream =
            account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
        RIACHO_RETURN_IF_ERROR(stream.status());
        const absl::StatusOr<WarmThroughput> warm =
            account_.streams.Visit(now_nanos, [&](const auto&) -> absl::StatusOr<WarmThroughput> {
              if ((*stream)->status() != StreamStatus::kActive) return (*stream)->NotActive();
              RIACHO_RETURN_IF_ERROR(account_.CheckWarmThroughput(mibps, now_nanos));
              return (*stream)->UpdateWarmThroughput(mibps, now_nanos);
            });
        RIACHO_RETURN_IF_ERROR(warm.status());
        return UpdateStreamWarmThroughputResponse{.stream_arn = (*stream)->arn(),
                                                  .stream_name = (*stream)->name(),
                                                  .warm_throughput = *warm};
      });
}

absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
EngineClient::UpdateStreamRecordDistributionStrategy(
    const UpdateStreamRecordDistributionStrategyRequest& request) {
  return Run(request,
             [&](std::int64_t now_nanos)
                 -> absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse> {
               const absl::StatusOr<std::shared_ptr<Stream>> stream =
                   account_.Share(request.kOperation, std::nullopt, request.stream_arn, now_nanos);
               RIACHO_RETURN_IF_ERROR(stream.status());
               RIACHO_RETURN_IF_ERROR((*stream)->UpdateRecordDistributionStrategy(
                   *request.record_distribution_strategy, now_nanos));
               return UpdateStreamRecordDistributionStrategyResponse{};
             });
}

absl::StatusOr<EnableEnhancedMonitoringResponse> EngineClient::EnableEnhancedMonitoring(
    const EnableEnhancedMonitoringRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) {
    return ChangeMetrics(account_, request, true, now_nanos);
  });
}

absl::StatusOr<DisableEnhancedMonitoringResponse> EngineClient::DisableEnhancedMonitoring(
    const DisableEnhancedMonitoringRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) {
    return ChangeMetrics(account_, request, false, now_nanos);
  });
}

}  // namespace riacho::internal
