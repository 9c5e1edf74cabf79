// HttpServer: answers requests over TCP, with TLS if it is told to: one event loop, any number of
// connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "wire/http.h"
#include "wire/tls_filter.h"

namespace riacho::internal {

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  int threads = 1;
  std::optional<TlsContext> tls = {};
  std::int64_t max_body_bytes = 16 << 20;
  std::int64_t max_connections = 20'000;
  absl::Duration request_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::Minutes(5);
  // As that of HttpSessionOptions; on the serving threads.
  std::function<void(const HttpRequest& request, int status)> refused = {};
};

// Thread-safe.
class HttpServer {
 public:
  HttpServer(HttpHandler handler, HttpServerOptions options);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  // As those of Endpoint.
  absl::Status Start();
  void Run();
  void Stop();

  std::uint16_t port() const;

 private:
  class Loop;
  const std::unique_ptr<Loop> loop_;
};

}  // namespace riacho::internal
