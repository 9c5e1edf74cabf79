#include "shard/interleaving/execution.h"

#include <algorithm>
#include <exception>
#include <new>
#include <sstream>

#include <malloc.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

bool Acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}

bool Releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

void Join(Execution::Clock& clock, const Execution::Clock& other) {
  for (std::size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], other[i]);
}

void Join(std::vector<std::uint32_t>& view, const std::vector<std::uint32_t>& other) {
  if (view.size() < other.size()) view.resize(other.size());
  for (std::size_t i = 0; i < other.size(); ++i) view[i] = std::max(view[i], other[i]);
}

std::uint32_t At(const std::vector<std::uint32_t>& view, std::size_t location) {
  return location < view.size() ? view[location] : 0;
}

void Raise(std::vector<std::uint32_t>& view, std::size_t location, std::uint32_t store) {
  if (view.size() <= location) view.resize(location + 1);
  view[location] = std::max(view[location], store);
}

// Stacks are used by one execution after the other.
char* Stack(std::size_t thread) {
  static std::array<std::unique_ptr<char[]>, Execution::kMostThreads> stacks;
  if (stacks[thread] == nullptr) stacks[thread] = std::make_unique<char[]>(kStackBytes);
  return stacks[thread].get();
}

}  // namespace

Execution::Execution(Chooser& chooser, Fault fault, bool trace)
    : chooser_(chooser), fault_(fault), tracing_(trace) {
  RIACHO_CHECK(current_ == nullptr);
  current_ = this;
  threads_.push_back(std::make_unique<Thread>());
}

Execution::~Execution() { current_ = nullptr; }

void Execution::Violation(const std::string& what) {
  if (!violation_.empty()) return;
  violation_ = what;
  Note("VIOLATION: " + what);
}

void Execution::Note(const std::string& what) {
  if (tracing_) trace_.push_back(std::to_string(running_) + ": " + what);
}

void Execution::TraceAccess(const char* what, std::size_t location, std::uint64_t value) {
  if (!tracing_) return;
  std::ostringstream line;
  line << what << " #" << location << std::hex << " 0x" << value;
  Note(line.str());
}

void Execution::Run(const std::vector<std::function<void()>>& bodies) {
  RIACHO_CHECK(bodies.size() < kMostThreads);
  for (std::size_t i = 1; i <= bodies.size(); ++i) {
    auto thread = std::make_unique<Thread>();
    thread->body = &bodies[i - 1];
    thread->clock = self().clock;
    thread->view = self().view;
    thread->clock[i] = 1;
    getcontext(&thread->context);
    thread->context.uc_stack.ss_sp = Stack(i);
    thread->context.uc_stack.ss_size = kStackBytes;
    thread->context.uc_link = nullptr;
    makecontext(&thread->context, &Execution::Entry, 0);
    threads_.push_back(std::move(thread));
  }
  threads_[0]->ended = true;  // it goes on when all others have ended
  SwitchToNext();
  threads_[0]->ended = false;
  for (const auto& thread : threads_) {
    Join(self().clock, thread->clock);
    Join(self().view, thread->view);
  }
}

void Execution::Entry() {
  try {
    (*current_->self().body)();
  } catch (const Stuck&) {
  }
  current_->self().ended = true;
  current_->SwitchToNext();
}

void Execution::SwitchToNext() {
  std::vector<std::size_t>& enabled = enabled_;
  enabled.clear();
  bool all_ended = true;
  for (std::size_t i = 1; i < threads_.size(); ++i) {
    Thread& thread = *threads_[i];
    if (thread.ended) continue;
    all_ended = false;
    if (stuck_ || thread.waits_for == nullptr || thread.waits_for()) enabled.push_back(i);
  }
  std::size_t next = 0;
  if (!all_ended) {
    if (enabled.empty()) {
      Violation("everybody waits");
      stuck_ = true;
      for (std::size_t i = 1; i < threads_.size(); ++i) {
        if (!threads_[i]->ended) enabled.push_back(i);
      }
    }
    next = stuck_ ? enabled.front() : chooser_.PickThread(enabled, running_);
  }
  if (next != running_) {
    Thread& from = self();
    running_ = next;
    swapcontext(&from.context, &threads_[next]->context);
  }
  if (stuck_ && running_ != 0 && !self().ended) throw Stuck{};
}

