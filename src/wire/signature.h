// Signature Version 4: what a request is signed with, and whether that is right.
//
// Source: AWS General Reference, "Create a signed AWS API request".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace riacho::internal {

struct SigningKey {
  std::string access_key_id = {};
  std::string secret_access_key = {};
};

// Where and for what a signature is valid: a day of UTC, a region, a service.
struct CredentialScope {
  std::string date = {};  // "20260101"
  std::string region = {};
  std::string service = {};

  // "20260101/us-east-1/kinesis/aws4_request"
  std::string ToString() const;
};

// A request as far as it is signed. Views: valid while the signature is made.
struct SignedRequest {
  std::string_view method = "POST";
  std::string_view path = "/";  // as in the request line, without the query
  std::string_view query = {};  // as there, behind the question mark; X-Amz-Signature is left out
  std::vector<std::pair<std::string, std::string>> headers = {};  // those that are signed
  // Of the body; "UNSIGNED-PAYLOAD" and its like stand for themselves.
  std::string payload_hash = {};
};

// Names and values of the parameters of a query, in its order, percent-decoded.
std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view query);

// Lower-case hexadecimal.
std::string Sha256Hex(std::string_view bytes);

// "20260101T123456Z"
std::string AmzDate(absl::Time time);

// The request in the one form that is signed: each part on a line of its own.
std::string CanonicalRequest(const SignedRequest& request);
// What the key signs.
std::string StringToSign(std::string_view canonical_request, std::string_view amz_date,
                         const CredentialScope& scope);
// Lower-case hexadecimal, 64 digits.
std::string Signature(std::string_view secret_access_key, const CredentialScope& scope,
                      std::string_view string_to_sign);

// The names of the signed headers as a signature lists them: "host;x-amz-date".
std::string SignedHeaderNames(const SignedRequest& request);

// The value of the header Authorization.
std::string Authorization(const SigningKey& key, const SignedRequest& request,
                          std::string_view amz_date, const CredentialScope& scope);

// Takes as long for equal texts as for others of the same length.
bool SameSignature(std::string_view a, std::string_view b);

}  // namespace riacho::internal
