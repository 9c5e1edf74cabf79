// Interceptors around the operations of an engine.
#include "riacho/client/interceptor.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::SizeIs;

// Writes down what it is asked, with its name, and does what it is told.
class Recorder : public Interceptor {
 public:
  Recorder(std::string name, std::vector<std::string>& diary)
      : name_(std::move(name)), diary_(diary) {}

  absl::Status Before(const OperationContext& call) override {
    diary_.push_back(name_ + " before " + std::string(OperationName(call.operation)));
    seen = call;
    stream_name = call.stream_name;
    principal = call.principal_arn;
    return refusal;
  }
  void BeforeEntries(const OperationContext& call, std::span<absl::Status> refusals) override {
    entry_shards.assign(call.entry_shards.begin(), call.entry_shards.end());
    for (const std::size_t i : refused_entries) refusals[i] = entry_refusal;
  }
  void After(const OperationContext& call, OperationOutcome& outcome) override {
    diary_.push_back(name_ + " after " + std::string(OperationName(call.operation)) +
                     (outcome.status().ok() ? "" : " failed"));
    if (const auto* put = outcome.ResponseOf<PutRecordRequest>()) answered = put->sequence_number;
    if (!replacement.ok()) outcome.Fail(replacement);
  }

  absl::Status refusal;
  absl::Status replacement;
  absl::Status entry_refusal = MakeError(ErrorCode::kProvisionedThroughputExceeded, "hot");
  std::vector<std::size_t> refused_entries;
  OperationContext seen;
  std::string stream_name;
  std::string principal;
  std::vector<std::optional<ShardId>> entry_shards;
  std::optional<SequenceNumber> answered;

 private:
  const std::string name_;
  std::vector<std::string>& diary_;
};

class InterceptorTest : public testing::Test {
 protected:
  InterceptorTest() {
    world.Create("orders", 2);
    diary.clear();
  }

  std::vector<std::string> diary;
  std::shared_ptr<Recorder> outer = std::make_shared<Recorder>("outer", diary);
  std::shared_ptr<Recorder> inner = std::make_shared<Recorder>("inner", diary);
  RecordWorld world{EngineOptions{.interceptors = {outer, inner}}};
};

TEST_F(InterceptorTest, AreAskedInOrderBeforeAndInReverseAfter) {
  ASSERT_THAT(world.kinesis->DescribeLimits({}), Succeeds());
  EXPECT_THAT(diary, ElementsAre("outer before DescribeLimits", "inner before DescribeLimits",
                                 "inner after DescribeLimits", "outer after DescribeLimits"));
}

TEST_F(InterceptorTest, ARefusalKeepsTheWorkAndThoseBehindFromHappening) {
  outer->refusal = MakeError(ErrorCode::kLimitExceeded, "not today");
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "new", .shard_count = 1}),
              FailsWith(ErrorCode::kLimitExceeded, "not today"));
  EXPECT_THAT(diary, ElementsAre("outer before CreateStream", "outer after CreateStream failed"));
  outer->refusal = absl::OkStatus();
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "new"}),
              FailsAs(ErrorCode::kResourceNotFound));
}

TEST_F(InterceptorTest, AnAnswerMayBeReplacedAfterTheWork) {
  inner->replacement = absl::DeadlineExceededError("lost");
  const absl::Status lost =
      world.kinesis
          ->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"})
          .status();
  EXPECT_EQ(lost, absl::DeadlineExceededError("lost"));
  EXPECT_TRUE(inner->answered.has_value()) << "it was stored";
  EXPECT_FALSE(outer->answered.has_value()) << "the outer one sees what the caller will see";
}

