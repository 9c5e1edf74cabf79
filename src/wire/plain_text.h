// Texts that stand in JSON as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace riacho::internal {

// How many bytes at the beginning of `text` are printable ASCII without quotes and backslashes, as
// base64 is. Eight at a time.
inline std::size_t PlainLength(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kHighBits = kOnes * 0x80;
  // Whether a byte of `word` is 0; exact if no byte of it has its high bit, and else there is none.
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighBits; };
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    const std::uint64_t below_space = (word - kOnes * ' ') & ~word & kHighBits;
    if ((word & kHighBits) | below_space | has_zero(word ^ kOnes * '"') |
        has_zero(word ^ kOnes * '\\') | has_zero(word ^ kOnes * 0x7f))
      break;
  }
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c < ' ' || c > '~' || c == '"' || c == '\\') break;
  }
  return at;
}

inline bool IsPlainText(std::string_view text) { return PlainLength(text) == text.size(); }

}  // namespace riacho::internal
