// Threads append, scan, pin, trim and seal at once. What was acknowledged must be seen exactly
// once, in each producer's order, by every reader that follows the log; after the seal nothing
// acknowledged may be missing and nothing may be added.
//
// The log runs twice: as it is, over the engine's pool, and over segments of a few places with a
// hook that parks writers between their steps until others have made progress, so that the rare
// orders of events become common.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "base/epoch.h"
#include "riacho/base/random.h"
#include "shard/segment_pool.h"
#include "shard/shard_log.h"
#include "shard/small_segments.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kWriters = 3;
constexpr std::size_t kReaders = 2;
constexpr std::uint64_t kMostInGroup = 20;

struct HesitantAtomics : StdAtomics {
  static constexpr int kPatience = 2;

  // Now and then waits until others have taken many steps; not all writers at once, and not for
  // ever if nobody else works.
  static void Step(LogStep) {
    const std::uint64_t now = steps.fetch_add(1, std::memory_order_relaxed);
    if (!random.has_value() || !random->Chance(0.005)) return;
    if (parked.fetch_add(1, std::memory_order_relaxed) + 1 < static_cast<int>(kWriters)) {
      const std::uint64_t until = now + random->Uniform(100);
      for (int i = 0; i < 200 && steps.load(std::memory_order_relaxed) < until; ++i)
        std::this_thread::yield();
    }
    parked.fetch_sub(1, std::memory_order_relaxed);
  }

  static inline std::atomic<std::uint64_t> steps = 0;
  static inline std::atomic<int> parked = 0;
  static inline thread_local std::optional<Random> random;
};

// What a record carries; `number` rises from 0 for each producer.
struct Payload {
  std::uint32_t producer = 0;
  std::uint32_t number = 0;
};

template <typename A>
class Stress {
 public:
  Stress(std::shared_ptr<BasicSegmentSource<A>> source, std::uint32_t most_records,
         std::uint64_t seed)
      : log_(std::move(source)), most_records_(most_records), seed_(seed) {
    for (auto& times : times_) times = std::vector<std::atomic<std::int64_t>>(most_records + 1);
  }

