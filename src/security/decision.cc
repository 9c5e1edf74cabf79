#include "riacho/security/decision.h"

#include "absl/strings/ascii.h"

#include "riacho/model/arn.h"
#include "security/caller.h"
#include "security/condition_keys.h"
#include "security/evaluation.h"

namespace riacho {
namespace {

class Keys final : public internal::ConditionKeys {
 public:
  Keys(const AccessRequest& request, const internal::Caller& caller,
       const std::string& resource_account)
      : caller_(caller), time_(request.time) {
    for (const auto& [key, values] : request.context) context_[absl::AsciiStrToLower(key)] = values;
    context_.try_emplace("aws:resourceaccount", std::vector{resource_account});
  }

  void Find(std::string_view key, internal::KeyValues& values) const override {
    if (const auto found = context_.find(key); found != context_.end()) {
      for (const std::string& value : found->second) values.Add(value);
      return;
    }
    caller_.Find(key, values);
    if (values.values().empty()) internal::FindTime(key, time_, values);
  }

 private:
  const internal::Caller& caller_;
  const absl::Time time_;
  std::map<std::string, std::vector<std::string>, std::less<>> context_;  // names in lower case
};

}  // namespace

std::string_view PolicyTypeName(PolicyType type) {
  switch (type) {
    case PolicyType::kServiceControlPolicy:
      return "service control policy";
    case PolicyType::kVpcEndpointPolicy:
      return "VPC endpoint policy";
    case PolicyType::kResourceBasedPolicy:
      return "resource-based policy";
    case PolicyType::kIdentityBasedPolicy:
      return "identity-based policy";
    case PolicyType::kPermissionsBoundary:
      return "permissions boundary";
    case PolicyType::kSessionPolicy:
      return "session policy";
  }
  return "";
}

std::ostream& operator<<(std::ostream& out, PolicyType type) { return out << PolicyTypeName(type); }

Decision Decide(const Principal& principal, const AccessRequest& request) {
  std::string owner(request.account_id.empty() ? AccountOf(request.resource) : request.account_id);
  if (owner.empty()) owner = principal.account_id;
  const internal::Caller caller(principal, owner, "aws");
  const Keys keys(request, caller, owner);
  const internal::AccessQuery query = {
      .caller = caller,
      .action = request.action,
      .resource = request.resource,
      .resource_account = owner,
      .resource_policy = request.resource_policy.has_value() ? &*request.resource_policy : nullptr,
      .keys = keys};
  const internal::Verdict verdict = internal::Evaluate(query);
  Decision decision = {.allowed = verdict.allowed, .policy_type = verdict.policy_type};
  if (verdict.statement != nullptr) {
    decision.explicit_deny = !verdict.allowed;
    decision.statement = verdict.statement->number;
    decision.sid = verdict.statement->sid;
  }
  if (!verdict.allowed) decision.reason = internal::DenialText(query, verdict);
  return decision;
}

}  // namespace riacho
