#include "wire/names_as_sent.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace riacho::internal {
namespace {

using Names = std::map<int, std::string>;

std::string AsSent(const std::string& value, const Names& names) {
  int number = 0;
  if (!absl::SimpleAtoi(value, &number) || !names.contains(number)) return value;
  return names.at(number);
}

// Of one value, or of a list of values in brackets.
std::string AllAsSent(const std::string& values, const Names& names) {
  if (!values.starts_with('[') || !values.ends_with(']')) return AsSent(values, names);
  const std::vector<std::string> elements =
      absl::StrSplit(values.substr(1, values.size() - 2), ", ");
  const auto append = [&names](std::string* list, const std::string& element) {
    list->append(AsSent(element, names));
  };
  return "[" + absl::StrJoin(elements, ", ", append) + "]";
}

}  // namespace

std::string WithNamesAsSent(const std::string& message, const Names& names) {
  constexpr std::string_view kRule = "Member must satisfy enum value set: [";
  constexpr std::string_view kFailed = "' failed to satisfy constraint: ";
  constexpr std::string_view kAt = "' at '";
  constexpr std::string_view kValue = "Value '";
  constexpr std::size_t kNowhere = std::string::npos;
  // A list may have failed another rule too: what is said of this value at this place is replaced
  // wherever it is said.
  // A message tells no more violations than these: what looks like more are texts of the caller's.
  constexpr int kMostViolations = 10;
  std::vector<std::pair<std::string, std::string>> replacements;
  std::size_t rule = message.find(kRule);
  for (int i = 0; i < kMostViolations && rule != kNowhere;
       ++i, rule = message.find(kRule, rule + 1)) {
    const std::size_t failed = message.rfind(kFailed, rule);
    const std::size_t at = failed == kNowhere ? kNowhere : message.rfind(kAt, failed);
    const std::size_t begin = at == kNowhere ? kNowhere : message.rfind(kValue, at);
    if (begin == kNowhere) continue;
    const std::size_t value = begin + kValue.size();
    const std::string rest = message.substr(at, failed + kFailed.size() - at);
    replacements.emplace_back(
        message.substr(begin, failed + kFailed.size() - begin),
        std::string(kValue) + AllAsSent(message.substr(value, at - value), names) + rest);
  }
  return absl::StrReplaceAll(message, replacements);
}

}  // namespace riacho::internal