// Before each step of a thread: who takes the next one?
void Execution::Point() {
  ++steps_;
  if (running_ == 0 || undivided_ || std::uncaught_exceptions() > 0) return;
  if (steps_ > kMostSteps && !stuck_) {
    Violation("too many steps: does this loop end?");
    stuck_ = true;
  }
  SwitchToNext();
}

void Execution::WaitUntil(std::function<bool()> condition) {
  self().waits_for = std::move(condition);
  Point();
  self().waits_for = nullptr;
}

std::size_t Execution::AddLocation(const void* address, std::uint64_t initial) {
  Tick();
  locations_.push_back({.address = static_cast<const char*>(address),
                        .creator = running_,
                        .created = self().clock[running_],
                        .dead = false,
                        .stores = {{.value = initial, .clock = {}, .view = {}}}});
  return locations_.size() - 1;
}

Execution::Location& Execution::Touch(std::size_t location) {
  Tick();
  Location& touched = locations_[location];
  if (touched.dead) Violation("use of an atomic after its memory was given back");
  if (touched.created > self().clock[touched.creator])
    Violation("use of an atomic that was not published");
  return touched;
}

void Execution::Acquire(const Clock& clock, const View& view) {
  Join(self().clock, clock);
  Join(self().view, view);
}

std::uint64_t Execution::Load(std::size_t location, std::memory_order order) {
  Point();
  const Location& touched = Touch(location);
  const auto newest = static_cast<std::uint32_t>(touched.stores.size() - 1);
  std::uint32_t oldest = At(self().view, location);
  if (order == std::memory_order_seq_cst) oldest = std::max(oldest, At(strong_view_, location));
  std::uint32_t read = newest;
  if (running_ != 0 && !undivided_)
    read -= static_cast<std::uint32_t>(chooser_.PickStaleness(newest - oldest));
  const StoreEvent& store = touched.stores[read];
  Raise(self().view, location, read);
  if (Acquires(order)) Acquire(store.clock, store.view);
  TraceAccess(read == newest ? "load" : "stale load", location, store.value);
  return store.value;
}

// Adds a store. One that modifies what it has read belongs to the release sequences of that.
void Execution::Append(std::size_t location, std::uint64_t value, std::memory_order order,
                       bool modifies) {
  Location& touched = locations_[location];
  StoreEvent event = {.value = value, .clock = {}, .view = {}};
  if (modifies) {
    event.clock = touched.stores.back().clock;
    event.view = touched.stores.back().view;
    if (Acquires(order)) Acquire(event.clock, event.view);
  }
  const auto index = static_cast<std::uint32_t>(touched.stores.size());
  Raise(self().view, location, index);
  if (Releases(order)) {
    Join(event.clock, self().clock);
    Join(event.view, self().view);
  }
  if (order == std::memory_order_seq_cst) Raise(strong_view_, location, index);
  touched.stores.push_back(std::move(event));
}

void Execution::Store(std::size_t location, std::uint64_t value, std::memory_order order) {
  Point();
  Touch(location);
  Append(location, value, order, false);
  TraceAccess("store", location, value);
}

bool Execution::CompareExchange(std::size_t location, std::uint64_t& expected,
                                std::uint64_t desired, std::memory_order success,
                                std::memory_order failure) {
  Point();
  const StoreEvent& newest = Touch(location).stores.back();
  if (newest.value == expected) {
    Append(location, desired, success, true);
    TraceAccess("exchange", location, desired);
    return true;
  }
  expected = newest.value;
  Raise(self().view, location, static_cast<std::uint32_t>(locations_[location].stores.size() - 1));
  if (Acquires(failure)) Acquire(newest.clock, newest.view);
  TraceAccess("failed exchange", location, expected);
  return false;
}

void Execution::Fence() {
  Point();
  Join(self().view, strong_view_);
  strong_view_ = self().view;
}

