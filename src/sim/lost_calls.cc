#include "sim/lost_calls.h"

#include <string>

namespace riacho::internal {

absl::Status TimedOut(Operation operation) {
  return absl::DeadlineExceededError(std::string(OperationName(operation)) +
                                     " timed out: there was no reply.");
}

}  // namespace riacho::internal
