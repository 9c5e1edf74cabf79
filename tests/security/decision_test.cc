// What policies of all types come to, and how denials read.
#include "riacho/security/decision.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/policy_fixture.h"

namespace riacho {
namespace {

constexpr char kAlice[] = "arn:aws:iam::123456789012:user/alice";
constexpr char kApp[] = "arn:aws:iam::123456789012:role/app";
constexpr char kAppSession[] = "arn:aws:sts::123456789012:assumed-role/app/i-17";

Principal Alice(std::vector<Policy> policies = {}) {
  return Principal::User("alice", std::move(policies));
}
Principal App(std::vector<Policy> policies = {}) {
  return Principal::RoleSession("app", "i-17", std::move(policies));
}
Principal Of(Principal principal, std::string account_id) {
  principal.account_id = std::move(account_id);
  return principal;
}
AccessRequest With(AccessRequest request, Policy resource_policy) {
  request.resource_policy = std::move(resource_policy);
  return request;
}
bool Allowed(const Principal& principal, const AccessRequest& request) {
  return Decide(principal, request).allowed;
}
bool UserMay(const Policy& policy, const std::string& action,
             const std::string& resource = kOrders) {
  return Allowed(Alice({policy}), To(action, resource));
}

TEST(ImplicitDeny, IsWhatNoPolicyMeans) {
  const Decision decision = Decide(Alice(), Put());
  EXPECT_FALSE(decision.allowed);
  EXPECT_FALSE(decision.explicit_deny);
  EXPECT_EQ(decision.policy_type, PolicyType::kIdentityBasedPolicy);
  EXPECT_EQ(decision.reason,
            "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
            "kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders "
            "because no identity-based policy allows the kinesis:PutRecord action");
}

TEST(ImplicitDeny, LeavesOutTheResourceWhereThereIsNone) {
  EXPECT_EQ(Decide(Alice(), To("kinesis:ListStreams", "*")).reason,
            "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
            "kinesis:ListStreams because no identity-based policy allows the kinesis:ListStreams "
            "action");
}

TEST(ExplicitDeny, SaysWhichTypeOfPolicyAndWhichStatement) {
  const Policy policy = Read(R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"kinesis:*","Resource":"*"},
      {"Sid":"NoPuts","Effect":"Deny","Action":"kinesis:Put*","Resource":"*"}]})");
  const Decision decision = Decide(App({policy}), Put());
  EXPECT_TRUE(decision.explicit_deny);
  EXPECT_EQ(decision.statement, 2U);
  EXPECT_EQ(decision.sid, "NoPuts");
  EXPECT_EQ(decision.reason,
            "User: arn:aws:sts::123456789012:assumed-role/app/i-17 is not authorized to perform: "
            "kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders "
            "with an explicit deny in an identity-based policy");
}

TEST(Allow, SaysWhichStatement) {
  const Decision decision =
      Decide(Alice({Read(R"({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},
                      {"Sid":"Puts","Effect":"Allow","Action":"kinesis:Put*","Resource":"*"}]})")}),
             Put());
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.policy_type, PolicyType::kIdentityBasedPolicy);
  EXPECT_EQ(decision.statement, 2U);
  EXPECT_EQ(decision.sid, "Puts");
  EXPECT_EQ(decision.reason, "");
}

TEST(Resource, OfAStreamCoversNeitherItsConsumersNorActionsWithoutResource) {
  const Policy policy = Allow("kinesis:*", kOrders);
  EXPECT_TRUE(UserMay(policy, "kinesis:PutRecord"));
  EXPECT_FALSE(UserMay(policy, "kinesis:ListStreams", "*"));
  EXPECT_FALSE(UserMay(policy, "kinesis:UpdateShardCount", "*"));
  EXPECT_FALSE(UserMay(policy, "kinesis:SubscribeToShard", kOrdersConsumer));
  for (const char* tail : {"*", "/*", "/consumer/app:*", "/consumer/*:1?????????"}) {
    EXPECT_TRUE(UserMay(Allow("kinesis:*", std::string(kOrders) + tail), "kinesis:SubscribeToShard",
                        kOrdersConsumer))
        << tail;
  }
}

