// ExploreSeeds: runs one body in many simulations, each with a seed of its own, and says which
// seeds break it.
//
//   riacho::Exploration exploration = riacho::ExploreSeeds(1'000, [](riacho::Simulation& sim) {
//     Application application(sim);
//     sim.RunFor(absl::Hours(1));
//     sim.Check(application.LostOrders() == 0, "no order is lost");
//   });
//   EXPECT_TRUE(exploration.ok()) << exploration.Report();
//
// RIACHO_SEED=17 in the environment runs that one seed alone, as often as you like.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "riacho/sim/simulation.h"

namespace riacho {

struct ExplorationOptions {
  std::uint64_t first_seed = 1;  // then 2, 3, …

  // How many simulations run at a time, each on a thread of its own; 1 runs them all in the calling
  // thread. 0: as many as there are processors. The body must not share what is not thread-safe.
  int threads = 0;

  // What the simulations have in common but for the seed. A trace stream needs `threads` = 1.
  SimulationOptions simulation = {};

  // Told now and then how far it has come, in one thread at a time.
  std::function<void(int done, int total, int failed)> progress = {};
};

struct FailedSeed {
  std::uint64_t seed = 0;
  std::int64_t event_count = 0;
  std::string report = {};
};

struct Exploration {
  int runs = 0;
  std::vector<FailedSeed> failures = {};  // ascending by number of events, then by seed

  bool ok() const { return failures.empty(); }
  // What the shortest failing run reports, and how many others there are.
  std::string Report() const;
};

// A run fails if one of the simulation's checks does, or if an exception leaves the body: "threw: "
// and what it says. The answer does not depend on the number of threads.
Exploration ExploreSeeds(int runs, const std::function<void(Simulation&)>& body,
                         ExplorationOptions options = {});

}  // namespace riacho
