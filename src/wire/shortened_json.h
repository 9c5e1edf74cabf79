// JSON without its long plain texts, for parsers that look at each byte of a text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace riacho::internal {

// The same JSON, or the same mistake, in which long texts of printable ASCII without escapes, as
// base64 is, have become empty ones.
struct ShortenedJson {
  struct Text {
    std::size_t position = 0;  // among all texts, names of members included, from 0
    std::string_view text = {};
  };

  std::string json = {};
  std::vector<Text> texts = {};  // ascending; views of the original
};

// Takes the time of a few looks at each byte, a word at a time.
ShortenedJson Shorten(std::string_view json);

}  // namespace riacho::internal
