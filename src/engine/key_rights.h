// KeyRights: what a client's policies say of the keys that its streams need.
#pragma once

#include <cstdint>
#include <string>

#include "engine/access.h"
#include "riacho/security/key_store.h"

namespace riacho::internal {

// For one request to the key store. `authorizer` must outlive it.
class KeyRights final : public KeyPolicies {
 public:
  KeyRights(const Authorizer& authorizer, std::int64_t now_nanos)
      : authorizer_(authorizer), now_nanos_(now_nanos) {}

  absl::Status Allow(KeyOperation operation, const std::string& key_arn,
                     const EncryptionContext& context, bool granted) const override {
    return authorizer_.AuthorizeKey(operation, key_arn, context, granted, now_nanos_);
  }

 private:
  const Authorizer& authorizer_;
  const std::int64_t now_nanos_;
};

}  // namespace riacho::internal
