// What a client may do, by the policies of its principal and of the resource.
#include "engine/access.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/account.h"
#include "engine/record_fixture.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

using testing::HasSubstr;

constexpr char kAlice[] = "arn:aws:iam::123456789012:user/alice";

std::string DeniedText(std::string_view user, std::string_view action, std::string_view resource,
                       std::string_view why) {
  const std::string on = resource == "*" ? "" : " on resource: " + std::string(resource);
  return "User: " + std::string(user) +
         " is not authorized to perform: kinesis:" + std::string(action) + on + " " +
         std::string(why);
}
std::string ImplicitText(std::string_view user, std::string_view action,
                         std::string_view resource) {
  return DeniedText(
      user, action, resource,
      "because no identity-based policy allows the kinesis:" + std::string(action) + " action");
}

// A stream of two shards, a consumer, a record, a policy on both resources, and what it takes to go
// on with them.
class AccessWorld : public RecordWorld {
 public:
  explicit AccessWorld(EngineOptions options = {}) : RecordWorld(std::move(options)) {
    Create("orders", 2);
    consumer_arn = Register("orders", "app");
    Put("orders", "key");
    iterator = Iterator("orders", 0);
    next_token =
        *kinesis->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token;
  }

  std::unique_ptr<Client> As(Principal principal) { return NewClient(std::move(principal)); }
  std::unique_ptr<Client> User(std::vector<Policy> policies) {
    return As(Principal::User("alice", std::move(policies)));
  }
  std::unique_ptr<Client> Stranger(std::vector<Policy> policies) {
    Principal principal = Principal::User("alice", std::move(policies));
    principal.account_id = kStranger;
    return As(std::move(principal));
  }
  void Share(std::string_view principal, std::string_view action,
             std::string_view effect = "Allow") {
    ASSERT_THAT(kinesis->PutResourcePolicy(
                    {.resource_arn = StreamArnOf("orders"),
                     .policy = ResourcePolicyJson(effect, principal, action, kOrders)}),
                Succeeds());
  }
  void ShareConsumer(std::string_view principal, std::string_view action) {
    ASSERT_THAT(kinesis->PutResourcePolicy(
                    {.resource_arn = consumer_arn,
                     .policy = ResourcePolicyJson("Allow", principal, action, consumer_arn)}),
                Succeeds());
  }

  std::string consumer_arn;
  std::string iterator;
  std::string next_token;
};

PutRecordRequest PutTo(std::string_view stream) {
  return {.stream_name = stream, .data = "data", .partition_key = "key"};
}
PutRecordRequest PutToArn(std::string_view arn) {
  return {.data = "data", .partition_key = "key", .stream_arn = arn};
}

// One way to call an operation: `call` succeeds when it is allowed on `resource`, which is "*", or
// an ARN in which "CONSUMER" stands for the consumer's.
struct Row {
  std::string action;
  std::string resource;
  std::function<absl::Status(AccessWorld& world, Client& client)> call;
};

