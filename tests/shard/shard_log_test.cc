// What one thread sees of a shard log. Retention and memory: shard_log_retention_test.cc.
#include "shard/shard_log.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "shard/read_log.h"
#include "shard/segment_pool.h"

namespace riacho::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ShardLogTest : public testing::Test {
 protected:
  std::uint64_t Put(const std::string& data, std::int64_t millis = 0,
                    const std::string& key = "key") {
    const AppendResult result = log_.Append(key, data, millis);
    EXPECT_EQ(result.outcome, AppendOutcome::kAppended);
    return result.index;
  }

  std::shared_ptr<SegmentPool> pool_ = std::make_shared<SegmentPool>();
  ShardLog log_{pool_};
};

using ShardLogAppend = ShardLogTest;
using ShardLogAppendGroup = ShardLogTest;
using ShardLogScan = ShardLogTest;
using ShardLogSeal = ShardLogTest;
using ShardLogFindTime = ShardLogTest;
using ShardLogEndIndex = ShardLogTest;
using ShardLogWaiter = ShardLogTest;

TEST_F(ShardLogAppend, FirstRecordHasTheFirstIndex) { EXPECT_EQ(Put("a"), ShardLog::kFirstIndex); }

TEST_F(ShardLogAppend, KeepsKeyDataAndArrivalTime) {
  Put("paid", 1234, "order-17");
  EXPECT_THAT(
      ReadLog(log_).records,
      ElementsAre(SeenRecord{
          .index = 1, .arrival_millis = 1234, .partition_key = "order-17", .data = "paid"}));
}

TEST_F(ShardLogAppend, KeepsTheMarkOfEachRecord) {
  const std::string large(ShardLog::kLargeDataBytes, 'l');
  log_.Append("k", "a", 0);
  log_.Append("k", "b", 0, true);
  log_.Append("k", large, 0, true);
  log_.Append("k", large, 0);
  std::vector<bool> marks;
  std::uint64_t index = ShardLog::kFirstIndex;
  log_.Scan(index, nullptr, INT64_MIN, false, [&](Segment&, std::uint64_t, const FrameView& frame) {
    marks.push_back(frame.marked);
    return true;
  });
  EXPECT_THAT(marks, ElementsAre(false, true, true, false));
}

TEST_F(ShardLogAppend, KeepsBytesThatAreNoText) {
  const std::string data("\0\xff\0 \n", 5);
  const std::string key("\0\0", 2);
  Put(data, -1, key);
  const LogContents contents = ReadLog(log_);
  ASSERT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(contents.records[0].data, data);
  EXPECT_EQ(contents.records[0].partition_key, key);
  EXPECT_EQ(contents.records[0].arrival_millis, -1);
}

TEST_F(ShardLogAppend, EmptyDataAndEmptyKeyAreARecord) {
  Put("", 5, "");
  EXPECT_THAT(ReadLog(log_).records, ElementsAre(SeenRecord{.index = 1, .arrival_millis = 5}));
}

// For the undefined behaviour sanitizer.
TEST_F(ShardLogAppend, EmptyDataMayPointNowhere) {
  EXPECT_EQ(log_.Append("key", std::string_view(), 5).outcome, AppendOutcome::kAppended);
  EXPECT_THAT(ReadLog(log_).records,
              ElementsAre(SeenRecord{.index = 1, .arrival_millis = 5, .partition_key = "key"}));
}

TEST_F(ShardLogAppend, ExtremeArrivalTimesAreKept) {
  Put("first", std::numeric_limits<std::int64_t>::min());
  Put("last", std::numeric_limits<std::int64_t>::max());
  EXPECT_THAT(ReadLog(log_).Data(), ElementsAre("first", "last"));
}

