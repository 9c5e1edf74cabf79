// Runs a scenario in many orders and reports the first that goes wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shard/interleaving/execution.h"

namespace riacho::internal {

// Threads that run at once, and what is done and checked when they have ended.
struct Scenario {
  std::vector<std::function<void()>> threads;
  std::function<void()> finish;
};

struct Exploration {
  std::uint64_t executions = 0;
  bool complete = false;  // every order within the bounds was taken
  std::string violation;  // empty if all is well
  std::string trace;      // of the execution that went wrong
  std::uint64_t steps = 0;
};

// A new world for each execution; called inside of it.
using MakeScenario = std::function<Scenario()>;

struct Bounds {
  int preemptions = 2;
  int stale_reads = 0;
  std::uint64_t executions = 1'000'000;
};

Exploration ExploreExhaustively(const MakeScenario& make, Bounds bounds,
                                Fault fault = Fault::kNone);
Exploration ExploreAtRandom(const MakeScenario& make, std::uint64_t seed, std::uint64_t executions,
                            Fault fault = Fault::kNone);

}  // namespace riacho::internal
