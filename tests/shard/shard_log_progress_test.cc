// One thread is parked for ever inside the log, at each of the places where that could hurt;
// everybody else must get done.
//
// The parked thread is a real one; everything else runs on the test's thread and would hang, were
// it to wait. At the end the parked thread is released: its record must be stored exactly once, or
// it must be told "sealed".
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "base/epoch.h"
#include "shard/read_log.h"
#include "shard/shard_log.h"
#include "shard/small_segments.h"

namespace riacho::internal {
namespace {

using ::testing::Contains;
using ::testing::Not;

struct ParkingAtomics : StdAtomics {
  static constexpr int kPatience = 4;

  static void Step(LogStep step) {
    if (park_at != step) return;
    park_at.reset();
    parked.store(true, std::memory_order_release);
    while (!released.load(std::memory_order_acquire)) std::this_thread::yield();
  }

  static void Pause() {
    ++pauses;
    StdAtomics::Pause();
  }

  static inline thread_local int pauses = 0;
  static inline thread_local std::optional<LogStep> park_at;
  static inline std::atomic<bool> parked = false;
  static inline std::atomic<bool> released = false;
};

using ParkingLog = BasicShardLog<ParkingAtomics>;

// Segments have room for four records of those that the tests write.
class ShardLogProgress : public testing::Test {
 protected:
  static constexpr std::int64_t kParkedMillis = 1'000'000;  // newer than all others

  ShardLogProgress() {
    ParkingAtomics::parked = false;
    ParkingAtomics::released = false;
    for (int i = 0; i < 2; ++i) Put();
  }
  ~ShardLogProgress() override {
    Release();
    log_.reset();
    Epoch::Collect();
    EXPECT_EQ(source_->live(), 0);
  }

