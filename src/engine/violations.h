// What is wrong with a request, in the words of the service.
//
//   2 validation errors detected: Value null at 'shardId' failed to satisfy constraint: Member must
//   not be null; Value '0' at 'limit' failed to satisfy constraint: Member must have value ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace riacho::internal {

// The rules that a value may break.
std::string LengthAtLeast(std::size_t least);
std::string LengthAtMost(std::size_t most);
std::string ValueAtLeast(std::int64_t least);
std::string ValueAtMost(std::int64_t most);
std::string MatchesPattern(std::string_view pattern);
std::string IsOneOf(std::string_view values);     // "A, B"
std::string EachElement(std::string_view rules);  // "rule, rule", as the next two
std::string EachKey(std::string_view rules);
std::string EachValue(std::string_view rules);

// Gathers violations. Confined.
class Violations {
 public:
  // `value` as the service prints it, in quotes unless it is null.
  void Add(std::string_view path, std::string_view value, std::string_view rule);
  void Missing(std::string_view path);
  // Unless `data` has at most `most` bytes.
  void Data(std::string_view path, std::string_view data, std::size_t most);

  // OK if there are none, or kValidation. Counts them all and spells out ten.
  absl::Status ToStatus() const;

 private:
  std::size_t count_ = 0;
  std::string spelled_out_;
};

// Text in the quotes in which values are printed.
std::string Quoted(std::string_view text);

}  // namespace riacho::internal
