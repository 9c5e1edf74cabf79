#include "riacho/time/clock.h"

#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "riacho/base/wake_event.h"

namespace riacho {
namespace {

TEST(SystemClock, IsOneClockThatDoesNotStandInThePast) {
  EXPECT_EQ(&SystemClock(), &SystemClock());
  EXPECT_GT(SystemClock().TimeNow(), absl::FromUnixSeconds(1'700'000'000));
}

TEST(SystemClock, WaitReturnsFalseWhenTheDeadlineHasCome) {
  WakeEvent event;
  EXPECT_FALSE(SystemClock().WaitUntil(event, absl::InfinitePast()));
  const absl::Time deadline = SystemClock().TimeNow() + absl::Milliseconds(2);
  EXPECT_FALSE(SystemClock().WaitUntil(event, deadline));
  EXPECT_GE(SystemClock().TimeNow(), deadline);
}

TEST(SystemClock, SignalWinsOverADeadlineThatHasCome) {
  WakeEvent event;
  event.Signal();
  EXPECT_TRUE(SystemClock().WaitUntil(event, absl::InfinitePast()));
  EXPECT_FALSE(event.TryConsume());
}

// Needs a thread: somebody has to signal while this one waits without a deadline.
TEST(SystemClock, WaitsForASignalWithoutADeadline) {
  WakeEvent event;
  std::jthread signaller([&] { event.Signal(); });
  EXPECT_TRUE(SystemClock().WaitUntil(event, absl::InfiniteFuture()));
}

}  // namespace
}  // namespace riacho
