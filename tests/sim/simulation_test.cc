// Simulation: time, processes and what befalls them, on a real engine.
#include "riacho/sim/simulation.h"

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"
#include "riacho/testing/fixtures.h"
#include "riacho/testing/matchers.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Seconds since the world began, by the clock of whoever asks.
double Elapsed(Simulation& sim) {
  return absl::ToDoubleSeconds(sim.Now() - absl::FromUnixSeconds(1'767'225'600));
}

class Ticker : public Agent {
 public:
  explicit Ticker(std::vector<absl::Time>& ticks) : ticks_(ticks) {}
  absl::Time Poll(absl::Time now) override {
    ticks_.push_back(now);
    return now + absl::Seconds(1);
  }

 private:
  std::vector<absl::Time>& ticks_;
};

TEST(Simulation, JumpsFromEventToEvent) {
  Simulation sim({.seed = 1});
  const absl::Time start = sim.Now();
  std::vector<absl::Time> ticks;
  Ticker ticker(ticks);
  sim.Spawn("ticker", ticker);
  sim.RunFor(absl::Milliseconds(2500));
  EXPECT_THAT(ticks, ElementsAre(start, start + absl::Seconds(1), start + absl::Seconds(2)));
  EXPECT_EQ(sim.Now(), start + absl::Milliseconds(2500));
  EXPECT_EQ(sim.event_count(), 3);
}

TEST(Simulation, RunsCoroutines) {
  Simulation sim({.seed = 1});
  std::vector<double> times;
  Process& process = sim.Spawn("walker", [&]() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      times.push_back(Elapsed(sim));
      co_await sim.Sleep(absl::Minutes(10));
    }
  });
  EXPECT_TRUE(sim.RunToIdle());
  EXPECT_THAT(times, ElementsAre(0, 600, 1200));
  EXPECT_EQ(process.state(), ProcessState::kFinished);
  EXPECT_EQ(Elapsed(sim), 1800);
}

Task<int> Sum(Simulation& sim, int a, int b) {
  co_await sim.Sleep(absl::Seconds(a));
  co_await sim.Sleep(absl::Seconds(b));
  co_return a + b;
}

TEST(Simulation, CoroutinesAwaitCoroutines) {
  Simulation sim({.seed = 1});
  int sum = 0;
  sim.Spawn("adder", [&]() -> Task<> {
    sum = co_await Sum(sim, 1, 2);
    sum += co_await Sum(sim, 3, 4);
  });
  EXPECT_TRUE(sim.RunToIdle());
  EXPECT_EQ(sum, 10);
  EXPECT_EQ(Elapsed(sim), 10);
}

TEST(Simulation, AnExceptionComesOutOfTheRun) {
  Simulation sim({.seed = 1});
  sim.Spawn("thrower", [&]() -> Task<> {
    co_await Sum(sim, 1, 1);
    throw std::string("enough");
  });
  EXPECT_THROW(sim.RunFor(absl::Seconds(3)), std::string);
}

TEST(Simulation, UntilWaitsForAPredicateUpToALimit) {
  Simulation sim({.seed = 1});
  bool ready = false;
  std::vector<std::pair<bool, double>> answers;
  sim.Spawn("waiter", [&]() -> Task<> {
    for (int i = 0; i < 2; ++i) {
      const bool held = co_await sim.Until([&] { return ready; }, absl::Seconds(4));
      answers.emplace_back(held, Elapsed(sim));
      ready = false;
    }
  });
  sim.Spawn("setter", [&]() -> Task<> {
    co_await sim.Sleep(absl::Seconds(2));
    ready = true;
  });
  EXPECT_TRUE(sim.RunToIdle());
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_TRUE(answers[0].first);
  EXPECT_NEAR(answers[0].second, 2, 0.011);
  EXPECT_FALSE(answers[1].first);
  EXPECT_DOUBLE_EQ(answers[1].second - answers[0].second, 4);
}

