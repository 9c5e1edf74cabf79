// Random policies and requests, evaluated twice: by Decide, which reads JSON and prepares, and by
// the naive evaluator, which does neither. The answers must be the same, and so must the type of
// policy that denies.
#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "riacho/base/random.h"
#include "security/naive_evaluator.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

#if defined(RIACHO_SANITIZED)
constexpr int kWorlds = 1'000;
#else
constexpr int kWorlds = 10'000;
#endif
constexpr int kRequestsPerWorld = 10;

// Small vocabularies, so that patterns and requests meet often.
constexpr std::array<std::string_view, 10> kActionPatterns = {"*",
                                                              "kinesis:*",
                                                              "kinesis:Put*",
                                                              "KINESIS:putrecord?",
                                                              "kinesis:*Records",
                                                              "kinesis:PutRecord",
                                                              "kinesis:P?tR*d",
                                                              "s3:*",
                                                              "s3:Get?bject",
                                                              "kinesis:List*"};
constexpr std::array<std::string_view, 6> kActions = {
    "kinesis:PutRecord",   "kinesis:PutRecords",       "kinesis:GetRecords",
    "kinesis:ListStreams", "kinesis:SubscribeToShard", "s3:GetObject"};
constexpr std::array<std::string_view, 11> kResourcePatterns = {
    "*",
    "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
    "arn:aws:kinesis:*:*:stream/*",
    "arn:aws:kinesis:*:*:stream/${aws:username}-*",
    "arn:aws:kinesis:*:*:stream/${ctx:name, 'orders'}",
    "arn:aws:kinesis:*:*:stream/${ctx:name}",
    "arn:aws:kinesis:*:123456789012:stream/?????s",
    "arn:aws:kinesis:*:*:stream/*/consumer/*",
    "arn:aws:kinesis:*:*:stream/alice-*1",
    "arn:aws:kinesis:*:*:stream/${*}${$}",
    "arn:*"};
constexpr std::array<std::string_view, 6> kResources = {
    "*",
    "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
    "arn:aws:kinesis:us-east-1:123456789012:stream/alice-11",
    "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/app:1700000000",
    "arn:aws:kinesis:us-east-1:123456789012:stream/${aws:username}-1",
    "arn:aws:kinesis:us-east-1:123456789012:stream/*$"};
constexpr std::array<std::string_view, 11> kPrincipals = {
    "*",
    kOwner,
    kStranger,
    "arn:aws:iam::123456789012:root",
    "arn:aws:iam::999999999999:root",
    "arn:aws:iam::123456789012:user/alice",
    "arn:aws:iam::999999999999:user/alice",
    "arn:aws:iam::123456789012:role/app",
    "arn:aws:sts::123456789012:assumed-role/app/i-17",
    "arn:aws:sts::123456789012:federated-user/fay",
    "firehose.amazonaws.com"};

