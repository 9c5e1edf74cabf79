// The throughput of a shard: what puts and reads pay, and when they may again.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

using Type = ShardIteratorType;

TEST(WriteThroughput, IsAThousandRecordsASecond) {
  RecordWorld world;
  world.Create("orders");
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(world.TryPut("orders", "k"), Succeeds()) << i;
  EXPECT_THAT(world.TryPut("orders", "k"), FailsWith(ErrorCode::kProvisionedThroughputExceeded,
                                                     WriteThrottledText(0, "orders")));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.TryPut("orders", "k"), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Seconds(1));
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(world.TryPut("orders", "k"), Succeeds()) << i;
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(WriteThroughput, IsAMebibyteASecondWithThePartitionKeys) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "本", std::string(kMiB / 2 - 3, 'x')), Succeeds());
  EXPECT_THAT(
      world.TryPut("orders", "本", std::string(kMiB / 2 - 2, 'x')),
      FailsWith(ErrorCode::kProvisionedThroughputExceeded, WriteThrottledText(0, "orders")));
  EXPECT_THAT(world.TryPut("orders", "本", std::string(kMiB / 2 - 3, 'x')), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k", ""), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Seconds(1));
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
}

TEST(WriteThroughput, IsNotPaidByRefusedPuts) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "k", std::string(kMiB / 2, 'x')), Succeeds());
  for (int i = 0; i < 2000; ++i) {
    ASSERT_THAT(world.TryPut("orders", "k", std::string(kMiB / 2, 'x')),
                FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  }
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB / 2 - 2, 'x')), Succeeds());
}

TEST(WriteThroughput, IsEachShardsOwn) {
  RecordWorld world;
  world.Create("orders", 2);
  const std::string large(kMiB - 3, 'x');
  world.PutAt("orders", "0", large);
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "xxxx",
                                        .partition_key = "k",
                                        .explicit_hash_key = "0"}),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_EQ(world.PutAt("orders", kLargestHashKey, large).shard_id, ShardId{1});
}

