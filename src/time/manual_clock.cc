#include "riacho/time/manual_clock.h"

#include <algorithm>

#include "base/check.h"

namespace riacho {
namespace {

constexpr std::int64_t kStartOf2026UnixSeconds = 1'767'225'600;

}  // namespace

ManualClock::ManualClock() : ManualClock(absl::FromUnixSeconds(kStartOf2026UnixSeconds)) {}

ManualClock::ManualClock(absl::Time start) : now_unix_nanos_(absl::ToUnixNanos(start)) {}

ManualClock::~ManualClock() { RIACHO_CHECK(waiters_.empty(), waiters_.size()); }

absl::Time ManualClock::TimeNow() { return absl::FromUnixNanos(UnixNanosNow()); }

std::int64_t ManualClock::UnixNanosNow() {
  // Acquire pairs with the release in MoveTo: what was done before the clock moved is seen by who
  // sees the new time.
  return now_unix_nanos_.load(std::memory_order_acquire);
}

bool ManualClock::WaitUntil(WakeEvent& event, absl::Time deadline) {
  const std::int64_t deadline_unix_nanos = absl::ToUnixNanos(deadline);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (event.TryConsume()) return true;
    if (now_unix_nanos_.load(std::memory_order_relaxed) >= deadline_unix_nanos) return false;
    waiters_.push_back({&event, deadline_unix_nanos});
  }
  // From here on whoever moves the clock past the deadline nudges the event; a nudge that comes
  // before we sleep is kept.
  bool signalled = false;
  do {
    signalled = event.WaitUntilRealTime(WakeEvent::kNoDeadline);
  } while (!signalled && now_unix_nanos_.load(std::memory_order_acquire) <
                             deadline_unix_nanos);  // pairs with MoveTo
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(waiters_, [&event](const Waiter& waiter) { return waiter.event == &event; });
  return signalled;
}

void ManualClock::AdvanceTime(absl::Duration by) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::int64_t now = now_unix_nanos_.load(std::memory_order_relaxed);
  MoveTo(absl::ToUnixNanos(absl::FromUnixNanos(now) + by));
}

void ManualClock::SetTime(absl::Time to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  MoveTo(absl::ToUnixNanos(to));
}

void ManualClock::MoveTo(std::int64_t unix_nanos) {
  now_unix_nanos_.store(unix_nanos,
                        std::memory_order_release);  // pairs with UnixNanosNow and WaitUntil
  for (const Waiter& waiter : waiters_) {
    if (waiter.deadline_unix_nanos <= unix_nanos) waiter.event->Nudge();
  }
}

}  // namespace riacho
