#include "security/caller.h"

#include <utility>

#include "absl/strings/ascii.h"

namespace riacho::internal {
namespace {

std::string_view TypeName(PrincipalType type) {
  switch (type) {
    case PrincipalType::kRoot:
      return "Account";
    case PrincipalType::kUser:
      return "User";
    case PrincipalType::kRoleSession:
      return "AssumedRole";
    case PrincipalType::kFederatedUser:
      return "FederatedUser";
    case PrincipalType::kService:
      return "Service";
  }
  return "";
}

std::string UserId(const Principal& principal) {
  if (!principal.user_id.empty()) return principal.user_id;
  switch (principal.type) {
    case PrincipalType::kRoot:
      return principal.account_id;
    case PrincipalType::kRoleSession:
      return principal.role_name + ":" + principal.name;
    case PrincipalType::kFederatedUser:
      return principal.account_id + ":" + principal.name;
    case PrincipalType::kUser:
    case PrincipalType::kService:
      return principal.name;
  }
  return "";
}

}  // namespace

Caller::Caller(Principal principal, std::string_view account_id, std::string_view partition)
    : principal_(std::move(principal)) {
  if (principal_.account_id.empty()) principal_.account_id = std::string(account_id);
  arn_ = principal_.Arn(account_id, partition);
  if (principal_.type == PrincipalType::kRoleSession) {
    role_arn_ = "arn:" + std::string(partition) + ":iam::" + principal_.account_id + ":role/" +
                principal_.role_name;
  }
  SetKeys();
}

void Caller::Set(std::string_view key, std::string value) {
  if (!value.empty()) keys_[absl::AsciiStrToLower(std::string(key))] = {std::move(value)};
}

void Caller::SetKeys() {
  Set("aws:PrincipalArn", role_arn_.empty() ? arn_ : role_arn_);
  if (!is_service()) Set("aws:PrincipalAccount", principal_.account_id);
  Set("aws:PrincipalType", std::string(TypeName(principal_.type)));
  Set("aws:userid", UserId(principal_));
  if (principal_.type == PrincipalType::kUser) Set("aws:username", principal_.name);
  for (const auto& [key, value] : principal_.tags) {
    keys_[absl::AsciiStrToLower("aws:PrincipalTag/" + key)] = {value};
  }
  if (principal_.via_endpoint.has_value()) {
    Set("aws:SourceVpce", principal_.via_endpoint->vpc_endpoint_id);
    Set("aws:SourceVpc", principal_.via_endpoint->vpc_id);
    Set("aws:VpcSourceIp", principal_.via_endpoint->vpc_source_ip);
  } else {
    Set("aws:SourceIp", principal_.source_ip);
  }
  Set("aws:SecureTransport", principal_.secure_transport ? "true" : "false");
  Set("aws:ViaAWSService", "false");
  for (const auto& [key, values] : principal_.context) {
    const std::string name = absl::AsciiStrToLower(key);
    if (name == "aws:calledvia" && !values.empty()) {
      Set("aws:CalledViaFirst", values.front());
      Set("aws:CalledViaLast", values.back());
      Set("aws:ViaAWSService", "true");
    }
    keys_[name] = values;
  }
}

void Caller::Find(std::string_view key, KeyValues& values) const {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return;
  for (const std::string& value : found->second) values.Add(value);
}

}  // namespace riacho::internal
