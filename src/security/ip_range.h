// Ranges of IP addresses, version 4 and 6.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace riacho::internal {

class IpRange {
 public:
  // "203.0.113.0/24", "2001:db8::/32", or an address alone; empty for all other text.
  static std::optional<IpRange> Parse(std::string_view text);

  // Whether `address`, an address without a prefix length, lies in the range.
  bool Contains(std::string_view address) const;

 private:
  bool is_v6_ = false;
  std::array<unsigned char, 16> bytes_ = {};  // the first four for version 4
  int prefix_bits_ = 0;
};

}  // namespace riacho::internal
