// One execution of a few virtual threads, under the eyes of a judge.
//
// The threads are fibers: one runs at a time, and before each of its atomic operations a Chooser
// says who goes on. Memory is that of the C++ memory model, by and large: each location keeps all
// stores made to it, a load may return any that is not older than what the thread knows of (its
// view), and only synchronisation, as weak or strong as the orders written down, carries views and
// vector clocks from thread to thread. So a missing release shows even on a machine where it would
// do no harm.
//
// What is judged: races on plain memory, touching memory that has been given back or not been
// published, blocks that are never given back, threads that wait for ever, loops that do not end.
// Tests add what they know by Expect.
//
// Simplifications: read-modify-writes never fail spuriously and a failed compare-and-swap sees the
// newest store; there is no speculation and no out-of-thin-air value; a guard sees everything that
// was retired before it was entered.
//
// Confined to one real thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ucontext.h>

#include "shard/atomics.h"
#include "shard/interleaving/chooser.h"

namespace riacho::internal {

// Mistakes that an execution makes on purpose, to show that they are found.
enum class Fault : unsigned char {
  kNone,
  kPublishRelaxed,      // the store that publishes a record orders nothing
  kLinkRelaxed,         // the store that links a segment orders nothing
  kNoGuard,             // memory is given back at once, whoever looks at it
  kSealWithoutAbandon,  // a seal leaves claimed places empty
  kTrimWithoutAbandon,
  kReadWithoutAbandon,
};

class Execution {
 public:
  static constexpr std::size_t kMostThreads = 8;  // with the test's own, which is number 0
  static constexpr int kMostSteps = 20'000;

  using Clock = std::array<std::uint32_t, kMostThreads>;

  // `trace` writes down each step.
  Execution(Chooser& chooser, Fault fault, bool trace);
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution();

  // The one that is going on.
  static Execution& Current() { return *current_; }

  // Runs the bodies as threads 1, 2… until all have ended. What precedes it happens before all of
  // them, what follows after.
  void Run(const std::vector<std::function<void()>>& bodies);
  // Frees everything, and looks for what has not been given back.
  void End();

  // The first thing that went wrong; empty if nothing did.
  const std::string& violation() const { return violation_; }
  const std::vector<std::string>& trace() const { return trace_; }
  Fault fault() const { return fault_; }

  void Expect(bool condition, const std::string& what) {
    if (!condition) Violation(what);
  }
  // Lets others go on until `condition` holds. It looks at what is no checked memory.
  void WaitUntil(std::function<bool()> condition);
  // How many steps have been taken: a clock that all threads agree on.
  std::uint64_t now() const { return steps_; }
  // Notes something in the trace.
  void Note(const std::string& what);
  // From here on, this thread's attempts to abandon a place have no effect.
  void LeaveOutAbandon() { self().leaves_out_abandon = true; }

  // For CheckedAtomics. Values are the bits of what is stored.
  std::size_t AddLocation(const void* address, std::uint64_t initial);
  std::uint64_t Load(std::size_t location, std::memory_order order);
  void Store(std::size_t location, std::uint64_t value, std::memory_order order);
  // Stores change(newest) and returns the newest.
  template <typename Change>
  std::uint64_t Modify(std::size_t location, std::memory_order order, Change change);
  bool CompareExchange(std::size_t location, std::uint64_t& expected, std::uint64_t desired,
                       std::memory_order success, std::memory_order failure);
  void Fence();
  void PlainAccess(const void* address, std::size_t bytes, bool writes);
  void SetStep(LogStep step) { self().step = step; }
  bool BetweenWriteAndPublication() const { return self().step == LogStep::kAfterWrite; }
  bool leaves_out_abandon() const { return self().leaves_out_abandon; }

  void EnterGuard();
  void LeaveGuard();
  void Retire(void* object, void (*destroy)(void* object));

  void* Allocate(std::size_t bytes);
  void Free(void* memory);

 private:
  // For each location the oldest store that may still be read.
  using View = std::vector<std::uint32_t>;

  struct StoreEvent {
    std::uint64_t value = 0;
    // What an acquiring reader learns.
    Clock clock = {};
    View view = {};
  };
  struct Location {
    const char* address = nullptr;
    std::size_t creator = 0;
    std::uint32_t created = 0;
    bool dead = false;
    std::vector<StoreEvent> stores = {};
  };
  struct PlainEvent {
    const char* begin = nullptr;
    const char* end = nullptr;
    std::size_t thread = 0;
    std::uint32_t time = 0;
    bool writes = false;
  };
  struct Block {
    char* memory = nullptr;
    std::size_t bytes = 0;
    bool dead = false;
  };
  struct Retired {
    void* object = nullptr;
    void (*destroy)(void* object) = nullptr;
    std::vector<std::uint64_t> guards = {};
  };
  struct Thread {
    ucontext_t context = {};
    const std::function<void()>* body = nullptr;
    std::function<bool()> waits_for = nullptr;
    bool ended = false;
    Clock clock = {};
    View view = {};
    int guard_depth = 0;
    std::uint64_t guard = 0;
    LogStep step = LogStep::kAfterPublish;
    bool leaves_out_abandon = false;
  };
  struct Stuck {};

  Thread& self() { return *threads_[running_]; }
  const Thread& self() const { return *threads_[running_]; }

  void Violation(const std::string& what);
  void Tick() { ++self().clock[running_]; }
  void Point();
  void SwitchToNext();
  static void Entry();
  Location& Touch(std::size_t location);
  void Acquire(const Clock& clock, const View& view);
  void Append(std::size_t location, std::uint64_t value, std::memory_order order, bool modifies);
  void Kill(const void* begin, std::size_t bytes);
  void Destroy(const Retired& retired);
  void TraceAccess(const char* what, std::size_t location, std::uint64_t value);

  static inline Execution* current_ = nullptr;

  Chooser& chooser_;
  const Fault fault_;
  const bool tracing_;
  std::string violation_;
  std::vector<std::string> trace_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<std::size_t> enabled_;  // kept from step to step for its memory
  std::size_t running_ = 0;
  std::uint64_t steps_ = 0;
  bool stuck_ = false;
  bool undivided_ = false;  // others do not get their turn
  std::vector<Location> locations_;
  View strong_view_;  // the newest sequentially consistent store of each location, and what fences
                      // carry
  std::vector<PlainEvent> plain_;
  std::vector<std::pair<const char*, const char*>> dead_;
  std::vector<Block> blocks_;
  std::vector<Retired> retired_;
  std::vector<Retired> postponed_;
  std::uint64_t last_guard_ = 0;
  Clock retired_clock_ = {};
  View retired_view_;
  Clock left_clock_ = {};
  View left_view_;
};

template <typename Change>
std::uint64_t Execution::Modify(std::size_t location, std::memory_order order, Change change) {
  Point();
  const std::uint64_t old = Touch(location).stores.back().value;
  Append(location, change(old), order, true);
  TraceAccess("modify", location, change(old));
  return old;
}

}  // namespace riacho::internal
