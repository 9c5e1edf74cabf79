// Text of a policy that others are compared with: literals, the wildcards `*` and `?`, and policy
// variables, taken apart once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "security/condition_keys.h"

namespace riacho::internal {

// Immutable. Matching allocates nothing for a pattern without variables.
class Pattern {
 public:
  struct Syntax {
    bool wildcards = true;
    bool variables = false;  // ${key}, ${key, 'default'}; and ${*}, ${?}, ${$} for the characters
    bool ignore_case = false;
  };

  // Errors: kInvalidArgument, what is wrong with a variable.
  static absl::StatusOr<Pattern> Compile(std::string_view text, Syntax syntax);

  // Whether the whole of `text` matches. A variable whose key has not exactly one value stands for
  // its default, or for no text at all: the statement then does not apply, see `needed_keys`.
  bool Matches(std::string_view text, const ConditionKeys& keys) const;

  // Nothing but `*`.
  bool matches_all() const;
  // Adds the keys, in lower case, of variables without a default.
  void AddNeededKeys(std::vector<std::string>& keys) const;

 private:
  struct Part {
    enum class Kind : unsigned char { kLiteral, kAnyRun, kAnyOne, kVariable };

    Kind kind = Kind::kLiteral;
    std::string text = {};  // of a variable: its key, in lower case
    std::optional<std::string> otherwise = {};
  };

  void AddLiteral(std::string_view text);
  absl::Status AddVariable(std::string_view inside);
  template <typename TextOf>
  bool MatchParts(std::string_view text, TextOf&& text_of) const;

  std::vector<Part> parts_;
  std::size_t variables_ = 0;
  bool ignore_case_ = false;
};

// The six fields of an ARN, each a pattern of its own: no wildcard reaches over a colon, but in the
// last field. `*` alone stands for any ARN.
class ArnPattern {
 public:
  static absl::StatusOr<ArnPattern> Compile(std::string_view text, bool variables);

  // False when `text` is no ARN, or the pattern has not six fields.
  bool Matches(std::string_view text, const ConditionKeys& keys) const;
  void AddNeededKeys(std::vector<std::string>& keys) const;

 private:
  std::vector<Pattern> fields_;
};

}  // namespace riacho::internal
