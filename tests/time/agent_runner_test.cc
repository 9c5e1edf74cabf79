// A runner is a thread, so these tests have one. They wait for it by events and latches, never by
// time: what a test waits for happens or the test hangs.
#include "riacho/time/agent_runner.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "riacho/base/wake_event.h"
#include "riacho/time/agent.h"
#include "riacho/time/clock.h"
#include "riacho/time/manual_clock.h"

namespace riacho {
namespace {

// An agent whose work is a function; signals after each poll and counts without atomics, which only
// one thread may do.
class Worker : public Agent {
 public:
  using Work = std::function<absl::Time(absl::Time)>;

  explicit Worker(Work work) : work_(std::move(work)) {}

  absl::Time Poll(absl::Time now) override {
    ++polls_;
    const absl::Time next = work_(now);
    polled_.Signal();
    return next;
  }

  void AwaitPoll() { polled_.Wait(); }
  int polls() const { return polls_; }  // when the agent is not in a runner

 private:
  Work work_;
  int polls_ = 0;
  WakeEvent polled_;
};

absl::Time OnlyWhenWoken(absl::Time) { return absl::InfiniteFuture(); }

TEST(AgentRunner, PollsAnAgentWhenItJoinsAndWhenItIsWoken) {
  AgentRunner runner(SystemClock());
  Worker agent(OnlyWhenWoken);
  runner.Add(agent);
  agent.AwaitPoll();
  runner.Wake(agent);
  agent.AwaitPoll();
  runner.Wake();
  agent.AwaitPoll();
  runner.Remove(agent);
  EXPECT_EQ(agent.polls(), 3);
}

TEST(AgentRunner, PollsAnAgentWhenItsTimeHasComeOnTheClock) {
  ManualClock clock;
  AgentRunner runner(clock);
  Worker agent([](absl::Time now) { return now + absl::Hours(1); });
  runner.Add(agent);
  agent.AwaitPoll();
  for (int hour = 0; hour < 5; ++hour) {
    clock.AdvanceTime(absl::Hours(1));
    agent.AwaitPoll();
  }
  runner.Remove(agent);
  EXPECT_EQ(agent.polls(), 6);
}

TEST(AgentRunner, WakesInRealTime) {
  AgentRunner runner(SystemClock());
  Worker agent([](absl::Time now) { return now + absl::Milliseconds(1); });
  runner.Add(agent);
  for (int i = 0; i < 5; ++i) agent.AwaitPoll();
  runner.Remove(agent);
}

TEST(AgentRunner, WakingAnAgentThatIsNotHereDoesNothing) {
  AgentRunner runner(SystemClock());
  Worker stranger(OnlyWhenWoken);
  Worker agent(OnlyWhenWoken);
  runner.Wake(stranger);
  runner.Add(agent);
  agent.AwaitPoll();
  runner.Remove(stranger);
  runner.Stop();
  EXPECT_EQ(stranger.polls(), 0);
}

// The agent is destroyed as soon as Remove returns, while it is due all the time and others wake
// it: a poll after that is a use after free, which the sanitizers report.
TEST(AgentRunner, RemoveReturnsOnlyWhenTheAgentIsPolledNoMore) {
  AgentRunner runner(SystemClock());
  Worker busy([](absl::Time now) { return now; });
  runner.Add(busy);
  for (int round = 0; round < 300; ++round) {
    auto agent = std::make_unique<Worker>([](absl::Time now) { return now; });
    runner.Add(*agent);
    if (round % 2 == 0) agent->AwaitPoll();
    runner.Wake(*agent);
    runner.Remove(*agent);
    const int polls = agent->polls();
    runner.Wake(*agent);
    EXPECT_EQ(agent->polls(), polls);
  }
  runner.Remove(busy);
}

TEST(AgentRunner, AgentMayAddWakeAndRemoveWithinItsPoll) {
  AgentRunner runner(SystemClock());
  Worker child(OnlyWhenWoken);
  std::unique_ptr<Worker> parent;
  parent = std::make_unique<Worker>([&](absl::Time now) {
    runner.Add(child);
    runner.Wake(child);
    runner.Remove(*parent);
    return now;
  });
  runner.Add(*parent);
  child.AwaitPoll();
  runner.Stop();
  EXPECT_EQ(parent->polls(), 1);
  EXPECT_GE(child.polls(), 1);
}

TEST(AgentRunner, PollsNobodyAfterStop) {
  AgentRunner runner(SystemClock());
  Worker agent([](absl::Time now) { return now; });
  runner.Add(agent);
  agent.AwaitPoll();
  runner.Stop();
  const int polls = agent.polls();
  runner.Wake(agent);
  runner.Wake();
  runner.Add(agent);
  runner.Remove(agent);
  runner.Stop();
  EXPECT_EQ(agent.polls(), polls);
}

TEST(AgentRunner, AgentMayStopItsRunner) {
  AgentRunner runner(SystemClock());
  Worker agent([&](absl::Time now) {
    runner.Stop();
    return now;
  });
  runner.Add(agent);
  agent.AwaitPoll();
  runner.Stop();
  EXPECT_EQ(agent.polls(), 1);
}

TEST(AgentRunner, StopsAndRemovesFromSeveralThreadsAtOnce) {
  for (int round = 0; round < 50; ++round) {
    AgentRunner runner(SystemClock());
    Worker agent([](absl::Time now) { return now; });
    runner.Add(agent);
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { runner.Stop(); });
    threads.emplace_back([&] { runner.Remove(agent); });
    threads.emplace_back([&] { runner.Stop(); });
    threads.emplace_back([&] { runner.Wake(agent); });
  }
}

// Each thread posts work and wakes the agent; all work must be seen, though wakes are merged and
// the queue of wakes, which is shorter than their number, overflows.
TEST(AgentRunner, NoWakeIsLostInAFlood) {
  constexpr int kThreads = 3;
  constexpr int kEach = 5'000;
  std::atomic<int> posted = 0;
  WakeEvent all_seen;
  AgentRunner runner(SystemClock());
  Worker agent([&](absl::Time) {
    if (posted.load(std::memory_order_relaxed) == kThreads * kEach) all_seen.Signal();
    return absl::InfiniteFuture();
  });
  runner.Add(agent);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        posted.fetch_add(1, std::memory_order_relaxed);
        runner.Wake(agent);
      }
    });
  }
  all_seen.Wait();
  threads.clear();
  runner.Remove(agent);
}

}  // namespace
}  // namespace riacho
