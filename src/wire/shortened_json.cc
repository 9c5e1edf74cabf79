#include "wire/shortened_json.h"

#include <algorithm>

#include "wire/plain_text.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// Where the text that begins at `begin` has its closing quote.
std::size_t EndOfText(std::string_view json, std::size_t begin) {
  std::size_t at = json.find_first_of("\"\\", begin);
  while (at != kNowhere && json[at] == '\\') at = json.find_first_of("\"\\", at + 2);
  return at;
}

}  // namespace

ShortenedJson Shorten(std::string_view json) {
  constexpr std::size_t kLong = 64;
  ShortenedJson shortened;
  std::size_t copied = 0;
  std::size_t position = 0;
  for (std::size_t quote = json.find('"'); quote != kNowhere; ++position) {
    const std::size_t begin = quote + 1;
    std::size_t end = json.find('"', begin);
    const std::string_view text = json.substr(begin, std::min(end, json.size()) - begin);
    if (end != kNowhere && text.size() >= kLong && IsPlainText(text)) {
      shortened.json += json.substr(copied, begin - copied);
      shortened.texts.push_back({.position = position, .text = text});
      copied = end;
    } else {
      end = EndOfText(json, begin);
    }
    quote = end == kNowhere ? kNowhere : json.find('"', end + 1);
  }
  shortened.json += json.substr(copied);
  return shortened;
}

}  // namespace riacho::internal
