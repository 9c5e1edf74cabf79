#include "wire/remote_caller.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <openssl/rand.h>

#include "base/return_if_error.h"
#include "riacho/base/wake_event.h"
#include "wire/conversation.h"
#include "wire/exchange.h"
#include "wire/remote_answer.h"
#include "wire/remote_subscription.h"
#include "wire/retry_series.h"
#include "wire/signature.h"

namespace riacho::internal {
namespace {

absl::Status NoOption(const std::string& what) {
  return absl::InvalidArgumentError("RemoteClientOptions: " + what + ".");
}

absl::Status CheckOptions(const RemoteClientOptions& options) {
  if (options.connect_timeout <= absl::ZeroDuration())
    return NoOption("connect_timeout must be positive");
  if (options.request_timeout <= absl::ZeroDuration())
    return NoOption("request_timeout must be positive");
  if (options.max_answer_bytes < 1) return NoOption("max_answer_bytes must be at least 1");
  if (options.max_idle_connections < 0)
    return NoOption("max_idle_connections must not be negative");
  return absl::OkStatus();
}

// Of a region's name, which becomes part of a host's.
bool IsLabel(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '-';
  });
}

// China has a domain of its own.
std::string ServiceEndpoint(const std::string& region) {
  return "https://kinesis." + region + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
}

}  // namespace

RemoteCaller::RemoteCaller(RemoteClientOptions options, const Surroundings& surroundings)
    : options_(std::move(options)),
      clock_(options_.clock == nullptr ? SystemClock() : *options_.clock),
      format_(options_.format == RemoteFormat::kCbor ? WireFormat::kCbor : WireFormat::kJson),
      pool_(static_cast<std::size_t>(std::max(options_.max_idle_connections, 0))),
      status_(Prepare(surroundings)) {
  // Clients that fail together must not try again together.
  std::uint64_t seed = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&seed), sizeof(seed));
  seed_ = seed;
}

absl::Status RemoteCaller::Prepare(const Surroundings& surroundings) {
  RIACHO_RETURN_IF_ERROR(CheckOptions(options_));
  absl::StatusOr<std::string> region = FindRegion(options_, surroundings);
  if (!region.ok()) return region.status();
  if (!IsLabel(*region)) return NoOption("'" + *region + "' is no region");
  options_.region = *std::move(region);
  absl::StatusOr<RemoteCredentials> credentials = FindCredentials(options_, surroundings);
  if (!credentials.ok()) return credentials.status();
  options_.credentials = *std::move(credentials);
  absl::StatusOr<Url> url =
      ParseUrl(options_.endpoint.empty() ? ServiceEndpoint(options_.region) : options_.endpoint);
  if (!url.ok()) return url.status();
  url_ = *std::move(url);
  if (!url_.secure) return absl::OkStatus();
  absl::StatusOr<SslContext> trust = NewTrust(options_.ca_certificates, options_.ca_file);
  if (!trust.ok()) return trust.status();
  trust_ = *std::move(trust);
  return absl::OkStatus();
}

absl::StatusOr<RemoteAnswer> RemoteCaller::Call(Operation operation, const std::string& body) {
  RemoteAnswer answer;
  RIACHO_RETURN_IF_ERROR(
      WithRetries([&](RetryHint& hint) { return CallOnce(operation, body, answer, hint); }));
  return answer;
}

absl::StatusOr<std::unique_ptr<Subscription>> RemoteCaller::Subscribe(const std::string& body) {
  std::unique_ptr<Subscription> subscription;
  RIACHO_RETURN_IF_ERROR(
      WithRetries([&](RetryHint& hint) { return SubscribeOnce(body, subscription, hint); }));
  return subscription;
}

absl::Status RemoteCaller::WithRetries(Attempt attempt) {
  RIACHO_RETURN_IF_ERROR(status_);
  RetrySeries series(options_.retry, options_.throttling_delay,
                     seed_.fetch_add(1, std::memory_order_relaxed), quota_);
  while (true) {
    RetryHint hint;
    absl::Status status = attempt(hint);
    if (status.ok()) {
      series.Succeed();
      return status;
    }
    const std::optional<absl::Duration> delay = series.Next(status, hint);
    if (!delay.has_value()) return status;
    WakeEvent nobody_signals;
    clock_.WaitUntil(nobody_signals, clock_.TimeNow() + *delay);
  }
}

