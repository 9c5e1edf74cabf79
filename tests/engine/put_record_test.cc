// PutRecord: what it demands, where a record goes and which number it gets.
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::IsEmpty;

constexpr std::string_view kHashKeyPattern =
    R"(Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,38}))$)";
constexpr std::string_view kSequenceNumberPattern =
    R"(Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,128}))$)";

std::string Violated(std::string_view value, std::string_view path, std::string_view rule) {
  return OneViolation("Value " + std::string(value) + " at '" + std::string(path) +
                      "' failed to satisfy constraint: " + std::string(rule));
}

TEST(PutRecord, AnswersShardAndNumberAndNoEncryption) {
  RecordWorld world;
  world.Create("orders");
  const PutRecordResponse put = world.Put("orders", "order-17", "paid");
  EXPECT_EQ(put.shard_id, ShardId{0});
  EXPECT_EQ(put.encryption_type, EncryptionType::kNone);
  EXPECT_EQ(put.sequence_number.ToString().size(), 56u);
}

TEST(PutRecord, IsReadBackAsItWasPut) {
  RecordWorld world;
  world.Create("orders");
  const std::string bytes("\0\xff binary \n", 11);
  const PutRecordResponse put = world.Put("orders", "日本", bytes);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].data, bytes);
  EXPECT_EQ(page.records[0].partition_key, "日本");
  EXPECT_EQ(page.records[0].sequence_number, put.sequence_number);
  EXPECT_EQ(page.records[0].encryption_type, EncryptionType::kNone);
}

TEST(PutRecord, CopiesWhatItBorrows) {
  RecordWorld world;
  world.Create("orders");
  std::string data = "first";
  std::string key = "key-1";
  world.Put("orders", key, data);
  data.assign("XXXXX");
  key.assign("YYYYY");
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(page.records[0].data, "first");
  EXPECT_EQ(page.records[0].partition_key, "key-1");
}

TEST(PutRecord, FindsTheStreamByNameByArnAndByBothIfTheyAgree) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"}),
      Succeeds());
  EXPECT_THAT(world.kinesis->PutRecord(
                  {.data = "x", .partition_key = "k", .stream_arn = StreamArnOf("orders")}),
              Succeeds());
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .stream_arn = StreamArnOf("orders")}),
              Succeeds());
}

TEST(PutRecord, RefusesAStreamThatIsNotNamed) {
  RecordWorld world;
  EXPECT_THAT(world.kinesis->PutRecord({.data = "x", .partition_key = "k"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
}

TEST(PutRecord, RefusesNameAndArnOfTwoStreams) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders",
                                .data = "x",
                                .partition_key = "k",
                                .stream_arn = StreamArnOf("returns")}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Input stream name orders doesn't match the inferred name in stream arn returns"));
}

TEST(PutRecord, RefusesTheArnOfAnotherRegionOrAccount) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->PutRecord(
                  {.data = "x",
                   .partition_key = "k",
                   .stream_arn = "arn:aws:kinesis:us-west-2:123456789012:stream/orders"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "The region specified in the ARN "
                        "'arn:aws:kinesis:us-west-2:123456789012:stream/orders' does not match "
                        "the endpoint region"));
  EXPECT_THAT(
      world.kinesis->PutRecord(
          {.data = "x",
           .partition_key = "k",
           .stream_arn = "arn:aws:kinesis:us-east-1:999999999999:stream/orders"}),
      FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters"));
}

TEST(PutRecord, RefusesAnUnknownStream) {
  RecordWorld world;
  EXPECT_THAT(world.TryPut("orders", "k"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(PutRecord, TakesAStreamInCreatingForUnknown) {
  RecordWorld world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  world.Advance(world.engine.options().lifecycle.create_stream);
  EXPECT_THAT(world.TryPut("orders", "k"), Succeeds());
}

TEST(PutRecord, WorksWhileTheStreamIsUpdating) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  ASSERT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_THAT(world.TryPut("orders", "k"), Succeeds());
}

TEST(PutRecord, WorksUntilADeletedStreamIsGone) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"), Succeeds());
  world.Advance(world.engine.options().lifecycle.delete_stream);
  EXPECT_THAT(world.TryPut("orders", "k"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(PutRecord, NeedsData) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders", .partition_key = "k"}),
      FailsWith(ErrorCode::kValidation, Violated("null", "data", "Member must not be null")));
}

TEST(PutRecord, TakesEmptyDataForARecord) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "");
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].data, "");
}