void Execution::PlainAccess(const void* address, std::size_t bytes, bool writes) {
  Tick();
  const auto* const begin = static_cast<const char*>(address);
  const char* const end = begin + bytes;
  for (const auto& [dead_begin, dead_end] : dead_) {
    if (begin < dead_end && dead_begin < end) Violation("use of memory after it was given back");
  }
  for (const PlainEvent& event : plain_) {
    if (begin >= event.end || event.begin >= end || !(writes || event.writes)) continue;
    if (event.time > self().clock[event.thread]) Violation("race on plain memory");
  }
  plain_.push_back({.begin = begin,
                    .end = end,
                    .thread = running_,
                    .time = self().clock[running_],
                    .writes = writes});
  Note(writes ? "write" : "read");
}

void Execution::EnterGuard() {
  if (fault_ == Fault::kNoGuard || self().guard_depth++ != 0) return;
  self().guard = ++last_guard_;
  Acquire(retired_clock_, retired_view_);
}

void Execution::LeaveGuard() {
  if (fault_ == Fault::kNoGuard || --self().guard_depth != 0) return;
  Tick();
  Join(left_clock_, self().clock);
  Join(left_view_, self().view);
  const std::uint64_t left = std::exchange(self().guard, 0);
  for (Retired& retired : retired_) std::erase(retired.guards, left);
  const auto keep =
      std::stable_partition(retired_.begin(), retired_.end(),
                            [](const Retired& retired) { return !retired.guards.empty(); });
  const std::vector<Retired> destroyed(keep, retired_.end());
  retired_.erase(keep, retired_.end());
  if (destroyed.empty()) return;
  Acquire(left_clock_, left_view_);
  for (const Retired& retired : destroyed) Destroy(retired);
}

void Execution::Retire(void* object, void (*destroy)(void* object)) {
  Point();
  Tick();
  Join(retired_clock_, self().clock);
  Join(retired_view_, self().view);
  Retired retired = {.object = object, .destroy = destroy};
  for (const auto& thread : threads_) {
    if (thread->guard != 0) retired.guards.push_back(thread->guard);
  }
  if (retired.guards.empty()) {
    Acquire(left_clock_, left_view_);
    Destroy(retired);
  } else {
    retired_.push_back(std::move(retired));
  }
}

// What is no block of ours is freed at the end only, so that looking at it does no harm before it
// is reported.
void Execution::Destroy(const Retired& retired) {
  Note("destroy");
  const bool ours = std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
    return block.memory == static_cast<char*>(retired.object);
  });
  if (ours) {
    const bool was_undivided = std::exchange(undivided_, true);
    retired.destroy(retired.object);
    undivided_ = was_undivided;
  } else {
    Kill(retired.object, malloc_usable_size(retired.object));
    postponed_.push_back(retired);
  }
}

void Execution::Kill(const void* begin, std::size_t bytes) {
  const auto* const first = static_cast<const char*>(begin);
  dead_.emplace_back(first, first + bytes);
  for (Location& location : locations_) {
    if (first <= location.address && location.address < first + bytes) location.dead = true;
  }
}

void* Execution::Allocate(std::size_t bytes) {
  auto* const memory = static_cast<char*>(::operator new(bytes, std::align_val_t(128)));
  blocks_.push_back({.memory = memory, .bytes = bytes});
  return memory;
}

void Execution::Free(void* memory) {
  for (Block& block : blocks_) {
    if (block.memory != memory) continue;
    if (block.dead) Violation("memory given back twice");
    block.dead = true;
    Kill(block.memory, block.bytes);
    return;
  }
  Violation("memory given back that nobody took");
}

void Execution::End() {
  if (!retired_.empty()) Violation("something retired was never destroyed");
  for (const Retired& retired : postponed_) retired.destroy(retired.object);
  for (const Block& block : blocks_) {
    if (!block.dead) Violation("memory never given back");
    ::operator delete(block.memory, std::align_val_t(128));
  }
  blocks_.clear();
}

}  // namespace riacho::internal
