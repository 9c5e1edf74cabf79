#include "riacho/client/interceptor.h"

namespace riacho {

Interceptor::~Interceptor() = default;

absl::Status Interceptor::Before(const OperationContext& /*call*/) { return absl::OkStatus(); }

void Interceptor::BeforeEntries(const OperationContext& /*call*/,
                                std::span<absl::Status> /*refusals*/) {}

void Interceptor::After(const OperationContext& /*call*/, OperationOutcome& /*outcome*/) {}

}  // namespace riacho
