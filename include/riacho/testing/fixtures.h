// Fixtures for GoogleTest: an engine on a clock of the test's own, or a whole simulation.
//
//   class ShopTest : public riacho::EngineTest {};
//   TEST_F(ShopTest, AnOrderIsShippedOnce) {
//     CreateStream("orders");
//     Put("orders", "order-17", "paid");
//     Shop(kinesis, clock).Run();
//     EXPECT_THAT(ReadAll("shipments"), HasRecords(ElementsAre(IsRecord("order-17", "shipped"))));
//   }
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riacho/engine/engine.h"
#include "riacho/sim/simulation.h"
#include "riacho/testing/received_record.h"
#include "riacho/time/manual_clock.h"

namespace riacho {

// What tests do first and last, in short words. Each fails the test if it does not succeed. With a
// lifecycle that takes time, the stream may not be ACTIVE yet.
void CreateStream(Client& kinesis, const std::string& stream, std::int64_t shards = 1);
void Put(Client& kinesis, const std::string& stream, std::string_view partition_key,
         std::string_view data);
// All records of the stream that have not expired: shard by shard, parents before children. Reads
// each shard as GetRecords does, which counts towards its limits. For streams of the default record
// and page sizes.
std::vector<ReceivedRecord> ReadAll(Client& kinesis, const std::string& stream);

class EngineTest : public ::testing::Test {
 protected:
  explicit EngineTest(EngineOptions options = {})
      : engine(clock, std::move(options)), client_(engine.NewClient()), kinesis(*client_) {}

  void CreateStream(const std::string& stream, std::int64_t shards = 1) {
    riacho::CreateStream(kinesis, stream, shards);
  }
  void Put(const std::string& stream, std::string_view partition_key, std::string_view data) {
    riacho::Put(kinesis, stream, partition_key, data);
  }
  std::vector<ReceivedRecord> ReadAll(const std::string& stream) {
    return riacho::ReadAll(kinesis, stream);
  }

  ManualClock clock;
  Engine engine;

 private:
  const std::unique_ptr<Client> client_;

 protected:
  Client& kinesis;
};

// A simulation; its seed is the environment's RIACHO_SEED, or 1. A check of the simulation that
// fails fails the test, and a test that fails shows the simulation's report.
class SimulationTest : public ::testing::Test {
 protected:
  explicit SimulationTest(SimulationOptions options = {})
      : sim(std::move(options)), kinesis(sim.client()) {}

  void TearDown() override;

  Simulation sim;
  Client& kinesis;
};

// Lets the simulation run until the predicate holds, for `limit` at most; if it does not, the
// failure shows the report.
//   EXPECT_TRUE(EventuallyInSimulation(sim, [&] { return shop.empty(); }, absl::Minutes(5)));
::testing::AssertionResult EventuallyInSimulation(Simulation& sim,
                                                  const std::function<bool()>& predicate,
                                                  absl::Duration limit);

// The same until what `look` answers is liked by the matcher. It is asked once in a second of
// virtual time, so that it may read from shards.
//   EXPECT_TRUE(EventuallyInSimulation(sim, [&] { return ReadAll(kinesis, "shipments"); },
//                                      SizeIs(3), absl::Minutes(5)));
template <typename Look, typename Matcher>
::testing::AssertionResult EventuallyInSimulation(Simulation& sim, const Look& look,
                                                  const Matcher& matcher, absl::Duration limit) {
  using Value = decltype(look());
  const ::testing::Matcher<const Value&> likes = ::testing::SafeMatcherCast<const Value&>(matcher);
  const absl::Time end = sim.Now() + limit;
  for (;;) {
    const Value seen = look();
    if (!sim.failed() && likes.Matches(seen)) return ::testing::AssertionSuccess();
    if (sim.failed() || sim.Now() >= end) {
      ::testing::StringMatchResultListener why;
      likes.MatchAndExplain(seen, &why);
      return ::testing::AssertionFailure()
             << "Expected within " << absl::FormatDuration(limit) << ": "
             << ::testing::DescribeMatcher<const Value&>(likes)
             << "\nAt last: " << ::testing::PrintToString(seen) << " " << why.str() << "\n"
             << sim.Report();
    }
    sim.RunFor(std::min(absl::Seconds(1), end - sim.Now()));
  }
}

}  // namespace riacho