absl::Status RemoteCaller::CallOnce(Operation operation, const std::string& body,
                                    RemoteAnswer& answer, RetryHint& hint) {
  const HttpRequest request = SignedRequestOf(operation, body);
  while (true) {
    std::unique_ptr<Transport> transport = pool_.Take();
    const bool is_new = transport == nullptr;
    if (is_new) {
      absl::StatusOr<std::unique_ptr<Transport>> connected = Connect(/*offer_http2=*/false);
      if (!connected.ok()) return connected.status();
      transport = *std::move(connected);
    }
    Conversation conversation(std::move(transport),
                              NewHttp1Exchange(request, options_.max_answer_bytes));
    absl::Status finished = conversation.AwaitEnd(RequestDeadline());
    // A connection that broke while it waited is no failure of the call's.
    if (!finished.ok() && !is_new && !conversation.has_sent()) continue;
    RIACHO_RETURN_IF_ERROR(finished);

    Exchange& exchange = conversation.exchange();
    answer.body = exchange.TakeBody();
    answer.format = FormatOf(HeaderOf(exchange.headers(), "content-type"));
    hint = RetryHintOf(exchange.headers());
    absl::Status status = StatusOfAnswer(exchange.status(), exchange.headers(), answer.body);
    if (exchange.leaves_connection_open() && conversation.sent_all())
      pool_.Return(conversation.TakeTransport());
    return status;
  }
}

absl::Status RemoteCaller::SubscribeOnce(const std::string& body,
                                         std::unique_ptr<Subscription>& subscription,
                                         RetryHint& hint) {
  absl::StatusOr<std::unique_ptr<Transport>> transport = Connect(/*offer_http2=*/true);
  if (!transport.ok()) return transport.status();
  const bool http2 = url_.secure ? (*transport)->speaks_http2() : options_.http2_prior_knowledge;
  HttpRequest request = SignedRequestOf(Operation::kSubscribeToShard, body);
  auto conversation = std::make_unique<Conversation>(
      *std::move(transport), http2
                                 ? NewHttp2Exchange(std::move(request), options_.max_answer_bytes)
                                 : NewHttp1Exchange(std::move(request), options_.max_answer_bytes));
  const absl::Time deadline = RequestDeadline();
  RIACHO_RETURN_IF_ERROR(conversation->AwaitHead(deadline));
  Exchange& exchange = conversation->exchange();
  constexpr int kOk = 200;
  if (exchange.status() != kOk) {
    RIACHO_RETURN_IF_ERROR(conversation->AwaitEnd(deadline));
    hint = RetryHintOf(exchange.headers());
    return StatusOfAnswer(exchange.status(), exchange.headers(), exchange.TakeBody());
  }
  auto begun = std::make_unique<RemoteSubscription>(std::move(conversation), watcher_, clock_);
  RIACHO_RETURN_IF_ERROR(begun->AwaitBeginning(deadline));
  subscription = std::move(begun);
  return absl::OkStatus();
}

HttpRequest RemoteCaller::SignedRequestOf(Operation operation, const std::string& body) const {
  const std::string date = AmzDate(clock_.TimeNow());
  HttpRequest request = {
      .method = "POST", .target = url_.path, .body = body, .secure = url_.secure};
  request.headers = {{"host", url_.Authority()},
                     {"content-type", std::string(ContentType(format_))},
                     {"x-amz-date", date},
                     {"x-amz-target", "Kinesis_20131202." + std::string(OperationName(operation))}};
  const RemoteCredentials& credentials = options_.credentials;
  if (!credentials.session_token.empty())
    request.headers.emplace_back("x-amz-security-token", credentials.session_token);
  const SignedRequest signed_request = {.method = request.method,
                                        .path = request.target,
                                        .headers = request.headers,
                                        .payload_hash = Sha256Hex(body)};
  const CredentialScope scope = {
      .date = date.substr(0, date.find('T')), .region = options_.region, .service = "kinesis"};
  request.headers.emplace_back("authorization",
                               Authorization({.access_key_id = credentials.access_key_id,
                                              .secret_access_key = credentials.secret_access_key},
                                             signed_request, date, scope));
  request.headers.emplace_back("user-agent", "riacho");
  return request;
}

absl::StatusOr<std::unique_ptr<Transport>> RemoteCaller::Connect(bool offer_http2) const {
  return Transport::Connect(url_, trust_.get(), offer_http2,
                            SystemClock().TimeNow() + options_.connect_timeout);
}

absl::Time RemoteCaller::RequestDeadline() const {
  return SystemClock().TimeNow() + options_.request_timeout;
}

}  // namespace riacho::internal
