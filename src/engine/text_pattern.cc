#include "engine/text_pattern.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace riacho::internal {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsNameCharacter(char c) {
  return IsLower(c) || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '.' || c == '-';
}

bool IsNumber(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsDigit); }

// 0, or up to `most` digits without a leading zero.
bool IsDecimal(std::string_view text, std::size_t most) {
  return text.size() <= most && IsNumber(text) && (text == "0" || text[0] != '0');
}

// Takes what follows the last `separator` that has something after it, and the separator, off the
// end of `text`. Empty if there is none.
std::string_view TakeTail(std::string_view& text, std::string_view separator) {
  if (text.size() <= separator.size()) return {};
  const std::size_t at = text.rfind(separator, text.size() - separator.size() - 1);
  if (at == kNowhere) return {};
  const std::string_view tail = text.substr(at + separator.size());
  text = text.substr(0, at);
  return tail;
}

constexpr std::size_t kAccountSize = 14;

// Where ":123456789012:" begins, at `from` or later.
std::size_t FindAccount(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(':', from); at != kNowhere; at = text.find(':', at + 1)) {
    const std::string_view account = text.substr(at, kAccountSize);
    if (account.size() < kAccountSize) return kNowhere;
    if (account.back() == ':' && IsNumber(account.substr(1, kAccountSize - 2))) return at;
  }
  return kNowhere;
}

// Where the account of arn:aws.*:kinesis:.*:\d{12}: begins if it stands as far left as it can. A
// dot of a pattern stands for anything but the end of a line.
std::size_t FindAccountOfArn(std::string_view text) {
  constexpr std::string_view kHead = "arn:aws";
  constexpr std::string_view kService = ":kinesis:";
  if (!text.starts_with(kHead) || text.find_first_of("\n\r") != kNowhere) return kNowhere;
  const std::size_t service = text.find(kService, kHead.size());
  return service == kNowhere ? kNowhere : FindAccount(text, service + kService.size());
}

constexpr std::string_view kSpaces = " \t\v\f\n\r";

}  // namespace

// Every put has one: a table, and no branch for each character.
bool IsName(std::string_view text) {
  static constexpr auto kIsNameCharacter = [] {
    std::array<bool, 256> table = {};
    for (std::size_t c = 0; c < table.size(); ++c) table[c] = IsNameCharacter(static_cast<char>(c));
    return table;
  }();
  bool all = !text.empty();
  for (const char c : text) all &= kIsNameCharacter[static_cast<unsigned char>(c)];
  return all;
}

bool IsStreamArn(std::string_view text) {
  constexpr std::string_view kStream = "stream/";
  const std::size_t space = text.find_last_of(kSpaces);
  for (std::size_t at = FindAccountOfArn(text); at != kNowhere; at = FindAccount(text, at + 1)) {
    const std::string_view rest = text.substr(at + kAccountSize);
    const bool has_name = rest.size() > kStream.size() && rest.starts_with(kStream);
    if (has_name && (space == kNowhere || space < at)) return true;
  }
  return false;
}

// …:.*stream/NAME/consumer/NAME:DIGITS
bool IsConsumerArn(std::string_view text) {
  const std::string_view seconds = TakeTail(text, ":");
  const std::string_view consumer = TakeTail(text, "/consumer/");
  const std::string_view stream = TakeTail(text, "stream/");
  return IsNumber(seconds) && IsName(consumer) && IsName(stream) &&
         FindAccountOfArn(text) != kNowhere;
}

bool IsResourceArn(std::string_view text) {
  const std::string_view name = TakeTail(text, "stream/");
  return !name.empty() && name.find_first_of(kSpaces) == kNowhere &&
         FindAccountOfArn(text) != kNowhere;
}

bool IsStreamId(std::string_view text) {
  const auto in_alphabet = [](char c) { return IsLower(c) || IsDigit(c); };
  return text.size() == 24 && text[20] == '-' &&
         std::ranges::all_of(text.substr(0, 20), in_alphabet) &&
         std::ranges::all_of(text.substr(21), in_alphabet);
}

bool IsHashKey(std::string_view text) { return IsDecimal(text, 39); }
bool IsSequenceNumber(std::string_view text) { return IsDecimal(text, 129); }

}  // namespace riacho::internal