const std::vector<Row>& Rows() {
  static const std::string kArn = kOrders;
  static const std::string kShard = "shardId-000000000000";
  static const auto* const kRows = new std::vector<Row>{
      {"CreateStream", "arn:aws:kinesis:us-east-1:123456789012:stream/carts",
       [](AccessWorld&, Client& client) {
         return client.CreateStream({.stream_name = "carts", .shard_count = 1}).status();
       }},
      {"DeleteStream", kArn,
       [](AccessWorld&, Client& client) {
         return client.DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true})
             .status();
       }},
      {"DescribeStream", kArn,
       [](AccessWorld&, Client& client) {
         return client.DescribeStream({.stream_name = "orders"}).status();
       }},
      {"DescribeStreamSummary", kArn,
       [](AccessWorld&, Client& client) {
         return client.DescribeStreamSummary({.stream_arn = kArn}).status();
       }},
      {"ListStreams", "*",
       [](AccessWorld&, Client& client) { return client.ListStreams({}).status(); }},
      {"IncreaseStreamRetentionPeriod", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .IncreaseStreamRetentionPeriod({.stream_name = "orders", .retention_period_hours = 48})
             .status();
       }},
      {"DecreaseStreamRetentionPeriod", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .DecreaseStreamRetentionPeriod({.stream_name = "orders", .retention_period_hours = 24})
             .status();
       }},
      {"ListShards", kArn,
       [](AccessWorld&, Client& client) {
         return client.ListShards({.stream_name = "orders"}).status();
       }},
      {"ListShards", kArn,
       [](AccessWorld& world, Client& client) {
         return client.ListShards({.next_token = world.next_token}).status();
       }},
      {"SplitShard", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .SplitShard({.stream_name = "orders",
                          .shard_to_split = kShard,
                          .new_starting_hash_key = "1000"})
             .status();
       }},
      {"MergeShards", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .MergeShards({.stream_name = "orders",
                           .shard_to_merge = kShard,
                           .adjacent_shard_to_merge = ShardName(1)})
             .status();
       }},
      {"UpdateShardCount", "*",
       [](AccessWorld&, Client& client) {
         return client.UpdateShardCount({.stream_name = "orders", .target_shard_count = 1})
             .status();
       }},
      {"PutRecord", kArn,
       [](AccessWorld&, Client& client) { return client.PutRecord(PutTo("orders")).status(); }},
      {"PutRecord", kArn,
       [](AccessWorld&, Client& client) { return client.PutRecord(PutToArn(kArn)).status(); }},
      {"PutRecords", kArn,
       [](AccessWorld&, Client& client) {
         const std::vector<PutRecordsRequestEntry> records = {
             {.data = "x", .partition_key = "key"}};
         return client.PutRecords({.records = records, .stream_name = "orders"}).status();
       }},
      {"GetShardIterator", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .GetShardIterator({.stream_name = "orders",
                                .shard_id = kShard,
                                .shard_iterator_type = ShardIteratorType::kLatest})
             .status();
       }},
      {"GetRecords", kArn,
       [](AccessWorld& world, Client& client) {
         return client.GetRecords({.shard_iterator = world.iterator}).status();
       }},
      {"RegisterStreamConsumer", kArn,
       [](AccessWorld&, Client& client) {
         return client.RegisterStreamConsumer({.stream_arn = kArn, .consumer_name = "second"})
             .status();
       }},
      {"DeregisterStreamConsumer", "CONSUMER",
       [](AccessWorld&, Client& client) {
         return client.DeregisterStreamConsumer({.stream_arn = kArn, .consumer_name = "app"})
             .status();
       }},
      {"DescribeStreamConsumer", "CONSUMER",
       [](AccessWorld& world, Client& client) {
         return client.DescribeStreamConsumer({.consumer_arn = world.consumer_arn}).status();
       }},
      {"ListStreamConsumers", kArn,
       [](AccessWorld&, Client& client) {
         return client.ListStreamConsumers({.stream_arn = kArn}).status();
       }},
      {"SubscribeToShard", "CONSUMER",
       [](AccessWorld& world, Client& client) {
         return client
             .SubscribeToShard(
                 {.consumer_arn = world.consumer_arn,
                  .shard_id = kShard,
                  .starting_position = StartingPosition{.type = ShardIteratorType::kLatest}})
             .status();
       }},
      {"PutResourcePolicy", kArn,
       [](AccessWorld&, Client& client) {
         return client
             .PutResourcePolicy(
                 {.resource_arn = kArn,
                  .policy = ResourcePolicyJson("Allow", Aws(kStranger), "kinesis:PutRecord", kArn)})
             .status();
       }},
      {"PutResourcePolicy", "CONSUMER",
       [](AccessWorld& world, Client& client) {
         return client
             .PutResourcePolicy(
                 {.resource_arn = world.consumer_arn,
                  .policy = ResourcePolicyJson("Allow", Aws(kStranger), "kinesis:SubscribeToShard",
                                               world.consumer_arn)})
             .status();
       }},
      {"GetResourcePolicy", kArn,
       [](AccessWorld&, Client& client) {
         return client.GetResourcePolicy({.resource_arn = kArn}).status();
       }},
      {"DeleteResourcePolicy", kArn,
       [](AccessWorld& world, Client& client) {
         world.Share(Aws(kStranger), "kinesis:PutRecord");
         return client.DeleteResourcePolicy({.resource_arn = kArn}).status();
       }},
      {"DeleteResourcePolicy", "CONSUMER",
       [](AccessWorld& world, Client& client) {
         world.ShareConsumer(Aws(kStranger), "kinesis:SubscribeToShard");
         return client.DeleteResourcePolicy({.resource_arn = world.consumer_arn}).status();
       }},
  };
  return *kRows;
}

