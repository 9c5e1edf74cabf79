#include "wire/url.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace riacho::internal {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::string Bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

absl::Status NoUrl(std::string_view text, const std::string& why) {
  return absl::InvalidArgumentError("The endpoint '" + std::string(text) + "' " + why + ".");
}

}  // namespace

std::string Url::Authority() const {
  const bool usual = port == (secure ? kHttpsPort : kHttpPort);
  return usual ? Bracketed(host) : HostAndPort();
}

std::string Url::HostAndPort() const { return Bracketed(host) + ":" + std::to_string(port); }

absl::StatusOr<Url> ParseUrl(std::string_view text) {
  Url url;
  std::string_view rest = text;
  const std::string scheme = absl::AsciiStrToLower(std::string(rest.substr(0, rest.find("://"))));
  if (scheme != "http" && scheme != "https")
    return NoUrl(text, "does not begin with http:// or https://");
  url.secure = scheme == "https";
  rest.remove_prefix(std::min(rest.size(), scheme.size() + 3));
  const auto odd = [](unsigned char c) { return c <= ' ' || c >= 0x7f; };
  if (std::ranges::any_of(rest, odd)) return NoUrl(text, "has characters that no URL has");
  if (rest.find_first_of("?#@") != std::string_view::npos)
    return NoUrl(text, "has a user, a query or a fragment");

  std::string_view authority = rest.substr(0, rest.find('/'));
  if (authority.size() < rest.size()) url.path = rest.substr(authority.size());
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return NoUrl(text, "has a bracket that is not closed");
    url.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(url.host.size());
  }
  if (url.host.empty()) return NoUrl(text, "has no host");
  url.port = url.secure ? kHttpsPort : kHttpPort;
  if (!authority.empty()) {
    int port = 0;
    const std::string digits(authority.substr(1));
    const bool is_number = !digits.empty() && std::ranges::all_of(digits, absl::ascii_isdigit);
    if (authority[0] != ':' || !is_number || !absl::SimpleAtoi(digits, &port) || port < 1 ||
        port > 65535) {
      return NoUrl(text, "has a port that is none");
    }
    url.port = static_cast<std::uint16_t>(port);
  }
  return url;
}

}  // namespace riacho::internal
