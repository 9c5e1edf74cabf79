// The fixtures for users' tests.
#include "riacho/testing/fixtures.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "riacho/testing/matchers.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(EngineTest, PutsAndReadsEverythingAcrossReshards) {
  CreateStream("orders");
  Put("orders", "order-17", "created");
  ASSERT_TRUE(kinesis.UpdateShardCount({.stream_name = "orders", .target_shard_count = 2}).ok());
  clock.AdvanceTime(absl::Seconds(1));
  Put("orders", "order-17", "paid");
  const std::vector<ReceivedRecord> records = ReadAll("orders");
  EXPECT_THAT(records, ElementsAre(IsRecord("order-17", "created"), IsRecord("order-17", "paid")));
  EXPECT_THAT(records, InOrderPerKey());
}

TEST_F(EngineTest, ReadsPagesUntilTheEnd) {
  CreateStream("orders");
  for (int i = 0; i < 12'000; ++i) {
    if (i % 1'000 == 0) clock.AdvanceTime(absl::Seconds(1));
    Put("orders", "k", "x");
  }
  EXPECT_THAT(ReadAll("orders"), SizeIs(12'000));
}

TEST_F(EngineTest, FailsTheTestWhenAWordDoesNotSucceed) {
  EXPECT_NONFATAL_FAILURE(Put("no-such-stream", "k", "x"), "not found");
  EXPECT_NONFATAL_FAILURE(ReadAll("no-such-stream"), "not found");
  EXPECT_NONFATAL_FAILURE(CreateStream("no such name"), "validation error");
}

TEST_F(SimulationTest, HasASimulationWithAClient) {
  CreateStream(kinesis, "orders");
  sim.Spawn("producer", [&]() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      co_await sim.Sleep(absl::Minutes(1));
      Put(kinesis, "orders", "order-17", std::to_string(i));
    }
  });
  EXPECT_TRUE(EventuallyInSimulation(
      sim, [&] { return ReadAll(kinesis, "orders"); }, SizeIs(3), absl::Minutes(5)));
  EXPECT_EQ(sim.Now() - absl::FromUnixSeconds(1'767'225'600), absl::Minutes(3));
}

TEST(EventuallyInSimulation, ShowsTheReportWhenItDoesNotComeTrue) {
  Simulation sim({.seed = 5});
  sim.Note("a dark and stormy night");
  const testing::AssertionResult result = EventuallyInSimulation(
      sim, [] { return false; }, absl::Seconds(1));
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(),
              testing::AllOf(HasSubstr("within 1s"), HasSubstr("a dark and stormy night"),
                             HasSubstr("Again with {.seed = 5}")));
}

TEST(EventuallyInSimulation, ShowsWhatWasSeenAtLast) {
  Simulation sim({.seed = 5});
  const testing::AssertionResult result = EventuallyInSimulation(
      sim, [] { return 3; }, testing::Gt(4), absl::Seconds(1));
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(),
              testing::AllOf(HasSubstr("is > 4"), HasSubstr("At last: 3"), HasSubstr("Seed 5")));
}

class FailingSimulation : public SimulationTest {
 public:
  void TestBody() override { sim.Check(false, "pigs fly"); }
  void End() { TearDown(); }
};

TEST(SimulationFixture, FailsTheTestWhenACheckOfTheSimulationDoes) {
  FailingSimulation test;
  test.TestBody();
  EXPECT_NONFATAL_FAILURE(test.End(), "Check failed: pigs fly");
}

}  // namespace
}  // namespace riacho
