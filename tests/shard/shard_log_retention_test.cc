// Trimming, pins and the memory budget of a shard log, seen by one thread.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "base/epoch.h"
#include "riacho/base/random.h"
#include "shard/read_log.h"
#include "shard/segment_pool.h"
#include "shard/shard_log.h"

namespace riacho::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What a batch does: holds the segments its views point into.
struct Batch {
  std::vector<Segment*> segments;
  std::vector<std::string_view> views;

  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    for (Segment* const segment : segments) segment->Unpin();
  }

  void Read(ShardLog& log) {
    std::uint64_t index = 0;
    log.Scan(index, nullptr, INT64_MIN, false,
             [this](Segment& segment, std::uint64_t, const FrameView& frame) {
               if (segments.empty() || segments.back() != &segment) {
                 EXPECT_TRUE(segment.TryPin());
                 segments.push_back(&segment);
               }
               views.push_back(frame.data);
               return true;
             });
  }
};

constexpr int kManyRecords = 20'000;

// Records 0, 1, 2… of 100 bytes or so that arrived at millisecond 0, 1, 2…
void PutMany(ShardLog& log, int from, int to) {
  for (int i = from; i < to; ++i) {
    const std::string data =
        std::to_string(i) + std::string(static_cast<std::size_t>(i % 100), '.');
    ASSERT_EQ(log.Append("key", data, i).outcome, AppendOutcome::kAppended);
  }
}

TEST(ShardLogTrim, ForgetsWholeSegmentsAndScanHidesTheRestToTheRecord) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  PutMany(log, 0, kManyRecords);
  std::int64_t bytes = pool->used_bytes();
  for (int horizon = 0; horizon <= kManyRecords; horizon += 777) {
    log.Trim(horizon);
    const LogContents contents = ReadLog(log, 0, horizon);
    ASSERT_EQ(contents.records.size(), static_cast<std::size_t>(kManyRecords - horizon));
    if (!contents.records.empty()) {
      EXPECT_EQ(contents.records.front().arrival_millis, horizon);
    }
    EXPECT_LE(pool->used_bytes(), bytes);
    bytes = pool->used_bytes();
  }
}

TEST(ShardLogTrim, KeepsASegmentForItsNewestRecord) {
  ShardLog log(std::make_shared<SegmentPool>());
  ASSERT_EQ(log.Append("", "new", 1000).outcome, AppendOutcome::kAppended);
  PutMany(log, 0, 500);  // many segments, all older than the first record
  log.Trim(900);
  EXPECT_EQ(ReadLog(log).records.size(), 501U);
  EXPECT_THAT(ReadLog(log, 0, 900).Data(), ElementsAre("new"));
}

TEST(ShardLogTrim, FreesEvenTheLastSegmentOfAnOpenLog) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  log.Trim(INT64_MAX);
  ASSERT_EQ(log.Append("", "a", 1).outcome, AppendOutcome::kAppended);
  const std::uint64_t end = log.EndIndex();
  log.Trim(1);
  EXPECT_THAT(ReadLog(log).Data(), ElementsAre("a"));
  log.Trim(2);
  Epoch::Collect();
  EXPECT_THAT(ReadLog(log).records, IsEmpty());
  EXPECT_EQ(ReadLog(log).end, ScanEnd::kCaughtUp);
  EXPECT_LE(pool->used_bytes(), 1024);
  EXPECT_GE(log.EndIndex(), end);

  const AppendResult put = log.Append("", "b", 2);
  EXPECT_EQ(put.outcome, AppendOutcome::kAppended);
  EXPECT_GE(put.index, end);
  EXPECT_THAT(ReadLog(log).Data(), ElementsAre("b"));
  log.Seal();
  EXPECT_EQ(ReadLog(log).end, ScanEnd::kEndOfShard);
}

TEST(ShardLogTrim, LargeRecordsDoNotGatherInOneSegment) {
  constexpr std::int64_t kMebibyte = 1 << 20;
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  for (int i = 0; i < 40; ++i) {
    const std::string data(static_cast<std::size_t>(kMebibyte), 'x');
    ASSERT_EQ(log.Append("key", data, i).outcome, AppendOutcome::kAppended);
  }
  log.Trim(30);
  Epoch::Collect();
  // What has not expired, and no more of the rest than one segment owns.
  const std::int64_t most =
      10 * kMebibyte + static_cast<std::int64_t>(ShardLog::kMostLargeBytes) + 2 * kMebibyte;
  EXPECT_LE(pool->used_bytes(), most);
  EXPECT_EQ(ReadLog(log, 0, 30).records.size(), 10U);
}

