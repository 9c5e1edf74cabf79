#include "security/condition.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

absl::Status Malformed(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

std::optional<double> ReadNumber(std::string_view text) {
  double number = 0;
  if (!absl::SimpleAtod(std::string(text), &number) || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Unix seconds.
std::optional<std::int64_t> ReadDate(std::string_view text) {
  const std::string date(text);
  std::int64_t seconds = 0;
  if (absl::SimpleAtoi(date, &seconds)) return seconds;
  absl::Time time;
  if (!absl::ParseTime("%Y-%m-%dT%H:%M:%S%Ez", date, &time, nullptr)) return std::nullopt;
  return absl::ToUnixSeconds(time);
}

std::optional<bool> ReadBool(std::string_view text) {
  const std::string lower = absl::AsciiStrToLower(std::string(text));
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

std::optional<std::string> ReadBinary(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(std::string(text), &bytes)) return std::nullopt;
  return bytes;
}

template <typename Number, typename Relation>
bool Related(Number a, Relation relation, Number b) {
  switch (relation) {
    case Relation::kEqual:
      return a == b;
    case Relation::kLess:
      return a < b;
    case Relation::kLessEqual:
      return a <= b;
    case Relation::kGreater:
      return a > b;
    case Relation::kGreaterEqual:
      return a >= b;
  }
  return false;
}

}  // namespace

const Condition::Operator* Condition::FindOperator(std::string_view name) {
  using enum Comparison;
  using enum Relation;
  static constexpr Pattern::Syntax kExact = {.wildcards = false};
  static constexpr Pattern::Syntax kAnyCase = {.wildcards = false, .ignore_case = true};
  static constexpr std::array kOperators = std::to_array<Operator>({
      {"ArnEquals", kArn},
      {"ArnLike", kArn},
      {"ArnNotEquals", kArn, kEqual, true},
      {"ArnNotLike", kArn, kEqual, true},
      {"BinaryEquals", kBinary},
      {"Bool", kBool},
      {"DateEquals", kDate},
      {"DateGreaterThan", kDate, kGreater},
      {"DateGreaterThanEquals", kDate, kGreaterEqual},
      {"DateLessThan", kDate, kLess},
      {"DateLessThanEquals", kDate, kLessEqual},
      {"DateNotEquals", kDate, kEqual, true},
      {"IpAddress", kIpAddress},
      {"NotIpAddress", kIpAddress, kEqual, true},
      {"Null", kNull},
      {"NumericEquals", kNumeric},
      {"NumericGreaterThan", kNumeric, kGreater},
      {"NumericGreaterThanEquals", kNumeric, kGreaterEqual},
      {"NumericLessThan", kNumeric, kLess},
      {"NumericLessThanEquals", kNumeric, kLessEqual},
      {"NumericNotEquals", kNumeric, kEqual, true},
      {"StringEquals", kString, kEqual, false, kExact},
      {"StringEqualsIgnoreCase", kString, kEqual, false, kAnyCase},
      {"StringLike", kString, kEqual, false, {}},
      {"StringNotEquals", kString, kEqual, true, kExact},
      {"StringNotEqualsIgnoreCase", kString, kEqual, true, kAnyCase},
      {"StringNotLike", kString, kEqual, true, {}},
  });
  const auto* const found = std::ranges::find(kOperators, name, &Operator::name);
  return found == kOperators.end() ? nullptr : found;
}

absl::StatusOr<Condition> Condition::Compile(std::string_view op, std::string_view key,
                                             const std::vector<std::string>& values,
                                             bool variables) {
  constexpr std::string_view kForAll = "ForAllValues:";
  constexpr std::string_view kForAny = "ForAnyValue:";
  constexpr std::string_view kIfExists = "IfExists";
  Condition condition;
  std::string_view name = op;
  if (name.starts_with(kForAll)) {
    condition.quantifier_ = Quantifier::kForAllValues;
    name.remove_prefix(kForAll.size());
  } else if (name.starts_with(kForAny)) {
    condition.quantifier_ = Quantifier::kForAnyValue;
    name.remove_prefix(kForAny.size());
  }
  condition.if_exists_ = name.ends_with(kIfExists);
  if (condition.if_exists_) name.remove_suffix(kIfExists.size());
  condition.operator_ = FindOperator(name);
  const bool modified = condition.if_exists_ || condition.quantifier_ != Quantifier::kNone;
  if (condition.operator_ == nullptr ||
      (condition.operator_->comparison == Comparison::kNull && modified)) {
    return Malformed("expected a condition operator, found \"" + std::string(op) + "\"");
  }
  condition.key_ = absl::AsciiStrToLower(std::string(key));
  for (const std::string& value : values) {
    absl::StatusOr<Operand> operand = CompileValue(*condition.operator_, value, variables);
    RIACHO_RETURN_IF_ERROR(operand.status());
    condition.operands_.push_back(*std::move(operand));
  }
  return condition;
}

absl::StatusOr<Condition::Operand> Condition::CompileValue(const Operator& op,
                                                           const std::string& value,
                                                           bool variables) {
  const auto expected = [&value](std::string_view what) {
    return Malformed("expected " + std::string(what) + ", found \"" + value + "\"");
  };
  switch (op.comparison) {
    case Comparison::kString: {
      Pattern::Syntax syntax = op.syntax;
      syntax.variables = variables;
      return Pattern::Compile(value, syntax);
    }
    case Comparison::kArn:
      return ArnPattern::Compile(value, variables);
    case Comparison::kNumeric:
      if (const std::optional<double> number = ReadNumber(value)) return Operand(*number);
      return expected("a number");
    case Comparison::kDate:
      if (const std::optional<std::int64_t> date = ReadDate(value)) return Operand(*date);
      return expected("a date such as 2026-11-23T09:00:00Z, or seconds since 1970");
    case Comparison::kBool:
    case Comparison::kNull:
      if (const std::optional<bool> flag = ReadBool(value)) return Operand(*flag);
      return expected("true or false");
    case Comparison::kBinary:
      if (std::optional<std::string> bytes = ReadBinary(value)) return Operand(*std::move(bytes));
      return expected("base64 text");
    case Comparison::kIpAddress:
      if (const std::optional<IpRange> range = IpRange::Parse(value)) return Operand(*range);
      return expected("an IP address or a range such as 203.0.113.0/24");
  }
  return expected("a value");
}

bool Condition::Compare(std::string_view value, const Operand& operand,
                        const ConditionKeys& keys) const {
  const Relation relation = operator_->relation;
  switch (operator_->comparison) {
    case Comparison::kString:
      return std::get<Pattern>(operand).Matches(value, keys);
    case Comparison::kArn:
      return std::get<ArnPattern>(operand).Matches(value, keys);
    case Comparison::kNumeric: {
      const std::optional<double> number = ReadNumber(value);
      return number.has_value() && Related(*number, relation, std::get<double>(operand));
    }
    case Comparison::kDate: {
      const std::optional<std::int64_t> date = ReadDate(value);
      return date.has_value() && Related(*date, relation, std::get<std::int64_t>(operand));
    }
    case Comparison::kBool:
      return ReadBool(value) == std::get<bool>(operand);
    case Comparison::kBinary:
      return ReadBinary(value) == std::get<std::string>(operand);
    case Comparison::kIpAddress:
      return std::get<IpRange>(operand).Contains(value);
    case Comparison::kNull:
      return false;  // Holds has answered
  }
  return false;
}

// Several values of a condition: one of them is enough; of a negated operator, none may match.
bool Condition::Satisfies(std::string_view value, const ConditionKeys& keys) const {
  return operator_->negated != std::ranges::any_of(operands_, [&](const Operand& operand) {
           return Compare(value, operand, keys);
         });
}

bool Condition::Holds(const ConditionKeys& keys) const {
  KeyValues found;
  keys.Find(key_, found);
  const auto& values = found.values();
  if (operator_->comparison == Comparison::kNull) {
    return std::ranges::any_of(operands_, [&values](const Operand& operand) {
      return std::get<bool>(operand) == values.empty();
    });
  }
  if (values.empty()) {
    if (if_exists_ || quantifier_ == Quantifier::kForAllValues) return true;
    return quantifier_ == Quantifier::kNone && operator_->negated;
  }
  const auto satisfies = [&](std::string_view value) { return Satisfies(value, keys); };
  // A key with several values and no quantifier: one match is a match, which a negated operator
  // forbids.
  const bool all = quantifier_ == Quantifier::kForAllValues ||
                   (quantifier_ == Quantifier::kNone && operator_->negated);
  return all ? std::ranges::all_of(values, satisfies) : std::ranges::any_of(values, satisfies);
}

void Condition::AddNeededKeys(std::vector<std::string>& keys) const {
  for (const Operand& operand : operands_) {
    if (const auto* const pattern = std::get_if<Pattern>(&operand)) pattern->AddNeededKeys(keys);
    if (const auto* const arn = std::get_if<ArnPattern>(&operand)) arn->AddNeededKeys(keys);
  }
}

}  // namespace riacho::internal
