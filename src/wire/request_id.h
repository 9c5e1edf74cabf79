// What the service calls each request by.
#pragma once

#include <string>

#include "riacho/base/random.h"

namespace riacho::internal {

// x-amzn-requestid: in the form of a random UUID, "c0a8012e-4f6b-4e1d-9a57-0242ac120002".
std::string MakeRequestId(Random& random);

// x-amz-id-2: 72 bytes in base64.
std::string MakeExtendedRequestId(Random& random);

}  // namespace riacho::internal
