// SubscribeToShard and the life of a subscription: events, idle events, takeover, the end.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Type = ShardIteratorType;

class SubscribeToShard : public testing::Test {
 protected:
  SubscribeToShard() {
    world.Create("orders");
    arn = world.Register("orders", "billing");
  }

  void Split() { ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds()); }

  RecordWorld world;
  std::string arn;
};

TEST_F(SubscribeToShard, PushesWhatIsStoredAndWhatComes) {
  world.Put("orders", "k", "a");
  const PutRecordResponse b = world.Put("orders", "k", "b");
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  const std::optional<SubscribeToShardEvent> stored = Next(*subscription);
  ASSERT_NE(stored, std::nullopt);
  EXPECT_THAT(DataOf(stored->records), ElementsAre("a", "b"));
  EXPECT_EQ(stored->continuation_sequence_number, b.sequence_number);
  EXPECT_EQ(stored->millis_behind_latest, 0);
  EXPECT_THAT(stored->child_shards, IsEmpty());
  EXPECT_EQ(Next(*subscription), std::nullopt);
  world.Put("orders", "k", "c");
  EXPECT_THAT(DataOf(Next(*subscription)->records), ElementsAre("c"));
  EXPECT_FALSE(subscription->ended());
}

TEST_F(SubscribeToShard, BeginsAtEachOfTheFivePositions) {
  const PutRecordResponse a = world.Put("orders", "k", "a");
  world.Advance(absl::Seconds(1));
  const absl::Time then = world.clock.TimeNow();
  world.Put("orders", "k", "b");
  const std::string number = a.sequence_number.ToString();
  const auto first = [&](StartingPosition from) {
    world.Advance(absl::Seconds(5));
    const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0, std::move(from));
    const std::optional<SubscribeToShardEvent> event = Next(*subscription);
    return event.has_value() ? DataOf(event->records) : std::vector<std::string>();
  };
  EXPECT_THAT(first({.type = Type::kTrimHorizon}), ElementsAre("a", "b"));
  EXPECT_THAT(first({.type = Type::kLatest}), IsEmpty());
  EXPECT_THAT(first({.type = Type::kAtSequenceNumber, .sequence_number = number}),
              ElementsAre("a", "b"));
  EXPECT_THAT(first({.type = Type::kAfterSequenceNumber, .sequence_number = number}),
              ElementsAre("b"));
  EXPECT_THAT(first({.type = Type::kAtTimestamp, .timestamp = then}), ElementsAre("b"));
}

TEST_F(SubscribeToShard, LatestIsFixedWhenTheCallReturns) {
  world.Put("orders", "k", "before");
  const std::unique_ptr<Subscription> subscription =
      world.Subscribe(arn, 0, {.type = Type::kLatest});
  world.Put("orders", "k", "after");
  EXPECT_THAT(DataOf(Next(*subscription)->records), ElementsAre("after"));
}

TEST_F(SubscribeToShard, AnIdleSubscriptionHasAnEmptyEventEveryFiveSeconds) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  SequenceNumber last;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Next(*subscription), std::nullopt);
    world.Advance(absl::Milliseconds(4'999));
    EXPECT_EQ(Next(*subscription), std::nullopt);
    world.Advance(absl::Milliseconds(1));
    const std::optional<SubscribeToShardEvent> idle = Next(*subscription);
    ASSERT_NE(idle, std::nullopt);
    EXPECT_THAT(idle->records, IsEmpty());
    EXPECT_THAT(idle->child_shards, IsEmpty());
    EXPECT_EQ(idle->millis_behind_latest, 0);
    EXPECT_GT(idle->continuation_sequence_number.value(), last) << "moves on without data";
    last = *idle->continuation_sequence_number;
  }
}

TEST_F(SubscribeToShard, EndsCleanlyAfterFiveMinutes) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  world.Advance(absl::Minutes(5) - absl::Milliseconds(1));
  EXPECT_NE(Next(*subscription), std::nullopt);
  EXPECT_FALSE(subscription->ended());
  world.Put("orders", "k", "too late for this one");
  world.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Next(*subscription), std::nullopt);
  EXPECT_TRUE(subscription->ended());
  EXPECT_EQ(Next(*subscription), std::nullopt);
  EXPECT_EQ(subscription->next_poll(), absl::InfiniteFuture());
}

