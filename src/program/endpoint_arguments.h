// What riacho-endpoint was told on its command line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "riacho/engine/engine.h"

namespace riacho::internal {

// A stream to create at the start.
struct StreamArgument {
  std::string name = {};
  std::optional<std::int64_t> shard_count = {};  // absent: on demand

  friend bool operator==(const StreamArgument&, const StreamArgument&) = default;
};

// Somebody who may sign requests.
struct CredentialArgument {
  std::string access_key_id = {};
  std::string secret_access_key = {};

  friend bool operator==(const CredentialArgument&, const CredentialArgument&) = default;
};

struct EndpointArguments {
  bool help = false;
  bool version = false;

  std::string address = "127.0.0.1";
  std::uint16_t port = 4567;
  int threads = 1;

  bool tls = false;
  // Files, PEM. Empty: a certificate is made.
  std::string tls_certificate = {};
  std::string tls_private_key = {};
  // The file that the certificate in use is written to. Empty: none.
  std::string tls_certificate_out = {};

  EngineOptions engine = {};  // of the account that is served to most callers
  std::vector<StreamArgument> streams = {};
  std::vector<CredentialArgument> credentials = {};
  bool log = false;
};

// Reads `arguments`, without the program's name: "--port 4567" or "--port=4567". The last one
// counts where one can be given once.
//
// Errors: kInvalidArgument, for the first that is wrong: which, and what to do.
absl::StatusOr<EndpointArguments> ParseEndpointArguments(std::span<const char* const> arguments);

// What --help prints. Valid for the life of the program.
std::string_view EndpointHelp();

}  // namespace riacho::internal
