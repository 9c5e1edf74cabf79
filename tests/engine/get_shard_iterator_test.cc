// GetShardIterator: the five positions, and every text of its refusals.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Type = ShardIteratorType;

constexpr std::string_view kWrongCombination =
    "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
    "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
    "specified ";

std::string InvalidNumberText(const std::string& number, std::string_view why = "") {
  return "StartingSequenceNumber " + number +
         " used in GetShardIterator on shard shardId-000000000000 in stream orders under account "
         "123456789012 is invalid" +
         std::string(why) + ".";
}

class GetShardIterator : public testing::Test {
 protected:
  GetShardIterator() : world(WithoutThroughputLimits()) { world.Create("orders"); }

  // Three records, a second apart; the first arrives now.
  void PutThree() {
    for (const std::string data : {"a", "b", "c"}) {
      times.push_back(world.clock.TimeNow());
      numbers.push_back(world.Put("orders", "k", data).sequence_number);
      world.Advance(absl::Seconds(1));
    }
  }
  std::vector<std::string> ReadFrom(const std::string& iterator) {
    return DataOf(world.Read(iterator));
  }

  RecordWorld world;
  std::vector<SequenceNumber> numbers;
  std::vector<absl::Time> times;
};

TEST_F(GetShardIterator, TrimHorizonIsTheOldestRecord) {
  PutThree();
  EXPECT_THAT(ReadFrom(world.Iterator("orders", 0)), ElementsAre("a", "b", "c"));
}

TEST_F(GetShardIterator, TrimHorizonOfAnEmptyShardIsItsStart) {
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(ReadFrom(iterator), IsEmpty());
  PutThree();
  EXPECT_THAT(ReadFrom(iterator), ElementsAre("a", "b", "c"));
}

TEST_F(GetShardIterator, TrimHorizonPassesWhatHasExpired) {
  PutThree();
  world.Advance(absl::Hours(24) - absl::Seconds(2));
  EXPECT_THAT(ReadFrom(world.Iterator("orders", 0)), ElementsAre("b", "c"));
}

TEST_F(GetShardIterator, LatestIsFixedWhenItIsIssued) {
  world.Put("orders", "k", "before");
  const std::string iterator = world.Iterator("orders", 0, Type::kLatest);
  PutThree();
  EXPECT_THAT(ReadFrom(iterator), ElementsAre("a", "b", "c"));
}

TEST_F(GetShardIterator, LatestOfAClosedShardIsItsEnd) {
  PutThree();
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0, Type::kLatest));
  EXPECT_THAT(DataOf(page), IsEmpty());
  EXPECT_EQ(page.next_shard_iterator, std::nullopt);
  EXPECT_EQ(page.child_shards.size(), 2u);
}

TEST_F(GetShardIterator, AtSequenceNumberIsTheRecordItself) {
  PutThree();
  EXPECT_THAT(ReadFrom(world.IteratorAt("orders", 0, numbers[1])), ElementsAre("b", "c"));
}

TEST_F(GetShardIterator, AtANumberThatIsNoRecordIsTheNextOne) {
  PutThree();
  SequenceNumber::Fields between = *numbers[1].Decode();
  ++between.time_seconds;  // after b, before c
  EXPECT_THAT(ReadFrom(world.IteratorAt("orders", 0, SequenceNumber::Of(between))),
              ElementsAre("c"));
}

TEST_F(GetShardIterator, AfterSequenceNumberIsTheNextRecord) {
  PutThree();
  EXPECT_THAT(ReadFrom(world.IteratorAfter("orders", 0, numbers[1])), ElementsAre("c"));
}

TEST_F(GetShardIterator, AfterTheLastNumberWaitsForMore) {
  PutThree();
  const std::string iterator = world.IteratorAfter("orders", 0, numbers[2]);
  EXPECT_THAT(ReadFrom(iterator), IsEmpty());
  world.Put("orders", "k", "d");
  EXPECT_THAT(ReadFrom(iterator), ElementsAre("d"));
}

