// PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy.
#include <string>
#include <string_view>

#include "engine/record_fixture.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

const std::string kArn = kOrders;

std::string PolicyError(std::string_view what) {
  return "Policy validation error: " + std::string(what);
}

class PolicyWorld : public RecordWorld {
 public:
  explicit PolicyWorld(EngineOptions options = {}) : RecordWorld(std::move(options)) {
    Create("orders");
    consumer_arn = Register("orders", "app");
  }

  absl::Status PutPolicy(const std::string& arn, const std::string& policy) {
    return kinesis->PutResourcePolicy({.resource_arn = arn, .policy = policy}).status();
  }
  absl::Status PutGrant(std::string_view action, std::string_view resource = kOrders) {
    return PutPolicy(kArn, ResourcePolicyJson("Allow", "\"*\"", action, resource));
  }
  std::string GetPolicy(const std::string& arn) {
    return kinesis->GetResourcePolicy({.resource_arn = arn}).value().policy;
  }
  absl::Status DeletePolicy(const std::string& arn) {
    return kinesis->DeleteResourcePolicy({.resource_arn = arn}).status();
  }

  std::string consumer_arn;
};

TEST(GetResourcePolicy, AnswersThePolicyNormalised) {
  PolicyWorld world;
  ASSERT_THAT(world.PutPolicy(kArn, R"({ "Version": "2012-10-17",
      "Statement": [ { "Effect": "Allow", "Principal": { "AWS": [ "999999999999" ] },
                       "Action": [ "kinesis:PutRecord" ],
                       "Resource": ")" + kArn +
                                        R"(" } ] })"),
              Succeeds());
  EXPECT_EQ(world.GetPolicy(kArn),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":)"
            R"("999999999999"},"Action":"kinesis:PutRecord","Resource":")" +
                kArn + "\"}]}");
}

TEST(GetResourcePolicy, AnswersAnEmptyObjectWhereThereIsNone) {
  PolicyWorld world;
  EXPECT_EQ(world.GetPolicy(kArn), "{}");
  EXPECT_EQ(world.GetPolicy(world.consumer_arn), "{}");
}

TEST(PutResourcePolicy, ReplacesTheWholePolicy) {
  PolicyWorld world;
  ASSERT_THAT(world.PutGrant("kinesis:PutRecord"), Succeeds());
  ASSERT_THAT(world.PutGrant("kinesis:GetRecords"), Succeeds());
  EXPECT_THAT(world.GetPolicy(kArn), testing::HasSubstr("GetRecords"));
  EXPECT_THAT(world.GetPolicy(kArn), testing::Not(testing::HasSubstr("PutRecord")));
}

TEST(PutResourcePolicy, KeepsStreamAndConsumerApart) {
  PolicyWorld world;
  ASSERT_THAT(world.PutPolicy(world.consumer_arn,
                              ResourcePolicyJson("Allow", "\"*\"", "kinesis:SubscribeToShard",
                                                 world.consumer_arn)),
              Succeeds());
  EXPECT_EQ(world.GetPolicy(kArn), "{}");
  EXPECT_THAT(world.GetPolicy(world.consumer_arn), testing::HasSubstr("SubscribeToShard"));
  EXPECT_THAT(world.DeletePolicy(world.consumer_arn), Succeeds());
  EXPECT_EQ(world.GetPolicy(world.consumer_arn), "{}");
}

TEST(DeleteResourcePolicy, ThatIsNotThereIsNotFound) {
  PolicyWorld world;
  EXPECT_THAT(world.DeletePolicy(kArn),
              FailsWith(ErrorCode::kResourceNotFound,
                        "No resource policy found for resource ARN " + kArn + "."));
  EXPECT_THAT(world.DeletePolicy(world.consumer_arn),
              FailsWith(ErrorCode::kResourceNotFound,
                        "No resource policy found for resource ARN " + world.consumer_arn + "."));
  ASSERT_THAT(world.PutGrant("kinesis:PutRecord"), Succeeds());
  EXPECT_THAT(world.DeletePolicy(kArn), Succeeds());
  EXPECT_THAT(world.DeletePolicy(kArn), FailsAs(ErrorCode::kResourceNotFound));
}

