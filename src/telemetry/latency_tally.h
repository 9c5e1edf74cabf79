// Latencies as one thread counts them, for a LatencyHistogram.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "riacho/telemetry/latency_histogram.h"

namespace riacho::internal {

// The buckets between a power of two and the next are allocated when the first sample comes to one
// of them: 256 bytes, so that an operation that always takes about as long needs little memory.
class LatencyTally {
 public:
  LatencyTally() = default;
  LatencyTally(const LatencyTally&) = delete;
  LatencyTally& operator=(const LatencyTally&) = delete;
  ~LatencyTally();

  // By the thread that owns it. The bucket comes last, so that who sees a sample counted sees it in
  // the other words too.
  void Add(std::int64_t nanos) {
    sum_.store(sum_.load(std::memory_order_relaxed) + nanos, std::memory_order_relaxed);
    if (nanos < minimum_.load(std::memory_order_relaxed)) [[unlikely]]
      minimum_.store(nanos, std::memory_order_relaxed);
    if (nanos > maximum_.load(std::memory_order_relaxed)) [[unlikely]]
      maximum_.store(nanos, std::memory_order_relaxed);
    const std::size_t bucket = LatencyHistogram::BucketOf(nanos);
    std::atomic<Doubling*>& place = doublings_[bucket / kStep];
    Doubling* doubling = place.load(std::memory_order_relaxed);
    if (doubling == nullptr) [[unlikely]] {
      doubling = new Doubling();
      place.store(doubling, std::memory_order_release);  // pairs with Take
    }
    std::atomic<std::uint32_t>& count = doubling->counts[bucket % kStep];
    count.store(count.load(std::memory_order_relaxed) + 1,
                std::memory_order_release);  // pairs with Take
  }

  // What was added since the last call, with minimum and maximum of all. One caller at a time.
  LatencyHistogram Take();

  // As if nothing had ever been added; keeps its memory. Nobody else may look.
  void Clear();

 private:
  static constexpr std::size_t kStep = LatencyHistogram::kBucketsToDouble;

  struct Doubling {
    std::array<std::atomic<std::uint32_t>, kStep> counts = {};
    std::array<std::uint32_t, kStep> taken = {};
  };

  std::atomic<std::int64_t> sum_ = 0;
  std::atomic<std::int64_t> minimum_ = INT64_MAX;
  std::atomic<std::int64_t> maximum_ = INT64_MIN;
  std::int64_t taken_sum_ = 0;
  std::array<std::atomic<Doubling*>, LatencyHistogram::kBuckets / kStep> doublings_ = {};
};

}  // namespace riacho::internal
