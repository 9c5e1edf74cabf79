// A tracer in a simulation: on the side of the callers, by their clocks.
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/sim/simulation.h"
#include "riacho/telemetry/tracer.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

SamplingRules EveryTrace() {
  return SamplingRules::Create({{.rule_name = "all", .fixed_rate = 1}}).value();
}

void PutBelow(Simulation& sim, const OpenSpan& span) {
  const SpanScope scope(span);
  sim.client()
      .PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
      .IgnoreError();
}

class TracedSimulationTest : public testing::Test {
 protected:
  TracedSimulationTest() {
    EXPECT_TRUE(sim_.client().CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
    sim_.AddInterceptor(tracer_);
  }

  // Of the spans of operations: how long they took, and what went wrong.
  std::vector<std::string> Calls() const {
    std::vector<std::string> calls;
    for (const Span& span : exporter_.spans()) {
      if (!span.aws.has_value()) continue;
      calls.push_back(absl::FormatDuration(*span.end_time - span.start_time) +
                      (span.exceptions.empty() ? "" : " " + span.exceptions[0].type));
    }
    return calls;
  }

  InMemoryTraceExporter exporter_;
  Simulation sim_{{.seed = 1}};
  std::shared_ptr<Tracer> tracer_ = std::make_shared<Tracer>(
      sim_.clock(), exporter_, TracerOptions{.sampling = EveryTrace(), .seed = 1});
};

TEST_F(TracedSimulationTest, ADelayIsSeenByWhomItDelays) {
  sim_.faults().On(Operation::kPutRecord).Delay(absl::Seconds(5));
  sim_.Spawn("producer", [this]() -> Task<> {
    PutBelow(sim_, tracer_->StartSpan("work"));
    co_return;
  });
  sim_.RunFor(absl::Minutes(1));
  EXPECT_THAT(Calls(), ElementsAre("5s"));
}

TEST_F(TracedSimulationTest, WhatIsLostOnTheWayIsSeen) {
  sim_.faults().On(Operation::kPutRecord).Call(1).LoseRequest();
  sim_.Spawn("producer", [this]() -> Task<> {
    for (int i = 0; i < 2; ++i) PutBelow(sim_, tracer_->StartSpan("work"));
    co_return;
  });
  sim_.RunFor(absl::Minutes(1));
  ASSERT_THAT(Calls(), SizeIs(2));
  EXPECT_THAT(Calls()[0], testing::EndsWith("DEADLINE_EXCEEDED"));
  EXPECT_EQ(Calls()[1], "0");
}

TEST_F(TracedSimulationTest, ProcessesThatWaitInTheMiddleKeepTheirSpansApart) {
  for (const char* name : {"a", "b"}) {
    sim_.Spawn(name, [this, name]() -> Task<> {
      const OpenSpan work = tracer_->StartSpan(name);
      for (int i = 0; i < 3; ++i) {
        PutBelow(sim_, work);
        co_await sim_.Sleep(absl::Seconds(1));
      }
    });
  }
  sim_.RunFor(absl::Minutes(1));
  const std::vector<Span> spans = exporter_.spans();
  ASSERT_THAT(spans, SizeIs(8));
  for (const Span& root : spans) {
    if (!root.is_segment) continue;
    EXPECT_THAT(exporter_.SpansOf(root.trace_id), SizeIs(4)) << root;
    EXPECT_EQ(*root.end_time - root.start_time, absl::Seconds(3));
  }
}

// An interceptor that refuses every call, and counts them.
class Refuser : public Interceptor {
 public:
  absl::Status Before(const OperationContext& /*call*/) override {
    ++before;
    return absl::UnavailableError("closed");
  }
  void BeforeEntries(const OperationContext& /*call*/, std::span<absl::Status>) override {
    ++before_entries;
  }
  void After(const OperationContext& /*call*/, OperationOutcome& outcome) override {
    outcome.Fail(absl::UnavailableError("closed after " + std::to_string(++after)));
  }
  int before = 0;
  int before_entries = 0;
  int after = 0;
};

TEST_F(TracedSimulationTest, ARefusalOnTheCallersSideGoesNoFurther) {
  const auto outer = std::make_shared<Refuser>();
  const auto inner = std::make_shared<Refuser>();
  sim_.AddInterceptor(outer);
  sim_.AddInterceptor(inner);
  EXPECT_EQ(sim_.client().ListStreams({}).status().message(), "closed after 1");
  EXPECT_EQ(outer->before, 1);
  EXPECT_EQ(inner->before, 0);
  EXPECT_EQ(inner->after, 0);
}

TEST(TracedSimulation, TheSameSeedMakesTheSameDocuments) {
  const auto run = [] {
    std::ostringstream out;
    JsonLinesTraceExporter exporter(out);
    Simulation sim({.seed = 5});
    const auto tracer = std::make_shared<Tracer>(
        sim.clock(), exporter, TracerOptions{.sampling = EveryTrace(), .seed = sim.seed()});
    sim.AddInterceptor(tracer);
    sim.faults().On(Operation::kPutRecord).WithChance(0.3).LoseReply();
    EXPECT_TRUE(sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
    for (const char* name : {"a", "b", "c"}) {
      sim.Spawn(name, [&sim, &tracer = *tracer, name]() -> Task<> {
        for (int i = 0; i < 20; ++i) {
          PutBelow(sim, tracer.StartSpan(name));
          co_await sim.Sleep(absl::Milliseconds(70));
        }
      });
    }
    sim.RunFor(absl::Minutes(1));
    return std::move(out).str();
  };
  const std::string documents = run();
  EXPECT_EQ(run(), documents);
  EXPECT_THAT(documents, testing::HasSubstr("DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace riacho