TEST_F(ShardLogAppend, IndexesRiseOverManySegments) {
  std::vector<std::uint64_t> indexes;
  std::vector<std::string> data;
  Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    data.push_back(std::to_string(i) + std::string(random.Uniform(100), '.'));
    indexes.push_back(Put(data.back()));
  }
  const LogContents contents = ReadLog(log_);
  EXPECT_EQ(contents.Indexes(), indexes);
  EXPECT_EQ(contents.Data(), data);
  EXPECT_TRUE(std::is_sorted(indexes.begin(), indexes.end()));
  EXPECT_EQ(std::adjacent_find(indexes.begin(), indexes.end()), indexes.end());
}

// Around the size where data moves to a block of its own, and far above it.
TEST_F(ShardLogAppend, LargeRecordsAreKept) {
  std::vector<std::string> data;
  for (const std::size_t size :
       {ShardLog::kLargeDataBytes - 1, ShardLog::kLargeDataBytes, ShardLog::kLargeDataBytes + 1,
        std::size_t{1} << 20, std::size_t{10} << 20}) {
    data.push_back(std::string(size, static_cast<char>('a' + data.size())));
    Put(data.back());
    data.push_back("small");
    Put("small");
  }
  EXPECT_EQ(ReadLog(log_).Data(), data);
}

TEST_F(ShardLogAppend, LongestKeyWithMostDataInTheFrameFits) {
  const std::string key(65535, 'k');
  const std::string data(ShardLog::kLargeDataBytes - 1, 'd');
  for (int i = 0; i < 100; ++i) Put(data, 0, key);
  const LogContents contents = ReadLog(log_);
  ASSERT_EQ(contents.records.size(), 100U);
  for (const SeenRecord& record : contents.records) {
    EXPECT_EQ(record.partition_key, key);
    EXPECT_EQ(record.data, data);
  }
}

// Stores the records as one group and answers their indexes.
std::vector<std::uint64_t> PutGroup(ShardLog& log, const std::vector<SeenRecord>& records,
                                    AppendOutcome outcome = AppendOutcome::kAppended) {
  std::vector<std::uint64_t> indexes;
  const AppendOutcome answered = log.AppendGroup(
      records.size(),
      [&](std::size_t i) {
        return NewRecord{.partition_key = records[i].partition_key, .data = records[i].data};
      },
      17,
      [&](std::size_t i, std::uint64_t index) {
        EXPECT_EQ(i, indexes.size());
        indexes.push_back(index);
      });
  EXPECT_EQ(answered, outcome);
  return indexes;
}

TEST_F(ShardLogAppendGroup, KeepsRecordsInTheirOrder) {
  std::vector<SeenRecord> records;
  for (int i = 0; i < 3; ++i)
    records.push_back({.partition_key = "key" + std::to_string(i), .data = std::to_string(i)});
  const std::vector<std::uint64_t> indexes = PutGroup(log_, records);
  EXPECT_THAT(indexes, ElementsAre(1, 2, 3));
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].index = indexes[i];
    records[i].arrival_millis = 17;
  }
  EXPECT_EQ(ReadLog(log_).records, records);
}

