// The table of what the service's model demands of requests: one row per member, in the order of
// the model. Fields<Structure>::kRows holds those of a request, or of a structure within one; they
// stand in *_fields.h by family, and Validate walks them. How to add one:
// docs/internals/validation.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "absl/base/attributes.h"

#include "engine/shape.h"

namespace riacho::internal {

// kRows is a std::tuple of Field. Specialised for each structure.
template <typename Structure>
struct Fields;

template <typename Value>
bool IsAbsent(const std::optional<Value>& member) {
  return !member.has_value();
}
// A list or map has no other way to be absent.
template <typename List>
requires requires(const List& list) { list.empty(); }
bool IsAbsent(const List& member) { return member.empty(); }
// An enumerator always has a value.
template <typename Enum>
requires std::is_enum_v<Enum>
bool IsAbsent(Enum) { return false; }

// A row. Made by Required and Optional.
template <typename Structure, typename Member, typename Shape>
struct Field {
  std::string_view name;  // as the service prints it
  Member Structure::*member;
  Shape shape;
  bool required;

  ABSL_ATTRIBUTE_ALWAYS_INLINE bool Accepts(const Structure& structure) const {
    const Member& value = structure.*member;
    if (IsAbsent(value) && !required) return true;
    if constexpr (kMayBeNull) {
      return value.has_value() && shape.Accepts(*value);
    } else {
      return shape.Accepts(value);
    }
  }

  void Explain(const Structure& structure, const std::string& prefix,
               Violations& violations) const {
    if (Accepts(structure)) return;
    const Member& value = structure.*member;
    const std::string path = prefix + std::string(name);
    if constexpr (kMayBeNull) {
      if (!value.has_value()) return violations.Missing(path);
      shape.Explain(path, *value, violations);
    } else {
      shape.Explain(path, value, violations);
    }
  }

 private:
  static constexpr bool kMayBeNull = requires(const Member& value) { value.has_value(); };
};

// A member that must be there: not null, or if it is a list or map, as long as its shape demands.
template <typename Structure, typename Member, typename Shape>
constexpr Field<Structure, Member, Shape> Required(std::string_view name, Member Structure::*member,
                                                   Shape shape) {
  return {name, member, shape, true};
}

template <typename Structure, typename Member, typename Shape>
constexpr Field<Structure, Member, Shape> Optional(std::string_view name, Member Structure::*member,
                                                   Shape shape) {
  return {name, member, shape, false};
}

template <typename Structure>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool AcceptsFields(const Structure& structure) {
  return std::apply(
      [&structure](const auto&... field) { return (field.Accepts(structure) && ...); },
      Fields<Structure>::kRows);
}

// `prefix`: the path of `structure` and a dot, or nothing.
template <typename Structure>
void ExplainFields(const Structure& structure, const std::string& prefix, Violations& violations) {
  std::apply([&](const auto&... field) { (field.Explain(structure, prefix, violations), ...); },
             Fields<Structure>::kRows);
}

// A structure with rows of its own.
struct StructureShape {
  template <typename Structure>
  static bool Accepts(const Structure& structure) {
    return AcceptsFields(structure);
  }
  template <typename Structure>
  static void Explain(const std::string& path, const Structure& structure, Violations& violations) {
    ExplainFields(structure, path + ".", violations);
  }
};
inline constexpr StructureShape kStructureShape;

// A list of such structures.
struct StructureListShape {
  std::size_t least = 0;
  std::size_t most = kAnyLength;

  template <typename List>
  bool Accepts(const List& list) const {
    return list.size() >= least && list.size() <= most &&
           std::ranges::all_of(list, [](const auto& entry) { return AcceptsFields(entry); });
  }
  template <typename List>
  void Explain(const std::string& path, const List& list, Violations& violations) const {
    if (list.size() < least) violations.Add(path, "'[]'", LengthAtLeast(least));
    if (list.size() > most) {
      violations.Add(path, Quoted("[" + std::to_string(list.size()) + " entries]"),
                     LengthAtMost(most));
    }
    for (std::size_t i = 0; i < std::min(list.size(), most); ++i) {
      ExplainFields(list[i], path + "." + std::to_string(i + 1) + ".member.", violations);
    }
  }
};

}  // namespace riacho::internal
