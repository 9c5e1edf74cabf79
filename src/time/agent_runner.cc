#include "riacho/time/agent_runner.h"

#include <cstddef>

#include <concurrentqueue.h>

#include "base/check.h"

namespace riacho {
namespace {

// Wakes that wait for the runner at the same time; beyond, it polls every agent instead.
constexpr std::size_t kWakeCapacity = 1'024;

// The runner whose thread this is.
thread_local const AgentRunner* runner_here = nullptr;

}  // namespace

struct AgentRunner::Intake {
  moodycamel::ConcurrentQueue<Agent*> wakes{kWakeCapacity};
};

AgentRunner::AgentRunner(Clock& clock)
    : clock_(clock),
      intake_(std::make_unique<Intake>()),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

AgentRunner::~AgentRunner() {
  RIACHO_CHECK(!IsPollingHere(), "an agent destroyed the runner that polls it");
  Stop();
}

void AgentRunner::Add(Agent& agent) { Request({ChangeKind::kAdd, &agent, nullptr}); }

void AgentRunner::Remove(Agent& agent) {
  WakeEvent done;
  Request({ChangeKind::kRemove, &agent, &done});
  done.Wait();
}

void AgentRunner::Wake(Agent& agent) {
  if (!intake_->wakes.try_enqueue(&agent)) wake_all_.store(true, std::memory_order_relaxed);
  event_.Signal();
}

void AgentRunner::Wake() {
  // Relaxed: the signal that follows carries it to the runner.
  wake_all_.store(true, std::memory_order_relaxed);
  event_.Signal();
}

void AgentRunner::Stop() {
  thread_.request_stop();
  event_.Signal();
  if (IsPollingHere()) return;
  const std::lock_guard<std::mutex> lock(stop_mutex_);
  if (thread_.joinable()) thread_.join();
}

void AgentRunner::Run(const std::stop_token& stop) {
  runner_here = this;
  while (!stop.stop_requested()) {
    TakeChanges();
    TakeWakes();
    schedule_.RunDue(clock_.TimeNow());
    clock_.WaitUntil(event_, schedule_.NextDue());
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    finished_ = true;
  }
  TakeChanges();
}

// On the runner's own thread, and once it has finished, a change is made on the spot; otherwise the
// runner makes it between two passes, which does not depend on who wins a mutex from a runner that
// is always busy.
void AgentRunner::Request(Change change) {
  if (IsPollingHere()) {
    Apply(change);
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (finished_) {
      Apply(change);
      return;
    }
    changes_.push_back(change);
  }
  event_.Signal();
}

void AgentRunner::Apply(const Change& change) {
  if (change.kind == ChangeKind::kAdd) {
    schedule_.Add(*change.agent);
  } else {
    schedule_.Remove(*change.agent);
  }
  if (change.done != nullptr) change.done->Signal();
}

void AgentRunner::TakeChanges() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Change& change : changes_) Apply(change);
  changes_.clear();
}

void AgentRunner::TakeWakes() {
  // The pointer may be of an agent that has gone: the schedule looks it up and does not follow it.
  // Not more than the capacity, or a flood of wakes would keep the agents from being polled.
  Agent* agent = nullptr;
  for (std::size_t i = 0; i < kWakeCapacity && intake_->wakes.try_dequeue(agent); ++i) {
    schedule_.Wake(*agent);
  }
  if (intake_->wakes.size_approx() != 0) event_.Signal();
  if (wake_all_.load(std::memory_order_relaxed) &&
      wake_all_.exchange(false, std::memory_order_relaxed)) {
    schedule_.WakeAll();
  }
}

bool AgentRunner::IsPollingHere() const { return runner_here == this; }

}  // namespace riacho
