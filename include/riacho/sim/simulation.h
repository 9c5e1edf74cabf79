// Simulation: a whole application in virtual time and one thread, repeatable from one seed.
//
//   riacho::Simulation sim({.seed = 42});
//   sim.Spawn("producer", [&]() -> riacho::Task<> {
//     for (;;) {
//       Put(sim.client());
//       co_await sim.Sleep(absl::Seconds(1));
//     }
//   });
//   sim.Spawn("consumer", [&] { return std::make_unique<Consumer>(sim.client()); });   // an Agent
//   sim.RunFor(absl::Hours(24));
//
// To run a body under many seeds see ExploreSeeds, to make calls fail FaultPlan.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "riacho/base/random.h"
#include "riacho/client/client.h"
#include "riacho/engine/engine.h"
#include "riacho/sim/fault_plan.h"
#include "riacho/sim/process.h"
#include "riacho/sim/task.h"
#include "riacho/time/clock.h"

namespace riacho {

namespace internal {
class CoroutineAgent;
class Explorer;
class Trace;
}  // namespace internal

struct SimulationOptions {
  // What all chance comes from. Without one: the number in the environment's RIACHO_SEED, or 1.
  std::optional<std::uint64_t> seed = {};

  // Of the simulation's engine. Its seed is the simulation's, unless it has one. Interceptors stand
  // inside the simulation's own, where only what arrives is seen; see Simulation::AddInterceptor.
  EngineOptions engine = {};

  // What fails from the beginning, such as FaultPlan::Load("faults.json")->rules().
  std::vector<FaultRule> faults = {};

  // When the world begins.
  absl::Time start = absl::FromUnixSeconds(1'767'225'600);  // 2026-01-01T00:00:00Z

  // How long a process rests that asks to be polled again at once, and how often predicates are
  // looked at. More than zero.
  absl::Duration idle_step = absl::Milliseconds(10);

  // How many of the last events a report shows.
  std::size_t kept_events = 30;

  // Gets every event as a line, if there is one. Must outlive the simulation.
  std::ostream* trace = nullptr;
};

// Confined to one thread; several simulations may run on several threads.
//
// Events are whatever a process does between two waits. They happen in the order of their times;
// events of one time in an order that the seed chooses, so that other seeds try other orders. The
// same seed and the same program have the same trace, byte for byte, whatever the compiler.
//
// An event costs O(log processes).
class Simulation {
 public:
  class SleepAwaiter;
  class UntilAwaiter;

  explicit Simulation(SimulationOptions options = {});
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  // Crashes all processes.
  ~Simulation();

  std::uint64_t seed() const { return seed_; }
  Engine& engine() { return *engine_; }
  // A client of the account's root, for processes and the test alike.
  Client& client() { return *client_; }
  // What fails of what processes ask; the test itself is spared. Rules may be added at any time;
  // their chance comes from the simulation's seed. Delays are the caller's alone: its clock shows
  // the time at which the answer came, and its process runs again no earlier.
  FaultPlan& faults() { return faults_; }
  // For the chance of processes and the test.
  Random& random() { return random_; }

  // Asks it around all operations, where they are called: it sees those that get lost on the way
  // too, and at the end of a call clock() shows when the answer came. A tracer belongs here. Those
  // that were added first are outermost.
  void AddInterceptor(std::shared_ptr<Interceptor> interceptor);

  // The clock that the running process sees; the true time when none runs.
  Clock& clock();
  absl::Time Now();
  // The engine's clock.
  absl::Time TrueNow();

  // Runs something under a name: an agent of yours, which must outlive the simulation; an agent
  // that the function makes, now and after each Restart; or a coroutine that the function begins.
  // It runs at the present time, as soon as the simulation does.
  Process& Spawn(std::string name, Agent& agent);
  Process& Spawn(std::string name, std::function<std::unique_ptr<Agent>()> make_agent);
  Process& Spawn(std::string name, std::function<Task<>()> begin);

  // The process of that name, the last one if there are several; null if there is none.
  Process* Find(std::string_view name);
  // In the order of spawning.
  std::vector<Process*> processes();

