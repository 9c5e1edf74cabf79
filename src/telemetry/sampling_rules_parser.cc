// SamplingRules::Parse: rules from JSON. Every field of a rule is a row of a table: its name, and
// how it is read.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <nlohmann/json.hpp>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "riacho/telemetry/sampling_rules.h"

namespace riacho {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Malformed(const std::string& where, const std::string& what) {
  return MakeError(ErrorCode::kInvalidArgument, where.empty() ? what : where + ": " + what);
}

// Of something unexpected: short texts, numbers and flags themselves, else what kind it is.
std::string Show(const Json& value) {
  constexpr std::size_t kMostShown = 100;
  if (value.is_null()) return "null";
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return shown.size() > kMostShown ? "a longer text" : shown;
}

absl::Status Expected(const std::string& where, const std::string& what, const Json& found) {
  return Malformed(where, "expected " + what + ", found " + Show(found));
}

absl::Status ReadText(const Json& json, const std::string& where, std::string& text) {
  if (!json.is_string()) return Expected(where, "a text", json);
  text = json.get<std::string>();
  return absl::OkStatus();
}

absl::Status ReadCount(const Json& json, const std::string& where, std::int64_t& count) {
  constexpr double kMost = 9e18;
  if (!json.is_number_integer() || json.get<double>() > kMost)
    return Expected(where, "a whole number", json);
  count = json.get<std::int64_t>();
  return absl::OkStatus();
}

absl::Status ReadRate(const Json& json, const std::string& where, double& rate) {
  if (!json.is_number()) return Expected(where, "a number from 0 to 1", json);
  rate = json.get<double>();
  return absl::OkStatus();
}

absl::Status ReadAttributes(const Json& json, const std::string& where, SamplingRule& rule) {
  if (!json.is_object()) return Expected(where, "an object", json);
  for (const auto& [name, value] : json.items())
    RIACHO_RETURN_IF_ERROR(ReadText(value, absl::StrCat(where, ".", name), rule.attributes[name]));
  return absl::OkStatus();
}

using Reader = absl::Status (*)(const Json& json, const std::string& where, SamplingRule& rule);
using Readers = std::map<std::string, Reader>;

template <std::string SamplingRule::*kMember>
absl::Status ReadMatcher(const Json& json, const std::string& where, SamplingRule& rule) {
  return ReadText(json, where, rule.*kMember);
}

absl::Status ReadPriority(const Json& json, const std::string& where, SamplingRule& rule) {
  return ReadCount(json, where, rule.priority);
}

absl::Status ReadReservoir(const Json& json, const std::string& where, SamplingRule& rule) {
  return ReadCount(json, where, rule.reservoir_size);
}

absl::Status ReadFixedRate(const Json& json, const std::string& where, SamplingRule& rule) {
  return ReadRate(json, where, rule.fixed_rate);
}

absl::Status Ignore(const Json& /*json*/, const std::string& /*where*/, SamplingRule& /*rule*/) {
  return absl::OkStatus();
}

// Of what GetSamplingRules answers.
const Readers& ServiceFields() {
  static const auto* const kReaders = new Readers{
      {"RuleName", ReadMatcher<&SamplingRule::rule_name>},
      {"RuleARN", Ignore},
      {"ResourceARN", ReadMatcher<&SamplingRule::resource_arn>},
      {"Priority", ReadPriority},
      {"FixedRate", ReadFixedRate},
      {"ReservoirSize", ReadReservoir},
      {"ServiceName", ReadMatcher<&SamplingRule::service_name>},
      {"ServiceType", ReadMatcher<&SamplingRule::service_type>},
      {"Host", ReadMatcher<&SamplingRule::host>},
      {"HTTPMethod", ReadMatcher<&SamplingRule::http_method>},
      {"URLPath", ReadMatcher<&SamplingRule::url_path>},
      {"Version", Ignore},
      {"Attributes", ReadAttributes},
  };
  return *kReaders;
}

// Of the libraries' own file.
const Readers& FileFields() {
  static const auto* const kReaders = new Readers{
      {"description", Ignore},
      {"host", ReadMatcher<&SamplingRule::host>},
      {"http_method", ReadMatcher<&SamplingRule::http_method>},
      {"url_path", ReadMatcher<&SamplingRule::url_path>},
      {"fixed_target", ReadReservoir},
      {"rate", ReadFixedRate},
  };
  return *kReaders;
}

absl::Status ReadRule(const Json& json, const std::string& where, const Readers& readers,
                      SamplingRule& rule) {
  if (!json.is_object()) return Expected(where, "an object", json);
  for (const auto& [name, value] : json.items()) {
    const auto reader = readers.find(name);
    const std::string field = absl::StrCat(where, ".", name);
    if (reader == readers.end()) return Malformed(field, "there is no such field");
    RIACHO_RETURN_IF_ERROR(reader->second(value, field, rule));
  }
  return absl::OkStatus();
}

absl::StatusOr<SamplingRules> ReadServiceRules(const Json& records) {
  if (!records.is_array()) return Expected("SamplingRuleRecords", "a list", records);
  std::vector<SamplingRule> rules;
  SamplingRule otherwise = SamplingRules::Default();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string where = "SamplingRuleRecords[" + std::to_string(i) + "]";
    if (!records[i].is_object() || !records[i].contains("SamplingRule"))
      return Expected(where, "an object with a SamplingRule", records[i]);
    SamplingRule rule;
    RIACHO_RETURN_IF_ERROR(
        ReadRule(records[i]["SamplingRule"], where + ".SamplingRule", ServiceFields(), rule));
    if (rule.rule_name == otherwise.rule_name) {
      otherwise = std::move(rule);
    } else {
      rules.push_back(std::move(rule));
    }
  }
  return SamplingRules::Create(std::move(rules), otherwise);
}

absl::StatusOr<SamplingRules> ReadFileRules(const Json& json) {
  std::vector<SamplingRule> rules;
  SamplingRule otherwise = SamplingRules::Default();
  for (const auto& [name, value] : json.items()) {
    if (name == "version") {
      if (value != 2) return Expected(name, "2", value);
    } else if (name == "default") {
      RIACHO_RETURN_IF_ERROR(ReadRule(value, name, FileFields(), otherwise));
    } else if (name == "rules") {
      if (!value.is_array()) return Expected(name, "a list", value);
      for (std::size_t i = 0; i < value.size(); ++i) {
        SamplingRule& rule =
            rules.emplace_back(SamplingRule{.rule_name = "rule " + std::to_string(i + 1),
                                            .priority = static_cast<std::int64_t>(i) + 1});
        RIACHO_RETURN_IF_ERROR(
            ReadRule(value[i], "rules[" + std::to_string(i) + "]", FileFields(), rule));
      }
    } else {
      return Malformed(name, "there is no such field");
    }
  }
  return SamplingRules::Create(std::move(rules), otherwise);
}

absl::StatusOr<Json> ReadJson(std::string_view text) {
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …"
    const std::string what = error.what();
    return Malformed("", "not JSON: " + what.substr(what.find(']') + 2));
  }
}

}  // namespace

absl::StatusOr<SamplingRules> SamplingRules::Parse(std::string_view text) {
  const absl::StatusOr<Json> json = ReadJson(text);
  RIACHO_RETURN_IF_ERROR(json.status());
  if (!json->is_object()) return Expected("", "an object", *json);
  if (json->contains("SamplingRuleRecords"))
    return ReadServiceRules((*json)["SamplingRuleRecords"]);
  if (!json->contains("version"))
    return Expected("", "an object with a SamplingRuleRecords or a version", *json);
  return ReadFileRules(*json);
}

}  // namespace riacho