TEST(WriteThroughput, OfAnIdleHourIsStillOneSecondsWorth) {
  RecordWorld world;
  world.Create("orders");
  world.Advance(absl::Hours(1));
  ASSERT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(WriteThroughput, OfChildrenIsTheirOwn) {
  RecordWorld world;
  world.Create("orders");
  const std::string large(kMiB - 3, 'x');
  ASSERT_THAT(world.TryPut("orders", "k", large), Succeeds());
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_EQ(world.PutAt("orders", "0", large).shard_id, ShardId{1});
  EXPECT_EQ(world.PutAt("orders", kLargestHashKey, large).shard_id, ShardId{2});
}

TEST(WriteThroughput, OfLargeRecordsIsATankThatFillsByAMebibyteASecond) {
  RecordWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  const std::string nine(9 * kMiB - 1, 'x');
  ASSERT_THAT(world.TryPut("films", "k", nine), Succeeds());
  EXPECT_THAT(world.TryPut("films", "k", nine), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Seconds(7));
  EXPECT_THAT(world.TryPut("films", "k", nine), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Seconds(1));
  EXPECT_THAT(world.TryPut("films", "k", nine), Succeeds());
}

TEST(WriteThroughput, OfLargeRecordsTakesSmallOnesAsTheTankFills) {
  RecordWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  ASSERT_THAT(world.TryPut("films", "k", std::string(10 * kMiB - 1, 'x')), Succeeds());
  const std::string small(64 * 1024 - 1, 'x');
  EXPECT_THAT(world.TryPut("films", "k", small),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  for (int second = 0; second < 5; ++second) {
    world.Advance(absl::Seconds(1));
    for (int i = 0; i < 16; ++i) ASSERT_THAT(world.TryPut("films", "k", small), Succeeds());
    ASSERT_THAT(world.TryPut("films", "k", small),
                FailsAs(ErrorCode::kProvisionedThroughputExceeded))
        << "the average stays at a mebibyte a second";
  }
}

// As it was seen: 9 MiB every 8 seconds or so.
TEST(WriteThroughput, OfLargeRecordsTakesOneOfNineMebibytesEveryNineSecondsAndSoonerAtFirst) {
  RecordWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  const std::string nine(9 * kMiB - 1, 'x');
  EXPECT_THAT(world.TryPut("films", "k", nine), Succeeds());
  world.Advance(absl::Seconds(8));
  EXPECT_THAT(world.TryPut("films", "k", nine), Succeeds());
  for (int i = 0; i < 5; ++i) {
    world.Advance(absl::Seconds(9));
    EXPECT_THAT(world.TryPut("films", "k", nine), Succeeds());
  }
}

TEST(WriteThroughput, OfABatchOfTenMebibytesNeedsAFullTank) {
  RecordWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  world.Create("orders");
  const std::string one(kMiB - 1, 'x');
  const std::vector<PutRecordsRequestEntry> ten(10, {.data = one, .partition_key = "k"});
  const auto failed = [&](const std::string& stream) {
    return world.kinesis->PutRecords({.records = ten, .stream_name = stream})
        .value()
        .failed_record_count;
  };
  EXPECT_EQ(failed("films"), 0);
  world.Advance(absl::Seconds(9));
  EXPECT_EQ(failed("films"), 1);
  EXPECT_EQ(failed("orders"), 9) << "an ordinary stream's tank holds one";
}

TEST(ReadThroughput, IsFiveCallsASecondOverAllCallers) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "x");
  const std::string iterator = world.Iterator("orders", 0);
  const std::unique_ptr<Client> other = world.NewClient();
  for (int i = 0; i < 4; ++i) ASSERT_THAT(world.TryRead(iterator), Succeeds());
  ASSERT_THAT(other->GetRecords({.shard_iterator = iterator}), Succeeds());
  EXPECT_THAT(other->GetRecords({.shard_iterator = iterator}),
              FailsWith(ErrorCode::kProvisionedThroughputExceeded, ReadThrottledText(0, "orders")));
  world.Advance(absl::Milliseconds(200));
  EXPECT_THAT(world.Read(iterator).records, SizeIs(1)) << "the iterator is still good";
  EXPECT_THAT(world.TryRead(iterator), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(ReadThroughput, IsEachShardsOwn) {
  RecordWorld world;
  world.Create("orders", 2);
  const std::string first = world.Iterator("orders", 0);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(world.TryRead(first), Succeeds());
  EXPECT_THAT(world.TryRead(first), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_THAT(world.TryRead(world.Iterator("orders", 1)), Succeeds());
}

// A page of 4 MiB: 2 MiB of credit, and a debt of 2 MiB that a second pays.
TEST(ReadThroughput, APageMayOverdrawAndLaterCallsWait) {
  RecordWorld world;
  world.Create("orders");
  for (int i = 0; i < 4; ++i) {
    world.Put("orders", "k", std::string(kMiB - 1, 'x'));
    world.Advance(absl::Seconds(1));
  }
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(world.Read(iterator).records, SizeIs(4));
  world.Advance(absl::Milliseconds(999));
  EXPECT_THAT(world.TryRead(iterator),
              FailsWith(ErrorCode::kProvisionedThroughputExceeded, ReadThrottledText(0, "orders")));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.TryRead(iterator), Succeeds());
}

TEST(ReadThroughput, AFullPageStopsReadsForFiveSeconds) {
  RecordWorld world;
  world.Create("orders");
  for (int i = 0; i < 10; ++i) {
    world.Put("orders", "k", std::string(kMiB - 1, 'x'));
    world.Advance(absl::Seconds(1));
  }
  const std::string iterator = world.Iterator("orders", 0);
  const GetRecordsResponse page = world.Read(iterator);
  EXPECT_THAT(page.records, SizeIs(10));
  world.Advance(absl::Milliseconds(4'999));
  EXPECT_THAT(world.TryRead(*page.next_shard_iterator),
              FailsWith(ErrorCode::kProvisionedThroughputExceeded, ReadThrottledText(0, "orders")));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.Read(*page.next_shard_iterator).records, IsEmpty());
}

TEST(ReadThroughput, IsNotPaidByRefusedCalls) {
  RecordWorld world;
  world.Create("orders");
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 100; ++i) {
    world.TryRead(iterator, 0).status().IgnoreError();  // a validation error
    world.TryRead("garbage").status().IgnoreError();
  }
  for (int i = 0; i < 5; ++i) EXPECT_THAT(world.TryRead(iterator), Succeeds());
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(world.TryRead(iterator), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  }
  world.Advance(absl::Seconds(1));
  for (int i = 0; i < 5; ++i) EXPECT_THAT(world.TryRead(iterator), Succeeds());
}

TEST(ReadThroughput, OfShardIteratorsIsFiveCallsASecond) {
  RecordWorld world;
  world.Create("orders");
  for (int i = 0; i < 5; ++i)
    ASSERT_THAT(world.TryIterator("orders", "0", Type::kLatest), Succeeds());
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kLatest),
              FailsWith(ErrorCode::kProvisionedThroughputExceeded, ReadThrottledText(0, "orders")));
  world.Advance(absl::Milliseconds(200));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kLatest), Succeeds());
}

TEST(Throughput, ThrottlingIsRetryable) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
  EXPECT_TRUE(IsRetryable(world.TryPut("orders", "k").status()));
}

TEST(Throughput, UnlimitedIsNeverThrottled) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  for (int i = 0; i < 5000; ++i) ASSERT_THAT(world.TryPut("orders", "k"), Succeeds());
  for (int i = 0; i < 50; ++i) ASSERT_THAT(world.TryRead(world.Iterator("orders", 0)), Succeeds());
}

}  // namespace
}  // namespace riacho
