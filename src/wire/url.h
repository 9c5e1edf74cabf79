// The address of an endpoint, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace riacho::internal {

struct Url {
  bool secure = false;     // https
  std::string host = {};   // a name or an address, "::1" without brackets
  std::uint16_t port = 0;  // as given, or the scheme's
  std::string path = "/";  // never empty

  // As the header Host says it: without the scheme's own port.
  std::string Authority() const;
  // For messages: "localhost:8443".
  std::string HostAndPort() const;

  friend bool operator==(const Url&, const Url&) = default;
};

// Errors: absl::StatusCode::kInvalidArgument: no http or https, no host, a port that is none, a
// user, a query or a fragment, characters that no URL has.
absl::StatusOr<Url> ParseUrl(std::string_view text);

}  // namespace riacho::internal
