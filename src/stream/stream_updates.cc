// The part of Stream that changes its settings.
#include <algorithm>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {

absl::Status CheckOnDemandQuota(const Limits& limits, const std::string& account_id,
                                const std::string& region, std::int64_t present) {
  const std::int64_t limit = limits.on_demand_streams_per_account;
  if (present < limit) return absl::OkStatus();
  return MakeError(ErrorCode::kLimitExceeded,
                   "This request would exceed the on-demand stream limit for the account " +
                       account_id + " in " + region +
                       ". Current on-demand stream count for the account: " +
                       std::to_string(present) + ". Limit: " + std::to_string(limit) + ".");
}

// A provisioned stream routes by key and has no warm throughput: whoever relies on either must give
// it up first, rather than find it gone.
absl::Status Stream::CheckNothingNeedsOnDemand() const {
  const auto refuse = [this](const std::string& what) {
    return MakeError(ErrorCode::kInvalidArgument, "Stream " + options_.name + " under account " +
                                                      options_.account_id + " " + what +
                                                      " before changing to PROVISIONED mode.");
  };
  if (settings_.record_distribution_strategy() == RecordDistributionStrategy::kAuto) {
    return refuse("has RecordDistributionStrategy AUTO. Change the strategy to USER_PARTITION_KEY");
  }
  if (const std::int64_t warm = settings_.warm_throughput().target_mibps; warm != 0) {
    return refuse("has a warm throughput of " + std::to_string(warm) +
                  " MiB/s. Change the warm throughput to 0");
  }
  return absl::OkStatus();
}

// It is lowered to no less than the traffic of the last hour had at its peak, but may be given up.
std::int64_t Stream::WarmTarget(std::int64_t requested_mibps, std::int64_t now_nanos) const {
  const std::int64_t present = settings_.warm_throughput().target_mibps;
  if (requested_mibps >= present || requested_mibps == 0) return requested_mibps;
  return std::clamp(scaling_.PeakOfLastHourMiBps(now_nanos), requested_mibps, present);
}

absl::Status Stream::UpdateMode(StreamMode next, std::optional<std::int64_t> warm_throughput_mibps,
                                const AccountUsage& elsewhere,
                                absl::FunctionRef<bool()> take_switch, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  SettingsChange change;
  if (warm_throughput_mibps.has_value()) {
    const std::int64_t target = WarmTarget(*warm_throughput_mibps, now_nanos);
    if (target != settings_.warm_throughput().target_mibps) change.warm_throughput_mibps = target;
  }
  if (next != mode()) {
    change.mode = next;
    if (next == StreamMode::kProvisioned) {
      RIACHO_RETURN_IF_ERROR(CheckNothingNeedsOnDemand());
      RIACHO_RETURN_IF_ERROR(CheckShardQuota(options_.limits, options_.account_id, options_.region,
                                             elsewhere.shards, open_shard_count()));
    } else {
      RIACHO_RETURN_IF_ERROR(CheckOnDemandQuota(options_.limits, options_.account_id,
                                                options_.region, elsewhere.on_demand_streams));
    }
    if (!take_switch()) return RateExceeded();
    claimed_shard_count_.store(open_shard_count(), std::memory_order_relaxed);
  }
  if (change.mode.has_value() || change.warm_throughput_mibps.has_value())
    StartUpdate({.kind = Transition::Kind::kSettings, .settings = change}, now_nanos);
  return absl::OkStatus();
}

absl::Status Stream::UpdateMaxRecordSize(int kib, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (kib == settings_.max_record_size_in_kib()) return absl::OkStatus();
  StartUpdate({.kind = Transition::Kind::kSettings, .settings = {.max_record_size_in_kib = kib}},
              now_nanos);
  return absl::OkStatus();
}

absl::StatusOr<WarmThroughput> Stream::UpdateWarmThroughput(std::int64_t mibps,
                                                            std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (mode() != StreamMode::kOnDemand) {
    return MakeError(ErrorCode::kInvalidArgument, "Stream " + options_.name + " under account " +
                                                      options_.account_id +
                                                      " is not in ON_DEMAND mode. Warm throughput "
                                                      "is for on-demand streams only.");
  }
  const WarmThroughput before = settings_.warm_throughput();
  const std::int64_t target = WarmTarget(mibps, now_nanos);
  if (target != before.target_mibps) {
    StartUpdate(
        {.kind = Transition::Kind::kSettings, .settings = {.warm_throughput_mibps = target}},
        now_nanos);
  }
  return WarmThroughput{.target_mibps = target, .current_mibps = before.current_mibps};
}

absl::Status Stream::UpdateRecordDistributionStrategy(RecordDistributionStrategy strategy,
                                                      std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (strategy == RecordDistributionStrategy::kAuto && mode() != StreamMode::kOnDemand) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Stream " + options_.name + " under account " + options_.account_id +
                         " is not in ON_DEMAND mode. RecordDistributionStrategy AUTO is for "
                         "on-demand streams only.");
  }
  settings_.SetRecordDistributionStrategy(strategy);
  return absl::OkStatus();
}

absl::StatusOr<std::pair<ShardMetrics, ShardMetrics>> Stream::ChangeShardMetrics(
    const ShardMetrics& metrics, bool enable, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  const ShardMetrics before = settings_.shard_metrics();
  const ShardMetrics after = enable ? before | metrics : before & ~metrics;
  if (after != before) {
    StartUpdate({.kind = Transition::Kind::kSettings, .settings = {.shard_metrics = after}},
                now_nanos);
  }
  return std::pair(before, after);
}

void Stream::ApplySettings(const SettingsChange& change, std::int64_t now_nanos) {
  settings_.Apply(change);
  if (change.mode.has_value()) FollowMode(now_nanos);
  if (!change.max_record_size_in_kib.has_value()) return;
  // Shards that are not listed yet follow when they are: see ShowReshard.
  const EpochGuard guard;
  for (const std::shared_ptr<LiveShard>& shard : map().listed())
    shard->throttle.SetLargestRecord(max_record_bytes());
}

}  // namespace riacho::internal
