#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "riacho/telemetry/embedded_metrics.h"

namespace riacho {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostBytes = 1'048'576;
constexpr std::size_t kLongestText = 1'024;
constexpr std::size_t kMostKeys = 30;
constexpr std::size_t kMostMetrics = 100;
constexpr std::size_t kMostValues = 100;

absl::Status Malformed(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

std::string Quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A member of an object; null if it is not there, or not of this kind.
const Json* Member(const Json& object, const std::string& name, bool (Json::*is_kind)() const) {
  const auto at = object.find(name);
  return at != object.end() && ((*at).*is_kind)() ? &*at : nullptr;
}

absl::Status ReadTexts(const Json& list, const std::string& what, std::vector<std::string>& texts) {
  for (const Json& entry : list) {
    if (!entry.is_string()) return Malformed(what + " must be a string.");
    texts.push_back(entry.get<std::string>());
  }
  return absl::OkStatus();
}

absl::Status ReadNumbers(const Json& list, const std::string& name, std::vector<double>& numbers) {
  if (list.size() > kMostValues) {
    return Malformed("The metric " + Quoted(name) + " has " + std::to_string(list.size()) +
                     " values. At most 100 are allowed.");
  }
  for (const Json& entry : list) {
    if (!entry.is_number())
      return Malformed("The metric " + Quoted(name) + " has a value that is no number.");
    numbers.push_back(entry.get<double>());
  }
  return absl::OkStatus();
}

// The form in which agents write samples in sum.
absl::Status ReadStatistics(const Json& object, MetricDatum& datum) {
  const Json* const count = Member(object, "Count", &Json::is_number);
  const Json* const sum = Member(object, "Sum", &Json::is_number);
  const Json* const minimum = Member(object, "Min", &Json::is_number);
  const Json* const maximum = Member(object, "Max", &Json::is_number);
  const Json* const values = Member(object, "Values", &Json::is_array);
  const Json* const counts = Member(object, "Counts", &Json::is_array);
  const bool complete =
      count != nullptr && sum != nullptr && minimum != nullptr && maximum != nullptr;
  if (!complete || (values == nullptr) != (counts == nullptr)) {
    return Malformed("The metric " + Quoted(datum.metric_name) +
                     " is an object, but not of the numbers Max, Min, Count and Sum, with or "
                     "without arrays of Values and Counts.");
  }
  if (values == nullptr) {
    if (count->get<double>() == 0) return absl::OkStatus();
    datum.statistic_values = StatisticSet{.sample_count = count->get<double>(),
                                          .sum = sum->get<double>(),
                                          .minimum = minimum->get<double>(),
                                          .maximum = maximum->get<double>()};
    return absl::OkStatus();
  }
  if (values->size() != counts->size()) {
    return Malformed("The metric " + Quoted(datum.metric_name) + " has " +
                     std::to_string(values->size()) + " Values and " +
                     std::to_string(counts->size()) + " Counts.");
  }
  RIACHO_RETURN_IF_ERROR(ReadNumbers(*values, datum.metric_name, datum.values));
  return ReadNumbers(*counts, datum.metric_name, datum.counts);
}

absl::Status ReadSamples(const Json& line, MetricDatum& datum) {
  const auto target = line.find(datum.metric_name);
  if (target != line.end() && target->is_number()) {
    datum.value = target->get<double>();
    return absl::OkStatus();
  }
  if (target != line.end() && target->is_array())
    return ReadNumbers(*target, datum.metric_name, datum.values);
  if (target != line.end() && target->is_object()) return ReadStatistics(*target, datum);
  return Malformed("The metric " + Quoted(datum.metric_name) +
                   " names no member of the object that is a number or an array of numbers.");
}

absl::Status ReadDefinition(const Json& definition, MetricDatum& datum) {
  if (!definition.is_object()) return Malformed("An entry of Metrics must be an object.");
  const Json* const name = Member(definition, "Name", &Json::is_string);
  if (name == nullptr) return Malformed("An entry of Metrics must have a Name that is a string.");
  datum.metric_name = name->get<std::string>();
  if (datum.metric_name.size() > kLongestText) {
    return Malformed("The Name of a metric has " + std::to_string(datum.metric_name.size()) +
                     " characters. At most 1024 are allowed.");
  }
  if (const auto unit = definition.find("Unit"); unit != definition.end()) {
    const std::optional<StandardUnit> known =
        unit->is_string() ? ParseStandardUnit(unit->get<std::string>()) : std::nullopt;
    if (!known.has_value()) {
      return Malformed("The metric " + Quoted(datum.metric_name) + " has the unknown Unit " +
                       unit->dump(-1, ' ', false, Json::error_handler_t::replace) + ".");
    }
    datum.unit = *known;
  }
  if (const auto resolution = definition.find("StorageResolution");
      resolution != definition.end() && *resolution != 1 && *resolution != 60) {
    return Malformed("The StorageResolution of metric " + Quoted(datum.metric_name) +
                     " must be 1 or 60.");
  }
  return absl::OkStatus();
}

absl::Status ReadDimensions(const Json& line, const Json& set, std::vector<Dimension>& dimensions) {
  if (!set.is_array()) return Malformed("A set of Dimensions must be an array of strings.");
  if (set.size() > kMostKeys) {
    return Malformed("A set of Dimensions has " + std::to_string(set.size()) +
                     " keys. At most 30 are allowed.");
  }
  std::vector<std::string> keys;
  RIACHO_RETURN_IF_ERROR(ReadTexts(set, "A key of a set of Dimensions", keys));
  for (std::string& key : keys) {
    const Json* const value = Member(line, key, &Json::is_string);
    if (value == nullptr || value->get_ref<const std::string&>().size() > kLongestText) {
      return Malformed("The dimension " + Quoted(key) +
                       " names no member of the object that is a string of up to 1024 characters.");
    }
    dimensions.push_back({.name = std::move(key), .value = value->get<std::string>()});
  }
  return absl::OkStatus();
}

// As kMostEmbeddedValues counts them.
std::size_t ValuesOf(const Json& sets, const std::vector<MetricDatum>& data) {
  std::size_t samples = 0;
  for (const MetricDatum& datum : data) samples += std::max<std::size_t>(datum.values.size(), 1);
  std::size_t keys = 0;
  for (const Json& set : sets) keys += set.size();
  return sets.size() * samples + keys * data.size();
}

// Takes what it asks for out of `values_left`.
absl::Status ReadDirective(const Json& line, const Json& directive, absl::Time time,
                           std::size_t& values_left, std::vector<PutMetricDataRequest>& requests) {
  if (!directive.is_object()) return Malformed("A directive must be an object.");
  const Json* const space = Member(directive, "Namespace", &Json::is_string);
  const Json* const sets = Member(directive, "Dimensions", &Json::is_array);
  const Json* const metrics = Member(directive, "Metrics", &Json::is_array);
  if (space == nullptr || space->get_ref<const std::string&>().empty() ||
      space->get_ref<const std::string&>().size() > kLongestText) {
    return Malformed("A directive must have a Namespace of 1 to 1024 characters.");
  }
  if (sets == nullptr || sets->empty())
    return Malformed("A directive must have Dimensions, one set at least.");
  if (metrics == nullptr || metrics->size() > kMostMetrics)
    return Malformed("A directive must have Metrics, an array of up to 100.");

  std::vector<MetricDatum> data;
  for (const Json& definition : *metrics) {
    MetricDatum datum = {.timestamp = time};
    RIACHO_RETURN_IF_ERROR(ReadDefinition(definition, datum));
    RIACHO_RETURN_IF_ERROR(ReadSamples(line, datum));
    const bool has_samples =
        datum.value.has_value() || datum.statistic_values.has_value() || !datum.values.empty();
    if (has_samples) data.push_back(std::move(datum));
  }
  const std::size_t values = ValuesOf(*sets, data);
  if (values > values_left) {
    return Malformed("A directive asks for " + std::to_string(values) +
                     " values: its samples and keys, for each set of Dimensions. At most " +
                     std::to_string(kMostEmbeddedValues) + " are allowed in a line, of which " +
                     std::to_string(values_left) + " are left.");
  }
  std::vector<PutMetricDataRequest> of_directive;
  for (const Json& set : *sets) {
    std::vector<Dimension> dimensions;
    RIACHO_RETURN_IF_ERROR(ReadDimensions(line, set, dimensions));
    if (data.empty()) continue;
    for (MetricDatum& datum : data) datum.dimensions = dimensions;
    of_directive.push_back({.metric_namespace = space->get<std::string>(), .metric_data = data});
  }
  for (PutMetricDataRequest& request : of_directive) requests.push_back(std::move(request));
  values_left -= values;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EmbeddedMetrics> ParseEmbeddedMetricFormat(std::string_view text) {
  if (text.size() > kMostBytes) {
    return Malformed("The text has " + std::to_string(text.size()) +
                     " bytes. At most 1048576 are allowed.");
  }
  Json line;
  try {
    line = Json::parse(text.begin(), text.end());
  } catch (const Json::exception&) {
    return Malformed("The text is no JSON.");
  }
  const Json* const head = line.is_object() ? Member(line, "_aws", &Json::is_object) : nullptr;
  if (head == nullptr) return Malformed("The text is no JSON object with a member _aws.");
  const Json* const timestamp = Member(*head, "Timestamp", &Json::is_number_integer);
  if (timestamp == nullptr)
    return Malformed("The member _aws must have a Timestamp in whole milliseconds.");
  const Json* const directives = Member(*head, "CloudWatchMetrics", &Json::is_array);
  if (directives == nullptr)
    return Malformed("The member _aws must have CloudWatchMetrics, an array of directives.");

  EmbeddedMetrics embedded;
  const absl::Time time = absl::FromUnixMillis(timestamp->get<std::int64_t>());
  std::size_t values_left = kMostEmbeddedValues;
  for (const Json& directive : *directives) {
    absl::Status read = ReadDirective(line, directive, time, values_left, embedded.requests);
    if (!read.ok()) embedded.invalid_directives.push_back(std::move(read));
  }
  return embedded;
}

}  // namespace riacho