// Over many lives, in each of which records and idle events come, nothing is lost or repeated.
TEST_F(SubscribeToShard, ResumingAfterTheContinuationNumberLosesAndRepeatsNothing) {
  for (const Type type : {Type::kAfterSequenceNumber, Type::kAtSequenceNumber}) {
    std::vector<std::string> put;
    std::vector<std::string> seen;
    StartingPosition from = {.type = Type::kLatest};
    for (int life = 0; life < 6; ++life) {
      const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0, from);
      for (int step = 0; step < 12; ++step) {
        if (step % 5 == life % 5) {
          put.push_back(std::to_string(life) + "/" + std::to_string(step));
          world.Put("orders", "k", put.back());
        }
        world.Advance(absl::Seconds(5));
        while (const std::optional<SubscribeToShardEvent> event = Next(*subscription)) {
          for (const Record& record : event->records) seen.emplace_back(record.data);
          // AT_ would repeat a record that ended an event, so that one resumes from idle events.
          if (type == Type::kAfterSequenceNumber || event->records.empty()) {
            from = {.type = type,
                    .sequence_number = event->continuation_sequence_number->ToString()};
          }
        }
      }
      world.Advance(absl::Seconds(5));
      while (const std::optional<SubscribeToShardEvent> event = Next(*subscription)) {
        from = {.type = type, .sequence_number = event->continuation_sequence_number->ToString()};
      }
      put.push_back("between lives " + std::to_string(life));
      world.Put("orders", "k", put.back());
    }
    world.Advance(absl::Seconds(5));
    const std::unique_ptr<Subscription> last = world.Subscribe(arn, 0, from);
    const std::optional<SubscribeToShardEvent> rest = Next(*last);
    for (const Record& record : rest->records) seen.emplace_back(record.data);
    EXPECT_EQ(seen, put);
    world.Advance(absl::Seconds(5));
  }
}

TEST_F(SubscribeToShard, AContinuationNumberIsAPositionForGetRecordsToo) {
  world.Put("orders", "k", "a");
  const std::unique_ptr<Subscription> subscription =
      world.Subscribe(arn, 0, {.type = Type::kLatest});
  world.Advance(absl::Seconds(5));
  const SequenceNumber idle = *Next(*subscription)->continuation_sequence_number;
  world.Put("orders", "k", "b");
  EXPECT_THAT(DataOf(world.Read(world.IteratorAfter("orders", 0, idle))), ElementsAre("b"));
  EXPECT_THAT(DataOf(world.Read(world.IteratorAt("orders", 0, idle))), ElementsAre("b"));
}

TEST_F(SubscribeToShard, ASecondOneWithinFiveSecondsIsRefused) {
  const std::unique_ptr<Subscription> first = world.Subscribe(arn, 0);
  const auto refused = FailsWith(ErrorCode::kResourceInUse,
                                 "Another active subscription exists for this consumer: "
                                 "123456789012:orders:shardId-000000000000:billing");
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}), refused);
  world.Advance(absl::Milliseconds(4'999));
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}), refused);
  world.Put("orders", "k", "x");
  EXPECT_THAT(DataOf(Next(*first)->records), ElementsAre("x")) << "the first one goes on";
}

TEST_F(SubscribeToShard, ASecondOneAfterFiveSecondsTakesOver) {
  const std::unique_ptr<Subscription> first = world.Subscribe(arn, 0);
  world.Advance(absl::Seconds(5));
  const std::unique_ptr<Subscription> second = world.Subscribe(arn, 0);
  world.Put("orders", "k", "x");
  EXPECT_THAT(first->Poll(), FailsAs(ErrorCode::kResourceInUse));
  EXPECT_TRUE(first->ended());
  EXPECT_EQ(Next(*first), std::nullopt) << "the error is answered once";
  EXPECT_THAT(DataOf(Next(*second)->records), ElementsAre("x"));
}

TEST_F(SubscribeToShard, AClosedHandleDoesNotFreeTheFiveSeconds) {
  world.Subscribe(arn, 0).reset();
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}),
              FailsAs(ErrorCode::kResourceInUse));
  world.Advance(absl::Seconds(5));
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}), Succeeds());
}

TEST_F(SubscribeToShard, OtherConsumersAndOtherShardsAreNotInTheWay) {
  world.Create("pairs", 2);
  const std::string first = world.Register("pairs", "first");
  const std::string second = world.Register("pairs", "second");
  const auto a = world.Subscribe(first, 0);
  const auto b = world.Subscribe(first, 1);
  const auto c = world.Subscribe(second, 0);
  world.PutAt("pairs", "0", "x");
  EXPECT_THAT(DataOf(Next(*a)->records), ElementsAre("x"));
  EXPECT_EQ(Next(*b), std::nullopt);
  EXPECT_THAT(DataOf(Next(*c)->records), ElementsAre("x"));
}