TEST_F(GetShardIterator, StartingNumberIsAPositionOfBothKinds) {
  PutThree();
  const SequenceNumber start =
      world.Shards("orders")[0].sequence_number_range.starting_sequence_number;
  EXPECT_THAT(ReadFrom(world.IteratorAt("orders", 0, start)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ReadFrom(world.IteratorAfter("orders", 0, start)), ElementsAre("a", "b", "c"));
}

TEST_F(GetShardIterator, EndingNumberIsTheEndForBothKinds) {
  PutThree();
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const SequenceNumber end =
      *world.Shards("orders")[0].sequence_number_range.ending_sequence_number;
  for (const std::string& iterator :
       {world.IteratorAt("orders", 0, end), world.IteratorAfter("orders", 0, end)}) {
    const GetRecordsResponse page = world.Read(iterator);
    EXPECT_THAT(DataOf(page), IsEmpty());
    EXPECT_EQ(page.next_shard_iterator, std::nullopt);
    EXPECT_EQ(page.child_shards.size(), 2u);
  }
}

TEST_F(GetShardIterator, NumbersOlderThanTheHorizonStartAtTheHorizon) {
  PutThree();
  world.Advance(absl::Hours(24) - absl::Seconds(2));
  EXPECT_THAT(ReadFrom(world.IteratorAt("orders", 0, numbers[0])), ElementsAre("b", "c"));
  EXPECT_THAT(ReadFrom(world.IteratorAfter("orders", 0, numbers[0])), ElementsAre("b", "c"));
}

TEST_F(GetShardIterator, AtTimestampIncludesItsMillisecond) {
  PutThree();
  EXPECT_THAT(ReadFrom(world.IteratorFrom("orders", 0, times[1])), ElementsAre("b", "c"));
  EXPECT_THAT(ReadFrom(world.IteratorFrom("orders", 0, times[1] + absl::Milliseconds(1))),
              ElementsAre("c"));
  EXPECT_THAT(ReadFrom(world.IteratorFrom("orders", 0, times[1] - absl::Milliseconds(1))),
              ElementsAre("b", "c"));
}

TEST_F(GetShardIterator, AtTimestampBeforeTheHorizonIsTrimHorizon) {
  PutThree();
  for (const absl::Time time : {absl::UnixEpoch(), absl::FromUnixSeconds(-5), absl::InfinitePast(),
                                times[0] - absl::Hours(1)}) {
    EXPECT_THAT(ReadFrom(world.IteratorFrom("orders", 0, time)), ElementsAre("a", "b", "c"));
  }
}

TEST_F(GetShardIterator, AtTimestampAfterTheLastRecordWaitsForMore) {
  PutThree();
  const std::string iterator = world.IteratorFrom("orders", 0, world.clock.TimeNow());
  EXPECT_THAT(ReadFrom(iterator), IsEmpty());
  world.Put("orders", "k", "d");
  EXPECT_THAT(ReadFrom(iterator), ElementsAre("d"));
}

TEST_F(GetShardIterator, ReadsShardIdsLeniently) {
  PutThree();
  for (const std::string text : {"0", "shardId-000000000000", "anything-0", "-0", "shardId-0"}) {
    const auto iterator = world.TryIterator("orders", text, Type::kTrimHorizon);
    ASSERT_THAT(iterator, Succeeds()) << text;
    EXPECT_THAT(ReadFrom(iterator->shard_iterator), ElementsAre("a", "b", "c"));
  }
}

TEST_F(GetShardIterator, RefusesShardIdsThatAreNoNumbers) {
  for (const std::string text : {"abc", "shardId-", "shardId-x", "a-b-0", "2147483648", "-",
                                 "shardId-99999999999999999999"}) {
    EXPECT_THAT(world.TryIterator("orders", text, Type::kLatest),
                FailsWith(ErrorCode::kResourceNotFound,
                          "Could not find shard " + text +
                              " in stream orders under account 123456789012."));
  }
  EXPECT_THAT(world.TryIterator("nowhere", "abc", Type::kLatest),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard abc in stream nowhere under account 123456789012."));
}

TEST_F(GetShardIterator, RefusesAnUnknownShardAndAnUnknownStreamWithTheSameText) {
  EXPECT_THAT(world.TryIterator("orders", "5", Type::kLatest),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(5, "orders")));
  EXPECT_THAT(world.TryIterator("orders", "2147483647", Type::kLatest),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(2147483647, "orders")));
  EXPECT_THAT(world.TryIterator("nowhere", "0", Type::kLatest),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "nowhere")));
}

TEST_F(GetShardIterator, TheShardsOfAStreamInCreatingDoNotExist) {
  RecordWorld slow(ServiceTimes());
  ASSERT_THAT(slow.kinesis->CreateStream({.stream_name = "new", .shard_count = 1}), Succeeds());
  EXPECT_THAT(slow.TryIterator("new", "0", Type::kLatest),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "new")));
}

TEST_F(GetShardIterator, NeedsShardAndTypeAndAStream) {
  EXPECT_THAT(world.kinesis->GetShardIterator({.stream_name = "orders"}),
              FailsWith(ErrorCode::kValidation,
                        "2 validation errors detected: Value null at 'shardId' failed to satisfy "
                        "constraint: Member must not be null; Value null at 'shardIteratorType' "
                        "failed to satisfy constraint: Member must not be null"));
  EXPECT_THAT(
      world.kinesis->GetShardIterator({.shard_id = "0", .shard_iterator_type = Type::kLatest}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Stream arn and stream name can't be empty at the same time"));
}

TEST_F(GetShardIterator, ASequenceTypeNeedsANumber) {
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtSequenceNumber),
              FailsWith(ErrorCode::kInvalidArgument,
                        std::string(kWrongCombination) +
                            "AT_SEQUENCE_NUMBER and no StartingSequenceNumber."));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAfterSequenceNumber),
              FailsWith(ErrorCode::kInvalidArgument,
                        std::string(kWrongCombination) +
                            "AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber."));
}