  // For coroutines: waits by the clock of its process. co_await sim.Sleep(absl::Seconds(1));
  SleepAwaiter Sleep(absl::Duration duration);
  // For coroutines: waits until the predicate holds, which is asked now and then after each
  // `idle_step`. Answers false if `limit` has passed before. co_await sim.Until([&] { … });
  UntilAwaiter Until(std::function<bool()> predicate,
                     absl::Duration limit = absl::InfiniteDuration());

  // Each of these ends at once when a check has failed.
  // Lets time pass, with all that happens in it.
  void RunFor(absl::Duration duration);
  // Until the predicate holds, which is asked after every event and each `idle_step`; false if
  // `limit` has passed before.
  bool RunUntil(const std::function<bool()>& predicate, absl::Duration limit);
  // Until no process has anything to do any more; false if `limit` has passed before. Time stands
  // where the last event was.
  bool RunToIdle(absl::Duration limit = absl::Hours(24));

  // Puts a line into the trace.
  void Note(std::string_view text);

  // A check of the test or of a process. The first that does not hold ends the run, and the report
  // is made. Answers `holds`.
  bool Check(bool holds, std::string_view what);
  bool failed() const { return failure_.has_value(); }

  // Seed, virtual time, the check that failed, if any, the last events, and how to see them again.
  std::string Report();

  std::int64_t event_count() const { return event_count_; }
  // Of all events so far: equal hashes mean equal traces.
  std::uint64_t trace_hash() const;

 private:
  friend class internal::Explorer;
  friend class Process;
  class TrueClock;
  class LocalClock;
  class Connection;
  struct Entry {
    std::int64_t due_nanos;
    std::uint64_t tie;  // chance decides between equals
    std::uint64_t ticket;
    Process* process;

    // The earliest comes first out of a heap.
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.due_nanos != b.due_nanos ? a.due_nanos > b.due_nanos : a.tie > b.tie;
    }
  };

  Process& Add(std::string name, Agent* agent, Process::AgentFactory factory);
  std::int64_t NowNanos();
  void Push(Process& process);
  // Due time of the next event, INT64_MAX if there is none.
  std::int64_t NextDue();
  void RunNext();
  void MoveTo(std::int64_t nanos);
  void Wait(std::coroutine_handle<> coroutine, absl::Duration duration,
            const std::function<bool()>* predicate);

  const std::uint64_t seed_;
  std::string again_with_;  // what runs this seed once more
  const std::int64_t idle_step_nanos_;
  Random random_;
  Random ties_;
  std::unique_ptr<TrueClock> true_clock_;
  std::unique_ptr<internal::Trace> trace_;
  std::unique_ptr<LocalClock> local_clock_;
  FaultPlan faults_;
  std::shared_ptr<Connection> connection_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Client> client_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<Entry> queue_;  // a heap
  Process* current_ = nullptr;
  std::uint64_t pushed_ = 0;
  std::int64_t event_count_ = 0;
  std::optional<std::string> failure_;
};

class Simulation::SleepAwaiter {
 public:
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    simulation_.Wait(coroutine, duration_, nullptr);
  }
  void await_resume() const {}

 private:
  friend class Simulation;
  SleepAwaiter(Simulation& simulation, absl::Duration duration)
      : simulation_(simulation), duration_(duration) {}

  Simulation& simulation_;
  absl::Duration duration_;
};

class Simulation::UntilAwaiter {
 public:
  bool await_ready() const { return predicate_(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    simulation_.Wait(coroutine, limit_, &predicate_);
  }
  bool await_resume() const { return predicate_(); }

 private:
  friend class Simulation;
  UntilAwaiter(Simulation& simulation, std::function<bool()> predicate, absl::Duration limit)
      : simulation_(simulation), predicate_(std::move(predicate)), limit_(limit) {}

  Simulation& simulation_;
  std::function<bool()> predicate_;
  absl::Duration limit_;
};

// The number in the environment's RIACHO_SEED; nothing if there is none. What is no number is said
// on the standard error, and ignored.
std::optional<std::uint64_t> SeedFromEnvironment();

}  // namespace riacho