TEST(PutRecord, NeedsAPartitionKey) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders", .data = "x"}),
              FailsWith(ErrorCode::kValidation,
                        Violated("null", "partitionKey", "Member must not be null")));
  EXPECT_THAT(world.TryPut("orders", ""),
              FailsWith(ErrorCode::kValidation,
                        Violated("''", "partitionKey",
                                 "Member must have length greater than or equal to 1")));
}

// Only the stream tells whether the key is missing.
TEST(PutRecord, MissesThePartitionKeyOnceTheStreamIsFound) {
  RecordWorld world;
  const auto put = [&world] {
    return world.kinesis->PutRecord({.stream_name = "orders",
                                     .data = "x",
                                     .explicit_hash_key = "340282366920938463463374607431768211456",
                                     .dry_run = true});
  };
  EXPECT_THAT(put(), FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  world.Create("orders");
  EXPECT_THAT(put(), FailsWith(ErrorCode::kValidation,
                               Violated("null", "partitionKey", "Member must not be null")));
}

TEST(PutRecord, CountsTheCharactersOfThePartitionKey) {
  RecordWorld world;
  world.Create("orders");
  std::string key;
  for (int i = 0; i < 256; ++i) key += "本";
  EXPECT_THAT(world.TryPut("orders", key), Succeeds());
  EXPECT_THAT(world.TryPut("orders", std::string(256, 'k')), Succeeds());
  const std::string too_long = key + "k";
  EXPECT_THAT(world.TryPut("orders", too_long),
              FailsWith(ErrorCode::kValidation,
                        Violated("'" + too_long + "'", "partitionKey",
                                 "Member must have length less than or equal to 256")));
}

// Bytes that are no UTF-8 count one each, so that no key is longer than it seems.
TEST(PutRecord, CountsTheBytesOfAMalformedPartitionKey) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.TryPut("orders", "k" + std::string(255, '\x80')), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k" + std::string(256, '\x80')),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.TryPut("orders", "k" + std::string(100'000, '\x80')),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.TryPut("orders", std::string(257, '\xf0')), FailsAs(ErrorCode::kValidation));
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 1u);
}

TEST(PutRecord, RefusesAHashKeyThatIsNoDecimalNumber) {
  RecordWorld world;
  world.Create("orders");
  for (const std::string key : {"-1", "01", "", "0x10", "1.5", " 1", "1\n"}) {
    EXPECT_THAT(
        world.kinesis->PutRecord(
            {.stream_name = "orders", .data = "x", .partition_key = "k", .explicit_hash_key = key}),
        FailsWith(ErrorCode::kValidation,
                  Violated("'" + key + "'", "explicitHashKey", kHashKeyPattern)));
  }
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .explicit_hash_key = std::string(40, '9')}),
              FailsAs(ErrorCode::kValidation));
}

TEST(PutRecord, RefusesAHashKeyBeyondTheKeySpace) {
  RecordWorld world;
  world.Create("orders");
  const std::string beyond = "340282366920938463463374607431768211456";
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders",
                                .data = "x",
                                .partition_key = "k",
                                .explicit_hash_key = beyond}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
                "Specified value was " +
                    beyond));
}

TEST(PutRecord, TheHashKeyOverridesThePlaceAndNotTheKey) {
  RecordWorld world;
  world.Create("orders", 2);
  EXPECT_EQ(world.PutAt("orders", "0").shard_id, ShardId{0});
  EXPECT_EQ(world.PutAt("orders", kLargestHashKey).shard_id, ShardId{1});
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 1));
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].partition_key, "key");
}

