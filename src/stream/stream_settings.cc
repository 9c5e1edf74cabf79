#include "stream/stream_settings.h"

namespace riacho::internal {
namespace {

constexpr MetricsName kListed[] = {
    MetricsName::kIncomingBytes,
    MetricsName::kOutgoingRecords,
    MetricsName::kIteratorAgeMilliseconds,
    MetricsName::kIncomingRecords,
    MetricsName::kReadProvisionedThroughputExceeded,
    MetricsName::kWriteProvisionedThroughputExceeded,
    MetricsName::kOutgoingBytes,
};

}  // namespace

ShardMetrics ShardMetricsOf(const std::vector<MetricsName>& names) {
  ShardMetrics metrics;
  for (const MetricsName name : names) {
    if (name == MetricsName::kAll) return metrics.set();
    metrics.set(static_cast<std::size_t>(name));
  }
  return metrics;
}

std::vector<MetricsName> NamesOf(const ShardMetrics& metrics) {
  std::vector<MetricsName> names;
  for (const MetricsName name : kListed) {
    if (metrics.test(static_cast<std::size_t>(name))) names.push_back(name);
  }
  return names;
}

StreamSettings::StreamSettings(StreamMode mode, int max_record_size_in_kib,
                               RecordDistributionStrategy strategy,
                               std::int64_t warm_throughput_mibps)
    : mode_(mode),
      next_mode_(mode),
      record_distribution_strategy_(strategy),
      max_record_size_in_kib_(max_record_size_in_kib),
      warm_target_mibps_(warm_throughput_mibps),
      warm_current_mibps_(warm_throughput_mibps) {}

StreamSettings::State StreamSettings::Save() const {
  return {.mode = mode(),
          .next_mode = next_mode_.load(std::memory_order_acquire),
          .record_distribution_strategy = record_distribution_strategy(),
          .max_record_size_in_kib = max_record_size_in_kib(),
          .warm_target_mibps = warm_target_mibps_.load(std::memory_order_relaxed),
          .warm_current_mibps = warm_current_mibps_.load(std::memory_order_relaxed),
          .shard_metrics = shard_metrics()};
}

void StreamSettings::Restore(const State& state) {
  mode_.store(state.mode, std::memory_order_release);
  next_mode_.store(state.next_mode, std::memory_order_release);
  record_distribution_strategy_.store(state.record_distribution_strategy,
                                      std::memory_order_relaxed);
  max_record_size_in_kib_.store(state.max_record_size_in_kib, std::memory_order_relaxed);
  warm_target_mibps_.store(state.warm_target_mibps, std::memory_order_relaxed);
  warm_current_mibps_.store(state.warm_current_mibps, std::memory_order_relaxed);
  shard_metrics_.store(state.shard_metrics, std::memory_order_relaxed);
}

void StreamSettings::Begin(const SettingsChange& change) {
  if (change.mode.has_value()) next_mode_.store(*change.mode, std::memory_order_release);
  if (change.warm_throughput_mibps.has_value())
    warm_target_mibps_.store(*change.warm_throughput_mibps, std::memory_order_relaxed);
}

void StreamSettings::Apply(const SettingsChange& change) {
  if (change.mode.has_value()) mode_.store(*change.mode, std::memory_order_release);
  if (change.max_record_size_in_kib.has_value())
    max_record_size_in_kib_.store(*change.max_record_size_in_kib, std::memory_order_relaxed);
  if (change.warm_throughput_mibps.has_value())
    warm_current_mibps_.store(*change.warm_throughput_mibps, std::memory_order_relaxed);
  if (change.shard_metrics.has_value())
    shard_metrics_.store(*change.shard_metrics, std::memory_order_relaxed);
}

}  // namespace riacho::internal
