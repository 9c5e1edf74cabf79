// What all calls of a client together may spend on trying again.
//
// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode.
#pragma once

#include <algorithm>
#include <atomic>

namespace riacho::internal {

// Thread-safe and lock-free.
class RetryQuota {
 public:
  static constexpr int kCapacity = 500;
  static constexpr int kTransientCost = 14;
  static constexpr int kThrottlingCost = 5;
  // What a call gives back that succeeded at once.
  static constexpr int kFirstSuccess = 1;

  // Takes `cost` if it is there.
  bool Take(int cost) {
    int left = left_.load(std::memory_order_relaxed);
    while (left >= cost) {
      if (left_.compare_exchange_weak(left, left - cost, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  // After a success: what its last retry had cost, or kFirstSuccess.
  void GiveBack(int amount) {
    int left = left_.load(std::memory_order_relaxed);
    while (left < kCapacity &&
           !left_.compare_exchange_weak(left, std::min(kCapacity, left + amount),
                                        std::memory_order_relaxed)) {
    }
  }

 private:
  std::atomic<int> left_ = kCapacity;  // relaxed: nothing else depends on it
};

}  // namespace riacho::internal
