#include "stream/put_group.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "base/epoch.h"
#include "riacho/client/record_requests.h"
#include "shard/segment_pool.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNow = std::int64_t{1'767'225'600} * 1'000'000'000;  // 2026-01-01
constexpr std::int64_t kFiveSeconds = std::int64_t{5} * 1'000'000'000;

// Of the lower and the upper half of the hash keys; the upper one lies in two quarters.
const char* const kLower = "1";
const char* const kThirdQuarter = "170141183460469231731687303715884105729";
const char* const kLastQuarter = "255211775190703847597530955573826158592";

PutRecordsRequestEntry EntryFor(const char* hash_key) {
  return {.data = "data", .explicit_hash_key = hash_key, .partition_key = "key"};
}

TEST(PutGroup, EntriesOfAShardThatClosesMeanwhileGoToItsChildrenThoseItRefusedToo) {
  Limits limits;
  limits.shard_write_records_per_second = 3;
  Lifecycle lifecycle;
  lifecycle.hand_over = absl::Seconds(1);
  Stream stream({.name = "orders",
                 .arn = "arn",
                 .account_id = "123456789012",
                 .region = "us-east-1",
                 .limits = limits,
                 .lifecycle = lifecycle,
                 .memory = std::make_shared<SegmentPool>(),
                 .shard_count = 2},
                kNow);
  ASSERT_TRUE(stream.Split({1}, kLastQuarter, 0, kNow).ok());

  // Three of shard 1 are admitted, two are refused; then it turns out that the shard has been
  // closed since the entry of shard 0 was stored.
  const std::vector<PutRecordsRequestEntry> entries = {
      EntryFor(kLower),       EntryFor(kThirdQuarter), EntryFor(kThirdQuarter),
      EntryFor(kLastQuarter), EntryFor(kLastQuarter),  EntryFor(kThirdQuarter),
  };
  std::vector<PutResult> results(entries.size());
  {
    const EpochGuard guard;
    const auto done = [&](std::size_t entry, const PutResult& put) {
      results[entry] = put;
      if (entry == 0) stream.Settle(kNow + kFiveSeconds);
    };
    stream.PutGroup<PutRecordsRequestEntry>(entries, kNow, done);
  }
  std::vector<std::uint32_t> shards;
  for (const PutResult& put : results) {
    EXPECT_EQ(put.outcome, PutOutcome::kStored);
    shards.push_back(put.shard_id.number);
  }
  EXPECT_EQ(shards, (std::vector<std::uint32_t>{0, 2, 2, 3, 3, 2}));
  EXPECT_LT(results[1].sequence_number, results[2].sequence_number);
  EXPECT_LT(results[2].sequence_number, results[5].sequence_number);
}

}  // namespace
}  // namespace riacho::internal