struct OperatorWords {
  std::string_view op;
  std::string_view key;
  std::vector<std::string_view> values;
};
const std::vector<OperatorWords>& Operators() {
  static const auto* const kOperators = new std::vector<OperatorWords>{
      {"StringEquals", "ctx:Name", {"orders", "Orders", "alice", "${aws:username}", "${ctx:name}"}},
      {"StringNotEquals", "ctx:Name", {"orders", "Orders", "alice", "${ctx:other, 'orders'}"}},
      {"StringEqualsIgnoreCase", "ctx:NAME", {"ORDERS", "Alice", "${aws:username}"}},
      {"StringNotEqualsIgnoreCase", "ctx:name", {"ORDERS", "Alice"}},
      {"StringLike", "ctx:name", {"o*s", "?lice", "*", "${aws:username}*", "${*}"}},
      {"StringNotLike", "ctx:name", {"o*s", "?lice", "${aws:username}*"}},
      {"NumericEquals", "ctx:number", {"1", "2.0", "30"}},
      {"NumericNotEquals", "ctx:number", {"1", "2.0", "30"}},
      {"NumericLessThan", "ctx:number", {"2", "30"}},
      {"NumericLessThanEquals", "ctx:number", {"2", "30"}},
      {"NumericGreaterThan", "ctx:number", {"2", "30"}},
      {"NumericGreaterThanEquals", "ctx:number", {"2", "30"}},
      {"DateEquals", "ctx:number", {"1", "2"}},
      {"DateLessThan", "ctx:number", {"2", "30"}},
      {"DateGreaterThanEquals", "ctx:number", {"2", "30"}},
      {"Bool", "ctx:flag", {"true", "false"}},
      {"Null", "ctx:flag", {"true", "false"}},
      {"Null", "aws:username", {"true", "false"}},
      {"IpAddress", "ctx:address", {"10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "10.1.128.0/17"}},
      {"NotIpAddress", "ctx:address", {"10.0.0.0/8", "10.1.2.3", "10.1.128.0/17"}},
      {"ArnLike",
       "ctx:arn",
       {"arn:aws:iam::*:user/${aws:username}", "arn:*:*:*:*:role/*", "arn:*"}},
      {"ArnNotEquals", "ctx:arn", {"arn:aws:iam::*:user/*", "arn:*:*:*:*:role/a:*"}},
  };
  return *kOperators;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  bool Chance(double p) { return random_.Chance(p); }
  template <typename Words>
  std::string One(const Words& words) {
    return std::string(words[random_.Uniform(words.size())]);
  }
  template <typename Words>
  std::vector<std::string> Some(const Words& words) {
    std::vector<std::string> some;
    for (std::uint64_t left = random_.Uniform(3) + 1; left != 0; --left) some.push_back(One(words));
    return some;
  }

  NaivePolicy MakePolicy(bool of_resource) {
    NaivePolicy policy = {.has_variables = Chance(0.8)};
    for (std::uint64_t left = random_.Uniform(3) + 1; left != 0; --left)
      policy.statements.push_back(MakeStatement(of_resource));
    return policy;
  }

  NaiveCaller MakeCaller() {
    NaiveCaller caller;
    caller.type = static_cast<PrincipalType>(random_.Uniform(5));
    caller.account_id = Chance(0.7) ? kOwner : kStranger;
    if (Chance(0.3)) caller.service_control.push_back(MakePolicy(false));
    if (Chance(0.2)) caller.service_control.push_back(MakePolicy(false));
    for (std::uint64_t left = random_.Uniform(4); left != 0; --left)
      caller.identity.push_back(MakePolicy(false));
    if (Chance(0.3)) caller.boundary = MakePolicy(false);
    if (Chance(0.3)) caller.session = MakePolicy(false);
    if (Chance(0.2)) caller.endpoint = MakePolicy(true);
    return caller;
  }

  NaiveRequest MakeRequest() {
    NaiveRequest request = {.action = One(kActions), .resource = One(kResources), .owner = kOwner};
    if (Chance(0.5)) request.resource_policy = MakePolicy(true);
    constexpr std::array<std::string_view, 4> kNames = {"orders", "Orders", "alice", "*"};
    constexpr std::array<std::string_view, 5> kNumbers = {"1", "2", "3", "30", "31"};
    constexpr std::array<std::string_view, 3> kFlags = {"true", "false", "True"};
    constexpr std::array<std::string_view, 4> kAddresses = {"10.1.2.3", "10.1.200.1", "11.0.0.1",
                                                            "203.0.113.9"};
    constexpr std::array<std::string_view, 4> kArns = {
        "arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/a:b", "no ARN"};
    const auto set = [this, &request](const std::string& key, const auto& words) {
      if (Chance(0.6)) request.keys[key] = Chance(0.7) ? std::vector{One(words)} : Some(words);
    };
    set("ctx:name", kNames);
    set("ctx:number", kNumbers);
    set("ctx:flag", kFlags);
    set("ctx:address", kAddresses);
    set("ctx:arn", kArns);
    return request;
  }

 private:
  NaiveStatement MakeStatement(bool of_resource) {
    NaiveStatement statement = {.allow = Chance(0.75)};
    statement.not_action = Chance(0.1);
    statement.actions = Some(kActionPatterns);
    statement.not_resource = Chance(0.1);
    statement.resources = Some(kResourcePatterns);
    if (Chance(0.4)) statement.resources.emplace_back("*");
    if (of_resource) {
      statement.not_principal = !statement.allow && Chance(0.3);
      statement.principals = Some(kPrincipals);
    }
    if (Chance(0.5)) AddConditions(statement);
    return statement;
  }

  void AddConditions(NaiveStatement& statement) {
    constexpr std::array<std::string_view, 4> kQuantifiers = {"", "",
                                                              "ForAllValues:", "ForAnyValue:"};
    std::string last;
    for (std::uint64_t left = random_.Uniform(2) + 1; left != 0; --left) {
      const OperatorWords& words = Operators()[random_.Uniform(Operators().size())];
      if (words.op == last) continue;  // one operator twice is no JSON
      last = words.op;
      NaiveCondition condition = {.op = std::string(words.op), .key = std::string(words.key)};
      condition.values = Some(words.values);
      if (words.op != "Null") {
        condition.quantifier = One(kQuantifiers);
        condition.if_exists = Chance(0.2);
      }
      statement.conditions.push_back(std::move(condition));
    }
  }

  Random random_;
};

Policy Prepared(const NaivePolicy& policy, PolicyKind kind) { return Read(policy.ToJson(), kind); }

// The same caller for Decide; fills in the ARNs that the naive one is known by.
Principal Prepared(NaiveCaller& caller) {
  Principal principal;
  switch (caller.type) {
    case PrincipalType::kRoot:
      principal = Principal::Root();
      break;
    case PrincipalType::kUser:
      principal = Principal::User("alice");
      caller.arn = "arn:aws:iam::" + caller.account_id + ":user/alice";
      break;
    case PrincipalType::kRoleSession:
      principal = Principal::RoleSession("app", "i-17");
      caller.arn = "arn:aws:sts::" + caller.account_id + ":assumed-role/app/i-17";
      caller.role_arn = "arn:aws:iam::" + caller.account_id + ":role/app";
      break;
    case PrincipalType::kFederatedUser:
      principal = Principal::FederatedUser("fay");
      caller.arn = "arn:aws:sts::" + caller.account_id + ":federated-user/fay";
      break;
    case PrincipalType::kService:
      principal = Principal::Service("firehose.amazonaws.com");
      caller.arn = "firehose.amazonaws.com";
      break;
  }
  principal.account_id = caller.account_id;
  for (const NaivePolicy& policy : caller.identity)
    principal.identity_policies.push_back(Prepared(policy, PolicyKind::kIdentity));
  for (const NaivePolicy& policy : caller.service_control)
    principal.service_control_policies.push_back(Prepared(policy, PolicyKind::kIdentity));
  if (caller.boundary)
    principal.permissions_boundary = Prepared(*caller.boundary, PolicyKind::kIdentity);
  if (caller.session) principal.session_policy = Prepared(*caller.session, PolicyKind::kIdentity);
  if (caller.endpoint)
    principal.via_endpoint =
        VpcEndpoint{.policy = Prepared(*caller.endpoint, PolicyKind::kResource)};
  return principal;
}

std::string Describe(const NaiveCaller& caller, const NaiveRequest& request) {
  std::string text = caller.arn + ": " + request.action + " on " + request.resource + "\n";
  const auto add = [&text](const std::string& name, const NaivePolicy& policy) {
    text += name + ": " + policy.ToJson() + "\n";
  };
  for (const NaivePolicy& policy : caller.service_control) add("service control", policy);
  if (caller.endpoint) add("endpoint", *caller.endpoint);
  if (request.resource_policy) add("resource", *request.resource_policy);
  for (const NaivePolicy& policy : caller.identity) add("identity", policy);
  if (caller.boundary) add("boundary", *caller.boundary);
  if (caller.session) add("session", *caller.session);
  for (const auto& [key, values] : request.keys) {
    for (const std::string& value : values) text += key + " = " + value + "\n";
  }
  return text;
}

TEST(PolicyProperty, RandomPoliciesAndRequestsHaveTheNaiveAnswer) {
  int allowed = 0;
  int denied = 0;
  int lacking = 0;
  for (int world = 0; world < kWorlds; ++world) {
    Generator generator(static_cast<std::uint64_t>(world));
    NaiveCaller caller = generator.MakeCaller();
    const Principal principal = Prepared(caller);
    for (int i = 0; i < kRequestsPerWorld; ++i) {
      NaiveRequest naive = generator.MakeRequest();
      AccessRequest request = {.action = naive.action,
                               .resource = naive.resource,
                               .account_id = naive.owner,
                               .context = naive.keys};
      if (naive.resource_policy)
        request.resource_policy = Prepared(*naive.resource_policy, PolicyKind::kResource);
      if (caller.type == PrincipalType::kUser) naive.keys["aws:username"] = {"alice"};
      const NaiveAnswer expected = EvaluateNaively(caller, naive);
      const Decision decision = Decide(principal, request);
      ASSERT_EQ(decision.allowed, expected.allowed) << "seed " << world << ", request " << i << "\n"
                                                    << Describe(caller, naive) << decision.reason;
      ASSERT_EQ(decision.explicit_deny, expected.explicit_deny)
          << "seed " << world << ", request " << i << "\n"
          << Describe(caller, naive) << decision.reason;
      if (!expected.allowed) {
        ASSERT_EQ(decision.policy_type, expected.type)
            << "seed " << world << ", request " << i << "\n"
            << Describe(caller, naive) << decision.reason;
      }
      ++(expected.allowed ? allowed : expected.explicit_deny ? denied : lacking);
    }
  }
  // No kind of answer is rare.
  EXPECT_GT(allowed, kWorlds);
  EXPECT_GT(denied, kWorlds);
  EXPECT_GT(lacking, kWorlds);
  std::cout << allowed << " allowed, " << denied << " denied, " << lacking << " not allowed\n";
}

}  // namespace
}  // namespace riacho
