// Authentication: who signed a request, and whether that is true.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "riacho/client/client.h"
#include "riacho/time/clock.h"
#include "riacho/wire/endpoint.h"
#include "wire/http.h"
#include "wire/refusal.h"

namespace riacho::internal {

// Thread-safe.
class Authentication {
 public:
  // All must outlive it.
  Authentication(Client& client, const EndpointOptions& options, Clock& clock)
      : client_(client), options_(options), clock_(clock) {}

  // The client that carries the request out; or the refusal, for a signature that is missing,
  // incomplete, of nobody, too old or wrong. Without credentials nothing is refused.
  std::variant<Client*, Refusal> CallerOf(const HttpRequest& request) const;

 private:
  Client* ClientOfAccount(const HttpRequest& request) const;
  const EndpointCredential* FindCredential(std::string_view access_key_id) const;

  Client& client_;
  const EndpointOptions& options_;
  Clock& clock_;
};

}  // namespace riacho::internal