TEST_F(SubscribeToShard, MoreThanOneCallASecondIsLimited) {
  EngineOptions options;
  options.limits.subscription_takeover = absl::ZeroDuration();
  RecordWorld eager(options);
  eager.Create("orders");
  const std::string consumer = eager.Register("orders", "billing");
  const auto first = eager.Subscribe(consumer, 0);
  EXPECT_THAT(eager.TrySubscribe(consumer, 0, {.type = Type::kLatest}),
              FailsAs(ErrorCode::kLimitExceeded));
  eager.Advance(absl::Seconds(1));
  EXPECT_THAT(eager.TrySubscribe(consumer, 0, {.type = Type::kLatest}), Succeeds());
}

TEST_F(SubscribeToShard, AClosedShardEndsWithChildShardsAndNoContinuation) {
  world.Put("orders", "k", "last");
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  Split();
  const std::optional<SubscribeToShardEvent> data = Next(*subscription);
  EXPECT_THAT(DataOf(data->records), ElementsAre("last"));
  EXPECT_NE(data->continuation_sequence_number, std::nullopt);
  EXPECT_THAT(data->child_shards, IsEmpty());
  const std::optional<SubscribeToShardEvent> end = Next(*subscription);
  ASSERT_NE(end, std::nullopt);
  EXPECT_THAT(end->records, IsEmpty());
  EXPECT_EQ(end->continuation_sequence_number, std::nullopt);
  ASSERT_THAT(end->child_shards, SizeIs(2));
  EXPECT_THAT(end->child_shards[0].parent_shards, ElementsAre(ShardId{0}));
  EXPECT_TRUE(subscription->ended());
  EXPECT_EQ(Next(*subscription), std::nullopt);
}

TEST_F(SubscribeToShard, AMergedShardNamesTheChildWithBothParents) {
  world.Create("pairs", 2);
  const std::string consumer = world.Register("pairs", "billing");
  const std::unique_ptr<Subscription> subscription = world.Subscribe(consumer, 1);
  ASSERT_THAT(world.Merge("pairs", "0", "1"), Succeeds());
  const std::optional<SubscribeToShardEvent> end = Next(*subscription);
  ASSERT_THAT(end->child_shards, SizeIs(1));
  EXPECT_THAT(end->child_shards[0].parent_shards, ElementsAre(ShardId{0}, ShardId{1}));
}

TEST_F(SubscribeToShard, AClosedShardCanBeSubscribed) {
  world.Put("orders", "k", "a");
  Split();
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  EXPECT_THAT(DataOf(Next(*subscription)->records), ElementsAre("a"));
  EXPECT_THAT(Next(*subscription)->child_shards, SizeIs(2));
}