std::string ResourceOf(const Row& row, const AccessWorld& world) {
  return row.resource == "CONSUMER" ? world.consumer_arn : row.resource;
}

TEST(Access, EveryOperationIsDeniedWithoutAPolicyThatAllowsIt) {
  for (const Row& row : Rows()) {
    AccessWorld world;
    const std::string resource = ResourceOf(row, world);
    const auto denied =
        FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, row.action, resource));
    EXPECT_THAT(row.call(world, *world.User({})), denied) << row.action;
    const Policy others = Read(R"({"Statement":{"Effect":"Allow","NotAction":"kinesis:)" +
                               row.action + R"(","Resource":"*"}})");
    EXPECT_THAT(row.call(world, *world.User({others})), denied) << row.action;
    const Policy elsewhere = Allow("kinesis:*", resource == "*" ? kOrders : resource + "x");
    EXPECT_THAT(row.call(world, *world.User({elsewhere})), denied) << row.action;
  }
}

TEST(Access, EveryOperationIsAllowedByItsActionOnItsResource) {
  for (const Row& row : Rows()) {
    AccessWorld world;
    const Policy policy = Allow("kinesis:" + row.action, ResourceOf(row, world));
    EXPECT_THAT(row.call(world, *world.User({policy})), Succeeds()) << row.action;
  }
}

TEST(Access, AnExplicitDenyIsSaid) {
  for (const Row& row : Rows()) {
    AccessWorld world;
    EXPECT_THAT(row.call(world, *world.User({Allow("*"), Deny("kinesis:" + row.action)})),
                FailsWith(ErrorCode::kAccessDenied,
                          DeniedText(kAlice, row.action, ResourceOf(row, world),
                                     "with an explicit deny in an identity-based policy")))
        << row.action;
  }
}

TEST(Access, TheAccountsRootMayDoEverything) {
  for (const Row& row : Rows()) {
    AccessWorld world;
    EXPECT_THAT(row.call(world, *world.kinesis), Succeeds()) << row.action;
    AccessWorld shared;  // with resource policies in the engine
    shared.Share(Aws(kStranger), "kinesis:PutRecord");
    EXPECT_THAT(row.call(shared, *shared.kinesis), Succeeds()) << row.action;
  }
}

TEST(Access, ADeniedCallChangesNothing) {
  AccessWorld world;
  const std::size_t records =
      world.ReadAll("orders", ShardName(0)).size() + world.ReadAll("orders", ShardName(1)).size();
  EXPECT_THAT(world.User({})->PutRecord(PutTo("orders")), FailsAs(ErrorCode::kAccessDenied));
  world.Advance(absl::Seconds(1));
  EXPECT_EQ(
      world.ReadAll("orders", ShardName(0)).size() + world.ReadAll("orders", ShardName(1)).size(),
      records);
}

TEST(OrderOfChecks, ValidationComesBeforeAuthorisation) {
  AccessWorld world;
  EXPECT_THAT(
      world.User({})->PutRecord({.stream_name = "orders", .data = "x", .partition_key = ""}),
      FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.User({})->ListShards({.stream_name = "orders", .max_results = 0}),
              FailsAs(ErrorCode::kValidation));
}

TEST(OrderOfChecks, AuthorisationComesBeforeExistence) {
  AccessWorld world;
  const std::string arn = StreamArnOf("nowhere");
  EXPECT_THAT(world.User({})->PutRecord(PutTo("nowhere")),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "PutRecord", arn)));
  EXPECT_THAT(world.User({Allow("kinesis:PutRecord", arn)})->PutRecord(PutTo("nowhere")),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nowhere")));
  // A consumer that is not there has no second of creation.
  const std::string consumer = StreamArnOf("orders") + "/consumer/nobody:0";
  EXPECT_THAT(world.User({})->DescribeStreamConsumer(
                  {.stream_arn = StreamArnOf("orders"), .consumer_name = "nobody"}),
              FailsWith(ErrorCode::kAccessDenied,
                        ImplicitText(kAlice, "DescribeStreamConsumer", consumer)));
}

