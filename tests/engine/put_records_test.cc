// PutRecords: all entries are judged before any is written, and then each has a fate of its own.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::StartsWith;

using Entries = std::vector<PutRecordsRequestEntry>;

absl::StatusOr<PutRecordsResponse> PutAll(RecordWorld& world, const Entries& entries) {
  return world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
}

Entries Many(std::size_t count) {
  return Entries(count, PutRecordsRequestEntry{.data = "x", .partition_key = "k"});
}

TEST(PutRecords, KeepsTheOrderOfTheRequest) {
  RecordWorld world;
  world.Create("orders", 2);
  const auto put =
      PutAll(world, {{.data = "a", .explicit_hash_key = "0", .partition_key = "k"},
                     {.data = "b", .explicit_hash_key = kLargestHashKey, .partition_key = "k"},
                     {.data = "c", .explicit_hash_key = "0", .partition_key = "k"}});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 0);
  EXPECT_EQ(put->encryption_type, EncryptionType::kNone);
  EXPECT_THAT(put->records, ElementsAre(Field(&PutRecordsResultEntry::shard_id, ShardId{0}),
                                        Field(&PutRecordsResultEntry::shard_id, ShardId{1}),
                                        Field(&PutRecordsResultEntry::shard_id, ShardId{0})));
  for (const PutRecordsResultEntry& entry : put->records) {
    EXPECT_EQ(entry.error_code, std::nullopt);
    EXPECT_EQ(entry.error_message, "");
  }
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("a", "c"));
  EXPECT_THAT(world.ReadAll("orders", "1"), ElementsAre("b"));
}

TEST(PutRecords, EntriesOfOneShardHaveConsecutiveIndexes) {
  RecordWorld world;
  world.Create("orders");
  const auto put = PutAll(world, Many(50));
  ASSERT_THAT(put, Succeeds());
  for (std::size_t i = 1; i < put->records.size(); ++i) {
    EXPECT_EQ(put->records[i].sequence_number.Decode()->index,
              put->records[i - 1].sequence_number.Decode()->index + 1);
  }
}

TEST(PutRecords, AnswersTheNumbersThatReadersSee) {
  RecordWorld world;
  world.Create("orders");
  const auto put = PutAll(world, Many(3));
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  ASSERT_EQ(page.records.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(page.records[i].sequence_number, put->records[i].sequence_number);
}

TEST(PutRecords, TakesFrom1To500Entries) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(PutAll(world, Many(1)), Succeeds());
  EXPECT_THAT(PutAll(world, Many(500)), Succeeds());
  EXPECT_THAT(PutAll(world, {}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '[]' at 'records' failed to satisfy constraint: "
                                     "Member must have length greater than or equal to 1")));
  EXPECT_THAT(PutAll(world, Many(501)), FailsAs(ErrorCode::kValidation));
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 501u);
}

