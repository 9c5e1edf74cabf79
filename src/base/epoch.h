// Epoch-based reclamation, shared by all lock-free rooms.
//
// A reader enters the epoch with a guard, loads shared pointers and follows them; a remover first
// unlinks an object, so that nobody who enters later can reach it, then retires it. It is destroyed
// when every guard that was held at that time has been left.
//
// Progress: entering and leaving are wait-free, two stores to memory of the calling thread.
// Retiring is lock-free. A thread parked inside a guard delays destruction, so memory, and nothing
// else.
#pragma once

#include <atomic>
#include <cstdint>

namespace riacho::internal {

// What one thread shows to those who want to reclaim. Records are reused by later threads and never
// freed.
struct alignas(128) EpochThread {
  std::atomic<std::uint64_t> epoch = 0;  // 0 outside of guards
  std::atomic<bool> taken = false;
  EpochThread* next = nullptr;
};

// What a thread knows of itself.
struct EpochLocal {
  EpochThread* thread = nullptr;
  std::uint32_t depth = 0;
  bool collect_on_leave = false;
};

class Epoch {
 public:
  // Destroys `object` by destroy(object) once all guards held now have been left; on any thread
  // that retires or collects.
  static void Retire(void* object, void (*destroy)(void* object));

  // Destroys what may be destroyed now; inside a guard, when it is left. For those who watch
  // memory: what could not be destroyed when it was retired waits for the next call of Retire or of
  // this.
  static void Collect();

  // Whether guards leave their barrier to the kernel, which runs it on all threads when a reclaimer
  // asks (membarrier): where Linux offers that, and no thread sanitizer watches.
  static bool asymmetric() { return kAsymmetric; }

 private:
  friend class EpochGuard;

  static void Register();                           // gives the calling thread its record
  static void EnterWithBarrier(std::uint64_t now);  // where the kernel orders nothing for us
  static const bool kAsymmetric;

  static inline std::atomic<std::uint64_t> now_ = 1;
  static inline thread_local constinit EpochLocal local_ = {};
};

// Holds the epoch for a scope. Guards of one thread may nest. Confined to the thread that made it.
class EpochGuard {
 public:
  EpochGuard() {
    EpochLocal& local = Epoch::local_;
    if (local.depth++ != 0) return;
    if (local.thread == nullptr) Epoch::Register();
    // Acquire: what was retired in an earlier epoch than `now` is seen to be unlinked
    // (Epoch::Retire).
    const std::uint64_t now = Epoch::now_.load(std::memory_order_acquire);
    // Either the reclaimer sees this store, or the loads that follow see what it unlinked: a full
    // barrier is needed between the store and those loads, here or in the reclaimer
    // (Epoch::Collect). A stale `now` only delays it.
    if (Epoch::kAsymmetric) {
      local.thread->epoch.store(now, std::memory_order_release);
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      Epoch::EnterWithBarrier(now);
    }
  }
  ~EpochGuard() {
    EpochLocal& local = Epoch::local_;
    if (--local.depth != 0) return;
    // Pairs with the acquire load in Epoch::Collect: what this thread read happens before
    // destruction.
    local.thread->epoch.store(0, std::memory_order_release);
    if (local.collect_on_leave) Epoch::Collect();
  }
  EpochGuard(const EpochGuard&) = delete;
  EpochGuard& operator=(const EpochGuard&) = delete;
};

}  // namespace riacho::internal
