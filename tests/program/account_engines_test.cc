// Who sees which streams.
#include "program/account_engines.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/time/manual_clock.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> StreamsOf(Client& kinesis) {
  return kinesis.ListStreams({}).value().stream_names;
}

TEST(AccountEngines, AnAccountSeesItsOwnStreamsOnly) {
  ManualClock clock;
  AccountEngines accounts(clock, {.account_id = "111122223333"});
  Client* const other = accounts.ClientOf("444455556666");
  ASSERT_NE(other, nullptr);
  ASSERT_TRUE(other->CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
  EXPECT_THAT(StreamsOf(*other), ElementsAre("orders"));
  EXPECT_THAT(StreamsOf(accounts.client()), IsEmpty());
  EXPECT_EQ(other->DescribeStreamSummary({.stream_name = "orders"})
                ->stream_description_summary.stream_arn,
            "arn:aws:kinesis:us-east-1:444455556666:stream/orders");
}

TEST(AccountEngines, TheSameAccountIsTheSameEngine) {
  ManualClock clock;
  AccountEngines accounts(clock, {.account_id = "111122223333"});
  EXPECT_EQ(accounts.ClientOf("111122223333"), &accounts.client());
  EXPECT_EQ(accounts.ClientOf("444455556666"), accounts.ClientOf("444455556666"));
}

TEST(AccountEngines, TakeOtherTextForNoAccount) {
  ManualClock clock;
  AccountEngines accounts(clock, {});
  for (const char* const text : {"", "test", "12345678901", "1234567890123", "12345678901x"})
    EXPECT_EQ(accounts.ClientOf(text), nullptr) << text;
}

TEST(AccountEngines, AreNotMadeBeyondTheirLimit) {
  ManualClock clock;
  AccountEngines accounts(clock, {});
  Client* const first = accounts.ClientOf("200000000000");
  for (std::size_t i = 1; i + 1 < AccountEngines::kMostAccounts; ++i)
    ASSERT_NE(accounts.ClientOf(std::to_string(200000000000 + i)), nullptr) << i;
  EXPECT_EQ(accounts.ClientOf("300000000000"), nullptr);
  EXPECT_EQ(accounts.ClientOf("200000000000"), first);
}

TEST(AccountEngines, WithASeedStillRefuseEachOthersIterators) {
  ManualClock clock;
  AccountEngines accounts(clock, {.seed = 7});
  Client* const other = accounts.ClientOf("444455556666");
  const auto iterator_of = [](Client& kinesis) {
    EXPECT_TRUE(kinesis.CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
    return kinesis
        .GetShardIterator({.stream_name = "orders",
                           .shard_id = "0",
                           .shard_iterator_type = ShardIteratorType::kLatest})
        ->shard_iterator;
  };
  const std::string iterator = iterator_of(accounts.client());
  iterator_of(*other);
  EXPECT_TRUE(accounts.client().GetRecords({.shard_iterator = iterator}).ok());
  EXPECT_FALSE(other->GetRecords({.shard_iterator = iterator}).ok());
}

}  // namespace
}  // namespace riacho::internal
