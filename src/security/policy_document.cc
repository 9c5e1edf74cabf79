#include "security/policy_document.h"

#include <algorithm>

namespace riacho::internal {

NamedAs PrincipalElement::Names(const Caller& caller) const {
  switch (kind) {
    case Kind::kAnyone:
      return NamedAs::kAnyone;
    case Kind::kAccount:
      return !caller.is_service() && text == caller.account_id() ? NamedAs::kAccount
                                                                 : NamedAs::kNobody;
    case Kind::kArn:
      if (text == caller.arn()) return NamedAs::kItself;
      return !caller.role_arn().empty() && text == caller.role_arn() ? NamedAs::kRole
                                                                     : NamedAs::kNobody;
    case Kind::kService:
      return caller.is_service() && text == caller.arn() ? NamedAs::kItself : NamedAs::kNobody;
    case Kind::kOther:
      return NamedAs::kNobody;
  }
  return NamedAs::kNobody;
}

NamedAs Statement::NamesCaller(const Caller& caller) const {
  if (principals.empty()) return NamedAs::kItself;
  NamedAs named = NamedAs::kNobody;
  for (const PrincipalElement& principal : principals)
    named = std::max(named, principal.Names(caller));
  if (!not_principal) return named;
  return named == NamedAs::kNobody ? NamedAs::kItself : NamedAs::kNobody;
}

bool Statement::CoversAction(const AccessQuery& query) const {
  return not_action != std::ranges::any_of(actions, [&query](const Pattern& pattern) {
           return pattern.Matches(query.action, query.keys);
         });
}

bool Statement::CoversResource(const AccessQuery& query) const {
  const bool has_resource = query.resource != "*";
  return not_resource != std::ranges::any_of(resources, [&](const Pattern& pattern) {
           return pattern.matches_all() ||
                  (has_resource && pattern.Matches(query.resource, query.keys));
         });
}

NamedAs Statement::Applies(const AccessQuery& query) const {
  const NamedAs named = NamesCaller(query.caller);
  if (named == NamedAs::kNobody || !CoversAction(query)) return NamedAs::kNobody;
  for (const std::string& key : needed_keys) {
    KeyValues values;
    query.keys.Find(key, values);
    if (values.values().size() != 1) return NamedAs::kNobody;
  }
  const bool applies = CoversResource(query) &&
                       std::ranges::all_of(conditions, [&query](const Condition& condition) {
                         return condition.Holds(query.keys);
                       });
  return applies ? named : NamedAs::kNobody;
}

}  // namespace riacho::internal
