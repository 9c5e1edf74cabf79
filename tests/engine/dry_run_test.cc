// DryRun: every check of the real call, its errors, and no effect: point 35 of Appendix B.
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

class DryRun : public testing::Test {
 protected:
  DryRun() {
    world.Create("orders");
    arn = world.Register("orders", "billing");
  }

  absl::StatusOr<PutRecordResponse> Put(const std::string& stream, std::string_view key) {
    return world.kinesis->PutRecord(
        {.stream_name = stream, .data = "x", .partition_key = key, .dry_run = true});
  }
  absl::StatusOr<PutRecordsResponse> PutAll(const std::vector<PutRecordsRequestEntry>& entries) {
    return world.kinesis->PutRecords(
        {.records = entries, .stream_name = "orders", .dry_run = true});
  }
  absl::StatusOr<GetShardIteratorResponse> Iterator(const std::string& shard) {
    return world.kinesis->GetShardIterator({.stream_name = "orders",
                                            .shard_id = shard,
                                            .shard_iterator_type = Type::kLatest,
                                            .dry_run = true});
  }
  absl::StatusOr<GetRecordsResponse> Read(const std::string& iterator) {
    return world.kinesis->GetRecords({.shard_iterator = iterator, .dry_run = true});
  }
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const std::string& shard) {
    return world.kinesis->SubscribeToShard(
        {.consumer_arn = arn,
         .shard_id = shard,
         .starting_position = StartingPosition{.type = Type::kLatest},
         .dry_run = true});
  }

  RecordWorld world;
  std::string arn;
};

TEST_F(DryRun, Point35_FailsWithItsOwnExceptionWhenAllIsWell) {
  EXPECT_THAT(Put("orders", "k"), FailsWith(ErrorCode::kDryRunOperation, DryRunText("PutRecord")));
  EXPECT_THAT(PutAll({{.data = "x", .partition_key = "k"}}),
              FailsWith(ErrorCode::kDryRunOperation, DryRunText("PutRecords")));
  EXPECT_THAT(Iterator("0"),
              FailsWith(ErrorCode::kDryRunOperation, DryRunText("GetShardIterator")));
  EXPECT_THAT(Read(world.Iterator("orders", 0)),
              FailsWith(ErrorCode::kDryRunOperation, DryRunText("GetRecords")));
  EXPECT_THAT(Subscribe("0"),
              FailsWith(ErrorCode::kDryRunOperation, DryRunText("SubscribeToShard")));
}

TEST_F(DryRun, FalseIsTheRealCall) {
  EXPECT_THAT(world.kinesis->PutRecord(
                  {.stream_name = "orders", .data = "x", .partition_key = "k", .dry_run = false}),
              Succeeds());
}

TEST_F(DryRun, Point35_StoresNothing) {
  Put("orders", "k").status().IgnoreError();
  PutAll({{.data = "x", .partition_key = "k"}}).status().IgnoreError();
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

TEST_F(DryRun, Point35_UsesNoThroughput) {
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 2000; ++i)
    ASSERT_THAT(Put("orders", "k"), FailsAs(ErrorCode::kDryRunOperation));
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(Iterator("0"), FailsAs(ErrorCode::kDryRunOperation));
    EXPECT_THAT(Read(iterator), FailsAs(ErrorCode::kDryRunOperation));
  }
  for (int i = 0; i < 5; ++i) EXPECT_THAT(world.TryRead(iterator), Succeeds());
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(world.TryPut("orders", "k"), Succeeds());
}

TEST_F(DryRun, Point35_TakesNoLease) {
  EXPECT_THAT(Subscribe("0"), FailsAs(ErrorCode::kDryRunOperation));
  const auto first = world.TrySubscribe(arn, 0, {.type = Type::kLatest});
  ASSERT_THAT(first, Succeeds());
  EXPECT_THAT(Subscribe("0"), FailsAs(ErrorCode::kResourceInUse));
  world.Advance(absl::Seconds(5));
  EXPECT_THAT(Subscribe("0"), FailsAs(ErrorCode::kDryRunOperation));
  world.Put("orders", "k");
  EXPECT_THAT(Next(**first)->records, SizeIs(1)) << "the first one goes on";
}

TEST_F(DryRun, Point35_ReportsTheErrorsOfTheRealCall) {
  EXPECT_THAT(Put("orders", ""), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(Put("nowhere", "k"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nowhere")));
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .sequence_number_for_ordering = std::string(129, '9'),
                                        .dry_run = true}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(PutAll({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(PutAll({{.data = "x",
                       .explicit_hash_key = "340282366920938463463374607431768211456",
                       .partition_key = "k"}}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(Iterator("7"),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(7, "orders")));
  EXPECT_THAT(Read("garbage"), FailsWith(ErrorCode::kInvalidArgument, "Invalid ShardIterator."));
  EXPECT_THAT(Subscribe("7"),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(7, "orders")));
  const std::string iterator = world.Iterator("orders", 0);
  world.Advance(absl::Seconds(301));
  EXPECT_THAT(Read(iterator), FailsAs(ErrorCode::kExpiredIterator));
}

TEST_F(DryRun, OfAStreamInCreatingIsRefusedAsThePutWouldBe) {
  RecordWorld slow(ServiceTimes());
  ASSERT_THAT(slow.kinesis->CreateStream({.stream_name = "new", .shard_count = 1}), Succeeds());
  EXPECT_THAT(slow.kinesis->PutRecord(
                  {.stream_name = "new", .data = "x", .partition_key = "k", .dry_run = true}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("new")));
}

}  // namespace
}  // namespace riacho