TEST(OrderOfChecks, AuthorisationComesBeforeTheConsistencyOfArguments) {
  AccessWorld world;
  PutRecordRequest request = PutToArn(kOrders);
  request.stream_name = "carts";
  EXPECT_THAT(world.User({})->PutRecord(request), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(world.User({Allow("kinesis:PutRecord", kOrders)})->PutRecord(request),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST(OrderOfChecks, WhatNamesNoResourceIsRefusedByItsOperation) {
  AccessWorld world;
  EXPECT_THAT(world.User({})->PutRecord({.data = "data", .partition_key = "key"}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.User({})->GetRecords({.shard_iterator = "x"}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid ShardIterator."));
  EXPECT_THAT(world.User({})->ListShards({.next_token = "x"}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken."));
}

TEST(OrderOfChecks, AuthorisationComesBeforeDryRun) {
  AccessWorld world;
  PutRecordRequest request = PutTo("orders");
  request.dry_run = true;
  EXPECT_THAT(world.User({})->PutRecord(request), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(world.User({Allow("*")})->PutRecord(request), FailsAs(ErrorCode::kDryRunOperation));
}

TEST(OrderOfChecks, AnOldIteratorStillTellsItsStream) {
  AccessWorld world;
  world.Advance(absl::Hours(1));
  EXPECT_THAT(world.User({})->GetRecords({.shard_iterator = world.iterator}),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "GetRecords", kOrders)));
  EXPECT_THAT(world.User({})->ListShards({.next_token = world.next_token}),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "ListShards", kOrders)));
  EXPECT_THAT(world.User({Allow("*")})->GetRecords({.shard_iterator = world.iterator}),
              FailsAs(ErrorCode::kExpiredIterator));
}

TEST(Spelling, OfAnArnEvadesNoPolicy) {
  AccessWorld world;
  const auto alice = world.User({Allow("*"), Deny("kinesis:*", kOrders)});
  for (const std::string& arn :
       {std::string(kOrders),
        std::string("arn:aws-cn:kinesis:us-east-1:123456789012:stream/orders"),
        std::string("arn:awsx:kinesis:us-east-1:123456789012:stream/orders"), world.consumer_arn}) {
    EXPECT_THAT(alice->PutRecord(PutToArn(arn)),
                FailsWith(ErrorCode::kAccessDenied,
                          DeniedText(kAlice, "PutRecord", kOrders,
                                     "with an explicit deny in an identity-based policy")))
        << arn;
  }
  EXPECT_THAT(world.User({Allow("*")})
                  ->PutRecord(PutToArn("arn:aws:kinesis:us-east-1:123456789012:stream/a/b")),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST(NoneInTheTable, AStatementThatNamesAStreamDoesNotGrantUpdateShardCount) {
  AccessWorld world;
  const UpdateShardCountRequest request = {.stream_name = "orders", .target_shard_count = 1};
  EXPECT_THAT(world.User({Allow("kinesis:*", kOrders)})->UpdateShardCount(request),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "UpdateShardCount", "*")));
  EXPECT_THAT(world.User({Allow("kinesis:*", "*")})->UpdateShardCount(request), Succeeds());
}

TEST(NoneInTheTable, ItDoesWithLenientResourceLevel) {
  EngineOptions options;
  options.lenient_resource_level = true;
  AccessWorld world(options);
  const UpdateShardCountRequest request = {.stream_name = "orders", .target_shard_count = 1};
  EXPECT_THAT(
      world.User({})->UpdateShardCount(request),
      FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "UpdateShardCount", kOrders)));
  EXPECT_THAT(world.User({Allow("kinesis:*", kOrders)})->UpdateShardCount(request), Succeeds());
}

// No backend has channels yet, so the authorizer is asked directly.
TEST(Channels, AreAuthorisedOnTheirArn) {
  ManualClock clock;
  internal::Account account(clock, {});
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:channel/c-1";
  const auto ask = [&account](const Policy& policy, const auto& request) {
    return internal::Authorizer(account, Principal::User("alice", {policy}))
        .Authorize(request, account.NowNanos());
  };
  const DescribeChannelRequest describe = {.channel_arn = arn};
  EXPECT_THAT(ask(Allow("kinesis:DescribeChannel", arn), describe), Succeeds());
  EXPECT_THAT(ask(Allow("kinesis:DescribeChannel", arn + "0"), describe),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "DescribeChannel", arn)));
  EXPECT_THAT(ask(Allow("*"),
                  DescribeChannelRequest{.channel_arn =
                                             "arn:aws:kinesis:us-east-1:999999999999:channel/c-1"}),
              FailsAs(ErrorCode::kAccessDenied));
  const std::string channels = "arn:aws:kinesis:us-east-1:123456789012:channel/*";
  EXPECT_THAT(ask(Allow("kinesis:CreateChannel", channels), CreateChannelRequest{}), Succeeds());
  EXPECT_THAT(ask(Allow("kinesis:CreateChannel", kOrders), CreateChannelRequest{}),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "CreateChannel", channels)));
  EXPECT_THAT(ask(Allow("*", kOrders), ListChannelsRequest{}),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "ListChannels", "*")));
}

