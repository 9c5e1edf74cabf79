#include "wire/transport.h"

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "base/return_if_error.h"
#include "riacho/time/clock.h"

namespace riacho::internal {
namespace {

std::string Words(int error) { return std::generic_category().message(error); }

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// As the library's own, which lets a connection that the peer has closed end the program.
int WriteWithoutSignal(BIO* bio, const char* bytes, int length) {
  int socket = -1;
  BIO_get_fd(bio, &socket);
  BIO_clear_retry_flags(bio);
  const auto sent =
      static_cast<int>(send(socket, bytes, static_cast<std::size_t>(length), MSG_NOSIGNAL));
  if (sent <= 0 && BIO_sock_should_retry(sent) != 0) BIO_set_retry_write(bio);
  return sent;
}

const BIO_METHOD* SocketMethod() {
  static const BIO_METHOD* const kMethod = [] {
    const BIO_METHOD* const usual = BIO_s_socket();
    BIO_METHOD* const method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "socket");
    BIO_meth_set_read(method, BIO_meth_get_read(usual));
    BIO_meth_set_write(method, &WriteWithoutSignal);
    BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(usual));
    BIO_meth_set_create(method, BIO_meth_get_create(usual));
    BIO_meth_set_destroy(method, BIO_meth_get_destroy(usual));
    return method;
  }();
  return kMethod;
}

struct Addresses {
  ~Addresses() {
    if (first != nullptr) freeaddrinfo(first);
  }
  addrinfo* first = nullptr;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> Transport::Connect(const Url& url, SSL_CTX* trust,
                                                              bool offer_http2,
                                                              absl::Time deadline) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  Addresses addresses;
  const int found =
      getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &addresses.first);
  if (found != 0) {
    return absl::UnavailableError("Cannot connect to " + url.HostAndPort() + ": " +
                                  (found == EAI_SYSTEM ? Words(errno) : gai_strerror(found)) + ".");
  }
  absl::Status failure;
  for (const addrinfo* address = addresses.first; address != nullptr; address = address->ai_next) {
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    std::unique_ptr<Transport> transport(new Transport(url, socket));
    if (socket < 0) {
      failure = transport->Broken("Cannot connect to", errno);
      continue;
    }
    // What is sent is always a whole request, or what one waits for.
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(socket, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS) {
      failure = transport->Broken("Cannot connect to", errno);
      continue;
    }
    failure = transport->FinishConnecting(deadline);
    if (!failure.ok()) continue;
    if (trust != nullptr)
      RIACHO_RETURN_IF_ERROR(transport->ShakeHands(*trust, url.host, offer_http2, deadline));
    return transport;
  }
  return failure;
}

Transport::~Transport() {
  ssl_.reset();
  if (socket_ >= 0) close(socket_);
}

absl::Status Transport::FinishConnecting(absl::Time deadline) {
  RIACHO_RETURN_IF_ERROR(WaitReady(true, deadline, "a connection"));
  int error = 0;
  socklen_t length = sizeof(error);
  if (getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  return error == 0 ? absl::OkStatus() : Broken("Cannot connect to", error);
}

absl::Status Transport::ShakeHands(SSL_CTX& trust, const std::string& host, bool offer_http2,
                                   absl::Time deadline) {
  ssl_ = NewClientSsl(trust, host, offer_http2);
  BIO* const bio = BIO_new(SocketMethod());
  RIACHO_CHECK(bio != nullptr, SslError());
  BIO_set_fd(bio, socket_, BIO_NOCLOSE);
  SSL_set_bio(ssl_.get(), bio, bio);
  while (true) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return absl::OkStatus();
    RIACHO_RETURN_IF_ERROR(SslFailure(result, "Cannot agree on TLS with"));
    RIACHO_RETURN_IF_ERROR(WaitReady(ssl_wants_room_, deadline, "the TLS handshake"));
  }
}

// OK if the library only wants to be called again.
absl::Status Transport::SslFailure(int result, std::string_view what) {
  const int error = errno;
  const int kind = SSL_get_error(ssl_.get(), result);
  ssl_wants_room_ = kind == SSL_ERROR_WANT_WRITE;
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return absl::OkStatus();
  if (kind == SSL_ERROR_SYSCALL && ERR_peek_error() == 0) return Broken(what, error);
  std::string words = SslError();
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK) words += std::string(": ") + X509_verify_cert_error_string(verified);
  return absl::UnavailableError(std::string(what) + " " + peer_ + ": " + words + ".");
}

absl::Status Transport::Broken(std::string_view what, int error) const {
  return absl::UnavailableError(std::string(what) + " " + peer_ + ": " +
                                (error == 0 ? "the connection was closed" : Words(error)) + ".");
}

absl::Status Transport::Write(std::string_view& bytes) {
  constexpr std::string_view kWhat = "Cannot send to";
  while (!bytes.empty()) {
    std::size_t sent = 0;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result != 1) return SslFailure(result, kWhat);
    } else {
      const ssize_t result = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (result < 0) return WouldBlock(errno) ? absl::OkStatus() : Broken(kWhat, errno);
      sent = static_cast<std::size_t>(result);
    }
    bytes.remove_prefix(sent);
  }
  return absl::OkStatus();
}

absl::StatusOr<Transport::ReadResult> Transport::Read(std::span<char> room) {
  constexpr std::string_view kWhat = "Cannot read from";
  ReadResult read;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), room.data(), room.size(), &read.bytes);
    if (result == 1) return read;
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) {
      read.end = true;
      return read;
    }
    RIACHO_RETURN_IF_ERROR(SslFailure(result, kWhat));
    return read;
  }
  const ssize_t result = recv(socket_, room.data(), room.size(), 0);
  if (result < 0) {
    if (WouldBlock(errno)) return read;
    return Broken(kWhat, errno);
  }
  read.bytes = static_cast<std::size_t>(result);
  read.end = result == 0;
  return read;
}

absl::Status Transport::WaitReady(bool or_room_to_write, absl::Time deadline,
                                  std::string_view waited_for) {
  pollfd entry = {.fd = socket_, .events = wanted_events(), .revents = 0};
  if (or_room_to_write) entry.events |= POLLOUT;
  while (true) {
    const absl::Duration left = deadline - SystemClock().TimeNow();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError("Waited in vain for " + std::string(waited_for) + " of " +
                                         peer_ + ".");
    }
    // Rounded up, so that the last round does not spin.
    constexpr std::int64_t kLongest = 60'000;
    const auto millis = std::min(absl::ToInt64Milliseconds(left) + 1, kLongest);
    const int ready = poll(&entry, 1, static_cast<int>(millis));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Broken("Cannot wait for", errno);
  }
}

bool Transport::IsQuiet() const {
  pollfd entry = {.fd = socket_, .events = POLLIN, .revents = 0};
  if (ssl_ != nullptr && SSL_has_pending(ssl_.get()) != 0) return false;
  return poll(&entry, 1, 0) == 0;
}

bool Transport::speaks_http2() const {
  if (ssl_ == nullptr) return false;
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  return std::string_view(reinterpret_cast<const char*>(name), length) == "h2";
}

short Transport::wanted_events() const {
  return static_cast<short>(ssl_wants_room_ ? POLLIN | POLLOUT : POLLIN);
}

}  // namespace riacho::internal
