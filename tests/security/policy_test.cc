#include "riacho/security/policy.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riacho/model/error.h"
#include "security/policy_fixture.h"

namespace riacho {
namespace {

// What Parse says of a policy that it refuses, without the prefix that all refusals have.
std::string Refusal(std::string_view json, PolicyKind kind = PolicyKind::kIdentity) {
  constexpr std::string_view kPrefix = "Policy validation error: ";
  const absl::Status status = Policy::Parse(json, kind).status();
  if (status.ok()) return "accepted";
  EXPECT_EQ(GetErrorCode(status), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(ErrorMessage(status).starts_with(kPrefix));
  return std::string(ErrorMessage(status).substr(kPrefix.size()));
}

// The same of a statement's elements.
std::string StatementRefusal(std::string_view elements, PolicyKind kind = PolicyKind::kIdentity) {
  return Refusal(R"({"Version":"2012-10-17","Statement":[{)" + std::string(elements) + "}]}", kind);
}

TEST(PolicyParse, DropsWhiteSpaceAndBracketsAroundOneText) {
  const Policy policy = Read(R"( {
      "Version" : "2012-10-17",
      "Statement" : [ {
        "Effect" : "Allow",
        "Action" : [ "kinesis:PutRecord" ],
        "Resource" : [ "*" , "arn:aws:kinesis:*:*:stream/a" ],
        "Condition" : { "StringEquals" : { "aws:username" : [ "alice" ] } } } ] } )");
  EXPECT_EQ(
      policy.text(),
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:PutRecord",)"
      R"("Resource":["*","arn:aws:kinesis:*:*:stream/a"],)"
      R"("Condition":{"StringEquals":{"aws:username":"alice"}}}]})");
  EXPECT_EQ(policy, Read(policy.text()));
}

TEST(PolicyParse, KeepsTheOrderOfElements) {
  EXPECT_EQ(Read(R"({"Statement":{"Resource":"*","Action":"*","Effect":"Deny"}})").text(),
            R"({"Statement":{"Resource":"*","Action":"*","Effect":"Deny"}})");
}

TEST(PolicyParse, SaysWhereTextIsNoJson) {
  EXPECT_EQ(Refusal(""), "This policy contains invalid Json: line 1, column 1");
  EXPECT_EQ(Refusal("{\n  \"Version\" \"2012-10-17\"\n}"),
            "This policy contains invalid Json: line 2, column 24");
  EXPECT_EQ(Refusal("{\"Version\":1e999}"),
            "This policy contains invalid Json: a number is out of range");
  EXPECT_THAT(Refusal(std::string(100000, '[')),
              testing::StartsWith("This policy contains invalid Json: line 1"));
  EXPECT_THAT(Refusal("{\"Version\":\"\xff\"}"),
              testing::StartsWith("This policy contains invalid Json: line 1"));
}

TEST(PolicyParse, RefusesWhatIsNoPolicy) {
  EXPECT_EQ(Refusal("[]"), "expected an object, found a list");
  EXPECT_EQ(Refusal("7"), "expected an object, found 7");
  EXPECT_EQ(Refusal("{}"), "has no Statement");
  EXPECT_EQ(Refusal(R"({"Statement":[]})"),
            "Statement: expected an object or a list of objects, found an empty list");
  EXPECT_EQ(Refusal(R"({"Statement":["x"]})"), "Statement[1]: expected an object, found \"x\"");
  EXPECT_EQ(Refusal(R"({"Statement":null})"), "Statement: expected an object, found null");
  EXPECT_EQ(Refusal(R"({"Version":"2012-10-18","Statement":[]})"),
            "Version: expected \"2012-10-17\" or \"2008-10-17\", found \"2012-10-18\"");
  EXPECT_EQ(Refusal(R"({"version":"2012-10-17","Statement":[]})"),
            "the element \"version\" is not known");
  EXPECT_EQ(Refusal(R"({"Id":7,"Statement":[]})", PolicyKind::kResource),
            "Id: expected a string, found 7");
}

TEST(PolicyParse, RefusesAnElementThatIsGivenTwice) {
  EXPECT_EQ(
      Refusal(R"({"Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}})"),
      "the element \"Effect\" is given twice");
  EXPECT_EQ(Refusal(R"({"Statement":[],"Statement":[]})"),
            "the element \"Statement\" is given twice");
  EXPECT_EQ(Refusal(R"({"":1,"":2})"), "the element \"\" is given twice");
}

TEST(PolicyParse, AStatementHasOneEffectOneActionAndOneResourceElement) {
  EXPECT_EQ(StatementRefusal(R"("Action":"*","Resource":"*")"), "Statement[1]: has no Effect");
  EXPECT_EQ(StatementRefusal(R"("Effect":"allow","Action":"*","Resource":"*")"),
            R"(Statement[1].Effect: expected "Allow" or "Deny", found "allow")");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Resource":"*")"),
            "Statement[1]: has neither Action nor NotAction");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Action":"*","NotAction":"*","Resource":"*")"),
            "Statement[1]: has both Action and NotAction");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Action":"*")"),
            "Statement[1]: has neither Resource nor NotResource");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Action":"*","Resource":"*","NotResource":"*")"),
            "Statement[1]: has both Resource and NotResource");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Action":"*","Resource":"*","Conditions":{})"),
            "Statement[1]: the element \"Conditions\" is not known");
}

