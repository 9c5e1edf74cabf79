#include "engine/shape.h"

namespace riacho::internal {

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
