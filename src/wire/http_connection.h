// HttpConnection: a socket of a server, and the session that speaks over it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "wire/http_server.h"
#include "wire/http_session.h"
#include "wire/tls_filter.h"

namespace riacho::internal {

// Confined to the executor of its socket, but for `overdue` and `executor`. Whoever waits for
// something of it keeps it alive.
class HttpConnection final : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // `closed` is called once.
  HttpConnection(Socket socket, const HttpServerOptions& options, const HttpHandler& handler,
                 std::function<void(const std::shared_ptr<HttpConnection>&)> closed);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  void Begin();
  // Ends when what has been asked is answered.
  void Drain();
  // Ends now, with all that it had begun.
  void Close();

  // Whether it has taken too long for something, at a time of the steady clock.
  bool overdue(std::int64_t now_nanos) const {
    return now_nanos > due_at_nanos_.load(std::memory_order_relaxed);
  }
  Socket::executor_type executor() { return socket_.get_executor(); }

 private:
  void AwaitInput();
  void Read();
  bool TakeInput();
  void Take(std::string_view bytes);
  void Pump();
  bool Flush();
  void BeginToLinger();
  void Wake();
  void SetDue();
  void AwaitTick();

  const HttpServerOptions& options_;
  std::function<void(const std::shared_ptr<HttpConnection>&)> closed_;
  Socket socket_;
  boost::asio::steady_timer tick_;
  std::optional<TlsFilter> tls_;
  std::atomic<std::int64_t> due_at_nanos_;  // relaxed: whoever reads it may come a little late
  std::atomic<bool> woken_ = false;
  std::string plain_;
  std::string out_;  // what the socket has not taken yet, from sent_ on
  std::size_t sent_ = 0;
  bool open_ = true;
  bool reading_ = false;  // waits for input
  bool writing_ = false;  // waits for room
  bool ticking_ = false;
  bool draining_ = false;
  bool peer_ended_ = false;  // nothing more comes
  bool lingering_ = false;   // nothing more is said
  std::size_t thrown_away_ = 0;
  std::uint64_t requests_ = 0;  // that had ended when the present one began
  bool in_request_ = false;
  std::unique_ptr<HttpSession> session_;  // goes first: what it holds may wake the connection
};

}  // namespace riacho::internal
