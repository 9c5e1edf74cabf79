// Values that break the constraints of the service's model, and the messages that follow from the
// model and the service's grammar.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "engine/service_model.h"
#include "riacho/client/record_requests.h"
#include "riacho/model/stream_description.h"

namespace riacho {

// Requests of the record operations borrow; what they borrow stays here.
inline std::string_view Keep(std::string text) {
  static auto* const kTexts = new std::deque<std::string>();
  return kTexts->emplace_back(std::move(text));
}
inline std::span<PutRecordsRequestEntry> Keep(std::vector<PutRecordsRequestEntry> entries) {
  static auto* const kEntries = new std::deque<std::vector<PutRecordsRequestEntry>>();
  return kEntries->emplace_back(std::move(entries));
}

// --- The grammar of messages

inline std::string Violation(const std::string& value, const std::string& path,
                             const std::string& rule) {
  return "Value " + value + " at '" + path + "' failed to satisfy constraint: " + rule;
}

inline std::string LengthAtLeast(std::int64_t n) {
  return "Member must have length greater than or equal to " + std::to_string(n);
}
inline std::string LengthAtMost(std::int64_t n) {
  return "Member must have length less than or equal to " + std::to_string(n);
}

// The orders of section 1.1; of those that are not known there, that of the model's documents.
inline std::string EnumRule(const ModelShape& shape) {
  const std::vector<std::vector<std::string>> orders = {
      {"ON_DEMAND", "PROVISIONED"},
      {"KMS", "NONE"},
      {"KMS"},
      {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"},
      {"AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP",
       "FROM_TIMESTAMP"},
      {"UNIFORM_SCALING"},
      {"ALL", "IteratorAgeMilliseconds", "IncomingBytes", "WriteProvisionedThroughputExceeded",
       "OutgoingRecords", "ReadProvisionedThroughputExceeded", "IncomingRecords", "OutgoingBytes"},
      {"ENABLED", "DISABLED"},
      {"AUTO", "USER_PARTITION_KEY"},
      {"NONE", "GZIP", "ZSTD"},
      {"STANDARD", "GLACIER_IR", "INTELLIGENT_TIERING"},
      {"NONE", "SNAPPY", "ZSTD"},
      {"TIME_HOUR"},
      {"JSON", "STRING", "BYTE_ARRAY", "GSR_JSON"},
  };
  for (const std::vector<std::string>& order : orders) {
    if (!std::ranges::is_permutation(order, shape.values)) continue;
    std::string names;
    for (const std::string& name : order) names += (names.empty() ? "" : ", ") + name;
    return "Member must satisfy enum value set: [" + names + "]";
  }
  ADD_FAILURE() << "no order is known of" << shape;
  return "";
}

// All rules of an element of a list or map.
inline std::string ElementRules(const ModelShape& shape) {
  if (shape.kind == "enum") return EnumRule(shape);
  return LengthAtMost(shape.most.value()) + ", " + LengthAtLeast(shape.least.value_or(0));
}

// Every character that tests use has one byte that does not continue another.
inline std::int64_t Characters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

inline std::string PrintedPattern(const std::string& pattern) {
  const bool is_number = pattern.starts_with("0|");  // section 1.4: printed anchored
  return is_number ? "^(" + pattern + ")$" : pattern;
}

// Those of a text.
inline std::vector<std::string> ViolationsOf(const ModelShape& shape, const std::string& path,
                                             std::string_view text) {
  std::vector<std::string> found;
  const std::string value = "'" + std::string(text) + "'";
  if (!shape.pattern.empty() && !std::regex_match(std::string(text), std::regex(shape.pattern))) {
    found.push_back(Violation(
        value, path,
        "Member must satisfy regular expression pattern: " + PrintedPattern(shape.pattern)));
  }
  if (shape.least.has_value() && Characters(text) < *shape.least)
    found.push_back(Violation(value, path, LengthAtLeast(*shape.least)));
  if (shape.most.has_value() && Characters(text) > *shape.most)
    found.push_back(Violation(value, path, LengthAtMost(*shape.most)));
  return found;
}

inline std::string MessageOf(const std::vector<std::string>& violations) {
  std::string message = std::to_string(violations.size()) + " validation error" +
                        (violations.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < std::min<std::size_t>(violations.size(), 10); ++i)
    message += (i == 0 ? "" : "; ") + violations[i];
  return message;
}

// --- Values of members

// A text of a shape, with as many characters as asked for if its pattern lets it.
inline std::string TextOf(const ModelShape& shape, std::int64_t characters = 0) {
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  struct Start {
    std::string text;
    char more;
  };
  const std::vector<Start> starts = {{"a", 'a'},
                                     {arn, 'a'},
                                     {arn + "/consumer/billing:1", '1'},
                                     {"abcdefghij0123456789-abc", 'a'},
                                     {"1", '0'}};
  const std::regex regex(shape.pattern.empty() ? "[^]*" : shape.pattern);
  for (const Start& start : starts) {
    if (!std::regex_match(start.text, regex)) continue;
    std::string text = start.text;
    if (characters > Characters(text))
      text.append(static_cast<std::size_t>(characters - Characters(text)), start.more);
    return text;
  }
  ADD_FAILURE() << "no text is known like " << shape.pattern;
  return "";
}

// BadValues(good, shape, path) answers values that a member must not have, each with what it
// breaks.
template <typename Member>
struct Bad {
  Member value;
  std::vector<std::string> violations;
};

// Texts, owned or borrowed.
inline void SetText(std::optional<std::string>& member, std::string text) {
  member = std::move(text);
}
inline void SetText(std::optional<std::string_view>& member, std::string text) {
  member = Keep(std::move(text));
}

inline Bad<std::optional<std::string_view>> TooManyBytes(const ModelShape& model,
                                                         const std::string& path) {
  const auto bytes = static_cast<std::size_t>(model.most.value()) + 1;
  const std::string size = std::to_string(bytes);
  return {Keep(std::string(bytes, 'x')),
          {Violation("'java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]'", path,
                     LengthAtMost(*model.most))}};
}

template <typename Text>
requires std::is_convertible_v<Text, std::string_view> std::vector<Bad<std::optional<Text>>>
BadValues(const std::optional<Text>&, const ModelShape& model, const std::string& path) {
  if constexpr (std::is_same_v<Text, std::string_view>) {
    if (model.kind == "blob") return {TooManyBytes(model, path)};
  }
  std::vector<std::string> texts = {"", "a b", "01", "ä/", "arn:aws:kinesis:stream/x"};
  if (model.most.has_value()) {
    texts.push_back(TextOf(model, *model.most + 1));
    std::string wide;
    if (*model.most < 1000)
      for (std::int64_t i = 0; i <= *model.most; ++i) wide += "日";
    texts.push_back(wide);
  }
  std::vector<Bad<std::optional<Text>>> bad;
  for (const std::string& text : texts) {
    Bad<std::optional<Text>> value = {.value = {}, .violations = ViolationsOf(model, path, text)};
    SetText(value.value, text);
    if (!value.violations.empty()) bad.push_back(std::move(value));
  }
  return bad;
}

inline std::vector<Bad<std::optional<std::int64_t>>> BadValues(const std::optional<std::int64_t>&,
                                                               const ModelShape& model,
                                                               const std::string& path) {
  std::vector<Bad<std::optional<std::int64_t>>> bad;
  if (model.least.has_value()) {
    for (const std::int64_t number : {*model.least - 1, std::int64_t{INT64_MIN}}) {
      bad.push_back({number,
                     {Violation("'" + std::to_string(number) + "'", path,
                                "Member must have value greater than or equal to " +
                                    std::to_string(*model.least))}});
    }
  }
  if (model.most.has_value()) {
    for (const std::int64_t number : {*model.most + 1, std::int64_t{INT64_MAX}}) {
      bad.push_back({number,
                     {Violation("'" + std::to_string(number) + "'", path,
                                "Member must have value less than or equal to " +
                                    std::to_string(*model.most))}});
    }
  }
  return bad;
}

// Numbers that stand for no enumerator.
template <typename Enum>
requires std::is_enum_v<Enum> std::vector<Bad<Enum>> BadValues(Enum, const ModelShape& model,
                                                               const std::string& path) {
  std::vector<Bad<Enum>> bad;
  for (const int number : {99, 255}) {
    bad.push_back({static_cast<Enum>(number),
                   {Violation("'" + std::to_string(number) + "'", path, EnumRule(model))}});
  }
  return bad;
}
template <typename Enum>
requires std::is_enum_v<Enum> std::vector<Bad<std::optional<Enum>>> BadValues(
    const std::optional<Enum>&, const ModelShape& model, const std::string& path) {
  std::vector<Bad<std::optional<Enum>>> bad;
  for (Bad<Enum>& value : BadValues(Enum{}, model, path))
    bad.push_back({value.value, std::move(value.violations)});
  return bad;
}

inline std::string Repeated(const std::string& text, std::int64_t times) {
  std::string all;
  for (std::int64_t i = 0; i < times; ++i) all += (i == 0 ? "" : ", ") + text;
  return all;
}

inline std::vector<Bad<std::vector<std::string>>> BadValues(const std::vector<std::string>&,
                                                            const ModelShape& model,
                                                            const std::string& path) {
  const std::int64_t many = model.most.value() + 1;
  const std::string too_long(static_cast<std::size_t>(model.of[0].most.value()) + 1, 'k');
  const std::string elements =
      "Member must satisfy constraint: [" + ElementRules(model.of[0]) + "]";
  return {{std::vector<std::string>(static_cast<std::size_t>(many), "k"),
           {Violation("'[" + Repeated("k", many) + "]'", path, LengthAtMost(*model.most))}},
          {{"k", too_long}, {Violation("'[k, " + too_long + "]'", path, elements)}},
          {{"", "k"}, {Violation("'[, k]'", path, elements)}},
          {std::vector<std::string>(static_cast<std::size_t>(many), ""),
           {Violation("'[" + Repeated("", many) + "]'", path, LengthAtMost(*model.most)),
            Violation("'[" + Repeated("", many) + "]'", path, elements)}}};
}

inline std::vector<Bad<std::vector<MetricsName>>> BadValues(const std::vector<MetricsName>&,
                                                            const ModelShape& model,
                                                            const std::string& path) {
  const std::int64_t many = model.most.value() + 1;
  const auto unknown = static_cast<MetricsName>(99);
  return {{std::vector<MetricsName>(static_cast<std::size_t>(many), MetricsName::kAll),
           {Violation("'[" + Repeated("ALL", many) + "]'", path, LengthAtMost(*model.most))}},
          {{MetricsName::kIncomingBytes, unknown},
           {Violation("'[IncomingBytes, 99]'", path,
                      "Member must satisfy constraint: [" + EnumRule(model.of[0]) + "]")}}};
}

using Tags = std::map<std::string, std::string>;

inline std::vector<Bad<Tags>> BadValues(const Tags&, const ModelShape& model,
                                        const std::string& path) {
  Tags many;
  std::string printed;
  for (std::int64_t i = 0; i <= model.most.value(); ++i) many["k" + std::to_string(i)] = "v";
  for (const auto& [key, value] : many)
    printed += (printed.empty() ? "" : ", ") + key + "=" + value;
  const std::string long_key(static_cast<std::size_t>(model.of[0].most.value()) + 1, 'k');
  const std::string long_value(static_cast<std::size_t>(model.of[1].most.value()) + 1, 'v');
  const std::string keys = "Map keys must satisfy constraint: [" + ElementRules(model.of[0]) + "]";
  const std::string values =
      "Map value must satisfy constraint: [" + ElementRules(model.of[1]) + "]";
  return {{many, {Violation("'{" + printed + "}'", path, LengthAtMost(*model.most))}},
          {{{"", "v"}}, {Violation("'{=v}'", path, keys)}},
          {{{"a", "b"}, {long_key, ""}}, {Violation("'{a=b, " + long_key + "=}'", path, keys)}},
          {{{"k", long_value}}, {Violation("'{k=" + long_value + "}'", path, values)}},
          {{{long_key, long_value}},
           {Violation("'{" + long_key + "=" + long_value + "}'", path, keys),
            Violation("'{" + long_key + "=" + long_value + "}'", path, values)}}};
}

// Entries that are fine, but too many.
using Entries = std::span<const PutRecordsRequestEntry>;
inline std::vector<Bad<Entries>> BadValues(Entries good, const ModelShape& model,
                                           const std::string& path) {
  const auto many = static_cast<std::size_t>(model.most.value()) + 1;
  return {
      {Keep(std::vector<PutRecordsRequestEntry>(many, good[0])),
       {Violation("'[" + std::to_string(many) + " entries]'", path, LengthAtMost(*model.most))}}};
}

// Of anything else there is no bad value: flags, times, and structures, which have members.
template <typename Value>
requires(!std::is_enum_v<Value> && !std::is_convertible_v<Value, std::string_view>)
    std::vector<Bad<std::optional<Value>>> BadValues(const std::optional<Value>&, const ModelShape&,
                                                     const std::string&) {
  return {};
}
template <typename Structure>
std::vector<Bad<std::vector<Structure>>> BadValues(const std::vector<Structure>&, const ModelShape&,
                                                   const std::string&) {
  return {};
}

}  // namespace riacho
