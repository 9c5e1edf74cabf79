// What a capture keeps of a request.
#pragma once

#include <memory>

#include "riacho/client/interceptor.h"

namespace riacho::internal {

// A copy of the request of `call`; null for PutRecord, PutRecords and GetRecords, whose requests
// only view what the caller has.
std::shared_ptr<const void> CopyRequest(const OperationContext& call);

}  // namespace riacho::internal