TEST(Simulation, RunUntilLooksAfterEveryEventAndBetween) {
  Simulation sim({.seed = 1, .engine = ServiceTimes()});
  ASSERT_THAT(sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  const auto active = [&] {
    return sim.client()
               .DescribeStreamSummary({.stream_name = "orders"})
               ->stream_description_summary.stream_status == StreamStatus::kActive;
  };
  EXPECT_FALSE(sim.RunUntil(active, absl::Seconds(1)));
  EXPECT_EQ(Elapsed(sim), 1);
  EXPECT_TRUE(sim.RunUntil(active, absl::Minutes(1)));
  EXPECT_NEAR(Elapsed(sim), 6, 0.011) << "what changes by time alone is seen too";

  int ticks = 0;
  sim.Spawn("counter", [&]() -> Task<> {
    for (;; ++ticks) co_await sim.Sleep(absl::Microseconds(1));
  });
  EXPECT_TRUE(sim.RunUntil([&] { return ticks == 7; }, absl::Seconds(1)));
}

TEST(Simulation, RunToIdleGivesUpAtItsLimit) {
  Simulation sim({.seed = 1});
  std::vector<absl::Time> ticks;
  Ticker ticker(ticks);
  sim.Spawn("ticker", ticker);
  EXPECT_FALSE(sim.RunToIdle(absl::Seconds(10)));
  EXPECT_EQ(Elapsed(sim), 10);
}

class Impatient : public Agent {
 public:
  absl::Time Poll(absl::Time now) override {
    ++polls;
    return now;
  }
  int polls = 0;
};

TEST(Simulation, WhoeverWantsToRunAtOnceRunsAStepLater) {
  Simulation sim({.seed = 1, .idle_step = absl::Milliseconds(100)});
  Impatient agent;
  Process& process = sim.Spawn("impatient", agent);
  sim.RunFor(absl::Milliseconds(950));
  EXPECT_EQ(agent.polls, 10);
  process.Wake();
  sim.RunFor(absl::ZeroDuration());
  EXPECT_EQ(agent.polls, 11) << "but at once when somebody wakes it";
  process.Wake();
  sim.RunFor(absl::ZeroDuration());
  EXPECT_EQ(agent.polls, 11) << "once at one time";
}

TEST(Simulation, TheSeedChoosesWhoComesFirst) {
  const auto order = [](std::uint64_t seed) {
    Simulation sim({.seed = seed});
    std::string names;
    for (const char* name : {"a", "b", "c", "d"}) {
      sim.Spawn(name, [&names, name]() -> Task<> {
        names += name;
        co_return;
      });
    }
    sim.RunToIdle();
    return names;
  };
  EXPECT_EQ(order(1), order(1));
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) orders.insert(order(seed));
  EXPECT_EQ(orders.size(), 24U);
}

// --- crash, pause, partition

struct Guest {
  explicit Guest(int& count) : present(count) { ++present; }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest() { --present; }
  int& present;
};