  // A thread appends "parked" and stops at `step`.
  void ParkAWriter(LogStep step) {
    Park(step, [this] { parked_result_ = log_->Append("k", "parked", kParkedMillis); });
  }
  template <typename Work>
  void Park(LogStep step, Work work) {
    thread_ = std::thread([step, work] {
      ParkingAtomics::park_at = step;
      work();
    });
    while (!ParkingAtomics::parked.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  AppendResult Release() {
    ParkingAtomics::released.store(true, std::memory_order_release);
    if (thread_.joinable()) thread_.join();
    return parked_result_;
  }

  void Put() {
    const std::string data = std::to_string(written_.size());
    const AppendResult result = log_->Append("k", data, static_cast<std::int64_t>(written_.size()));
    ASSERT_EQ(result.outcome, AppendOutcome::kAppended);
    written_.push_back(data);
  }
  void PutMany() {
    for (int i = 0; i < 100; ++i) Put();
  }
  void ExpectReadersSeeEverythingWritten() {
    for (const bool glance : {false, true}) {
      std::vector<std::string> seen = ReadLog(*log_, 0, INT64_MIN, glance).Data();
      std::erase(seen, "parked");
      EXPECT_EQ(seen, written_) << glance;
    }
  }

  std::shared_ptr<SmallSegmentSource<ParkingAtomics>> source_ =
      std::make_shared<SmallSegmentSource<ParkingAtomics>>(4, 160);
  std::optional<ParkingLog> log_{std::in_place, source_};
  std::vector<std::string> written_;
  std::thread thread_;
  AppendResult parked_result_;
};

class ParkedWriter : public ShardLogProgress, public testing::WithParamInterface<LogStep> {
 protected:
  ParkedWriter() {
    if (GetParam() == LogStep::kBeforeAdvance) {
      for (int i = 0; i < 2; ++i) Put();  // the segment is full now
    }
    ParkAWriter(GetParam());
  }
  bool published() const { return GetParam() == LogStep::kAfterPublish; }
};

TEST_P(ParkedWriter, StopsNoOtherWriterAndNoReader) {
  for (int round = 0; round < 5; ++round) {
    PutMany();
    ExpectReadersSeeEverythingWritten();
  }
}

TEST_P(ParkedWriter, IsSeenOnlyWhenItHasPublished) {
  PutMany();
  EXPECT_EQ(testing::Value(ReadLog(*log_).Data(), Contains("parked")), published());
}

TEST_P(ParkedWriter, WritesBehindAReaderThatDidNotWait) {
  PutMany();
  const LogContents before = ReadLog(*log_);
  const AppendResult result = Release();
  ASSERT_EQ(result.outcome, AppendOutcome::kAppended);
  const LogContents after = ReadLog(*log_, before.next_index);
  if (published()) {
    EXPECT_THAT(before.Indexes(), Contains(result.index));
    EXPECT_TRUE(after.records.empty());
  } else {
    ASSERT_EQ(after.records.size(), 1U);
    EXPECT_EQ(after.records[0].data, "parked");
    EXPECT_EQ(after.records[0].index, result.index);
  }
}

TEST_P(ParkedWriter, IsStoredExactlyOnceWhenNobodyLookedMeanwhile) {
  PutMany();
  const AppendResult result = Release();
  ASSERT_EQ(result.outcome, AppendOutcome::kAppended);
  const LogContents contents = ReadLog(*log_);
  EXPECT_THAT(contents.Indexes(), Contains(result.index).Times(1));
  EXPECT_THAT(contents.Data(), Contains("parked").Times(1));
}

TEST_P(ParkedWriter, StopsNoSeal) {
  log_->Seal();
  EXPECT_TRUE(log_->sealed());
  EXPECT_EQ(log_->Append("k", "late", 0).outcome, AppendOutcome::kSealed);
  ExpectReadersSeeEverythingWritten();
  EXPECT_EQ(ReadLog(*log_).end, ScanEnd::kEndOfShard);
  EXPECT_EQ(ReadLog(*log_, 0, INT64_MIN, true).end, ScanEnd::kEndOfShard);
  const std::uint64_t end = log_->EndIndex();

  const AppendResult result = Release();
  EXPECT_EQ(result.outcome, published() ? AppendOutcome::kAppended : AppendOutcome::kSealed);
  EXPECT_EQ(testing::Value(ReadLog(*log_).Data(), Contains("parked")), published());
  EXPECT_EQ(log_->EndIndex(), end);
}

TEST_P(ParkedWriter, StopsNoTrim) {
  PutMany();
  log_->Trim(kParkedMillis + 1);
  EXPECT_LE(ReadLog(*log_).records.size(), 4U);
  PutMany();
  const AppendResult result = Release();
  ASSERT_EQ(result.outcome, AppendOutcome::kAppended);
  const std::vector<std::string> kept = ReadLog(*log_, 0, kParkedMillis).Data();
  EXPECT_EQ(kept, published() ? std::vector<std::string>() : std::vector<std::string>{"parked"});
}

TEST_P(ParkedWriter, DelaysOnlyTheReuseOfMemory) {
  PutMany();
  const int before = source_->live();
  log_->Trim(kParkedMillis + 1);
  Epoch::Collect();
  EXPECT_GE(source_->live(), before);  // more by the segment that follows what was given up
  Release();
  Epoch::Collect();
  EXPECT_LE(source_->live(), 3);
}

std::string StepName(const testing::TestParamInfo<LogStep>& info) {
  switch (info.param) {
    case LogStep::kAfterClaim:
      return "AfterClaim";
    case LogStep::kAfterWrite:
      return "AfterWrite";
    case LogStep::kAfterPublish:
      return "AfterPublish";
    case LogStep::kBeforeAdvance:
      return "BeforeAdvance";
    case LogStep::kAfterSealBit:
      return "AfterSealBit";
  }
  return {};
}

INSTANTIATE_TEST_SUITE_P(ShardLogProgress, ParkedWriter,
                         testing::Values(LogStep::kAfterClaim, LogStep::kAfterWrite,
                                         LogStep::kAfterPublish, LogStep::kBeforeAdvance),
                         StepName);

// A group of three, of which two find room in the first segment.
class ParkedGroup : public ShardLogProgress, public testing::WithParamInterface<LogStep> {
 protected:
  ParkedGroup() {
    Park(GetParam(), [this] {
      const std::vector<std::string> group = {"parked 0", "parked 1", "parked 2"};
      outcome_ = log_->AppendGroup(
          group.size(),
          [&group](std::size_t i) { return NewRecord{.partition_key = "k", .data = group[i]}; },
          kParkedMillis, [this](std::size_t, std::uint64_t index) { indexes_.push_back(index); });
    });
  }
  // What a reader sees of the group.
  std::vector<SeenRecord> SeenOfGroup() {
    std::vector<SeenRecord> seen = ReadLog(*log_).records;
    std::erase_if(seen,
                  [](const SeenRecord& record) { return !record.data.starts_with("parked"); });
    return seen;
  }
  void ExpectStoredOnceInOrder() {
    const std::vector<SeenRecord> seen = SeenOfGroup();
    ASSERT_EQ(seen.size(), indexes_.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
      EXPECT_EQ(seen[i].index, indexes_[i]);
      EXPECT_EQ(seen[i].data, "parked " + std::to_string(i));
    }
  }

  AppendOutcome outcome_ = AppendOutcome::kNoMemory;
  std::vector<std::uint64_t> indexes_;
};

TEST_P(ParkedGroup, StopsNobodyAndIsStoredOnceInOrder) {
  for (int round = 0; round < 3; ++round) {
    PutMany();
    std::vector<std::string> seen = ReadLog(*log_).Data();
    std::erase_if(seen, [](const std::string& data) { return data.starts_with("parked"); });
    EXPECT_EQ(seen, written_);
  }
  Release();
  EXPECT_EQ(outcome_, AppendOutcome::kAppended);
  EXPECT_EQ(indexes_.size(), 3U);
  ExpectStoredOnceInOrder();
}

TEST_P(ParkedGroup, IsStoredOnceInOrderWhenNobodyLookedMeanwhile) {
  PutMany();
  Release();
  EXPECT_EQ(outcome_, AppendOutcome::kAppended);
  EXPECT_EQ(indexes_.size(), 3U);
  ExpectStoredOnceInOrder();
}

TEST_P(ParkedGroup, StopsNoSeal) {
  log_->Seal();
  EXPECT_EQ(ReadLog(*log_).end, ScanEnd::kEndOfShard);
  const std::uint64_t end = log_->EndIndex();
  Release();
  EXPECT_EQ(outcome_, AppendOutcome::kSealed);
  ExpectStoredOnceInOrder();
  EXPECT_EQ(log_->EndIndex(), end);
}

// A reader loses patience once, not at each of the places.
TEST(ParkedLongGroup, DelaysAReaderNoMoreThanASingleRecord) {
  ParkingAtomics::parked = false;
  ParkingAtomics::released = false;
  const auto source = std::make_shared<SmallSegmentSource<ParkingAtomics>>(1000, 64'000);
  ParkingLog log(source);
  std::thread writer([&log] {
    ParkingAtomics::park_at = LogStep::kAfterClaim;
    const AppendOutcome outcome = log.AppendGroup(
        500, [](std::size_t) { return NewRecord{.partition_key = "k", .data = "parked"}; }, 0,
        [](std::size_t, std::uint64_t) {});
    EXPECT_EQ(outcome, AppendOutcome::kAppended);
  });
  while (!ParkingAtomics::parked.load(std::memory_order_acquire)) std::this_thread::yield();
  log.Append("k", "behind", 0);
  ParkingAtomics::pauses = 0;
  EXPECT_EQ(ReadLog(log).Data(), std::vector<std::string>{"behind"});
  EXPECT_LE(ParkingAtomics::pauses, ParkingAtomics::kPatience);
  ParkingAtomics::released.store(true, std::memory_order_release);
  writer.join();
  EXPECT_EQ(ReadLog(log).records.size(), 501U);
}

INSTANTIATE_TEST_SUITE_P(ShardLogProgress, ParkedGroup,
                         testing::Values(LogStep::kAfterClaim, LogStep::kAfterWrite,
                                         LogStep::kAfterPublish, LogStep::kBeforeAdvance),
                         StepName);

using ParkedSealer = ShardLogProgress;

TEST_F(ParkedSealer, StopsNobodyAfterTheSealBit) {
  Park(LogStep::kAfterSealBit, [this] { log_->Seal(); });
  EXPECT_EQ(ReadLog(*log_).end, ScanEnd::kEndOfShard);
  EXPECT_EQ(log_->Append("k", "late", 0).outcome, AppendOutcome::kSealed);
  EXPECT_TRUE(log_->sealed());  // the refused writer has completed the seal
  log_->Seal();
  log_->Trim(kParkedMillis);
  EXPECT_EQ(ReadLog(*log_, 0, INT64_MIN, true).end, ScanEnd::kEndOfShard);
  const std::uint64_t end = log_->EndIndex();
  Release();
  ExpectReadersSeeEverythingWritten();
  EXPECT_EQ(log_->EndIndex(), end);
}

// Both the sealer and a writer with a claim before the seal are parked; nobody but a reader is left
// to settle its place.
TEST_F(ParkedSealer, StopsNoReaderThoughAClaimIsUnsettled) {
  ParkAWriter(LogStep::kAfterClaim);
  std::thread writer = std::move(thread_);
  ParkingAtomics::parked = false;
  Park(LogStep::kAfterSealBit, [this] { log_->Seal(); });
  const LogContents contents = ReadLog(*log_);
  EXPECT_EQ(contents.Data(), written_);
  EXPECT_EQ(contents.end, ScanEnd::kEndOfShard);
  Release();
  writer.join();
  EXPECT_EQ(parked_result_.outcome, AppendOutcome::kSealed);
  EXPECT_THAT(ReadLog(*log_).Data(), Not(Contains("parked")));
}

using ParkedReader = ShardLogProgress;

// A reader is a thread inside Scan that never comes back from its visitor.
TEST_F(ParkedReader, StopsNobody) {
  thread_ = std::thread([this] {
    std::uint64_t index = 0;
    log_->Scan(index, nullptr, INT64_MIN, false,
               [](BasicSegment<ParkingAtomics>&, std::uint64_t, const FrameView& frame) {
                 ParkingAtomics::park_at = LogStep::kAfterClaim;
                 ParkingAtomics::Step(LogStep::kAfterClaim);
                 EXPECT_EQ(frame.data, "0");  // its memory has not been used again
                 return false;
               });
  });
  while (!ParkingAtomics::parked.load(std::memory_order_acquire)) std::this_thread::yield();
  PutMany();
  ExpectReadersSeeEverythingWritten();
  log_->Trim(kParkedMillis);
  PutMany();
  log_->Seal();
  EXPECT_EQ(ReadLog(*log_).end, ScanEnd::kEndOfShard);
  Release();
}

}  // namespace
}  // namespace riacho::internal
