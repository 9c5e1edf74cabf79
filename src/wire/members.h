// How the structures of the service look on the wire: one row per member, its name there and where
// it lies here. Members<Structure>::kRows serves JSON and CBOR, requests and responses, and both
// ends; the rows stand in *_members.h by family.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

namespace riacho::internal {

// kRows is a std::tuple of MemberRow. Specialised for each structure.
template <typename Structure>
struct Members;

template <typename Structure>
requires std::is_empty_v<Structure>
struct Members<Structure> {
  static constexpr std::tuple<> kRows = {};
};

// Made by Member, NonEmpty, Blob and If. What is read does not depend on how it was made.
template <typename Structure, typename Type>
struct MemberRow {
  std::string_view name;
  Type Structure::*member;
  bool blob = false;          // bytes, not text
  bool unless_empty = false;  // an empty list or map is left out
  bool (*written)(const Structure&) = nullptr;
};

// Always written, but for an optional that is absent.
template <typename Structure, typename Type>
constexpr MemberRow<Structure, Type> Member(std::string_view name, Type Structure::*member) {
  return {.name = name, .member = member};
}

template <typename Structure, typename Type>
constexpr MemberRow<Structure, Type> NonEmpty(std::string_view name, Type Structure::*member) {
  return {.name = name, .member = member, .unless_empty = true};
}

template <typename Structure, typename Type>
constexpr MemberRow<Structure, Type> Blob(std::string_view name, Type Structure::*member) {
  return {.name = name, .member = member, .blob = true};
}

// Written if `written` says so.
template <typename Structure, typename Type>
constexpr MemberRow<Structure, Type> If(bool (*written)(const Structure&), std::string_view name,
                                        Type Structure::*member) {
  return {.name = name, .member = member, .written = written};
}

template <typename Structure>
concept HasMembers = requires {
  Members<Structure>::kRows;
};

}  // namespace riacho::internal
