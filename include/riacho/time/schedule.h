// Schedule: agents and the times at which they are due. Whoever holds the time turns the crank.
//
//   riacho::Schedule schedule;
//   schedule.Add(worker);
//   clock.AdvanceTime(absl::Seconds(1));
//   schedule.RunDue(clock.TimeNow());
//
// For agents that shall run by themselves in real time prefer AgentRunner.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "absl/time/time.h"

#include "riacho/time/agent.h"

namespace riacho {

// Confined: polled by one runner. While an agent is being polled it may add, remove and wake
// agents, itself included; it may not call RunDue. Each method costs O(log agents); RunDue that for
// each agent it polls.
class Schedule {
 public:
  Schedule() = default;
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  // Lets `agent` join; it is due at once. It must stay alive until it is removed or the schedule is
  // gone. An agent that is here already is woken instead.
  void Add(Agent& agent);

  // `agent` is not polled any more, not even in the present RunDue. Nothing happens if it is not
  // here.
  void Remove(Agent& agent);

  // Makes `agent` due at once. Nothing happens if it is not here.
  void Wake(Agent& agent);

  // Makes every agent due at once.
  void WakeAll();

  // Polls each agent that is due, once, in the order of due times; agents due at the same time in
  // the order of joining, woken and newly joined ones first. An agent that becomes due while this
  // runs is polled by the next RunDue, so agents that are always due, or wake each other, do not
  // keep it from returning.
  void RunDue(absl::Time now);

  // When the next agent is due: absl::InfinitePast() for one due at once, absl::InfiniteFuture() if
  // there is none.
  absl::Time NextDue() const;

 private:
  struct Place {
    absl::Time due;
    std::uint64_t joined;  // numbers are never used again, so they tell agents apart that had the
                           // same address

    friend bool operator<(const Place& a, const Place& b) {
      return a.due != b.due ? a.due < b.due : a.joined < b.joined;
    }
  };
  struct Due {
    Agent* agent;
    std::uint64_t joined;
  };

  void Move(std::map<Agent*, Place>::iterator member, absl::Time due);

  std::map<Place, Agent*> queue_;
  std::map<Agent*, Place> members_;  // looked up, never walked in an order that can be seen
  std::uint64_t next_joined_ = 0;
  std::vector<Due> pass_;  // who is polled by the present RunDue
  bool running_ = false;
};

}  // namespace riacho
