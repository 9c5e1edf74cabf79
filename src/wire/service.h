// Service: what the endpoint answers to a request, whatever brought it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "riacho/client/client.h"
#include "riacho/time/clock.h"
#include "riacho/wire/endpoint.h"
#include "wire/authentication.h"
#include "wire/document.h"
#include "wire/http.h"
#include "wire/refusal.h"

namespace riacho::internal {

// Checks come in the service's order: the signature, the operation, the body; then what the client
// checks. Thread-safe.
class Service {
 public:
  // All must outlive it. Of the options those of credentials, accounts, metrics and the region are
  // looked at; the clock tells how old a signature is.
  Service(Client& client, const EndpointOptions& options, Clock& clock = SystemClock());

  // Never fails: what cannot be served is answered as the service does.
  HttpResponse Answer(HttpRequest&& request) const;

 private:
  HttpResponse AnswerPost(const HttpRequest& request) const;
  HttpResponse AnswerCall(const HttpRequest& request, WireFormat format) const;
  HttpResponse AnswerOwn(const HttpRequest& request) const;

  const EndpointOptions& options_;
  const Authentication authentication_;
  const std::uint64_t first_id_;
  mutable std::atomic<std::uint64_t> requests_ = 0;
};

}  // namespace riacho::internal
