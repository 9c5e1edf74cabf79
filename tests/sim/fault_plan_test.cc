// FaultPlan on a real engine: each kind of fault, which calls it meets, and that a seed repeats it.
#include "riacho/sim/fault_plan.h"

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FaultPlanTest : public testing::Test {
 protected:
  absl::StatusOr<PutRecordResponse> Put(const std::string& stream = "orders",
                                        const std::string& hash_key = "0") {
    return world.kinesis->PutRecord({.stream_name = stream,
                                     .data = "paid",
                                     .partition_key = "order-17",
                                     .explicit_hash_key = hash_key});
  }
  // Which of so many puts fail, counted from 1.
  std::vector<int> FailuresOf(int puts) {
    std::vector<int> failures;
    for (int i = 1; i <= puts; ++i)
      if (!Put().ok()) failures.push_back(i);
    return failures;
  }
  std::vector<bool> RefusedEntriesOf(std::size_t entries) {
    const std::vector<PutRecordsRequestEntry> batch(entries,
                                                    {.data = "paid", .partition_key = "order-17"});
    const auto put = world.kinesis->PutRecords({.records = batch, .stream_name = "orders"});
    std::vector<bool> refused;
    for (const PutRecordsResultEntry& entry : put.value().records)
      refused.push_back(entry.error_code.has_value());
    return refused;
  }
  std::size_t Stored(std::uint32_t shard = 0) {
    return world.Read(world.Iterator("orders", shard)).records.size();
  }

  std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>(42);
  RecordWorld world{EngineOptions{.interceptors = {plan}}};
};

constexpr char kLastHashKey[] = "340282366920938463463374607431768211455";

TEST_F(FaultPlanTest, WithoutRulesNothingFails) {
  world.Create("orders");
  EXPECT_THAT(FailuresOf(20), IsEmpty());
}

TEST_F(FaultPlanTest, AnErrorOfTheServiceComesOnEveryNthCall) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).Every(3).Fail(ErrorCode::kKmsThrottling);
  EXPECT_THAT(FailuresOf(7), ElementsAre(3, 6));
  ASSERT_THAT(Put(), Succeeds());
  EXPECT_THAT(Put(), FailsWith(ErrorCode::kKmsThrottling, "Injected by rule 1 of the fault plan."));
  EXPECT_EQ(Stored(), 6U) << "what failed was not stored";
  EXPECT_THAT(plan->fault_counts(), ElementsAre(3));
}

TEST_F(FaultPlanTest, CallsAreChosenByNumberAndTheRuleCanBeSpent) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).Call(2).LoseRequest();
  plan->On(Operation::kPutRecord).Calls(5, 6).LoseRequest();
  plan->On(Operation::kPutRecord).Calls(9, 20).AtMost(1).LoseRequest();
  EXPECT_THAT(FailuresOf(20), ElementsAre(2, 5, 6, 9));
}

TEST_F(FaultPlanTest, AMessageMayBeTheServicesOwn) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).FailWith(ErrorCode::kInternalFailure, "We are sorry.");
  EXPECT_THAT(Put(), FailsWith(ErrorCode::kInternalFailure, "We are sorry."));
}

TEST_F(FaultPlanTest, ThrottlingIsWhatTheOperationThrottlesWith) {
  world.Create("orders");
  plan->OnEverything().Throttle();
  EXPECT_THAT(Put(), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders"}),
              FailsAs(ErrorCode::kLimitExceeded));
}

TEST_F(FaultPlanTest, StreamShardAndPrincipalNarrowARule) {
  world.Create("orders", 2);
  world.Create("clicks");
  plan->On(Operation::kPutRecord).Stream("orders").Shard({1}).Fail(ErrorCode::kInternalFailure);
  EXPECT_THAT(Put("orders", "0"), Succeeds());
  EXPECT_THAT(Put("orders", kLastHashKey), FailsAs(ErrorCode::kInternalFailure));
  EXPECT_THAT(Put("clicks", kLastHashKey), Succeeds());

  plan->Clear();
  plan->OnEverything().Principal("arn:aws:iam::123456789012:user/alice").Throttle();
  EXPECT_THAT(Put(), Succeeds());
  const Principal alice =
      Principal::User("alice", {Policy::Parse(R"({"Version": "2012-10-17", "Statement":
          {"Effect": "Allow", "Action": "*", "Resource": "*"}})")
                                    .value()});
  EXPECT_THAT(world.engine.NewClient(alice)->DescribeLimits({}),
              FailsAs(ErrorCode::kLimitExceeded));
}

