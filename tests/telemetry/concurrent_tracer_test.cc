// One tracer, used by several threads: each has a current span of its own.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "riacho/engine/engine.h"
#include "riacho/telemetry/tracer.h"
#include "riacho/time/manual_clock.h"

namespace riacho {
namespace {

TEST(ConcurrentTracer, ThreadsTraceSideBySide) {
  constexpr int kThreads = 4;
  constexpr int kTraces = 200;
  ManualClock clock;
  InMemoryTraceExporter exporter;
  const auto tracer = std::make_shared<Tracer>(
      clock, exporter,
      TracerOptions{
          .sampling = SamplingRules::Create(
                          {{.rule_name = "half", .reservoir_size = 100, .fixed_rate = 0.5}})
                          .value(),
          .seed = 1});
  Engine engine(clock, {.limits = Limits::Unlimited(), .interceptors = {tracer}});
  const std::unique_ptr<Client> kinesis = engine.NewClient();
  ASSERT_TRUE(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, name = "thread " + std::to_string(thread)] {
        for (int i = 0; i < kTraces; ++i) {
          const OpenSpan root = tracer->StartSpan(name);
          const SpanScope scope(root);
          const OpenSpan part = tracer->StartSpan(name);
          EXPECT_TRUE(
              kinesis->PutRecord({.stream_name = "orders", .data = "d", .partition_key = "k"})
                  .ok());
        }
      });
    }
  }
  const SamplingStatistics statistics = tracer->sampler().Statistics()[0];
  EXPECT_EQ(statistics.request_count, kThreads * kTraces);
  EXPECT_GT(statistics.sampled_count, 100);
  EXPECT_LT(statistics.sampled_count, kThreads * kTraces);
  std::map<TraceId, std::vector<Span>> traces;
  for (const Span& span : exporter.spans()) traces[span.trace_id].push_back(span);
  EXPECT_EQ(static_cast<std::int64_t>(traces.size()), statistics.sampled_count);
  for (const auto& [id, spans] : traces) {
    // The operation, the part and the root, in the order in which they ended.
    ASSERT_EQ(spans.size(), 3U);
    EXPECT_EQ(spans[0].parent_id, spans[2].span_id);
    EXPECT_EQ(spans[1].parent_id, spans[2].span_id);
    EXPECT_EQ(spans[1].name, spans[2].name);
  }
}

}  // namespace
}  // namespace riacho
