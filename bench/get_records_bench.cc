// GetRecords through the client, limits off: cost per record of pages of 1 to 10,000, beside a copy
// of the same bytes.
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench_stream.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kRecords = 200'000;

void Fill(BenchStream& stream, const std::string& data) {
  for (std::int64_t i = 0; i < kRecords; ++i) {
    stream.kinesis
        ->PutRecord({.stream_name = "bench", .data = data, .partition_key = "a-key-of-16-byte"})
        .IgnoreError();
  }
}

// Arguments: bytes of data, records of a page.
void GetRecords(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'd');
  BenchStream stream(1);
  Fill(stream, data);
  std::string iterator = stream.TrimHorizon({0});
  std::int64_t records = 0;
  for (auto _ : state) {
    auto page = stream.kinesis->GetRecords({.shard_iterator = iterator, .limit = state.range(1)});
    if (!page.ok()) {
      state.SkipWithError("refused");
      break;
    }
    std::int64_t sum = 0;
    for (const Record& record : page->records) sum += record.data[0];
    benchmark::DoNotOptimize(sum);
    records += static_cast<std::int64_t>(page->records.size());
    iterator = page->millis_behind_latest == 0 &&
                       page->records.size() < static_cast<std::size_t>(state.range(1))
                   ? stream.TrimHorizon({0})
                   : *page->next_shard_iterator;
  }
  state.SetItemsProcessed(records);
  state.SetBytesProcessed(records * state.range(0));
}
BENCHMARK(GetRecords)
    ->ArgNames({"bytes", "limit"})
    ->ArgsProduct({{100, 1024}, {1, 100, 1000, 10000}});

// The same bytes copied out, as a reader without a pinning batch would have to.
void Memcpy(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const std::vector<char> log(bytes * static_cast<std::size_t>(kRecords), 'd');
  std::vector<char> page(bytes * 1000);
  std::size_t offset = 0;
  for (auto _ : state) {
    std::memcpy(page.data(), log.data() + offset, page.size());
    benchmark::ClobberMemory();
    offset = (offset + page.size()) % log.size();
  }
  state.SetItemsProcessed(state.iterations() * 1000);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.size()));
}
BENCHMARK(Memcpy)->ArgName("bytes")->Arg(100)->Arg(1024);

}  // namespace
}  // namespace riacho::bench
