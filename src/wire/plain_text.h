// Texts that stand in JSON as they are.
#pragma once

#include <cstddef>
#include <string_view>

namespace riacho::internal {

// Printable ASCII but for quotes and backslashes.
constexpr bool IsPlain(char c) { return ' ' <= c && c <= '~' && c != '"' && c != '\\'; }

// How many bytes at the beginning of `text` are plain, as all are of base64.
inline std::size_t PlainLength(std::string_view text) {
  constexpr std::size_t kBlock = 32;
  std::size_t at = 0;
  // Without a branch in the inner loop, so that the compiler takes many bytes at a time.
  for (; at + kBlock <= text.size(); at += kBlock) {
    unsigned char odd = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
      odd |= static_cast<unsigned char>(!IsPlain(text[at + i]));
    if (odd != 0) break;
  }
  while (at < text.size() && IsPlain(text[at])) ++at;
  return at;
}

inline bool IsPlainText(std::string_view text) { return PlainLength(text) == text.size(); }

}  // namespace riacho::internal
