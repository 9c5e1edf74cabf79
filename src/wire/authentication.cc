#include "wire/authentication.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"

#include "wire/signature.h"
#include "wire/signed_parts.h"

namespace riacho::internal {
namespace {

constexpr std::string_view kService = "kinesis";
constexpr std::string_view kTerminator = "aws4_request";
constexpr absl::Duration kClockSkew = absl::Minutes(5);
constexpr std::int64_t kLongestExpiry = 604'800;  // a week, in seconds

Refusal Unrecognized() {
  return {.type = "UnrecognizedClientException",
          .message = "The security token included in the request is invalid."};
}

// Of X-Amz-Date, or of the header Date.
std::optional<absl::Time> ParseDate(const std::string& date) {
  absl::Time time;
  if (absl::ParseTime("%E4Y%m%dT%H%M%SZ", date, &time, nullptr) && AmzDate(time) == date)
    return time;
  if (absl::ParseTime("%a, %d %b %E4Y %H:%M:%S GMT", date, &time, nullptr)) return time;
  return std::nullopt;
}

// "5 min."
std::string InWords(absl::Duration duration) {
  const std::int64_t seconds = absl::ToInt64Seconds(duration);
  return seconds % 60 == 0 ? std::to_string(seconds / 60) + " min."
                           : std::to_string(seconds) + " sec.";
}

std::optional<Refusal> CheckTime(absl::Time signed_at, absl::Duration life, absl::Time now) {
  if (signed_at < now - life) {
    return InvalidSignature("Signature expired: " + AmzDate(signed_at) + " is now earlier than " +
                            AmzDate(now - life) + " (" + AmzDate(now) + " - " + InWords(life) +
                            ")");
  }
  if (signed_at > now + kClockSkew) {
    return InvalidSignature("Signature not yet current: " + AmzDate(signed_at) +
                            " is still later than " + AmzDate(now + kClockSkew) + " (" +
                            AmzDate(now) + " + " + InWords(kClockSkew) + ")");
  }
  return std::nullopt;
}

// For how long what is presigned can be used; as a header, as long as clocks may differ.
std::variant<absl::Duration, Refusal> LifeOf(const SignedParts& parts) {
  if (parts.expires.empty()) return kClockSkew;
  std::int64_t seconds = 0;
  if (!absl::SimpleAtoi(parts.expires, &seconds))
    return IncompleteSignature("X-Amz-Expires should be a number");
  if (seconds < 0) return IncompleteSignature("X-Amz-Expires must be non-negative");
  if (seconds > kLongestExpiry) {
    return IncompleteSignature(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than " +
        std::to_string(kLongestExpiry) + " seconds");
  }
  return absl::Seconds(seconds);
}

std::optional<Refusal> CheckScope(const CredentialScope& scope, const std::string& terminator,
                                  const std::string& region, const std::string& amz_date) {
  std::string flaws;
  if (scope.region != region)
    flaws += "Credential should be scoped to a valid region, not '" + scope.region + "'. ";
  if (scope.service != kService)
    flaws += "Credential should be scoped to correct service: '" + std::string(kService) + "'. ";
  if (terminator != kTerminator) {
    flaws += "Credential should be scoped with a valid terminator: '" + std::string(kTerminator) +
             "', not '" + terminator + "'. ";
  }
  if (amz_date.substr(0, 8) != scope.date) {
    flaws +=
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '" +
        scope.date + "' != '" + amz_date.substr(0, 8) + "', from '" + amz_date + "'. ";
  }
  if (flaws.empty()) return std::nullopt;
  return InvalidSignature(flaws);
}

// The request as far as its signature says that it is signed.
SignedRequest SignedPartOf(const HttpRequest& request, const SignedParts& parts) {
  constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
  const bool unsigned_payload =
      HeaderOf(request.headers, "x-amz-content-sha256") == kUnsignedPayload;
  SignedRequest signed_request{
      .method = request.method,
      .path = PathOf(request),
      .query = QueryOf(request),
      .payload_hash = unsigned_payload ? std::string(kUnsignedPayload) : Sha256Hex(request.body)};
  const std::vector<std::string> names =
      absl::StrSplit(absl::AsciiStrToLower(parts.signed_headers), ';');
  for (const auto& header : request.headers) {
    if (std::ranges::find(names, header.first) != names.end())
      signed_request.headers.push_back(header);
  }
  return signed_request;
}

std::optional<Refusal> CheckSignature(const HttpRequest& request, const SignedParts& parts,
                                      const std::string& secret_access_key,
                                      const CredentialScope& scope, const std::string& amz_date) {
  const SignedRequest signed_request = SignedPartOf(request, parts);
  const bool host_is_signed =
      std::ranges::any_of(signed_request.headers, [](const auto& h) { return h.first == "host"; });
  if (!host_is_signed) {
    return InvalidSignature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const std::string canonical = CanonicalRequest(signed_request);
  const std::string to_sign = StringToSign(canonical, amz_date, scope);
  if (SameSignature(Signature(secret_access_key, scope, to_sign), parts.signature))
    return std::nullopt;
  return InvalidSignature(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"
      "The Canonical String for this request should have been\n'" +
      canonical + "'\n\nThe String-to-Sign should have been\n'" + to_sign + "'\n");
}

// "AKIDEXAMPLE" of "AKIDEXAMPLE/20260101/us-east-1/kinesis/aws4_request".
std::string AccessKeyIdOf(const SignedParts& parts) {
  return parts.credential.substr(0, parts.credential.find('/'));
}

bool IsAccountId(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits &&
         std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; });
}

}  // namespace

