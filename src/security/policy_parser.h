// Reads the JSON of a policy.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"

#include "security/policy_document.h"

namespace riacho::internal {

// Errors: kInvalidArgument; see Policy::Parse, whose prefix is not yet there.
absl::StatusOr<PolicyDocument> ParsePolicy(std::string_view json, PolicyKind kind);

}  // namespace riacho::internal