TEST(CrossAccount, NeedsBothSides) {
  AccessWorld world;
  const Policy puts = Allow("kinesis:PutRecord");
  EXPECT_THAT(world.Stranger({puts})->PutRecord(PutToArn(kOrders)),
              FailsWith(ErrorCode::kAccessDenied,
                        DeniedText("arn:aws:iam::999999999999:user/alice", "PutRecord", kOrders,
                                   "because no resource-based policy allows the kinesis:PutRecord "
                                   "action")));
  world.Share(Aws(kStranger), "kinesis:PutRecord");
  EXPECT_THAT(
      world.Stranger({})->PutRecord(PutToArn(kOrders)),
      FailsWith(ErrorCode::kAccessDenied,
                ImplicitText("arn:aws:iam::999999999999:user/alice", "PutRecord", kOrders)));
  EXPECT_THAT(world.Stranger({puts})->PutRecord(PutToArn(kOrders)), Succeeds());
  EXPECT_THAT(world.As(Principal::Root(kStranger))->PutRecord(PutToArn(kOrders)), Succeeds());
}

TEST(CrossAccount, ABareNameMeansAStreamOfTheCallersAccount) {
  AccessWorld world;
  world.Share(Aws(kStranger), "kinesis:PutRecord");
  const std::string theirs = "arn:aws:kinesis:us-east-1:999999999999:stream/orders";
  EXPECT_THAT(world.Stranger({})->PutRecord(PutTo("orders")),
              FailsWith(ErrorCode::kAccessDenied,
                        ImplicitText("arn:aws:iam::999999999999:user/alice", "PutRecord", theirs)));
  EXPECT_THAT(world.Stranger({Allow("*")})->PutRecord(PutTo("orders")),
              FailsWith(ErrorCode::kResourceNotFound,
                        "Stream orders under account 999999999999 not found."));
}

TEST(CrossAccount, AnAccountThatIsNotHereHasNoStreamsToListOrCreate) {
  AccessWorld world;
  const auto stranger = world.Stranger({Allow("*")});
  const auto unknown =
      FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters");
  EXPECT_THAT(stranger->ListStreams({}), unknown);
  EXPECT_THAT(stranger->CreateStream({.stream_name = "carts", .shard_count = 1}), unknown);
  EXPECT_THAT(stranger->PutRecord(PutToArn("arn:aws:kinesis:us-east-1:999999999999:stream/orders")),
              unknown);
}

TEST(CrossAccount, ActionsWithoutResourceCannotBeShared) {
  AccessWorld world;
  world.Share(Aws(kStranger), "kinesis:PutRecord");
  EXPECT_THAT(world.Stranger({Allow("*")})
                  ->UpdateShardCount({.target_shard_count = 1, .stream_arn = std::string(kOrders)}),
              FailsAs(ErrorCode::kAccessDenied));
}

