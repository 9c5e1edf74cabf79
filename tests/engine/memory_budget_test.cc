// EngineOptions::memory_budget: a put beyond it is refused, nothing is lost, and what expires makes
// room again.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kBudget = 512 * 1024;

class MemoryBudget : public testing::Test {
 protected:
  static EngineOptions Options() {
    EngineOptions options = WithoutThroughputLimits();
    options.memory_budget = kBudget;
    return options;
  }
  MemoryBudget() : world(Options()) { world.Create("orders"); }

  // Puts records until one is refused; answers how many were stored.
  int Fill(std::size_t bytes = 1000) {
    int stored = 0;
    while (stored < 10'000 && world.TryPut("orders", "k", std::string(bytes, 'x')).ok()) ++stored;
    return stored;
  }

  RecordWorld world;
};

TEST_F(MemoryBudget, APutBeyondItIsRefusedAndSaysWhatToDo) {
  const int stored = Fill();
  EXPECT_GT(stored, 100);
  EXPECT_LT(stored, 524);
  const auto refused = world.TryPut("orders", "k", std::string(1000, 'x'));
  EXPECT_THAT(refused, FailsAs(ErrorCode::kInternalFailure));
  EXPECT_THAT(std::string(ErrorMessage(refused.status())),
              HasSubstr("memory_budget of 524288 bytes is spent"));
  EXPECT_TRUE(IsRetryable(refused.status()));
}

TEST_F(MemoryBudget, IsNeverExceededAndNothingStoredIsLost) {
  const int stored = Fill();
  EXPECT_LE(world.engine.memory_used(), kBudget);
  EXPECT_EQ(world.ReadAll("orders", "0").size(), static_cast<std::size_t>(stored));
}

TEST_F(MemoryBudget, RefusesEntriesOfPutRecordsOneByOne) {
  const std::string too_large(kBudget, 'x');
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "small", .partition_key = "k"},
                                                       {.data = too_large, .partition_key = "k"},
                                                       {.data = "small too", .partition_key = "k"}};
  const auto put = world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 1);
  EXPECT_EQ(put->records[0].error_code, std::nullopt);
  EXPECT_EQ(put->records[1].error_code, ErrorCode::kInternalFailure);
  EXPECT_THAT(put->records[1].error_message, HasSubstr("memory_budget"));
  EXPECT_EQ(put->records[2].error_code, std::nullopt);
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("small", "small too"));
}

TEST_F(MemoryBudget, ARecordLargerThanItIsRefusedAndLeavesNothingBehind) {
  world.Put("orders", "k", "x");
  const std::int64_t before = world.engine.memory_used();
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(world.TryPut("orders", "k", std::string(kBudget, 'x')),
                FailsAs(ErrorCode::kInternalFailure));
  }
  EXPECT_EQ(world.engine.memory_used(), before);
}

TEST_F(MemoryBudget, PutsSucceedAgainWhenTheRetentionPeriodHasPassed) {
  for (int day = 0; day < 5; ++day) {
    EXPECT_GT(Fill(), 100) << "day " << day;
    world.Advance(absl::Hours(24) + absl::Milliseconds(1));
  }
}

TEST_F(MemoryBudget, UsedBytesReturnWhenTheRetentionPeriodHasPassed) {
  Fill();
  const std::int64_t full = world.engine.memory_used();
  world.Advance(absl::Hours(24) + absl::Milliseconds(1));
  world.engine.Settle();
  EXPECT_LT(world.engine.memory_used(), full / 2);
}

TEST_F(MemoryBudget, LargeRecordsComeAndGo) {
  for (int day = 0; day < 3; ++day) {
    EXPECT_GT(Fill(50'000), 5) << "day " << day;
    world.Advance(absl::Hours(24) + absl::Milliseconds(1));
  }
}

TEST_F(MemoryBudget, DeletingAStreamReturnsItsMemory) {
  world.Create("returns");
  Fill();
  EXPECT_THAT(world.TryPut("returns", "k", std::string(100'000, 'x')),
              FailsAs(ErrorCode::kInternalFailure));
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.engine.Settle();
  EXPECT_THAT(world.TryPut("returns", "k", std::string(100'000, 'x')), Succeeds());
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "returns"}), Succeeds());
  world.engine.Settle();
  EXPECT_EQ(world.engine.memory_used(), 0);
}

TEST_F(MemoryBudget, ARefusedPutUsesNoThroughput) {
  EngineOptions options = Options();
  options.limits = Limits::Service();
  RecordWorld limited(options);
  limited.Create("orders");
  const std::string large(kMiB - 10, 'x');
  for (int i = 0; i < 1500; ++i) {
    ASSERT_THAT(limited.TryPut("orders", "k", large), FailsAs(ErrorCode::kInternalFailure));
  }
  EXPECT_THAT(limited.TryPut("orders", "k", "x"), Succeeds());
}

TEST_F(MemoryBudget, AShardCanBeSplitWhenNoMemoryIsLeft) {
  const int stored = Fill();
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_EQ(world.ReadAll("orders", "0").size(), static_cast<std::size_t>(stored));
  EXPECT_THAT(world.Read(world.Iterator("orders", 1)).records, IsEmpty());
}

// What is refused while a batch holds expired records is accepted when the batch is gone.
TEST_F(MemoryBudget, ABatchHoldsItsShareOfTheBudget) {
  const int stored = Fill();
  {
    const RecordBatch held = world.Read(world.Iterator("orders", 0)).records;
    world.Advance(absl::Hours(24) + absl::Milliseconds(1));
    world.engine.Settle();
    EXPECT_LT(Fill(), stored);
  }
  world.Advance(absl::Hours(24) + absl::Milliseconds(1));
  EXPECT_GT(Fill(), 100);
}

}  // namespace
}  // namespace riacho
