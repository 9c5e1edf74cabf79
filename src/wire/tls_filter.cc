#include "wire/tls_filter.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

template <typename Object, void (*free)(Object*)>
struct Free {
  void operator()(Object* object) const { free(object); }
};
void FreeBio(BIO* bio) { BIO_free_all(bio); }
using Bio = std::unique_ptr<BIO, Free<BIO, &FreeBio>>;
using Certificate = std::unique_ptr<X509, Free<X509, &X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, &EVP_PKEY_free>>;

constexpr std::size_t kRecord = 16 * 1024;  // the longest of TLS

// What the library has noted last.
std::string LastError() {
  const std::uint64_t error = ERR_peek_last_error();
  ERR_clear_error();
  char text[256] = {};
  ERR_error_string_n(error, text, sizeof(text));
  return error == 0 ? "no reason given" : text;
}

absl::Status Invalid(const std::string& what) {
  return absl::InvalidArgumentError(what + ": " + LastError());
}

Bio Reading(const std::string& bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string Written(BIO& bio) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(&bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// Of what the client offers, what we prefer.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  auto** const out = const_cast<unsigned char**>(chosen);
  const int found =
      SSL_select_next_proto(out, chosen_size, kOurs, sizeof(kOurs) - 1, offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool AddExtension(X509& certificate, int name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, name, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(&certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

}  // namespace

absl::StatusOr<TlsContext> TlsContext::Create(const std::string& certificate,
                                              const std::string& private_key) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return Invalid("TLS cannot be set up");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // idle connections hold none
  SSL_CTX_set_alpn_select_cb(context.get(), &ChooseProtocol, nullptr);
  const Bio certificates = Reading(certificate);
  const Certificate first(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
  if (first == nullptr || SSL_CTX_use_certificate(context.get(), first.get()) != 1)
    return Invalid("The certificate cannot be used");
  while (X509* const next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr))
    SSL_CTX_add0_chain_cert(context.get(), next);
  ERR_clear_error();  // that there is no further one
  const Bio keys = Reading(private_key);
  const Key key(PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    return Invalid("The private key cannot be used");
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return Invalid("The private key is not that of the certificate");
  return TlsContext(std::move(context));
}

TlsFilter::TlsFilter(const TlsContext& context) : ssl_(SSL_new(context.get()), &SSL_free) {
  RIACHO_CHECK(ssl_ != nullptr, "out of memory");
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);  // more may come
  SSL_set_bio(ssl_.get(), in, out);
  SSL_set_accept_state(ssl_.get());
}

TlsFilter::~TlsFilter() = default;

bool TlsFilter::Receive(std::string_view bytes, std::string& plain) {
  while (!bytes.empty()) {
    const int most =
        static_cast<int>(std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max()));
    const int taken = BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), most);
    if (taken <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
  ERR_clear_error();
  while (true) {
    const std::size_t size = plain.size();
    plain.resize(size + kRecord);
    const int count = SSL_read(ssl_.get(), plain.data() + size, static_cast<int>(kRecord));
    plain.resize(size + static_cast<std::size_t>(std::max(count, 0)));
    if (count > 0) continue;
    const int error = SSL_get_error(ssl_.get(), count);
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }
}

bool TlsFilter::ready() const { return SSL_is_init_finished(ssl_.get()) == 1; }

// A record at a time, so that the library's buffer, which it keeps, stays small.
bool TlsFilter::Send(std::string_view plain, std::string& out) {
  ERR_clear_error();
  while (!plain.empty()) {
    const int most = static_cast<int>(std::min(plain.size(), kRecord));
    const int count = SSL_write(ssl_.get(), plain.data(), most);
    if (count <= 0) {
      ERR_clear_error();
      return false;
    }
    plain.remove_prefix(static_cast<std::size_t>(count));
    TakeOutput(out);
  }
  return true;
}

void TlsFilter::Close() {
  if (ready()) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

void TlsFilter::TakeOutput(std::string& out) {
  BIO* const bio = SSL_get_wbio(ssl_.get());
  const std::size_t pending = BIO_ctrl_pending(bio);
  if (pending == 0) return;
  const std::size_t size = out.size();
  out.resize(size + pending);
  const int count = BIO_read(bio, out.data() + size, static_cast<int>(pending));
  out.resize(size + static_cast<std::size_t>(std::max(count, 0)));
}

absl::StatusOr<SelfMadeCertificate> MakeCertificate(const std::string& address) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (key == nullptr || certificate == nullptr) return Invalid("No certificate can be made");
  constexpr long kDay = 24 * 60 * 60;
  constexpr int kVersion3 = 2;
  X509* const made = certificate.get();
  X509_set_version(made, kVersion3);
  // Unlike others of the same name, which a client may remember.
  std::uint64_t serial = 0;
  RIACHO_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial >> 1 | 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(made), 10 * 365 * kDay);
  X509_set_pubkey(made, key.get());
  X509_NAME* const name = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("Riacho endpoint"), -1, -1, 0);
  X509_set_issuer_name(made, name);
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  if (address != "127.0.0.1" && address != "::1") names += ",IP:" + address;
  if (!AddExtension(*made, NID_subject_alt_name, names) ||
      !AddExtension(*made, NID_basic_constraints, "critical,CA:FALSE") ||
      !AddExtension(*made, NID_ext_key_usage, "serverAuth") ||
      X509_sign(made, key.get(), EVP_sha256()) == 0) {
    return Invalid("No certificate for " + names + " can be made");
  }
  const Bio written_certificate(BIO_new(BIO_s_mem()));
  const Bio written_key(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(written_certificate.get(), made) != 1 ||
      PEM_write_bio_PrivateKey(written_key.get(), key.get(), nullptr, nullptr, 0, nullptr,
                               nullptr) != 1) {
    return Invalid("The certificate cannot be written");
  }
  return SelfMadeCertificate{.certificate = Written(*written_certificate),
                             .private_key = Written(*written_key)};
}

}  // namespace riacho::internal
