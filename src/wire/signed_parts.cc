#include "wire/signed_parts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"

#include "wire/signature.h"

namespace riacho::internal {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Null if there is none of that name.
const std::string* Find(const Parameters& parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &Parameters::value_type::first);
  return found == parameters.end() ? nullptr : &found->second;
}

// Empty if there is none of that name.
std::string ValueOf(const Parameters& parameters, std::string_view name) {
  const std::string* const value = Find(parameters, name);
  return value == nullptr ? "" : *value;
}

std::variant<SignedParts, Refusal> FromQuery(const Parameters& parameters) {
  constexpr std::array<std::string_view, 4> kRequired = {"X-Amz-Credential", "X-Amz-Signature",
                                                         "X-Amz-SignedHeaders", "X-Amz-Date"};
  std::string missing;
  for (const std::string_view name : kRequired) {
    if (Find(parameters, name) == nullptr)
      missing.append("AWS query-string parameters must include '").append(name).append("'. ");
  }
  if (!missing.empty())
    return IncompleteSignature(missing + "Re-examine the query-string parameters.");
  return SignedParts{.in_query = true,
                     .algorithm = ValueOf(parameters, "X-Amz-Algorithm"),
                     .credential = ValueOf(parameters, "X-Amz-Credential"),
                     .signed_headers = ValueOf(parameters, "X-Amz-SignedHeaders"),
                     .signature = ValueOf(parameters, "X-Amz-Signature"),
                     .date = ValueOf(parameters, "X-Amz-Date"),
                     .expires = ValueOf(parameters, "X-Amz-Expires"),
                     .security_token = ValueOf(parameters, "X-Amz-Security-Token")};
}

// "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..."
std::variant<SignedParts, Refusal> FromHeader(const std::string& authorization,
                                              const HttpHeaders& headers) {
  constexpr std::array<std::string_view, 3> kRequired = {"Credential", "Signature",
                                                         "SignedHeaders"};
  const std::vector<std::string> words =
      absl::StrSplit(authorization, absl::ByAnyChar(", "), absl::SkipEmpty());
  Parameters parameters;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::pair<std::string, std::string> parameter =
        absl::StrSplit(words[i], absl::MaxSplits('=', 1));
    parameters.push_back(parameter);
  }
  std::string missing;
  for (const std::string_view name : kRequired) {
    if (Find(parameters, name) == nullptr)
      missing.append("Authorization header requires '").append(name).append("' parameter. ");
  }
  std::string_view date = HeaderOf(headers, "x-amz-date");
  if (date.empty()) date = HeaderOf(headers, "date");
  if (date.empty()) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) return IncompleteSignature(missing + "Authorization=" + authorization);
  return SignedParts{.algorithm = words.front(),
                     .credential = ValueOf(parameters, "Credential"),
                     .signed_headers = ValueOf(parameters, "SignedHeaders"),
                     .signature = ValueOf(parameters, "Signature"),
                     .date = std::string(date),
                     .security_token = std::string(HeaderOf(headers, "x-amz-security-token"))};
}

}  // namespace

std::variant<SignedParts, Refusal> ReadSignedParts(const HttpRequest& request) {
  const std::string authorization(HeaderOf(request.headers, "authorization"));
  const Parameters parameters = QueryParameters(QueryOf(request));
  const bool in_query = Find(parameters, "X-Amz-Algorithm") != nullptr;
  if (!authorization.empty() && in_query) {
    return Refusal{.type = "InvalidSignatureException",
                   .message =
                       "Found both 'X-Amz-Algorithm' as a query-string param and "
                       "'Authorization' as HTTP header."};
  }
  if (in_query) return FromQuery(parameters);
  if (!authorization.starts_with("AWS4-")) {
    return Refusal{.type = "MissingAuthenticationTokenException",
                   .message = "Missing Authentication Token"};
  }
  return FromHeader(authorization, request.headers);
}

std::string_view PathOf(const HttpRequest& request) {
  const std::string_view target = request.target;
  return target.substr(0, target.find('?'));
}

std::string_view QueryOf(const HttpRequest& request) {
  const std::string_view query = std::string_view(request.target).substr(PathOf(request).size());
  return query.substr(query.starts_with('?') ? 1 : 0);
}

}  // namespace riacho::internal