  void Run() {
    Random random(seed_);
    seal_at_ = static_cast<std::uint32_t>(random.Uniform(2 * most_records_));
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < kWriters; ++i) threads.emplace_back([this, i] { Write(i); });
    for (std::size_t i = 0; i < kReaders; ++i) threads.emplace_back([this, i] { Read(i); });
    threads.emplace_back([this] { TrimAndSeal(); });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t producer = 0; producer < kWriters; ++producer) {
      for (std::size_t reader = 0; reader < kReaders; ++reader) {
        EXPECT_EQ(Seen(reader, producer), Acknowledged(producer)) << "seed " << seed_;
      }
    }
    EXPECT_TRUE(log_.sealed());
    EXPECT_EQ(log_.Append("", "", 0).outcome, AppendOutcome::kSealed);
  }

 private:
  using Counters = std::array<std::atomic<std::uint32_t>, kWriters>;

  std::uint32_t Acknowledged(std::size_t producer) const {
    return acknowledged_[producer].load(std::memory_order_acquire);
  }
  std::uint32_t Seen(std::size_t reader, std::size_t producer) const {
    return seen_[reader][producer].load(std::memory_order_acquire);
  }

  // Sets `time` to one that is later than all that have been taken, and not before the horizon.
  std::int64_t TakeTime(std::atomic<std::int64_t>& time) {
    std::int64_t now = 0;
    do {
      now = clock_.fetch_add(1);
      time.store(now);
    } while (now < horizon_.load());
    return now;
  }
  // No later than any record that some reader has not seen yet.
  std::int64_t Horizon() const {
    std::int64_t horizon = clock_.load();
    for (std::size_t reader = 0; reader < kReaders; ++reader) {
      for (std::size_t i = 0; i < kWriters; ++i) {
        const std::int64_t time = times_[i][Seen(reader, i)].load();
        if (time != 0) horizon = std::min(horizon, time);
      }
    }
    return horizon;
  }

  void Write(std::uint32_t producer) {
    HesitantAtomics::random.emplace(seed_ * 31 + producer);
    Random random(seed_ * 41 + producer);
    std::uint64_t last = 0;
    std::uint32_t number = 0;  // of the next record to be stored
    const auto stored = [&](std::uint64_t index) {
      if (index <= last) errors_.fetch_add(1);
      last = index;
      acknowledged_[producer].store(++number, std::memory_order_release);
    };
    AppendOutcome outcome = AppendOutcome::kAppended;
    while (number < most_records_ && outcome != AppendOutcome::kSealed) {
      std::vector<Payload> group;  // of one record as often as not
      const std::uint64_t most = random.Chance(0.5) ? 1 : 1 + random.Uniform(kMostInGroup);
      while (group.size() < std::min<std::uint64_t>(most, most_records_ - number)) {
        group.push_back(
            {.producer = producer, .number = number + static_cast<std::uint32_t>(group.size())});
      }
      const auto record_at = [&group](std::size_t i) {
        return NewRecord{.partition_key = "key",
                         .data = {reinterpret_cast<const char*>(&group[i]), sizeof(Payload)}};
      };
      const std::int64_t now = TakeTime(times_[producer][number]);
      for (const Payload& payload : group) times_[producer][payload.number].store(now);
      if (group.size() == 1) {
        const AppendResult result = log_.Append("key", record_at(0).data, now);
        outcome = result.outcome;
        if (outcome == AppendOutcome::kAppended) stored(result.index);
      } else {
        outcome = log_.AppendGroup(group.size(), record_at, now,
                                   [&](std::size_t, std::uint64_t index) { stored(index); });
      }
      if (outcome == AppendOutcome::kNoMemory) std::this_thread::yield();
    }
    writers_done_.fetch_add(1, std::memory_order_release);
    HesitantAtomics::random.reset();
    EXPECT_EQ(errors_, 0) << "seed " << seed_;
  }

  // Follows the log in small pages, resting on pinned segments like an iterator, and looks at each
  // page once more later.
  void Read(std::size_t reader) {
    Random random(seed_ * 37 + reader);
    std::uint64_t index = 0;
    BasicSegment<A>* pin = nullptr;
    std::uint64_t last = 0;
    for (ScanEnd end = ScanEnd::kCaughtUp; end != ScanEnd::kEndOfShard;) {
      std::array<std::uint32_t, kWriters> acknowledged = {};
      for (std::size_t i = 0; i < kWriters; ++i) acknowledged[i] = Acknowledged(i);
      std::uint64_t room = 1 + random.Uniform(50);
      BasicSegment<A>* newest = nullptr;
      std::vector<std::pair<std::string_view, Payload>> page;
      std::vector<BasicSegment<A>*> page_pins;
      end = log_.Scan(
          index, pin, INT64_MIN, random.Chance(0.5),
          [&](BasicSegment<A>& segment, std::uint64_t at, const FrameView& frame) {
            if (room == 0) return false;
            if (newest != &segment) {
              if (!segment.TryPin()) return false;  // it is being trimmed: look again
              newest = &segment;
              page_pins.push_back(newest);
            }
            --room;
            EXPECT_GT(at, last);
            last = at;
            Payload payload;
            std::memcpy(&payload, frame.data.data(), sizeof(payload));
            EXPECT_EQ(frame.arrival_millis, times_[payload.producer][payload.number].load());
            EXPECT_EQ(payload.number, Seen(reader, payload.producer)) << "seed " << seed_;
            seen_[reader][payload.producer].store(payload.number + 1, std::memory_order_release);
            page.emplace_back(frame.data, payload);
            return true;
          });
      if (end == ScanEnd::kEndOfShard) {
        for (std::size_t i = 0; i < kWriters; ++i)
          EXPECT_GE(Seen(reader, i), acknowledged[i]) << "seed " << seed_;
      }
      if (page.empty()) std::this_thread::yield();
      for (const auto& [data, payload] : page)
        EXPECT_EQ(std::memcmp(data.data(), &payload, sizeof(payload)), 0);
      if (!page_pins.empty()) {
        if (pin != nullptr) pin->Unpin();
        pin = page_pins.back();
        page_pins.pop_back();
      }
      for (BasicSegment<A>* const segment : page_pins) segment->Unpin();
    }
    if (pin != nullptr) pin->Unpin();
  }

  // Trims what all readers have seen. Seals when the first producer has come far enough, or when
  // all are done.
  void TrimAndSeal() {
    bool sealed = false;
    while (!sealed) {
      const std::int64_t horizon = Horizon();
      horizon_.store(horizon);
      // Asked again: a time may have been taken before its taker could see the horizon.
      log_.Trim(std::min(horizon, Horizon()));
      sealed =
          Acknowledged(0) > seal_at_ || writers_done_.load(std::memory_order_acquire) == kWriters;
      if (sealed) log_.Seal();
      std::this_thread::yield();
    }
  }

  BasicShardLog<A> log_;
  const std::uint32_t most_records_;
  const std::uint64_t seed_;
  std::uint32_t seal_at_ = 0;
  Counters acknowledged_ = {};
  std::array<Counters, kReaders> seen_ = {};
  std::atomic<std::size_t> writers_done_ = 0;
  std::array<std::vector<std::atomic<std::int64_t>>, kWriters>
      times_;  // of each producer's records; 0 when not begun
  std::atomic<std::int64_t> clock_ = 1;
  std::atomic<std::int64_t> horizon_ = 0;
  std::atomic<int> errors_ = 0;
};

TEST(ShardLogStress, ExactlyOnceInOrderWithHesitantWriters) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto source = std::make_shared<SmallSegmentSource<HesitantAtomics>>(8, 40 * 7);
    Stress<HesitantAtomics>(source, 2000, seed).Run();
    Epoch::Collect();
    EXPECT_EQ(source->live(), 0);
  }
}

TEST(ShardLogStress, ExactlyOnceInOrderThoughMemoryIsOftenSpent) {
  for (std::uint64_t seed = 100; seed < 108; ++seed) {
    const auto source = std::make_shared<SmallSegmentSource<HesitantAtomics>>(8, 40 * 7, 12);
    Stress<HesitantAtomics>(source, 2000, seed).Run();
    Epoch::Collect();
    EXPECT_EQ(source->live(), 0);
  }
}

TEST(ShardLogStress, ExactlyOnceInOrderOverTheEnginesPool) {
  for (std::uint64_t seed = 200; seed < 205; ++seed) {
    const auto pool = std::make_shared<SegmentPool>();
    Stress<StdAtomics>(pool, 20'000, seed).Run();
    Epoch::Collect();
    EXPECT_EQ(pool->used_bytes() % static_cast<std::int64_t>(SegmentPool::kFullSegmentBytes), 0);
  }
}

}  // namespace
}  // namespace riacho::internal
