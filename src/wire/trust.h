// What a client of TLS believes: certificates of whom, and how they are checked.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include <openssl/ssl.h>

namespace riacho::internal {

struct SslContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextDeleter>;

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, SslDeleter>;

// Trusts the certificates in `pem` and in the file `path`; if both are empty, the system's. TLS 1.2
// or later.
//
// Errors: absl::StatusCode::kFailedPrecondition: what cannot be read.
absl::StatusOr<SslContext> NewTrust(const std::string& pem, const std::string& path);

// A connection of a client that will take no certificate but of `host`, a name or an address, and
// offers HTTP/2 if it is told to. `context` must outlive it.
Ssl NewClientSsl(SSL_CTX& context, const std::string& host, bool offer_http2);

// The words of the library for what it last complained of on this thread.
std::string SslError();

}  // namespace riacho::internal
