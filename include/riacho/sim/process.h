// Process: something that runs in a Simulation under a name, and that may crash, hang, lose its
// connection, or have a bad clock.
//
//   riacho::Process& worker = sim.Spawn("worker", [&]() -> riacho::Task<> { … });
//   sim.RunFor(absl::Minutes(1));
//   worker.Crash();
//   sim.RunFor(absl::Seconds(30));
//   worker.Restart();
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "riacho/time/agent.h"

namespace riacho {

class Simulation;

namespace internal {
class CoroutineAgent;
}  // namespace internal

enum class ProcessState : unsigned char { kRunning, kPaused, kCrashed, kFinished };

// "running", and so on. Valid for the life of the program.
std::string_view ProcessStateName(ProcessState state);
std::ostream& operator<<(std::ostream& out, ProcessState state);

// How a process's clock goes wrong: it shows the true time, plus `skew`, plus `drift` for each
// second since it was set. A drift of 0.001 is a clock that gains a millisecond a second.
struct ClockError {
  absl::Duration skew = absl::ZeroDuration();
  double drift = 0;  // more than -1
};

// Confined to the thread of its simulation, which owns it. Every method may be called while a
// process runs, by itself too.
class Process {
 public:
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  const std::string& name() const { return name_; }
  ProcessState state() const { return state_; }
  bool partitioned() const { return partitioned_; }

  // Ends the process on the spot: its agent or coroutine is destroyed, and with it all it knew. The
  // destructors run, but what they ask of the engine is lost on the way. A process that crashes
  // itself goes when its present poll ends. An agent that was spawned by reference is not
  // destroyed: it is not polled any more.
  void Crash();

  // Makes a new agent or coroutine in the way the first was made, and runs it now. A process that
  // still runs crashes first.
  void Restart();

  // Stops the process without its noticing, as a long garbage collection does. What was due in the
  // meantime is done after Resume.
  void Pause();
  void Resume();

  // Cuts the process off from the engine, or joins it again. Its calls are lost before they arrive
  // and its subscriptions break with absl::StatusCode::kUnavailable.
  void Partition();
  void Heal();

  // Sets the clock that the process sees (Simulation::clock, Simulation::Now, Agent::Poll). Its
  // sleeps are as long as its clock says.
  void SetClock(ClockError error);

  // Has the process run now, or a step later if it runs or has run at this very time. For what
  // wakes an agent from outside, such as Subscription::OnWake. A coroutine in Until is asked for
  // its predicate; one in Sleep sleeps on.
  void Wake();

  // The time by this process's clock.
  absl::Time Now() const;

 private:
  friend class Simulation;
  using AgentFactory = std::function<std::unique_ptr<Agent>()>;

  Process(Simulation& simulation, std::string name, std::uint32_t number, Agent* agent,
          AgentFactory factory);

  void Start();
  void Destroy();
  // At a time when it has run it does not run again, so that time passes.
  void Schedule(std::int64_t due_nanos);
  // Polls the agent, at the simulation's time, and sees to what comes next.
  void Run();
  absl::Time Poll();
  std::int64_t NowNanos() const;
  std::int64_t LocalNanos(std::int64_t true_nanos) const;
  std::int64_t TrueNanos(std::int64_t local_nanos) const;

  Simulation& simulation_;
  const std::string name_;
  const std::uint32_t number_;  // in the order of spawning
  Agent* agent_;                // null once crashed, if the process owned it
  std::unique_ptr<Agent> owned_;
  internal::CoroutineAgent* coroutine_ = nullptr;  // the agent, if it is one
  const AgentFactory factory_;                     // null for an agent of the user's
  ProcessState state_ = ProcessState::kRunning;
  bool partitioned_ = false;
  bool polled_ = false;              // now
  bool crashes_after_poll_ = false;  // and, if so, restarts after it
  bool restarts_after_poll_ = false;
  ClockError clock_error_;
  std::int64_t clock_set_nanos_ = 0;  // true time
  std::int64_t delay_nanos_ = 0;      // by which answers in the present poll came late
  std::int64_t due_nanos_ = 0;        // true time
  std::int64_t ran_nanos_ = -1;       // true time of the last poll
  std::uint64_t ticket_ = 0;          // of the entry in the simulation's queue that counts
};

}  // namespace riacho
