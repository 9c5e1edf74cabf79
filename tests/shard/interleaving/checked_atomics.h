// Atomics that tell an Execution about everything done to them: what the shard log is checked with.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "shard/atomics.h"
#include "shard/interleaving/execution.h"
#include "shard/segment.h"

namespace riacho::internal {

template <typename T>
class CheckedAtomic {
 public:
  CheckedAtomic(T initial = {})  // NOLINT(google-explicit-constructor): as std::atomic has it
      : location_(Execution::Current().AddLocation(this, Bits(initial))) {}
  CheckedAtomic(const CheckedAtomic&) = delete;
  CheckedAtomic& operator=(const CheckedAtomic&) = delete;

  T load(std::memory_order order) const {
    return Value(Execution::Current().Load(location_, order));
  }
  void store(T value, std::memory_order order) {
    Execution::Current().Store(location_, Bits(value), order);
  }
  T exchange(T value, std::memory_order order) {
    return Value(Execution::Current().Modify(location_, order,
                                             [value](std::uint64_t) { return Bits(value); }));
  }
  T fetch_add(T n, std::memory_order order) {
    return Value(Execution::Current().Modify(
        location_, order, [n](std::uint64_t old) { return Bits(static_cast<T>(Value(old) + n)); }));
  }
  T fetch_sub(T n, std::memory_order order) {
    return Value(Execution::Current().Modify(
        location_, order, [n](std::uint64_t old) { return Bits(static_cast<T>(Value(old) - n)); }));
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure) {
    Execution& execution = Execution::Current();
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      // Segment::kAbandoned. A lost claim looks the same to the thread, whether it is carried out
      // or not.
      if (desired == 1 && execution.leaves_out_abandon()) return load(failure) == expected;
      if (execution.fault() == Fault::kPublishRelaxed && execution.BetweenWriteAndPublication()) {
        success = std::memory_order_relaxed;
      }
    }
    if constexpr (std::is_pointer_v<T>) {
      if (execution.fault() == Fault::kLinkRelaxed && expected == nullptr)
        success = std::memory_order_relaxed;
    }
    std::uint64_t bits = Bits(expected);
    const bool exchanged =
        execution.CompareExchange(location_, bits, Bits(desired), success, failure);
    expected = Value(bits);
    return exchanged;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order) {
    return compare_exchange_strong(expected, desired, order, FailureOrder(order));
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure) {
    return compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order) {
    return compare_exchange_strong(expected, desired, order, FailureOrder(order));
  }

 private:
  static std::memory_order FailureOrder(std::memory_order order) {
    if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
    if (order == std::memory_order_release) return std::memory_order_relaxed;
    return order;
  }
  static std::uint64_t Bits(T value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(value));
    return bits;
  }
  static T Value(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
  }

  std::size_t location_;
};

struct CheckedAtomics {
  template <typename T>
  using Atomic = CheckedAtomic<T>;

  static constexpr int kPatience = 1;

  class Guard {
   public:
    Guard() { Execution::Current().EnterGuard(); }
    ~Guard() { Execution::Current().LeaveGuard(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
  };

  static void Retire(void* object, void (*destroy)(void* object)) {
    Execution::Current().Retire(object, destroy);
  }
  static void Fence() { Execution::Current().Fence(); }
  static void Pause() {}
  static void Step(LogStep step) { Execution::Current().SetStep(step); }
  static void PlainWrite(const void* address, std::size_t bytes) {
    Execution::Current().PlainAccess(address, bytes, true);
  }
  static void PlainRead(const void* address, std::size_t bytes) {
    Execution::Current().PlainAccess(address, bytes, false);
  }
};

// Blocks whose use after they have been given back is found.
struct CheckedMemory {
  static void* Allocate(std::size_t bytes) { return Execution::Current().Allocate(bytes); }
  static void Free(void* memory, std::size_t) { Execution::Current().Free(memory); }
  static void Refused() {}
};

}  // namespace riacho::internal
