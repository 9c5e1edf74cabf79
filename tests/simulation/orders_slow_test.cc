// The order system under ten thousand seeds, or as many as RIACHO_SIMULATED_WORLDS says.
#include <cstdlib>
#include <iostream>

#include "gtest/gtest.h"

#include "riacho/sim/seed_exploration.h"
#include "simulation/order_system.h"

namespace riacho::simulation {
namespace {

int SeedCount() {
  const char* const text =
      std::getenv("RIACHO_SIMULATED_WORLDS");  // NOLINT(concurrency-mt-unsafe): one thread
  return text == nullptr ? 10'000 : std::atoi(text);
}

TEST(OrdersSlow, HoldTheirInvariantsUnderThousandsOfSeeds) {
  ASSERT_GT(SeedCount(), 0) << "RIACHO_SIMULATED_WORLDS is no number above 0";
  const auto progress = [](int done, int total, int failed) {
    std::cout << done << " of " << total << " seeds, " << failed << " failed" << std::endl;
  };
  const Exploration exploration =
      ExploreSeeds(SeedCount(), [](Simulation& sim) { OrderSystem(sim).Run(); },
                   {.first_seed = 1'000, .simulation = OrderSimulation(), .progress = progress});
  EXPECT_TRUE(exploration.ok()) << exploration.Report();
}

}  // namespace
}  // namespace riacho::simulation
