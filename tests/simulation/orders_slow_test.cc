// The order system under ten thousand seeds.
#include <iostream>

#include "gtest/gtest.h"

#include "riacho/sim/seed_exploration.h"
#include "simulation/order_system.h"

namespace riacho::simulation {
namespace {

TEST(OrdersSlow, HoldTheirInvariantsUnderTenThousandSeeds) {
  const auto progress = [](int done, int total, int failed) {
    std::cout << done << " of " << total << " seeds, " << failed << " failed" << std::endl;
  };
  const Exploration exploration =
      ExploreSeeds(10'000, [](Simulation& sim) { OrderSystem(sim).Run(); },
                   {.first_seed = 1'000, .simulation = OrderSimulation(), .progress = progress});
  EXPECT_TRUE(exploration.ok()) << exploration.Report();
}

}  // namespace
}  // namespace riacho::simulation
