// HttpSession: one connection of a server, without the connection: bytes that came go in, bytes to
// send come out. HTTP/1.1 and HTTP/2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "wire/http.h"

namespace riacho::internal {

struct HttpSessionOptions {
  HttpHandler handler = {};
  std::int64_t max_body_bytes = 16 << 20;
  // Called on any thread when Send may have something to say that no Receive brings.
  std::function<void()> wake = {};
  // Is told what the session answers by itself, for no handler can: the request, as far as it has
  // been understood, and the status. Null: nobody.
  std::function<void(const HttpRequest& request, int status)> refused = {};
};

// Confined. Requests are carried out in Send, one after the other, while there is room for answers:
// a peer that does not read soon has nothing more done.
class HttpSession {
 public:
  // What one Send appends, about: so much waits for a peer that does not read, and no more.
  static constexpr std::size_t kEnough = 256 * 1024;
  static constexpr std::size_t kLongestHeaders = 64 * 1024;

  virtual ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  // Takes what came; Send follows.
  virtual void Receive(std::string_view bytes) = 0;

  // Carries out what has been asked, and appends what is to be sent to `out`. To be called again
  // when all of that has been sent, until it appends nothing.
  virtual void Send(std::string& out) = 0;

  // Answers what has been asked, ends bodies that have no end of their own, and takes no request
  // that has not begun. Send follows.
  virtual void Drain() = 0;

  // Whether the connection is to be closed when all has been sent.
  virtual bool done() const = 0;
  // Whether it may be given more: not while a peer asks on and on, and does not read the answers.
  virtual bool wants_input() const = 0;
  // Whether a request has begun and not ended, how many have ended, and whether an answer goes on
  // that has no end of its own.
  virtual bool in_request() const = 0;
  virtual std::uint64_t requests() const = 0;
  virtual bool streaming() const = 0;

 protected:
  HttpSession() = default;
};

// A session of whichever version the peer begins to speak.
std::unique_ptr<HttpSession> NewHttpSession(HttpSessionOptions options);

// The present date as HTTP writes it: "Tue, 15 Nov 1994 08:12:31 GMT".
std::string HttpDate();

}  // namespace riacho::internal
