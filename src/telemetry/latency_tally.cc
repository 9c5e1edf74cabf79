#include "telemetry/latency_tally.h"

#include <utility>
#include <vector>

namespace riacho::internal {

LatencyTally::~LatencyTally() {
  for (const std::atomic<Doubling*>& doubling : doublings_) delete doubling.load();
}

LatencyHistogram LatencyTally::Take() {
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < doublings_.size(); ++i) {
    Doubling* const doubling = doublings_[i].load(std::memory_order_acquire);  // pairs with Add
    if (doubling == nullptr) continue;
    for (std::size_t j = 0; j < kStep; ++j) {
      const std::uint32_t count =
          doubling->counts[j].load(std::memory_order_acquire);  // pairs with Add
      if (count == doubling->taken[j]) continue;
      counts.resize(i * kStep + j + 1);
      counts.back() = count - std::exchange(doubling->taken[j], count);
    }
  }
  if (counts.empty()) return {};
  const std::int64_t sum = sum_.load(std::memory_order_relaxed);
  return {std::move(counts), absl::Nanoseconds(sum - std::exchange(taken_sum_, sum)),
          absl::Nanoseconds(minimum_.load(std::memory_order_relaxed)),
          absl::Nanoseconds(maximum_.load(std::memory_order_relaxed))};
}

void LatencyTally::Clear() {
  sum_.store(0, std::memory_order_relaxed);
  minimum_.store(INT64_MAX, std::memory_order_relaxed);
  maximum_.store(INT64_MIN, std::memory_order_relaxed);
  taken_sum_ = 0;
  for (const std::atomic<Doubling*>& place : doublings_) {
    Doubling* const doubling = place.load(std::memory_order_relaxed);
    if (doubling == nullptr) continue;
    for (std::atomic<std::uint32_t>& count : doubling->counts)
      count.store(0, std::memory_order_relaxed);
    doubling->taken = {};
  }
}

}  // namespace riacho::internal