TEST_F(InterceptorTest, AnInvalidRequestComesAsItIs) {
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "no such name!"}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(diary,
              ElementsAre("outer before CreateStream", "inner before CreateStream",
                          "inner after CreateStream failed", "outer after CreateStream failed"));
  EXPECT_EQ(outer->stream_name, "no such name!");
  diary.clear();
  EXPECT_THAT(world.kinesis->PutRecord({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->PutRecords({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->GetRecords({.shard_iterator = "no such token"}),
              FailsAs(ErrorCode::kInvalidArgument));
  const std::string long_key(300, 'k');
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "orders",
                                        .data = "paid",
                                        .partition_key = long_key,
                                        .explicit_hash_key = "-1"}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(diary, SizeIs(16));
}

TEST_F(InterceptorTest, ACallThatPoliciesDenyComesToo) {
  const std::unique_ptr<Client> nobody =
      world.engine.NewClient(Principal::User("nobody", std::vector<Policy>()));
  EXPECT_THAT(nobody->DescribeLimits({}), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(
      diary, ElementsAre("outer before DescribeLimits", "inner before DescribeLimits",
                         "inner after DescribeLimits failed", "outer after DescribeLimits failed"));
  EXPECT_EQ(outer->principal, "arn:aws:iam::123456789012:user/nobody");
}

TEST(Interceptors, SeeWhatTheAccountsCallRateRefuses) {
  std::vector<std::string> diary;
  EngineOptions options{.interceptors = {std::make_shared<Recorder>("only", diary)}};
  options.limits.enforce_call_rates = true;
  World world(std::move(options));
  while (world.kinesis->DescribeLimits({}).ok()) diary.clear();
  EXPECT_THAT(diary, ElementsAre("only before DescribeLimits", "only after DescribeLimits failed"));
}

TEST_F(InterceptorTest, ARefusalComesBeforeWhatTheServiceWouldSay) {
  outer->refusal = absl::DeadlineExceededError("cut off");
  EXPECT_EQ(world.kinesis->CreateStream({.stream_name = "no such name!"}).status(),
            absl::DeadlineExceededError("cut off"));
}

TEST_F(InterceptorTest, TheCallSaysWhoAsksForWhat) {
  const auto put = world.kinesis->PutRecord(
      {.data = "paid", .partition_key = "order-17", .stream_arn = StreamArnOf("orders")});
  EXPECT_EQ(outer->seen.operation, Operation::kPutRecord);
  EXPECT_EQ(outer->seen.now, world.clock.TimeNow());
  EXPECT_EQ(outer->stream_name, "orders");
  EXPECT_EQ(outer->principal, "arn:aws:iam::123456789012:root");
  EXPECT_THAT(outer->seen.shard_id, Optional(put->shard_id));

  // Neither a call without a stream nor one that names it by a token is a special case.
  ASSERT_THAT(world.kinesis->DescribeLimits({}), Succeeds());
  EXPECT_EQ(outer->stream_name, "");
  const std::string iterator =
      world.kinesis
          ->GetShardIterator({.stream_name = "orders",
                              .shard_id = "shardId-000000000001",
                              .shard_iterator_type = ShardIteratorType::kTrimHorizon})
          ->shard_iterator;
  EXPECT_THAT(outer->seen.shard_id, Optional(ShardId{1}));
  ASSERT_THAT(world.kinesis->GetRecords({.shard_iterator = iterator}), Succeeds());
  EXPECT_EQ(outer->stream_name, "orders");
  EXPECT_THAT(outer->seen.shard_id, Optional(ShardId{1}));
  const auto page = world.kinesis->ListShards({.stream_name = "orders", .max_results = 1});
  ASSERT_THAT(world.kinesis->ListShards({.next_token = page->next_token}), Succeeds());
  EXPECT_EQ(outer->stream_name, "orders");
}

TEST_F(InterceptorTest, EntriesAreRefusedOneByOne) {
  inner->refused_entries = {1};
  const std::vector<PutRecordsRequestEntry> entries = {
      {.data = "a", .explicit_hash_key = "0", .partition_key = "k"},
      {.data = "b", .explicit_hash_key = "0", .partition_key = "k"},
      {.data = "c",
       .explicit_hash_key = "340282366920938463463374607431768211455",
       .partition_key = "k"}};
  const auto put = world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->failed_record_count, 1);
  EXPECT_FALSE(put->records[0].error_code.has_value());
  EXPECT_EQ(put->records[1].error_code, ErrorCode::kProvisionedThroughputExceeded);
  EXPECT_EQ(put->records[1].error_message, "hot");
  EXPECT_FALSE(put->records[2].error_code.has_value());
  EXPECT_THAT(inner->entry_shards,
              ElementsAre(Optional(ShardId{0}), Optional(ShardId{0}), Optional(ShardId{1})));
}

TEST_F(InterceptorTest, AnErrorThatIsNotTheServicesRefusesAnEntryAsAnInternalFailure) {
  inner->refused_entries = {0};
  inner->entry_refusal = absl::UnavailableError("gone");
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "a", .partition_key = "k"}};
  const auto put = world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->records[0].error_code, ErrorCode::kInternalFailure);
  EXPECT_EQ(put->records[0].error_message, "gone");
}

}  // namespace
}  // namespace riacho
