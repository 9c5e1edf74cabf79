// Requests and answers of HTTP, whichever version of it carried them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace riacho::internal {

// In the order of the wire; names in lower case.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, which is in lower case; empty if there is none.
std::string_view HeaderOf(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  std::string method = {};
  std::string target = {};   // path and query, as they came
  HttpHeaders headers = {};  // with "host", also where HTTP/2 calls it :authority
  std::string body = {};
  bool secure = false;  // to be sent by TLS, which HTTP/2 names; of those received it says nothing
};

// A body that comes in pieces, as there is something to say: what SubscribeToShard answers.
// Thread-compatible.
class BodySource {
 public:
  virtual ~BodySource();
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;

  // Appends the next piece to `out`, of whole frames, if there is one now. False: that was all, and
  // it is not to be called again. Never blocks.
  virtual bool Next(std::string& out) = 0;

  // Before the first Next: what to call, on any thread, each time that a look may be worth while
  // after a Next that appended nothing. It is not called any more when the destructor has returned.
  // What only time brings calls nothing.
  virtual void OnWake(absl::AnyInvocable<void()> wake) = 0;

 protected:
  BodySource() = default;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers = {};  // but for content-length, date and those of the connection
  std::string body = {};
  std::unique_ptr<BodySource> source = {};  // what comes after `body`; null: nothing
};

// Answers a request; is called on several threads at once if the server has several.
using HttpHandler = std::function<HttpResponse(HttpRequest&&)>;

}  // namespace riacho::internal
