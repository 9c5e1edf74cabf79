#include "riacho/sim/process.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/check.h"
#include "riacho/sim/simulation.h"
#include "sim/coroutine_agent.h"
#include "sim/trace.h"

namespace riacho {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string_view ProcessStateName(ProcessState state) {
  constexpr std::array<std::string_view, 4> kNames = {"running", "paused", "crashed", "finished"};
  return kNames[static_cast<std::size_t>(state)];
}

std::ostream& operator<<(std::ostream& out, ProcessState state) {
  return out << ProcessStateName(state);
}

Process::Process(Simulation& simulation, std::string name, std::uint32_t number, Agent* agent,
                 AgentFactory factory)
    : simulation_(simulation),
      name_(std::move(name)),
      number_(number),
      agent_(agent),
      factory_(std::move(factory)) {}

Process::~Process() = default;

void Process::Crash() {
  if (state_ == ProcessState::kCrashed || state_ == ProcessState::kFinished) return;
  if (polled_) {
    crashes_after_poll_ = true;
    return;
  }
  Destroy();
  simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "crashes");
}

void Process::Restart() {
  if (polled_) {
    crashes_after_poll_ = restarts_after_poll_ = true;
    return;
  }
  Crash();
  if (state_ == ProcessState::kFinished) Destroy();
  simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "restarts");
  Start();
}

void Process::Start() {
  state_ = ProcessState::kRunning;
  if (factory_ != nullptr) {
    struct Leave {  // even by an exception
      Process*& current;
      Process* running;
      ~Leave() { current = running; }
    };
    const Leave leave{simulation_.current_, std::exchange(simulation_.current_, this)};
    owned_ = factory_();
    agent_ = owned_.get();
    coroutine_ = dynamic_cast<internal::CoroutineAgent*>(agent_);
  }
  Schedule(simulation_.NowNanos());
}

// The destructors run as this process, whose calls are lost.
void Process::Destroy() {
  state_ = ProcessState::kCrashed;
  ticket_ = 0;
  delay_nanos_ = 0;
  if (owned_ == nullptr) return;
  Process* const running = std::exchange(simulation_.current_, this);
  agent_ = nullptr;
  coroutine_ = nullptr;
  owned_.reset();
  simulation_.current_ = running;
}

void Process::Pause() {
  if (state_ != ProcessState::kRunning) return;
  state_ = ProcessState::kPaused;
  simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "pauses");
}

void Process::Resume() {
  if (state_ != ProcessState::kPaused) return;
  state_ = ProcessState::kRunning;
  simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "goes on");
  Schedule(std::max(due_nanos_, simulation_.NowNanos()));
}

void Process::Partition() {
  if (!std::exchange(partitioned_, true))
    simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "is cut off");
}

void Process::Heal() {
  if (std::exchange(partitioned_, false))
    simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "is joined again");
}

void Process::SetClock(ClockError error) {
  RIACHO_CHECK(error.drift > -1, error.drift);
  clock_error_ = error;
  clock_set_nanos_ = simulation_.NowNanos();
  simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "has its clock set");
  Wake();  // it looks again at what is due by its new clock
}

void Process::Wake() { Schedule(simulation_.NowNanos()); }

absl::Time Process::Now() const { return absl::FromUnixNanos(NowNanos()); }

std::int64_t Process::NowNanos() const { return LocalNanos(simulation_.NowNanos() + delay_nanos_); }

std::int64_t Process::LocalNanos(std::int64_t true_nanos) const {
  const std::int64_t local = true_nanos + absl::ToInt64Nanoseconds(clock_error_.skew);
  if (clock_error_.drift == 0) return local;
  return local + static_cast<std::int64_t>(std::floor(
                     static_cast<double>(true_nanos - clock_set_nanos_) * clock_error_.drift));
}

// The first time at which the process's clock shows `local_nanos`, or a little later.
std::int64_t Process::TrueNanos(std::int64_t local_nanos) const {
  const std::int64_t since =
      local_nanos - absl::ToInt64Nanoseconds(clock_error_.skew) - clock_set_nanos_;
  if (clock_error_.drift == 0) return clock_set_nanos_ + since;
  return clock_set_nanos_ + 1 +
         static_cast<std::int64_t>(
             std::ceil(static_cast<double>(since) / (1 + clock_error_.drift)));
}

void Process::Schedule(std::int64_t due_nanos) {
  due_nanos_ = due_nanos > ran_nanos_ ? due_nanos : ran_nanos_ + simulation_.idle_step_nanos_;
  if (!polled_ && state_ == ProcessState::kRunning) simulation_.Push(*this);
}

void Process::Run() {
  const absl::Time next = Poll();
  const std::int64_t ready = ran_nanos_ + std::exchange(delay_nanos_, 0);
  if (std::exchange(crashes_after_poll_, false)) {
    std::exchange(restarts_after_poll_, false) ? Restart() : Crash();
  } else if (coroutine_ != nullptr && coroutine_->finished()) {
    state_ = ProcessState::kFinished;
    simulation_.trace_->Note(simulation_.NowNanos(), number_, name_, "is done");
  } else if (due_nanos_ != kNever || next != absl::InfiniteFuture()) {
    const std::int64_t due = next == absl::InfiniteFuture() ? kNever
                             : next == absl::InfinitePast() ? ran_nanos_
                                                            : TrueNanos(absl::ToUnixNanos(next));
    Schedule(std::max(std::min(due_nanos_, due), ready));
  }
}

absl::Time Process::Poll() {
  polled_ = true;
  due_nanos_ = kNever;  // unless somebody wakes it
  ran_nanos_ = simulation_.NowNanos();
  simulation_.current_ = this;
  struct Leave {  // even by an exception
    Process& process;
    ~Leave() {
      process.simulation_.current_ = nullptr;
      process.polled_ = false;
    }
  };
  const Leave leave{*this};
  return agent_->Poll(Now());
}

}  // namespace riacho
