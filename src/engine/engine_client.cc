#include "engine/engine_client.h"

#include <string>
#include <utility>

namespace riacho::internal {

absl::Status DryRunSucceeded(Operation operation) {
  return MakeError(ErrorCode::kDryRunOperation,
                   "DryRunOperation validation succeeded while calling " +
                       std::string(OperationName(operation)) +
                       " operation.: Request would have succeeded, but DryRun flag is set.");
}

}  // namespace riacho::internal

namespace riacho {

// Here and not in engine.cc, which need not see the clients.
std::unique_ptr<Client> Engine::NewClient(Principal principal) {
  return std::make_unique<internal::EngineClient>(*account_, std::move(principal));
}

}  // namespace riacho
