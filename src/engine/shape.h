// The shapes of the service's model: what a value must be like.
//
// Each has Accepts(value), a few compares, and Explain(path, value, violations), which adds what is
// wrong with a value that it does not accept. A shape of list elements or map keys also has
// Print(value) and Rules(): how the service prints one, and all that it demands of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "absl/base/attributes.h"
#include "absl/strings/str_join.h"

#include "base/unicode.h"
#include "engine/text_pattern.h"
#include "engine/violations.h"

namespace riacho::internal {

inline constexpr std::size_t kAnyLength = std::numeric_limits<std::size_t>::max();

// Lengths count Unicode characters.
struct TextShape {
  std::size_t least = 0;  // 0 or 1
  std::size_t most = kAnyLength;
  TextPattern pattern = {};

  // Inline, always: with a constant shape little is left of it.
  ABSL_ATTRIBUTE_ALWAYS_INLINE constexpr bool Accepts(std::string_view text) const {
    // A text has at most as many characters as bytes, so most lengths need no counting.
    return text.size() >= least && (text.size() <= most || CountCharacters(text) <= most) &&
           pattern.Accepts(text);
  }
  void Explain(const std::string& path, std::string_view text, Violations& violations) const;
  static std::string Print(std::string_view text) { return std::string(text); }
  std::string Rules() const;
};

struct NumberShape {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();

  constexpr bool Accepts(std::int64_t number) const { return number >= least && number <= most; }
  void Explain(const std::string& path, std::int64_t number, Violations& violations) const;
};

// Bytes.
struct BlobShape {
  std::size_t most = kAnyLength;

  constexpr bool Accepts(std::string_view data) const { return data.size() <= most; }
  void Explain(const std::string& path, std::string_view data, Violations& violations) const {
    violations.Data(path, data, most);
  }
};

// A value of which the model demands nothing.
struct AnyShape {
  static constexpr bool Accepts(const auto&) { return true; }
  static void Explain(const std::string&, const auto&, Violations&) {}
};

// Some enumerators, in the order in which the service prints them. Made by OneOf.
template <typename Enum, std::size_t kCount>
struct EnumShape {
  std::string_view (*name)(Enum) = nullptr;
  std::array<Enum, kCount> values = {};

  constexpr bool Accepts(Enum value) const {
    return std::ranges::any_of(values, [value](Enum known) { return known == value; });
  }
  void Explain(const std::string& path, Enum value, Violations& violations) const {
    if (!Accepts(value)) violations.Add(path, Quoted(Print(value)), Rules());
  }
  // A value that has no name, which only a cast can make, prints its number.
  std::string Print(Enum value) const {
    const std::string_view known = name(value);
    return known == "UNKNOWN" ? std::to_string(static_cast<int>(value)) : std::string(known);
  }
  std::string Rules() const {
    const auto print = [this](std::string* names, Enum value) { names->append(name(value)); };
    return IsOneOf(absl::StrJoin(values, ", ", print));
  }
};

template <typename Enum, typename... Values>
constexpr EnumShape<Enum, sizeof...(Values)> OneOf(std::string_view (*name)(Enum),
                                                   Values... values) {
  return {.name = name, .values = {values...}};
}

// A list of texts or enumerators.
template <typename Element>
struct ListShape {
  std::size_t least = 0;
  std::size_t most = kAnyLength;
  Element element = {};

  template <typename List>
  bool Accepts(const List& list) const {
    return list.size() >= least && list.size() <= most && AcceptsElements(list);
  }
  template <typename List>
  void Explain(const std::string& path, const List& list, Violations& violations) const {
    const auto print = [this](std::string* values, const auto& value) {
      values->append(element.Print(value));
    };
    const std::string values = Quoted("[" + absl::StrJoin(list, ", ", print) + "]");
    if (list.size() < least) violations.Add(path, values, LengthAtLeast(least));
    if (list.size() > most) violations.Add(path, values, LengthAtMost(most));
    if (!AcceptsElements(list)) violations.Add(path, values, EachElement(element.Rules()));
  }

 private:
  template <typename List>
  bool AcceptsElements(const List& list) const {
    return std::ranges::all_of(list, [this](const auto& value) { return element.Accepts(value); });
  }
};

// A map from text to text.
struct MapShape {
  std::size_t least = 0;
  std::size_t most = kAnyLength;
  TextShape key = {};
  TextShape value = {};

  bool Accepts(const std::map<std::string, std::string>& map) const;
  void Explain(const std::string& path, const std::map<std::string, std::string>& map,
               Violations& violations) const;

 private:
  bool AcceptsKeys(const std::map<std::string, std::string>& map) const;
  bool AcceptsValues(const std::map<std::string, std::string>& map) const;
};

// Shapes of several families. Source: API model of the service, service-2.json; the constant is
// named after the shape.
inline constexpr AnyShape kAnyShape;
inline constexpr TextShape kStreamNameShape = {.least = 1, .most = 128, .pattern = kNamePattern};
inline constexpr TextShape kConsumerNameShape = kStreamNameShape;
inline constexpr TextShape kShardIdShape = kStreamNameShape;
inline constexpr TextShape kStreamArnShape = {
    .least = 1, .most = 2048, .pattern = kStreamArnPattern};
inline constexpr TextShape kStreamIdShape = {.least = 1, .most = 24, .pattern = kStreamIdPattern};
inline constexpr TextShape kHashKeyShape = {.pattern = kHashKeyPattern};
inline constexpr TextShape kSequenceNumberShape = {.pattern = kSequenceNumberPattern};
inline constexpr TextShape kNextTokenShape = {.least = 1, .most = 1048576};
inline constexpr TextShape kTagKeyShape = {.least = 1, .most = 128};
inline constexpr TextShape kTagValueShape = {.most = 256};
inline constexpr MapShape kTagMapShape = {
    .least = 1, .most = 200, .key = kTagKeyShape, .value = kTagValueShape};
inline constexpr NumberShape kPositiveShape = {.least = 1};
inline constexpr NumberShape kPageLimitShape = {.least = 1, .most = 10000};

}  // namespace riacho::internal
