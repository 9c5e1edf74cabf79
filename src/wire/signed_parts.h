// What a request says of its signature, in the header Authorization or in the query.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "wire/http.h"
#include "wire/refusal.h"

namespace riacho::internal {

struct SignedParts {
  bool in_query = false;  // presigned
  std::string algorithm = {};
  std::string credential = {};  // "AKIDEXAMPLE/20260101/us-east-1/kinesis/aws4_request"
  std::string signed_headers = {};
  std::string signature = {};
  std::string date = {};            // X-Amz-Date, or Date as it came
  std::string expires = {};         // X-Amz-Expires; only in a query
  std::string security_token = {};  // empty: none
};

// Refused if there is no signature (MissingAuthenticationTokenException), one too many
// (InvalidSignatureException), or a part of it is missing (IncompleteSignatureException).
std::variant<SignedParts, Refusal> ReadSignedParts(const HttpRequest& request);

// The path of a request's target, and the query behind its question mark.
std::string_view PathOf(const HttpRequest& request);
std::string_view QueryOf(const HttpRequest& request);

}  // namespace riacho::internal