TEST(SimulationCrash, DestroysWhatACoroutineHasAndBeginsAnewAfterRestart) {
  int guests = 0;  // coroutines look at it when they are destroyed, so it outlives them
  int begun = 0;
  Simulation sim({.seed = 1});
  Process& process = sim.Spawn("host", [&]() -> Task<> {
    ++begun;
    const Guest guest(guests);
    co_await Sum(sim, 1'000, 1'000);
  });
  sim.RunFor(absl::Seconds(1));
  EXPECT_EQ(guests, 1);
  process.Crash();
  EXPECT_EQ(guests, 0);
  EXPECT_EQ(process.state(), ProcessState::kCrashed);
  sim.RunFor(absl::Seconds(5'000));
  EXPECT_EQ(begun, 1);

  process.Restart();
  sim.RunFor(absl::Seconds(1));
  EXPECT_EQ(process.state(), ProcessState::kRunning);
  EXPECT_EQ(begun, 2);
  EXPECT_EQ(guests, 1);
  process.Restart();
  sim.RunFor(absl::Seconds(1));
  EXPECT_EQ(begun, 3) << "a process that runs crashes first";
  EXPECT_EQ(guests, 1);
}

TEST(SimulationCrash, MakesAgentsAnew) {
  Simulation sim({.seed = 1});
  std::vector<absl::Time> ticks;
  int made = 0;
  Process& process = sim.Spawn("ticker", [&] {
    ++made;
    return std::make_unique<Ticker>(ticks);
  });
  sim.RunFor(absl::Milliseconds(500));
  process.Crash();
  sim.RunFor(absl::Seconds(10));
  process.Restart();
  sim.RunFor(absl::Milliseconds(500));
  EXPECT_EQ(made, 2);
  EXPECT_EQ(ticks.size(), 2U);
}

TEST(SimulationCrash, OfAProcessThatRunsComesWhenItWaits) {
  Simulation sim({.seed = 1});
  std::vector<std::string> diary;
  sim.Spawn("suicide", [&]() -> Task<> {
    Process& self = *sim.Find("suicide");
    diary.push_back("begins");
    if (diary.size() == 1) self.Restart();
    diary.push_back("goes on");
    co_await sim.Sleep(absl::Seconds(1));
    diary.push_back("ends");
  });
  sim.RunToIdle();
  EXPECT_THAT(diary, ElementsAre("begins", "goes on", "begins", "goes on", "ends"));
}

struct LastWill {
  Client& client;
  ~LastWill() {
    client.PutRecord({.stream_name = "orders", .data = "farewell", .partition_key = "k"})
        .IgnoreError();
  }
};

std::size_t RecordsOf(Simulation& sim) {
  const auto iterator =
      sim.client().GetShardIterator({.stream_name = "orders",
                                     .shard_id = "0",
                                     .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  return sim.client().GetRecords({.shard_iterator = iterator->shard_iterator})->records.size();
}

TEST(SimulationCrash, LosesWhatDestructorsSay) {
  Simulation sim({.seed = 1});
  ASSERT_THAT(sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  Process& process = sim.Spawn("producer", [&]() -> Task<> {
    const LastWill will{sim.client()};
    co_await sim.Sleep(absl::Hours(1));
  });
  sim.RunFor(absl::Seconds(1));
  process.Crash();
  EXPECT_EQ(RecordsOf(sim), 0U);
}

TEST(SimulationPause, DelaysWhatIsDue) {
  Simulation sim({.seed = 1});
  std::vector<double> times;
  Process& process = sim.Spawn("walker", [&]() -> Task<> {
    for (;;) {
      times.push_back(Elapsed(sim));
      co_await sim.Sleep(absl::Seconds(10));
    }
  });
  sim.RunFor(absl::Seconds(5));
  process.Pause();
  sim.RunFor(absl::Seconds(20));
  process.Resume();
  sim.RunFor(absl::Seconds(11));
  EXPECT_THAT(times, ElementsAre(0, 25, 35));
}

TEST(SimulationPartition, LosesCallsAndBreaksSubscriptions) {
  Simulation sim({.seed = 1});
  ASSERT_THAT(sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  const std::string consumer = sim.client()
                                   .RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"),
                                                            .consumer_name = "shipping"})
                                   ->consumer.consumer_arn;
  std::vector<absl::StatusCode> puts;
  std::vector<absl::StatusCode> polls;
  Process& process = sim.Spawn("worker", [&]() -> Task<> {
    const auto subscription = sim.client().SubscribeToShard(
        {.consumer_arn = consumer,
         .shard_id = "0",
         .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}});
    for (;;) {
      puts.push_back(sim.client()
                         .PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
                         .status()
                         .code());
      polls.push_back((*subscription)->Poll().status().code());
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  sim.RunFor(absl::Milliseconds(500));
  process.Partition();
  sim.RunFor(absl::Seconds(1));
  process.Heal();
  sim.RunFor(absl::Seconds(1));
  EXPECT_THAT(puts, ElementsAre(absl::StatusCode::kOk, absl::StatusCode::kDeadlineExceeded,
                                absl::StatusCode::kOk));
  EXPECT_THAT(polls, ElementsAre(absl::StatusCode::kOk, absl::StatusCode::kUnavailable,
                                 absl::StatusCode::kOk))
      << "the error is answered once";
  EXPECT_EQ(RecordsOf(sim), 2U);
}

// What the service would refuse gets lost on the way like everything else, and is in the trace.
TEST(SimulationPartition, LosesWhatWouldBeRefused) {
  std::ostringstream lines;
  Simulation sim({.seed = 1, .trace = &lines});
  const std::unique_ptr<Client> nobody =
      sim.engine().NewClient(Principal::User("nobody", std::vector<Policy>()));
  Process& process = sim.Spawn("worker", [&]() -> Task<> {
    for (;;) {
      nobody->DescribeLimits({}).IgnoreError();
      sim.client().PutRecord({.stream_name = "orders"}).IgnoreError();
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  sim.RunFor(absl::Milliseconds(500));
  process.Partition();
  sim.RunFor(absl::Seconds(1));
  EXPECT_EQ(lines.str(),
            "2026-01-01T00:00:00+00:00  worker: DescribeLimits: AccessDeniedException\n"
            "2026-01-01T00:00:00+00:00  worker: PutRecord: ValidationException\n"
            "2026-01-01T00:00:00.5+00:00  worker: is cut off\n"
            "2026-01-01T00:00:01+00:00  worker: DescribeLimits: timed out\n"
            "2026-01-01T00:00:01+00:00  worker: PutRecord: timed out\n");
}

// Asks a subscription that has nothing to say for what comes, for as long as it takes.
class SimulationWaitTest : public SimulationTest {
 protected:
  SimulationWaitTest() : SimulationTest({.seed = 1}) {
    CreateStream(kinesis, "orders");
    consumer_ = kinesis
                    .RegisterStreamConsumer(
                        {.stream_arn = StreamArnOf("orders"), .consumer_name = "shipping"})
                    ->consumer.consumer_arn;
  }
  std::unique_ptr<Subscription> Subscribe() {
    return kinesis
        .SubscribeToShard(
            {.consumer_arn = consumer_,
             .shard_id = "0",
             .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}})
        .value();
  }
  void Put(std::size_t bytes) { riacho::Put(kinesis, "orders", "k", std::string(bytes, 'x')); }
  std::size_t Waited(Subscription& subscription) {
    const auto event = subscription.Wait(absl::InfiniteFuture()).value();
    return event.has_value() ? event->records.size() : 0;
  }

  std::string consumer_;
};

TEST_F(SimulationWaitTest, LooksOnceInAProcess) {
  std::vector<std::size_t> waited;
  sim.Spawn("consumer", [&]() -> Task<> {
    const std::unique_ptr<Subscription> subscription = Subscribe();
    for (int i = 0; i < 3; ++i) {
      waited.push_back(Waited(*subscription));
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  sim.RunFor(absl::Milliseconds(500));
  Put(10);
  sim.RunFor(absl::Minutes(1));
  EXPECT_THAT(waited, ElementsAre(0, 1, 0));
}

TEST_F(SimulationWaitTest, LooksOnceInTheTestItself) {
  const std::unique_ptr<Subscription> subscription = Subscribe();
  EXPECT_EQ(Waited(*subscription), 0U);
  Put(10);
  EXPECT_EQ(Waited(*subscription), 1U);
  EXPECT_EQ(Waited(*subscription), 0U);
  EXPECT_EQ(Elapsed(sim), 0) << "nobody has moved time";
}

TEST_F(SimulationWaitTest, LooksOnceWhenTheReadBudgetIsSpent) {
  for (int i = 0; i < 8; ++i) {
    Put(1'000'000);
    sim.RunFor(absl::Seconds(1));
  }
  const std::unique_ptr<Subscription> subscription = Subscribe();
  std::size_t records = 0;
  while (const std::size_t event = Waited(*subscription)) records += event;
  EXPECT_GT(records, 0U);
  EXPECT_LT(records, 8U) << "two megabytes a second";
}

// --- clocks

TEST(SimulationClocks, AreSkewedForTheirProcessAlone) {
  Simulation sim({.seed = 1});
  std::vector<double> times;
  Process& process = sim.Spawn("walker", [&]() -> Task<> {
    for (;;) {
      times.push_back(absl::ToDoubleSeconds(sim.clock().TimeNow() - sim.TrueNow()));
      co_await sim.Sleep(absl::Seconds(10));
    }
  });
  process.SetClock({.skew = absl::Seconds(-3)});
  sim.RunFor(absl::Seconds(25));
  EXPECT_THAT(times, ElementsAre(-3, -3, -3));
  EXPECT_EQ(sim.clock().TimeNow(), sim.TrueNow());
}

TEST(SimulationClocks, DriftSoThatSleepsAreShorterOrLonger) {
  Simulation sim({.seed = 1});
  std::vector<double> true_times;
  Process& process = sim.Spawn("walker", [&]() -> Task<> {
    for (;;) {
      true_times.push_back(
          absl::ToDoubleSeconds(sim.TrueNow() - absl::FromUnixSeconds(1'767'225'600)));
      co_await sim.Sleep(absl::Seconds(10));
    }
  });
  process.SetClock({.drift = 0.25});  // ten of its seconds are eight
  sim.RunFor(absl::Seconds(20));
  ASSERT_EQ(true_times.size(), 3U);
  EXPECT_NEAR(true_times[1], 8, 1e-6);
  EXPECT_NEAR(true_times[2], 16, 1e-6);
}

TEST(SimulationFaults, ADelayIsTheCallersAlone) {
  Simulation sim({.seed = 1});
  ASSERT_THAT(sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  sim.faults().On(Operation::kPutRecord).Delay(absl::Seconds(5));
  std::vector<std::pair<double, double>> calls;  // before, after
  sim.Spawn("producer", [&]() -> Task<> {
    for (int i = 0; i < 2; ++i) {
      const double before = Elapsed(sim);
      sim.client()
          .PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
          .IgnoreError();
      calls.emplace_back(before, Elapsed(sim));
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  std::vector<absl::Time> ticks;
  sim.Spawn("ticker", [&] { return std::make_unique<Ticker>(ticks); });
  sim.RunFor(absl::Seconds(12));
  EXPECT_THAT(calls, ElementsAre(std::pair(0.0, 5.0), std::pair(6.0, 11.0)));
  EXPECT_EQ(ticks.size(), 13U);
}

TEST(SimulationFaults, SpareTheTestItself) {
  Simulation sim({.seed = 1});
  sim.faults().OnEverything().Throttle();
  EXPECT_THAT(sim.client().DescribeLimits({}), Succeeds());
  absl::Status seen;
  sim.Spawn("process", [&]() -> Task<> {
    seen = sim.client().DescribeLimits({}).status();
    co_return;
  });
  sim.RunToIdle();
  EXPECT_THAT(seen, IsThrottled());
}

TEST(SimulationFaults, MayBeGivenAsOptions) {
  const FaultPlan plan =
      FaultPlan::Parse(R"({"faults": [{"on": "DescribeLimits", "throttle": true}]})").value();
  Simulation sim({.seed = 1, .faults = plan.rules()});
  absl::Status seen;
  sim.Spawn("process", [&]() -> Task<> {
    seen = sim.client().DescribeLimits({}).status();
    co_return;
  });
  sim.RunToIdle();
  EXPECT_THAT(seen, IsThrottled());
}

// --- trace and report

// A small busy world; its trace as text and as a hash.
std::pair<std::string, std::uint64_t> BusyTrace(std::uint64_t seed) {
  std::ostringstream lines;
  Simulation sim({.seed = seed, .trace = &lines});
  EXPECT_THAT(sim.client().CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  sim.faults().On(Operation::kPutRecord).WithChance(0.2).Throttle();
  for (const char* name : {"alice", "bob", "carol"}) {
    Process& process = sim.Spawn(name, [&sim, name]() -> Task<> {
      for (;;) {
        sim.client()
            .PutRecord({.stream_name = "orders", .data = "x", .partition_key = name})
            .IgnoreError();
        co_await sim.Sleep(
            absl::Milliseconds(static_cast<std::int64_t>(sim.random().Uniform(2'000))));
      }
    });
    process.SetClock({.skew = absl::Seconds(1), .drift = 0.001});
  }
  sim.Spawn("chaos", [&]() -> Task<> {
    for (;;) {
      Process& victim = *sim.processes()[sim.random().Uniform(3)];
      co_await sim.Sleep(absl::Seconds(5));
      victim.Crash();
      co_await sim.Sleep(absl::Seconds(1));
      victim.Restart();
    }
  });
  sim.RunFor(absl::Minutes(10));
  return {lines.str(), sim.trace_hash()};
}

TEST(SimulationTrace, IsTheSameForTheSameSeed) {
  const auto [lines, hash] = BusyTrace(1);
  EXPECT_GT(lines.size(), 10'000U);
  const auto [same_lines, same_hash] = BusyTrace(1);
  EXPECT_EQ(lines, same_lines);
  EXPECT_EQ(hash, same_hash);
  const auto [other_lines, other_hash] = BusyTrace(2);
  EXPECT_NE(lines, other_lines);
  EXPECT_NE(hash, other_hash);
}

// g++ and clang, debug and release builds must agree. A change of the engine that changes what a
// program sees, or of the simulation's order, changes this number on purpose.
TEST(SimulationTrace, DoesNotDependOnTheCompiler) {
  EXPECT_EQ(BusyTrace(1).second, 14'535'711'381'794'700'235U);
}

TEST(SimulationReport, ShowsSeedTimeAndTheLastEvents) {
  Simulation sim({.seed = 17, .kept_events = 3});
  sim.Spawn("producer", [&]() -> Task<> {
    for (int i = 1;; ++i) {
      sim.client()
          .PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
          .IgnoreError();
      sim.Check(i < 3, "the stream exists");
      co_await sim.Sleep(absl::Seconds(1));
    }
  });
  sim.RunFor(absl::Minutes(1));
  EXPECT_TRUE(sim.failed());
  EXPECT_EQ(Elapsed(sim), 2) << "the run ends with the first check that fails";
  EXPECT_EQ(sim.Report(),
            "Check failed: the stream exists\n"
            "Seed 17, 2026-01-01T00:00:02+00:00, after 3 events. The last of them:\n"
            "2026-01-01T00:00:01+00:00  producer: PutRecord: ResourceNotFoundException\n"
            "2026-01-01T00:00:02+00:00  producer: PutRecord: ResourceNotFoundException\n"
            "2026-01-01T00:00:02+00:00  producer: check failed: the stream exists\n"
            "Again with {.seed = 17}\n");
}

}  // namespace
}  // namespace riacho
