// FaultPlan::Parse and FaultPlan::Load: plans from JSON. Every field of a fault is a row of a
// table: its name, and how it is read into a rule.
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/return_if_error.h"
#include "riacho/sim/fault_plan.h"

namespace riacho {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Malformed(const std::string& where, const std::string& what) {
  return MakeError(ErrorCode::kInvalidArgument, where.empty() ? what : where + ": " + what);
}

absl::Status Expected(const std::string& where, const std::string& what, const Json& found) {
  constexpr std::size_t kMostShown = 100;
  std::string shown = found.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (shown.size() > kMostShown) shown = shown.substr(0, kMostShown) + "…";
  return Malformed(where, "expected " + what + ", found " + shown);
}

absl::Status ReadText(const Json& json, const std::string& where, std::string& text) {
  if (!json.is_string()) return Expected(where, "a text", json);
  text = json.get<std::string>();
  return absl::OkStatus();
}

absl::Status ReadCount(const Json& json, const std::string& where, std::int64_t least,
                       std::int64_t& count) {
  if (!json.is_number_integer() || json.get<double>() > 9e18 || json.get<std::int64_t>() < least)
    return Expected(where, "a whole number of at least " + std::to_string(least), json);
  count = json.get<std::int64_t>();
  return absl::OkStatus();
}

absl::Status ReadProbability(const Json& json, const std::string& where, double& probability) {
  if (!json.is_number() || !(json.get<double>() >= 0 && json.get<double>() <= 1))
    return Expected(where, "a number from 0 to 1", json);
  probability = json.get<double>();
  return absl::OkStatus();
}

absl::Status ReadDuration(const Json& json, const std::string& where, absl::Duration& duration) {
  if (!json.is_string() || !absl::ParseDuration(json.get<std::string>(), &duration) ||
      duration < absl::ZeroDuration()) {
    return Expected(where, "a duration such as \"1.5s\"", json);
  }
  return absl::OkStatus();
}

absl::Status ReadTime(const Json& json, const std::string& where, absl::Time& time) {
  std::string error;
  if (!json.is_string() ||
      !absl::ParseTime(absl::RFC3339_full, json.get<std::string>(), &time, &error)) {
    return Expected(where, "a time such as \"2026-01-01T00:00:00Z\"", json);
  }
  return absl::OkStatus();
}

absl::Status ReadOperation(const Json& json, const std::string& where, FaultRule& rule) {
  const std::optional<Operation> operation =
      json.is_string() ? ParseOperation(json.get<std::string>()) : std::nullopt;
  if (!operation.has_value()) return Expected(where, "an operation such as \"PutRecord\"", json);
  rule.operations.push_back(*operation);
  return absl::OkStatus();
}

absl::Status ReadOn(const Json& json, const std::string& where, FaultRule& rule) {
  if (!json.is_array()) return ReadOperation(json, where, rule);
  if (json.empty()) return Expected(where, "an operation at least", json);
  for (std::size_t i = 0; i < json.size(); ++i)
    RIACHO_RETURN_IF_ERROR(ReadOperation(json[i], where + "[" + std::to_string(i) + "]", rule));
  return absl::OkStatus();
}

absl::Status ReadShard(const Json& json, const std::string& where, FaultRule& rule) {
  if (json.is_string()) rule.shard_id = ShardId::Parse(json.get<std::string>());
  if (!rule.shard_id.has_value())
    return Expected(where, "a shard id such as \"shardId-000000000000\"", json);
  return absl::OkStatus();
}

absl::Status ReadCalls(const Json& json, const std::string& where, FaultRule& rule) {
  if (!json.is_array() || json.size() != 2) {
    RIACHO_RETURN_IF_ERROR(ReadCount(json, where, 1, rule.first_call));
    rule.last_call = rule.first_call;
    return absl::OkStatus();
  }
  RIACHO_RETURN_IF_ERROR(ReadCount(json[0], where + "[0]", 1, rule.first_call));
  return ReadCount(json[1], where + "[1]", rule.first_call, rule.last_call);
}

absl::Status ReadErrorCode(const Json& json, const std::string& where, FaultRule& rule) {
  const std::optional<ErrorCode> code =
      json.is_string() ? ParseErrorCode(json.get<std::string>()) : std::nullopt;
  if (!code.has_value())
    return Expected(where, "an exception such as \"ResourceNotFoundException\"", json);
  rule.error = *code;
  return absl::OkStatus();
}

absl::Status ReadDelay(const Json& json, const std::string& where, FaultRule& rule) {
  if (!json.is_array() || json.size() != 2) return ReadDuration(json, where, rule.delay);
  RIACHO_RETURN_IF_ERROR(ReadDuration(json[0], where + "[0]", rule.delay));
  RIACHO_RETURN_IF_ERROR(ReadDuration(json[1], where + "[1]", rule.max_delay));
  if (rule.max_delay < rule.delay)
    return Expected(where + "[1]", "no less than " + absl::FormatDuration(rule.delay), json[1]);
  return absl::OkStatus();
}

absl::Status ReadTrue(const Json& json, const std::string& where) {
  return json == true ? absl::OkStatus() : Expected(where, "true", json);
}

using Reader = absl::Status (*)(const Json& json, const std::string& where, FaultRule& rule);

// The fields that say which calls.
const std::map<std::string, Reader>& Conditions() {
  static const auto* const kReaders = new std::map<std::string, Reader>{
      {"on", ReadOn},
      {"stream", [](const Json& json, const std::string& where,
                    FaultRule& rule) { return ReadText(json, where, rule.stream_name); }},
      {"shard", ReadShard},
      {"principal", [](const Json& json, const std::string& where,
                       FaultRule& rule) { return ReadText(json, where, rule.principal_arn); }},
      {"from", [](const Json& json, const std::string& where,
                  FaultRule& rule) { return ReadTime(json, where, rule.from); }},
      {"until", [](const Json& json, const std::string& where,
                   FaultRule& rule) { return ReadTime(json, where, rule.until); }},
      {"calls", ReadCalls},
      {"every", [](const Json& json, const std::string& where,
                   FaultRule& rule) { return ReadCount(json, where, 1, rule.every); }},
      {"chance", [](const Json& json, const std::string& where,
                    FaultRule& rule) { return ReadProbability(json, where, rule.chance); }},
      {"at_most", [](const Json& json, const std::string& where,
                     FaultRule& rule) { return ReadCount(json, where, 1, rule.most_faults); }},
      {"share", [](const Json& json, const std::string& where,
                   FaultRule& rule) { return ReadProbability(json, where, rule.share.emplace()); }},
      {"message", [](const Json& json, const std::string& where,
                     FaultRule& rule) { return ReadText(json, where, rule.message); }},
  };
  return *kReaders;
}

// The fields that say what happens; of these a fault has one.
absl::Status ReadFault(FaultKind kind, const Json& json, const std::string& where,
                       FaultRule& rule) {
  rule.kind = kind;
  switch (kind) {
    case FaultKind::kFail:
      return ReadErrorCode(json, where, rule);
    case FaultKind::kDelay:
      return ReadDelay(json, where, rule);
    case FaultKind::kAnswerStale:
      return ReadDuration(json, where, rule.delay);
    case FaultKind::kDropSubscription:
    case FaultKind::kEndSubscription:
      return ReadCount(json, where, 0, rule.events);
    case FaultKind::kThrottle:
    case FaultKind::kLoseRequest:
    case FaultKind::kLoseReply:
    case FaultKind::kDeliverAgain:
      return ReadTrue(json, where);
  }
  return absl::OkStatus();
}

std::optional<FaultKind> ParseFaultKind(const std::string& name) {
  for (int kind = 0; kind <= static_cast<int>(FaultKind::kDeliverAgain); ++kind) {
    if (FaultKindName(static_cast<FaultKind>(kind)) == name) return static_cast<FaultKind>(kind);
  }
  return std::nullopt;
}

absl::Status ReadRule(const Json& json, const std::string& where, FaultRule& rule) {
  if (!json.is_object()) return Expected(where, "an object", json);
  std::optional<std::string> fault;
  for (const auto& [name, value] : json.items()) {
    const std::string field = where + "." + name;
    if (const auto condition = Conditions().find(name); condition != Conditions().end()) {
      RIACHO_RETURN_IF_ERROR(condition->second(value, field, rule));
    } else if (const std::optional<FaultKind> kind = ParseFaultKind(name); !kind.has_value()) {
      return Malformed(field, "there is no such field");
    } else if (fault.has_value()) {
      return Malformed(field, "there is \"" + *fault + "\" already; make it two faults");
    } else {
      fault = name;
      RIACHO_RETURN_IF_ERROR(ReadFault(*kind, value, field, rule));
    }
  }
  if (!fault.has_value())
    return Malformed(where, "does not say what happens, such as \"lose_reply\": true");
  const bool refuses = rule.kind == FaultKind::kFail || rule.kind == FaultKind::kThrottle;
  for (const char* const name : {"share", "message"}) {
    if (!refuses && json.contains(name)) {
      return Malformed(where + "." + name,
                       "goes with \"fail\" or \"throttle\", not with \"" + *fault + "\"");
    }
  }
  return absl::OkStatus();
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

absl::StatusOr<FaultPlan> FaultPlan::Parse(std::string_view text) {
  const absl::StatusOr<Json> json = ReadJson(text);
  RIACHO_RETURN_IF_ERROR(json.status());
  if (!json->is_object()) return Expected("", "an object", *json);
  std::uint64_t seed = 0;
  std::vector<FaultRule> rules;
  for (const auto& [name, value] : json->items()) {
    if (name == "seed") {
      if (!value.is_number_unsigned()) return Expected(name, "a whole number", value);
      seed = value.get<std::uint64_t>();
    } else if (name == "faults") {
      if (!value.is_array()) return Expected(name, "a list", value);
      for (std::size_t i = 0; i < value.size(); ++i) {
        RIACHO_RETURN_IF_ERROR(
            ReadRule(value[i], "faults[" + std::to_string(i) + "]", rules.emplace_back()));
      }
    } else {
      return Malformed(name, "there is no such field");
    }
  }
  FaultPlan plan(seed);
  for (FaultRule& rule : rules) plan.Add(std::move(rule));
  return plan;
}

absl::StatusOr<FaultPlan> FaultPlan::Load(const std::string& path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return Malformed(path, "cannot be read");
  absl::StatusOr<FaultPlan> plan = Parse(text);
  if (!plan.ok()) return Malformed(path, std::string(ErrorMessage(plan.status())));
  return plan;
}

}  // namespace riacho
