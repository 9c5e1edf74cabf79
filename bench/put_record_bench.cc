// PutRecord through the client, limits off, by shards, sizes, keys and threads. What it is measured
// by: goals_bench.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench_stream.h"

namespace riacho::bench {
namespace {

// What is live at a time fits the engine's warm segments: this is the steady state.
constexpr std::int64_t kBytesPerStep = 8 << 20;

void Count(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

std::unique_ptr<BenchStream> shared_stream;

void MakeStream(const benchmark::State& state) {
  shared_stream = std::make_unique<BenchStream>(state.range(1));
}
void DropStream(const benchmark::State&) { shared_stream.reset(); }

// Arguments: bytes of data, shards, different keys.
void PutRecord(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  const std::vector<std::string> keys = Keys(static_cast<std::size_t>(state.range(2)));
  auto at = static_cast<std::size_t>(state.thread_index()) * 7919;
  std::int64_t until_step = kBytesPerStep;
  for (auto _ : state) {
    const auto put = shared_stream->kinesis->PutRecord(
        {.stream_name = "bench", .data = data, .partition_key = keys[at++ % keys.size()]});
    if (!put.ok()) state.SkipWithError("refused");
    until_step -= state.range(0);
    if (until_step <= 0 && state.thread_index() == 0) {
      shared_stream->Step();
      until_step = kBytesPerStep;
    }
  }
  Count(state, data.size());
}
BENCHMARK(PutRecord)
    ->ArgNames({"bytes", "shards", "keys"})
    ->Args({100, 1, 65536})
    ->Args({100, 4, 256})
    ->Args({100, 4, 65536})
    ->Args({1024, 4, 65536})
    ->Setup(MakeStream)
    ->Teardown(DropStream)
    ->Threads(1)
    ->Threads(2)
    ->Threads(4)
    ->UseRealTime();

}  // namespace
}  // namespace riacho::bench
