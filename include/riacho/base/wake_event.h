// WakeEvent: how a thread that has nothing to do is told that there is something. Any number of
// threads signal it; one thread sleeps on it, usually through Clock::WaitUntil.
//
//   riacho::WakeEvent event;
//   event.Signal();                                            // any thread
//   bool told = clock.WaitUntil(event, absl::InfiniteFuture());   // the one sleeper
//
// It carries no data and does not count: look at what you share with the signaller after each wake.
// What a thread wrote before Signal() is seen by the thread that consumes the signal, also when
// several signals became one.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace riacho {

// Thread-safe: Signal and Nudge from any thread, the other methods from one thread at a time, the
// sleeper.
//
// Progress on Linux: Signal and TryConsume are wait-free, Nudge is lock-free, and none of them
// sleeps. The kernel is called only when a sleeper is really asleep. A signaller suspended between
// its signal and its wake delays the sleeper, never another signaller. Elsewhere a wake of a real
// sleeper takes a mutex for a few instructions.
//
// Signal touches nothing of the event once the signal can be seen, so whoever has consumed the last
// signal may destroy the event while that Signal is still on its way out.
class WakeEvent {
 public:
  static constexpr std::int64_t kNoDeadline = std::numeric_limits<std::int64_t>::max();

  WakeEvent() = default;
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;
  ~WakeEvent() = default;

  // Sets the event and wakes the sleeper, if any. A second signal before the first is consumed
  // changes nothing.
  void Signal();

  // Consumes a signal if there is one. Never blocks; one load when there is none.
  bool TryConsume();

  // Blocks until a signal comes, and consumes it.
  void Wait();

  // For clocks; everybody else waits through Clock::WaitUntil. Blocks until a signal comes (true;
  // it is consumed), the machine's real-time clock has reached the deadline (false), or Nudge was
  // called (false, perhaps before the deadline). The deadline is in nanoseconds since the Unix
  // epoch.
  bool WaitUntilRealTime(std::int64_t deadline_unix_nanos);

  // For clocks: makes the present wait, or else the next one, return without a signal. A signal
  // already there stays.
  void Nudge();

 private:
  std::atomic<std::uint32_t> state_ = 0;
};

}  // namespace riacho
