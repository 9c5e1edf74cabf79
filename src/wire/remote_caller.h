// What RemoteClient does with every request, whatever it asks: signs it, sends it, and tries again.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/subscription.h"
#include "riacho/model/operation.h"
#include "riacho/time/clock.h"
#include "riacho/wire/remote_client.h"
#include "wire/connection_pool.h"
#include "wire/credentials_chain.h"
#include "wire/document.h"
#include "wire/http.h"
#include "wire/retry_quota.h"
#include "wire/socket_watcher.h"
#include "wire/trust.h"
#include "wire/url.h"

namespace riacho::internal {

struct RemoteAnswer {
  std::string body = {};
  WireFormat format = WireFormat::kJson;
};

// Thread-safe.
class RemoteCaller {
 public:
  RemoteCaller(RemoteClientOptions options, const Surroundings& surroundings);

  // See RemoteClient::status.
  const absl::Status& status() const { return status_; }
  WireFormat format() const { return format_; }

  // Bodies are in format(). Errors: those of RemoteClient.
  absl::StatusOr<RemoteAnswer> Call(Operation operation, const std::string& body);
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const std::string& body);

 private:
  absl::Status Prepare(const Surroundings& surroundings);
  // One attempt. May set what the endpoint asks to wait for before the next.
  using RetryHint = std::optional<absl::Duration>;
  using Attempt = absl::FunctionRef<absl::Status(RetryHint& hint)>;
  absl::Status WithRetries(Attempt attempt);
  absl::Status CallOnce(Operation operation, const std::string& body, RemoteAnswer& answer,
                        RetryHint& hint);
  absl::Status SubscribeOnce(const std::string& body, std::unique_ptr<Subscription>& subscription,
                             RetryHint& hint);
  HttpRequest SignedRequestOf(Operation operation, const std::string& body) const;
  absl::StatusOr<std::unique_ptr<Transport>> Connect(bool offer_http2) const;
  absl::Time RequestDeadline() const;

  RemoteClientOptions options_;
  Clock& clock_;
  const WireFormat format_;
  Url url_;
  SslContext trust_;  // null without TLS
  ConnectionPool pool_;
  RetryQuota quota_;
  std::atomic<std::uint64_t> seed_ = 0;  // of the next call's delays
  const std::shared_ptr<SocketWatcher> watcher_ = std::make_shared<SocketWatcher>();
  absl::Status status_;
};

}  // namespace riacho::internal
