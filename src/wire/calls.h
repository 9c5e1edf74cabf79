// The operations as calls on the wire: a body comes in, a body goes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "riacho/client/client.h"
#include "riacho/model/operation.h"
#include "wire/document.h"

namespace riacho::internal {

struct CallAnswer {
  std::string body = {};                            // empty: the operation has no output
  std::unique_ptr<Subscription> subscription = {};  // of SubscribeToShard, instead of a body
};

// Reads the request out of `body`, has it carried out by `client`, and writes the answer.
//
// Errors: kSerialization (the body; nothing has been asked of the client then), and those that the
// client answers, in which names that no enumerator has are what the body says.
absl::StatusOr<CallAnswer> CarryOut(Client& client, Operation operation, std::string_view body,
                                    WireFormat format);

}  // namespace riacho::internal