TEST(PolicyParse, NamesTheStatementThatIsWrong) {
  EXPECT_EQ(Refusal(R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                                     {"Effect":"Allow","Action":7,"Resource":"*"}]})"),
            "Statement[2].Action: expected a string or a list of strings, found 7");
}

TEST(PolicyParse, RefusesActionsAndResourcesThatNothingCanMatch) {
  const auto action = [](std::string_view json) {
    return StatementRefusal(R"("Effect":"Allow","Resource":"*","Action":)" + std::string(json));
  };
  const std::string expected =
      "Statement[1].Action: expected \"*\" or an action such as \"kinesis:Put*\", without a "
      "wildcard "
      "before the colon, found ";
  EXPECT_EQ(action(R"("PutRecord")"), expected + R"("PutRecord")");
  EXPECT_EQ(action(R"("kin*:PutRecord")"), expected + R"("kin*:PutRecord")");
  EXPECT_EQ(action(R"("kinesis:")"), expected + R"("kinesis:")");
  EXPECT_EQ(action(R"(["*", ":x"])"), expected + R"(":x")");
  EXPECT_EQ(action("[]"),
            "Statement[1].Action: expected a string or a list of strings, found a list");
  EXPECT_EQ(action(R"("*:*")"), expected + R"("*:*")");
  const auto resource = [](std::string_view json) {
    return StatementRefusal(R"("Effect":"Allow","Action":"*","Resource":)" + std::string(json));
  };
  EXPECT_EQ(resource(R"("stream/orders")"),
            R"(Statement[1].Resource: expected "*" or an ARN, found "stream/orders")");
  EXPECT_EQ(resource(R"("")"), R"(Statement[1].Resource: expected "*" or an ARN, found "")");
  EXPECT_EQ(resource(R"("arn:aws:kinesis:*:*:stream/${aws:username")"),
            "Statement[1].Resource: the policy variable \"${aws:username\" has no closing brace");
  EXPECT_EQ(resource(R"("arn:aws:kinesis:*:*:stream/${}")"),
            "Statement[1].Resource: a policy variable has no name");
  EXPECT_EQ(resource(R"("arn:aws:kinesis:*:*:stream/${aws:username, guest}")"),
            "Statement[1].Resource: the default of the policy variable \"aws:username\" must stand "
            "between single quotes");
  EXPECT_EQ(resource(R"("**")"), "accepted");
}

TEST(PolicyParse, AnIdentityPolicyNamesNoPrincipals) {
  EXPECT_EQ(StatementRefusal(R"("Effect":"Allow","Principal":"*","Action":"*","Resource":"*")"),
            "Statement[1].Principal: has no place in an identity policy");
  EXPECT_EQ(StatementRefusal(R"("Effect":"Deny","NotPrincipal":"*","Action":"*","Resource":"*")"),
            "Statement[1].NotPrincipal: has no place in an identity policy");
  EXPECT_EQ(Refusal(R"({"Id":"x","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})"),
            "Id: has no place in an identity policy");
}

