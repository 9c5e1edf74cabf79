#include "base/base64.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace riacho::internal {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kNoDigit = 1U << 31;

// What a character stands for at each of the four places of a group of 24 bits.
using Table =
    std::array<std::array<std::uint32_t, std::numeric_limits<unsigned char>::max() + 1>, 4>;

constexpr Table kPlaces = [] {
  Table places = {};
  for (unsigned place = 0; place < 4; ++place) {
    places[place].fill(kNoDigit);
    for (std::uint32_t digit = 0; digit < kDigits.size(); ++digit)
      places[place][static_cast<unsigned char>(kDigits[digit])] = digit << (18 - 6 * place);
  }
  return places;
}();

std::uint32_t Group(const char* text) {
  return kPlaces[0][static_cast<unsigned char>(text[0])] |
         kPlaces[1][static_cast<unsigned char>(text[1])] |
         kPlaces[2][static_cast<unsigned char>(text[2])] |
         kPlaces[3][static_cast<unsigned char>(text[3])];
}

std::uint32_t BigEndian(std::uint32_t bits) {
  return std::endian::native == std::endian::big ? bits : __builtin_bswap32(bits);
}

}  // namespace

std::optional<std::size_t> DecodeBase64(std::string_view text, char* out) {
  constexpr std::size_t kGroup = 4;
  if (text.size() % kGroup != 0) return std::nullopt;
  if (text.empty()) return 0;
  char* const begin = out;
  const char* at = text.data();
  std::uint32_t seen = 0;
  for (const char* const last = at + text.size() - kGroup; at != last; at += kGroup) {
    const std::uint32_t bits = Group(at);
    seen |= bits;
    // A byte more than there is: the next group's, of which there is one.
    const std::uint32_t bytes = BigEndian(bits << 8);
    std::memcpy(out, &bytes, sizeof(bytes));
    out += 3;
  }
  std::size_t padding = 0;
  while (padding < 2 && at[kGroup - 1 - padding] == '=') ++padding;
  std::array<char, kGroup> last = {at[0], at[1], at[2], at[3]};
  std::fill(last.end() - static_cast<std::ptrdiff_t>(padding), last.end(), 'A');
  const std::uint32_t bits = Group(last.data());
  seen |= bits;
  const std::uint32_t left_over = (1U << 8 * padding) - 1;
  if ((seen & kNoDigit) != 0 || (bits & left_over) != 0) return std::nullopt;
  for (std::size_t i = 0; i < 3 - padding; ++i) *out++ = static_cast<char>(bits >> (16 - 8 * i));
  return static_cast<std::size_t>(out - begin);
}

}  // namespace riacho::internal
