#include "riacho/time/manual_clock.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "riacho/base/wake_event.h"

namespace riacho {
namespace {

const absl::Time kStart = absl::FromCivil(absl::CivilSecond(2026, 1, 1), absl::UTCTimeZone());

TEST(ManualClock, StartsAtNewYear2026AndStandsStill) {
  ManualClock clock;
  EXPECT_EQ(clock.TimeNow(), kStart);
  EXPECT_EQ(clock.TimeNow(), kStart);
}

TEST(ManualClock, StartsWhereItIsTold) {
  ManualClock clock(absl::UnixEpoch());
  EXPECT_EQ(clock.TimeNow(), absl::UnixEpoch());
}

TEST(ManualClock, MovesForwardAndBack) {
  ManualClock clock;
  clock.AdvanceTime(absl::Hours(25) + absl::Nanoseconds(1));
  EXPECT_EQ(clock.TimeNow(), kStart + absl::Hours(25) + absl::Nanoseconds(1));
  clock.AdvanceTime(-absl::Hours(26));
  EXPECT_EQ(clock.TimeNow(), kStart - absl::Hours(1) + absl::Nanoseconds(1));
  clock.SetTime(kStart);
  EXPECT_EQ(clock.TimeNow(), kStart);
}

TEST(ManualClock, TellsUnixNanoseconds) {
  ManualClock clock(absl::FromUnixNanos(1234567890123456789));
  EXPECT_EQ(clock.UnixNanosNow(), 1234567890123456789);
  clock.SetTime(absl::FromUnixNanos(-5));
  EXPECT_EQ(clock.UnixNanosNow(), -5);
}

// A clock that knows nothing but absl::Time.
class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(absl::Time now) : now_(now) {}
  absl::Time TimeNow() override { return now_; }
  bool WaitUntil(WakeEvent&, absl::Time) override { return false; }

 private:
  const absl::Time now_;
};

TEST(Clock, TellsItsTimeInUnixNanosecondsWithoutBeingToldHow) {
  EXPECT_EQ(StoppedClock(kStart + absl::Nanoseconds(7)).UnixNanosNow(),
            absl::ToUnixNanos(kStart) + 7);
  EXPECT_EQ(StoppedClock(absl::InfiniteFuture()).UnixNanosNow(), INT64_MAX);
}

TEST(ManualClock, StaysAtTheEdgeOfItsRange) {
  ManualClock clock;
  clock.AdvanceTime(absl::InfiniteDuration());
  const absl::Time edge = clock.TimeNow();
  EXPECT_GT(edge, kStart + absl::Hours(24 * 365 * 200));
  clock.AdvanceTime(absl::Hours(1));
  EXPECT_EQ(clock.TimeNow(), edge);
  clock.SetTime(absl::InfinitePast());
  EXPECT_LT(clock.TimeNow(), absl::UnixEpoch());
}

TEST(ManualClock, WaitReturnsAtOnceForASignalOrADeadlineThatHasCome) {
  ManualClock clock;
  WakeEvent event;
  EXPECT_FALSE(clock.WaitUntil(event, kStart));
  event.Signal();
  EXPECT_TRUE(clock.WaitUntil(event, kStart));
  EXPECT_FALSE(clock.WaitUntil(event, absl::InfinitePast()));
}

// The threads below are what is tested: a user's thread that waits on a manual clock is woken by
// whoever moves the clock, or signals. The main thread advances until the waiter reports, so no
// test depends on who comes first.

TEST(ManualClock, AdvancingWakesAThreadWhoseDeadlineHasCome) {
  ManualClock clock;
  WakeEvent event;
  std::atomic<bool> woken = false;
  std::jthread waiter([&] {
    EXPECT_FALSE(clock.WaitUntil(event, kStart + absl::Minutes(5)));
    EXPECT_GE(clock.TimeNow(), kStart + absl::Minutes(5));
    woken = true;
  });
  for (int minute = 1; minute <= 4; ++minute) {
    clock.AdvanceTime(absl::Minutes(1));
    EXPECT_FALSE(woken);
  }
  clock.AdvanceTime(absl::Minutes(1));
}

TEST(ManualClock, SettingBackLeavesAThreadWaitingForItsDeadline) {
  ManualClock clock;
  WakeEvent event;
  std::atomic<bool> woken = false;
  std::jthread waiter([&] {
    EXPECT_FALSE(clock.WaitUntil(event, kStart + absl::Hours(1)));
    woken = true;
  });
  clock.SetTime(kStart - absl::Hours(24));
  clock.AdvanceTime(absl::Hours(24));
  EXPECT_FALSE(woken);
  clock.AdvanceTime(absl::Hours(1));
}

TEST(ManualClock, SignalWakesAThreadWithoutAdvancing) {
  ManualClock clock;
  WakeEvent event;
  std::jthread waiter([&] { EXPECT_TRUE(clock.WaitUntil(event, absl::InfiniteFuture())); });
  event.Signal();
  waiter.join();
  EXPECT_EQ(clock.TimeNow(), kStart);
}

// Waiters with deadlines all along the way, while two threads move the clock: every waiter ends,
// whatever the order.
TEST(ManualClock, NoWaiterIsLeftBehindByConcurrentAdvances) {
  constexpr int kSteps = 500;
  ManualClock clock;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&clock] {
      WakeEvent event;
      for (int step = 1; step <= kSteps; ++step) {
        clock.WaitUntil(event, kStart + step * absl::Seconds(1));
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&clock] {
      for (int step = 0; step < kSteps; ++step) clock.AdvanceTime(absl::Milliseconds(500));
    });
  }
  threads.clear();
  EXPECT_EQ(clock.TimeNow(), kStart + kSteps * absl::Seconds(1));
}

}  // namespace
}  // namespace riacho
