// What a capture keeps of a request.
#pragma once

#include <memory>

#include "riacho/client/interceptor.h"

namespace riacho::internal {

// A copy of the request of `call`, with a copy of what it views.
std::shared_ptr<const void> CopyRequest(const OperationContext& call);

}  // namespace riacho::internal