TEST(PutResourcePolicy, RefusesTextThatIsNoJson) {
  PolicyWorld world;
  for (const std::string policy : {"", "{", "policy", "{\"Version\":}"}) {
    EXPECT_THAT(
        world.PutPolicy(kArn, policy),
        FailsWith(ErrorCode::kInvalidArgument, PolicyError("This policy contains invalid Json")))
        << policy;
  }
  EXPECT_EQ(world.GetPolicy(kArn), "{}");
}

TEST(PutResourcePolicy, RefusesPoliciesWithoutPrincipals) {
  PolicyWorld world;
  EXPECT_THAT(world.PutPolicy(kArn, StatementJson("Allow", "kinesis:PutRecord", kArn)),
              FailsWith(ErrorCode::kInvalidArgument,
                        PolicyError("Statement: has neither Principal nor NotPrincipal")));
}

TEST(PutResourcePolicy, GrantsWhatCanBeSharedAndNothingElse) {
  PolicyWorld world;
  for (const std::string name :
       {"DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards",
        "PutRecord", "PutRecords", "putrecord", "PutRecord*", "DescribeStream*y"}) {
    EXPECT_THAT(world.PutGrant("kinesis:" + name), Succeeds()) << name;
  }
  const auto refused = [](const std::string& name) {
    return FailsWith(ErrorCode::kInvalidArgument,
                     PolicyError("Statement[1].Action: kinesis:" + name +
                                 " cannot be granted on this resource"));
  };
  EXPECT_THAT(world.PutGrant("kinesis:DeleteStream"), refused("DeleteStream"));
  EXPECT_THAT(world.PutGrant("kinesis:SubscribeToShard"), refused("SubscribeToShard"));
  EXPECT_THAT(world.PutGrant("kinesis:Put*"), refused("PutResourcePolicy"));
  EXPECT_THAT(world.PutGrant("*"), refused("AddTagsToStream"));
  EXPECT_THAT(world.PutGrant("s3:*"),
              FailsWith(ErrorCode::kInvalidArgument,
                        PolicyError("Statement[1].Action: no action can be granted on this "
                                    "resource")));
  EXPECT_THAT(world.PutPolicy(kArn, R"({"Statement":{"Effect":"Deny","Principal":"*",)"
                                    R"("NotAction":"kinesis:PutRecord","Resource":"*"}})"),
              FailsWith(ErrorCode::kInvalidArgument,
                        PolicyError("Statement[1].NotAction: a resource policy must use Action")));
  const auto on_consumer = [&world](const std::string& action) {
    return world.PutPolicy(world.consumer_arn,
                           ResourcePolicyJson("Allow", "\"*\"", action, world.consumer_arn));
  };
  EXPECT_THAT(on_consumer("kinesis:SubscribeToShard"), Succeeds());
  EXPECT_THAT(on_consumer("kinesis:DescribeStreamConsumer"), Succeeds());
  EXPECT_THAT(on_consumer("kinesis:GetRecords"), refused("GetRecords"));
}

TEST(PutResourcePolicy, DemandsTheExactArnOfTheResource) {
  PolicyWorld world;
  for (const std::string resource : {"*", "arn:aws:kinesis:us-east-1:123456789012:stream/order*",
                                     "arn:aws:kinesis:us-east-1:123456789012:stream/carts"}) {
    EXPECT_THAT(world.PutGrant("kinesis:PutRecord", resource),
                FailsWith(ErrorCode::kInvalidArgument,
                          PolicyError("Statement[1].Resource: expected \"" + kArn + "\", found \"" +
                                      resource + "\"")));
  }
  EXPECT_THAT(world.PutPolicy(kArn, R"({"Statement":{"Effect":"Deny","Principal":"*",)"
                                    R"("Action":"kinesis:PutRecord","NotResource":"*"}})"),
              FailsWith(ErrorCode::kInvalidArgument,
                        PolicyError("Statement[1].NotResource: a resource policy must use "
                                    "Resource")));
}

TEST(PutResourcePolicy, TakesUpTo20KiBWithoutWhiteSpace) {
  PolicyWorld world;
  const auto policy_of = [](std::size_t bytes) {
    const auto with_id = [](std::size_t id) {
      return R"({"Id":")" + std::string(id, 'x') +
             R"(","Statement":{"Effect":"Allow","Principal":"*","Action":"kinesis:PutRecord",)"
             R"("Resource":")" +
             kArn + "\"}}";
    };
    return with_id(bytes - with_id(0).size());
  };
  EXPECT_THAT(world.PutPolicy(kArn, policy_of(20480) + std::string(1000, ' ')), Succeeds());
  EXPECT_EQ(world.GetPolicy(kArn).size(), 20480U);
  EXPECT_THAT(world.PutPolicy(kArn, policy_of(20481)),
              FailsWith(ErrorCode::kLimitExceeded,
                        PolicyError("the policy has 20481 bytes without white space, more than the "
                                    "limit of 20480")));
}