TEST(PolicyParse, AResourcePolicyNamesPrincipals) {
  const auto principal = [](std::string_view json, std::string_view effect = "Allow") {
    return StatementRefusal(R"("Effect":")" + std::string(effect) +
                                R"(","Action":"*","Resource":"*",)" + std::string(json),
                            PolicyKind::kResource);
  };
  EXPECT_EQ(
      StatementRefusal(R"("Effect":"Allow","Action":"*","Resource":"*")", PolicyKind::kResource),
      "Statement[1]: has neither Principal nor NotPrincipal");
  EXPECT_EQ(principal(R"("NotPrincipal":{"AWS":"123456789012"})"),
            "Statement[1].NotPrincipal: goes with the Effect \"Deny\" only");
  EXPECT_EQ(principal(R"("NotPrincipal":{"AWS":"123456789012"})", "Deny"), "accepted");
  EXPECT_EQ(principal(R"("Principal":{"AWS":["123456789012","arn:aws:iam::123456789012:root",)"
                      R"("arn:aws:iam::123456789012:user/a","arn:aws:iam::123456789012:role/r",)"
                      R"("arn:aws:sts::123456789012:assumed-role/r/s",)"
                      R"("arn:aws:sts::123456789012:federated-user/f","*"],)"
                      R"("Service":"lambda.amazonaws.com","Federated":"f","CanonicalUser":"c"})"),
            "accepted");
  const std::string expected =
      "Statement[1].Principal.AWS: expected \"*\", an account of twelve digits, or the ARN of an "
      "account, a user, a role or a session without wildcards, found ";
  EXPECT_EQ(principal(R"("Principal":{"AWS":"alice"})"), expected + "\"alice\"");
  EXPECT_EQ(principal(R"("Principal":{"AWS":"arn:aws:iam::123456789012:user/*"})"),
            expected + "\"arn:aws:iam::123456789012:user/*\"");
  EXPECT_EQ(principal(R"("Principal":{"AWS":"arn:aws:iam::12345678901:user/a"})"),
            expected + "\"arn:aws:iam::12345678901:user/a\"");
  EXPECT_EQ(principal(R"("Principal":{"AWS":"arn:aws:iam::123456789012:user/"})"),
            expected + "\"arn:aws:iam::123456789012:user/\"");
  EXPECT_EQ(principal(R"("Principal":"123456789012")"),
            "Statement[1].Principal: expected \"*\" or an object of AWS, Service, Federated or "
            "CanonicalUser, found \"123456789012\"");
  EXPECT_EQ(principal(R"("Principal":{"Aws":"*"})"),
            "Statement[1].Principal: expected AWS, Service, Federated or CanonicalUser, found "
            "\"Aws\"");
  EXPECT_EQ(principal(R"("Principal":{"Service":"*"})"),
            "Statement[1].Principal.Service: expected a name without wildcards, found \"*\"");
}

TEST(PolicyParse, SidsAreLettersAndDigitsAndUnique) {
  EXPECT_EQ(StatementRefusal(R"("Sid":"a b","Effect":"Allow","Action":"*","Resource":"*")"),
            "Statement[1].Sid: expected letters and digits, found \"a b\"");
  EXPECT_EQ(Refusal(R"({"Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},
                                     {"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]})"),
            "Statement[2].Sid: \"A\" is given twice");
  EXPECT_EQ(StatementRefusal(
                R"("Sid":"a b","Principal":"*","Effect":"Allow","Action":"*","Resource":"*")",
                PolicyKind::kResource),
            "accepted");
}

TEST(PolicyParse, RefusesConditionsThatCannotBeEvaluated) {
  const auto condition = [](std::string_view json) {
    return StatementRefusal(R"("Effect":"Allow","Action":"*","Resource":"*","Condition":)" +
                            std::string(json));
  };
  EXPECT_EQ(condition("{}"), "accepted");
  EXPECT_EQ(condition("[]"),
            "Statement[1].Condition: expected an object of condition operators, found a list");
  EXPECT_EQ(condition(R"({"StringEquals":"x"})"),
            "Statement[1].Condition.StringEquals: expected an object of condition keys, found "
            "\"x\"");
  EXPECT_EQ(
      condition(R"({"StringEquals":{"k":[]}})"),
      "Statement[1].Condition.StringEquals.k: expected strings, numbers, true or false, found "
      "a list");
  for (const std::string op : {"StringEqual", "stringequals", "NullIfExists", "ForAnyValue:Null",
                               "ForSomeValues:Bool", "IfExists", "", "NotBool"}) {
    EXPECT_EQ(
        condition("{\"" + op + R"(":{"k":"true"}})"),
        "Statement[1].Condition." + op + ".k: expected a condition operator, found \"" + op + "\"");
  }
  const auto value = [&condition](std::string_view op, std::string_view json) {
    return condition("{\"" + std::string(op) + R"(":{"k":)" + std::string(json) + "}}");
  };
  EXPECT_EQ(value("NumericLessThan", R"("ten")"),
            "Statement[1].Condition.NumericLessThan.k: expected a number, found \"ten\"");
  EXPECT_EQ(value("NumericLessThan", R"("nan")"),
            "Statement[1].Condition.NumericLessThan.k: expected a number, found \"nan\"");
  EXPECT_EQ(value("DateEquals", R"("2026-11-23T09:00:00")"),
            "Statement[1].Condition.DateEquals.k: expected a date such as 2026-11-23T09:00:00Z, or "
            "seconds since 1970, found \"2026-11-23T09:00:00\"");
  EXPECT_EQ(value("Bool", R"("yes")"),
            "Statement[1].Condition.Bool.k: expected true or false, found \"yes\"");
  EXPECT_EQ(value("BinaryEquals", R"("a")"),
            "Statement[1].Condition.BinaryEquals.k: expected base64 text, found \"a\"");
  for (const std::string address : {"203.0.113.0/33", "203.0.113", "2001:db8::/129", "10.0.0.0/08",
                                    "10.0.0.0/", "10.0.0.0/-1", "x", ""}) {
    EXPECT_EQ(value("IpAddress", "\"" + address + "\""),
              "Statement[1].Condition.IpAddress.k: expected an IP address or a range such as "
              "203.0.113.0/24, found \"" +
                  address + "\"");
  }
  EXPECT_EQ(value("Bool", "true"), "accepted");
  EXPECT_EQ(value("NumericEquals", "[1, 2.5]"), "accepted");
}

}  // namespace
}  // namespace riacho
