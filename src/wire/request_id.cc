#include "wire/request_id.h"

#include <array>
#include <bit>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace riacho::internal {

std::string MakeRequestId(Random& random) {
  constexpr std::uint64_t kVersion = 0x4000;                 // random
  constexpr std::uint64_t kVariant = 0x8000'0000'0000'0000;  // of RFC 4122
  const std::uint64_t high = random.Next();
  const std::uint64_t low = random.Next() >> 2 | kVariant;
  return absl::StrCat(absl::Hex(high >> 32, absl::kZeroPad8), "-",
                      absl::Hex(high >> 16 & 0xffff, absl::kZeroPad4), "-",
                      absl::Hex((high & 0x0fff) | kVersion, absl::kZeroPad4), "-",
                      absl::Hex(low >> 48, absl::kZeroPad4), "-",
                      absl::Hex(low & 0xffff'ffff'ffff, absl::kZeroPad12));
}

std::string MakeExtendedRequestId(Random& random) {
  std::array<std::uint64_t, 9> numbers = {};
  for (std::uint64_t& number : numbers) number = random.Next();
  const auto bytes = std::bit_cast<std::array<char, sizeof(numbers)>>(numbers);
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

}  // namespace riacho::internal
