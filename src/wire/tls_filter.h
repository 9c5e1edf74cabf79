// TlsFilter: TLS of one connection of a server, without the connection: bytes in, bytes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct ssl_ctx_st;
struct ssl_st;

namespace riacho::internal {

// What the connections of a server have in common: its certificate, and that it speaks h2 and
// http/1.1. Thread-safe.
class TlsContext {
 public:
  // PEM, both: the certificate first in a chain, and its key.
  // Errors: absl::StatusCode::kInvalidArgument with the library's words.
  static absl::StatusOr<TlsContext> Create(const std::string& certificate,
                                           const std::string& private_key);

  ssl_ctx_st* get() const { return context_.get(); }

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}

  std::shared_ptr<ssl_ctx_st> context_;  // shared with its connections, by the library too
};

// Confined.
class TlsFilter {
 public:
  explicit TlsFilter(const TlsContext& context);
  TlsFilter(const TlsFilter&) = delete;
  TlsFilter& operator=(const TlsFilter&) = delete;
  ~TlsFilter();

  // Takes what came, and appends what it means to `plain`; TakeOutput follows. False: the other end
  // has said good-bye, or nothing can be understood any more.
  bool Receive(std::string_view bytes, std::string& plain);

  // Whether Send may be called.
  bool ready() const;
  // Encrypts, and appends to `out`. False: it cannot any more.
  bool Send(std::string_view plain, std::string& out);
  // Says good-bye.
  void Close();

  // Appends to `out` what is to be sent.
  void TakeOutput(std::string& out);

 private:
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
};

// A certificate for `localhost`, the loopback addresses and `address`, signed by itself, with its
// key; valid for ten years from yesterday on.
struct SelfMadeCertificate {
  std::string certificate = {};  // PEM, as is the key
  std::string private_key = {};
};
absl::StatusOr<SelfMadeCertificate> MakeCertificate(const std::string& address);

}  // namespace riacho::internal
