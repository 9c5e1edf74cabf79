// Errors of the service as typed statuses.
//
//   absl::StatusOr<PutRecordResponse> put = kinesis->PutRecord(…);
//   if (!put.ok() && GetErrorCode(put.status()) == ErrorCode::kResourceNotFound) { … }
//
// Every operation answers with an absl::Status that carries one ErrorCode. The status's message is
// the service's text, so it can be compared in tests; the ErrorCode is what programs should branch
// on. A record refused inside PutRecords is data in the response, not a status.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace riacho {

// One enumerator per exception of the service.
// Source: Amazon Kinesis Data Streams API Reference, "Common Errors" and the errors of each
// operation.
enum class ErrorCode : unsigned char {
  kAccessDenied,
  kDryRunOperation,
  kExpiredIterator,
  kExpiredNextToken,
  kInternalFailure,
  kInvalidArgument,
  kKmsAccessDenied,
  kKmsDisabled,
  kKmsInvalidState,
  kKmsNotFound,
  kKmsOptInRequired,
  kKmsThrottling,
  kLimitExceeded,
  kProvisionedThroughputExceeded,
  kResourceInUse,
  kResourceNotFound,
  kSerialization,
  kUnknownOperation,
  kUnrecognizedClient,
  kValidation,
};

// The exception's name on the wire, such as "ResourceNotFoundException". Valid for the life of the
// program.
std::string_view ErrorCodeName(ErrorCode code);
std::ostream& operator<<(std::ostream& out, ErrorCode code);

// The code whose ErrorCodeName is `name`; empty for any other text.
std::optional<ErrorCode> ParseErrorCode(std::string_view name);

// A status that GetErrorCode reads back as `code`, with the nearest canonical absl::StatusCode.
absl::Status MakeError(ErrorCode code, std::string_view message);

// The exception that `status` carries; empty for OK and for statuses that no Riacho backend made.
std::optional<ErrorCode> GetErrorCode(const absl::Status& status);

// True when the same call may succeed later unchanged: throttling (kProvisionedThroughputExceeded,
// kLimitExceeded, kKmsThrottling), kInternalFailure, and time-outs and broken connections, which
// have no ErrorCode (absl::StatusCode::kDeadlineExceeded, kUnavailable). After a time-out the call
// may have been carried out: to try again may do it twice.
bool IsRetryable(const absl::Status& status);

// The message of `status` as the standard library's view; valid as long as `status`.
std::string_view ErrorMessage(const absl::Status& status);

}  // namespace riacho
