// Enhanced fan-out: one shard to many subscriptions, cost per delivered record, beside the queue
// that one would otherwise give each reader.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <concurrentqueue.h>

#include "bench_stream.h"

namespace riacho::bench {
namespace {

constexpr int kRecordsPerRound = 1000;

// Argument: subscriptions.
void FanOut(benchmark::State& state) {
  BenchStream stream(1);
  const auto subscriptions = Subscribe(stream, state.range(0));
  const std::string data(100, 'd');
  std::int64_t delivered = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (int i = 0; i < kRecordsPerRound; ++i) {
      stream.kinesis->PutRecord({.stream_name = "bench", .data = data, .partition_key = "key"})
          .IgnoreError();
    }
    state.ResumeTiming();
    for (const std::unique_ptr<Subscription>& subscription : subscriptions) {
      const auto event = subscription->Poll();
      if (!event.ok() || !event->has_value()) {
        state.SkipWithError("nothing delivered");
        break;
      }
      for (const Record& record : (*event)->records) {
        benchmark::DoNotOptimize(record.data[0]);
        ++delivered;
      }
    }
  }
  state.SetItemsProcessed(delivered);
  state.SetBytesProcessed(delivered * static_cast<std::int64_t>(data.size()));
}
BENCHMARK(FanOut)->ArgName("subscriptions")->Arg(1)->Arg(5)->Arg(20);

// One queue for each reader, every record copied into each.
void QueuePerReader(benchmark::State& state) {
  std::vector<std::unique_ptr<moodycamel::ConcurrentQueue<std::string>>> queues;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queues.push_back(std::make_unique<moodycamel::ConcurrentQueue<std::string>>());
  }
  const std::string data(100, 'd');
  std::int64_t delivered = 0;
  std::string taken;
  for (auto _ : state) {
    state.PauseTiming();
    for (const auto& queue : queues) {
      for (int i = 0; i < kRecordsPerRound; ++i) queue->enqueue(data);
    }
    state.ResumeTiming();
    for (const auto& queue : queues) {
      while (queue->try_dequeue(taken)) {
        benchmark::DoNotOptimize(taken[0]);
        ++delivered;
      }
    }
  }
  state.SetItemsProcessed(delivered);
}
BENCHMARK(QueuePerReader)->ArgName("subscriptions")->Arg(1)->Arg(5)->Arg(20);

}  // namespace
}  // namespace riacho::bench
