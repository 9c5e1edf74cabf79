// ExploreSeeds: many seeds, the shortest failure, and one seed again.
#include "riacho/sim/seed_exploration.h"

#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Takes a random walk of at most a hundred steps, and fails on one in so many.
void Walk(Simulation& sim, std::uint64_t one_in) {
  sim.Spawn("walker", [&]() -> Task<> {
    for (int step = 0; step < 100; ++step) {
      sim.Check(sim.random().Uniform(one_in) != 0, "no bad luck");
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  sim.RunToIdle();
}

TEST(ExploreSeeds, ReportsTheShortestRunThatFails) {
  const Exploration exploration =
      ExploreSeeds(100, [](Simulation& sim) { Walk(sim, 500); }, {.threads = 1});
  ASSERT_FALSE(exploration.ok());
  EXPECT_LT(exploration.failures.size(), 50U);
  for (const FailedSeed& failure : exploration.failures)
    EXPECT_GE(failure.event_count, exploration.failures.front().event_count);
  const std::string seed = std::to_string(exploration.failures.front().seed);
  EXPECT_THAT(exploration.Report(),
              StartsWith(std::to_string(exploration.failures.size()) +
                         " of 100 seeds fail. The shortest run:\nCheck failed: no bad luck\nSeed " +
                         seed + ", 2026-01-01T"));
  EXPECT_THAT(exploration.Report(), HasSubstr("Again with RIACHO_SEED=" + seed + "\n"));
}

TEST(ExploreSeeds, SaysSoWhenAllIsWell) {
  const Exploration exploration = ExploreSeeds(10, [](Simulation&) {}, {.threads = 1});
  EXPECT_TRUE(exploration.ok());
  EXPECT_EQ(exploration.Report(), "All of 10 seeds hold.\n");
}

TEST(ExploreSeeds, AnswersTheSameOnManyThreads) {
  const auto body = [](Simulation& sim) { Walk(sim, 500); };
  const Exploration alone = ExploreSeeds(60, body, {.first_seed = 7, .threads = 1});
  const Exploration together = ExploreSeeds(60, body, {.first_seed = 7, .threads = 4});
  EXPECT_EQ(alone.Report(), together.Report());
}

TEST(ExploreSeeds, AnExceptionFailsItsSeedAlone) {
  const auto body = [](Simulation& sim) {
    sim.RunFor(absl::Seconds(1));
    if (sim.seed() == 3) throw std::runtime_error("no such order");
    if (sim.seed() == 5) throw 5;
    if (sim.seed() != 7) return;
    sim.Spawn("thrower", []() -> Task<> {
      throw std::runtime_error("out of a process");
      co_return;
    });
    sim.RunToIdle();
  };
  for (const int threads : {1, 4}) {
    const Exploration exploration = ExploreSeeds(8, body, {.threads = threads});
    ASSERT_EQ(exploration.failures.size(), 3U);
    EXPECT_EQ(exploration.failures[0].seed, 3U);
    EXPECT_THAT(exploration.Report(),
                StartsWith("3 of 8 seeds fail. The shortest run:\n"
                           "Check failed: threw: no such order\nSeed 3, 2026-01-01T00:00:01"));
    EXPECT_EQ(exploration.failures[1].seed, 5U);
    EXPECT_THAT(exploration.failures[1].report,
                StartsWith("Check failed: threw something that is no std::exception\n"));
    EXPECT_EQ(exploration.failures[2].seed, 7U) << "it has had an event";
    EXPECT_THAT(exploration.failures[2].report,
                StartsWith("Check failed: threw: out of a process\n"));
  }
}

TEST(ExploreSeeds, TellsHowFarItHasCome) {
  std::vector<int> done;
  ExploreSeeds(40, [](Simulation&) {},
               {.threads = 1, .progress = [&](int so_far, int total, int failed) {
                  EXPECT_EQ(total, 40);
                  EXPECT_EQ(failed, 0);
                  done.push_back(so_far);
                }});
  EXPECT_EQ(done.size(), 20U);
  EXPECT_EQ(done.back(), 40);
}

class SeedInTheEnvironment : public testing::Test {
 protected:
  ~SeedInTheEnvironment() override { unsetenv("RIACHO_SEED"); }
};

TEST_F(SeedInTheEnvironment, IsTheOnlyOneExplored) {
  setenv("RIACHO_SEED", "4711", 1);
  std::vector<std::uint64_t> seeds;
  ExploreSeeds(100, [&](Simulation& sim) { seeds.push_back(sim.seed()); });
  EXPECT_THAT(seeds, testing::ElementsAre(4711));
}

TEST_F(SeedInTheEnvironment, IsTheDefaultOfOneSimulation) {
  EXPECT_EQ(Simulation().seed(), 1U);
  setenv("RIACHO_SEED", "4711", 1);
  EXPECT_EQ(Simulation().seed(), 4711U);
  EXPECT_EQ(Simulation({.seed = 3}).seed(), 3U);
}

TEST_F(SeedInTheEnvironment, IsIgnoredAloudIfItIsNoNumber) {
  setenv("RIACHO_SEED", "47x", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(Simulation().seed(), 1U);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "RIACHO_SEED is no number, and is ignored: 47x\n");
  unsetenv("RIACHO_SEED");
  testing::internal::CaptureStderr();
  EXPECT_EQ(SeedFromEnvironment(), std::nullopt);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(SeedInTheEnvironment, IsWhatAReportAsksForUnlessTheSimulationWasGivenAnother) {
  EXPECT_THAT(Simulation().Report(), EndsWith("Again with RIACHO_SEED=1\n"));
  EXPECT_THAT(Simulation({.seed = 1}).Report(), EndsWith("Again with {.seed = 1}\n"));
}

}  // namespace
}  // namespace riacho
