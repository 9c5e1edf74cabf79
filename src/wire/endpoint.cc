#include "riacho/wire/endpoint.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"

#include "wire/http_server.h"
#include "wire/service.h"
#include "wire/signed_parts.h"
#include "wire/tls_filter.h"

namespace riacho {
namespace {

absl::Status Check(const EndpointOptions& options) {
  const auto at_least = [](std::string_view name, std::int64_t value, std::int64_t least) {
    if (value >= least) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("EndpointOptions::", std::string(name), " is ", value, "; at least ", least));
  };
  for (const absl::Status& status : {at_least("threads", options.threads, 0),
                                     at_least("max_body_bytes", options.max_body_bytes, 1),
                                     at_least("max_connections", options.max_connections, 1)}) {
    if (!status.ok()) return status;
  }
  if (options.request_timeout <= absl::ZeroDuration() ||
      options.idle_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("EndpointOptions::request_timeout is ",
                     absl::FormatDuration(options.request_timeout), " and idle_timeout ",
                     absl::FormatDuration(options.idle_timeout), "; both must be more than 0"));
  }
  for (const EndpointCredential& credential : options.credentials) {
    if (credential.access_key_id.empty() || credential.secret_access_key.empty()) {
      return absl::InvalidArgumentError(
          "EndpointOptions::credentials has one without an access key id or without its secret");
    }
  }
  return absl::OkStatus();
}

// "POST / PutRecord", and a dash for what was not understood.
std::string Asked(const internal::HttpRequest& request) {
  const auto or_dash = [](std::string_view text) { return std::string(text.empty() ? "-" : text); };
  std::string asked(internal::HeaderOf(request.headers, "x-amz-target"));
  asked.erase(0, asked.rfind('.') + 1);
  // Without the query, which may hold a signature.
  return absl::StrCat(or_dash(request.method), " ", or_dash(internal::PathOf(request)),
                      asked.empty() ? "" : " ", asked);
}

// "POST / PutRecord 200 0.2 ms"
std::string LogLine(const std::string& asked, int status,
                    std::chrono::steady_clock::duration took) {
  char millis[32];
  std::snprintf(millis, sizeof(millis), "%.1f ms",
                std::chrono::duration<double, std::milli>(took).count());
  return absl::StrCat(asked, " ", status, " ", millis);
}

}  // namespace

Endpoint::Endpoint(Client& client, EndpointOptions options)
    : options_(std::move(options)),
      service_(std::make_unique<internal::Service>(client, options_)) {}

Endpoint::~Endpoint() { Stop(); }

absl::Status Endpoint::Start() {
  if (server_ != nullptr)
    return absl::FailedPreconditionError("The endpoint has been started already.");
  if (const absl::Status status = Check(options_); !status.ok()) return status;
  internal::HttpServerOptions server = {.address = options_.address,
                                        .port = options_.port,
                                        .threads = options_.threads,
                                        .max_body_bytes = options_.max_body_bytes,
                                        .max_connections = options_.max_connections,
                                        .request_timeout = options_.request_timeout,
                                        .idle_timeout = options_.idle_timeout};
  if (options_.tls.has_value()) {
    EndpointTls tls = *options_.tls;
    if (tls.certificate.empty() && tls.private_key.empty()) {
      auto made = internal::MakeCertificate(options_.address);
      if (!made.ok()) return made.status();
      tls = {.certificate = made->certificate, .private_key = made->private_key};
    }
    auto context = internal::TlsContext::Create(tls.certificate, tls.private_key);
    if (!context.ok()) return context.status();
    server.tls = *std::move(context);
    certificate_ = tls.certificate;
  }
  internal::HttpHandler handler = [this](internal::HttpRequest&& request) {
    return service_->Answer(std::move(request));
  };
  if (options_.log != nullptr) {
    handler = [this](internal::HttpRequest&& request) {
      const auto began = std::chrono::steady_clock::now();
      const std::string asked = Asked(request);
      internal::HttpResponse response = service_->Answer(std::move(request));
      options_.log(LogLine(asked, response.status, std::chrono::steady_clock::now() - began));
      return response;
    };
    server.refused = [this](const internal::HttpRequest& request, int status) {
      options_.log(LogLine(Asked(request), status, {}));
    };
  }
  auto started = std::make_unique<internal::HttpServer>(std::move(handler), std::move(server));
  const absl::Status status = started->Start();
  if (status.ok()) server_ = std::move(started);
  return status;
}

void Endpoint::Run() {
  if (server_ != nullptr) server_->Run();
}

void Endpoint::Stop() {
  if (server_ != nullptr) server_->Stop();
}

std::uint16_t Endpoint::port() const { return server_ == nullptr ? 0 : server_->port(); }

std::string Endpoint::url() const {
  if (server_ == nullptr) return "";
  const bool v6 = options_.address.find(':') != std::string::npos;
  return absl::StrCat(options_.tls.has_value() ? "https://" : "http://", v6 ? "[" : "",
                      options_.address, v6 ? "]" : "", ":", port());
}

std::string Endpoint::certificate() const { return certificate_; }

}  // namespace riacho