TEST_F(FaultPlanTest, ATimeWindowNarrowsARule) {
  world.Create("orders");
  const absl::Time start = world.clock.TimeNow();
  plan->On(Operation::kPutRecord)
      .Between(start + absl::Seconds(10), start + absl::Seconds(20))
      .Throttle();
  std::vector<int> failing_seconds;
  for (int second = 0; second < 30; ++second) {
    if (!Put().ok()) failing_seconds.push_back(second);
    world.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(failing_seconds, ElementsAre(10, 11, 12, 13, 14, 15, 16, 17, 18, 19));
}

TEST_F(FaultPlanTest, AShareOfABatchIsRefusedAndTheRestStored) {
  world.Create("orders");
  plan->On(Operation::kPutRecords)
      .Every(2)
      .Fail(ErrorCode::kProvisionedThroughputExceeded, /*share=*/0.5);
  EXPECT_THAT(RefusedEntriesOf(10), testing::Each(false));
  const std::vector<bool> refused = RefusedEntriesOf(10);
  EXPECT_EQ(std::ranges::count(refused, true), 5);
  EXPECT_EQ(Stored(), 15U);
  RefusedEntriesOf(1);
  EXPECT_THAT(RefusedEntriesOf(1), ElementsAre(true)) << "one at least";
}

TEST_F(FaultPlanTest, OneShardOfABatchIsRefused) {
  world.Create("orders", 2);
  plan->On(Operation::kPutRecords).Shard({1}).Throttle();
  const std::vector<PutRecordsRequestEntry> batch = {
      {.data = "a", .explicit_hash_key = "0", .partition_key = "k"},
      {.data = "b", .explicit_hash_key = kLastHashKey, .partition_key = "k"}};
  const auto put = world.kinesis->PutRecords({.records = batch, .stream_name = "orders"});
  ASSERT_THAT(put, Succeeds());
  EXPECT_FALSE(put->records[0].error_code.has_value());
  EXPECT_EQ(put->records[1].error_code, ErrorCode::kProvisionedThroughputExceeded);
}

TEST_F(FaultPlanTest, ALostReplyIsATimeOutOfACallThatWasCarriedOut) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).Call(1).LoseReply();
  const absl::Status lost = Put().status();
  EXPECT_EQ(lost.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(GetErrorCode(lost), std::nullopt);
  EXPECT_TRUE(IsRetryable(lost));
  EXPECT_EQ(Stored(), 1U);
}

TEST_F(FaultPlanTest, ALostRequestIsATimeOutOfACallThatNeverCame) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).Call(1).LoseRequest();
  EXPECT_EQ(Put().status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Stored(), 0U);
}

TEST_F(FaultPlanTest, ADelayLetsTimePass) {
  world.Create("orders");
  plan->set_sleep([&](absl::Duration delay) { world.clock.AdvanceTime(delay); });
  plan->On(Operation::kPutRecord).Delay(absl::Seconds(2));
  const absl::Time before = world.clock.TimeNow();
  ASSERT_THAT(Put(), Succeeds());
  EXPECT_EQ(world.clock.TimeNow() - before, absl::Seconds(2));

  plan->Clear();
  plan->On(Operation::kPutRecord).Delay(absl::Seconds(1), absl::Seconds(3));
  for (int i = 0; i < 100; ++i) {
    const absl::Time start = world.clock.TimeNow();
    ASSERT_THAT(Put(), Succeeds());
    EXPECT_GE(world.clock.TimeNow() - start, absl::Seconds(1));
    EXPECT_LT(world.clock.TimeNow() - start, absl::Seconds(3));
  }
}

TEST_F(FaultPlanTest, ADelayThatNobodyCanWaitForSaysSo) {
  world.Create("orders");
  plan->On(Operation::kPutRecord).Delay(absl::Seconds(2));
  const absl::Status refused = Put().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(ErrorMessage(refused)), HasSubstr("set_sleep"));
}

