#include "wire/shortened_json.h"

#include <cstddef>

#include "wire/plain_text.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// Where the text that goes on at `at` has its closing quote.
std::size_t EndOfText(std::string_view json, std::size_t at) {
  at = json.find_first_of("\"\\", at);
  while (at != kNowhere && json[at] == '\\') at = json.find_first_of("\"\\", at + 2);
  return at;
}

}  // namespace

ShortenedJson Shorten(std::string_view json) {
  constexpr std::size_t kOfAShortBody = 16;
  constexpr std::size_t kMostTexts = 2'000'000;  // beyond that the rest is left as it is
  ShortenedJson shortened;
  shortened.texts.reserve(kOfAShortBody);
  std::size_t copied = 0;
  for (std::size_t quote = json.find('"');
       quote != kNowhere && shortened.texts.size() < kMostTexts;) {
    const std::size_t begin = quote + 1;
    std::size_t end = begin + PlainLength(json.substr(begin));
    if (end < json.size() && json[end] == '"') {
      shortened.json.append(json, copied, begin - copied);
      shortened.texts.push_back(json.substr(begin, end - begin));
      copied = end;
    } else {
      shortened.texts.emplace_back();
      end = EndOfText(json, end);
    }
    quote = end == kNowhere ? kNowhere : json.find('"', end + 1);
  }
  shortened.json.append(json, copied);
  return shortened;
}

}  // namespace riacho::internal
