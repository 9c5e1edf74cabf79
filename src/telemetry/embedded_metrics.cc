#include "riacho/telemetry/embedded_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "riacho/model/error.h"
#include "telemetry/distribution.h"
#include "telemetry/metric_table.h"

namespace riacho {
namespace {

using internal::Distribution;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostMetrics = 100;
constexpr std::size_t kMostValues = 100;
constexpr std::size_t kMostBytes = 262'144;

// Whole numbers look like it.
Json NumberOf(double value) {
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53
  if (std::floor(value) == value && std::abs(value) <= kExact)
    return static_cast<std::int64_t>(value);
  return value;
}

Json SetOf(const StatisticSet& set) {
  return {{"Max", NumberOf(set.maximum)},
          {"Min", NumberOf(set.minimum)},
          {"Count", NumberOf(set.sample_count)},
          {"Sum", NumberOf(set.sum)}};
}

// The samples one by one, when there are not too many and their values have not been rounded.
std::optional<Json> ArrayOf(const Distribution::Values& values, const StatisticSet& set) {
  if (set.sample_count > static_cast<double>(kMostValues)) return std::nullopt;
  Json array = Json::array();
  double sum = 0;
  for (const auto& [value, count] : values) {
    if (std::floor(count) != count) return std::nullopt;
    for (double i = 0; i < count; ++i) array.push_back(NumberOf(value));
    sum += value * count;
  }
  const bool exact =
      sum == set.sum && values.front().first == set.minimum && values.back().first == set.maximum;
  return exact ? std::optional(std::move(array)) : std::nullopt;
}

// What stands for a metric's samples: one form, or several that come to them together.
std::vector<Json> FormsOf(const Distribution& samples) {
  const StatisticSet& set = samples.statistics();
  if (set.sample_count == 1) return {NumberOf(set.sum)};
  const Distribution::Values* const values = samples.values();
  if (values == nullptr) return {SetOf(set)};
  if (std::optional<Json> array = ArrayOf(*values, set); array.has_value())
    return {*std::move(array)};
  std::vector<Json> forms;
  StatisticSet left = set;
  for (std::size_t first = 0; first < values->size(); first += kMostValues) {
    const std::size_t end = std::min(first + kMostValues, values->size());
    Json numbers = Json::array();
    Json counts = Json::array();
    StatisticSet part = {.minimum = first == 0 ? set.minimum : (*values)[first].first,
                         .maximum = end == values->size() ? set.maximum : (*values)[end - 1].first};
    for (std::size_t i = first; i < end; ++i) {
      const auto& [value, count] = (*values)[i];
      numbers.push_back(NumberOf(value));
      counts.push_back(NumberOf(count));
      part.sample_count += count;
      part.sum += value * count;
    }
    // What rounding has lost stands in the last part, so that the sum is right.
    if (end == values->size()) part.sum = left.sum;
    left.sum -= part.sum;
    Json form = SetOf(part);
    form["Values"] = std::move(numbers);
    form["Counts"] = std::move(counts);
    forms.push_back(std::move(form));
  }
  return forms;
}

std::string TextOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// One line, while it is being filled.
class Line {
 public:
  Line(std::int64_t minute, const Metric& metric) {
    Json keys = Json::array();
    for (const Dimension& dimension : metric.dimensions) keys.push_back(dimension.name);
    head_ = {{"Timestamp", minute * 60'000},
             {"CloudWatchMetrics",
              {{{"Namespace", metric.metric_namespace},
                {"Dimensions", Json::array({std::move(keys)})},
                {"Metrics", Json::array()}}}}};
    for (const Dimension& dimension : metric.dimensions) members_[dimension.name] = dimension.value;
    bytes_ =
        TextOf(head_).size() + TextOf(members_).size() + std::string_view("\"_aws\":,\n").size();
  }

  bool HasRoomFor(const std::string& name, const Json& definition, const Json& form) const {
    return metrics_ < kMostMetrics && !members_.contains(name) &&
           bytes_ + BytesOf(name, definition, form) <= kMostBytes;
  }
  void Add(const std::string& name, Json definition, Json form) {
    bytes_ += BytesOf(name, definition, form);
    ++metrics_;
    head_["CloudWatchMetrics"][0]["Metrics"].push_back(std::move(definition));
    members_[name] = std::move(form);
  }
  std::string ToString() const {
    Json line = {{"_aws", head_}};
    line.update(members_);
    return TextOf(line) + "\n";
  }

 private:
  static std::size_t BytesOf(const std::string& name, const Json& definition, const Json& form) {
    return TextOf(definition).size() + TextOf(name).size() + TextOf(form).size() +
           std::string_view(",,:").size();
  }

  Json head_;
  Json members_ = Json::object();
  std::size_t metrics_ = 0;
  std::size_t bytes_ = 0;
};

bool HasPlace(const Metric& metric) {
  return metric.metric_name != "_aws" &&
         std::ranges::none_of(metric.dimensions, [&metric](const Dimension& dimension) {
           return dimension.name == metric.metric_name || dimension.name == "_aws";
         });
}

}  // namespace

absl::StatusOr<std::string> ToEmbeddedMetricFormat(const Metrics& metrics, absl::Time start_time,
                                                   absl::Time end_time) {
  if (start_time >= end_time) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "The start " + absl::FormatTime(start_time, absl::UTCTimeZone()) +
                         " must be before the end " +
                         absl::FormatTime(end_time, absl::UTCTimeZone()) + ".");
  }
  const std::int64_t first = internal::MinuteOf(start_time);
  const std::int64_t last = internal::MinuteOf(end_time - absl::Nanoseconds(1));
  using Place = std::tuple<std::string, std::vector<Dimension>, std::int64_t>;
  std::map<Place, std::vector<Line>> lines;
  metrics.table()->Visit([&](const internal::SeriesKey& key, const internal::Series& series) {
    const Metric& metric = key.metric;
    if (!HasPlace(metric)) return;
    const Json definition = {{"Name", metric.metric_name}, {"Unit", StandardUnitName(key.unit)}};
    const auto end = series.minutes.upper_bound(last);
    for (auto at = series.minutes.lower_bound(first); at != end; ++at) {
      std::vector<Line>& of_place =
          lines[Place(metric.metric_namespace, metric.dimensions, at->first)];
      for (Json& form : FormsOf(at->second)) {
        auto line = std::ranges::find_if(of_place, [&](const Line& candidate) {
          return candidate.HasRoomFor(metric.metric_name, definition, form);
        });
        if (line == of_place.end()) line = of_place.insert(of_place.end(), Line(at->first, metric));
        line->Add(metric.metric_name, definition, std::move(form));
      }
    }
  });
  std::string text;
  for (const auto& [place, of_place] : lines) {
    for (const Line& line : of_place) text += line.ToString();
  }
  return text;
}

}  // namespace riacho
