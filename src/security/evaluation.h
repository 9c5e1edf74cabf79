// The evaluation of all policies that have a say in a request. Allocates nothing by itself.
#pragma once

#include <optional>
#include <string>

#include "riacho/security/decision.h"
#include "security/policy_document.h"

namespace riacho::internal {

struct Verdict {
  bool allowed = false;
  std::optional<PolicyType> policy_type = {};
  const Statement* statement = nullptr;  // lives as long as its policy; null: the lack of one
};

// See Decide.
Verdict Evaluate(const AccessQuery& query);

// What the service says of a denial.
std::string DenialText(const AccessQuery& query, const Verdict& verdict);

}  // namespace riacho::internal
