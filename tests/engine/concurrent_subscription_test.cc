// Subscriptions that sleep, and who wakes them. Threads, because Wait blocks its caller.
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "riacho/base/wake_event.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Type = ShardIteratorType;
using Event = absl::StatusOr<std::optional<SubscribeToShardEvent>>;

class ConcurrentSubscription : public testing::Test {
 protected:
  ConcurrentSubscription() : world(WithoutThroughputLimits()) {
    world.Create("orders");
    arn = world.Register("orders", "billing");
  }

  RecordWorld world;
  std::string arn;
};

// In each of these the sleeper may or may not be asleep when it is woken: both must do.

TEST_F(ConcurrentSubscription, APutWakesWait) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  for (int round = 0; round < 200; ++round) {
    std::thread producer([&] { world.Put("orders", "k", std::to_string(round)); });
    const Event event = subscription->Wait(absl::InfiniteFuture());
    producer.join();
    ASSERT_THAT(event, Succeeds());
    EXPECT_THAT(DataOf((*event)->records), ElementsAre(std::to_string(round)));
  }
}

TEST_F(ConcurrentSubscription, AdvancingTheClockWakesWaitForTheIdleEvent) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  for (int round = 0; round < 50; ++round) {
    std::thread time([&] { world.Advance(absl::Seconds(5)); });
    const Event event = subscription->Wait(absl::InfiniteFuture());
    time.join();
    ASSERT_THAT(event, Succeeds());
    ASSERT_TRUE(event->has_value());
    EXPECT_THAT((*event)->records, IsEmpty());
    EXPECT_NE((*event)->continuation_sequence_number, std::nullopt);
  }
}

TEST_F(ConcurrentSubscription, AdvancingTheClockWakesWaitAtItsDeadline) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  std::thread time([&] { world.Advance(absl::Seconds(1)); });
  const absl::Time deadline = absl::FromUnixSeconds(1'767'225'601);  // a second into the world
  const Event event = subscription->Wait(deadline);
  time.join();
  ASSERT_THAT(event, Succeeds());
  EXPECT_FALSE(event->has_value());
  EXPECT_FALSE(subscription->ended());
}

TEST_F(ConcurrentSubscription, TheEndOfLifeWakesWait) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  std::thread time([&] { world.Advance(absl::Minutes(5)); });
  const Event event = subscription->Wait(absl::InfiniteFuture());
  time.join();
  ASSERT_THAT(event, Succeeds());
  EXPECT_FALSE(event->has_value());
  EXPECT_TRUE(subscription->ended());
}

TEST_F(ConcurrentSubscription, ASplitWakesWait) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  std::thread resharder(
      [&] { EXPECT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds()); });
  const Event event = subscription->Wait(absl::InfiniteFuture());
  resharder.join();
  ASSERT_THAT(event, Succeeds());
  EXPECT_THAT((*event)->child_shards, SizeIs(2));
  EXPECT_TRUE(subscription->ended());
}

TEST_F(ConcurrentSubscription, TheHandOverWakesWaitWhenItsTimeHasCome) {
  EngineOptions options = ServiceTimes();
  options.limits.subscription_idle_event = absl::Hours(1);
  RecordWorld slow(options);
  slow.Create("orders");
  const std::string consumer = slow.Register("orders", "billing");
  ASSERT_THAT(slow.Halve("orders", slow.Shards("orders")[0]), Succeeds());
  slow.Advance(absl::Seconds(6));
  const std::unique_ptr<Subscription> subscription = slow.Subscribe(consumer, 0);
  std::thread time([&] { slow.Advance(absl::Seconds(30)); });
  const Event event = subscription->Wait(absl::InfiniteFuture());
  time.join();
  ASSERT_THAT(event, Succeeds());
  EXPECT_THAT((*event)->child_shards, SizeIs(2));
}

TEST_F(ConcurrentSubscription, ATakeoverWakesTheFormerHolder) {
  std::unique_ptr<Subscription> holder = world.Subscribe(arn, 0);
  for (int round = 0; round < 20; ++round) {
    world.Advance(absl::Seconds(4));
    world.Put("orders", "k", "so that no idle event is due when the rival comes");
    while (Next(*holder).has_value()) {
    }
    world.Advance(absl::Seconds(1));
    std::unique_ptr<Subscription> next;
    std::thread rival([&] { next = world.Subscribe(arn, 0); });
    const Event event = holder->Wait(absl::InfiniteFuture());
    rival.join();
    EXPECT_THAT(event, FailsAs(ErrorCode::kResourceInUse));
    EXPECT_TRUE(holder->ended());
    holder = std::move(next);
  }
}

