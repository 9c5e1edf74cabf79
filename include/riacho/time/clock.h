// Clock: what time it is, and waiting for a time. Riacho reads the time nowhere else.
//
//   riacho::Engine engine(riacho::SystemClock());
//
// In tests prefer ManualClock, whose time moves only when the test says so.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

#include "riacho/base/wake_event.h"

namespace riacho {

// Implementations are thread-safe, and TimeNow is cheap: the engine asks on every call. A clock may
// be set back.
class Clock {
 public:
  virtual ~Clock();

  virtual absl::Time TimeNow() = 0;

  // The same in nanoseconds since the Unix epoch, at the edge of what they reach for times outside;
  // the engine asks for it. For clocks that know them without an absl::Time.
  virtual std::int64_t UnixNanosNow();

  // Blocks until `event` is signalled (returns true; the signal is consumed) or until `deadline`
  // has come on this clock (returns false). A signal that is there already wins over a deadline
  // that has come. absl::InfiniteFuture() waits for the signal alone. One thread at a time may wait
  // for an event.
  //
  // The clocks of a Simulation look for the signal once and do not block: nobody else runs.
  virtual bool WaitUntil(WakeEvent& event, absl::Time deadline) = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

// The machine's real-time clock, in nanoseconds. Lives as long as the program. TimeNow takes no
// lock and, where the processor has a steady cycle counter, seldom enters the kernel.
Clock& SystemClock();

}  // namespace riacho
