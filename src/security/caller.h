// A principal made ready to be asked about: its ARNs written out, its condition keys by name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "riacho/security/principal.h"
#include "security/condition_keys.h"

namespace riacho::internal {

// Immutable.
class Caller final : public ConditionKeys {
 public:
  // `account_id` is the principal's unless it has one of its own.
  Caller(Principal principal, std::string_view account_id, std::string_view partition);

  const Principal& principal() const { return principal_; }
  const std::string& account_id() const { return principal_.account_id; }
  const std::string& arn() const { return arn_; }
  const std::string& role_arn() const { return role_arn_; }  // empty: not a role session
  bool is_root() const { return principal_.type == PrincipalType::kRoot; }
  bool is_service() const { return principal_.type == PrincipalType::kService; }

  // The keys that are the same for all of the caller's requests.
  void Find(std::string_view key, KeyValues& values) const override;

 private:
  void SetKeys();
  void Set(std::string_view key, std::string value);

  Principal principal_;
  std::string arn_;
  std::string role_arn_;
  std::map<std::string, std::vector<std::string>, std::less<>> keys_;  // names in lower case
};

}  // namespace riacho::internal