TEST_F(SubscribeToShard, MillisBehindLatestIsThatOfGetRecords) {
  EngineOptions options;
  options.limits.subscription_event_records = 1;
  RecordWorld small(options);
  small.Create("orders");
  const std::string consumer = small.Register("orders", "billing");
  small.Put("orders", "k", "a");
  small.Put("orders", "k", "b");
  small.Advance(absl::Milliseconds(3'600));
  const std::unique_ptr<Subscription> subscription = small.Subscribe(consumer, 0);
  EXPECT_EQ(Next(*subscription)->millis_behind_latest, 3'000);
  EXPECT_EQ(Next(*subscription)->millis_behind_latest, 0);
}

TEST_F(SubscribeToShard, DeliversTwoMebibytesASecond) {
  for (int i = 0; i < 6; ++i) {
    world.Put("orders", "k", std::string(kMiB - 1, 'x'));
    world.Advance(absl::Seconds(1));
  }
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  EXPECT_THAT(Next(*subscription)->records, SizeIs(2));
  EXPECT_THAT(Next(*subscription)->records, SizeIs(2)) << "an event may overdraw";
  EXPECT_EQ(Next(*subscription), std::nullopt);
  EXPECT_EQ(subscription->next_poll(), world.clock.TimeNow() + absl::Seconds(1));
  world.Advance(absl::Milliseconds(999));
  EXPECT_EQ(Next(*subscription), std::nullopt);
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Next(*subscription)->records, SizeIs(2));
}

TEST_F(SubscribeToShard, NextPollIsWhenSomethingIsDueWithoutAPut) {
  const absl::Time start = world.clock.TimeNow();
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  EXPECT_EQ(subscription->next_poll(), start + absl::Seconds(5));
  for (int i = 0; i < 59; ++i) {
    world.clock.SetTime(subscription->next_poll());
    EXPECT_NE(Next(*subscription), std::nullopt) << i;
  }
  EXPECT_EQ(subscription->next_poll(), start + absl::Minutes(5));
  world.clock.SetTime(subscription->next_poll());
  EXPECT_EQ(Next(*subscription), std::nullopt);
  EXPECT_TRUE(subscription->ended());
}

TEST_F(SubscribeToShard, WaitAnswersAtItsDeadlineAtOnceWhenItHasCome) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  EXPECT_EQ(subscription->Wait(world.clock.TimeNow()).value(), std::nullopt);
  EXPECT_EQ(subscription->Wait(absl::InfinitePast()).value(), std::nullopt);
  world.Put("orders", "k", "x");
  EXPECT_THAT(DataOf(subscription->Wait(absl::InfiniteFuture()).value()->records),
              ElementsAre("x"));
}

TEST_F(SubscribeToShard, OnWakeIsCalledOnceForEachEmptyPoll) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  int calls = 0;
  subscription->OnWake([&calls] { ++calls; });
  EXPECT_EQ(Next(*subscription), std::nullopt);
  world.Put("orders", "k", "a");
  world.Put("orders", "k", "b");
  EXPECT_EQ(calls, 1);
  EXPECT_NE(Next(*subscription), std::nullopt);
  world.Put("orders", "k", "c");
  EXPECT_EQ(calls, 1) << "the last poll was not empty";
  EXPECT_NE(Next(*subscription), std::nullopt);
  EXPECT_EQ(Next(*subscription), std::nullopt);
  Split();
  EXPECT_EQ(calls, 2) << "the shard's end wakes as well";
}

TEST_F(SubscribeToShard, OnWakeIsCalledWhenOthersCloseTheSubscription) {
  int calls = 0;
  std::unique_ptr<Subscription> first = world.Subscribe(arn, 0);
  first->OnWake([&calls] { ++calls; });
  EXPECT_EQ(Next(*first), std::nullopt);
  world.Advance(absl::Seconds(5));
  std::unique_ptr<Subscription> second = world.Subscribe(arn, 0);
  EXPECT_EQ(calls, 1);
  first.reset();
  second->OnWake([&calls] { ++calls; });
  EXPECT_EQ(Next(*second), std::nullopt);
  calls = 0;
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}), Succeeds());
  EXPECT_EQ(calls, 1);
  EXPECT_THAT(second->Poll(), FailsAs(ErrorCode::kResourceNotFound));
}

TEST_F(SubscribeToShard, ANoLongerWantedWakeIsNotCalled) {
  int calls = 0;
  std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  subscription->OnWake([&calls] { ++calls; });
  EXPECT_EQ(Next(*subscription), std::nullopt);
  subscription.reset();
  world.Put("orders", "k", "x");
  EXPECT_EQ(calls, 0);
}

TEST_F(SubscribeToShard, EndsWithItsConsumer) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  world.Put("orders", "k", "x");
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}), Succeeds());
  EXPECT_THAT(subscription->Poll(), FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_TRUE(subscription->ended());
}

TEST_F(SubscribeToShard, EndsWithItsStream) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  ASSERT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
      Succeeds());
  EXPECT_THAT(subscription->Poll(),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_TRUE(subscription->ended());
}

TEST_F(SubscribeToShard, ASuccessorOfTheConsumerInheritsNothing) {
  const std::unique_ptr<Subscription> old = world.Subscribe(arn, 0);
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}), Succeeds());
  const std::string second = world.Register("orders", "billing");
  const auto fresh = world.TrySubscribe(second, 0, {.type = Type::kTrimHorizon});
  ASSERT_THAT(fresh, Succeeds());
  world.Put("orders", "k", "x");
  EXPECT_THAT(old->Poll(), FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(DataOf(Next(**fresh)->records), ElementsAre("x"));
}

