#include "riacho/telemetry/metrics.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "riacho/model/error.h"
#include "telemetry/distribution.h"
#include "telemetry/metric_table.h"

namespace riacho {
namespace {

using internal::Distribution;
using internal::ExtendedStatistic;
using internal::Series;
using internal::SeriesKey;

constexpr std::size_t kMostData = 1'000;
constexpr std::size_t kMostValues = 150;
constexpr std::int64_t kLongestPeriod = 86'400;
constexpr std::int64_t kMostPeriods = 1'440;
const double kLargestValue = std::ldexp(1.0, 360);

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

Metric Sorted(Metric metric) {
  std::ranges::sort(metric.dimensions);
  return metric;
}

Metric MetricOf(const std::string& metric_namespace, const MetricDatum& datum) {
  return Sorted({.metric_namespace = metric_namespace,
                 .metric_name = datum.metric_name,
                 .dimensions = datum.dimensions});
}

bool InRange(double value) { return std::abs(value) <= kLargestValue; }  // NaN is not

absl::Status CheckSamples(const MetricDatum& datum) {
  const std::string name = "The metric " + datum.metric_name;
  const int forms = (datum.value.has_value() ? 1 : 0) +
                    (datum.statistic_values.has_value() ? 1 : 0) + (datum.values.empty() ? 0 : 1);
  if (forms != 1)
    return Invalid(name + " must have exactly one of Value, StatisticValues and Values.");
  if (datum.values.size() > kMostValues) {
    return Invalid(name + " has " + std::to_string(datum.values.size()) +
                   " Values. At most 150 are allowed.");
  }
  if (!datum.counts.empty() && datum.counts.size() != datum.values.size()) {
    return Invalid(name +
                   " must have as many Counts as Values: " + std::to_string(datum.counts.size()) +
                   " and " + std::to_string(datum.values.size()) + " are given.");
  }
  std::vector<double> numbers = datum.values;
  if (datum.value.has_value()) numbers.push_back(*datum.value);
  if (const auto& set = datum.statistic_values; set.has_value()) {
    if (!(set->sample_count > 0) || set->minimum > set->maximum)
      return Invalid(name + " has StatisticValues without samples, or Minimum above Maximum.");
    numbers.insert(numbers.end(), {set->sample_count, set->sum, set->minimum, set->maximum});
  }
  for (const double count : datum.counts) {
    if (!(count > 0)) return Invalid(name + " has Counts that are not above zero.");
    numbers.push_back(count);
  }
  if (!std::ranges::all_of(numbers, InRange))
    return Invalid(name + " has a value that is no number, or beyond +-2^360.");
  return absl::OkStatus();
}

absl::Status CheckDatum(const std::string& metric_namespace, const MetricDatum& datum,
                        absl::Time now) {
  if (absl::Status valid = CheckMetric(MetricOf(metric_namespace, datum)); !valid.ok())
    return valid;
  if (absl::Status valid = CheckSamples(datum); !valid.ok()) return valid;
  const absl::Time time = datum.timestamp.value_or(now);
  if (time < now - absl::Hours(24 * 14) || time > now + absl::Hours(2)) {
    return Invalid("The timestamp " + absl::FormatTime(time, absl::UTCTimeZone()) + " of metric " +
                   datum.metric_name + " must be from two weeks ago to two hours from now.");
  }
  return absl::OkStatus();
}

Distribution SamplesOf(const MetricDatum& datum) {
  Distribution samples;
  if (datum.value.has_value()) samples.Add(*datum.value);
  if (datum.statistic_values.has_value()) samples.Add(*datum.statistic_values);
  for (std::size_t i = 0; i < datum.values.size(); ++i)
    samples.Add(datum.values[i], datum.counts.empty() ? 1 : datum.counts[i]);
  return samples;
}

absl::Status CheckQuery(const GetMetricStatisticsRequest& request, std::int64_t first,
                        std::int64_t end) {
  if (absl::Status valid = CheckMetric({.metric_namespace = request.metric_namespace,
                                        .metric_name = request.metric_name,
                                        .dimensions = request.dimensions});
      !valid.ok()) {
    return valid;
  }
  if (request.statistics.empty() == request.extended_statistics.empty())
    return Invalid("Either Statistics or ExtendedStatistics must be given, but not both.");
  if (request.start_time >= request.end_time)
    return Invalid("The parameter StartTime must be less than the parameter EndTime.");
  if (const std::int64_t periods = (end - first + request.period - 1) / request.period;
      periods > kMostPeriods) {
    return Invalid("You have requested up to " + std::to_string(periods) +
                   " datapoints, which exceeds the limit of 1440. You may reduce the datapoints "
                   "requested by increasing Period, or decreasing the time range.");
  }
  return absl::OkStatus();
}

Datapoint PointOf(const Distribution& samples, const std::vector<Statistic>& statistics) {
  const StatisticSet& set = samples.statistics();
  Datapoint point;
  for (const Statistic statistic : statistics) {
    switch (statistic) {
      case Statistic::kSampleCount:
        point.sample_count = set.sample_count;
        break;
      case Statistic::kAverage:
        point.average = set.sum / set.sample_count;
        break;
      case Statistic::kSum:
        point.sum = set.sum;
        break;
      case Statistic::kMinimum:
        point.minimum = set.minimum;
        break;
      case Statistic::kMaximum:
        point.maximum = set.maximum;
        break;
    }
  }
  return point;
}

bool Matches(const Metric& metric, const ListMetricsRequest& request) {
  if (request.metric_namespace.value_or(metric.metric_namespace) != metric.metric_namespace ||
      request.metric_name.value_or(metric.metric_name) != metric.metric_name) {
    return false;
  }
  return std::ranges::all_of(request.dimensions, [&metric](const DimensionFilter& filter) {
    return std::ranges::any_of(metric.dimensions, [&filter](const Dimension& dimension) {
      return dimension.name == filter.name &&
             filter.value.value_or(dimension.value) == dimension.value;
    });
  });
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StatisticSet& set) {
  return out << "{SampleCount: " << set.sample_count << ", Sum: " << set.sum
             << ", Minimum: " << set.minimum << ", Maximum: " << set.maximum << "}";
}

Metrics::Metrics(MetricsOptions options)
    : table_(std::make_shared<internal::MetricTable>(options)) {}

Metrics::~Metrics() { table_->Close(); }

absl::Status Metrics::PutMetricData(const PutMetricDataRequest& request, absl::Time now) {
  if (request.metric_namespace.starts_with("AWS/") || request.metric_namespace == kRiachoMetrics) {
    return Invalid("The namespace '" + request.metric_namespace +
                   "' is reserved, as are all that begin with AWS/.");
  }
  if (request.metric_data.empty() || request.metric_data.size() > kMostData) {
    return Invalid("MetricData must have 1 to 1000 entries: " +
                   std::to_string(request.metric_data.size()) + " are given.");
  }
  for (const MetricDatum& datum : request.metric_data) {
    if (absl::Status valid = CheckDatum(request.metric_namespace, datum, now); !valid.ok())
      return valid;
  }
  const absl::MutexLock lock(&table_->mutex());
  for (const MetricDatum& datum : request.metric_data) {
    Series& series =
        table_->SeriesOf({.metric = MetricOf(request.metric_namespace, datum), .unit = datum.unit});
    table_->Add(series, internal::MinuteOf(datum.timestamp.value_or(now)), SamplesOf(datum));
  }
  return absl::OkStatus();
}

absl::StatusOr<GetMetricStatisticsResponse> Metrics::GetMetricStatistics(
    const GetMetricStatisticsRequest& request) const {
  const std::int64_t period = request.period;
  if (period < 60 || period > kLongestPeriod || period % 60 != 0) {
    return Invalid("The Period " + std::to_string(period) +
                   " must be a multiple of 60 and at most 86400 seconds.");
  }
  std::vector<ExtendedStatistic> extended;
  for (const std::string& name : request.extended_statistics) {
    const std::optional<ExtendedStatistic> statistic = ExtendedStatistic::Parse(name);
    if (!statistic.has_value())
      return Invalid("The value '" + name + "' for parameter ExtendedStatistics is not supported.");
    extended.push_back(*statistic);
  }
  // In seconds; whole minutes, of which the last one may lie half before the end.
  const std::int64_t start = internal::MinuteOf(request.start_time) * 60;
  const std::int64_t first = start - ((start % period) + period) % period;
  const std::int64_t end = internal::MinuteOf(request.end_time - absl::Nanoseconds(1)) * 60 + 60;
  if (absl::Status valid = CheckQuery(request, first, end); !valid.ok()) return valid;

  GetMetricStatisticsResponse response = {.label = request.metric_name};
  const Metric metric = Sorted({.metric_namespace = request.metric_namespace,
                                .metric_name = request.metric_name,
                                .dimensions = request.dimensions});
  table_->VisitMetric(metric, [&](const SeriesKey& key, const Series& series) {
    if (request.unit.value_or(key.unit) != key.unit) return;
    auto at = series.minutes.lower_bound(first / 60);
    while (at != series.minutes.end() && at->first < end / 60) {
      const std::int64_t begin = first + (at->first * 60 - first) / period * period;
      Distribution samples;
      for (; at != series.minutes.end() && at->first < std::min(begin + period, end) / 60; ++at)
        samples.Add(at->second);
      Datapoint point = PointOf(samples, request.statistics);
      point.timestamp = absl::FromUnixSeconds(begin);
      point.unit = key.unit;
      for (std::size_t i = 0; i < extended.size(); ++i) {
        const std::optional<double> value = extended[i].Of(samples);
        if (value.has_value()) point.extended_statistics[request.extended_statistics[i]] = *value;
      }
      response.datapoints.push_back(std::move(point));
    }
  });
  std::ranges::stable_sort(response.datapoints, {}, &Datapoint::timestamp);
  return response;
}

ListMetricsResponse Metrics::ListMetrics(const ListMetricsRequest& request) const {
  ListMetricsResponse response;
  table_->Visit([&](const SeriesKey& key, const Series& series) {
    if (series.minutes.empty() || !Matches(key.metric, request)) return;
    if (response.metrics.empty() || response.metrics.back() != key.metric)
      response.metrics.push_back(key.metric);
  });
  return response;
}

LatencyHistogram Metrics::LatencyOf(Operation operation,
                                    const std::optional<std::string>& stream_name,
                                    absl::Time start_time, absl::Time end_time) const {
  const ListMetricsRequest wanted = {
      .metric_name = std::string(OperationName(operation)) + ".Latency",
      .dimensions = stream_name.has_value()
                        ? std::vector<DimensionFilter>{{.name = "StreamName", .value = stream_name}}
                        : std::vector<DimensionFilter>{}};
  const std::int64_t first = internal::MinuteOf(start_time);
  const std::int64_t last = internal::MinuteOf(end_time - absl::Nanoseconds(1));
  LatencyHistogram latencies;
  table_->Visit([&](const SeriesKey& key, const Series& series) {
    // Others may have put metrics of the same name into other namespaces.
    if (series.latencies.count() == 0 || !Matches(key.metric, wanted)) return;
    const auto end = series.minutes.upper_bound(last);
    for (auto at = series.minutes.lower_bound(first); at != end; ++at)
      latencies.Merge(at->second.Latencies());
  });
  return latencies;
}

std::vector<MetricTotal> Metrics::Totals() const {
  std::vector<MetricTotal> totals;
  table_->Visit([&](const SeriesKey& key, const Series& series) {
    if (series.total.sample_count != 0)
      totals.push_back({.metric = key.metric,
                        .unit = key.unit,
                        .total = series.total,
                        .latencies = series.latencies});
  });
  return totals;
}

}  // namespace riacho