TEST_F(ConcurrentSubscription, DeregistrationAndDeletionWakeWait) {
  {
    const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
    std::thread other([&] {
      EXPECT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}), Succeeds());
    });
    const Event event = subscription->Wait(absl::InfiniteFuture());
    other.join();
    EXPECT_THAT(event, FailsAs(ErrorCode::kResourceNotFound));
  }
  const std::unique_ptr<Subscription> subscription =
      world.Subscribe(world.Register("orders", "shipping"), 0);
  std::thread other([&] {
    EXPECT_THAT(
        world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
        Succeeds());
  });
  const Event event = subscription->Wait(absl::InfiniteFuture());
  other.join();
  EXPECT_THAT(event, FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

// A consumer that sleeps on an event of its own and polls only when OnWake has signalled it: were
// one wake lost, it would sleep for ever.
TEST_F(ConcurrentSubscription, NoWakeIsLost) {
  constexpr int kRecords = 5000;
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  WakeEvent wake;
  subscription->OnWake([&wake] { wake.Signal(); });
  std::thread producer([&] {
    for (int i = 0; i < kRecords; ++i) world.Put("orders", "k", std::to_string(i));
  });
  int seen = 0;
  while (seen < kRecords) {
    const Event event = subscription->Poll();
    ASSERT_THAT(event, Succeeds());
    if (!event->has_value()) {
      wake.Wait();
      continue;
    }
    for (const Record& record : (*event)->records) EXPECT_EQ(record.data, std::to_string(seen++));
  }
  producer.join();
}

TEST_F(ConcurrentSubscription, NoWakeOfATakeoverIsLost) {
  for (int round = 0; round < 300; ++round) {
    const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
    world.Advance(absl::Seconds(5));
    WakeEvent wake;
    subscription->OnWake([&wake] { wake.Signal(); });
    std::thread rival([&] { world.Subscribe(arn, 0).reset(); });
    Event event = subscription->Poll();
    while (event.ok()) {  // perhaps the idle event first, then sleep until told
      if (!event->has_value()) wake.Wait();
      event = subscription->Poll();
    }
    rival.join();
    EXPECT_THAT(event, FailsAs(ErrorCode::kResourceInUse));
    world.Advance(absl::Seconds(5));
  }
}

TEST_F(ConcurrentSubscription, ManySubscriptionsOfOneShardAllSeeEverything) {
  constexpr int kConsumers = 8;
  constexpr int kRecords = 1000;
  std::vector<std::thread> consumers;
  std::vector<std::unique_ptr<Subscription>> subscriptions;
  for (int i = 0; i < kConsumers; ++i) {
    subscriptions.push_back(
        world.Subscribe(world.Register("orders", "consumer-" + std::to_string(i)), 0));
  }
  for (const std::unique_ptr<Subscription>& subscription : subscriptions) {
    consumers.emplace_back([&subscription] {
      for (int seen = 0; seen < kRecords;) {
        const Event event = subscription->Wait(absl::InfiniteFuture());
        ASSERT_THAT(event, Succeeds());
        ASSERT_TRUE(event->has_value());
        for (const Record& record : (*event)->records)
          ASSERT_EQ(record.data, std::to_string(seen++));
      }
    });
  }
  std::thread producer([&] {
    for (int i = 0; i < kRecords; ++i) world.Put("orders", "k", std::to_string(i));
  });
  producer.join();
  for (std::thread& consumer : consumers) consumer.join();
}

// Closing a subscription while a producer is calling its wake function.
TEST_F(ConcurrentSubscription, ASubscriptionMayGoWhileItIsBeingWoken) {
  std::atomic<bool> running = true;
  std::thread producer([&] {
    while (running.load()) world.Put("orders", "k", "x");
  });
  for (int round = 0; round < 300; ++round) {
    auto calls = std::make_unique<std::atomic<int>>(0);
    std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0, {.type = Type::kLatest});
    subscription->OnWake([counter = calls.get()] { ++*counter; });
    subscription->Poll().IgnoreError();
    subscription.reset();
    calls.reset();  // nobody calls any more
    world.Advance(absl::Seconds(5));
  }
  running = false;
  producer.join();
}

}  // namespace
}  // namespace riacho
