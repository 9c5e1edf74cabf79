// A log that is saved and put together again goes on as the first one does: same records, same
// indexes of what is appended later, same memory given back by trimming.
#include "shard/log_cut.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "shard/read_log.h"

namespace riacho::internal {
namespace {

struct Copy {
  std::shared_ptr<SegmentPool> pool = std::make_shared<SegmentPool>();
  ShardLog log{pool};
};

std::vector<std::string> SegmentsOf(LogCut& cut) {
  std::vector<std::string> segments;
  for (std::size_t i = 0; i < cut.segment_count(); ++i) cut.SaveSegment(i, segments.emplace_back());
  return segments;
}

std::vector<std::string> SegmentsOf(ShardLog& log) {
  LogCut cut(log);
  return SegmentsOf(cut);
}

std::unique_ptr<Copy> CopyOf(LogCut& cut) {
  auto copy = std::make_unique<Copy>();
  LogRestorer restorer(copy->log, *copy->pool, cut.first_index(), 0);
  for (const std::string& segment : SegmentsOf(cut))
    EXPECT_EQ(restorer.AddSegment(segment), RestoreOutcome::kRestored);
  restorer.Finish(cut.sealed());
  return copy;
}

std::unique_ptr<Copy> CopyOf(ShardLog& log) {
  LogCut cut(log);
  return CopyOf(cut);
}

void ExpectSame(ShardLog& a, ShardLog& b) {
  const LogContents of_a = ReadLog(a);
  const LogContents of_b = ReadLog(b);
  EXPECT_EQ(of_a.records, of_b.records);
  EXPECT_EQ(of_a.next_index, of_b.next_index);
  EXPECT_EQ(of_a.end, of_b.end);
  EXPECT_EQ(a.EndIndex(), b.EndIndex());
  EXPECT_EQ(a.sealed(), b.sealed());
  EXPECT_EQ(SegmentsOf(a), SegmentsOf(b));
}

TEST(LogCut, OfAnEmptyLogIsEmpty) {
  Copy original;
  const auto copy = CopyOf(original.log);
  ExpectSame(original.log, copy->log);
  EXPECT_EQ(copy->log.Append("k", "d", 5).index, ShardLog::kFirstIndex);
}

TEST(LogCut, OfASealedLogStaysSealed) {
  for (const int records : {0, 1, 500}) {
    Copy original;
    for (int i = 0; i < records; ++i) original.log.Append("k", "data", i);
    original.log.Seal();
    const auto copy = CopyOf(original.log);
    ExpectSame(original.log, copy->log);
    EXPECT_EQ(copy->log.Append("k", "d", 1).outcome, AppendOutcome::kSealed);
  }
}

// Data of its own blocks closes a segment before its places and bytes are spent.
TEST(LogCut, GoesOnBehindASegmentThatLargeDataHasClosed) {
  Copy original;
  const std::string large(128 * 1024, 'l');
  for (int i = 0; i < 32; ++i) original.log.Append("k", large, 1);
  const auto copy = CopyOf(original.log);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(copy->log.Append("k", large, 2).index, original.log.Append("k", large, 2).index);
  ExpectSame(original.log, copy->log);
}

// Both logs are given the same from the cut on, which is made after any number of steps.
TEST(LogCut, GoesOnAsTheLogItIsOf) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    Copy original;
    std::unique_ptr<Copy> copy;
    std::int64_t now = 1000;
    const std::string noise(60'000, 'n');
    for (int step = 0; step < 300; ++step) {
      if (step == 150) copy = CopyOf(original.log);
      now += static_cast<std::int64_t>(random.Uniform(5));
      const std::uint64_t most = random.Chance(0.1) ? noise.size() : 400;
      const std::string data = noise.substr(0, random.Uniform(most));
      const bool trims = random.Chance(0.04);
      const std::int64_t horizon = now - static_cast<std::int64_t>(random.Uniform(200)) + 2;
      const bool marks = random.Chance(0.5);
      std::vector<std::uint64_t> indexes;
      for (ShardLog* const log : {&original.log, copy == nullptr ? nullptr : &copy->log}) {
        if (log == nullptr) continue;
        if (trims) log->Trim(horizon);
        const AppendResult appended = log->Append("key", data, now, marks);
        ASSERT_EQ(appended.outcome, AppendOutcome::kAppended);
        indexes.push_back(appended.index);
      }
      ASSERT_EQ(indexes.front(), indexes.back()) << seed << " " << step;
    }
    ExpectSame(original.log, copy->log);
    for (ShardLog* const log : {&original.log, &copy->log}) log->Trim(now + 1);
    EXPECT_EQ(original.log.AllocatedBytes(), copy->log.AllocatedBytes()) << seed;
  }
}

TEST(LogCut, KeepsWhatIsTrimmedAfterIt) {
  Copy original;
  for (int i = 0; i < 1000; ++i) original.log.Append("k", "data", 1);
  const LogContents before = ReadLog(original.log);
  LogCut cut(original.log);
  original.log.Append("k", "later", 2);
  original.log.Trim(10);
  EXPECT_EQ(ReadLog(CopyOf(cut)->log).records, before.records);
}

TEST(LogRestorer, RefusesBytesThatAreNoSegment) {
  Copy original;
  original.log.Append("key", "data", 1);
  original.log.Append("key", std::string(20'000, 'l'), 2);
  const std::string good = SegmentsOf(original.log).at(0);
  const auto add = [](std::string_view bytes) {
    Copy copy;
    LogRestorer restorer(copy.log, *copy.pool, ShardLog::kFirstIndex, 0);
    return restorer.AddSegment(bytes);
  };
  EXPECT_EQ(add(good), RestoreOutcome::kRestored);
  for (std::size_t size = 0; size < good.size(); size += size < 200 ? 1 : 997)
    EXPECT_EQ(add(good.substr(0, size)), RestoreOutcome::kMalformed) << size;
  EXPECT_EQ(add(good + "x"), RestoreOutcome::kMalformed);
  // Anything in the head and the first frames: no crash, whatever it means.
  for (std::size_t at = 0; at < 100; ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      add(bad);
    }
  }
}

TEST(LogRestorer, RefusesMarkedDataThatIsTooShort) {
  Copy original;
  original.log.Append("key", "data", 1, true);
  const std::string good = SegmentsOf(original.log).at(0);
  for (const std::size_t least : std::vector<std::size_t>{4, 5}) {
    Copy copy;
    LogRestorer restorer(copy.log, *copy.pool, ShardLog::kFirstIndex, least);
    EXPECT_EQ(restorer.AddSegment(good),
              least == 4 ? RestoreOutcome::kRestored : RestoreOutcome::kMalformed);
  }
}

TEST(LogRestorer, HoldsToTheMemoryBudget) {
  Copy original;
  for (int i = 0; i < 1000; ++i) original.log.Append("k", std::string(100, 'd'), 1);
  const auto pool = std::make_shared<SegmentPool>(64 * 1024);
  ShardLog log(pool);
  LogRestorer restorer(log, *pool, ShardLog::kFirstIndex, 0);
  RestoreOutcome outcome = RestoreOutcome::kRestored;
  for (const std::string& segment : SegmentsOf(original.log)) {
    outcome = restorer.AddSegment(segment);
    if (outcome != RestoreOutcome::kRestored) break;
  }
  EXPECT_EQ(outcome, RestoreOutcome::kNoMemory);
  EXPECT_LE(pool->used_bytes(), 64 * 1024);
}

}  // namespace
}  // namespace riacho::internal
