#include "security/ip_range.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstddef>

namespace riacho::internal {

std::optional<IpRange> IpRange::Parse(std::string_view text) {
  IpRange range;
  const std::size_t slash = text.find('/');
  std::array<char, INET6_ADDRSTRLEN> address = {};
  const std::string_view shown = text.substr(0, slash);
  if (shown.size() >= address.size()) return std::nullopt;
  std::ranges::copy(shown, address.begin());
  range.is_v6_ = shown.find(':') != std::string_view::npos;
  if (inet_pton(range.is_v6_ ? AF_INET6 : AF_INET, address.data(), range.bytes_.data()) != 1)
    return std::nullopt;
  const int most = range.is_v6_ ? 128 : 32;
  range.prefix_bits_ = most;
  if (slash == std::string_view::npos) return range;
  const std::string_view bits = text.substr(slash + 1);
  const auto [stop, error] =
      std::from_chars(bits.data(), bits.data() + bits.size(), range.prefix_bits_);
  if (error != std::errc() || stop != bits.data() + bits.size() || range.prefix_bits_ < 0 ||
      range.prefix_bits_ > most || (bits.size() > 1 && bits[0] == '0') || bits[0] == '-') {
    return std::nullopt;
  }
  return range;
}

bool IpRange::Contains(std::string_view address) const {
  if (address.find('/') != std::string_view::npos) return false;
  const std::optional<IpRange> other = Parse(address);
  if (!other.has_value() || other->is_v6_ != is_v6_) return false;
  for (int bit = 0; bit < prefix_bits_; bit += 8) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int ignored = std::max(0, bit + 8 - prefix_bits_);
    if (((bytes_[byte] ^ other->bytes_[byte]) >> ignored) != 0) return false;
  }
  return true;
}

}  // namespace riacho::internal
