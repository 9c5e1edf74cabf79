// Counts samples where nobody has to wait, and reports them to the table of metrics.
//
// Each thread counts into a block of its own, one for each minute in which it counts. When a thread
// begins another minute, it puts a block before the last one, and every other time reports those
// behind it if nobody holds the table; whoever asks the table reports all blocks. A block that
// another has been put before does not change any more: it is reported for good and handed back to
// its thread for another minute. What has been reported of a thread's present block is remembered
// in the block, so that each sample is reported once.
//
// Invariants: the words of a tally are written by the block's thread only; `older` of a block is
// set before the block can be seen, and cleared under the table's mutex; spare blocks are hung on
// the present block under the mutex, and taken off by its thread; the present block is replaced by
// its thread only, and freed with the meter.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "base/thread_slot.h"
#include "telemetry/latency_tally.h"
#include "telemetry/metric_table.h"

namespace riacho::internal {

// Samples of whole numbers.
class Tally {
 public:
  // By the thread that owns it. Relaxed: each word says something by itself; but the count comes
  // last, so that who sees a sample counted sees it in the other words too.
  void Add(std::int64_t value) {
    sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
    if (value < minimum_.load(std::memory_order_relaxed)) [[unlikely]]
      minimum_.store(value, std::memory_order_relaxed);
    if (value > maximum_.load(std::memory_order_relaxed)) [[unlikely]]
      maximum_.store(value, std::memory_order_relaxed);
    count_.store(count_.load(std::memory_order_relaxed) + 1,
                 std::memory_order_release);  // pairs with Take
  }

  // What was added since the last call, with minimum and maximum of all. One caller at a time.
  StatisticSet Take();

  // As if nothing had ever been added. Nobody else may look.
  void Clear();

 private:
  std::atomic<std::int64_t> count_ = 0;
  std::atomic<std::int64_t> sum_ = 0;
  std::atomic<std::int64_t> minimum_ = INT64_MAX;
  std::atomic<std::int64_t> maximum_ = INT64_MIN;
  std::int64_t taken_count_ = 0;
  std::int64_t taken_sum_ = 0;
};

// What the samples of a tally are samples of.
struct MeterRow {
  enum class Sample : unsigned char {
    kValue,
    kOne,  // whatever the value
    kZero,
  };

  std::size_t tally = 0;
  std::string_view metric_name;
  StandardUnit unit = StandardUnit::kCount;
  Sample sample = Sample::kValue;
};

// Thread-safe. Counting is wait-free, but for a thread's first sample in a minute, which allocates,
// and may report what came before: lock-free.
class Meter {
 public:
  // Of the metrics that `rows`, ascending by tally, describe, and of the latencies of these names;
  // both outlive the meter.
  Meter(std::shared_ptr<MetricTable> table, std::span<const MeterRow> rows,
        std::string_view metric_namespace, std::vector<Dimension> dimensions,
        std::span<const std::string_view> latency_names = {});
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();

  // The calling thread's tallies for the minute that holds `now_nanos` (Unix); until it asks again.
  Tally* TalliesAt(std::int64_t now_nanos) {
    Place& mine = MyPlace();
    if (static_cast<std::uint64_t>(now_nanos) - static_cast<std::uint64_t>(mine.begin_nanos) >=
        static_cast<std::uint64_t>(kNanosPerMinute)) [[unlikely]] {
      BeginMinute(mine, now_nanos);
    }
    return mine.tallies;
  }

  // The same for latencies, at the place of their name.
  LatencyTally& LatencyAt(std::int64_t now_nanos, std::size_t place) {
    TalliesAt(now_nanos);
    return MyPlace().present.load(std::memory_order_relaxed)->latencies[place];
  }

  // Tells the table what it has not been told. By the holder of its mutex.
  void Report();

 private:
  struct Block {
    std::int64_t begin_nanos = 0;
    std::unique_ptr<Tally[]> tallies;
    std::unique_ptr<LatencyTally[]> latencies;
    std::atomic<Block*> older = nullptr;
    std::atomic<Block*> spares = nullptr;  // linked by `older`
  };

  // Of one thread. All but `present` is for the thread alone: what it would find in the block.
  struct alignas(32) Place {
    std::int64_t begin_nanos = INT64_MIN;
    Tally* tallies = nullptr;
    std::atomic<Block*> present = nullptr;
  };

  // Threads have their places in `near_`, or, when there are many, in rows of `far_`, each twice as
  // long as all before it.
  static constexpr std::uint32_t kNear = 16;
  static constexpr std::size_t kFarRows = 20;

  Place& MyPlace() {
    const std::uint32_t slot = ThreadSlot::MineOrNone();
    if (slot < kNear) [[likely]]
      return near_[slot];
    return FindPlace(ThreadSlot::Mine());
  }
  Place& FindPlace(std::uint32_t slot);
  template <typename Visit>
  void VisitPlaces(Visit&& visit);
  void BeginMinute(Place& mine, std::int64_t now_nanos);
  Block* SpareOrNewBlock(Block* present) const;
  void ReportPlace(const Place& place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(table_->mutex());
  // Rows first, then latencies.
  Series& SeriesAt(std::size_t place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(table_->mutex());
  void ReportBlock(const Block& block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(table_->mutex());
  static void Recycle(Block* blocks, Block& present);
  static void DeleteChain(Block* block);

  const std::shared_ptr<MetricTable> table_;
  const std::span<const MeterRow> rows_;
  const std::span<const std::string_view> latency_names_;
  const std::size_t tallies_;
  const std::string metric_namespace_;
  const std::vector<Dimension> dimensions_;  // ascending
  // At their place, from their first sample on; guarded by the table's mutex.
  std::vector<Series*> series_;
  std::array<Place, kNear> near_;
  std::array<std::atomic<Place*>, kFarRows> far_ = {};
};

}  // namespace riacho::internal
