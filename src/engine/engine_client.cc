#include "engine/engine_client.h"

#include <algorithm>
#include <string>
#include <utility>

namespace riacho::internal {

std::vector<bool> EngineClient::RefuseEntries(const PutRecordsRequest& request,
                                              std::int64_t now_nanos,
                                              PutRecordsResponse::Records& results) const {
  if (account_.options.interceptors.empty()) return {};
  const std::vector<absl::Status> refusals =
      Interception(account_, *authorizer_, request, now_nanos).BeforeEntries();
  if (std::ranges::all_of(refusals, &absl::Status::ok)) return {};
  std::vector<bool> refused(refusals.size());
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    if (refusals[i].ok()) continue;
    refused[i] = true;
    results[i].error_code = GetErrorCode(refusals[i]).value_or(ErrorCode::kInternalFailure);
    results[i].error_message = ErrorMessage(refusals[i]);
  }
  return refused;
}

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
