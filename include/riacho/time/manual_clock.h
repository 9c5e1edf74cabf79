// ManualClock: a clock that stands still until it is told to move. The clock of tests and
// simulations.
//
//   riacho::ManualClock clock;                // 2026-01-01T00:00:00Z
//   riacho::Engine engine(clock);
//   clock.AdvanceTime(absl::Hours(25));       // a day later, at once
//
// Nothing in Riacho waits for it to move. To run agents from due time to due time, prefer
// Simulation.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "absl/time/time.h"

#include "riacho/base/wake_event.h"
#include "riacho/time/clock.h"

namespace riacho {

// Thread-safe. TimeNow is one atomic load; the other methods take a lock.
//
// Limits: nanoseconds, between the years 1678 and 2262. Finer times are rounded down, times outside
// come to the edge.
class ManualClock final : public Clock {
 public:
  // Starts at 2026-01-01T00:00:00Z.
  ManualClock();
  explicit ManualClock(absl::Time start);
  ManualClock(const ManualClock&) = delete;
  ManualClock& operator=(const ManualClock&) = delete;
  // No thread may be waiting.
  ~ManualClock() override;

  absl::Time TimeNow() override;
  std::int64_t UnixNanosNow() override;
  bool WaitUntil(WakeEvent& event, absl::Time deadline) override;

  // Moves the clock and wakes every thread whose deadline has come. A negative duration moves it
  // back, as a fault to inject: threads that wait go on waiting for their deadlines.
  void AdvanceTime(absl::Duration by);

  // Sets the clock, forward or back, and wakes every thread whose deadline has come.
  void SetTime(absl::Time to);

 private:
  struct Waiter {
    WakeEvent* event;
    std::int64_t deadline_unix_nanos;
  };

  void MoveTo(std::int64_t unix_nanos);  // holds mutex_

  std::atomic<std::int64_t> now_unix_nanos_;  // written under mutex_
  std::mutex mutex_;
  std::vector<Waiter> waiters_;  // guarded by mutex_
};

}  // namespace riacho