TEST_F(FaultPlanTest, APageIsDeliveredAgain) {
  world.Create("orders");
  plan->On(Operation::kGetRecords).Call(1).DeliverAgain();
  const GetRecordsResponse empty = world.Read(world.Iterator("orders", 0));
  ASSERT_THAT(Put(), Succeeds());
  const GetRecordsResponse page = world.Read(*empty.next_shard_iterator);
  const GetRecordsResponse again = world.Read(*page.next_shard_iterator);
  ASSERT_THAT(again.records, SizeIs(1)) << "pages without records do not count";
  EXPECT_EQ(again.records[0].sequence_number, page.records[0].sequence_number);
  EXPECT_THAT(world.Read(*again.next_shard_iterator).records, IsEmpty());
  EXPECT_THAT(plan->fault_counts(), ElementsAre(1));
}

TEST_F(FaultPlanTest, AnIteratorExpiresBeforeItsTime) {
  world.Create("orders");
  plan->On(Operation::kGetRecords).Call(1).Fail(ErrorCode::kExpiredIterator);
  EXPECT_THAT(world.TryRead(world.Iterator("orders", 0)), FailsAs(ErrorCode::kExpiredIterator));
}

class FaultySubscriptionTest : public FaultPlanTest {
 protected:
  FaultySubscriptionTest() {
    world.Create("orders");
    consumer = world.Register("orders", "shipping");
    for (int i = 0; i < 3; ++i) EXPECT_THAT(Put(), Succeeds());
  }
  std::string consumer;
};

