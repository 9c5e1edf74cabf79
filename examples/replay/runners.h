// Two ways to run agents on threads: in virtual time, step by step, or in real time.
#pragma once

#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

#include "riacho/riacho.h"

namespace replay {

// One thread for each inner list; the agents of one list take turns.
using Crew = std::vector<std::vector<riacho::Agent*>>;

// Runs the crew in steps of virtual time until `done` says so. In a step all threads poll those of
// their agents that are due, all at once and all at the same time of `clock`; then the clock moves
// to when the next agent is due, but by at least `step(now)`. Nobody waits for real time.
//
// `done` is called between the steps, when no agent is being polled.
void RunInVirtualTime(const Crew& crew, riacho::ManualClock& clock,
                      absl::AnyInvocable<absl::Duration(absl::Time now)> step,
                      absl::AnyInvocable<bool(absl::Time now)> done);

// Runs the crew in real time until `done` says so, which is called five times per second, while the
// agents run.
void RunInRealTime(const Crew& crew, absl::AnyInvocable<bool(absl::Time now)> done);

}  // namespace replay