TEST(CrossAccount, AReaderIsLetInByStreamAndByConsumer) {
  AccessWorld world;
  const auto stranger = world.Stranger({Allow("kinesis:*")});
  const SubscribeToShardRequest subscribe = {
      .consumer_arn = world.consumer_arn,
      .shard_id = ShardName(0),
      .starting_position = StartingPosition{.type = ShardIteratorType::kLatest}};
  world.Share(Aws(kStranger), "kinesis:Get*Iterator");
  EXPECT_THAT(stranger->GetRecords({.shard_iterator = world.iterator}),
              FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(stranger->SubscribeToShard(subscribe), FailsAs(ErrorCode::kAccessDenied));
  world.Share(Aws(kStranger), "kinesis:GetRecords");
  world.ShareConsumer(Aws(kStranger), "kinesis:SubscribeToShard");
  EXPECT_THAT(stranger->GetRecords({.shard_iterator = world.iterator}), Succeeds());
  EXPECT_THAT(stranger->SubscribeToShard(subscribe), Succeeds());
}

TEST(ResourcePolicies, OfAStreamHoldForItsOwnAccountToo) {
  AccessWorld world;
  world.Share(Aws(kAlice), "kinesis:PutRecord");
  EXPECT_THAT(world.User({})->PutRecord(PutTo("orders")), Succeeds());
  EXPECT_THAT(world.User({})->DescribeStream({.stream_name = "orders"}),
              FailsAs(ErrorCode::kAccessDenied));
  world.Share("\"*\"", "kinesis:PutRecord", "Deny");
  const auto denied = [](std::string_view user) {
    return FailsWith(
        ErrorCode::kAccessDenied,
        DeniedText(user, "PutRecord", kOrders, "with an explicit deny in a resource-based policy"));
  };
  EXPECT_THAT(world.User({Allow("*")})->PutRecord(PutTo("orders")), denied(kAlice));
  EXPECT_THAT(world.kinesis->PutRecord(PutTo("orders")), denied("arn:aws:iam::123456789012:root"));
  ASSERT_THAT(world.kinesis->DeleteResourcePolicy({.resource_arn = std::string(kOrders)}),
              Succeeds());
  EXPECT_THAT(world.kinesis->PutRecord(PutTo("orders")), Succeeds());
}

TEST(ResourcePolicies, AreGoneWithTheirStream) {
  AccessWorld world;
  world.Share(Aws(kAlice), "kinesis:PutRecord");
  ASSERT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
      Succeeds());
  world.Create("orders");
  EXPECT_THAT(world.User({})->PutRecord(PutTo("orders")), FailsAs(ErrorCode::kAccessDenied));
}