TEST(Resource, NothingButAStarCoversActionsWithoutResource) {
  for (const char* all : {"*", "**"}) {
    EXPECT_TRUE(UserMay(Allow("kinesis:*", all), "kinesis:ListStreams", "*")) << all;
  }
  EXPECT_FALSE(UserMay(Allow("kinesis:*", "arn:aws:kinesis:*:*:*"), "kinesis:ListStreams", "*"));
  EXPECT_FALSE(UserMay(Allow("kinesis:*", "arn:*"), "kinesis:ListStreams", "*"));
}

TEST(Resource, IsCaseSensitiveAndItsWildcardsReachOverSlashesAndColons) {
  EXPECT_FALSE(
      UserMay(Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/Orders"), "kinesis:PutRecord"));
  EXPECT_TRUE(UserMay(Allow("kinesis:*", "arn:aws:kinesis:*s"), "kinesis:PutRecord"));
  EXPECT_TRUE(
      UserMay(Allow("kinesis:*", "arn:aws:kinesis:us-east-?:*:stream/o?d*s"), "kinesis:PutRecord"));
  EXPECT_FALSE(
      UserMay(Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/order"), "kinesis:PutRecord"));
  EXPECT_FALSE(
      UserMay(Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/orders?"), "kinesis:PutRecord"));
}

TEST(Action, WildcardsCoverWhatTheySay) {
  const Policy gets = Allow("kinesis:Get*");
  for (const char* action :
       {"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:GetResourcePolicy"}) {
    EXPECT_TRUE(UserMay(gets, action)) << action;
  }
  EXPECT_FALSE(UserMay(gets, "kinesis:DescribeStream"));
  EXPECT_TRUE(UserMay(Allow("*"), "s3:GetObject"));
  EXPECT_TRUE(UserMay(Allow("kinesis:*Record?"), "kinesis:PutRecords"));
  EXPECT_FALSE(UserMay(Allow("kinesis:*Record?"), "kinesis:PutRecord"));
}

TEST(Action, IsComparedIgnoringCase) {
  EXPECT_TRUE(UserMay(Allow("KINESIS:getrecords"), "kinesis:GetRecords"));
  EXPECT_TRUE(UserMay(Allow("kinesis:GETr*"), "kinesis:GetRecords"));
}

// Every policy type that allows, against every one that denies.
TEST(Deny, BeatsAllowForEveryPairOfPolicyTypes) {
  const std::vector<PolicyType> types = {
      PolicyType::kServiceControlPolicy, PolicyType::kVpcEndpointPolicy,
      PolicyType::kResourceBasedPolicy,  PolicyType::kIdentityBasedPolicy,
      PolicyType::kPermissionsBoundary,  PolicyType::kSessionPolicy};
  const auto attach = [](PolicyType type, const std::string& effect, Principal& principal,
                         AccessRequest& request) {
    const Policy identity = Read(StatementJson(effect, "kinesis:PutRecord", kOrders));
    const Policy resource = ResourcePolicy(effect, Aws(kAppSession));
    switch (type) {
      case PolicyType::kServiceControlPolicy:
        principal.service_control_policies.push_back(identity);
        break;
      case PolicyType::kVpcEndpointPolicy:
        principal.via_endpoint = VpcEndpoint{.policy = resource};
        break;
      case PolicyType::kResourceBasedPolicy:
        request.resource_policy = resource;
        break;
      case PolicyType::kIdentityBasedPolicy:
        principal.identity_policies.push_back(identity);
        break;
      case PolicyType::kPermissionsBoundary:
        principal.permissions_boundary = identity;
        break;
      case PolicyType::kSessionPolicy:
        principal.session_policy = identity;
        break;
    }
  };
  for (const PolicyType denies : types) {
    for (const PolicyType allows : types) {
      if (allows == denies) continue;
      Principal principal = App();
      AccessRequest request = Put();
      attach(allows, "Allow", principal, request);
      attach(denies, "Deny", principal, request);
      const Decision decision = Decide(principal, request);
      EXPECT_FALSE(decision.allowed) << denies << " against " << allows;
      EXPECT_TRUE(decision.explicit_deny) << denies << " against " << allows;
      EXPECT_EQ(decision.policy_type, denies) << "against " << allows;
    }
    // In one policy, both.
    const std::string both = R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                                              {"Effect":"Deny","Action":"*","Resource":"*"}]})";
    EXPECT_FALSE(UserMay(Read(both), "kinesis:PutRecord"));
  }
}

TEST(Deny, ReadsAsThePolicyTypeDemands) {
  const auto reason = [](const Principal& principal, const AccessRequest& request = Put()) {
    const std::string text = Decide(principal, request).reason;
    const std::string head =
        std::string("User: ") + kAlice +
        " is not authorized to perform: kinesis:PutRecord on resource: " + kOrders + " ";
    return text.starts_with(head) ? text.substr(head.size()) : text;
  };
  const Policy all = Allow("*");
  const Policy nothing = Allow("s3:*");
  Principal principal = Alice({all});
  principal.service_control_policies = {nothing};
  EXPECT_EQ(reason(principal),
            "because no service control policy allows the kinesis:PutRecord action");
  principal.service_control_policies = {all, Deny("*")};
  EXPECT_EQ(reason(principal), "with an explicit deny in a service control policy");
  principal = Alice({all});
  principal.via_endpoint = VpcEndpoint{.policy = ResourcePolicy("Allow", "\"*\"", "s3:*", "*")};
  EXPECT_EQ(reason(principal),
            "because no VPC endpoint policy allows the kinesis:PutRecord action");
  principal.via_endpoint->policy = ResourcePolicy("Deny", "\"*\"");
  EXPECT_EQ(reason(principal), "with an explicit deny in a VPC endpoint policy");
  principal = Alice({all});
  principal.permissions_boundary = nothing;
  EXPECT_EQ(reason(principal),
            "because no permissions boundary allows the kinesis:PutRecord action");
  principal.permissions_boundary = Deny("*");
  EXPECT_EQ(reason(principal), "with an explicit deny in a permissions boundary");
  principal = Alice({all});
  principal.session_policy = nothing;
  EXPECT_EQ(reason(principal), "because no session policy allows the kinesis:PutRecord action");
  principal.session_policy = Deny("*");
  EXPECT_EQ(reason(principal), "with an explicit deny in a session policy");
  EXPECT_EQ(reason(Alice({all}), With(Put(), ResourcePolicy("Deny", "\"*\""))),
            "with an explicit deny in a resource-based policy");
}

TEST(NotAction, CoversAllButTheListed) {
  const Policy policy = Read(R"({"Statement":{"Effect":"Allow",
      "NotAction":["kinesis:Delete*","kinesis:MergeShards"],"Resource":"*"}})");
  EXPECT_TRUE(UserMay(policy, "kinesis:PutRecord"));
  EXPECT_TRUE(UserMay(policy, "s3:GetObject"));
  EXPECT_FALSE(UserMay(policy, "kinesis:DeleteStream"));
  EXPECT_FALSE(UserMay(policy, "kinesis:MergeShards"));
}

TEST(NotResource, CoversAllButTheListed) {
  const Policy policy = Read(std::string(R"({"Statement":[
      {"Effect":"Allow","Action":"*","Resource":"*"},
      {"Effect":"Deny","Action":"kinesis:*","NotResource":[")") +
                             kOrders + R"(","arn:aws:kinesis:*:*:stream/test-*"]}]})");
  EXPECT_TRUE(UserMay(policy, "kinesis:PutRecord"));
  EXPECT_TRUE(
      UserMay(policy, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/test-1"));
  EXPECT_FALSE(
      UserMay(policy, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/carts"));
  EXPECT_FALSE(UserMay(policy, "kinesis:ListStreams", "*"));
  EXPECT_TRUE(UserMay(policy, "s3:GetObject", "arn:aws:s3:::b/k"));
}

TEST(ResourcePolicy, ThatNamesTheRoleIsLimitedByBoundaryAndSessionPolicy) {
  const AccessRequest request = With(Put(), ResourcePolicy("Allow", Aws(kApp)));
  EXPECT_TRUE(Allowed(App(), request));
  Principal limited = App();
  limited.session_policy = Allow("s3:*");
  EXPECT_EQ(Decide(limited, request).policy_type, PolicyType::kSessionPolicy);
  EXPECT_FALSE(Allowed(limited, request));
  limited = App();
  limited.permissions_boundary = Allow("s3:*");
  EXPECT_EQ(Decide(limited, request).policy_type, PolicyType::kPermissionsBoundary);
}

TEST(ResourcePolicy, ThatNamesTheCallerItselfIsEnough) {
  Principal session = App();
  session.session_policy = Allow("s3:*");
  session.permissions_boundary = Allow("s3:*");
  EXPECT_TRUE(Allowed(session, With(Put(), ResourcePolicy("Allow", Aws(kAppSession)))));
  Principal user = Alice();
  user.permissions_boundary = Allow("s3:*");
  EXPECT_TRUE(Allowed(user, With(Put(), ResourcePolicy("Allow", Aws(kAlice)))));
  Principal federated = Principal::FederatedUser("fay");
  federated.session_policy = Allow("s3:*");
  EXPECT_TRUE(Allowed(
      federated,
      With(Put(), ResourcePolicy("Allow", Aws("arn:aws:sts::123456789012:federated-user/fay")))));
  EXPECT_FALSE(Allowed(Principal::User("bob"), With(Put(), ResourcePolicy("Allow", Aws(kAlice)))));
}

TEST(ResourcePolicy, ThatNamesTheAccountLeavesItToItsIdentityPolicies) {
  for (const std::string account : {kOwner, "arn:aws:iam::123456789012:root"}) {
    const AccessRequest request = With(Put(), ResourcePolicy("Allow", Aws(account)));
    EXPECT_FALSE(Allowed(Alice(), request)) << account;
    EXPECT_TRUE(Allowed(Alice({Allow("kinesis:PutRecord")}), request)) << account;
    EXPECT_FALSE(Allowed(Alice(), With(Put(), ResourcePolicy("Deny", Aws(account))))) << account;
  }
}

TEST(ResourcePolicy, ForEveryoneStandsInForAnIdentityPolicy) {
  for (const std::string& everyone : {std::string("\"*\""), Aws("*")}) {
    const AccessRequest request = With(Put(), ResourcePolicy("Allow", everyone));
    EXPECT_TRUE(Allowed(Alice(), request));
    Principal limited = Alice();
    limited.permissions_boundary = Allow("s3:*");
    EXPECT_FALSE(Allowed(limited, request));
  }
}

TEST(ResourcePolicy, NotPrincipalDeniesEverybodyElse) {
  const Policy policy = Read(R"({"Statement":{"Effect":"Deny","Action":"*","Resource":"*",)"
                             R"("NotPrincipal":{"AWS":["arn:aws:iam::123456789012:user/alice"]}}})",
                             PolicyKind::kResource);
  EXPECT_TRUE(Allowed(Alice({Allow("*")}), With(Put(), policy)));
  EXPECT_FALSE(Allowed(Principal::User("bob", {Allow("*")}), With(Put(), policy)));
}

TEST(ResourcePolicy, AServiceNeedsToBeNamed) {
  const Principal firehose = Principal::Service("firehose.amazonaws.com");
  EXPECT_EQ(Decide(firehose, Put()).reason,
            "User: firehose.amazonaws.com is not authorized to perform: kinesis:PutRecord on "
            "resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders because no "
            "resource-based policy allows the kinesis:PutRecord action");
  EXPECT_TRUE(Allowed(
      firehose, With(Put(), ResourcePolicy("Allow", R"({"Service":"firehose.amazonaws.com"})"))));
  EXPECT_FALSE(Allowed(
      firehose, With(Put(), ResourcePolicy("Allow", R"({"Service":"lambda.amazonaws.com"})"))));
  EXPECT_FALSE(Allowed(firehose, With(Put(), ResourcePolicy("Allow", Aws(kOwner)))));
}

TEST(CrossAccount, BothSidesMustAllow) {
  const Principal silent = Of(Alice(), kStranger);
  const Principal allowed = Of(Alice({Allow("kinesis:PutRecord")}), kStranger);
  const AccessRequest shared = With(Put(), ResourcePolicy("Allow", Aws(kStranger)));
  EXPECT_EQ(Decide(allowed, Put()).reason,
            "User: arn:aws:iam::999999999999:user/alice is not authorized to perform: "
            "kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders "
            "because no resource-based policy allows the kinesis:PutRecord action");
  EXPECT_EQ(Decide(silent, shared).reason,
            "User: arn:aws:iam::999999999999:user/alice is not authorized to perform: "
            "kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders "
            "because no identity-based policy allows the kinesis:PutRecord action");
  EXPECT_TRUE(Allowed(allowed, shared));
  Principal bounded = allowed;
  bounded.permissions_boundary = Allow("s3:*");
  EXPECT_FALSE(Allowed(bounded, shared));
  // To name the user itself is no shortcut here.
  const AccessRequest named =
      With(Put(), ResourcePolicy("Allow", Aws("arn:aws:iam::999999999999:user/alice")));
  EXPECT_FALSE(Allowed(silent, named));
  EXPECT_TRUE(Allowed(allowed, named));
  EXPECT_FALSE(Allowed(bounded, named));
}

TEST(CrossAccount, AForeignRootNeedsTheResourcePolicyOnly) {
  EXPECT_FALSE(Allowed(Principal::Root(kStranger), Put()));
  EXPECT_TRUE(
      Allowed(Principal::Root(kStranger), With(Put(), ResourcePolicy("Allow", Aws(kStranger)))));
}

TEST(Root, MayDoAllButWhatServiceControlAndResourcePoliciesDeny) {
  EXPECT_TRUE(Allowed(Principal::Root(), Put()));
  EXPECT_FALSE(Decide(Principal::Root(), Put()).policy_type.has_value());
  EXPECT_FALSE(Allowed(Principal::Root(), With(Put(), ResourcePolicy("Deny", "\"*\""))));
  Principal limited = Principal::Root();
  limited.service_control_policies = {Allow("s3:*")};
  EXPECT_FALSE(Allowed(limited, Put()));
  limited.service_control_policies.push_back(Allow("kinesis:*"));
  EXPECT_TRUE(Allowed(limited, Put()));
}

TEST(Variables, StandForTheValuesOfTheRequest) {
  const Policy own = Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/${aws:username}-*");
  const std::string of_alice = "arn:aws:kinesis:us-east-1:123456789012:stream/alice-1";
  EXPECT_TRUE(UserMay(own, "kinesis:PutRecord", of_alice));
  EXPECT_FALSE(
      UserMay(own, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/bob-1"));
  EXPECT_FALSE(UserMay(own, "kinesis:PutRecord",
                       "arn:aws:kinesis:us-east-1:123456789012:stream/${aws:username}-1"));
}

TEST(Variables, AreLiteralTextInTheOlderVersion) {
  for (const std::string version : {R"("Version":"2008-10-17",)", ""}) {
    const Policy policy = Read("{" + version +
                               R"("Statement":{"Effect":"Allow","Action":"*",)"
                               R"("Resource":"arn:aws:kinesis:*:*:stream/${aws:username}-*"}})");
    EXPECT_FALSE(UserMay(policy, "kinesis:PutRecord",
                         "arn:aws:kinesis:us-east-1:123456789012:stream/alice-1"));
    EXPECT_TRUE(UserMay(policy, "kinesis:PutRecord",
                        "arn:aws:kinesis:us-east-1:123456789012:stream/${aws:username}-1"));
  }
}

TEST(Variables, WithoutAValueTheStatementDoesNotApply) {
  // A session has no aws:username.
  const std::string stream = "arn:aws:kinesis:us-east-1:123456789012:stream/-1";
  const Policy named = Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/${aws:username}-*");
  EXPECT_FALSE(Allowed(App({named}), To("kinesis:PutRecord", stream)));
  const Policy denied = Deny(
      "kinesis:*", "*", R"(,"Condition":{"StringNotEquals":{"aws:userid":"${aws:username}"}})");
  EXPECT_TRUE(Allowed(App({Allow("*"), denied}), Put()));
  EXPECT_FALSE(Allowed(Alice({Allow("*"), Deny("kinesis:*", "*",
                                               R"(,"Condition":{"StringEquals":)"
                                               R"({"aws:userid":"${aws:username}"}})")}),
                       Put()));
}

TEST(Variables, MayHaveADefaultAndNameWildcardsLiterally) {
  const Policy guest = Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/${aws:username, 'guest'}");
  EXPECT_TRUE(Allowed(App({guest}), To("kinesis:PutRecord",
                                       "arn:aws:kinesis:us-east-1:123456789012:stream/guest")));
  EXPECT_TRUE(
      UserMay(guest, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/alice"));
  const Policy literal = Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/${*}${?}${$}");
  EXPECT_TRUE(
      UserMay(literal, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/*?$"));
  EXPECT_FALSE(
      UserMay(literal, "kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/abc"));
}

TEST(Variables, AValueIsNoPattern) {
  Principal star =
      Principal::User("*", {Allow("kinesis:*", "arn:aws:kinesis:*:*:stream/${aws:username}-1")});
  EXPECT_FALSE(Allowed(
      star, To("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/alice-1")));
  EXPECT_TRUE(
      Allowed(star, To("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:123456789012:stream/*-1")));
}

TEST(EndpointPolicy, HoldsForWhatPassesThroughTheEndpoint) {
  Principal outside = Alice({Allow("kinesis:*")});
  Principal through = outside;
  through.via_endpoint = VpcEndpoint{
      .vpc_endpoint_id = "vpce-1", .policy = ResourcePolicy("Allow", "\"*\"", "kinesis:Get*", "*")};
  EXPECT_TRUE(Allowed(outside, Put()));
  EXPECT_FALSE(Allowed(through, Put()));
  EXPECT_TRUE(Allowed(through, To("kinesis:GetRecords")));
  through.via_endpoint->policy.reset();
  EXPECT_TRUE(Allowed(through, Put()));
}

TEST(EndpointPolicy, AnIdentityPolicyCanDemandTheEndpoint) {
  const Policy only =
      Deny("kinesis:*", "*", R"(,"Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-1"}})");
  Principal principal = Alice({Allow("kinesis:*"), only});
  EXPECT_FALSE(Allowed(principal, Put()));
  principal.via_endpoint = VpcEndpoint{.vpc_endpoint_id = "vpce-2"};
  EXPECT_FALSE(Allowed(principal, Put()));
  principal.via_endpoint->vpc_endpoint_id = "vpce-1";
  EXPECT_TRUE(Allowed(principal, Put()));
}

TEST(Decide, TakesTheOwnerFromTheArn) {
  AccessRequest request = Put();
  request.account_id = "";
  EXPECT_FALSE(Allowed(Of(Alice({Allow("*")}), kStranger), request));
  EXPECT_TRUE(Allowed(Of(Alice({Allow("*")}), kOwner), request));
  EXPECT_TRUE(
      Allowed(Alice({Allow("*")}), request));  // an account of its own: that of the resource
}

}  // namespace
}  // namespace riacho
