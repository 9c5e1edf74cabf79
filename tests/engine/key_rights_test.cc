// What principals need to be allowed of a key: to seal, to open, and to give it to a stream.
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"

namespace riacho {
namespace {

const char kFirstArn[] = "arn:aws:kms:us-east-1:123456789012:key/first";

std::string Statement(const std::string& action, const std::string& resource,
                      const std::string& condition = "{}") {
  return R"({"Effect": "Allow", "Action": ")" + action + R"(", "Resource": ")" + resource +
         R"(", "Condition": )" + condition + "}";
}

class KeyRightsTest : public testing::Test {
 protected:
  // A client of a user who may do everything with streams, and with keys what the statement says.
  std::unique_ptr<Client> Ann(const std::string& statement = "") {
    std::string statements = Statement("kinesis:*", "*");
    if (!statement.empty()) statements += "," + statement;
    const absl::StatusOr<Policy> policy = Policy::Parse(
        R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}", PolicyKind::kIdentity);
    EXPECT_THAT(policy, Succeeds());
    return world.NewClient(Principal::User("ann", {*policy}));
  }
  absl::Status Put(Client& client) {
    return client.PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "k"})
        .status();
  }
  absl::Status Read(Client& client) {
    return client.GetRecords({.shard_iterator = world.Iterator("orders", 0)}).status();
  }
  static auto Denied(const std::string& action) {
    return FailsWith(ErrorCode::kKmsAccessDenied,
                     "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: " +
                         action + " on resource: " + kFirstArn +
                         " because no identity-based policy allows the " + action + " action");
  }

  EncryptionWorld world;
};

TEST_F(KeyRightsTest, AProducerNeedsGenerateDataKey) {
  world.Start("first");
  const std::unique_ptr<Client> without = Ann(Statement("kms:Decrypt", kFirstArn));
  EXPECT_THAT(Put(*without), Denied("kms:GenerateDataKey"));
  const PutRecordsRequestEntry entry = {.data = "paid", .partition_key = "k"};
  EXPECT_THAT(without->PutRecords({.records = {&entry, 1}, .stream_name = "orders"}),
              Denied("kms:GenerateDataKey"));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, testing::IsEmpty());
  EXPECT_THAT(Put(*Ann(Statement("kms:GenerateDataKey", kFirstArn))), Succeeds());
  EXPECT_THAT(Put(*without), Succeeds()) << "the data key of the same user serves five minutes";
  world.LetDataKeysExpire();
  EXPECT_THAT(Put(*Ann(Statement("kms:GenerateDataKey", "arn:aws:kms:*:*:key/other"))),
              Denied("kms:GenerateDataKey"));
}

TEST_F(KeyRightsTest, AConsumerNeedsDecrypt) {
  world.Start("alias/first");
  const std::string arn = world.Register("orders", "billing");
  const std::unique_ptr<Client> without = Ann(Statement("kms:GenerateDataKey", kFirstArn));
  ASSERT_THAT(Put(*without), Succeeds());
  EXPECT_THAT(Read(*without), Denied("kms:Decrypt"));
  const auto subscribe = [&](Client& client) {
    return client
        .SubscribeToShard(
            {.consumer_arn = arn,
             .shard_id = "0",
             .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}})
        .value();
  };
  EXPECT_THAT(subscribe(*without)->Poll(), Denied("kms:Decrypt"));
  world.Advance(absl::Seconds(5));
  std::unique_ptr<Client> with = Ann(Statement("kms:Decrypt", kFirstArn));
  EXPECT_THAT(Read(*with), Succeeds());
  // A subscription outlives the client that opened it, and keeps its rights.
  const std::unique_ptr<Subscription> subscription = subscribe(*with);
  with.reset();
  world.LetDataKeysExpire();
  EXPECT_THAT(subscription->Poll(), Succeeds());
}

TEST_F(KeyRightsTest, ConditionsSeeTheServiceAndTheStream) {
  world.Start("first");
  const std::string of_orders =
      R"({"StringEquals": {"kms:ViaService": "kinesis.us-east-1.amazonaws.com",
                           "kms:CallerAccount": "123456789012",
                           "kms:EncryptionContext:aws:kinesis:arn": ")" +
      StreamArnOf("orders") + R"("}})";
  EXPECT_THAT(Put(*Ann(Statement("kms:*", kFirstArn, of_orders))), Succeeds());
  world.LetDataKeysExpire();
  const std::string of_another = R"({"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": ")" +
                                 StreamArnOf("clicks") + R"("}})";
  EXPECT_THAT(Put(*Ann(Statement("kms:*", kFirstArn, of_another))), Denied("kms:GenerateDataKey"));
}

