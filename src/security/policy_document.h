// The prepared form of a policy: statements whose patterns and conditions are compiled.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "riacho/security/policy.h"
#include "security/caller.h"
#include "security/condition.h"
#include "security/condition_keys.h"
#include "security/pattern.h"

namespace riacho::internal {

// What somebody wants to do.
struct AccessQuery {
  const Caller& caller;
  std::string_view action;            // "kinesis:PutRecord"
  std::string_view resource;          // an ARN; "*": the action has none
  std::string_view resource_account;  // whose it is
  const Policy* resource_policy;      // null: none
  const ConditionKeys& keys;
  // A service asks in the caller's name, and does not come through the caller's endpoint.
  bool by_service = false;
};

// How a statement names a caller, ascending by how closely.
enum class NamedAs : unsigned char {
  kNobody,
  kAccount,  // as a part of its account, which is left to allow it
  kAnyone,   // "*"
  kRole,     // by the role that it has assumed
  kItself,
};

// One entry of a Principal element.
struct PrincipalElement {
  enum class Kind : unsigned char {
    kAnyone,
    kAccount,  // text: the twelve digits
    kArn,
    kService,
    kOther,  // Federated and CanonicalUser: nobody who calls here
  };

  Kind kind = Kind::kAnyone;
  std::string text = {};

  NamedAs Names(const Caller& caller) const;
};

struct Statement {
  std::size_t number = 0;  // in its policy, from 1
  std::string sid = {};
  bool allow = false;
  bool not_principal = false;
  std::vector<PrincipalElement> principals = {};  // none: applies to everybody
  bool not_action = false;
  std::vector<Pattern> actions = {};
  bool not_resource = false;
  std::vector<Pattern> resources = {};
  std::vector<std::string> resource_texts = {};
  std::vector<Condition> conditions = {};
  std::vector<std::string> needed_keys = {};  // of policy variables: without a value, no match

  // kNobody: the statement does not apply.
  NamedAs Applies(const AccessQuery& query) const;

 private:
  NamedAs NamesCaller(const Caller& caller) const;
  bool CoversAction(const AccessQuery& query) const;
  bool CoversResource(const AccessQuery& query) const;
};

struct PolicyDocument {
  PolicyKind kind = PolicyKind::kIdentity;
  std::string text = {};  // normalised
  std::vector<Statement> statements = {};
};

}  // namespace riacho::internal
