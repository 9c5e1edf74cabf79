// AgentRunner: a schedule with a thread. The only thread that Riacho ever starts, and only because
// you made one.
//
//   riacho::AgentRunner runner(riacho::SystemClock());
//   runner.Add(worker);
//   ...
//   runner.Remove(worker);   // from here on the worker is yours again
//
// In tests prefer Schedule or Simulation, which poll in the calling thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "riacho/base/wake_event.h"
#include "riacho/time/agent.h"
#include "riacho/time/clock.h"
#include "riacho/time/schedule.h"

namespace riacho {

// Thread-safe: every method from any thread, from within Agent::Poll too. Only the destructor may
// not be called from there.
class AgentRunner {
 public:
  // Starts the thread. `clock` must outlive the runner.
  explicit AgentRunner(Clock& clock);
  AgentRunner(const AgentRunner&) = delete;
  AgentRunner& operator=(const AgentRunner&) = delete;
  ~AgentRunner();  // stops

  // Lets `agent` join; it is polled as soon as possible. It must stay alive until it is removed or
  // the runner has stopped.
  void Add(Agent& agent);

  // Returns once `agent` is not polled any more and will not be: it may then be destroyed. Waits
  // for the agents that are due at the moment; from within Agent::Poll it waits for nothing, and
  // the poll that calls it is the agent's last.
  void Remove(Agent& agent);

  // Has `agent` polled as soon as possible. Lock-free; allocates at most once per calling thread.
  // Wakes may be merged, and in a flood of them other agents may be polled too.
  void Wake(Agent& agent);

  // Has every agent polled as soon as possible. Wait-free on Linux; cheap enough for the wake
  // function of a subscription.
  void Wake();

  // Ends the thread after the poll at hand and waits for it; no agent is polled after that. From
  // within Agent::Poll it only asks, and returns at once. To stop twice is harmless.
  void Stop();

 private:
  enum class ChangeKind { kAdd, kRemove };
  struct Change {
    ChangeKind kind;
    Agent* agent;
    WakeEvent* done;  // signalled once the change is made; null if nobody waits
  };
  struct Intake;  // the lock-free queue of agents to wake

  void Run(const std::stop_token& stop);
  void Request(Change change);
  void Apply(const Change& change);
  void TakeChanges();
  void TakeWakes();
  bool IsPollingHere() const;

  Clock& clock_;
  Schedule schedule_;  // touched by the runner's thread, and after it has finished under mutex_
  WakeEvent event_;
  std::atomic<bool> wake_all_ = false;
  std::unique_ptr<Intake> intake_;
  std::mutex mutex_;
  std::vector<Change> changes_;  // guarded by mutex_
  bool finished_ = false;        // guarded by mutex_
  std::mutex stop_mutex_;        // one joiner at a time
  std::jthread thread_;
};

}  // namespace riacho