TEST_F(ShardLogAppendGroup, GroupOfNothingStoresNothing) {
  EXPECT_THAT(PutGroup(log_, {}), IsEmpty());
  EXPECT_THAT(ReadLog(log_).records, IsEmpty());
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(ShardLogAppendGroup, EmptyRecordsAreRecords) {
  EXPECT_THAT(PutGroup(log_, {{}, {}}), ElementsAre(1, 2));
  EXPECT_THAT(ReadLog(log_).Data(), ElementsAre("", ""));
}

// Groups of every size up to more than a segment holds, with large records strewn in.
TEST_F(ShardLogAppendGroup, SpansSegmentsAndLargeRecords) {
  Random random(3);
  std::vector<std::string> data;
  std::vector<std::uint64_t> indexes;
  for (const std::size_t size :
       std::vector<std::size_t>{1, 2, 3, 15, 16, 17, 33, 500, 500, 500, 20'000}) {
    std::vector<SeenRecord> group;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t bytes =
          random.Chance(0.01)
              ? ShardLog::kLargeDataBytes + random.Uniform(5000)
              : random.Uniform(random.Chance(0.1) ? ShardLog::kLargeDataBytes : 100);
      group.push_back({.data = std::to_string(data.size()) + std::string(bytes, 'd')});
      data.push_back(group.back().data);
    }
    for (const std::uint64_t index : PutGroup(log_, group)) indexes.push_back(index);
  }
  const LogContents contents = ReadLog(log_);
  EXPECT_EQ(contents.Indexes(), indexes);
  EXPECT_EQ(contents.Data(), data);
}

// A group that is too large for what is left of a segment fills it first.
TEST_F(ShardLogAppendGroup, WastesNoRoom) {
  const std::string data(1000, 'd');
  constexpr int kRecords = 10'000;
  for (int i = 0; i < kRecords / 100; ++i)
    PutGroup(log_, std::vector<SeenRecord>(100, {.partition_key = "key", .data = data}));
  EXPECT_LT(log_.AllocatedBytes(), kRecords * 1.2 * 1024 + SegmentPool::kFullSegmentBytes);
}

TEST_F(ShardLogAppendGroup, SealedLogTakesNothing) {
  Put("a");
  log_.Seal();
  EXPECT_THAT(PutGroup(log_, {{.data = "b"}, {.data = "c"}}, AppendOutcome::kSealed), IsEmpty());
  EXPECT_THAT(ReadLog(log_).Data(), ElementsAre("a"));
}

TEST(ShardLogAppendGroupMemory, StoresWhatFitsTheBudget) {
  const auto pool = std::make_shared<SegmentPool>(20'000);
  ShardLog log(pool);
  std::vector<SeenRecord> group(100, {.data = std::string(1000, 'x')});
  for (std::size_t i = 0; i < group.size(); ++i) group[i].data += std::to_string(i);
  const std::size_t stored = PutGroup(log, group, AppendOutcome::kNoMemory).size();
  EXPECT_GT(stored, 5U);
  EXPECT_LT(stored, 20U);
  const std::vector<std::string> data = ReadLog(log).Data();
  ASSERT_EQ(data.size(), stored);
  for (std::size_t i = 0; i < stored; ++i) EXPECT_EQ(data[i], group[i].data);
  EXPECT_THAT(PutGroup(log, group, AppendOutcome::kNoMemory), IsEmpty());
}

TEST_F(ShardLogScan, EmptyLogIsCaughtUpAtItsFirstIndex) {
  const LogContents contents = ReadLog(log_);
  EXPECT_THAT(contents.records, IsEmpty());
  EXPECT_EQ(contents.end, ScanEnd::kCaughtUp);
  EXPECT_EQ(contents.next_index, ShardLog::kFirstIndex);
}

TEST_F(ShardLogScan, GoesOnWhereItStopped) {
  for (int i = 0; i < 10; ++i) Put(std::to_string(i));
  std::uint64_t index = ShardLog::kFirstIndex;
  std::string seen;
  ScanEnd end = ScanEnd::kStopped;
  for (int page = 0; page < 5; ++page) {
    int room = 3;
    end = log_.Scan(index, nullptr, INT64_MIN, false,
                    [&](Segment&, std::uint64_t, const FrameView& frame) {
                      if (room-- == 0) return false;
                      seen += frame.data;
                      return true;
                    });
    if (end != ScanEnd::kStopped) break;
    seen += '|';
  }
  EXPECT_EQ(seen, "012|345|678|9");
  EXPECT_EQ(end, ScanEnd::kCaughtUp);
}

TEST_F(ShardLogScan, StopsAtTheRefusedRecord) {
  Put("a");
  const std::uint64_t second = Put("b");
  std::uint64_t index = ShardLog::kFirstIndex;
  const ScanEnd end =
      log_.Scan(index, nullptr, INT64_MIN, false,
                [](Segment&, std::uint64_t, const FrameView& frame) { return frame.data == "a"; });
  EXPECT_EQ(end, ScanEnd::kStopped);
  EXPECT_EQ(index, second);
}

TEST_F(ShardLogScan, StartsAtTheFirstRecordForAnIndexBeforeIt) {
  Put("a");
  const LogContents contents = ReadLog(log_, 0);
  EXPECT_THAT(contents.Data(), ElementsAre("a"));
  EXPECT_EQ(contents.next_index, 2U);
}

TEST_F(ShardLogScan, WaitsAtAnIndexBeyondTheEnd) {
  for (const std::uint64_t beyond :
       {std::uint64_t{5}, std::uint64_t{1'000'000}, std::numeric_limits<std::uint64_t>::max()}) {
    const LogContents empty = ReadLog(log_, beyond);
    EXPECT_EQ(empty.end, ScanEnd::kCaughtUp);
    EXPECT_EQ(empty.next_index, beyond);
  }
  for (int i = 0; i < 3; ++i) Put("early");
  EXPECT_EQ(ReadLog(log_, 5).next_index, 5U);
  EXPECT_THAT(ReadLog(log_, 5).records, IsEmpty());
  EXPECT_EQ(ReadLog(log_, 1'000'000).next_index, 1'000'000U);
  Put("4th");
  Put("5th");
  EXPECT_THAT(ReadLog(log_, 5).Data(), ElementsAre("5th"));
}

TEST_F(ShardLogScan, AnyIndexLeadsToTheRecordsFromItOn) {
  std::vector<std::uint64_t> indexes;
  for (int i = 0; i < 5000; ++i)
    indexes.push_back(Put(std::string(static_cast<std::size_t>(i % 90), 'x')));
  for (std::uint64_t from = 0; from <= indexes.back() + 2; from += 37) {
    const auto expected = std::lower_bound(indexes.begin(), indexes.end(), from);
    EXPECT_EQ(ReadLog(log_, from).Indexes(), std::vector<std::uint64_t>(expected, indexes.end()))
        << from;
  }
}

TEST_F(ShardLogScan, LeavesOutRecordsBeforeTheHorizon) {
  Put("old", 10);
  Put("new", 20);
  Put("old again", 19);
  Put("newer", 21);
  EXPECT_THAT(ReadLog(log_, 1, 20).Data(), ElementsAre("new", "newer"));
}

TEST_F(ShardLogScan, GlancingReaderSeesTheSame) {
  EXPECT_EQ(ReadLog(log_, 1, INT64_MIN, true).end, ScanEnd::kCaughtUp);
  for (int i = 0; i < 1000; ++i) {
    Put(std::to_string(i));
    EXPECT_EQ(ReadLog(log_, log_.EndIndex() - 1, INT64_MIN, true).records.size(), 1U);
  }
  EXPECT_EQ(ReadLog(log_, 1, INT64_MIN, true).records, ReadLog(log_).records);
  log_.Seal();
  EXPECT_EQ(ReadLog(log_, 1, INT64_MIN, true).end, ScanEnd::kEndOfShard);
}

TEST_F(ShardLogScan, FindsTheSameFromAPinnedSegment) {
  std::vector<Segment*> pinned;
  for (int i = 0; i < 3000; ++i) Put(std::to_string(i));
  std::uint64_t index = 1;
  log_.Scan(index, nullptr, INT64_MIN, false,
            [&](Segment& segment, std::uint64_t, const FrameView&) {
              if (pinned.empty() || pinned.back() != &segment) {
                EXPECT_TRUE(segment.TryPin());
                pinned.push_back(&segment);
              }
              return true;
            });
  ASSERT_GT(pinned.size(), 3U);
  const LogContents all = ReadLog(log_);
  for (Segment* const hint : pinned) {
    for (const std::uint64_t from :
         {std::uint64_t{1}, hint->base, hint->base + 1, hint->base + hint->place_count}) {
      std::uint64_t at = from;
      std::vector<std::uint64_t> seen;
      log_.Scan(at, hint, INT64_MIN, false, [&](Segment&, std::uint64_t i, const FrameView&) {
        seen.push_back(i);
        return true;
      });
      EXPECT_EQ(seen, ReadLog(log_, from).Indexes());
    }
    hint->Unpin();
  }
}

TEST_F(ShardLogSeal, EmptyLogEndsAtOnce) {
  EXPECT_FALSE(log_.sealed());
  log_.Seal();
  EXPECT_TRUE(log_.sealed());
  EXPECT_EQ(ReadLog(log_).end, ScanEnd::kEndOfShard);
  EXPECT_EQ(log_.Append("k", "late", 0).outcome, AppendOutcome::kSealed);
  EXPECT_THAT(ReadLog(log_).records, IsEmpty());
}

TEST_F(ShardLogSeal, KeepsWhatIsThereAndTakesNoMore) {
  Put("a");
  Put("b");
  log_.Seal();
  EXPECT_EQ(log_.Append("k", "late", 0).outcome, AppendOutcome::kSealed);
  const LogContents contents = ReadLog(log_);
  EXPECT_THAT(contents.Data(), ElementsAre("a", "b"));
  EXPECT_EQ(contents.end, ScanEnd::kEndOfShard);
}

TEST_F(ShardLogSeal, LargeRecordAfterItTakesNoMemory) {
  log_.Seal();
  const std::int64_t before = pool_->used_bytes();
  EXPECT_EQ(log_.Append("k", std::string(1 << 20, 'x'), 0).outcome, AppendOutcome::kSealed);
  EXPECT_EQ(pool_->used_bytes(), before);
}

// The first segment has 64 places; a log is sealed with each number of records around its end, by
// place and by bytes.
TEST_F(ShardLogSeal, AtEveryFillingOfASegment) {
  for (const std::size_t size : {0U, 100U, 1000U}) {
    for (int records = 0; records < 140; ++records) {
      ShardLog log(pool_);
      for (int i = 0; i < records; ++i) {
        ASSERT_EQ(log.Append("", std::string(size, 'x'), 0).outcome, AppendOutcome::kAppended);
      }
      log.Seal();
      EXPECT_EQ(log.Append("", "", 0).outcome, AppendOutcome::kSealed);
      const LogContents contents = ReadLog(log);
      EXPECT_EQ(contents.records.size(), static_cast<std::size_t>(records));
      EXPECT_EQ(contents.end, ScanEnd::kEndOfShard);
      EXPECT_EQ(ReadLog(log, log.EndIndex()).end, ScanEnd::kEndOfShard);
      EXPECT_EQ(ReadLog(log, log.EndIndex() + 1000).end, ScanEnd::kEndOfShard);
    }
  }
}

TEST_F(ShardLogSeal, MayBeCalledAgain) {
  Put("a");
  log_.Seal();
  const std::uint64_t end = log_.EndIndex();
  log_.Seal();
  EXPECT_EQ(log_.EndIndex(), end);
  EXPECT_THAT(ReadLog(log_).Data(), ElementsAre("a"));
}

TEST_F(ShardLogEndIndex, IsTheIndexOfTheNextRecord) {
  EXPECT_EQ(log_.EndIndex(), ShardLog::kFirstIndex);
  for (int i = 0; i < 64; ++i) {
    const std::uint64_t end = log_.EndIndex();
    EXPECT_EQ(Put(""), end);
  }
}

// LATEST: nothing that is there already, everything that comes; whatever segments come between.
TEST_F(ShardLogEndIndex, SeparatesWhatIsThereFromWhatComes) {
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t end = log_.EndIndex();
    EXPECT_THAT(ReadLog(log_, end).records, IsEmpty());
    const std::string data(static_cast<std::size_t>(i % 100), 'x');
    const std::uint64_t index = Put(data);
    EXPECT_GE(index, end);
    EXPECT_THAT(ReadLog(log_, end).Indexes(), ElementsAre(index));
  }
}

TEST_F(ShardLogFindTime, EmptyLogAnswersItsEnd) { EXPECT_EQ(log_.FindTime(0), log_.EndIndex()); }

TEST_F(ShardLogFindTime, FindsTheFirstInLogOrderThoughTimesAreOutOfOrder) {
  Put("", 10);
  const std::uint64_t thirty = Put("", 30);
  Put("", 20);
  const std::uint64_t forty = Put("", 40);
  EXPECT_EQ(log_.FindTime(0), ShardLog::kFirstIndex);
  EXPECT_EQ(log_.FindTime(10), ShardLog::kFirstIndex);
  EXPECT_EQ(log_.FindTime(11), thirty);
  EXPECT_EQ(log_.FindTime(20), thirty);
  EXPECT_EQ(log_.FindTime(31), forty);
  EXPECT_EQ(log_.FindTime(41), log_.EndIndex());
}

TEST_F(ShardLogFindTime, AgreesWithAWalkOverManySegments) {
  Random random(2);
  for (int i = 0; i < 5000; ++i) Put("0123456789", i + static_cast<int>(random.Uniform(50)));
  const LogContents all = ReadLog(log_);
  for (std::int64_t millis = -1; millis < 5060; millis += 13) {
    std::uint64_t expected = log_.EndIndex();
    for (const SeenRecord& record : all.records) {
      if (record.arrival_millis >= millis) {
        expected = record.index;
        break;
      }
    }
    EXPECT_EQ(log_.FindTime(millis), expected) << millis;
  }
}

class CountingWaiter final : public Waiter {
 public:
  explicit CountingWaiter(int& signals) : signals_(signals) {}
  void Signal() override { ++signals_; }

 private:
  int& signals_;
};

TEST_F(ShardLogWaiter, IsSignalledOnceByTheNextRecord) {
  int signals = 0;
  auto* const waiter = new CountingWaiter(signals);
  log_.AddWaiter(waiter);
  EXPECT_EQ(signals, 0);
  Put("a");
  EXPECT_EQ(signals, 1);
  Put("b");
  EXPECT_EQ(signals, 1);
  log_.AddWaiter(waiter);
  log_.AddWaiter(waiter);  // stands there already
  Put("c");
  EXPECT_EQ(signals, 2);
  waiter->Release();
}

TEST_F(ShardLogWaiter, AllAreSignalled) {
  std::vector<int> signals(10);
  for (int& count : signals) {
    auto* const waiter = new CountingWaiter(count);
    log_.AddWaiter(waiter);
    waiter->Release();  // the log keeps it until it is signalled
  }
  Put("a");
  EXPECT_EQ(signals, std::vector<int>(10, 1));
}

TEST_F(ShardLogWaiter, IsSignalledByTheSeal) {
  int signals = 0;
  auto* const waiter = new CountingWaiter(signals);
  log_.AddWaiter(waiter);
  log_.Seal();
  EXPECT_EQ(signals, 1);
  waiter->Release();
}

TEST_F(ShardLogWaiter, IsSignalledWhenTheLogIsDestroyed) {
  int signals = 0;
  {
    ShardLog log(pool_);
    auto* const waiter = new CountingWaiter(signals);
    log.AddWaiter(waiter);
    waiter->Release();
  }
  EXPECT_EQ(signals, 1);
}

TEST_F(ShardLogWaiter, IsNotSignalledByARefusedAppend) {
  int signals = 0;
  auto* const waiter = new CountingWaiter(signals);
  log_.Seal();
  log_.AddWaiter(waiter);
  EXPECT_EQ(log_.Append("", "", 0).outcome, AppendOutcome::kSealed);
  EXPECT_EQ(signals, 0);
  log_.SignalWaiters();  // which the log's end would do when there is no counter any more
  EXPECT_EQ(signals, 1);
  waiter->Release();
}

}  // namespace
}  // namespace riacho::internal
