// The shard log beside what it is measured by: a plain copy of the same bytes, a deque under a
// mutex, and the same kind of log under a spin lock of one word. goals_bench measures more.
//
// Appends run in a steady state: every few thousand records the oldest are trimmed, so that memory
// is recycled as it is in an engine whose retention has been reached. Counters: records/s of all
// threads together; p50, p99 and p99.9 of one append in nanoseconds, where the name says Latency
// (timing one append costs about as much as the append: compare such lines only with each other).
#include "shard/shard_log.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"

#include "base/epoch.h"
#include "shard/segment_pool.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kKeyBytes = 16;
constexpr std::int64_t kPerMilli = 1024;   // records of a thread that arrive within one millisecond
constexpr std::int64_t kTrimEvery = 4096;  // records of a thread
constexpr std::int64_t kKept = 8192;       // records of a thread, by their arrival time

const std::string kKey(kKeyBytes, 'k');

std::string Data(const benchmark::State& state) {
  return std::string(static_cast<std::size_t>(state.range(0)), 'd');
}

void CountRecords(benchmark::State& state, double records) {
  state.counters["records/s"] = benchmark::Counter(records, benchmark::Counter::kIsRate);
}

// A log that all threads of a benchmark share.
struct SharedLog {
  std::shared_ptr<SegmentPool> pool = std::make_shared<SegmentPool>();
  ShardLog log{pool};
};

std::unique_ptr<SharedLog> shared_log;

void MakeLog(const benchmark::State&) { shared_log = std::make_unique<SharedLog>(); }
void FreeLog(const benchmark::State&) {
  shared_log.reset();
  Epoch::Collect();
}

void ShardLogAppend(benchmark::State& state) {
  const std::string data = Data(state);
  ShardLog& log = shared_log->log;
  std::int64_t count = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(log.Append(kKey, data, ++count / kPerMilli));
    if (count % kTrimEvery == 0) log.Trim((count - kKept) / kPerMilli);
  }
  CountRecords(state, static_cast<double>(state.iterations()));
}

// Times each append, in ticks of the steady clock. The samples of the last million appends are
// kept.
class Latencies {
 public:
  template <typename Work>
  void Time(Work work) {
    const auto before = std::chrono::steady_clock::now();
    work();
    const auto after = std::chrono::steady_clock::now();
    nanos_[taken_++ % nanos_.size()] = static_cast<std::uint32_t>((after - before).count());
  }
  void Report(benchmark::State& state) {
    const std::size_t count = std::min(taken_, nanos_.size());
    std::sort(nanos_.begin(), nanos_.begin() + static_cast<std::ptrdiff_t>(count));
    const auto at = [&](double part) {
      return benchmark::Counter(
          nanos_[static_cast<std::size_t>(part * static_cast<double>(count - 1))],
          benchmark::Counter::kAvgThreads);
    };
    state.counters["p50_ns"] = at(0.5);
    state.counters["p99_ns"] = at(0.99);
    state.counters["p99.9_ns"] = at(0.999);
  }

 private:
  std::vector<std::uint32_t> nanos_ = std::vector<std::uint32_t>(1'000'000);
  std::size_t taken_ = 0;
};

void ShardLogAppendLatency(benchmark::State& state) {
  const std::string data = Data(state);
  ShardLog& log = shared_log->log;
  Latencies latencies;
  std::int64_t count = 0;
  for (auto step : state) {
    ++count;
    latencies.Time([&] { benchmark::DoNotOptimize(log.Append(kKey, data, count / kPerMilli)); });
    if (count % kTrimEvery == 0) log.Trim((count - kKept) / kPerMilli);
  }
  latencies.Report(state);
  CountRecords(state, static_cast<double>(state.iterations()));
}

// Records few enough to stay in the cache.
void ShardLogScanWarm(benchmark::State& state) {
  constexpr std::size_t kBytes = 256 * 1024;
  const std::string data = Data(state);
  const std::size_t records = kBytes / (data.size() + kKeyBytes + sizeof(FrameHeader));
  SharedLog shared;
  for (std::size_t i = 0; i < records; ++i) shared.log.Append(kKey, data, 0);
  for (auto step : state) {
    std::uint64_t index = 0;
    std::uint64_t sum = 0;
    shared.log.Scan(index, nullptr, INT64_MIN, false,
                    [&](Segment&, std::uint64_t, const FrameView& frame) {
                      sum += static_cast<unsigned char>(frame.data.front()) +
                             static_cast<unsigned char>(frame.data.back());
                      return true;
                    });
    benchmark::DoNotOptimize(sum);
  }
  CountRecords(state, static_cast<double>(state.iterations()) * static_cast<double>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(records * data.size()));
}

// Yardsticks.

// The bytes of a record into a ring as large as what the log keeps.
void MemcpyAppend(benchmark::State& state) {
  const std::string data = Data(state);
  const std::size_t record = sizeof(FrameHeader) + kKeyBytes + data.size();
  std::vector<char> ring((static_cast<std::size_t>(kKept) + kTrimEvery) * record);
  std::size_t offset = 0;
  for (auto step : state) {
    char* const to = ring.data() + offset;
    std::memcpy(to + sizeof(FrameHeader), kKey.data(), kKeyBytes);
    std::memcpy(to + sizeof(FrameHeader) + kKeyBytes, data.data(), data.size());
    benchmark::ClobberMemory();
    offset += record;
    if (offset == ring.size()) offset = 0;
  }
  CountRecords(state, static_cast<double>(state.iterations()));
}

