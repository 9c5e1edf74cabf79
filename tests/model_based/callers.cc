#include "model_based/callers.h"

#include <string>
#include <utility>

namespace riacho::model_based {
namespace {

constexpr const char* kUserArn = "arn:aws:iam::123456789012:user/";

NaivePolicy Of(std::vector<NaiveStatement> statements) {
  return {.has_variables = true, .statements = std::move(statements)};
}

std::vector<NaivePolicy> IdentityPolicies(Dice& dice) {
  const std::string stream = "arn:aws:kinesis:us-east-1:123456789012:stream/";
  const NaiveStatement everything = {
      .allow = true, .actions = {"kinesis:*", "kms:*"}, .resources = {"*"}};
  switch (dice.Between(0, 9)) {
    case 0:
      return {};
    case 1:  // no account-wide operations, and consumers too
      return {
          Of({{.allow = true, .actions = {"*"}, .resources = {"arn:aws:kinesis:*:*:stream/*"}}})};
    case 2:
      return {Of({{.allow = true,
                   .actions = {"kinesis:Get*", "kinesis:list*", "kinesis:Describe*",
                               "kinesis:SubscribeToShard"},
                   .resources = {"*"}}})};
    case 3:
      return {Of({{.allow = true,
                   .actions = {"kinesis:Put*", "kinesis:ListShards"},
                   .resources = {stream + "stream-1", stream + "stream-2"}}})};
    case 4:
      return {Of({everything,
                  {.allow = false,
                   .actions = {"kinesis:Delete*", "kinesis:PutRecord"},
                   .resources = {stream + "stream-?", stream + "stream-2/consumer/*"}}})};
    case 5:
      return {Of({{.allow = true,
                   .actions = {"kinesis:*"},
                   .resources = {"*"},
                   .conditions =
                       {{.op = "StringEquals", .key = "aws:ResourceTag/env", .values = {"prod"}}}},
                  {.allow = true, .actions = {"kinesis:TagResource"}, .resources = {"*"}}})};
    case 6:
      return {
          Of({everything}),
          Of({{.allow = false,
               .not_action = true,
               .actions = {"kinesis:Put*", "kinesis:Get*", "kinesis:Create*", "kinesis:Update*"},
               .not_resource = true,
               .resources = {stream + "stream-3*", "arn:*/stream-1"}}})};
    case 7:
      return {Of({{.allow = true,
                   .actions = {"kinesis:*"},
                   .resources = {stream + "${aws:username}-*"}}})};
    case 8:
      return {Of({everything,
                  {.allow = false,
                   .actions = {"*"},
                   .resources = {"*"},
                   .conditions = {{.op = "StringNotEquals",
                                   .if_exists = true,
                                   .key = "aws:RequestTag/env",
                                   .values = {"prod", "test"}}}}})};
    default:
      return {Of({everything})};
  }
}

}  // namespace

std::vector<NaiveCaller> ChooseCallers(Dice dice) {
  std::vector<NaiveCaller> callers = {{.type = PrincipalType::kRoot,
                                       .account_id = "123456789012",
                                       .arn = "arn:aws:iam::123456789012:root"}};
  for (const char* const name : {"alice", "stream"}) {
    callers.push_back({.account_id = "123456789012",
                       .arn = std::string(kUserArn) + name,
                       .identity = IdentityPolicies(dice)});
  }
  return callers;
}

Principal PrincipalOf(const NaiveCaller& caller) {
  if (caller.type == PrincipalType::kRoot) return Principal::Root();
  Principal principal = Principal::User(caller.arn.substr(caller.arn.rfind('/') + 1));
  for (const NaivePolicy& policy : caller.identity) {
    principal.identity_policies.push_back(Policy::Parse(policy.ToJson()).value());
  }
  return principal;
}

NaivePolicy Choices::ResourcePolicy(const std::string& arn,
                                    const std::vector<NaiveCaller>& callers) {
  const bool of_consumer = arn.find("/consumer/") != std::string::npos;
  NaivePolicy policy = {.has_variables = OneIn(2)};
  const std::int64_t count = OneIn(3) ? 2 : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    NaiveStatement statement = {.allow = !OneIn(3), .resources = {arn}};
    if (OneIn(20)) statement.resources = {"*"};
    // Whoever looks at the end is the account, and reads.
    const bool denies_all = !statement.allow && OneIn(3);
    statement.principals = {denies_all ? "*" : OneOf(callers).arn};
    if (!denies_all && statement.principals.front().ends_with(":root") && !statement.allow) {
      statement.principals = {callers.back().arn};
    }
    if (statement.allow && OneIn(3)) statement.principals = {"*"};
    if (statement.allow && OneIn(6)) statement.principals = {"123456789012"};
    if (of_consumer) {
      statement.actions = {
          OneOf<std::string>({"kinesis:SubscribeToShard", "kinesis:DescribeStreamConsumer"})};
    } else if (denies_all) {
      statement.actions = {OneOf<std::string>({"kinesis:PutRecord", "kinesis:DescribeStream"})};
    } else {
      statement.actions = {
          OneOf<std::string>({"kinesis:PutRecord*", "kinesis:GetRecords", "kinesis:GetShard*",
                              "kinesis:ListShards", "kinesis:DescribeStreamSummary"})};
      if (OneIn(2)) statement.actions.push_back("kinesis:DescribeStream");
    }
    if (OneIn(20)) {
      statement.actions = {
          OneOf<std::string>({"kinesis:Put*", "kinesis:DeleteStream", "kinesis:SubscribeToShard",
                              "kinesis:Get*", "kinesis:Nothing"})};
      if (denies_all) statement.principals = {callers.back().arn};
    }
    if (OneIn(6)) {
      statement.conditions = {
          {.op = "StringEquals", .key = "aws:ResourceTag/env", .values = {"prod"}}};
    }
    policy.statements.push_back(statement);
  }
  return policy;
}

}  // namespace riacho::model_based
