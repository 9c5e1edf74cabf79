#include "shard/interleaving/exploration.h"

#include <cstddef>

namespace riacho::internal {
namespace {

// True if all is well. Fills in `exploration`.
bool Execute(const MakeScenario& make, Chooser& chooser, Fault fault, bool trace,
             Exploration& exploration) {
  Execution execution(chooser, fault, trace);
  {
    const Scenario scenario = make();
    execution.Run(scenario.threads);
    scenario.finish();
  }
  execution.End();
  exploration.steps += execution.now();
  if (trace) {
    for (const std::string& line : execution.trace()) exploration.trace += line + '\n';
  } else {
    ++exploration.executions;
  }
  exploration.violation = execution.violation();
  return exploration.violation.empty();
}

}  // namespace

Exploration ExploreExhaustively(const MakeScenario& make, Bounds bounds, Fault fault) {
  Exploration exploration;
  ExhaustiveChooser chooser(bounds.preemptions, bounds.stale_reads);
  do {
    if (exploration.executions == bounds.executions) return exploration;
    if (!Execute(make, chooser, fault, false, exploration)) {
      chooser.Rewind();
      Execute(make, chooser, fault, true, exploration);
      return exploration;
    }
  } while (chooser.Next());
  exploration.complete = true;
  return exploration;
}

Exploration ExploreAtRandom(const MakeScenario& make, std::uint64_t seed, std::uint64_t executions,
                            Fault fault) {
  Exploration exploration;
  for (std::uint64_t i = 0; i < executions; ++i) {
    RandomChooser chooser(seed + i);
    if (!Execute(make, chooser, fault, false, exploration)) {
      RandomChooser again(seed + i);
      Execute(make, again, fault, true, exploration);
      return exploration;
    }
  }
  return exploration;
}

}  // namespace riacho::internal
