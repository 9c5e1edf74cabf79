// What a caller sees of a call whose request or reply was lost.
#pragma once

#include "absl/status/status.h"

#include "riacho/model/operation.h"

namespace riacho::internal {

// absl::StatusCode::kDeadlineExceeded and no code of the service, which has not said anything.
absl::Status TimedOut(Operation operation);

}  // namespace riacho::internal
