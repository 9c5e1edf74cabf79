#include "wire/signature.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kDigestBytes = 32;

using Digest = std::array<unsigned char, kDigestBytes>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view Text(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string Hex(const Digest& digest) {
  const std::string_view text = Text(digest);
  return absl::BytesToHexString({text.data(), text.size()});
}

Digest Hmac(std::string_view key, std::string_view message) {
  Digest digest;
  unsigned int length = kDigestBytes;
  const bool done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(message),
                         message.size(), digest.data(), &length) != nullptr;
  RIACHO_CHECK(done);
  return digest;
}

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ||
         c == '~';
}

std::string PercentEncoded(std::string_view text, bool keep_slashes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c) || (keep_slashes && c == '/')) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

int HexDigit(char c) {
  if ('0' <= c && c <= '9') return c - '0';
  if ('a' <= c && c <= 'f') return c - 'a' + 10;
  if ('A' <= c && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
                        HexDigit(text[i + 2]) >= 0;
    if (escape) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& [name, value] : QueryParameters(query)) {
    if (name == "X-Amz-Signature") continue;
    parameters.emplace_back(PercentEncoded(name, false), PercentEncoded(value, false));
  }
  std::ranges::sort(parameters);
  return absl::StrJoin(parameters, "&", absl::PairFormatter("="));
}

// Without space around it, and with one where there were several.
std::string Trimmed(std::string text) {
  absl::RemoveExtraAsciiWhitespace(&text);
  return text;
}

// Names in lower case, ascending; values of one name in their order, with commas between.
std::vector<std::pair<std::string, std::string>> CanonicalHeaders(const SignedRequest& request) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : request.headers)
    headers.emplace_back(absl::AsciiStrToLower(name), Trimmed(value));
  std::ranges::stable_sort(headers, {}, &std::pair<std::string, std::string>::first);
  std::vector<std::pair<std::string, std::string>> joined;
  for (auto& [name, value] : headers) {
    if (!joined.empty() && joined.back().first == name) {
      joined.back().second += "," + value;
    } else {
      joined.emplace_back(std::move(name), std::move(value));
    }
  }
  return joined;
}

}  // namespace

std::string CredentialScope::ToString() const {
  return date + "/" + region + "/" + service + "/aws4_request";
}

std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    const std::string_view name = parameter.substr(0, parameter.find('='));
    const std::string_view value = parameter.substr(std::min(parameter.size(), name.size() + 1));
    parameters.emplace_back(PercentDecoded(name), PercentDecoded(value));
  }
  return parameters;
}

std::string Sha256Hex(std::string_view bytes) {
  Digest digest;
  unsigned int length = kDigestBytes;
  const bool done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1;
  RIACHO_CHECK(done);
  return Hex(digest);
}

std::string AmzDate(absl::Time time) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone());
}

std::string CanonicalRequest(const SignedRequest& request) {
  std::string canonical(request.method);
  canonical += "\n" + PercentEncoded(request.path.empty() ? "/" : request.path, true);
  canonical += "\n" + CanonicalQuery(request.query) + "\n";
  for (const auto& [name, value] : CanonicalHeaders(request)) {
    canonical += name;
    canonical += ":" + value + "\n";
  }
  return canonical + "\n" + SignedHeaderNames(request) + "\n" + request.payload_hash;
}

std::string StringToSign(std::string_view canonical_request, std::string_view amz_date,
                         const CredentialScope& scope) {
  return std::string(kAlgorithm) + "\n" + std::string(amz_date) + "\n" + scope.ToString() + "\n" +
         Sha256Hex(canonical_request);
}

std::string Signature(std::string_view secret_access_key, const CredentialScope& scope,
                      std::string_view string_to_sign) {
  const Digest day = Hmac("AWS4" + std::string(secret_access_key), scope.date);
  const Digest region = Hmac(Text(day), scope.region);
  const Digest service = Hmac(Text(region), scope.service);
  const Digest key = Hmac(Text(service), "aws4_request");
  return Hex(Hmac(Text(key), string_to_sign));
}

std::string SignedHeaderNames(const SignedRequest& request) {
  return absl::StrJoin(CanonicalHeaders(request), ";",
                       [](std::string* names, const auto& header) { names->append(header.first); });
}

std::string Authorization(const SigningKey& key, const SignedRequest& request,
                          std::string_view amz_date, const CredentialScope& scope) {
  return std::string(kAlgorithm) + " Credential=" + key.access_key_id + "/" + scope.ToString() +
         ", SignedHeaders=" + SignedHeaderNames(request) + ", Signature=" +
         Signature(key.secret_access_key, scope,
                   StringToSign(CanonicalRequest(request), amz_date, scope));
}

bool SameSignature(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace riacho::internal
