#include "wire/http_connection.h"

#include <array>
#include <chrono>
#include <limits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace riacho::internal {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// How often a subscription is asked for what only time brings. Of real time: the engine may be on a
// virtual clock, whose steps nobody announces.
constexpr std::chrono::milliseconds kTick(20);
// A client that is told no in the middle of its body would miss the answer if we closed at once.
constexpr std::int64_t kLinger = 2'000'000'000;
constexpr std::size_t kMostThrownAway = 64 << 20;
// After so many pieces in a row others have their turn.
constexpr int kPiecesInARow = 16;
// Of memory, by a connection that is idle.
constexpr std::size_t kWorthKeeping = 64 * 1024;

std::int64_t NowNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool WouldBlock(error_code error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

HttpConnection::HttpConnection(Socket socket, const HttpServerOptions& options,
                               const HttpHandler& handler,
                               std::function<void(const std::shared_ptr<HttpConnection>&)> closed)
    : options_(options),
      closed_(std::move(closed)),
      socket_(std::move(socket)),
      tick_(socket_.get_executor()),
      due_at_nanos_(NowNanos() + absl::ToInt64Nanoseconds(options.idle_timeout)),
      session_(NewHttpSession({.handler = handler,
                               .max_body_bytes = options.max_body_bytes,
                               .wake = [this] { Wake(); },
                               .refused = options.refused})) {
  if (options_.tls.has_value()) tls_.emplace(*options_.tls);
}

void HttpConnection::Begin() {
  error_code error;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  socket_.non_blocking(true, error);
  if (error) return Close();
  AwaitInput();
}

void HttpConnection::Drain() {
  if (!open_) return;
  if (lingering_) return Close();
  draining_ = true;
  if (!TakeInput()) return;  // what has been asked, and has not been looked at yet
  session_->Drain();
  if (!writing_) Pump();
}

void HttpConnection::Close() {
  if (!std::exchange(open_, false)) return;
  session_ = nullptr;
  error_code ignored;
  tick_.cancel();
  socket_.close(ignored);
  closed_(shared_from_this());
}

void HttpConnection::AwaitInput() {
  if (reading_ || peer_ended_ || (!lingering_ && !session_->wants_input())) return;
  reading_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
    self->reading_ = false;
    if (!self->open_) return;
    if (error) return self->Close();
    self->Read();
  });
}

void HttpConnection::Read() {
  if (!TakeInput()) return;
  if (lingering_) {
    if (peer_ended_ || thrown_away_ > kMostThrownAway) return Close();
    return AwaitInput();
  }
  // Who waits for a subscription and hangs up does not want it any more.
  if (peer_ended_ && session_->streaming()) return Close();
  if (writing_) return AwaitInput();
  Pump();
}

// All that is there, as far as it is wanted. False: the connection is closed, for it is broken.
bool HttpConnection::TakeInput() {
  thread_local std::array<char, 64 * 1024> bytes;
  while (!peer_ended_ && (lingering_ || session_->wants_input())) {
    error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(bytes), error);
    if (WouldBlock(error)) break;
    if (error) peer_ended_ = true;
    if (error && error != asio::error::eof) {
      Close();
      return false;
    }
    Take({bytes.data(), count});
    if (lingering_ || count < bytes.size()) break;
  }
  return true;
}

void HttpConnection::Take(std::string_view bytes) {
  if (lingering_) {
    thrown_away_ += bytes.size();
  } else if (tls_.has_value()) {
    std::string plain;
    if (!tls_->Receive(bytes, plain)) peer_ended_ = true;
    if (!plain.empty()) session_->Receive(plain);
  } else {
    session_->Receive(bytes);
  }
}

// Sends what there is to say, until there is nothing or the socket takes no more.
void HttpConnection::Pump() {
  woken_.store(false, std::memory_order_relaxed);
  for (int i = 0;; ++i) {
    if (!Flush()) return;
    if (i == kPiecesInARow) {
      return asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->open_ && !self->lingering_ && !self->writing_) self->Pump();
      });
    }
    plain_.clear();
    if (!tls_.has_value()) {
      session_->Send(plain_);
      std::swap(plain_, out_);
    } else {
      if (tls_->ready()) session_->Send(plain_);
      if (!tls_->Send(plain_, out_)) return Close();
      tls_->TakeOutput(out_);
      if (plain_.capacity() > kWorthKeeping) plain_ = {};
    }
    if (out_.empty()) break;
  }
  if (session_->done() || peer_ended_) return BeginToLinger();
  SetDue();
  if (session_->streaming()) AwaitTick();
  AwaitInput();
}

// Whether all has been sent; if not, goes on when there is room.
bool HttpConnection::Flush() {
  while (sent_ < out_.size()) {
    error_code error;
    sent_ += socket_.write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_), error);
    if (WouldBlock(error)) {
      writing_ = true;
      SetDue();
      socket_.async_wait(Socket::wait_write, [self = shared_from_this()](error_code failed) {
        self->writing_ = false;
        if (!self->open_) return;
        if (failed) return self->Close();
        self->Pump();
      });
      AwaitInput();
      return false;
    }
    if (error) {
      Close();
      return false;
    }
  }
  if (out_.capacity() > kWorthKeeping) {
    out_ = {};
  } else {
    out_.clear();
  }
  sent_ = 0;
  return true;
}

void HttpConnection::BeginToLinger() {
  if (tls_.has_value()) {
    tls_->Close();
    tls_->TakeOutput(out_);
    error_code ignored;  // the last words may be lost
    socket_.write_some(asio::buffer(out_), ignored);
  }
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (error || peer_ended_ || draining_) return Close();
  lingering_ = true;
  due_at_nanos_.store(NowNanos() + kLinger, std::memory_order_relaxed);
  AwaitInput();
}

// On any thread, while the session is there.
void HttpConnection::Wake() {
  if (woken_.exchange(true, std::memory_order_relaxed)) return;
  asio::post(socket_.get_executor(), [weak = weak_from_this()] {
    const std::shared_ptr<HttpConnection> self = weak.lock();
    if (self == nullptr) return;
    self->woken_.store(false, std::memory_order_relaxed);
    if (self->open_ && !self->lingering_ && !self->writing_) self->Pump();
  });
}

void HttpConnection::AwaitTick() {
  if (std::exchange(ticking_, true)) return;
  tick_.expires_after(kTick);
  tick_.async_wait([self = shared_from_this()](error_code error) {
    self->ticking_ = false;
    if (error || !self->open_ || self->lingering_) return;
    if (self->writing_) return self->AwaitTick();
    self->Pump();
  });
}

void HttpConnection::SetDue() {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  // What has been asked behind an answer that is being written waits for the peer's own reading.
  const bool in_request =
      !writing_ && (session_->in_request() || (tls_.has_value() && !tls_->ready()));
  const bool same = in_request_ && in_request && requests_ == session_->requests();
  in_request_ = in_request;
  requests_ = session_->requests();
  if (same) return;
  std::int64_t due = kNever;
  if (in_request) {
    due = NowNanos() + absl::ToInt64Nanoseconds(options_.request_timeout);
  } else if (writing_ || !session_->streaming()) {
    due = NowNanos() + absl::ToInt64Nanoseconds(options_.idle_timeout);
  }
  due_at_nanos_.store(due, std::memory_order_relaxed);
}

}  // namespace riacho::internal