TEST_F(FaultySubscriptionTest, BreaksWithAnErrorAfterSoManyEvents) {
  plan->On(Operation::kSubscribeToShard).DropSubscription(/*after_events=*/1);
  const std::unique_ptr<Subscription> subscription = world.Subscribe(consumer, 0);
  EXPECT_TRUE(Next(*subscription).has_value());
  EXPECT_FALSE(subscription->ended());
  EXPECT_LE(subscription->next_poll(), world.clock.TimeNow());
  EXPECT_EQ(subscription->Poll().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(subscription->ended());
  EXPECT_EQ(Next(*subscription), std::nullopt) << "the error is answered once";
}

TEST_F(FaultySubscriptionTest, EndsBeforeItsFiveMinutes) {
  plan->On(Operation::kSubscribeToShard).EndSubscription();
  const std::unique_ptr<Subscription> subscription = world.Subscribe(consumer, 0);
  EXPECT_FALSE(subscription->ended());
  EXPECT_EQ(subscription->Wait(world.clock.TimeNow()).value(), std::nullopt);
  EXPECT_TRUE(subscription->ended());
}

TEST_F(FaultySubscriptionTest, DeliversItsFirstEventTwice) {
  plan->On(Operation::kSubscribeToShard).DeliverAgain();
  const std::unique_ptr<Subscription> subscription = world.Subscribe(consumer, 0);
  const std::optional<SubscribeToShardEvent> first = Next(*subscription);
  const std::optional<SubscribeToShardEvent> again = Next(*subscription);
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_TRUE(std::ranges::equal(first->records, again->records));
  EXPECT_EQ(first->continuation_sequence_number, again->continuation_sequence_number);
  EXPECT_EQ(Next(*subscription), std::nullopt);
}

TEST_F(FaultPlanTest, DescriptionsAreStale) {
  world.Create("orders");
  const Shard shard = world.OpenShards("orders").front();
  plan->On({Operation::kDescribeStreamSummary, Operation::kListShards})
      .AnswerStale(absl::Seconds(30));
  const auto open_shards = [&] { return world.Summary("orders").open_shard_count; };
  EXPECT_EQ(open_shards(), 1) << "there is nothing older yet";
  world.Advance(absl::Seconds(60));
  ASSERT_THAT(world.Halve("orders", shard), Succeeds());
  EXPECT_EQ(open_shards(), 1);
  world.Advance(absl::Seconds(29));
  EXPECT_EQ(open_shards(), 1) << "the split has been known for 29 seconds";
  world.Advance(absl::Seconds(1));
  EXPECT_EQ(open_shards(), 2);

  EXPECT_THAT(world.Shards("orders"), SizeIs(3)) << "each request has a memory of its own";
}

// How many shards an operation says that there are.
struct StaleCase {
  std::string name;
  Operation operation;
  std::size_t (*shards)(RecordWorld& world);
};

class StaleAnswerTest : public FaultPlanTest, public testing::WithParamInterface<StaleCase> {};

TEST_P(StaleAnswerTest, IsWhatTheSameRequestWasAnsweredSoLongAgo) {
  world.Create("orders", 2);
  const Shard shard = world.OpenShards("orders").front();
  plan->On(GetParam().operation).AnswerStale(absl::Seconds(30));
  const auto shards = [&] { return GetParam().shards(world); };
  const std::size_t before = shards();
  world.Advance(absl::Seconds(60));
  ASSERT_THAT(world.Halve("orders", shard), Succeeds());
  EXPECT_EQ(shards(), before);
  world.Advance(absl::Seconds(29));
  EXPECT_EQ(shards(), before);
  world.Advance(absl::Seconds(1));
  EXPECT_GT(shards(), before);
  plan->Clear();
  const std::size_t now = shards();
  plan->On(GetParam().operation).AnswerStale(absl::Seconds(30));
  EXPECT_EQ(shards(), now) << "nothing of the rule that is gone";
}

INSTANTIATE_TEST_SUITE_P(
    Operations, StaleAnswerTest,
    testing::Values(
        StaleCase{"DescribeStream", Operation::kDescribeStream,
                  [](RecordWorld& world) { return world.Describe("orders").shards.size(); }},
        StaleCase{"DescribeStreamByPages", Operation::kDescribeStream,
                  [](RecordWorld& world) {
                    std::size_t shards = 0;
                    std::optional<std::string> after;
                    for (bool more = true; more;) {
                      const StreamDescription page =
                          world.kinesis
                              ->DescribeStream({.stream_name = "orders",
                                                .limit = 1,
                                                .exclusive_start_shard_id = after})
                              ->stream_description;
                      shards += page.shards.size();
                      more = page.has_more_shards && !page.shards.empty();
                      if (more) after = page.shards.back().shard_id.ToString();
                    }
                    return shards;
                  }},
        StaleCase{"DescribeStreamSummary", Operation::kDescribeStreamSummary,
                  [](RecordWorld& world) {
                    return static_cast<std::size_t>(
                        world.Summary("orders").open_shard_count.value());
                  }},
        StaleCase{"ListShards", Operation::kListShards,
                  [](RecordWorld& world) { return world.Shards("orders").size(); }},
        StaleCase{"ListShardsFiltered", Operation::kListShards,
                  [](RecordWorld& world) {
                    return world.kinesis
                        ->ListShards(
                            {.stream_name = "orders",
                             .shard_filter = ShardFilter{.type = ShardFilterType::kAtLatest}})
                        ->shards.size();
                  }},
        StaleCase{
            "ListShardsByPages", Operation::kListShards,
            [](RecordWorld& world) {
              ListShardsResponse page =
                  world.kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value();
              std::size_t shards = page.shards.size();
              while (page.next_token.has_value()) {
                page = world.kinesis->ListShards({.next_token = page.next_token, .max_results = 1})
                           .value();
                shards += page.shards.size();
              }
              return shards;
            }}),
    [](const auto& info) { return info.param.name; });

TEST_F(FaultPlanTest, CallsAreCaptured) {
  world.Create("orders");
  plan->Capture({Operation::kPutRecord, Operation::kPutRecords}, /*most_calls=*/2);
  plan->On(Operation::kPutRecord).Call(2).LoseReply();
  ASSERT_THAT(Put(), Succeeds());
  EXPECT_FALSE(Put().ok());
  RefusedEntriesOf(2);
  ASSERT_THAT(world.kinesis->DescribeLimits({}), Succeeds());

  const std::vector<CapturedCall> calls = plan->captured();
  ASSERT_THAT(calls, SizeIs(2)) << "the last two";
  EXPECT_EQ(calls[0].operation, Operation::kPutRecord);
  EXPECT_EQ(calls[0].stream_name, "orders");
  EXPECT_EQ(calls[0].at, world.clock.TimeNow());
  EXPECT_EQ(calls[0].status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(calls[0].records,
              ElementsAre(CapturedCall::Record{
                  .partition_key = "order-17", .data = "paid", .explicit_hash_key = "0"}));
  EXPECT_THAT(calls[1].records, SizeIs(2));
}

TEST_F(FaultPlanTest, RequestsAreCapturedWhole) {
  plan->Capture({});
  world.Create("orders");
  ASSERT_THAT(
      world.kinesis->TagResource({.tags = {{"a", "b"}}, .resource_arn = StreamArnOf("orders")}),
      Succeeds());
  ASSERT_THAT(Put(), Succeeds());
  const std::vector<CapturedCall> calls = plan->captured();
  ASSERT_THAT(calls, SizeIs(3));
  ASSERT_NE(calls[0].As<CreateStreamRequest>(), nullptr);
  EXPECT_EQ(calls[0].As<CreateStreamRequest>()->stream_name, "orders");
  EXPECT_EQ(calls[0].As<TagResourceRequest>(), nullptr);
  ASSERT_NE(calls[1].As<TagResourceRequest>(), nullptr);
  EXPECT_EQ(calls[1].As<TagResourceRequest>()->tags.at("a"), "b");
}

// These requests only view what the caller has, and the caller's are gone.
TEST_F(FaultPlanTest, RecordsAndIteratorsAreCapturedWithWhatTheyView) {
  world.Create("orders");
  const std::string iterator = world.Iterator("orders", 0);
  plan->Capture({});
  {
    const std::string name = "orders";
    const std::string number = "1";
    const std::string data(100, 'x');
    ASSERT_THAT(world.kinesis->PutRecord({.stream_name = name,
                                          .data = data,
                                          .partition_key = std::string(50, 'k'),
                                          .sequence_number_for_ordering = number}),
                Succeeds());
    const std::vector<PutRecordsRequestEntry> entries = {
        {.data = data, .explicit_hash_key = number, .partition_key = "k"}, {.data = "short"}};
    EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = name}),
                FailsAs(ErrorCode::kValidation));
    ASSERT_THAT(world.kinesis->GetRecords(
                    {.shard_iterator = std::string(iterator), .limit = 17, .dry_run = false}),
                Succeeds());
  }
  const std::vector<CapturedCall> calls = plan->captured();
  ASSERT_THAT(calls, SizeIs(3));
  const auto* const put = calls[0].As<PutRecordRequest>();
  ASSERT_NE(put, nullptr);
  EXPECT_EQ(put->stream_name, "orders");
  EXPECT_EQ(put->data, std::string(100, 'x'));
  EXPECT_EQ(put->partition_key, std::string(50, 'k'));
  EXPECT_EQ(put->explicit_hash_key, std::nullopt);
  EXPECT_EQ(put->sequence_number_for_ordering, "1");
  EXPECT_THAT(calls[0].records,
              ElementsAre(CapturedCall::Record{.partition_key = std::string(50, 'k'),
                                               .data = std::string(100, 'x'),
                                               .sequence_number_for_ordering = "1"}));
  EXPECT_EQ(calls[1].status.code(), absl::StatusCode::kInvalidArgument) << "refused, but captured";
  const auto* const puts = calls[1].As<PutRecordsRequest>();
  ASSERT_NE(puts, nullptr);
  ASSERT_THAT(puts->records, SizeIs(2));
  EXPECT_EQ(puts->records[0].data, std::string(100, 'x'));
  EXPECT_EQ(puts->records[0].explicit_hash_key, "1");
  EXPECT_EQ(puts->records[1].partition_key, std::nullopt);
  EXPECT_EQ(calls[1].records.at(0).explicit_hash_key, "1");
  const auto* const read = calls[2].As<GetRecordsRequest>();
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->shard_iterator, iterator);
  EXPECT_EQ(read->limit, 17);
  EXPECT_EQ(read->dry_run, false);
}