TEST_F(SubscribeToShard, OutlivesTheListingOfItsShard) {
  world.Put("orders", "k", "x");
  Split();
  world.Advance(absl::Hours(24) - absl::Seconds(30));
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  EXPECT_THAT(DataOf(Next(*subscription)->records), ElementsAre("x"));
  world.Advance(absl::Minutes(1));
  ASSERT_EQ(world.Shards("orders").size(), 2u) << "the parent has expired";
  EXPECT_THAT(Next(*subscription)->child_shards, SizeIs(2));
}

TEST_F(SubscribeToShard, NeedsAnActiveConsumer) {
  RecordWorld slow(ServiceTimes());
  slow.Create("orders");
  const Consumer consumer = slow.kinesis
                                ->RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"),
                                                          .consumer_name = "billing"})
                                ->consumer;
  const std::string not_active =
      "Consumer billing with creation timestamp " +
      std::to_string(absl::ToUnixSeconds(consumer.consumer_creation_timestamp)) +
      " under stream: orders , account 123456789012 is not in ACTIVE status.";
  EXPECT_THAT(slow.TrySubscribe(consumer.consumer_arn, 0, {.type = Type::kLatest}),
              FailsWith(ErrorCode::kResourceInUse, not_active));
  slow.Advance(slow.engine.options().lifecycle.register_consumer);
  EXPECT_THAT(slow.TrySubscribe(consumer.consumer_arn, 0, {.type = Type::kLatest}), Succeeds());
  ASSERT_THAT(slow.kinesis->DeregisterStreamConsumer({.consumer_arn = consumer.consumer_arn}),
              Succeeds());
  EXPECT_THAT(slow.TrySubscribe(consumer.consumer_arn, 0, {.type = Type::kLatest}),
              FailsWith(ErrorCode::kResourceInUse, not_active));
}

TEST_F(SubscribeToShard, NeedsItsMembers) {
  EXPECT_THAT(world.kinesis->SubscribeToShard({}),
              FailsWith(ErrorCode::kValidation,
                        "3 validation errors detected: Value null at 'consumerARN' failed to "
                        "satisfy constraint: Member must not be null; Value null at 'shardId' "
                        "failed to satisfy constraint: Member must not be null; Value null at "
                        "'startingPosition' failed to satisfy constraint: Member must not be "
                        "null"));
  EXPECT_THAT(world.TrySubscribe(arn, 0, {}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'startingPosition.type' failed to satisfy "
                                     "constraint: Member must not be null")));
  EXPECT_THAT(world.TrySubscribe(StreamArnOf("orders"), 0, {.type = Type::kLatest}),
              FailsAs(ErrorCode::kValidation));
}

TEST_F(SubscribeToShard, RefusesUnknownConsumersAndShards) {
  EXPECT_THAT(
      world.TrySubscribe(StreamArnOf("orders") + "/consumer/nobody:1", 0, {.type = Type::kLatest}),
      FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(world.TrySubscribe(StreamArnOf("nowhere") + "/consumer/billing:1", 0,
                                 {.type = Type::kLatest}),
              FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(world.TrySubscribe(arn, 7, {.type = Type::kLatest}),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(7, "orders")));
  EXPECT_THAT(world.kinesis->SubscribeToShard(
                  {.consumer_arn = arn,
                   .shard_id = "abc",
                   .starting_position = StartingPosition{.type = Type::kLatest}}),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Could not find shard abc in stream orders under account 123456789012."));
}

TEST_F(SubscribeToShard, RefusesPositionsWithTheTextsOfGetShardIterator) {
  const std::vector<StartingPosition> positions = {
      {.type = Type::kAtSequenceNumber},
      {.type = Type::kLatest, .sequence_number = "0"},
      {.type = Type::kAtSequenceNumber, .sequence_number = "0"},
      {.type = Type::kAfterSequenceNumber, .sequence_number = std::string(129, '7')},
      {.type = Type::kAtTimestamp},
      {.type = Type::kAtTimestamp, .timestamp = world.clock.TimeNow() + absl::Seconds(1)}};
  for (const StartingPosition& position : positions) {
    const auto iterator = world.TryIterator("orders", "0", *position.type, position.sequence_number,
                                            position.timestamp);
    EXPECT_THAT(iterator, FailsAs(ErrorCode::kInvalidArgument));
    EXPECT_THAT(
        world.TrySubscribe(arn, 0, position),
        FailsWith(ErrorCode::kInvalidArgument, std::string(ErrorMessage(iterator.status()))));
  }
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}), Succeeds())
      << "refused calls take no lease";
}

}  // namespace
}  // namespace riacho
