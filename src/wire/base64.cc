#include "wire/base64.h"

#include <array>
#include <cstdint>
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

}  // namespace

std::optional<std::size_t> DecodeBase64(std::string_view text, char* out) {
  constexpr std::size_t kGroup = 4;
  if (text.size() % kGroup != 0) return std::nullopt;
  if (text.empty()) return 0;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  char* const begin = out;
  const char* at = text.data();
  const char* const end = at + text.size() - (padding == 0 ? 0 : kGroup);
  std::uint32_t seen = 0;
  for (; at != end; at += kGroup) {
    const std::uint32_t bits = Group(at);
    seen |= bits;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  if (padding > 0) {
    const std::array<char, kGroup> last = {at[0], at[1], padding == 2 ? 'A' : at[2], 'A'};
    const std::uint32_t bits = Group(last.data());
    seen |= bits;
    *out++ = static_cast<char>(bits >> 16);
    if (padding == 1) *out++ = static_cast<char>(bits >> 8);
    const std::uint32_t left_over = padding == 2 ? 0xffff : 0xff;
    if ((bits & left_over) != 0) return std::nullopt;
  }
  if ((seen & kNoDigit) != 0) return std::nullopt;
  return static_cast<std::size_t>(out - begin);
}

}  // namespace riacho::internal
