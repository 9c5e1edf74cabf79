// Where a client finds its region and its credentials: options, environment, shared files.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "riacho/wire/remote_client.h"

namespace riacho::internal {

// The surroundings of a program, for tests to choose. Null answers: there is none.
struct Surroundings {
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<std::optional<std::string>(const std::string& path)> file;
};

// The process's own.
Surroundings OfThisProcess();

// Errors: absl::StatusCode::kNotFound, and where it was looked for.
absl::StatusOr<std::string> FindRegion(const RemoteClientOptions& options,
                                       const Surroundings& surroundings);

// Credentials that lack one of their two halves are none, wherever they are: the next place is not
// looked at.
//
// Errors: absl::StatusCode::kNotFound (none, and where they were looked for), kInvalidArgument
// (half of them, and where).
absl::StatusOr<RemoteCredentials> FindCredentials(const RemoteClientOptions& options,
                                                  const Surroundings& surroundings);

}  // namespace riacho::internal
