// Bugs that the model-based test found, each by its name.
#include <cstdint>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;

using Type = ShardIteratorType;

// Seed 301: the consumer of SubscribeToShard was looked up as DescribeStreamConsumer does it, at
// the expense of that operation's 20 calls per second.
TEST(CallRates, OfDescribeStreamConsumerAreNotSpentBySubscribing) {
  EngineOptions options;
  options.limits.enforce_call_rates = true;
  RecordWorld world(options);
  world.Create("orders");
  const std::string consumer = world.Register("orders", "reader");
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(world.TrySubscribe(consumer, 7, {.type = Type::kLatest}),
                FailsAs(ErrorCode::kResourceNotFound));
  }
  EXPECT_THAT(world.kinesis->DescribeStreamConsumer({.consumer_arn = consumer}), Succeeds());
}

// Seed 451: a number that had been given out was "in the future" after the clock was set back.
TEST(SequenceNumberForOrdering, IsAcceptedAfterTheClockWasSetBack) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  world.Advance(absl::Minutes(1));
  const std::string given_out = world.Put("orders", "key").sequence_number.ToString();
  world.Advance(-absl::Seconds(30));
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "data",
                                        .partition_key = "other",
                                        .sequence_number_for_ordering = given_out}),
              Succeeds());
}

// Seed 51: a number that is no record's, of a record's place and an earlier second, was taken for
// the record's.
TEST(AfterSequenceNumber, OfANumberJustBeforeARecordBeginsWithTheRecord) {
  RecordWorld world;
  world.Create("orders");
  world.Advance(absl::Minutes(1));
  SequenceNumber::Fields fields = *world.Put("orders", "key", "record").sequence_number.Decode();
  --fields.time_seconds;
  const std::string iterator = world.IteratorAfter("orders", 0, SequenceNumber::Of(fields));
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("record"));
}

// Seed 1362: looked at in the middle of a millisecond before, a closed shard was listed until the
// middle of the millisecond in which it expired.
TEST(ClosedShard, ExpiresAtItsMomentAndNotInTheMillisecondAfter) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Hours(23) + absl::Microseconds(500));
  EXPECT_EQ(world.Shards("orders").size(), 3U);
  world.Advance(absl::Hours(1) + absl::Seconds(1) - absl::Microseconds(500) - absl::Nanoseconds(1));
  EXPECT_EQ(world.Shards("orders").size(), 3U);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Shards("orders").size(), 2U);
}

// With the clock set back, the number of an idle event was below that of the record read before.
TEST(ContinuationSequenceNumber, DoesNotFallBehindWhatWasReadWhenTheClockWasSetBack) {
  RecordWorld world;
  world.Create("orders");
  const std::string consumer = world.Register("orders", "reader");
  world.Advance(absl::Minutes(1));
  const SequenceNumber read = world.Put("orders", "key", "read").sequence_number;
  world.Advance(-absl::Seconds(30));
  const std::unique_ptr<Subscription> subscription = world.Subscribe(consumer, 0);
  ASSERT_THAT(DataOf(Next(*subscription)->records), ElementsAre("read"));
  world.Advance(absl::Seconds(5));
  const std::optional<SubscribeToShardEvent> idle = Next(*subscription);
  ASSERT_TRUE(idle.has_value());
  EXPECT_GE(*idle->continuation_sequence_number, read);

  world.Advance(absl::Minutes(1));
  world.Put("orders", "key", "to be read");
  const std::string iterator =
      world.IteratorAfter("orders", 0, *idle->continuation_sequence_number);
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("to be read"));
}

}  // namespace
}  // namespace riacho
