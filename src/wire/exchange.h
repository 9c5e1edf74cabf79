// Exchange: one request and its answer, as bytes in one version of HTTP. It knows no connection:
// whoever has one moves the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"

#include "wire/http.h"

namespace riacho::internal {

// Confined. Errors are for good: absl::StatusCode::kDataLoss (the bytes are no answer, and why),
// kResourceExhausted (what has come of the body and was not taken is more than allowed),
// kUnavailable (the peer refused the request before it looked at it, or went away).
class Exchange {
 public:
  virtual ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Bytes from the connection, and its end. After done() nothing may be added.
  virtual absl::Status Add(std::string_view bytes) = 0;
  virtual absl::Status AddEnd() = 0;

  // Appends what is to be sent now.
  virtual void TakeOutput(std::string& out) = 0;

  // Whether status and headers have come; whether all of the answer has.
  virtual bool has_head() const = 0;
  virtual bool done() const = 0;
  // Whether the connection can serve another exchange after this one.
  virtual bool leaves_connection_open() const = 0;

  int status() const { return status_; }
  const HttpHeaders& headers() const { return headers_; }
  // What has come of the body since the last call.
  virtual std::string TakeBody() = 0;

 protected:
  Exchange() = default;

  int status_ = 0;
  HttpHeaders headers_;
};

// `request` has its header host; target and body are sent as they are. Of the answer at most
// `max_body_bytes` are held.
std::unique_ptr<Exchange> NewHttp1Exchange(HttpRequest request, std::int64_t max_body_bytes);
std::unique_ptr<Exchange> NewHttp2Exchange(HttpRequest request, std::int64_t max_body_bytes);

}  // namespace riacho::internal