TEST_F(GetShardIterator, LatestAndTrimHorizonTakeNoNumber) {
  EXPECT_THAT(
      world.TryIterator("orders", "0", Type::kLatest, "0"),
      FailsWith(ErrorCode::kInvalidArgument,
                std::string(kWrongCombination) + "LATEST and also a StartingSequenceNumber."));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kTrimHorizon, "0"),
              FailsWith(ErrorCode::kInvalidArgument,
                        std::string(kWrongCombination) +
                            "TRIM_HORIZON and also a StartingSequenceNumber."));
}

TEST_F(GetShardIterator, AtTimestampNeedsATimeThatHasCome) {
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtTimestamp),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Must specify timestampInMillis parameter for iterator of type "
                        "AT_TIMESTAMP. Current request has no timestamp parameter."));
  const absl::Time now = world.clock.TimeNow();
  const std::int64_t millis = absl::ToUnixMillis(now);
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtTimestamp, {}, now), Succeeds());
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtTimestamp, {}, now + absl::Milliseconds(1)),
              FailsWith(ErrorCode::kInvalidArgument,
                        "The timestampInMillis parameter cannot be greater than the "
                        "currentTimestampInMillis. timestampInMillis: " +
                            std::to_string(millis + 1) +
                            ", currentTimestampInMillis: " + std::to_string(millis)));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtTimestamp, {}, absl::InfiniteFuture()),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(GetShardIterator, ZeroDidNotComeFromThisStream) {
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtSequenceNumber, "0"),
              FailsWith(ErrorCode::kInvalidArgument,
                        InvalidNumberText("21267647932558653966460912964485513216",
                                          " because it did not come from this stream")));
}

TEST_F(GetShardIterator, ANumberOfTheStreamsPredecessorDidNotComeFromThisStream) {
  const std::string old = world.Put("orders", "k").sequence_number.ToString();
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Advance(absl::Seconds(30));
  world.Create("orders");
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAfterSequenceNumber, old),
              FailsWith(ErrorCode::kInvalidArgument,
                        InvalidNumberText(old, " because it did not come from this stream")));
}

TEST_F(GetShardIterator, ANumberOfAnotherShardIsNamed) {
  world.Create("pairs", 6);
  const std::string of_5 =
      world.Shards("pairs")[5].sequence_number_range.starting_sequence_number.ToString();
  EXPECT_THAT(world.TryIterator("pairs", "0", Type::kAtSequenceNumber, of_5),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it "
                        "was used in a call to a shard with shardId-000000000000"));
}

TEST_F(GetShardIterator, ANumberOfTheParentIsOneOfAnotherShard) {
  const std::string of_parent = world.Put("orders", "k").sequence_number.ToString();
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_THAT(world.TryIterator("orders", "1", Type::kAfterSequenceNumber, of_parent),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it "
                        "was used in a call to a shard with shardId-000000000001"));
}

TEST_F(GetShardIterator, RefusesNumbersThatCannotBeRead) {
  const std::string good = world.Put("orders", "k").sequence_number.ToString();
  std::string unknown_version = good;
  unknown_version.back() = good.back() == '9' ? '8' : '9';
  for (const std::string& number : {unknown_version, std::string(129, '7'), good + "0"}) {
    EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtSequenceNumber, number),
                FailsWith(ErrorCode::kInvalidArgument, InvalidNumberText(number)));
  }
}

TEST_F(GetShardIterator, RefusesTextThatIsNoNumber) {
  for (const std::string text : {"", "-1", "01", "LATEST", "1e5", "1.5"}) {
    EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtSequenceNumber, text),
                FailsWith(ErrorCode::kValidation,
                          OneViolation("Value '" + text +
                                       "' at 'startingSequenceNumber' failed to satisfy "
                                       "constraint: Member must satisfy regular expression "
                                       "pattern: ^(0|([1-9]\\d{0,128}))$")));
  }
}

TEST_F(GetShardIterator, LooksForTheShardBeforeTheRestOfThePosition) {
  EXPECT_THAT(world.TryIterator("orders", "7", Type::kAtSequenceNumber),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(7, "orders")));
}

TEST_F(GetShardIterator, IsBase64TextOfUpTo512Characters) {
  const std::string name(128, 'n');
  world.Create(name);
  for (const std::string& stream : {std::string("orders"), name}) {
    const std::string iterator = world.Iterator(stream, 0);
    EXPECT_LE(iterator.size(), 512u);
    EXPECT_TRUE(iterator.starts_with("AAAAAAAAAA")) << iterator;
    EXPECT_EQ(iterator.size() % 4, 0u);
    EXPECT_THAT(world.TryRead(iterator), Succeeds());
  }
}

TEST_F(GetShardIterator, OfAnExpiredShardDoesNotExist) {
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Hours(24) + absl::Seconds(2));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kTrimHorizon),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
}

}  // namespace
}  // namespace riacho
