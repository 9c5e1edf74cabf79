// Events of a simulation: bare ones, and a day of producers and consumers.
#include "riacho/sim/simulation.h"

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include <benchmark/benchmark.h>

namespace riacho {
namespace {

class Ticker : public Agent {
 public:
  absl::Time Poll(absl::Time now) override { return now + absl::Seconds(1); }
};

// 120 agents that are due once a second.
void BM_AgentEvents(benchmark::State& state) {
  Simulation sim({.seed = 1});
  std::vector<Ticker> tickers(120);
  for (Ticker& ticker : tickers) sim.Spawn("ticker", ticker);
  for (auto _ : state) sim.RunFor(absl::Seconds(1));
  state.SetItemsProcessed(sim.event_count());
}
BENCHMARK(BM_AgentEvents);

void BM_CoroutineEvents(benchmark::State& state) {
  Simulation sim({.seed = 1});
  for (int i = 0; i < 120; ++i) {
    sim.Spawn("sleeper", [&]() -> Task<> {
      for (;;) co_await sim.Sleep(absl::Seconds(1));
    });
  }
  for (auto _ : state) sim.RunFor(absl::Seconds(1));
  state.SetItemsProcessed(sim.event_count());
}
BENCHMARK(BM_CoroutineEvents);

Task<> Produce(Simulation& sim, std::string key) {
  for (;;) {
    sim.client()
        .PutRecord({.stream_name = "orders", .data = "paid", .partition_key = key})
        .IgnoreError();
    co_await sim.Sleep(absl::Seconds(1));
  }
}

Task<> Consume(Simulation& sim, int shard, std::int64_t& records) {
  std::string iterator =
      sim.client()
          .GetShardIterator({.stream_name = "orders",
                             .shard_id = std::to_string(shard),
                             .shard_iterator_type = ShardIteratorType::kTrimHorizon})
          ->shard_iterator;
  for (;;) {
    auto page = sim.client().GetRecords({.shard_iterator = iterator});
    if (page.ok()) {
      records += static_cast<std::int64_t>(page->records.size());
      iterator = *page->next_shard_iterator;
    }
    co_await sim.Sleep(absl::Seconds(1));
  }
}

// 100 producers put a record a second, 20 consumers read a shard each, for so many hours.
void BM_Day(benchmark::State& state) {
  for (auto _ : state) {
    Simulation sim({.seed = 1});
    sim.client().CreateStream({.stream_name = "orders", .shard_count = 20}).IgnoreError();
    std::int64_t records = 0;
    for (int i = 0; i < 100; ++i) {
      const std::string key = "producer-" + std::to_string(i);
      sim.Spawn(key, [&sim, key] { return Produce(sim, key); });
    }
    for (int i = 0; i < 20; ++i) {
      sim.Spawn("consumer-" + std::to_string(i),
                [&sim, &records, i] { return Consume(sim, i, records); });
    }
    sim.RunFor(absl::Hours(state.range(0)));
    state.counters["events"] =
        benchmark::Counter(static_cast<double>(sim.event_count()), benchmark::Counter::kIsRate);
    state.counters["records_read"] = static_cast<double>(records);
  }
}
BENCHMARK(BM_Day)->Arg(1)->Arg(24)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace riacho
