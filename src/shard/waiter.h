// Readers that sleep until a shard has something for them.
//
// A reader pushes its waiter on the shard's stack and then looks at the log once more; a writer
// that publishes, and finds the stack not empty, takes all of it and signals each. The two cannot
// miss one another: the publication and the writer's look are sequentially consistent, and a fence
// stands between the reader's push and its look. A writer without sleepers pays one load.
#pragma once

#include <atomic>
#include <cstdint>

namespace riacho::internal {

// Counted by its owner and by the stack it stands in. Signal and the destructor run on whichever
// thread is last.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void Signal() = 0;  // must neither block nor call into the log

  void Release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  template <typename A>
  friend class WaiterStack;

  std::atomic<std::uint32_t> references_ = 1;
  std::atomic<bool> queued_ = false;
  Waiter* next_ = nullptr;
};

// Lock-free: all methods.
template <typename A>
class WaiterStack {
 public:
  WaiterStack() = default;
  WaiterStack(const WaiterStack&) = delete;
  WaiterStack& operator=(const WaiterStack&) = delete;
  ~WaiterStack() { SignalAll(); }

  bool empty() const { return top_.load(std::memory_order_seq_cst) == nullptr; }

  // Adds `waiter` unless it stands in the stack already. A waiter belongs to one stack. What its
  // owner loads from now on is as new as what was published by writers that found the stack without
  // it.
  void Push(Waiter* waiter) {
    if (waiter->queued_.exchange(true, std::memory_order_acq_rel)) return;
    waiter->references_.fetch_add(1, std::memory_order_relaxed);
    waiter->next_ = top_.load(std::memory_order_relaxed);
    while (!top_.compare_exchange_weak(waiter->next_, waiter, std::memory_order_seq_cst,
                                       std::memory_order_relaxed)) {
    }
    A::Fence();  // the look that follows is made of acquire loads, which may otherwise pass the
                 // push
  }

  // Empties the stack and signals everyone who stood in it.
  void SignalAll() {
    Waiter* waiter = top_.exchange(nullptr, std::memory_order_seq_cst);
    while (waiter != nullptr) {
      Waiter* const next = waiter->next_;
      // From here on its owner may push it again.
      waiter->queued_.store(false, std::memory_order_release);
      waiter->Signal();
      waiter->Release();
      waiter = next;
    }
  }

 private:
  typename A::template Atomic<Waiter*> top_ = nullptr;
};

}  // namespace riacho::internal
