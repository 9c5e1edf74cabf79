#include "wire/refusal.h"

#include <optional>
#include <utility>

#include "riacho/model/error.h"

namespace riacho::internal {

Refusal RefusalOf(const absl::Status& error) {
  constexpr int kInternalServerError = 500;
  constexpr int kServiceUnavailable = 503;
  constexpr int kGatewayTimeout = 504;
  Refusal refusal{.message = std::string(ErrorMessage(error))};
  const std::optional<ErrorCode> code = GetErrorCode(error);
  if (!code.has_value() && absl::IsUnavailable(error)) {
    refusal.http_status = kServiceUnavailable;
    refusal.type = "ServiceUnavailable";
  } else if (!code.has_value() && absl::IsDeadlineExceeded(error)) {
    refusal.http_status = kGatewayTimeout;
    refusal.type = "RequestTimeoutException";
  } else {
    refusal.type = ErrorCodeName(code.value_or(ErrorCode::kInternalFailure));
    if (code.value_or(ErrorCode::kInternalFailure) == ErrorCode::kInternalFailure)
      refusal.http_status = kInternalServerError;
  }
  return refusal;
}

Refusal IncompleteSignature(std::string message) {
  return {.type = "IncompleteSignatureException", .message = std::move(message)};
}

Refusal InvalidSignature(std::string message) {
  return {.type = "InvalidSignatureException", .message = std::move(message)};
}

std::string RefusalBody(const Refusal& refusal, WireFormat format) {
  Document body = {{"__type", refusal.type}};
  // Two of the service's layers spell it with a capital.
  const bool capital = refusal.type == ErrorCodeName(ErrorCode::kAccessDenied) ||
                       refusal.type == ErrorCodeName(ErrorCode::kSerialization);
  if (!refusal.message.empty()) body[capital ? "Message" : "message"] = refusal.message;
  return PrintBody(body, format);
}

}  // namespace riacho::internal
