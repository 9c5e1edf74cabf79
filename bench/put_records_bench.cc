// PutRecords through the client, limits off: cost per record by size and number of entries, beside
// a copy of the same bytes.
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench_stream.h"

namespace riacho::bench {
namespace {

// What is live at a time fits the engine's warm segments: this is the steady state.
constexpr std::int64_t kBytesPerStep = 8 << 20;

std::unique_ptr<BenchStream> shared_stream;

void MakeStream(const benchmark::State&) { shared_stream = std::make_unique<BenchStream>(4); }
void DropStream(const benchmark::State&) { shared_stream.reset(); }

// Arguments: bytes of data, entries of a call.
void PutRecords(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  const std::vector<std::string> keys = Keys(65536);
  std::vector<PutRecordsRequestEntry> entries(static_cast<std::size_t>(state.range(1)));
  auto at = static_cast<std::size_t>(state.thread_index()) * 7919;
  std::int64_t until_step = kBytesPerStep;
  for (auto _ : state) {
    for (PutRecordsRequestEntry& entry : entries) {
      entry = {.data = data, .partition_key = keys[at++ % keys.size()]};
    }
    const auto put =
        shared_stream->kinesis->PutRecords({.records = entries, .stream_name = "bench"});
    if (!put.ok() || put->failed_record_count != 0) state.SkipWithError("refused");
    until_step -= state.range(1) * state.range(0);
    if (until_step <= 0 && state.thread_index() == 0) {
      shared_stream->Step();
      until_step = kBytesPerStep;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
  state.SetBytesProcessed(state.iterations() * state.range(1) * state.range(0));
}
BENCHMARK(PutRecords)
    ->ArgNames({"bytes", "entries"})
    ->ArgsProduct({{100, 1024}, {1, 10, 100, 500}})
    ->Setup(MakeStream)
    ->Teardown(DropStream)
    ->Threads(1)
    ->Threads(2)
    ->Threads(4)
    ->UseRealTime();

void Memcpy(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  std::vector<char> memory(std::size_t{64} << 20);
  std::size_t offset = 0;
  for (auto _ : state) {
    std::memcpy(memory.data() + offset, data.data(), data.size());
    benchmark::ClobberMemory();
    offset += data.size();
    if (offset + data.size() > memory.size()) offset = 0;
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Memcpy)->ArgName("bytes")->Arg(100)->Arg(1024);

}  // namespace
}  // namespace riacho::bench
