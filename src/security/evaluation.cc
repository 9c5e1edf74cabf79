#include "security/evaluation.h"

#include <array>
#include <cstddef>

namespace riacho::internal {
namespace {

constexpr std::size_t kPolicyTypes = 6;

// What the policies of one type say.
struct Opinion {
  bool present = false;
  const Statement* deny = nullptr;
  const Statement* allow = nullptr;  // the one that names the caller most closely
  NamedAs allowed_as = NamedAs::kNobody;

  void Hear(const Policy& policy, const AccessQuery& query) {
    present = true;
    for (const Statement& statement : policy.document().statements) {
      if (deny != nullptr || (statement.allow && allowed_as == NamedAs::kItself)) continue;
      const NamedAs named = statement.Applies(query);
      if (named == NamedAs::kNobody) continue;
      if (!statement.allow) {
        deny = &statement;
      } else if (named > allowed_as) {
        allow = &statement;
        allowed_as = named;
      }
    }
  }
  bool lacks_allow() const { return present && allow == nullptr; }
};

using Opinions = std::array<Opinion, kPolicyTypes>;

Opinions HearAll(const AccessQuery& query) {
  Opinions opinions;
  const auto of = [&opinions](PolicyType type) -> Opinion& {
    return opinions[static_cast<std::size_t>(type)];
  };
  const Principal& principal = query.caller.principal();
  for (const Policy& policy : principal.service_control_policies)
    of(PolicyType::kServiceControlPolicy).Hear(policy, query);
  if (!query.by_service && principal.via_endpoint.has_value() &&
      principal.via_endpoint->policy.has_value())
    of(PolicyType::kVpcEndpointPolicy).Hear(*principal.via_endpoint->policy, query);
  if (query.resource_policy != nullptr)
    of(PolicyType::kResourceBasedPolicy).Hear(*query.resource_policy, query);
  if (query.caller.is_root()) return opinions;
  for (const Policy& policy : principal.identity_policies)
    of(PolicyType::kIdentityBasedPolicy).Hear(policy, query);
  if (principal.permissions_boundary.has_value())
    of(PolicyType::kPermissionsBoundary).Hear(*principal.permissions_boundary, query);
  if (principal.session_policy.has_value())
    of(PolicyType::kSessionPolicy).Hear(*principal.session_policy, query);
  return opinions;
}

Verdict Denied(PolicyType type, const Statement* statement = nullptr) {
  return {.allowed = false, .policy_type = type, .statement = statement};
}

// The say of the account that owns the resource: an answer, or none when the caller's own policies
// are to be asked; `granted` then tells whether the resource's policy stands in for an identity
// policy that allows.
std::optional<Verdict> AskOwner(const AccessQuery& query, const Opinion& resource, bool& granted) {
  const Verdict allowed = {.allowed = true,
                           .policy_type = PolicyType::kResourceBasedPolicy,
                           .statement = resource.allow};
  const Caller& caller = query.caller;
  granted = false;
  if (caller.is_service() || caller.account_id() != query.resource_account) {
    if (resource.allow == nullptr) return Denied(PolicyType::kResourceBasedPolicy);
    if (caller.is_service() || caller.is_root()) return allowed;
    return std::nullopt;
  }
  if (caller.is_root()) return Verdict{.allowed = true};
  if (resource.allowed_as == NamedAs::kItself) return allowed;
  granted = resource.allowed_as > NamedAs::kAccount;
  return std::nullopt;
}

}  // namespace

Verdict Evaluate(const AccessQuery& query) {
  const Opinions opinions = HearAll(query);
  const auto of = [&opinions](PolicyType type) -> const Opinion& {
    return opinions[static_cast<std::size_t>(type)];
  };
  for (std::size_t i = 0; i < kPolicyTypes; ++i) {
    if (opinions[i].deny != nullptr) return Denied(static_cast<PolicyType>(i), opinions[i].deny);
  }
  for (const PolicyType type :
       {PolicyType::kServiceControlPolicy, PolicyType::kVpcEndpointPolicy}) {
    if (of(type).lacks_allow()) return Denied(type);
  }
  const Opinion& resource = of(PolicyType::kResourceBasedPolicy);
  const Opinion& identity = of(PolicyType::kIdentityBasedPolicy);
  bool granted = false;
  if (const std::optional<Verdict> verdict = AskOwner(query, resource, granted)) return *verdict;
  if (identity.allow == nullptr && !granted) return Denied(PolicyType::kIdentityBasedPolicy);
  for (const PolicyType type : {PolicyType::kPermissionsBoundary, PolicyType::kSessionPolicy}) {
    if (of(type).lacks_allow()) return Denied(type);
  }
  if (identity.allow != nullptr) {
    return {.allowed = true,
            .policy_type = PolicyType::kIdentityBasedPolicy,
            .statement = identity.allow};
  }
  return {.allowed = true,
          .policy_type = PolicyType::kResourceBasedPolicy,
          .statement = resource.allow};
}

std::string DenialText(const AccessQuery& query, const Verdict& verdict) {
  const std::string action(query.action);
  const PolicyType type = *verdict.policy_type;
  const std::string type_name(PolicyTypeName(type));
  std::string text = "User: " + query.caller.arn() + " is not authorized to perform: " + action;
  if (query.resource != "*") text += " on resource: " + std::string(query.resource);
  if (verdict.statement == nullptr)
    return text + " because no " + type_name + " allows the " + action + " action";
  const bool vowel = type == PolicyType::kIdentityBasedPolicy;
  return text + " with an explicit deny in " + (vowel ? "an " : "a ") + type_name;
}

}  // namespace riacho::internal
