// MD5 of a partition key, beside a copy of the same bytes and XXH3, the quickest hash we use
// elsewhere.
//
// On paper: 64 steps of 4 to 5 cycles, each of which waits for the one before, are 288 cycles for a
// block: 82 ns at 3.5 GHz.
#include "base/md5.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include <xxhash.h>

#include "base/md5_batch.h"

namespace riacho::internal {
namespace {

void CountBytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void Md5OfKey(benchmark::State& state) {
  std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(Md5(key));
  }
  CountBytes(state);
}

// As above, but each key depends on the digest before: nothing of two digests overlaps.
void Md5OfKeyInChain(benchmark::State& state) {
  std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) {
    key[0] = static_cast<char>(Md5(key)[15]);
    benchmark::DoNotOptimize(key.data());
  }
  CountBytes(state);
}

void Xxh3OfKey(benchmark::State& state) {
  std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(XXH3_64bits(key.data(), key.size()));
  }
  CountBytes(state);
}

void MemcpyOfKey(benchmark::State& state) {
  const std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  std::string copy(key.size(), '\0');
  for (auto _ : state) {
    benchmark::DoNotOptimize(copy.data());
    std::memcpy(copy.data(), key.data(), key.size());
    benchmark::ClobberMemory();
  }
  CountBytes(state);
}

// 500 keys, the most that PutRecords takes, in one form; items are keys.
void Md5OfBatch(benchmark::State& state) {
  constexpr std::size_t kKeys = 500;
  const auto index = static_cast<std::size_t>(state.range(0));
  if (index >= Md5Forms().size()) return state.SkipWithError("this processor does not have it");
  const Md5Form form = Md5Forms()[index];
  std::ostringstream label;
  label << form;
  state.SetLabel(label.str());
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kKeys; ++i) keys.push_back("customer-" + std::to_string(i * 7919));
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  std::vector<Md5Digest> digests(kKeys);
  for (auto _ : state) {
    Md5Batch(form, views, digests);
    benchmark::DoNotOptimize(digests.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kKeys));
}

void KeySizes(benchmark::internal::Benchmark* bench) {
  bench->ArgName("bytes")->Arg(8)->Arg(16)->Arg(55)->Arg(256);
}

BENCHMARK(Md5OfKey)->Apply(KeySizes);
BENCHMARK(Md5OfKeyInChain)->Apply(KeySizes);
BENCHMARK(Md5OfBatch)->ArgName("form")->DenseRange(0, 3);
BENCHMARK(Xxh3OfKey)->Apply(KeySizes);
BENCHMARK(MemcpyOfKey)->Apply(KeySizes);

}  // namespace
}  // namespace riacho::internal

BENCHMARK_MAIN();