TEST(PutRecord, ABoundaryBelongsToTheUpperShard) {
  RecordWorld world;
  world.Create("orders", 2);
  EXPECT_EQ(world.PutAt("orders", "170141183460469231731687303715884105727").shard_id, ShardId{0});
  EXPECT_EQ(world.PutAt("orders", kMiddleHashKey).shard_id, ShardId{1});
}

TEST(PutRecord, TakesAsMuchDataAsTheStreamAllowsWithItsKey) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
  world.Advance(absl::Seconds(1));
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB, 'x')),
              FailsWith(ErrorCode::kValidation,
                        Violated(BlobOf(kMiB), "data",
                                 "Member must have length less than or equal to 1048575")));
}

TEST(PutRecord, NamesTheStreamsLimitForDataThatIsTooLargeByItself) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB + 1, 'x')),
              FailsWith(ErrorCode::kValidation,
                        Violated(BlobOf(kMiB + 1), "data",
                                 "Member must have length less than or equal to 1048576")));
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

TEST(PutRecord, RefusesDataAboveTheModelsLimitBeforeItLooksForTheStream) {
  RecordWorld world;
  EXPECT_THAT(world.TryPut("orders", "k", std::string(10 * kMiB + 1, 'x')),
              FailsWith(ErrorCode::kValidation,
                        Violated(BlobOf(10 * kMiB + 1), "data",
                                 "Member must have length less than or equal to 10485760")));
}

TEST(PutRecord, AStreamOfLargeRecordsTakesTenMebibytes) {
  RecordWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  const std::string data(10 * kMiB - 1, 'x');
  EXPECT_THAT(world.TryPut("films", "kk", data), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.TryPut("films", "k", data), Succeeds());
  EXPECT_THAT(world.TryPut("films", "k", "x"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  const GetRecordsResponse page = world.Read(world.Iterator("films", 0));
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].data, data);
}

TEST(PutRecord, ValidationComesBeforeEverythingElse) {
  RecordWorld world;
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "no such", .data = "x", .partition_key = ""}),
      FailsWith(ErrorCode::kValidation,
                "2 validation errors detected: Value 'no such' at 'streamName' failed to "
                "satisfy constraint: Member must satisfy regular expression pattern: "
                "[a-zA-Z0-9_.-]+; Value '' at 'partitionKey' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1"));
}

TEST(PutRecord, AMissingStreamComesBeforeABadArgument) {
  RecordWorld world;
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders",
                                .data = "x",
                                .partition_key = "k",
                                .explicit_hash_key = "340282366920938463463374607431768211456",
                                .sequence_number_for_ordering = "9"}),
      FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(SequenceNumberForOrdering, ZeroIsAccepted) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .sequence_number_for_ordering = "0"}),
              Succeeds());
}

TEST(SequenceNumberForOrdering, GivesAGreaterNumberAndRemovesNoDuplicate) {
  RecordWorld world;
  world.Create("orders");
  const std::string first = world.Put("orders", "k").sequence_number.ToString();
  SequenceNumber last = *SequenceNumber::Parse(first);
  for (int i = 0; i < 3; ++i) {
    const auto put = world.kinesis->PutRecord({.stream_name = "orders",
                                               .data = "x",
                                               .partition_key = "k",
                                               .sequence_number_for_ordering = first});
    ASSERT_THAT(put, Succeeds());
    EXPECT_GT(put->sequence_number, last);
    last = put->sequence_number;
  }
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 4u);
}

TEST(SequenceNumberForOrdering, MayBeOfAnotherShard) {
  RecordWorld world;
  world.Create("orders", 2);
  const std::string other = world.PutAt("orders", kLargestHashKey).sequence_number.ToString();
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .explicit_hash_key = "0",
                                        .sequence_number_for_ordering = other}),
              Succeeds());
}

