#include "wire/remote_answer.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

// What is no exception of the service's own model, but of all of Amazon's services.
constexpr std::array<std::string_view, 9> kOfCredentials = {"ExpiredTokenException",
                                                            "IncompleteSignatureException",
                                                            "InvalidClientTokenId",
                                                            "InvalidSignatureException",
                                                            "MissingAuthenticationToken",
                                                            "MissingAuthenticationTokenException",
                                                            "NotAuthorized",
                                                            "RequestExpired",
                                                            "SignatureDoesNotMatch"};
constexpr std::array<std::string_view, 12> kOfThrottling = {"BandwidthLimitExceeded",
                                                            "EC2ThrottledException",
                                                            "PriorRequestNotComplete",
                                                            "RequestLimitExceeded",
                                                            "RequestThrottled",
                                                            "RequestThrottledException",
                                                            "SlowDown",
                                                            "ThrottledException",
                                                            "Throttling",
                                                            "ThrottlingException",
                                                            "TooManyRequestsException",
                                                            "TransactionInProgressException"};
constexpr std::array<std::string_view, 2> kOfTime = {"RequestTimeout", "RequestTimeoutException"};
// What may have passed when one asks again. 501 and 505 stay what they are.
constexpr std::array<int, 3> kPassing = {500, 502, 503};

// Enough of a body that cannot be read to see what it is.
constexpr std::size_t kShownBytes = 200;

template <std::size_t kCount>
bool Contains(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// "ns#NameException:http://..." is NameException.
std::string_view BareName(std::string_view name) {
  name = name.substr(0, name.find(':'));
  return name.substr(name.find('#') + 1);
}

std::optional<ErrorCode> CodeOf(std::string_view name) {
  if (name == "InternalFailure" || name == "InternalServerError")
    return ErrorCode::kInternalFailure;
  if (name == "AccessDenied") return ErrorCode::kAccessDenied;
  return ParseErrorCode(name);
}

std::string TextOf(const ParsedBody& body, std::string_view name) {
  const BodyValue* const found = body.root().Find(name);
  const bool is_text = found != nullptr && found->kind() == BodyValue::Kind::kText;
  return is_text ? std::string(found->text()) : "";
}

}  // namespace

absl::Status StatusOfException(std::string_view name, std::string_view message, int http_status) {
  constexpr int kTooMany = 429;
  constexpr int kGatewayTimeout = 504;
  name = BareName(name);
  if (const std::optional<ErrorCode> code = CodeOf(name)) return MakeError(*code, message);
  const std::string text = std::string(name) + ": " + std::string(message);
  if (Contains(kOfCredentials, name)) return absl::UnauthenticatedError(text);
  // Amazon's general word for what the service calls LimitExceededException.
  if (Contains(kOfThrottling, name) || http_status == kTooMany)
    return MakeError(ErrorCode::kLimitExceeded, text);
  if (http_status == kGatewayTimeout || Contains(kOfTime, name))
    return absl::DeadlineExceededError(text);
  if (std::ranges::find(kPassing, http_status) != kPassing.end() || name == "ServiceUnavailable")
    return absl::UnavailableError(text);
  return absl::FailedPreconditionError(text);
}

absl::Status StatusOfAnswer(int http_status, const HttpHeaders& headers, std::string_view body) {
  constexpr int kOk = 200;
  if (http_status == kOk) return absl::OkStatus();
  std::string name(HeaderOf(headers, "x-amzn-errortype"));
  std::string message;
  const absl::StatusOr<ParsedBody> parsed =
      ParseBody(body, FormatOf(HeaderOf(headers, "content-type")));
  if (parsed.ok()) {
    message = MessageOf(*parsed);
    if (name.empty()) name = TextOf(*parsed, "__type");
  } else {
    message = body.substr(0, kShownBytes);
  }
  if (name.empty()) name = "HTTP status " + std::to_string(http_status);
  return StatusOfException(name, message, http_status);
}

std::optional<absl::Duration> RetryHintOf(const HttpHeaders& headers) {
  const std::string value(HeaderOf(headers, "x-amz-retry-after"));
  std::int64_t milliseconds = 0;
  if (!absl::SimpleAtoi(value, &milliseconds)) return std::nullopt;
  return absl::Milliseconds(milliseconds);
}

std::string MessageOf(const ParsedBody& body) {
  std::string message = TextOf(body, "message");
  return message.empty() ? TextOf(body, "Message") : message;
}

WireFormat FormatOf(std::string_view content_type) {
  return content_type.find("cbor") == std::string_view::npos ? WireFormat::kJson
                                                             : WireFormat::kCbor;
}

absl::Status UnreadableAnswer(std::string_view flaw) {
  return absl::DataLossError("The answer cannot be read: " + std::string(flaw) + ".");
}

}  // namespace riacho::internal
