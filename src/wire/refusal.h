// What a call is refused with, in the service's words.
#pragma once

#include <string>

#include "absl/status/status.h"

#include "wire/document.h"

namespace riacho::internal {

struct Refusal {
  int http_status = 400;
  std::string type = {};     // the exception's name, such as "ResourceNotFoundException"
  std::string message = {};  // empty: there is none
};

// Of an error that a client answered. One that carries no exception of the service is
// ServiceUnavailable with 503 (kUnavailable), RequestTimeoutException with 504 (kDeadlineExceeded),
// and else an internal failure.
Refusal RefusalOf(const absl::Status& error);

// Of a signature that cannot be read, and of one that does not hold.
Refusal IncompleteSignature(std::string message);
Refusal InvalidSignature(std::string message);

// {"__type":"ResourceNotFoundException","message":"..."}
std::string RefusalBody(const Refusal& refusal, WireFormat format);

}  // namespace riacho::internal