TEST(ShardLogTrim, GoesOnAfterwards) {
  ShardLog log(std::make_shared<SegmentPool>());
  PutMany(log, 0, kManyRecords);
  log.Trim(INT64_MAX);
  const std::uint64_t end = log.EndIndex();
  PutMany(log, kManyRecords, kManyRecords + 10);
  EXPECT_EQ(ReadLog(log, end).records.size(), 10U);
  EXPECT_EQ(ReadLog(log, 0, kManyRecords).records.size(), 10U);
  EXPECT_EQ(log.FindTime(kManyRecords), end);
}

TEST(ShardLogTrim, SealedLogKeepsOnlyItsEnd) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  PutMany(log, 0, 64);
  EXPECT_EQ(ReadLog(log).records.size(), 64U);
  log.Seal();
  const std::uint64_t end = log.EndIndex();
  log.Trim(INT64_MAX);
  EXPECT_EQ(log.EndIndex(), end);
  EXPECT_EQ(ReadLog(log, 0, INT64_MAX).end, ScanEnd::kEndOfShard);
}

TEST(ShardLogTrim, UsesTheMemoryOfTrimmedSegmentsAgain) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  PutMany(log, 0, 200'000);
  log.Trim(199'000);
  Epoch::Collect();
  const std::int64_t bytes = pool->used_bytes();
  for (int i = 200'000; i < 1'000'000; i += 1000) {
    PutMany(log, i, i + 1000);
    log.Trim(i);
    ASSERT_LE(pool->used_bytes(), bytes) << i;
  }
}

TEST(ShardLogPin, BatchStaysValidOverATrim) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  PutMany(log, 0, kManyRecords);
  const LogContents contents = ReadLog(log);
  Batch batch;
  batch.Read(log);
  log.Trim(INT64_MAX);
  PutMany(log, 0, kManyRecords);  // would overwrite recycled memory
  ASSERT_EQ(batch.views.size(), contents.records.size());
  for (std::size_t i = 0; i < batch.views.size(); ++i)
    ASSERT_EQ(batch.views[i], contents.records[i].data);
}

