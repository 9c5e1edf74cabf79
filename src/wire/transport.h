// A connection of a client: bytes to an endpoint and from it, with TLS or without.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "wire/trust.h"
#include "wire/url.h"

namespace riacho::internal {

// Deadlines are real time: on SystemClock(). Confined.
//
// Errors, of all methods: absl::StatusCode::kUnavailable (host, port, and the system's words),
// kDeadlineExceeded (the same, and what was waited for).
class Transport {
 public:
  // Tries the addresses of the host one after the other. `trust` is null without TLS, and must
  // outlive the transport. To look up a name is the system's affair, and takes as long as it takes.
  static absl::StatusOr<std::unique_ptr<Transport>> Connect(const Url& url, SSL_CTX* trust,
                                                            bool offer_http2, absl::Time deadline);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport();

  // Takes what it can off the front of `bytes`, perhaps nothing. Never blocks.
  absl::Status Write(std::string_view& bytes);

  struct ReadResult {
    std::size_t bytes = 0;  // 0: nothing has come
    bool end = false;       // nothing will come
  };
  // Never blocks.
  absl::StatusOr<ReadResult> Read(std::span<char> room);

  // Until bytes have come or, if `or_room_to_write`, can be sent. `waited_for` is for the error.
  absl::Status WaitReady(bool or_room_to_write, absl::Time deadline, std::string_view waited_for);

  // Whether neither bytes nor the end have come, which nobody asked for: fit for the next request.
  bool IsQuiet() const;

  // Whether both ends agreed on HTTP/2.
  bool speaks_http2() const;
  // What poll(2) is to look at after a Read that found nothing.
  int socket() const { return socket_; }
  short wanted_events() const;

 private:
  Transport(const Url& url, int socket) : peer_(url.HostAndPort()), socket_(socket) {}

  absl::Status FinishConnecting(absl::Time deadline);
  absl::Status ShakeHands(SSL_CTX& trust, const std::string& host, bool offer_http2,
                          absl::Time deadline);
  absl::Status SslFailure(int result, std::string_view what);
  absl::Status Broken(std::string_view what, int error) const;

  const std::string peer_;  // for messages
  const int socket_;
  Ssl ssl_;                      // null without TLS
  bool ssl_wants_room_ = false;  // to send, before it goes on
};

}  // namespace riacho::internal
