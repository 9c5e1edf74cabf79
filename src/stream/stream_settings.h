// What of a stream can be changed without touching its shards or its records.
#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "riacho/model/stream_description.h"

namespace riacho::internal {

// Shard-level metrics, one bit each.
using ShardMetrics = std::bitset<static_cast<std::size_t>(MetricsName::kAll)>;

// ALL stands for each of them.
ShardMetrics ShardMetricsOf(const std::vector<MetricsName>& names);
// In the order in which the service lists them, without ALL.
std::vector<MetricsName> NamesOf(const ShardMetrics& metrics);

// New values that become visible when the stream is ACTIVE again; what is absent stays as it is.
struct SettingsChange {
  std::optional<StreamMode> mode = {};
  std::optional<int> max_record_size_in_kib = {};
  std::optional<std::int64_t> warm_throughput_mibps = {};
  std::optional<ShardMetrics> shard_metrics = {};
};

// Reads are lock-free, from any thread. Writes come from the holder of the stream's mutex.
class StreamSettings {
 public:
  struct State {
    StreamMode mode = StreamMode::kProvisioned;
    StreamMode next_mode = StreamMode::kProvisioned;
    RecordDistributionStrategy record_distribution_strategy =
        RecordDistributionStrategy::kUserPartitionKey;
    int max_record_size_in_kib = 0;
    std::int64_t warm_target_mibps = 0;
    std::int64_t warm_current_mibps = 0;
    ShardMetrics shard_metrics = {};
  };

  StreamSettings(StreamMode mode, int max_record_size_in_kib, RecordDistributionStrategy strategy,
                 std::int64_t warm_throughput_mibps);

  State Save() const;
  void Restore(const State& state);

  StreamMode mode() const { return mode_.load(std::memory_order_acquire); }
  // Whether the stream takes a place among those of `mode` in the account's quotas: it is in that
  // mode, or changes to it.
  bool CountsAs(StreamMode mode) const {
    return this->mode() == mode || next_mode_.load(std::memory_order_acquire) == mode;
  }
  int max_record_size_in_kib() const {
    return max_record_size_in_kib_.load(std::memory_order_relaxed);
  }
  RecordDistributionStrategy record_distribution_strategy() const {
    return record_distribution_strategy_.load(std::memory_order_relaxed);
  }
  // The target counts from the call that sets it on.
  WarmThroughput warm_throughput() const {
    return {.target_mibps = warm_target_mibps_.load(std::memory_order_relaxed),
            .current_mibps = warm_current_mibps_.load(std::memory_order_relaxed)};
  }
  ShardMetrics shard_metrics() const { return shard_metrics_.load(std::memory_order_relaxed); }

  // What of a change counts as soon as it has begun: quotas and targets.
  void Begin(const SettingsChange& change);
  // The rest, when the stream becomes ACTIVE.
  void Apply(const SettingsChange& change);
  // At once.
  void SetRecordDistributionStrategy(RecordDistributionStrategy strategy) {
    record_distribution_strategy_.store(strategy, std::memory_order_relaxed);
  }

 private:
  std::atomic<StreamMode> mode_;
  std::atomic<StreamMode> next_mode_;
  std::atomic<RecordDistributionStrategy> record_distribution_strategy_;
  std::atomic<int> max_record_size_in_kib_;
  std::atomic<std::int64_t> warm_target_mibps_;
  std::atomic<std::int64_t> warm_current_mibps_;
  std::atomic<ShardMetrics> shard_metrics_ = ShardMetrics();
};

}  // namespace riacho::internal
