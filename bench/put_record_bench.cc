// PutRecord through the client, limits off, beside what each record costs at the least: hashing its
// key, copying its bytes.
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/md5.h"
#include "bench_stream.h"

namespace riacho::bench {
namespace {

// What is live at a time fits the engine's warm segments: this is the steady state.
constexpr std::int64_t kBytesPerStep = 8 << 20;
constexpr std::size_t kQueuedRecords = 1 << 16;

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

// The yardstick: MD5 of the key and a copy of the data into recycled memory of the same size as a
// log would have.
void Md5AndMemcpy(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  const std::vector<std::string> keys = Keys(65536);
  std::vector<char> memory(std::size_t{16} << 20);
  std::size_t at = 0;
  std::size_t offset = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(internal::Md5(keys[at++ % keys.size()]));
    std::memcpy(memory.data() + offset, data.data(), data.size());
    benchmark::ClobberMemory();
    offset += data.size();
    if (offset + data.size() > memory.size()) offset = 0;
  }
  Count(state, data.size());
}
BENCHMARK(Md5AndMemcpy)->ArgName("bytes")->Arg(100)->Arg(1024);

// What many write first: a queue of strings under a mutex, emptied as it fills.
std::mutex queue_mutex;
std::deque<std::pair<std::string, std::string>> queue;

void MutexAndDeque(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  const std::vector<std::string> keys = Keys(65536);
  std::size_t at = 0;
  for (auto _ : state) {
    const std::lock_guard<std::mutex> lock(queue_mutex);
    queue.emplace_back(keys[at++ % keys.size()], data);
    if (queue.size() > kQueuedRecords) queue.pop_front();
  }
  Count(state, data.size());
}
BENCHMARK(MutexAndDeque)
    ->ArgName("bytes")
    ->Arg(100)
    ->Arg(1024)
    ->Threads(1)
    ->Threads(2)
    ->Threads(4)
    ->UseRealTime();

// A whole unit test: engine, stream, put, get, end.
void UnitTest(benchmark::State& state) {
  for (auto _ : state) {
    BenchStream stream(1);
    const auto put =
        stream.kinesis->PutRecord({.stream_name = "bench", .data = "data", .partition_key = "key"});
    const auto page =
        stream.kinesis->GetRecords({.shard_iterator = stream.TrimHorizon(put->shard_id)});
    if (!page.ok() || page->records.size() != 1) state.SkipWithError("record not read");
  }
}
BENCHMARK(UnitTest);

}  // namespace
}  // namespace riacho::bench
