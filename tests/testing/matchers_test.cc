// The matchers for users' tests: what they match, and what they say.
#include "riacho/testing/matchers.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riacho/testing/fixtures.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What a matcher says of a value that it does not like.
template <typename Value, typename Matcher>
std::string ExplanationOf(const Matcher& matcher, const Value& value) {
  testing::StringMatchResultListener listener;
  EXPECT_FALSE(testing::SafeMatcherCast<const Value&>(matcher).MatchAndExplain(value, &listener));
  return listener.str();
}

class MatchersTest : public EngineTest {
 protected:
  MatchersTest() { CreateStream("orders", 2); }

  GetShardIteratorResponse First() {
    return kinesis
        .GetShardIterator({.stream_name = "orders",
                           .shard_id = "0",
                           .shard_iterator_type = ShardIteratorType::kTrimHorizon})
        .value();
  }
};

TEST_F(MatchersTest, KnowErrorsByCodeAndText) {
  const auto missing = kinesis.DescribeStream({.stream_name = "shipments"});
  EXPECT_THAT(missing, IsKinesisError(ErrorCode::kResourceNotFound));
  EXPECT_THAT(missing.status(),
              IsKinesisError(ErrorCode::kResourceNotFound, HasSubstr("shipments")));
  EXPECT_THAT(missing, Not(IsKinesisError(ErrorCode::kResourceNotFound, "not found")));
  EXPECT_THAT(missing, Not(IsKinesisError(ErrorCode::kResourceInUse)));
  EXPECT_THAT(kinesis.DescribeLimits({}), Not(IsKinesisError(ErrorCode::kResourceInUse)));
  EXPECT_THAT(absl::NotFoundError("a file"), Not(IsKinesisError(ErrorCode::kResourceNotFound)));
  EXPECT_THAT(ExplanationOf(IsKinesisError(ErrorCode::kResourceInUse), missing),
              HasSubstr("Stream shipments under account 123456789012 not found"));
}

TEST_F(MatchersTest, KnowThrottlingInAllItsForms) {
  EXPECT_THAT(MakeError(ErrorCode::kLimitExceeded, ""), IsThrottled());
  EXPECT_THAT(MakeError(ErrorCode::kKmsThrottling, ""), IsThrottled());
  EXPECT_THAT(MakeError(ErrorCode::kInternalFailure, ""), Not(IsThrottled()));
  EXPECT_THAT(absl::OkStatus(), Not(IsThrottled()));

  const std::string large(1024 * 1024 - 1, 'x');
  const std::vector<PutRecordsRequestEntry> entries(2, {.data = large, .partition_key = "k"});
  const auto put = kinesis.PutRecords({.records = entries, .stream_name = "orders"});
  EXPECT_THAT(put->records, ElementsAre(Not(IsThrottled()), IsThrottled()));
}

TEST_F(MatchersTest, LookIntoPagesEventsAndBatches) {
  Put("orders", "a", "1");
  const absl::StatusOr<GetRecordsResponse> page =
      kinesis.GetRecords({.shard_iterator = First().shard_iterator});
  EXPECT_THAT(page, HasRecords(ElementsAre(IsRecord("a", "1"))));
  EXPECT_THAT(*page, HasRecords(ElementsAre(IsRecord("a", "1"))));
  EXPECT_THAT(page->records, HasRecords(testing::SizeIs(1)));
  EXPECT_THAT(page, Not(HasRecords(IsEmpty())));
  EXPECT_THAT(ExplanationOf(HasRecords(ElementsAre(IsRecord("a", "2"))), *page),
              testing::AllOf(HasSubstr("a: 1 ("), HasSubstr("element #0 doesn't match")));

  const absl::StatusOr<GetRecordsResponse> failed = kinesis.GetRecords({.shard_iterator = "?"});
  EXPECT_THAT(failed, Not(HasRecords(testing::_)));
  EXPECT_EQ(ExplanationOf(HasRecords(IsEmpty()), failed), "which has failed");

  const std::string consumer =
      kinesis
          .RegisterStreamConsumer(
              {.stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
               .consumer_name = "shipping"})
          ->consumer.consumer_arn;
  const auto subscription = kinesis.SubscribeToShard(
      {.consumer_arn = consumer,
       .shard_id = "0",
       .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}});
  EXPECT_THAT((*subscription)->Poll(), HasRecords(ElementsAre(IsRecord("a", "1"))));
  EXPECT_THAT((*subscription)->Poll(), HasRecords(IsEmpty()));
}

TEST_F(MatchersTest, KnowTheOrderOfEachKey) {
  for (const char* data : {"1", "2", "3"}) {
    Put("orders", "a", data);
    Put("orders", "b", data);
  }
  std::vector<ReceivedRecord> records = ReadAll("orders");
  ASSERT_EQ(records.size(), 6U);
  EXPECT_THAT(records, InOrderPerKey());
  records = {{"a", "1", SequenceNumber::Parse("1").value()},
             {"b", "1", SequenceNumber::Parse("9").value()},
             {"a", "2", SequenceNumber::Parse("5").value()}};
  EXPECT_THAT(records, InOrderPerKey()) << "keys do not care for each other";
  std::swap(records[0], records[2]);
  EXPECT_EQ(ExplanationOf(InOrderPerKey(), records), "which has a: 2 (5) before a: 1 (1)");
  records[2] = records[0];
  EXPECT_EQ(ExplanationOf(InOrderPerKey(), records), "which has twice a: 2 (5)");
}

}  // namespace
}  // namespace riacho
