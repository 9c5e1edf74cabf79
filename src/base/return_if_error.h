// RIACHO_RETURN_IF_ERROR: leaves the calling function with the status of `expression` unless it is
// OK.
//
//   RIACHO_RETURN_IF_ERROR(ValidateStreamName(request.stream_name));
#pragma once

#include "absl/status/status.h"

// For functions that return absl::Status or absl::StatusOr. Evaluates `expression`, an
// absl::Status, once.
#define RIACHO_RETURN_IF_ERROR(expression)                                \
  do {                                                                    \
    if (absl::Status riacho_status = (expression); !riacho_status.ok()) { \
      return riacho_status;                                               \
    }                                                                     \
  } while (false)
