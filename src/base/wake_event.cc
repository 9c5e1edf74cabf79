#include "riacho/base/wake_event.h"

#include <algorithm>

#include "base/check.h"

#if defined(__linux__) && defined(__LP64__) && !defined(RIACHO_PORTABLE_WAKE_EVENT)
#define RIACHO_USE_FUTEX 1
#include <cerrno>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/time/clock.h"
#endif

namespace riacho {
namespace {

// The states of an event. Signal always writes kSignalled, by an exchange even when it is there
// already: the sleeper then reads the last signaller's write, and with it what every signaller
// wrote before.
constexpr std::uint32_t kIdle = 0;
constexpr std::uint32_t kSignalled = 1;
constexpr std::uint32_t kAsleep = 2;
constexpr std::uint32_t kNudged = 3;

using Word = std::atomic<std::uint32_t>;

#ifdef RIACHO_USE_FUTEX

static_assert(sizeof(Word) == sizeof(std::uint32_t) && Word::is_always_lock_free);

// Sleeps while `word` is kAsleep. Returns true when the deadline has come, false on any other wake,
// spurious ones included.
bool Sleep(const Word& word, std::int64_t deadline_unix_nanos) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  const std::int64_t nanos = std::max<std::int64_t>(deadline_unix_nanos, 0);
  const std::timespec at = {.tv_sec = nanos / kNanosPerSecond, .tv_nsec = nanos % kNanosPerSecond};
  const bool endless = deadline_unix_nanos == WakeEvent::kNoDeadline;
  const long result =
      syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME,
              kAsleep, endless ? nullptr : &at, nullptr, FUTEX_BITSET_MATCH_ANY);
  return result != 0 && errno == ETIMEDOUT;
}

// The kernel takes the address as a name and reads nothing there.
void WakeSleeper(const Word& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}

#else

// Sleepers meet their wakers at a place found by the event's address, so that nothing of the event
// is touched after a signal. Events that share a place wake each other for nothing, which a sleeper
// has to bear anyway.
struct MeetingPlace {
  std::mutex mutex;
  std::condition_variable changed;
};

MeetingPlace& PlaceOf(const Word& word) {
  static auto& places = *new std::array<MeetingPlace, 64>();
  return places[(reinterpret_cast<std::uintptr_t>(&word) >> 4) % places.size()];
}

bool Sleep(const Word& word, std::int64_t deadline_unix_nanos) {
  // Short naps follow a real-time clock that is set while we sleep.
  constexpr std::int64_t kLongestNapNanos = 1'000'000'000;
  MeetingPlace& place = PlaceOf(word);
  std::unique_lock<std::mutex> lock(place.mutex);
  if (word.load(std::memory_order_relaxed) != kAsleep) return false;
  if (deadline_unix_nanos == WakeEvent::kNoDeadline) {
    place.changed.wait(lock);
    return false;
  }
  const std::int64_t left =
      deadline_unix_nanos - std::max<std::int64_t>(absl::GetCurrentTimeNanos(), 0);
  if (left > 0)
    place.changed.wait_for(lock, std::chrono::nanoseconds(std::min(left, kLongestNapNanos)));
  return absl::GetCurrentTimeNanos() >= deadline_unix_nanos;
}

void WakeSleeper(const Word& word) {
  MeetingPlace& place = PlaceOf(word);
  // Passing through the mutex puts the wake after the sleeper's look at the word.
  { const std::lock_guard<std::mutex> lock(place.mutex); }
  place.changed.notify_all();
}

#endif

}  // namespace

void WakeEvent::Signal() {
  const Word& word = state_;
  // Release pairs with the acquire of the exchange that consumes the signal, in TryConsume and
  // WaitUntilRealTime.
  const std::uint32_t was = state_.exchange(kSignalled, std::memory_order_acq_rel);
  // Whoever nudged may be suspended before its wake; a signal does not rely on it.
  if (was == kAsleep || was == kNudged) WakeSleeper(word);
}

bool WakeEvent::TryConsume() {
  if (state_.load(std::memory_order_relaxed) != kSignalled) return false;
  // Only the sleeper takes a signal away, so it is still there. Acquire pairs with the release in
  // Signal.
  state_.exchange(kIdle, std::memory_order_acquire);
  return true;
}

void WakeEvent::Wait() {
  while (!WaitUntilRealTime(kNoDeadline)) {
  }
}

bool WakeEvent::WaitUntilRealTime(std::int64_t deadline_unix_nanos) {
  for (bool over = false; !over;) {
    std::uint32_t seen = kIdle;
    if (state_.compare_exchange_strong(seen, kAsleep, std::memory_order_relaxed)) {
      over = Sleep(state_, deadline_unix_nanos);
    } else {
      RIACHO_CHECK(seen != kAsleep, "a WakeEvent has one sleeper");
    }
    // Acquire pairs with the release in Signal.
    const std::uint32_t left = state_.exchange(kIdle, std::memory_order_acquire);
    if (left == kSignalled) return true;
    if (left == kNudged) return false;
  }
  return false;
}

void WakeEvent::Nudge() {
  const Word& word = state_;
  std::uint32_t seen = state_.load(std::memory_order_relaxed);
  do {
    if (seen == kSignalled) return;
    // Release pairs with the acquire in WaitUntilRealTime: the sleeper sees the time that it is
    // nudged for.
  } while (!state_.compare_exchange_weak(seen, kNudged, std::memory_order_release,
                                         std::memory_order_relaxed));
  if (seen == kAsleep) WakeSleeper(word);
}

}  // namespace riacho
