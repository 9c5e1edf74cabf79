// The order system under many seeds: nothing acknowledged is lost, orders keep their order, and
// duplicates come only where at-least-once allows them. And the proof that these checks can fail.
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/sim/seed_exploration.h"
#include "riacho/testing/fixtures.h"
#include "riacho/testing/matchers.h"
#include "simulation/order_system.h"

namespace riacho::simulation {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

void RunHealthy(Simulation& sim) { OrderSystem(sim).Run(); }

// A report but for its last line, which says how to have it again.
std::string CourseOf(const std::string& report) {
  return report.substr(0, report.rfind("Again with"));
}

void RunBuggy(Simulation& sim) { OrderSystem(sim, {.checkpoints_too_early = true}).Run(); }

TEST(Orders, HoldTheirInvariantsUnderEverySeed) {
  const Exploration exploration = ExploreSeeds(200, RunHealthy, {.simulation = OrderSimulation()});
  EXPECT_TRUE(exploration.ok()) << exploration.Report();
}

class OneOrderSystem : public SimulationTest {
 protected:
  OneOrderSystem() : SimulationTest(OrderSimulation()) {}
};

TEST_F(OneOrderSystem, HasWorkAndTrouble) {
  OrderSystem orders(sim);
  orders.Run();
  EXPECT_THAT(ReadAll(kinesis, "orders"), InOrderPerKey());
  EXPECT_GT(orders.ledger().acknowledged(), 300);
  EXPECT_GT(orders.ledger().duplicates(), 5);
  const auto shards = sim.client().ListShards({.stream_name = "orders"});
  EXPECT_GT(shards->shards.size(), 4U) << "it was resharded";
}

// Of a world in which everything happens: subscriptions, reshards, pauses, partitions, delays, lost
// replies, and the sequence numbers of what arrives. As of the simulation's own test: g++ and
// clang, debug and release builds must agree; a change of what a program sees changes this number
// on purpose.
TEST(Orders, HaveOneTraceWithEveryCompiler) {
  SimulationOptions options = OrderSimulation();
  options.seed = 1;
  Simulation sim(std::move(options));
  OrderSystem(sim).Run();
  EXPECT_FALSE(sim.failed()) << sim.Report();
  EXPECT_EQ(sim.trace_hash(), 1'087'555'026'582'155'063U);
}

TEST(Orders, ACheckpointThatComesTooEarlyIsFoundAndItsSeedRepeatsIt) {
  const Exploration exploration = ExploreSeeds(100, RunBuggy, {.simulation = OrderSimulation()});
  ASSERT_FALSE(exploration.ok());
  for (const FailedSeed& failure : exploration.failures) {
    EXPECT_THAT(failure.report, StartsWith("Check failed: "));
    EXPECT_THAT(failure.report.substr(0, failure.report.find('\n')),
                AnyOf(HasSubstr(" came before "), HasSubstr(" is lost")))
        << "and by no other check";
  }
  const FailedSeed& shortest = exploration.failures.front();

  SimulationOptions options = OrderSimulation();
  options.seed = shortest.seed;
  Simulation sim(std::move(options));
  RunBuggy(sim);
  EXPECT_TRUE(sim.failed());
  EXPECT_EQ(CourseOf(sim.Report()), CourseOf(shortest.report));
}

}  // namespace
}  // namespace riacho::simulation
