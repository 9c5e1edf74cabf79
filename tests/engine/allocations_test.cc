// The way of a record takes no memory from the heap, once an engine has been at work for a while.
//
// This program replaces operator new, and counts.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "riacho/riacho.h"

namespace {

thread_local std::size_t t_allocations = 0;

void* Allocate(std::size_t bytes, std::size_t alignment) {
  ++t_allocations;
  void* const memory =
      std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) std::abort();
  return memory;
}

constexpr std::size_t kUsual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

}  // namespace

void* operator new(std::size_t bytes) { return Allocate(bytes, kUsual); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return Allocate(bytes, kUsual);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace riacho {
namespace {

// The throughput limits of a stream stay on, and are not reached.
Limits Wide() {
  Limits limits;
  limits.shard_write_records_per_second = 1'000'000'000;
  limits.shard_write_bytes_per_second = 1'000'000'000'000;
  limits.shard_read_bytes_per_second = 1'000'000'000'000;
  limits.shard_get_records_calls_per_second = 1'000'000'000;
  limits.shard_get_shard_iterator_calls_per_second = 1'000'000'000;
  return limits;
}

class Allocations : public testing::Test {
 protected:
  Allocations() {
    EXPECT_TRUE(kinesis_->CreateStream({.stream_name = "orders", .shard_count = 4}).ok());
    clock_.AdvanceTime(absl::Minutes(1));
  }

  // The most that a call of `work` allocates, after a while: of 200 calls, but for the four that
  // allocate most. A shard goes on in a new segment once in thousands of records.
  template <typename Work>
  std::size_t MostOf(Work&& work) {
    constexpr int kWarmUp = 3000;
    constexpr std::size_t kShards = 4;
    for (int i = 0; i < kWarmUp; ++i) work();
    std::vector<std::size_t> counts;
    for (int i = 0; i < 200; ++i) {
      const std::size_t before = t_allocations;
      work();
      const std::size_t after = t_allocations;
      counts.push_back(after - before);
    }
    std::ranges::sort(counts);
    return counts[counts.size() - 1 - kShards];
  }

  ManualClock clock_;
  Engine engine_{clock_, {.limits = Wide()}};
  std::unique_ptr<Client> kinesis_ = engine_.NewClient();
};

TEST_F(Allocations, CounterCounts) {
  EXPECT_EQ(MostOf([] { const auto number = std::make_unique<int>(1); }), 1U);
}

TEST_F(Allocations, PutRecordTakesNone) {
  int i = 0;
  char key[] = "key-0000";
  EXPECT_EQ(MostOf([&] {
              key[7] = static_cast<char>('0' + i++ % 10);
              ASSERT_TRUE(kinesis_
                              ->PutRecord({.stream_name = "orders",
                                           .data = "a record of forty bytes, more or less, ",
                                           .partition_key = key})
                              .ok());
            }),
            0U);
}

TEST_F(Allocations, PutRecordByArnTakesNone) {
  const auto described = kinesis_->DescribeStreamSummary({.stream_name = "orders"});
  ASSERT_TRUE(described.ok());
  const std::string arn = described->stream_description_summary.stream_arn;
  EXPECT_EQ(
      MostOf([&] {
        ASSERT_TRUE(
            kinesis_->PutRecord({.data = "data", .partition_key = "key", .stream_arn = arn}).ok());
      }),
      0U);
}

TEST_F(Allocations, PutRecordsTakesNone) {
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h"};
  std::vector<PutRecordsRequestEntry> entries;
  for (const std::string& key : keys) entries.push_back({.data = "data", .partition_key = key});
  EXPECT_EQ(MostOf([&] {
              const auto put = kinesis_->PutRecords({.records = entries, .stream_name = "orders"});
              ASSERT_TRUE(put.ok());
              ASSERT_EQ(put->failed_record_count, 0);
            }),
            0U);
}

// Records leave the stream as others come: segments are taken and given back, minutes pass.
TEST_F(Allocations, RecordsThatComeAndGoTakeNone) {
  const std::string data(10'000, 'd');
  const auto put_many = [&] {
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(
          kinesis_
              ->PutRecord(
                  {.stream_name = "orders", .data = data, .partition_key = std::to_string(i % 100)})
              .ok());
    }
  };
  const auto forget = [&] {
    clock_.AdvanceTime(absl::Hours(6));
    engine_.Settle();
  };
  for (int round = 0; round < 60; ++round, forget()) put_many();
  std::size_t allocations = 0;
  for (int round = 0; round < 20; ++round, forget()) {
    const std::size_t before = t_allocations;
    put_many();
    allocations += t_allocations - before;
  }
  EXPECT_EQ(allocations, 0U);
}

// The text of the next iterator.
TEST_F(Allocations, GetRecordsTakesOne) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(kinesis_
                    ->PutRecord({.stream_name = "orders",
                                 .data = "d",
                                 .partition_key = "k",
                                 .explicit_hash_key = "0"})
                    .ok());
  }
  const auto iterator =
      kinesis_->GetShardIterator({.stream_name = "orders",
                                  .shard_id = "shardId-000000000000",
                                  .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  ASSERT_TRUE(iterator.ok());
  EXPECT_LE(MostOf([&] {
              const auto page = kinesis_->GetRecords({.shard_iterator = iterator->shard_iterator});
              ASSERT_TRUE(page.ok());
              ASSERT_EQ(page->records.size(), 100U);
            }),
            1U);
}

}  // namespace
}  // namespace riacho