std::variant<Client*, Refusal> Authentication::CallerOf(const HttpRequest& request) const {
  if (options_.credentials.empty()) return ClientOfAccount(request);
  const std::variant<SignedParts, Refusal> read = ReadSignedParts(request);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
  const auto& parts = std::get<SignedParts>(read);
  if (parts.algorithm != "AWS4-HMAC-SHA256")
    return IncompleteSignature("Unsupported AWS 'algorithm': '" + parts.algorithm + "'.");
  const std::vector<std::string> elements = absl::StrSplit(parts.credential, '/');
  if (elements.size() != 5) {
    return IncompleteSignature(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        parts.credential + "'");
  }
  const std::optional<absl::Time> signed_at = ParseDate(parts.date);
  if (!signed_at.has_value()) {
    return IncompleteSignature("Date must be in ISO-8601 'basic format'. Got '" + parts.date +
                               "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  const EndpointCredential* const credential = FindCredential(elements[0]);
  if (credential == nullptr || !SameSignature(credential->session_token, parts.security_token))
    return Unrecognized();
  const std::string amz_date = AmzDate(*signed_at);
  const CredentialScope scope{.date = elements[1], .region = elements[2], .service = elements[3]};
  std::optional<Refusal> refusal = CheckScope(scope, elements[4], options_.region, amz_date);
  const std::variant<absl::Duration, Refusal> life = LifeOf(parts);
  if (!refusal.has_value() && std::holds_alternative<Refusal>(life))
    refusal = std::get<Refusal>(life);
  if (!refusal.has_value())
    refusal = CheckTime(*signed_at, std::get<absl::Duration>(life), clock_.TimeNow());
  if (!refusal.has_value())
    refusal = CheckSignature(request, parts, credential->secret_access_key, scope, amz_date);
  if (refusal.has_value()) return *std::move(refusal);
  return credential->client == nullptr ? &client_ : credential->client;
}

Client* Authentication::ClientOfAccount(const HttpRequest& request) const {
  if (options_.client_of_account == nullptr) return &client_;
  const std::variant<SignedParts, Refusal> read = ReadSignedParts(request);
  const auto* const parts = std::get_if<SignedParts>(&read);
  if (parts == nullptr) return &client_;
  const std::string account_id = AccessKeyIdOf(*parts);
  Client* const client = IsAccountId(account_id) ? options_.client_of_account(account_id) : nullptr;
  return client == nullptr ? &client_ : client;
}

const EndpointCredential* Authentication::FindCredential(std::string_view access_key_id) const {
  const auto found =
      std::ranges::find(options_.credentials, access_key_id, &EndpointCredential::access_key_id);
  return found == options_.credentials.end() ? nullptr : &*found;
}

}  // namespace riacho::internal
