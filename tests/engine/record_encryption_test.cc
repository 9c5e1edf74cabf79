// What lies in the log of an encrypted stream, and that each principal has data keys of its own.
// Looks below the Client interface: from above, sealed records cannot be told from clear ones.
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_client.h"
#include "engine/record_fixture.h"

namespace riacho::internal {
namespace {

using testing::HasSubstr;
using testing::Not;

using Op = KeyOperation;

Principal MayDoAll(const std::string& name) {
  constexpr std::string_view kAll =
      R"({"Version": "2012-10-17",
          "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  return Principal::User(name, {*Policy::Parse(kAll, PolicyKind::kIdentity)});
}

class RecordEncryptionTest : public testing::Test {
 protected:
  RecordEncryptionTest() {
    EXPECT_THAT(ann.CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
    EXPECT_THAT(ann.StartStreamEncryption({.stream_name = "orders",
                                           .encryption_type = EncryptionType::kKms,
                                           .key_id = "alias/aws/kinesis"}),
                Succeeds());
  }

  absl::Status Put(Client& client, std::string_view data = "paid") {
    return client.PutRecord({.stream_name = "orders", .data = data, .partition_key = "order-17"})
        .status();
  }
  absl::Status Read(Client& client) {
    const std::string iterator =
        client
            .GetShardIterator({.stream_name = "orders",
                               .shard_id = "0",
                               .shard_iterator_type = ShardIteratorType::kTrimHorizon})
            ->shard_iterator;
    return client.GetRecords({.shard_iterator = iterator}).status();
  }
  // The records of the one shard as they are stored.
  std::vector<std::string> Stored() {
    const EpochGuard guard;
    const Stream* const stream = account.streams.Find("orders", account.NowNanos());
    std::vector<std::string> stored;
    std::uint64_t index = 0;
    stream->map().routed().front()->log.Scan(
        index, nullptr, INT64_MIN, false, [&](Segment&, std::uint64_t, const FrameView& frame) {
          stored.push_back(std::string(frame.partition_key) + "|" + std::string(frame.data));
          return true;
        });
    return stored;
  }

  ManualClock clock;
  Account account{clock, {}};
  EngineClient ann{account, MayDoAll("ann")};
  EngineClient bob{account, MayDoAll("bob")};
};

TEST_F(RecordEncryptionTest, DataLiesSealedInTheLogAndPartitionKeysLieClear) {
  const std::string secret = "a card number";
  ASSERT_THAT(Put(ann, secret), Succeeds());
  const std::vector<std::string> stored = Stored();
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_THAT(stored[0], Not(HasSubstr("card")));
  EXPECT_EQ(stored[0].size(),
            std::string("order-17|").size() + secret.size() + RecordCipher::kSealBytes);
  EXPECT_TRUE(stored[0].starts_with("order-17|"));
}

TEST_F(RecordEncryptionTest, EqualDataIsSealedToDifferentBytes) {
  ASSERT_THAT(Put(ann), Succeeds());
  ASSERT_THAT(Put(ann), Succeeds());
  const std::vector<std::string> stored = Stored();
  EXPECT_NE(stored[0], stored[1]);
}

TEST_F(RecordEncryptionTest, EachPrincipalHasDataKeysOfItsOwn) {
  const KeyStore& keys = *account.key_store;
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(Put(ann), Succeeds());
    ASSERT_THAT(Put(bob), Succeeds());
  }
  EXPECT_EQ(keys.request_count(Op::kGenerateDataKey), 2);
  for (int i = 0; i < 2; ++i) ASSERT_THAT(Read(ann), Succeeds());
  EXPECT_EQ(keys.request_count(Op::kDecrypt), 2);
  for (int i = 0; i < 2; ++i) ASSERT_THAT(Read(bob), Succeeds());
  EXPECT_EQ(keys.request_count(Op::kDecrypt), 4);
}

TEST_F(RecordEncryptionTest, WhatOnePrincipalMayDoHelpsNoOther) {
  KeyStore& keys = *account.key_store;
  ASSERT_THAT(keys.CreateKey({.key_id = "mine"}), Succeeds());
  ASSERT_THAT(
      ann.StartStreamEncryption(
          {.stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = "mine"}),
      Succeeds());
  ASSERT_THAT(keys.CreateGrant("mine", "arn:aws:iam::123456789012:user/ann",
                               {Op::kDecrypt, Op::kGenerateDataKey}),
              Succeeds());
  ASSERT_THAT(keys.CreateGrant("mine", "arn:aws:iam::123456789012:user/bob", {Op::kDecrypt}),
              Succeeds());
  EXPECT_THAT(Put(ann), Succeeds());
  EXPECT_THAT(Read(ann), Succeeds());
  EXPECT_THAT(Put(bob), FailsAs(ErrorCode::kKmsAccessDenied));
  EXPECT_THAT(Read(bob), Succeeds());
}

TEST_F(RecordEncryptionTest, SealedRecordsOfAnotherStreamDoNotOpen) {
  ASSERT_THAT(Put(ann), Succeeds());
  ASSERT_THAT(ann.CreateStream({.stream_name = "returns", .shard_count = 1}), Succeeds());
  const EpochGuard guard;
  const std::string sealed = Stored()[0].substr(std::string("order-17|").size());
  ShardPage page;
  page.records.Add({.data = sealed, .encryption_type = EncryptionType::kKms});
  page.sealed_records = 1;
  const std::int64_t now = account.NowNanos();
  const Authorizer caller(account, MayDoAll("ann"));
  EXPECT_THAT(account.encryption.Open(page, *account.streams.Find("returns", now), caller, now),
              FailsAs(ErrorCode::kKmsAccessDenied));
}

}  // namespace
}  // namespace riacho::internal
