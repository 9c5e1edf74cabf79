// A second evaluation of policies, as the documents tell it and without any preparation: texts,
// loops and recursion. What it knows of policies it knows from these structures, not from JSON.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "riacho/security/decision.h"
#include "riacho/security/principal.h"

namespace riacho {

struct NaiveCondition {
  std::string quantifier = {};  // "", "ForAllValues:" or "ForAnyValue:"
  std::string op = {};          // "StringNotEquals"
  bool if_exists = false;
  std::string key = {};
  std::vector<std::string> values = {};
};

struct NaiveStatement {
  bool allow = false;
  bool not_action = false;
  std::vector<std::string> actions = {};
  bool not_resource = false;
  std::vector<std::string> resources = {};
  bool not_principal = false;
  std::vector<std::string> principals = {};  // "*", account ids, ARNs and names of services
  std::vector<NaiveCondition> conditions = {};
};

struct NaivePolicy {
  bool has_variables = false;
  std::vector<NaiveStatement> statements = {};

  std::string ToJson() const;
};

struct NaiveCaller {
  PrincipalType type = PrincipalType::kUser;
  std::string account_id = {};
  std::string arn = {};
  std::string role_arn = {};  // of a role session
  std::vector<NaivePolicy> identity = {};
  std::optional<NaivePolicy> boundary = {};
  std::optional<NaivePolicy> session = {};
  std::vector<NaivePolicy> service_control = {};
  std::optional<NaivePolicy> endpoint = {};
};

struct NaiveRequest {
  std::string action = {};
  std::string resource = {};
  std::string owner = {};
  std::optional<NaivePolicy> resource_policy = {};
  std::map<std::string, std::vector<std::string>> keys = {};  // names in lower case
};

struct NaiveAnswer {
  bool allowed = false;
  bool explicit_deny = false;
  std::optional<PolicyType> type = {};  // of a denial
};

NaiveAnswer EvaluateNaively(const NaiveCaller& caller, const NaiveRequest& request);

}  // namespace riacho