// The failures of 1000 puts at one in ten, under a plan of this seed.
std::vector<int> ChanceFailures(std::uint64_t seed, bool with_another_rule) {
  const auto plan = std::make_shared<FaultPlan>(
      FaultPlan(seed).On(Operation::kPutRecord).WithChance(0.1).LoseReply());
  if (with_another_rule) plan->On(Operation::kDescribeLimits).WithChance(0.5).Throttle();
  RecordWorld world(EngineOptions{.interceptors = {plan}});
  world.Create("orders");
  std::vector<int> failures;
  for (int i = 0; i < 1000; ++i) {
    world.kinesis->DescribeLimits({}).IgnoreError();
    if (!world.kinesis->PutRecord({.stream_name = "orders", .data = "x", .partition_key = "k"})
             .ok())
      failures.push_back(i);
    world.Advance(absl::Seconds(1));
  }
  return failures;
}

TEST(FaultPlanSeed, RepeatsWhatChanceDid) {
  const std::vector<int> failures = ChanceFailures(42, false);
  EXPECT_GT(failures.size(), 60U);
  EXPECT_LT(failures.size(), 140U);
  EXPECT_EQ(ChanceFailures(42, false), failures);
  EXPECT_NE(ChanceFailures(43, false), failures);
  EXPECT_EQ(ChanceFailures(42, true), failures) << "one rule does not disturb another";
}

}  // namespace
}  // namespace riacho