TEST(Tags, OfAStreamCanBeDemanded) {
  AccessWorld world;
  const auto client = world.User({AllowIf(R"("StringEquals":{"aws:ResourceTag/ENV":"prod"})")});
  for (const std::string env : {"prod", "test"}) {
    ASSERT_THAT(
        world.kinesis->CreateStream({.stream_name = env, .shard_count = 1, .tags = {{"env", env}}}),
        Succeeds());
  }
  EXPECT_THAT(client->PutRecord(PutTo("prod")), Succeeds());
  EXPECT_THAT(client->PutRecord(PutTo("test")), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(client->PutRecord(PutTo("orders")), FailsAs(ErrorCode::kAccessDenied));
}

TEST(Tags, OfANewStreamCanBeDemanded) {
  AccessWorld world;
  const auto client =
      world.User({AllowIf(R"("StringEquals":{"aws:RequestTag/env":"prod"},)"
                          R"("ForAllValues:StringEquals":{"aws:TagKeys":["env","team"]})")});
  const auto create = [&client](std::map<std::string, std::string> tags) {
    return client->CreateStream(
        {.stream_name = "carts", .shard_count = 1, .tags = std::move(tags)});
  };
  EXPECT_THAT(create({}), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(create({{"env", "test"}}), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(create({{"env", "prod"}, {"owner", "me"}}), FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(create({{"env", "prod"}, {"team", "blue"}}), Succeeds());
}

TEST(Tags, NeedPermissionOfTheirOwn) {
  AccessWorld world;
  const std::string carts = StreamArnOf("carts");
  const CreateStreamRequest create = {
      .stream_name = "carts", .shard_count = 1, .tags = {{"env", "prod"}}};
  EXPECT_THAT(world.User({Allow("kinesis:CreateStream")})->CreateStream(create),
              FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "AddTagsToStream", carts)));
  EXPECT_THAT(world.User({Allow("kinesis:CreateStream"), Allow("kinesis:AddTagsToStream", carts)})
                  ->CreateStream(create),
              Succeeds());
  const RegisterStreamConsumerRequest enroll = {
      .stream_arn = std::string(kOrders), .consumer_name = "second", .tags = {{"env", "prod"}}};
  EXPECT_THAT(
      world.User({Allow("kinesis:RegisterStreamConsumer")})->RegisterStreamConsumer(enroll),
      FailsWith(ErrorCode::kAccessDenied, ImplicitText(kAlice, "TagResource",
                                                       std::string(kOrders) + "/consumer/second:" +
                                                           std::to_string(world.NowSeconds()))));
  EXPECT_THAT(world
                  .User({Allow("kinesis:RegisterStreamConsumer"),
                         Allow("kinesis:TagResource", std::string(kOrders) + "/consumer/*")})
                  ->RegisterStreamConsumer(enroll),
              Succeeds());
}

TEST(Conditions, SeeTheEnginesTimeAndRegion) {
  AccessWorld world;
  const std::int64_t now = world.NowSeconds();
  const auto client =
      world.User({AllowIf(R"("DateLessThan":{"aws:CurrentTime":")" + std::to_string(now + 60) +
                          "\"}," + R"("StringEquals":{"aws:RequestedRegion":"us-east-1",)" +
                          R"("aws:ResourceAccount":"123456789012"})")});
  EXPECT_THAT(client->PutRecord(PutTo("orders")), Succeeds());
  world.Advance(absl::Seconds(60));
  EXPECT_THAT(client->PutRecord(PutTo("orders")), FailsAs(ErrorCode::kAccessDenied));
}

TEST(Conditions, SeeThePrincipalsCall) {
  AccessWorld world;
  Principal principal = Principal::RoleSession(
      "app", "i-17", {AllowIf(R"("IpAddress":{"aws:SourceIp":"203.0.113.0/24"})")});
  EXPECT_THAT(world.As(principal)->PutRecord(PutTo("orders")),
              FailsWith(ErrorCode::kAccessDenied,
                        ImplicitText("arn:aws:sts::123456789012:assumed-role/app/i-17", "PutRecord",
                                     kOrders)));
  principal.source_ip = "203.0.113.9";
  EXPECT_THAT(world.As(principal)->PutRecord(PutTo("orders")), Succeeds());
}

TEST(EndpointPolicy, DeniesThroughTheEndpointOnly) {
  AccessWorld world;
  Principal principal = Principal::Root();
  principal.via_endpoint =
      VpcEndpoint{.policy = ResourcePolicy("Allow", "\"*\"", "kinesis:Get*", "*")};
  EXPECT_THAT(world.As(principal)->PutRecord(PutTo("orders")),
              FailsWith(ErrorCode::kAccessDenied,
                        DeniedText("arn:aws:iam::123456789012:root", "PutRecord", kOrders,
                                   "because no VPC endpoint policy allows the kinesis:PutRecord "
                                   "action")));
  EXPECT_THAT(world.kinesis->PutRecord(PutTo("orders")), Succeeds());
}

TEST(ServicePrincipal, IsLetInByTheResourcePolicy) {
  AccessWorld world;
  const auto firehose = world.As(Principal::Service("firehose.amazonaws.com"));
  EXPECT_THAT(firehose->GetRecords({.shard_iterator = world.iterator}),
              FailsAs(ErrorCode::kAccessDenied));
  world.Share(R"({"Service":"firehose.amazonaws.com"})", "kinesis:GetRecords");
  EXPECT_THAT(firehose->GetRecords({.shard_iterator = world.iterator}), Succeeds());
}

TEST(AccountId, OfTheEngineIsThePrincipals) {
  EngineOptions options;
  options.account_id = "111122223333";
  options.region = "cn-north-1";
  World world(options);
  world.Create("orders");
  EXPECT_THAT(world.NewClient(Principal::User("alice"))->PutRecord(PutTo("orders")),
              FailsWith(ErrorCode::kAccessDenied,
                        ImplicitText("arn:aws-cn:iam::111122223333:user/alice", "PutRecord",
                                     "arn:aws-cn:kinesis:cn-north-1:111122223333:stream/orders")));
}

}  // namespace
}  // namespace riacho
