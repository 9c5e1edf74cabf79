// A take from a bucket that is unlimited, full or empty, by 1, 2 and 4 threads; beside the same
// bucket under a std::mutex.
//
// On paper: an accepted take is a compare-and-swap on a line of its own, about 9 ns, and about 40
// when two threads share it.
#include "flow/token_bucket.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>

#include "benchmark/benchmark.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;
constexpr std::int64_t kRate = 1'000'000'000;

// The yardstick: the level as a number, under a lock.
class LockedBucket {
 public:
  LockedBucket(std::int64_t rate, std::int64_t burst, std::int64_t origin)
      : rate_(static_cast<double>(rate) / 1e9),
        burst_(static_cast<double>(burst)),
        level_(burst_),
        seen_(origin) {}

  bool Take(std::int64_t n, std::int64_t now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (now > seen_) {
      level_ = std::min(burst_, level_ + static_cast<double>(now - seen_) * rate_);
      seen_ = now;
    }
    if (static_cast<double>(n) > level_) return false;
    level_ -= static_cast<double>(n);
    return true;
  }

 private:
  std::mutex mutex_;
  double rate_;
  double burst_;
  double level_;
  std::int64_t seen_;
};

constexpr std::int64_t kMostThreads = 4;

// One bucket for all threads of a run. The library starts the loops of all threads after the first
// has made it, and lets the first go on only when all have ended.
template <typename Bucket>
std::unique_ptr<Bucket>& Shared() {
  static auto& bucket = *new std::unique_ptr<Bucket>();
  return bucket;
}

// A token comes every nanosecond, and each thread lets more pass than all of them take, so every
// take is granted.
template <typename Bucket>
void Accepted(benchmark::State& state) {
  if (state.thread_index() == 0) Shared<Bucket>() = std::make_unique<Bucket>(kRate, kRate, kStart);
  std::int64_t now = kStart;
  std::int64_t granted = 0;
  for (auto _ : state) {
    now += 2 * kMostThreads;
    granted += Shared<Bucket>()->Take(1, now) ? 1 : 0;
  }
  state.counters["granted"] =
      benchmark::Counter(static_cast<double>(granted) / static_cast<double>(state.iterations()),
                         benchmark::Counter::kAvgThreads);
  state.SetItemsProcessed(state.iterations());
}

// Full at first, empty after the first ten takes; time stands still.
template <typename Bucket>
void Refused(benchmark::State& state) {
  if (state.thread_index() == 0) Shared<Bucket>() = std::make_unique<Bucket>(1, 10, kStart);
  for (auto _ : state) benchmark::DoNotOptimize(Shared<Bucket>()->Take(1, kStart));
  state.SetItemsProcessed(state.iterations());
}

void Unlimited(benchmark::State& state) {
  if (state.thread_index() == 0) {
    Shared<TokenBucket>() = std::make_unique<TokenBucket>(TokenBucket::kUnlimited, 1, kStart);
  }
  std::int64_t now = kStart;
  for (auto _ : state) benchmark::DoNotOptimize(Shared<TokenBucket>()->Take(1, ++now));
  state.SetItemsProcessed(state.iterations());
}

void Threads(benchmark::internal::Benchmark* bench) {
  bench->Threads(1)->Threads(2)->Threads(kMostThreads)->UseRealTime();
}

BENCHMARK(Unlimited)->Apply(Threads);
BENCHMARK_TEMPLATE(Accepted, TokenBucket)->Apply(Threads);
BENCHMARK_TEMPLATE(Refused, TokenBucket)->Apply(Threads);
BENCHMARK_TEMPLATE(Accepted, LockedBucket)->Apply(Threads);
BENCHMARK_TEMPLATE(Refused, LockedBucket)->Apply(Threads);

}  // namespace
}  // namespace riacho::internal

BENCHMARK_MAIN();