class OneWordLock {
 public:
  void lock() {
    while (word_.exchange(true, std::memory_order_acquire)) {
      while (word_.load(std::memory_order_relaxed)) StdAtomics::Pause();
    }
  }
  void unlock() { word_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> word_ = false;
};

struct MutexDeque {
  std::mutex mutex;
  std::deque<std::string> records;
};
struct SpinLog {
  OneWordLock lock;
  std::vector<char> ring = std::vector<char>(4 << 20);
  std::size_t offset = 0;
  std::uint64_t index = 0;
};
std::unique_ptr<MutexDeque> mutex_deque;
std::unique_ptr<SpinLog> spin_log;

void MakeLocked(const benchmark::State&) {
  mutex_deque = std::make_unique<MutexDeque>();
  spin_log = std::make_unique<SpinLog>();
}
void FreeLocked(const benchmark::State&) {
  mutex_deque.reset();
  spin_log.reset();
}

void MutexDequeAppend(benchmark::State& state) {
  const std::string data = Data(state);
  Latencies latencies;
  const auto append = [&] {
    std::string record = kKey + data;
    const std::lock_guard lock(mutex_deque->mutex);
    mutex_deque->records.push_back(std::move(record));
    if (mutex_deque->records.size() > static_cast<std::size_t>(kKept))
      mutex_deque->records.pop_front();
  };
  for (auto step : state) {
    if (state.range(1) != 0) {
      latencies.Time(append);
    } else {
      append();
    }
  }
  if (state.range(1) != 0) latencies.Report(state);
  CountRecords(state, static_cast<double>(state.iterations()));
}

void SpinLockAppend(benchmark::State& state) {
  const std::string data = Data(state);
  Latencies latencies;
  const std::size_t bytes = sizeof(FrameHeader) + kKeyBytes + data.size();
  const auto append = [&] {
    const std::lock_guard lock(spin_log->lock);
    if (spin_log->offset + bytes > spin_log->ring.size()) spin_log->offset = 0;
    char* const to = spin_log->ring.data() + spin_log->offset;
    const FrameHeader header = {.arrival_millis = static_cast<std::int64_t>(spin_log->index++),
                                .data_length = static_cast<std::uint32_t>(data.size()),
                                .key_length = kKeyBytes};
    std::memcpy(to, &header, sizeof(header));
    std::memcpy(to + sizeof(header), kKey.data(), kKeyBytes);
    std::memcpy(to + sizeof(header) + kKeyBytes, data.data(), data.size());
    spin_log->offset += bytes;
  };
  for (auto step : state) {
    if (state.range(1) != 0) {
      latencies.Time(append);
    } else {
      append();
    }
  }
  if (state.range(1) != 0) latencies.Report(state);
  CountRecords(state, static_cast<double>(state.iterations()));
}

using benchmark::RegisterBenchmark;

const bool kRegistered = [] {
  for (const auto& [size, name] : {std::pair<int, std::string>{100, "100B"}, {1024, "1KiB"}}) {
    RegisterBenchmark(("ShardLogAppend/" + name).c_str(), ShardLogAppend)
        ->Arg(size)
        ->Setup(MakeLog)
        ->Teardown(FreeLog)
        ->ThreadRange(1, 4)
        ->UseRealTime();
    RegisterBenchmark(("MemcpyAppend/" + name).c_str(), MemcpyAppend)
        ->Arg(size)
        ->ThreadRange(1, 2)
        ->UseRealTime();
    RegisterBenchmark(("SpinLockAppend/" + name).c_str(), SpinLockAppend)
        ->Args({size, 0})
        ->Setup(MakeLocked)
        ->Teardown(FreeLocked)
        ->ThreadRange(1, 4)
        ->UseRealTime();
    RegisterBenchmark(("MutexDequeAppend/" + name).c_str(), MutexDequeAppend)
        ->Args({size, 0})
        ->Setup(MakeLocked)
        ->Teardown(FreeLocked)
        ->ThreadRange(1, 4)
        ->UseRealTime();
    RegisterBenchmark(("ShardLogScanWarm/" + name).c_str(), ShardLogScanWarm)
        ->Arg(size)
        ->UseRealTime();
  }
  RegisterBenchmark("ShardLogAppendLatency/100B", ShardLogAppendLatency)
      ->Arg(100)
      ->Setup(MakeLog)
      ->Teardown(FreeLog)
      ->ThreadRange(1, 4)
      ->UseRealTime();
  RegisterBenchmark("SpinLockAppendLatency/100B", SpinLockAppend)
      ->Args({100, 1})
      ->Setup(MakeLocked)
      ->Teardown(FreeLocked)
      ->ThreadRange(1, 4)
      ->UseRealTime();
  RegisterBenchmark("MutexDequeAppendLatency/100B", MutexDequeAppend)
      ->Args({100, 1})
      ->Setup(MakeLocked)
      ->Teardown(FreeLocked)
      ->ThreadRange(1, 4)
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace riacho::internal
