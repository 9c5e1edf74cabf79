// What the model demands of each request, before anything else is looked at.
#pragma once

#include "absl/status/status.h"

namespace riacho::internal {

// OK, or kValidation with everything in which the request breaks the service's model. There is one
// for the request of each operation. Takes no memory as long as nothing is wrong. Thread-safe.
template <typename Request>
absl::Status Validate(const Request& request);

}  // namespace riacho::internal