TEST(PutResourcePolicy, NeedsAnActiveResource) {
  RecordWorld world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  const PutResourcePolicyRequest request = {
      .resource_arn = kArn,
      .policy = ResourcePolicyJson("Allow", "\"*\"", "kinesis:PutRecord", kArn)};
  EXPECT_THAT(world.kinesis->PutResourcePolicy(request),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")));
  world.Advance(world.engine.options().lifecycle.create_stream);
  EXPECT_THAT(world.kinesis->PutResourcePolicy(request), Succeeds());
  const std::string consumer =
      world.kinesis->RegisterStreamConsumer({.stream_arn = kArn, .consumer_name = "app"})
          .value()
          .consumer.consumer_arn;
  EXPECT_THAT(
      world.kinesis->PutResourcePolicy(
          {.resource_arn = consumer,
           .policy = ResourcePolicyJson("Allow", "\"*\"", "kinesis:SubscribeToShard", consumer)}),
      FailsAs(ErrorCode::kResourceInUse));
}

TEST(ResourcePolicyOperations, DemandAResourceThatExists) {
  PolicyWorld world;
  const std::string nowhere = StreamArnOf("nowhere");
  const auto not_found = FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nowhere"));
  EXPECT_THAT(world.PutPolicy(nowhere, "{}"), not_found);
  EXPECT_THAT(world.kinesis->GetResourcePolicy({.resource_arn = nowhere}), not_found);
  EXPECT_THAT(world.DeletePolicy(nowhere), not_found);
  const std::string nobody = kArn + "/consumer/nobody:1";
  EXPECT_THAT(world.kinesis->GetResourcePolicy({.resource_arn = nobody}),
              FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(world.PutPolicy(nobody, "{}"), FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(world.DeletePolicy(world.consumer_arn + "0"), FailsAs(ErrorCode::kResourceNotFound));
}

TEST(ResourcePolicyOperations, AreValidated) {
  PolicyWorld world;
  EXPECT_THAT(
      world.kinesis->PutResourcePolicy({}),
      FailsWith(ErrorCode::kValidation,
                "2 validation errors detected: Value null at 'resourceARN' failed to "
                "satisfy constraint: Member must not be null; Value null at 'policy' failed "
                "to satisfy constraint: Member must not be null"));
  const auto invalid = FailsWith(
      ErrorCode::kValidation,
      OneViolation(
          "Value 'orders' at 'resourceARN' failed to satisfy constraint: Member must "
          R"(satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)"));
  EXPECT_THAT(world.kinesis->GetResourcePolicy({.resource_arn = "orders"}), invalid);
  EXPECT_THAT(world.DeletePolicy("orders"), invalid);
}

TEST(ResourcePolicyOperations, BelongToTheOwnersAccount) {
  PolicyWorld world;
  ASSERT_THAT(world.PutGrant("kinesis:PutRecord"), Succeeds());
  Principal principal = Principal::User("alice", {Allow("*")});
  principal.account_id = kStranger;
  const auto stranger = world.NewClient(principal);
  EXPECT_THAT(stranger->GetResourcePolicy({.resource_arn = kArn}),
              FailsAs(ErrorCode::kAccessDenied));
  EXPECT_THAT(stranger->DeleteResourcePolicy({.resource_arn = kArn}),
              FailsAs(ErrorCode::kAccessDenied));
}

TEST(ResourcePolicyOperations, HaveCallRatesOfTheAccount) {
  EngineOptions options;
  options.limits.enforce_call_rates = true;
  PolicyWorld world(options);
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(world.kinesis->GetResourcePolicy({.resource_arn = kArn}), Succeeds());
  EXPECT_THAT(world.kinesis->GetResourcePolicy({.resource_arn = kArn}),
              FailsWith(ErrorCode::kLimitExceeded, "Rate exceeded for account 123456789012."));
}

}  // namespace
}  // namespace riacho
