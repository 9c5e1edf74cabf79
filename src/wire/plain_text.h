// Texts that stand in JSON as they are.
#pragma once

#include <string_view>

namespace riacho::internal {

// Printable ASCII without quotes and backslashes, as base64 is.
inline bool IsPlainText(std::string_view text) {
  // Without a branch in the loop, so that the compiler takes many bytes at a time.
  unsigned odd = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    odd |= static_cast<unsigned>(byte < ' ') | static_cast<unsigned>(byte > '~') |
           static_cast<unsigned>(byte == '"') | static_cast<unsigned>(byte == '\\');
  }
  return odd == 0;
}

}  // namespace riacho::internal
