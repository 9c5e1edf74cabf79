// How much is written: to a shard, in a span of time.
#pragma once

#include <atomic>
#include <cstdint>

namespace riacho::internal {

struct WriteTraffic {
  std::int64_t bytes = 0;  // data and partition keys
  std::int64_t records = 0;

  friend bool operator==(const WriteTraffic&, const WriteTraffic&) = default;
};

// Counts what is written until somebody takes the count. Thread-safe and wait-free. Relaxed: the
// counts publish nothing but themselves.
class TrafficMeter {
 public:
  void Add(const WriteTraffic& traffic) {
    bytes_.fetch_add(traffic.bytes, std::memory_order_relaxed);
    records_.fetch_add(traffic.records, std::memory_order_relaxed);
  }
  // What was written since the last call.
  WriteTraffic Take() {
    return {.bytes = bytes_.exchange(0, std::memory_order_relaxed),
            .records = records_.exchange(0, std::memory_order_relaxed)};
  }

  // The count so far, which stays.
  WriteTraffic Save() const {
    return {.bytes = bytes_.load(std::memory_order_relaxed),
            .records = records_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<std::int64_t> bytes_ = 0;
  std::atomic<std::int64_t> records_ = 0;
};

}  // namespace riacho::internal
