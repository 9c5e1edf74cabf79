#include "wire/shared_config.h"

#include <algorithm>
#include <cstddef>
#include <functional>

#include "absl/strings/ascii.h"

namespace riacho::internal {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// A comment begins a line, or follows white space.
std::string_view WithoutComment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool marks = line[i] == '#' || line[i] == ';';
    if (marks && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  }
  return line;
}

// "profile dev" and "dev" are the same; of other kinds of sections there is no name.
std::string_view ProfileName(std::string_view section) {
  constexpr std::string_view kProfile = "profile";
  section = Trimmed(section);
  const std::size_t space = section.find_first_of(" \t");
  if (space == std::string_view::npos) return section;
  return section.substr(0, space) == kProfile ? Trimmed(section.substr(space)) : "";
}

}  // namespace

Profiles ParseSharedConfig(std::string_view text) {
  Profiles profiles;
  Profile* profile = nullptr;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    line = Trimmed(WithoutComment(line));
    if (line.empty() || indented) continue;
    if (line.front() == '[') {
      const std::size_t end = line.find(']');
      const std::string_view name =
          end == std::string_view::npos ? "" : ProfileName(line.substr(1, end - 1));
      profile = name.empty() ? nullptr : &profiles[std::string(name)];
      continue;
    }
    const std::size_t equals = line.find('=');
    if (profile == nullptr || equals == std::string_view::npos) continue;
    const std::string name(Trimmed(line.substr(0, equals)));
    (*profile)[absl::AsciiStrToLower(name)] = Trimmed(line.substr(equals + 1));
  }
  return profiles;
}

}  // namespace riacho::internal
