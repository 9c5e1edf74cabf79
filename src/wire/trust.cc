#include "wire/trust.h"

#include <array>
#include <string_view>

#include "absl/status/status.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

absl::Status Unreadable(const std::string& what) {
  return absl::FailedPreconditionError("The trusted certificates " + what + ": " + SslError() +
                                       ".");
}

absl::Status AddCertificates(SSL_CTX& context, const std::string& pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> source(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  int count = 0;
  for (;; ++count) {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), &X509_free);
    if (certificate == nullptr) break;
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), certificate.get()) != 1)
      return Unreadable("cannot be taken");
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !at_end) return Unreadable("are no PEM");
  ERR_clear_error();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SslContext> NewTrust(const std::string& pem, const std::string& path) {
  ERR_clear_error();
  SslContext context(SSL_CTX_new(TLS_client_method()));
  RIACHO_CHECK(context != nullptr, SslError());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (!pem.empty()) {
    if (absl::Status added = AddCertificates(*context, pem); !added.ok()) return added;
  }
  if (!path.empty() && SSL_CTX_load_verify_file(context.get(), path.c_str()) != 1)
    return Unreadable("in the file '" + path + "' cannot be read");
  if (pem.empty() && path.empty() && SSL_CTX_set_default_verify_paths(context.get()) != 1)
    return Unreadable("of the system cannot be read");
  return context;
}

Ssl NewClientSsl(SSL_CTX& context, const std::string& host, bool offer_http2) {
  // Each name behind its length.
  constexpr std::string_view kBoth = "\x02h2\x08http/1.1";
  constexpr std::string_view kHttp1 = "\x08http/1.1";
  Ssl ssl(SSL_new(&context));
  RIACHO_CHECK(ssl != nullptr, SslError());
  const std::string_view offer = offer_http2 ? kBoth : kHttp1;
  SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                      static_cast<unsigned int>(offer.size()));
  // Addresses stand in certificates as such, and may not be asked for by name.
  const bool is_address =
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str()) == 1;
  if (!is_address) {
    ERR_clear_error();
    SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    RIACHO_CHECK(SSL_set1_host(ssl.get(), host.c_str()) == 1, SslError());
    SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string SslError() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (error == 0) return "no reason was given";
  std::array<char, 256> words;
  ERR_error_string_n(error, words.data(), words.size());
  return words.data();
}

}  // namespace riacho::internal