TEST(SequenceNumberForOrdering, OfAParentIsBelowEveryNumberOfItsChildren) {
  RecordWorld world;
  world.Create("orders");
  const PutRecordResponse before = world.Put("orders", "k");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const std::string ending =
      world.Shards("orders")[0].sequence_number_range.ending_sequence_number->ToString();
  const std::string number = before.sequence_number.ToString();
  for (const std::string& older : {number, ending}) {
    const auto put = world.kinesis->PutRecord({.stream_name = "orders",
                                               .data = "x",
                                               .partition_key = "k",
                                               .sequence_number_for_ordering = older});
    ASSERT_THAT(put, Succeeds());
    EXPECT_GT(put->sequence_number, *SequenceNumber::Parse(older));
  }
}

TEST(SequenceNumberForOrdering, RefusesTextThatIsNoNumber) {
  RecordWorld world;
  world.Create("orders");
  for (const std::string text : {"-1", "01", "", "abc", "1 "}) {
    EXPECT_THAT(
        world.kinesis->PutRecord({.stream_name = "orders",
                                  .data = "x",
                                  .partition_key = "k",
                                  .sequence_number_for_ordering = text}),
        FailsWith(ErrorCode::kValidation,
                  Violated("'" + text + "'", "sequenceNumberForOrdering", kSequenceNumberPattern)));
  }
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "x",
                                        .partition_key = "k",
                                        .sequence_number_for_ordering = std::string(130, '1')}),
              FailsAs(ErrorCode::kValidation));
}

TEST(SequenceNumberForOrdering, RefusesAnUnknownVersionAndATimeToCome) {
  RecordWorld world;
  world.Create("orders");
  const PutRecordResponse put = world.Put("orders", "k");
  SequenceNumber::Fields later = *put.sequence_number.Decode();
  ++later.time_seconds;
  std::string unknown_version = put.sequence_number.ToString();
  unknown_version.back() = unknown_version.back() == '9' ? '8' : '9';
  const std::string future = SequenceNumber::Of(later).ToString();
  const std::string long_number(129, '9');
  for (const std::string& number : {unknown_version, future, long_number}) {
    EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                          .data = "x",
                                          .partition_key = "k",
                                          .sequence_number_for_ordering = number}),
                FailsWith(ErrorCode::kInvalidArgument,
                          "ExclusiveMinimumSequenceNumber " + number +
                              " used in PutRecord on stream orders under account 123456789012 is "
                              "invalid."));
  }
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 1u);
}

TEST(PutRecord, NumbersOfOneShardRiseWithinAMillisecond) {
  RecordWorld world;
  world.Create("orders");
  SequenceNumber last;
  for (int i = 0; i < 100; ++i) {
    const SequenceNumber number = world.Put("orders", "k").sequence_number;
    EXPECT_GT(number, last);
    last = number;
  }
}

TEST(PutRecord, NumbersSayShardAndSecondOfArrival) {
  RecordWorld world;
  world.Create("orders", 3);
  world.Advance(absl::Milliseconds(61'999));
  const PutRecordResponse put = world.PutAt("orders", kLargestHashKey);
  const SequenceNumber::Fields fields = *put.sequence_number.Decode();
  EXPECT_EQ(fields.version, 2);
  EXPECT_EQ(fields.shard_number, 2u);
  EXPECT_EQ(fields.time_seconds, world.NowSeconds());
  const Shard shard = world.Shards("orders")[2];
  EXPECT_EQ(fields.shard_create_seconds,
            shard.sequence_number_range.starting_sequence_number.Decode()->shard_create_seconds);
}

TEST(PutRecord, NumbersRiseThoughTheClockIsSetBack) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  const SequenceNumber before = world.Put("orders", "k").sequence_number;
  world.Advance(-absl::Hours(1));
  const auto after = world.TryPut("orders", "k");
  ASSERT_THAT(after, Succeeds());
  EXPECT_GT(after->sequence_number, before);
}

TEST(PutRecord, ArrivalIsTheEnginesMillisecond) {
  RecordWorld world;
  world.Create("orders");
  world.Advance(absl::Microseconds(1'234'567));
  world.Put("orders", "k");
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(page.records[0].approximate_arrival_timestamp,
            absl::FromUnixMillis(absl::ToUnixMillis(world.clock.TimeNow())));
}

}  // namespace
}  // namespace riacho