TEST(ShardLogPin, BatchOutlivesLogAndPool) {
  auto pool = std::make_shared<SegmentPool>();
  std::weak_ptr<SegmentPool> watched = pool;
  std::optional<ShardLog> log(std::in_place, pool);
  PutMany(*log, 0, 1000);
  ASSERT_EQ(log->Append("key", std::string(100'000, 'l'), 0).outcome, AppendOutcome::kAppended);
  const LogContents contents = ReadLog(*log);
  {
    Batch batch;
    batch.Read(*log);
    log.reset();
    pool.reset();
    Epoch::Collect();
    EXPECT_FALSE(watched.expired());
    ASSERT_EQ(batch.views.size(), contents.records.size());
    for (std::size_t i = 0; i < batch.views.size(); ++i)
      ASSERT_EQ(batch.views[i], contents.records[i].data);
  }
  Epoch::Collect();
  EXPECT_TRUE(watched.expired());
}

TEST(ShardLogPin, HintThatHasBeenTrimmedIsIgnored) {
  ShardLog log(std::make_shared<SegmentPool>());
  PutMany(log, 0, kManyRecords);
  Batch batch;
  batch.Read(log);
  log.Trim(kManyRecords - 100);
  for (Segment* const hint : batch.segments) {
    std::uint64_t index = hint->base;
    std::uint64_t seen = 0;
    log.Scan(index, hint, kManyRecords - 100, false,
             [&](Segment&, std::uint64_t, const FrameView&) {
               ++seen;
               return true;
             });
    EXPECT_EQ(seen, 100U);
  }
}

TEST(ShardLogMemory, EmptyLogTakesNone) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  EXPECT_EQ(pool->used_bytes(), 0);
  EXPECT_EQ(log.AllocatedBytes(), 0U);
  EXPECT_LE(sizeof(ShardLog), 1024U);
}

TEST(ShardLogMemory, ShardWithOneRecordTakesLittle) {
  const auto pool = std::make_shared<SegmentPool>();
  ShardLog log(pool);
  PutMany(log, 0, 1);
  EXPECT_LE(pool->used_bytes(), 4 * 1024);
}

TEST(ShardLogMemory, ComesBackWhenTheLogIsDestroyed) {
  const auto pool = std::make_shared<SegmentPool>();
  {
    ShardLog log(pool);
    for (int i = 0; i < 1000; ++i) {
      const std::string data(i % 100 == 0 ? 20'000 : 10, 'x');
      ASSERT_EQ(log.Append("key", data, i).outcome, AppendOutcome::kAppended);
    }
    EXPECT_EQ(static_cast<std::int64_t>(log.AllocatedBytes()), pool->used_bytes());
    log.Seal();
    EXPECT_EQ(static_cast<std::int64_t>(log.AllocatedBytes()), pool->used_bytes());
  }
  Epoch::Collect();
  EXPECT_EQ(pool->used_bytes(), 0);
}

TEST(ShardLogMemory, BudgetRefusesAndLosesNothing) {
  const auto pool = std::make_shared<SegmentPool>(100'000);
  ShardLog log(pool);
  int stored = 0;
  while (log.Append("key", std::string(100, 'x'), stored).outcome == AppendOutcome::kAppended)
    ++stored;
  EXPECT_GT(stored, 300);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(log.Append("key", std::string(100, 'x'), stored).outcome, AppendOutcome::kNoMemory);
  }
  EXPECT_EQ(ReadLog(log).records.size(), static_cast<std::size_t>(stored));
  EXPECT_EQ(ReadLog(log).end, ScanEnd::kCaughtUp);
  EXPECT_LE(pool->used_bytes(), 100'000);

  log.Trim(stored);
  EXPECT_EQ(log.Append("key", "after", stored).outcome, AppendOutcome::kAppended);
  EXPECT_THAT(ReadLog(log, 0, stored).Data(), ElementsAre("after"));
}

// Whatever the budget, as long as it holds one segment: what has expired makes room again.
TEST(ShardLogMemory, BudgetOfAnySizeComesBackWithTime) {
  for (std::int64_t budget = 8 * 1024; budget < 4 * 1024 * 1024; budget = budget * 9 / 7) {
    const auto pool = std::make_shared<SegmentPool>(budget);
    ShardLog log(pool);
    for (std::int64_t day = 0; day < 3; ++day) {
      int stored = 0;
      while (log.Append("key", std::string(1000, 'x'), day).outcome == AppendOutcome::kAppended) {
        ++stored;
      }
      EXPECT_GT(stored, 0) << "budget " << budget << ", day " << day;
      log.Trim(day + 1);
      Epoch::Collect();
    }
  }
}

TEST(ShardLogMemory, BudgetRefusesALargeRecordAndTakesASmallOne) {
  const auto pool = std::make_shared<SegmentPool>(100'000);
  ShardLog log(pool);
  EXPECT_EQ(log.Append("key", std::string(200'000, 'x'), 0).outcome, AppendOutcome::kNoMemory);
  EXPECT_EQ(log.Append("key", "small", 0).outcome, AppendOutcome::kAppended);
  EXPECT_EQ(log.Append("key", std::string(50'000, 'x'), 0).outcome, AppendOutcome::kAppended);
  EXPECT_EQ(ReadLog(log).records.size(), 2U);
}

TEST(ShardLogMemory, SealsThoughTheBudgetIsSpent) {
  const auto pool = std::make_shared<SegmentPool>(10'000);
  ShardLog log(pool);
  while (log.Append("key", std::string(100, 'x'), 0).outcome == AppendOutcome::kAppended) {
  }
  const std::size_t stored = ReadLog(log).records.size();
  log.Seal();
  EXPECT_EQ(log.Append("key", "", 0).outcome, AppendOutcome::kSealed);
  EXPECT_EQ(ReadLog(log).records.size(), stored);
  EXPECT_EQ(ReadLog(log).end, ScanEnd::kEndOfShard);
}

// Random appends, trims and batches; the memory of what is left is counted to the byte at each
// step, and returned at the end.
TEST(ShardLogMemory, IsCountedExactly) {
  const auto pool = std::make_shared<SegmentPool>(8 << 20);
  Random random(3);
  {
    ShardLog log(pool);
    std::vector<std::unique_ptr<Batch>> batches;
    for (int i = 0; i < 30'000; ++i) {
      const std::size_t size =
          random.Chance(0.01) ? 20'000 : static_cast<std::size_t>(random.Uniform(500));
      if (log.Append("key", std::string(size, 'x'), i).outcome == AppendOutcome::kNoMemory)
        log.Trim(i - 100);
      if (random.Chance(0.001)) log.Trim(i - static_cast<int>(random.Uniform(1000)));
      if (random.Chance(0.001)) {
        batches.push_back(std::make_unique<Batch>());
        batches.back()->Read(log);
      }
      if (random.Chance(0.002)) batches.clear();
      ASSERT_LE(pool->used_bytes(), pool->budget_bytes());
      ASSERT_GE(pool->used_bytes(), static_cast<std::int64_t>(log.AllocatedBytes()));
    }
  }
  Epoch::Collect();
  EXPECT_GE(pool->used_bytes(), 0);
  EXPECT_EQ(pool->used_bytes() % static_cast<std::int64_t>(SegmentPool::kFullSegmentBytes),
            0);  // warm ones
}

}  // namespace
}  // namespace riacho::internal
