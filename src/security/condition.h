// One line of a statement's Condition: an operator, a key, and the values it is compared with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "security/condition_keys.h"
#include "security/ip_range.h"
#include "security/pattern.h"

namespace riacho::internal {

// Immutable.
// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
class Condition {
 public:
  // An operator such as "ForAllValues:StringNotLike" or "DateLessThanIfExists", a key and the texts
  // of its values. `variables`: policy variables are replaced in values that are strings or ARNs.
  // Errors: kInvalidArgument, what was expected and found.
  static absl::StatusOr<Condition> Compile(std::string_view op, std::string_view key,
                                           const std::vector<std::string>& values, bool variables);

  bool Holds(const ConditionKeys& keys) const;
  void AddNeededKeys(std::vector<std::string>& keys) const;

 private:
  enum class Comparison : unsigned char {
    kString,
    kNumeric,
    kDate,
    kBool,
    kBinary,
    kIpAddress,
    kArn,
    kNull
  };
  enum class Relation : unsigned char { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
  enum class Quantifier : unsigned char { kNone, kForAllValues, kForAnyValue };

  struct Operator {
    std::string_view name;
    Comparison comparison = Comparison::kString;
    Relation relation = Relation::kEqual;
    bool negated = false;
    Pattern::Syntax syntax = {.wildcards = false};
  };
  // A value as its comparison wants it; std::string: the bytes of a binary.
  using Operand =
      std::variant<Pattern, ArnPattern, IpRange, double, std::int64_t, bool, std::string>;

  static const Operator* FindOperator(std::string_view name);
  static absl::StatusOr<Operand> CompileValue(const Operator& op, const std::string& value,
                                              bool variables);
  bool Compare(std::string_view value, const Operand& operand, const ConditionKeys& keys) const;
  bool Satisfies(std::string_view value, const ConditionKeys& keys) const;

  const Operator* operator_ = nullptr;
  Quantifier quantifier_ = Quantifier::kNone;
  bool if_exists_ = false;
  std::string key_;  // in lower case
  std::vector<Operand> operands_;
};

}  // namespace riacho::internal
