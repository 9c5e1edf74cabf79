#include "riacho/base/wake_event.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

#include "gtest/gtest.h"

namespace riacho {
namespace {

static_assert(!std::is_copy_constructible_v<WakeEvent> && !std::is_move_constructible_v<WakeEvent>);

TEST(WakeEvent, IsConsumedOnceHoweverOftenItWasSignalled) {
  WakeEvent event;
  EXPECT_FALSE(event.TryConsume());
  event.Signal();
  event.Signal();
  EXPECT_TRUE(event.TryConsume());
  EXPECT_FALSE(event.TryConsume());
}

TEST(WakeEvent, SignalBeforeTheWaitIsNotLost) {
  WakeEvent event;
  event.Signal();
  event.Wait();
  EXPECT_FALSE(event.TryConsume());
}

TEST(WakeEvent, WaitReturnsAtADeadlineThatHasPassed) {
  WakeEvent event;
  EXPECT_FALSE(event.WaitUntilRealTime(1));
  EXPECT_FALSE(event.WaitUntilRealTime(-1));
  event.Signal();
  EXPECT_TRUE(event.WaitUntilRealTime(1));
}

TEST(WakeEvent, NudgeEndsAWaitWithoutASignal) {
  WakeEvent event;
  event.Nudge();
  EXPECT_FALSE(event.TryConsume());
  EXPECT_FALSE(event.WaitUntilRealTime(WakeEvent::kNoDeadline));
}

TEST(WakeEvent, NudgeDoesNotTakeASignalAway) {
  WakeEvent event;
  event.Signal();
  event.Nudge();
  EXPECT_TRUE(event.WaitUntilRealTime(WakeEvent::kNoDeadline));
  event.Nudge();
  event.Signal();
  EXPECT_TRUE(event.TryConsume());
}

// Two threads hand a turn to and fro through two events; each must see what the other wrote before
// its signal. A wake that is lost ends in a hang, a missing release in a report of ThreadSanitizer.
// Needs a thread because sleeping does.
TEST(WakeEvent, HandsWrittenDataFromSignallerToSleeper) {
  constexpr int kTurns = 2'000;
  WakeEvent ping;
  WakeEvent pong;
  int value = 0;
  std::jthread other([&] {
    for (int turn = 0; turn < kTurns; ++turn) {
      ping.Wait();
      ++value;
      pong.Signal();
    }
  });
  for (int turn = 0; turn < kTurns; ++turn) {
    ++value;
    ping.Signal();
    pong.Wait();
  }
  EXPECT_EQ(value, 2 * kTurns);
}

// Several signallers write plain data that the sleeper reads after one merged signal. The count
// orders nothing, being relaxed, so ThreadSanitizer reports the reads unless the signals order
// them. Needs threads: it is about a race.
TEST(WakeEvent, MergedSignalsShowTheSleeperWhatEverySignallerWrote) {
  constexpr int kRounds = 300;
  constexpr std::size_t kSignallers = 3;
  for (int round = 0; round < kRounds; ++round) {
    WakeEvent event;
    std::atomic<std::size_t> done = 0;
    std::vector<int> written(kSignallers, 0);
    std::vector<std::jthread> signallers;
    for (std::size_t i = 0; i < kSignallers; ++i) {
      signallers.emplace_back([&, i] {
        written[i] = 1;
        event.Signal();
        done.fetch_add(1, std::memory_order_relaxed);
      });
    }
    while (done.load(std::memory_order_relaxed) < kSignallers) std::this_thread::yield();
    event.Wait();
    for (const int value : written) EXPECT_EQ(value, 1);
    EXPECT_FALSE(event.TryConsume());
  }
}

// Signallers hammer while the sleeper counts: the sleeper is woken for as long as there is
// something new. Needs threads.
TEST(WakeEvent, NoSignalIsLostUnderContention) {
  constexpr std::int64_t kEach = 20'000;
  WakeEvent event;
  std::atomic<std::int64_t> posted = 0;
  std::vector<std::jthread> signallers;
  for (int i = 0; i < 3; ++i) {
    signallers.emplace_back([&] {
      for (std::int64_t n = 0; n < kEach; ++n) {
        posted.fetch_add(1, std::memory_order_relaxed);
        event.Signal();
      }
    });
  }
  while (posted.load(std::memory_order_relaxed) < 3 * kEach) event.Wait();
  SUCCEED();
}

// A waiter may destroy the event as soon as it has consumed the signal, as a stack variable does.
// Needs a thread.
TEST(WakeEvent, MayBeDestroyedByWhoConsumedTheSignal) {
  std::atomic<WakeEvent*> shared = nullptr;
  constexpr int kRounds = 1'000;
  std::jthread signaller([&] {
    for (int round = 0; round < kRounds; ++round) {
      WakeEvent* event = nullptr;
      while ((event = shared.exchange(nullptr, std::memory_order_acquire)) == nullptr) {
        std::this_thread::yield();
      }
      event->Signal();
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    WakeEvent event;
    shared.store(&event, std::memory_order_release);
    event.Wait();
  }
  SUCCEED();
}

}  // namespace
}  // namespace riacho
