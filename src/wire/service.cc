#include "wire/service.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"

#include "riacho/base/random.h"
#include "riacho/model/error.h"
#include "riacho/model/operation.h"
#include "wire/calls.h"
#include "wire/parsed_body.h"
#include "wire/request_id.h"
#include "wire/signed_parts.h"
#include "wire/subscription_body.h"

namespace riacho::internal {
namespace {

constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;

HttpResponse Content(int status, std::string_view type, std::string body) {
  return {
      .status = status, .headers = {{"content-type", std::string(type)}}, .body = std::move(body)};
}

// What does not speak the protocol is answered in XML.
HttpResponse NothingToAuthorize() {
  return Content(kForbidden, "application/xml",
                 "<AccessDeniedException>\n  <Message>Unable to determine service/operation name "
                 "to be authorized</Message>\n</AccessDeniedException>\n");
}
HttpResponse NothingToCall() {
  return Content(kNotFound, "application/xml", "<UnknownOperationException/>\n");
}

// "application/json" was once a protocol of its own, in which nothing can be called any more.
HttpResponse LegacyAnswer(std::string_view body) {
  const bool readable = ParseBody(body, WireFormat::kJson).ok();
  Document output = {{"__type", "com.amazon.coral.service#SerializationException"}};
  if (readable) {
    output = {{"__type", "com.amazon.coral.service#UnknownOperationException"},
              {"message", nullptr}};
  }
  const Document envelope = {{"Output", output}, {"Version", "1.0"}};
  return Content(readable ? kNotFound : kBadRequest, "application/json",
                 PrintBody(envelope, WireFormat::kJson));
}

HttpResponse Refused(const Refusal& refusal, WireFormat format) {
  return Content(refusal.http_status, ContentType(format), RefusalBody(refusal, format));
}

// Without parameters such as the charset.
std::string MediaType(const HttpRequest& request) {
  const std::string_view type = HeaderOf(request.headers, "content-type");
  std::string media(type.substr(0, type.find(';')));
  absl::AsciiStrToLower(&media);
  absl::StripAsciiWhitespace(&media);
  return media;
}

std::optional<Operation> OperationOf(std::string_view target) {
  constexpr std::string_view kVersion = "Kinesis_20131202.";
  if (!target.starts_with(kVersion)) return std::nullopt;
  return ParseOperation(target.substr(kVersion.size()));
}

bool IsPreflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && !HeaderOf(request.headers, "origin").empty();
}

void AddHeader(HttpHeaders& headers, std::string_view name, std::string_view value) {
  if (!value.empty()) headers.emplace_back(name, value);
}

// Any page may ask, as it may ask the service.
void AddCrossOriginHeaders(const HttpRequest& request, HttpHeaders& headers) {
  if (HeaderOf(request.headers, "origin").empty()) return;
  AddHeader(headers, "access-control-allow-origin", "*");
  if (!IsPreflight(request)) {
    AddHeader(headers, "access-control-expose-headers",
              "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,"
              "Date");
    return;
  }
  AddHeader(headers, "access-control-allow-headers",
            HeaderOf(request.headers, "access-control-request-headers"));
  AddHeader(headers, "access-control-allow-methods",
            HeaderOf(request.headers, "access-control-request-method"));
  AddHeader(headers, "access-control-max-age", "172800");
}

}  // namespace

Service::Service(Client& client, const EndpointOptions& options, Clock& clock)
    : options_(options),
      authentication_(client, options, clock),
      first_id_(static_cast<std::uint64_t>(clock.UnixNanosNow())) {}

HttpResponse Service::Answer(HttpRequest&& request) const {
  HttpResponse response;
  if (request.method == "POST") {
    response = AnswerPost(request);
  } else if (request.method == "GET" && PathOf(request).starts_with("/_riacho/")) {
    response = AnswerOwn(request);
  } else if (!IsPreflight(request)) {
    response = NothingToAuthorize();
  }
  Random random(first_id_ + requests_.fetch_add(1, std::memory_order_relaxed));
  AddHeader(response.headers, "x-amzn-requestid", MakeRequestId(random));
  AddHeader(response.headers, "x-amz-id-2", MakeExtendedRequestId(random));
  AddCrossOriginHeaders(request, response.headers);
  return response;
}

HttpResponse Service::AnswerPost(const HttpRequest& request) const {
  const std::string media = MediaType(request);
  for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
    if (media == ContentType(format)) return AnswerCall(request, format);
  }
  if (media == "application/json") return LegacyAnswer(request.body);
  return HeaderOf(request.headers, "x-amz-target").empty() ? NothingToAuthorize() : NothingToCall();
}

HttpResponse Service::AnswerCall(const HttpRequest& request, WireFormat format) const {
  const std::variant<Client*, Refusal> caller = authentication_.CallerOf(request);
  if (const auto* refusal = std::get_if<Refusal>(&caller)) return Refused(*refusal, format);
  const std::optional<Operation> operation = OperationOf(HeaderOf(request.headers, "x-amz-target"));
  if (!operation.has_value())
    return Refused(RefusalOf(MakeError(ErrorCode::kUnknownOperation, "")), format);
  absl::StatusOr<CallAnswer> answer =
      CarryOut(*std::get<Client*>(caller), *operation, request.body, format);
  if (!answer.ok()) return Refused(RefusalOf(answer.status()), format);
  if (answer->subscription == nullptr)
    return Content(200, ContentType(format), std::move(answer->body));
  HttpResponse response = Content(200, "application/vnd.amazon.eventstream", InitialResponse());
  response.source = std::make_unique<SubscriptionBody>(std::move(answer->subscription));
  return response;
}

// What the service does not have: for those who run and watch an endpoint.
HttpResponse Service::AnswerOwn(const HttpRequest& request) const {
  const std::string_view path = PathOf(request);
  if (path == "/_riacho/health") {
    const Document health = {{"status", "ok"}, {"region", options_.region}};
    return Content(200, "application/json", PrintBody(health, WireFormat::kJson));
  }
  if (path == "/_riacho/metrics" && options_.metrics != nullptr)
    return Content(200, "text/plain; version=0.0.4", options_.metrics());
  return Content(kNotFound, "text/plain", "There is nothing here.\n");
}

}  // namespace riacho::internal
