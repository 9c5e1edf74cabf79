// P12 and P13: what is taken from the heap, and how much of it stays.
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "allocations.h"
#include "bench_stream.h"
#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

// Of a put, in a steady state; what the steps of time take is not counted.
double AllocationsOfAPut(PutLoad& load) {
  constexpr int kRounds = 20;
  constexpr std::size_t kPuts = 10'000;
  std::int64_t count = 0;
  std::size_t at = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Allocations before = Allocations::OfThisThread();
    for (std::size_t i = 0; i < kPuts; ++i) load.Put(at++);
    count += Allocations::OfThisThread().count - before.count;
    load.stream.Step();
  }
  return static_cast<double>(count) / static_cast<double>(kRounds * kPuts);
}

double AllocationsOfAPage() {
  constexpr std::int64_t kPages = 100;
  constexpr std::int64_t kPageRecords = 1000;
  BenchStream stream(1);
  const std::string data(100, 'd');
  for (std::int64_t i = 0; i < kPages * kPageRecords; ++i) {
    stream.kinesis->PutRecord({.stream_name = "bench", .data = data, .partition_key = "key"})
        .IgnoreError();
  }
  std::string iterator = stream.TrimHorizon({0});
  const Allocations before = Allocations::OfThisThread();
  for (std::int64_t i = 0; i < kPages; ++i) {
    auto page = stream.kinesis->GetRecords({.shard_iterator = iterator, .limit = kPageRecords});
    if (!page.ok() || page->records.size() != kPageRecords) Require(false, "GetRecords");
    iterator = std::move(*page->next_shard_iterator);
  }
  return static_cast<double>(Allocations::OfThisThread().count - before.count) / kPages;
}

std::int64_t LiveBytes() { return Allocations::OfThisThread().bytes; }

double BytesOfARecord(std::int64_t records) {
  BenchStream stream(1);
  const std::string data(100, 'd');
  const std::string key = "a-key-of-16-byte";
  for (std::int64_t i = 0; i < records; ++i) {
    stream.kinesis->PutRecord({.stream_name = "bench", .data = data, .partition_key = key})
        .IgnoreError();
  }
  return static_cast<double>(stream.memory_used()) / static_cast<double>(records) -
         static_cast<double>(data.size() + key.size());
}

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void ShardGoals(GoalRun& run) {
  constexpr std::int64_t kShards = 10'000;
  const std::int64_t before = LiveBytes();
  BenchStream stream(kShards);
  const std::int64_t empty = LiveBytes();
  run.Count({.id = "P13", .work = "an empty shard", .bound = AtMost(1024), .unit = "bytes"},
            static_cast<double>(empty - before) / static_cast<double>(kShards));
  const std::string data(100, 'd');
  // The middle of each shard's range of hash keys.
  const absl::uint128 width = absl::Uint128Max() / absl::uint128(kShards);
  for (std::int64_t i = 0; i < kShards; ++i) {
    const std::string hash_key = HashKey{width * absl::uint128(i) + width / 2}.ToString();
    const auto put = stream.kinesis->PutRecord({.stream_name = "bench",
                                                .data = data,
                                                .partition_key = "a-key-of-16-byte",
                                                .explicit_hash_key = hash_key});
    if (!put.ok()) Require(false, "PutRecord");
  }
  run.Count({.id = "P13",
             .work = "a shard after its first put",
             .bound = AtMost(20 * 1024),
             .unit = "bytes"},
            static_cast<double>(LiveBytes() - before) / static_cast<double>(kShards));
}

void ManyShardsGoals(GoalRun& run) {
  constexpr std::int64_t kShards = 1'000'000;
  const double before = ResidentBytes();
  const std::int64_t start = ThreadTime::Now().cpu;
  const auto stream = std::make_unique<BenchStream>(kShards);
  const double seconds = static_cast<double>(ThreadTime::Now().cpu - start) / 1e9;
  const auto summary = stream->kinesis->DescribeStreamSummary({.stream_name = "bench"});
  Require(summary.ok() && summary->stream_description_summary.open_shard_count == kShards,
          "making a million shards");
  run.Count({.id = "P13",
             .work = "1,000,000 shards made, processor time",
             .bound = AtMost(5),
             .unit = "s"},
            seconds);
  run.Count(
      {.id = "P13", .work = "1,000,000 shards, resident memory", .bound = AtMost(2), .unit = "GiB"},
      (ResidentBytes() - before) / (1 << 30));
}

}  // namespace

void MemoryGoals(GoalRun& run) {
  if (run.Wants("P12")) {
    PutLoad load({.shards = 4});
    run.Count({.id = "P12",
               .work = "heap allocations of a PutRecord, 4 shards, steady state",
               .bound = AtMost(0)},
              AllocationsOfAPut(load));
    run.Count(
        {.id = "P12", .work = "heap allocations of a GetRecords page of 1,000", .bound = AtMost(2)},
        AllocationsOfAPage());
  }
  if (run.Wants("P13")) {
    run.Count({.id = "P13",
               .work = "memory of a record beyond key and data, 1 shard, 100 B",
               .bound = AtMost(32),
               .unit = "bytes"},
              BytesOfARecord(1'000'000));
    ShardGoals(run);
    ManyShardsGoals(run);
  }
}

}  // namespace riacho::bench
