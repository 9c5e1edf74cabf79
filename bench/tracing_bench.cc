// What it costs to be followed: PutRecord without a tracer, below no span, and below spans of
// traces that are not sampled and that are.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench_stream.h"
#include "riacho/telemetry/tracer.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kStep = 80'000;  // puts, so that what is live fits the warm segments

// Takes spans, and forgets them.
class NoExporter final : public TraceExporter {
 public:
  void Export(Span span) override { benchmark::DoNotOptimize(span); }
};

// Interceptors cost something whatever they do.
class Onlooker final : public Interceptor {};

SamplingRules Sampled(bool sampled) {
  return SamplingRules::Create({{.rule_name = "all", .fixed_rate = sampled ? 1.0 : 0.0}}).value();
}

void Put(benchmark::State& state, std::shared_ptr<Interceptor> interceptor) {
  std::vector<std::shared_ptr<Interceptor>> interceptors;
  if (interceptor != nullptr) interceptors.push_back(std::move(interceptor));
  BenchStream stream(1, {.limits = Limits::Unlimited(), .interceptors = std::move(interceptors)});
  const std::string data(100, 'd');
  std::int64_t until_step = kStep;
  for (auto _ : state) {
    if (!stream.kinesis->PutRecord({.stream_name = "bench", .data = data, .partition_key = "key"})
             .ok()) {
      state.SkipWithError("refused");
    }
    if (--until_step == 0) {
      stream.Step();
      until_step = kStep;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void PutWithoutInterceptor(benchmark::State& state) { Put(state, nullptr); }
BENCHMARK(PutWithoutInterceptor);

void PutWithInterceptorThatDoesNothing(benchmark::State& state) {
  Put(state, std::make_shared<Onlooker>());
}
BENCHMARK(PutWithInterceptorThatDoesNothing);

void PutBelowNoSpan(benchmark::State& state) {
  ManualClock clock;
  NoExporter exporter;
  Put(state, std::make_shared<Tracer>(clock, exporter));
}
BENCHMARK(PutBelowNoSpan);

void PutBelowSpan(benchmark::State& state) {
  ManualClock clock;
  NoExporter exporter;
  const auto tracer = std::make_shared<Tracer>(
      clock, exporter, TracerOptions{.sampling = Sampled(state.range(0) != 0), .seed = 1});
  const OpenSpan span = tracer->StartSpan("bench");
  const SpanScope scope(span);
  Put(state, tracer);
}
BENCHMARK(PutBelowSpan)->ArgName("sampled")->Arg(0)->Arg(1);

// Without a seed, as in production.
void BeginTrace(benchmark::State& state) {
  ManualClock clock;
  NoExporter exporter;
  Tracer tracer(clock, exporter, {.sampling = Sampled(state.range(0) != 0)});
  for (auto _ : state) {
    const OpenSpan span = tracer.StartSpan("bench");
    benchmark::DoNotOptimize(span.context());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BeginTrace)->ArgName("sampled")->Arg(0)->Arg(1);

}  // namespace
}  // namespace riacho::bench