TEST_F(KeyRightsTest, TheKeyOfTheServiceServesEverybodyInTheAccount) {
  world.Start("alias/aws/kinesis");
  const std::unique_ptr<Client> ann = Ann();
  EXPECT_THAT(Put(*ann), Succeeds());
  EXPECT_THAT(Read(*ann), Succeeds());
}

TEST_F(KeyRightsTest, AGrantIsEnough) {
  world.Start("first");
  ASSERT_THAT(world.keys.CreateGrant("first", "arn:aws:iam::123456789012:user/ann",
                                     {KeyOperation::kGenerateDataKey}),
              Succeeds());
  EXPECT_THAT(Put(*Ann()), Succeeds());
}

// It is the service that asks for the key, and it does not go through the caller's endpoint.
TEST_F(KeyRightsTest, AnEndpointForStreamsNeedNotAllowKeys) {
  world.Start("first");
  Principal ann = Principal::User(
      "ann", {*Policy::Parse(R"({"Version": "2012-10-17", "Statement": [)" +
                                 Statement("kinesis:*", "*") + "," + Statement("kms:*", "*") + "]}",
                             PolicyKind::kIdentity)});
  ann.via_endpoint =
      VpcEndpoint{.vpc_endpoint_id = "vpce-1",
                  .policy = *Policy::Parse(
                      R"({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kinesis:*",
                             "Resource": "*"}]})",
                      PolicyKind::kResource)};
  const std::unique_ptr<Client> through = world.NewClient(ann);
  EXPECT_THAT(Put(*through), Succeeds());
  EXPECT_THAT(Read(*through), Succeeds());
}

TEST_F(KeyRightsTest, AGrantDoesNotHelpWhereAPolicyDenies) {
  world.Start("first");
  ASSERT_THAT(world.keys.CreateGrant("first", "arn:aws:iam::123456789012:user/ann",
                                     {KeyOperation::kGenerateDataKey}),
              Succeeds());
  const std::string deny = R"({"Effect": "Deny", "Action": "kms:*", "Resource": "*"})";
  EXPECT_THAT(
      Put(*Ann(deny)),
      FailsWith(ErrorCode::kKmsAccessDenied,
                "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: "
                "kms:GenerateDataKey on resource: " +
                    std::string(kFirstArn) + " with an explicit deny in an identity-based policy"));
}

TEST_F(KeyRightsTest, WhoStartsOrStopsEncryptionNeedsTheKeyBesidesTheStream) {
  const auto policy = [](const std::string& statements) {
    return *Policy::Parse(R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}",
                          PolicyKind::kIdentity);
  };
  const auto client = [&](const std::string& statements) {
    return world.NewClient(Principal::User("ann", {policy(statements)}));
  };
  const auto start = [](Client& kinesis) {
    return kinesis.StartStreamEncryption({.stream_name = "orders",
                                          .encryption_type = EncryptionType::kKms,
                                          .key_id = "alias/first"});
  };
  const auto stop = [](Client& kinesis) {
    return kinesis.StopStreamEncryption({.stream_name = "orders",
                                         .encryption_type = EncryptionType::kKms,
                                         .key_id = "alias/first"});
  };
  const std::string stream = Statement("kinesis:St*StreamEncryption", StreamArnOf("orders"));
  const std::string key = Statement("kinesis:St*StreamEncryption", kFirstArn);
  const std::string describe = Statement("kms:DescribeKey", kFirstArn);
  const auto denied = [](const std::string& action) {
    return FailsWith(ErrorCode::kAccessDenied,
                     "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: " +
                         action + " on resource: " + kFirstArn +
                         " because no identity-based policy allows the " + action + " action");
  };
  EXPECT_THAT(start(*client(stream)), denied("kinesis:StartStreamEncryption"));
  EXPECT_THAT(start(*client(stream + "," + key)), Denied("kms:DescribeKey"));
  EXPECT_THAT(start(*client(stream + "," + key + "," + describe)), Succeeds());
  EXPECT_THAT(stop(*client(stream)), denied("kinesis:StopStreamEncryption"));
  EXPECT_THAT(stop(*client(stream + "," + key)), Succeeds()) << "it does not ask the key";
}

}  // namespace
}  // namespace riacho