// Each of these in the middle of good entries refuses the whole request.
TEST(PutRecords, OneMalformedEntryRefusesTheRequestAndNothingIsStored) {
  RecordWorld world;
  world.Create("orders");
  const std::string too_large(kMiB + 1, 'x');
  const std::string long_key(257, 'k');
  struct Case {
    PutRecordsRequestEntry entry;
    ErrorCode code;
    std::string message;
  };
  const std::string at_2 = "1 validation error detected: Value ";
  const std::vector<Case> cases = {
      {{.partition_key = "k"},
       ErrorCode::kValidation,
       at_2 + "null at 'records.2.member.data' failed to satisfy constraint: Member must not be "
              "null"},
      {{.data = "x"},
       ErrorCode::kValidation,
       at_2 + "null at 'records.2.member.partitionKey' failed to satisfy constraint: Member must "
              "not be null"},
      {{.data = "x", .partition_key = ""},
       ErrorCode::kValidation,
       at_2 + "'' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must "
              "have length greater than or equal to 1"},
      {{.data = "x", .partition_key = long_key},
       ErrorCode::kValidation,
       at_2 + "'" + long_key +
           "' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have "
           "length less than or equal to 256"},
      {{.data = "x", .explicit_hash_key = "-1", .partition_key = "k"},
       ErrorCode::kValidation,
       at_2 + "'-1' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member "
              "must satisfy regular expression pattern: ^(0|([1-9]\\d{0,38}))$"},
      {{.data = "x",
        .explicit_hash_key = "340282366920938463463374607431768211456",
        .partition_key = "k"},
       ErrorCode::kInvalidArgument,
       "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
       "value was 340282366920938463463374607431768211456"},
      {{.data = too_large, .partition_key = "k"},
       ErrorCode::kValidation,
       at_2 + BlobOf(kMiB + 1) +
           " at 'records.2.member.data' failed to satisfy constraint: Member must have length "
           "less than or equal to 1048576"},
  };
  for (const Case& bad : cases) {
    EXPECT_THAT(PutAll(world, {{.data = "good", .partition_key = "k"},
                               bad.entry,
                               {.data = "good", .partition_key = "k"}}),
                FailsWith(bad.code, bad.message));
  }
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

// Only the stream tells whether keys are missing.
TEST(PutRecords, MissesPartitionKeysOnceTheStreamIsFound) {
  RecordWorld world;
  const Entries entries = {
      {.data = "x", .explicit_hash_key = "340282366920938463463374607431768211456"},
      {.data = "x", .partition_key = "k"},
      {.data = "x"}};
  EXPECT_THAT(PutAll(world, entries),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  world.Create("orders");
  EXPECT_THAT(PutAll(world, entries),
              FailsWith(ErrorCode::kValidation,
                        "2 validation errors detected: Value null at "
                        "'records.1.member.partitionKey' failed to satisfy constraint: Member must "
                        "not be null; Value null at 'records.3.member.partitionKey' failed to "
                        "satisfy constraint: Member must not be null"));
}

TEST(PutRecords, SpellsOutAtMostTenViolations) {
  RecordWorld world;
  world.Create("orders");
  const Entries entries(12, PutRecordsRequestEntry{.data = "x"});
  const auto put = PutAll(world, entries);
  EXPECT_THAT(std::string(ErrorMessage(put.status())),
              StartsWith("12 validation errors detected: "
                         "Value null at 'records.1.member.partitionKey' failed"));
  EXPECT_EQ(std::string(ErrorMessage(put.status())).find("records.11."), std::string::npos);
}

TEST(PutRecords, TakesTenMebibytesTogetherAndNotAByteMore) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  const std::string data(kMiB - 1, 'x');  // with its key a mebibyte
  Entries entries(10, PutRecordsRequestEntry{.data = data, .partition_key = "k"});
  const auto put = PutAll(world, entries);
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 0);
  entries.push_back({.data = "", .partition_key = "k"});
  EXPECT_THAT(PutAll(world, entries),
              FailsWith(ErrorCode::kInvalidArgument, "Records size exceeds 10 MB limit"));
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 10u);
}

TEST(PutRecords, EntriesAboveTheThroughputFailForThemselves) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(PutAll(world, Many(500)), Succeeds());
  ASSERT_THAT(PutAll(world, Many(499)), Succeeds());
  const auto put = PutAll(world, Many(3));
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 2);
  EXPECT_EQ(put->records[0].error_code, std::nullopt);
  PutRecordsResultEntry refused;
  refused.error_code = ErrorCode::kProvisionedThroughputExceeded;
  refused.error_message = WriteThrottledText(0, "orders");
  EXPECT_EQ(put->records[1], refused) << "a refused entry has neither shard nor number";
  EXPECT_EQ(put->records[2], refused);
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 1000u);
}

TEST(PutRecords, ARefusedEntryDoesNotStopALaterOne) {
  RecordWorld world;
  world.Create("orders");
  const std::string large(kMiB - 100, 'x');
  const auto put = PutAll(world, {{.data = large, .partition_key = "k"},
                                  {.data = large, .partition_key = "k"},
                                  {.data = "small", .partition_key = "k"}});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 1);
  EXPECT_EQ(put->records[1].error_code, ErrorCode::kProvisionedThroughputExceeded);
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre(large, "small"));
}

TEST(PutRecords, AThrottledShardDoesNotTouchTheOthers) {
  RecordWorld world;
  world.Create("orders", 2);
  Entries fill = Many(500);
  for (PutRecordsRequestEntry& entry : fill) entry.explicit_hash_key = "0";
  ASSERT_THAT(PutAll(world, fill), Succeeds());
  ASSERT_THAT(PutAll(world, fill), Succeeds());
  const auto put =
      PutAll(world, {{.data = "a", .explicit_hash_key = "0", .partition_key = "k"},
                     {.data = "b", .explicit_hash_key = kLargestHashKey, .partition_key = "k"}});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 1);
  EXPECT_EQ(put->records[0].error_message, WriteThrottledText(0, "orders"));
  EXPECT_EQ(put->records[1].shard_id, ShardId{1});
  EXPECT_THAT(world.ReadAll("orders", "1"), ElementsAre("b"));
}

TEST(PutRecords, AnswersOkEvenIfEveryEntryIsRefused) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
  const auto put = PutAll(world, Many(2));
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 2);
}

TEST(PutRecords, RefusesStreamsAsPutRecordDoes) {
  RecordWorld world(ServiceTimes());
  EXPECT_THAT(PutAll(world, Many(1)),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  const Entries one = Many(1);
  EXPECT_THAT(world.kinesis->PutRecords({.records = one}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(PutAll(world, Many(1)),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

}  // namespace
}  // namespace riacho
