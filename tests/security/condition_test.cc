// Conditions: every operator, absent keys, and several values.
#include "security/condition.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "riacho/security/decision.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

using Context = std::map<std::string, std::vector<std::string>>;

// Whether `condition` holds for a request in which "my:key" has these values.
bool Holds(const std::string& op, const std::string& values, std::optional<Context> context = {}) {
  AccessRequest request = Put();
  if (context.has_value()) request.context = *context;
  return Decide(Principal::User("alice", {AllowIf("\"" + op + R"(":{"my:key":)" + values + "}")}),
                request)
      .allowed;
}
Context Key(std::vector<std::string> values) { return {{"my:key", std::move(values)}}; }
// Whether a policy with the content of a Condition allows this principal to put.
bool Allows(const std::string& condition, Principal principal = Principal::User("alice"),
            AccessRequest request = Put()) {
  principal.identity_policies = {AllowIf(condition)};
  return Decide(principal, request).allowed;
}

struct Case {
  std::string op;
  std::string policy_value;
  std::string matching;
  std::string other;
  bool negated = false;
};

const std::vector<Case>& Cases() {
  static const auto* const kCases = new std::vector<Case>{
      {"StringEquals", "Prod", "Prod", "prod"},
      {"StringNotEquals", "Prod", "prod", "Prod", true},
      {"StringEqualsIgnoreCase", "Prod", "pROD", "test"},
      {"StringNotEqualsIgnoreCase", "Prod", "test", "pROD", true},
      {"StringLike", "p*d?", "prod1", "Prod1"},
      {"StringNotLike", "p*d?", "Prod1", "prod1", true},
      {"NumericEquals", "10", "1e1", "11"},
      {"NumericNotEquals", "10", "11", "10.0", true},
      {"NumericLessThan", "10", "9.5", "10"},
      {"NumericLessThanEquals", "10", "10", "10.5"},
      {"NumericGreaterThan", "10", "10.5", "10"},
      {"NumericGreaterThanEquals", "10", "10", "9.5"},
      {"DateEquals", "2026-11-23T09:00:00Z", "1795424400", "1795424401"},
      {"DateNotEquals", "2026-11-23T09:00:00Z", "1795424401", "2026-11-23T10:00:00+01:00", true},
      {"DateLessThan", "1795424400", "2026-11-23T08:59:59Z", "2026-11-23T09:00:00Z"},
      {"DateLessThanEquals", "1795424400", "2026-11-23T09:00:00Z", "2026-11-23T09:00:01Z"},
      {"DateGreaterThan", "2026-11-23T09:00:00Z", "1795424401", "1795424400"},
      {"DateGreaterThanEquals", "2026-11-23T09:00:00Z", "1795424400", "1795424399"},
      {"Bool", "true", "TRUE", "false"},
      {"BinaryEquals", "QmluYXJ5", "QmluYXJ5", "YmluYXJ5"},
      {"IpAddress", "203.0.113.0/24", "203.0.113.255", "203.0.114.0"},
      {"NotIpAddress", "203.0.113.0/24", "203.0.114.0", "203.0.113.255", true},
      {"ArnEquals", "arn:aws:iam::*:role/app-*", "arn:aws:iam::1:role/app-1",
       "arn:aws:iam::1:role/other"},
      {"ArnLike", "arn:aws:iam::*:role/app-*", "arn:aws:iam::1:role/app-1/a:b",
       "arn:aws:iam:x::role/app-1"},
      {"ArnNotEquals", "arn:aws:iam::*:role/app-*", "arn:aws:iam::1:role/other",
       "arn:aws:iam::1:role/app-1", true},
      {"ArnNotLike", "arn:aws:iam::*:role/app-*", "no ARN", "arn:aws:iam::1:role/app-1", true},
  };
  return *kCases;
}

TEST(Operator, HoldsForWhatMatchesAndNotForAnythingElse) {
  for (const Case& c : Cases()) {
    const std::string value = "\"" + c.policy_value + "\"";
    EXPECT_TRUE(Holds(c.op, value, Key({c.matching}))) << c.op << " " << c.matching;
    EXPECT_FALSE(Holds(c.op, value, Key({c.other}))) << c.op << " " << c.other;
    EXPECT_TRUE(Holds(c.op + "IfExists", value, Key({c.matching}))) << c.op;
    EXPECT_FALSE(Holds(c.op + "IfExists", value, Key({c.other}))) << c.op;
  }
}

TEST(Operator, OnAnAbsentKeyHoldsWhenNegatedOrIfExists) {
  for (const Case& c : Cases()) {
    const std::string value = "\"" + c.policy_value + "\"";
    for (const std::optional<Context>& absent : {std::optional<Context>(), {Key({})}}) {
      EXPECT_EQ(Holds(c.op, value, absent), c.negated) << c.op;
      EXPECT_TRUE(Holds(c.op + "IfExists", value, absent)) << c.op;
      EXPECT_TRUE(Holds("ForAllValues:" + c.op, value, absent)) << c.op;
      EXPECT_FALSE(Holds("ForAnyValue:" + c.op, value, absent)) << c.op;
      EXPECT_TRUE(Holds("ForAnyValue:" + c.op + "IfExists", value, absent)) << c.op;
    }
  }
}

TEST(Operator, WithSeveralValuesMeansOneOfThemOrNoneOfThem) {
  EXPECT_TRUE(Holds("StringEquals", R"(["a","b"])", Key({"b"})));
  EXPECT_FALSE(Holds("StringEquals", R"(["a","b"])", Key({"c"})));
  EXPECT_FALSE(Holds("StringNotEquals", R"(["a","b"])", Key({"a"})));
  EXPECT_FALSE(Holds("StringNotEquals", R"(["a","b"])", Key({"b"})));
  EXPECT_TRUE(Holds("StringNotEquals", R"(["a","b"])", Key({"c"})));
}

TEST(Operator, WhatCannotBeReadMatchesNothing) {
  EXPECT_FALSE(Holds("NumericLessThan", "10", Key({"few"})));
  EXPECT_TRUE(Holds("NumericNotEquals", "10", Key({"few"})));
  EXPECT_FALSE(Holds("DateLessThan", "10", Key({"yesterday"})));
  EXPECT_FALSE(Holds("Bool", "true", Key({"yes"})));
  EXPECT_FALSE(Holds("Bool", "false", Key({"no"})));
  EXPECT_FALSE(Holds("BinaryEquals", "\"QQ==\"", Key({"Q"})));
  EXPECT_FALSE(Holds("IpAddress", "\"0.0.0.0/0\"", Key({"localhost"})));
  EXPECT_FALSE(Holds("IpAddress", "\"0.0.0.0/0\"", Key({"10.0.0.0/8"})));
  EXPECT_FALSE(Holds("ArnLike", "\"*\"", Key({"arn:aws:iam"})));
}

TEST(SetOperator, ForAllValuesDemandsThatEveryValueMatches) {
  EXPECT_TRUE(Holds("ForAllValues:StringEquals", R"(["a","b"])", Key({"a", "b"})));
  EXPECT_FALSE(Holds("ForAllValues:StringEquals", R"(["a","b"])", Key({"a", "c"})));
  EXPECT_TRUE(Holds("ForAllValues:StringNotEquals", R"(["a","b"])", Key({"c", "d"})));
  EXPECT_FALSE(Holds("ForAllValues:StringNotEquals", R"(["a","b"])", Key({"a", "c"})));
}

TEST(SetOperator, ForAnyValueDemandsThatOneMatches) {
  EXPECT_TRUE(Holds("ForAnyValue:StringEquals", R"(["a","b"])", Key({"c", "b"})));
  EXPECT_FALSE(Holds("ForAnyValue:StringEquals", R"(["a","b"])", Key({"c", "d"})));
  EXPECT_TRUE(Holds("ForAnyValue:StringNotEquals", R"(["a","b"])", Key({"a", "c"})));
  EXPECT_FALSE(Holds("ForAnyValue:StringNotEquals", R"(["a","b"])", Key({"a", "b"})));
}

TEST(Null, TellsWhetherTheKeyIsThere) {
  EXPECT_TRUE(Holds("Null", "\"true\""));
  EXPECT_TRUE(Holds("Null", "true", Key({})));
  EXPECT_FALSE(Holds("Null", "\"true\"", Key({"x"})));
  EXPECT_FALSE(Holds("Null", "\"false\""));
  EXPECT_TRUE(Holds("Null", "\"false\"", Key({"x"})));
  EXPECT_TRUE(Holds("Null", "\"false\"", Key({""})));
}

TEST(Operator, AllOperatorsAndKeysMustHold) {
  const std::string both = R"("StringEquals":{"a:x":"1","a:y":"2"},"Bool":{"a:z":"true"})";
  AccessRequest request = Put();
  request.context = {{"a:x", {"1"}}, {"a:y", {"2"}}, {"a:z", {"true"}}};
  EXPECT_TRUE(Allows(both, Principal::User("alice"), request));
  for (const std::string key : {"a:x", "a:y", "a:z"}) {
    AccessRequest lacking = request;
    lacking.context.erase(key);
    EXPECT_FALSE(Allows(both, Principal::User("alice"), lacking)) << key;
  }
}

TEST(IpAddress, MatchesRangesOfBothVersions) {
  EXPECT_TRUE(Holds("IpAddress", R"("2001:db8:1:2::/64")", Key({"2001:db8:1:2:ffff::1"})));
  EXPECT_FALSE(Holds("IpAddress", R"("2001:db8:1:2::/64")", Key({"2001:db8:1:3::1"})));
  EXPECT_TRUE(Holds("IpAddress", R"("203.0.113.7")", Key({"203.0.113.7"})));
  EXPECT_FALSE(Holds("IpAddress", R"("203.0.113.7")", Key({"203.0.113.8"})));
  EXPECT_TRUE(Holds("IpAddress", R"("10.0.0.0/9")", Key({"10.127.0.1"})));
  EXPECT_FALSE(Holds("IpAddress", R"("10.0.0.0/9")", Key({"10.128.0.1"})));
  EXPECT_FALSE(Holds("IpAddress", R"("0.0.0.0/0")", Key({"::1"})));
  EXPECT_TRUE(Holds("IpAddress", R"("::/0")", Key({"::1"})));
  EXPECT_FALSE(Holds("IpAddress", R"("2001:db8::1")", Key({"2001:db8::2"})));
}

TEST(IpAddress, IsAbsentForCallsThroughAnEndpoint) {
  Principal principal = Principal::User("alice");
  principal.source_ip = "203.0.113.9";
  EXPECT_TRUE(Allows(R"("IpAddress":{"aws:SourceIp":"203.0.113.0/24"})", principal));
  principal.via_endpoint = VpcEndpoint{.vpc_source_ip = "10.0.0.1"};
  EXPECT_FALSE(Allows(R"("IpAddress":{"aws:SourceIp":"203.0.113.0/24"})", principal));
  EXPECT_TRUE(Allows(R"("IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"})", principal));
}

TEST(ArnLike, KeepsWildcardsWithinTheirField) {
  EXPECT_FALSE(Holds("ArnLike", R"("arn:aws:iam::*")", Key({"arn:aws:iam::1:role/a"})));
  EXPECT_FALSE(Holds("ArnLike", R"("arn:*:role/a")", Key({"arn:aws:iam::1:role/a"})));
  EXPECT_TRUE(Holds("ArnLike", R"("arn:*:*:*:*:role/a")", Key({"arn:aws:iam::1:role/a"})));
  EXPECT_TRUE(Holds("ArnLike", R"("*")", Key({"arn:aws:iam::1:role/a"})));
  EXPECT_FALSE(Holds("ArnLike", R"("arn:aws:iam::*:role/a")", Key({"arn:aws:iam::1:x:role/a"})));
  EXPECT_TRUE(Allows(R"("ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:user/${aws:username}"})"));
}

TEST(Keys, TellWhoCallsHowAndWhen) {
  Principal principal = Principal::RoleSession("app", "i-17");
  principal.tags = {{"Team", "blue"}};
  principal.via_endpoint = VpcEndpoint{.vpc_endpoint_id = "vpce-1", .vpc_id = "vpc-1"};
  principal.context = {{"aws:CalledVia", {"athena.amazonaws.com", "dynamodb.amazonaws.com"}},
                       {"aws:MultiFactorAuthPresent", {"true"}}};
  AccessRequest request = Put();
  request.time = absl::FromUnixSeconds(1795424400);
  for (const std::string condition : {
           R"("ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/app"})",
           R"("StringEquals":{"aws:PrincipalAccount":"123456789012"})",
           R"("StringEquals":{"aws:PrincipalType":"AssumedRole"})",
           R"("StringEquals":{"aws:userid":"app:i-17"})",
           R"("StringEquals":{"AWS:principaltag/TEAM":"blue"})",
           R"("StringEquals":{"aws:SourceVpce":"vpce-1","aws:SourceVpc":"vpc-1"})",
           R"("Bool":{"aws:SecureTransport":"true","aws:ViaAWSService":true})",
           R"("StringEquals":{"aws:CalledViaFirst":"athena.amazonaws.com"})",
           R"("StringEquals":{"aws:CalledViaLast":"dynamodb.amazonaws.com"})",
           R"("ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"})",
           R"("Bool":{"aws:MultiFactorAuthPresent":"true"})",
           R"("DateLessThanEquals":{"aws:CurrentTime":"2026-11-23T09:00:00Z"})",
           R"("NumericEquals":{"aws:EpochTime":"1795424400"})",
           R"("StringEquals":{"aws:ResourceAccount":"123456789012"})",
           R"("Null":{"aws:username":"true","aws:SourceIp":"true"})",
       }) {
    EXPECT_TRUE(Allows(condition, principal, request)) << condition;
  }
  EXPECT_FALSE(Allows(R"("StringEquals":{"aws:PrincipalTag/Team":"Blue"})", principal, request));
}

TEST(Keys, OfTypesOfPrincipals) {
  EXPECT_TRUE(Allows(R"("StringEquals":{"aws:PrincipalType":"User","aws:userid":"alice"})"));
  Principal user = Principal::User("alice");
  user.user_id = "AIDAEXAMPLE";
  EXPECT_TRUE(Allows(R"("StringEquals":{"aws:userid":"AIDAEXAMPLE"})", user));
  EXPECT_TRUE(Allows(R"("StringEquals":{"aws:userid":"123456789012:fay"})",
                     Principal::FederatedUser("fay")));
  EXPECT_TRUE(Allows(R"("Bool":{"aws:ViaAWSService":"false"})"));
}

}  // namespace
}  // namespace riacho
