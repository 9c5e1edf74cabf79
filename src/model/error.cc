#include "riacho/model/error.h"

#include <array>
#include <cstddef>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace riacho {
namespace {

constexpr char kPayloadUrl[] = "riacho/error-code";

struct Row {
  ErrorCode code;
  std::string_view name;
  absl::StatusCode canonical;
};

constexpr std::array<Row, 20> kRows = {{
    {ErrorCode::kAccessDenied, "AccessDeniedException", absl::StatusCode::kPermissionDenied},
    {ErrorCode::kDryRunOperation, "DryRunOperationException", absl::StatusCode::kAborted},
    {ErrorCode::kExpiredIterator, "ExpiredIteratorException",
     absl::StatusCode::kFailedPrecondition},
    {ErrorCode::kExpiredNextToken, "ExpiredNextTokenException",
     absl::StatusCode::kFailedPrecondition},
    {ErrorCode::kInternalFailure, "InternalFailureException", absl::StatusCode::kInternal},
    {ErrorCode::kInvalidArgument, "InvalidArgumentException", absl::StatusCode::kInvalidArgument},
    {ErrorCode::kKmsAccessDenied, "KMSAccessDeniedException", absl::StatusCode::kPermissionDenied},
    {ErrorCode::kKmsDisabled, "KMSDisabledException", absl::StatusCode::kFailedPrecondition},
    {ErrorCode::kKmsInvalidState, "KMSInvalidStateException",
     absl::StatusCode::kFailedPrecondition},
    {ErrorCode::kKmsNotFound, "KMSNotFoundException", absl::StatusCode::kNotFound},
    {ErrorCode::kKmsOptInRequired, "KMSOptInRequired", absl::StatusCode::kPermissionDenied},
    {ErrorCode::kKmsThrottling, "KMSThrottlingException", absl::StatusCode::kResourceExhausted},
    {ErrorCode::kLimitExceeded, "LimitExceededException", absl::StatusCode::kResourceExhausted},
    {ErrorCode::kProvisionedThroughputExceeded, "ProvisionedThroughputExceededException",
     absl::StatusCode::kResourceExhausted},
    {ErrorCode::kResourceInUse, "ResourceInUseException", absl::StatusCode::kFailedPrecondition},
    {ErrorCode::kResourceNotFound, "ResourceNotFoundException", absl::StatusCode::kNotFound},
    {ErrorCode::kSerialization, "SerializationException", absl::StatusCode::kInvalidArgument},
    {ErrorCode::kUnknownOperation, "UnknownOperationException", absl::StatusCode::kUnimplemented},
    {ErrorCode::kUnrecognizedClient, "UnrecognizedClientException",
     absl::StatusCode::kUnauthenticated},
    {ErrorCode::kValidation, "ValidationException", absl::StatusCode::kInvalidArgument},
}};

constexpr bool RowsFollowTheEnum() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].code) != i) return false;
  }
  return true;
}
static_assert(RowsFollowTheEnum());

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) {
  return kRows[static_cast<std::size_t>(code)].name;
}

std::ostream& operator<<(std::ostream& out, ErrorCode code) { return out << ErrorCodeName(code); }

std::optional<ErrorCode> ParseErrorCode(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

absl::Status MakeError(ErrorCode code, std::string_view message) {
  const Row& row = kRows[static_cast<std::size_t>(code)];
  absl::Status status(row.canonical, ToAbsl(message));
  status.SetPayload(kPayloadUrl, absl::Cord(ToAbsl(row.name)));
  return status;
}

std::optional<ErrorCode> GetErrorCode(const absl::Status& status) {
  if (status.ok()) return std::nullopt;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  return ParseErrorCode(std::string(*payload));
}

bool IsRetryable(const absl::Status& status) {
  const std::optional<ErrorCode> code = GetErrorCode(status);
  if (!code.has_value()) return absl::IsDeadlineExceeded(status) || absl::IsUnavailable(status);
  return code == ErrorCode::kProvisionedThroughputExceeded || code == ErrorCode::kLimitExceeded ||
         code == ErrorCode::kKmsThrottling || code == ErrorCode::kInternalFailure;
}

std::string_view ErrorMessage(const absl::Status& status) {
  const absl::string_view message = status.message();
  return {message.data(), message.size()};
}

}  // namespace riacho
