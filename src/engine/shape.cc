#include "engine/shape.h"

namespace riacho::internal {

// A lead byte takes at most the continuation bytes it announces, so that no character has more than
// four bytes: what is stored of a text is bounded by its characters.
std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int announced = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    for (int n = 0; n < announced && i < text.size(); ++n, ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) break;
    }
  }
  return count;
}

void TextShape::Explain(const std::string& path, std::string_view text,
                        Violations& violations) const {
  const std::string value = Quoted(text);
  if (!pattern.Accepts(text)) violations.Add(path, value, MatchesPattern(pattern.text));
  if (text.size() < least) violations.Add(path, value, LengthAtLeast(least));
  if (CountCharacters(text) > most) violations.Add(path, value, LengthAtMost(most));
}

std::string TextShape::Rules() const {
  std::string rules = LengthAtMost(most) + ", " + LengthAtLeast(least);
  if (!pattern.text.empty()) rules += ", " + MatchesPattern(pattern.text);
  return rules;
}

void NumberShape::Explain(const std::string& path, std::int64_t number,
                          Violations& violations) const {
  const std::string value = Quoted(std::to_string(number));
  if (number < least) violations.Add(path, value, ValueAtLeast(least));
  if (number > most) violations.Add(path, value, ValueAtMost(most));
}

bool MapShape::Accepts(const std::map<std::string, std::string>& map) const {
  return map.size() >= least && map.size() <= most && AcceptsKeys(map) && AcceptsValues(map);
}

void MapShape::Explain(const std::string& path, const std::map<std::string, std::string>& map,
                       Violations& violations) const {
  const std::string entries =
      Quoted("{" + absl::StrJoin(map, ", ", absl::PairFormatter("=")) + "}");
  if (map.size() < least) violations.Add(path, entries, LengthAtLeast(least));
  if (map.size() > most) violations.Add(path, entries, LengthAtMost(most));
  if (!AcceptsKeys(map)) violations.Add(path, entries, EachKey(key.Rules()));
  if (!AcceptsValues(map)) violations.Add(path, entries, EachValue(value.Rules()));
}

bool MapShape::AcceptsKeys(const std::map<std::string, std::string>& map) const {
  return std::ranges::all_of(map, [this](const auto& entry) { return key.Accepts(entry.first); });
}

bool MapShape::AcceptsValues(const std::map<std::string, std::string>& map) const {
  return std::ranges::all_of(map,
                             [this](const auto& entry) { return value.Accepts(entry.second); });
}

}  // namespace riacho::internal
