#include "riacho/security/principal.h"

#include <utility>

namespace riacho {

Principal Principal::Root(std::string account_id) { return {.account_id = std::move(account_id)}; }

Principal Principal::User(std::string name, std::vector<Policy> identity_policies) {
  return {.type = PrincipalType::kUser,
          .name = std::move(name),
          .identity_policies = std::move(identity_policies)};
}

Principal Principal::RoleSession(std::string role_name, std::string session_name,
                                 std::vector<Policy> identity_policies) {
  return {.type = PrincipalType::kRoleSession,
          .name = std::move(session_name),
          .role_name = std::move(role_name),
          .identity_policies = std::move(identity_policies)};
}

Principal Principal::FederatedUser(std::string name, std::vector<Policy> identity_policies) {
  return {.type = PrincipalType::kFederatedUser,
          .name = std::move(name),
          .identity_policies = std::move(identity_policies)};
}

Principal Principal::Service(std::string name) {
  return {.type = PrincipalType::kService, .name = std::move(name)};
}

std::string Principal::Arn(std::string_view account_id_if_empty, std::string_view partition) const {
  const std::string account = account_id.empty() ? std::string(account_id_if_empty) : account_id;
  const std::string head = "arn:" + std::string(partition) + ":";
  switch (type) {
    case PrincipalType::kRoot:
      return head + "iam::" + account + ":root";
    case PrincipalType::kUser:
      return head + "iam::" + account + ":user/" + name;
    case PrincipalType::kRoleSession:
      return head + "sts::" + account + ":assumed-role/" + role_name + "/" + name;
    case PrincipalType::kFederatedUser:
      return head + "sts::" + account + ":federated-user/" + name;
    case PrincipalType::kService:
      return name;
  }
  return name;
}

}  // namespace riacho
