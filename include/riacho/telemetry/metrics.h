// Metrics: what was counted, minute by minute, and the questions one asks of it.
//
//   const auto written = engine.metrics().GetMetricStatistics(
//       {.metric_name = "IncomingBytes",
//        .dimensions = {{"StreamName", "orders"}},
//        .start_time = clock.TimeNow() - absl::Hours(1),
//        .end_time = clock.TimeNow(),
//        .period = 300,
//        .statistics = {riacho::Statistic::kSum}});
//   for (const riacho::Datapoint& point : written->datapoints) Plot(point.timestamp, *point.sum);
//
// Operations, members and rules are those of Amazon CloudWatch. An engine counts the metrics of
// AWS/Kinesis into its own (Engine::metrics); others may be put beside them. What a metric means,
// and where Riacho chose: docs/guide/metrics.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/model/operation.h"
#include "riacho/telemetry/latency_histogram.h"
#include "riacho/telemetry/metric.h"

namespace riacho {

namespace internal {
class MetricTable;
}  // namespace internal

struct MetricsOptions {
  // Whether an engine counts its calls at all.
  bool enabled = true;
  // Whether an engine reads its clock a second time at the end of each call, for the metrics
  // *.Latency. Without it these have no data points.
  bool latency = false;
  // What is older than this, as seen from the newest minute that has anything, is forgotten.
  absl::Duration retention = absl::Hours(24 * 15);
  // The most data points that are kept: one for each metric and minute that has samples, of about
  // 150 bytes, and 16 for each different value if more than one is known. Beyond, the oldest
  // minutes are forgotten.
  std::int64_t most_datapoints = 200'000;
};

// Samples in sum.
struct StatisticSet {
  double sample_count = 0;
  double sum = 0;
  double minimum = 0;
  double maximum = 0;

  friend bool operator==(const StatisticSet&, const StatisticSet&) = default;
  friend std::ostream& operator<<(std::ostream& out, const StatisticSet& set);
};

// What is to be counted, in one of three forms: `value`; `statistic_values`; or `values`, each as
// often as `counts` says at its place, once if `counts` is empty.
struct MetricDatum {
  std::string metric_name = {};
  std::vector<Dimension> dimensions = {};
  std::optional<absl::Time> timestamp = {};  // now, if absent
  std::optional<double> value = {};
  std::optional<StatisticSet> statistic_values = {};
  std::vector<double> values = {};
  std::vector<double> counts = {};
  StandardUnit unit = StandardUnit::kNone;
};

struct PutMetricDataRequest {
  std::string metric_namespace = {};
  std::vector<MetricDatum> metric_data = {};
};

enum class Statistic : unsigned char { kSampleCount, kAverage, kSum, kMinimum, kMaximum };

struct GetMetricStatisticsRequest {
  std::string metric_namespace = std::string(kKinesisMetrics);
  std::string metric_name = {};
  std::vector<Dimension> dimensions = {};
  absl::Time start_time = absl::UnixEpoch();
  absl::Time end_time = absl::UnixEpoch();  // not included
  std::int64_t period = 60;                 // seconds, a multiple of 60
  // One of these two. Extended ones are "p99.9", "tm95", "TM(5%:95%)", "IQM", "wm90", "PR(:100)",
  // "TC(1:3)", "ts90" and their like.
  std::vector<Statistic> statistics = {};
  std::vector<std::string> extended_statistics = {};
  std::optional<StandardUnit> unit = {};  // any, if absent
};

struct Datapoint {
  absl::Time timestamp = absl::UnixEpoch();  // where its period begins
  std::optional<double> sample_count = {};
  std::optional<double> average = {};
  std::optional<double> sum = {};
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  // Those that can be told: a percentile needs the samples themselves, or that all are equal.
  std::map<std::string, double> extended_statistics = {};
  StandardUnit unit = StandardUnit::kNone;
};

struct GetMetricStatisticsResponse {
  std::string label = {};                  // the metric's name
  std::vector<Datapoint> datapoints = {};  // ascending time, then unit; periods without samples
                                           // have none
};

// A filter: metrics that have such a dimension, with this value if there is one.
struct DimensionFilter {
  std::string name = {};
  std::optional<std::string> value = {};
};

struct ListMetricsRequest {
  std::optional<std::string> metric_namespace = {};
  std::optional<std::string> metric_name = {};
  std::vector<DimensionFilter> dimensions = {};
};

struct ListMetricsResponse {
  std::vector<Metric> metrics = {};  // ascending
};

// All samples of a metric since it began, whatever has been forgotten since.
struct MetricTotal {
  Metric metric = {};
  StandardUnit unit = StandardUnit::kNone;
  StatisticSet total = {};
  LatencyHistogram latencies = {};  // of an engine's *.Latency; else empty
};

// Thread-safe; takes a mutex. What an engine counts does not wait for it. A count belongs to the
// minute of its call; a call that returned before a question is asked is in the answer. Told the
// time by its callers.
class Metrics {
 public:
  explicit Metrics(MetricsOptions options = {});
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  // Counts all data, or none.
  //
  // Limits: 1 to 1,000 data, with up to 150 values each; values within +-2^360; timestamps from two
  // weeks before `now` to two hours after it.
  // Errors: kInvalidArgument, also for the namespace "Riacho" and those that begin with "AWS/".
  // Source: Amazon CloudWatch API Reference, PutMetricData.
  absl::Status PutMetricData(const PutMetricDataRequest& request, absl::Time now);

  // What was counted from the start of the period that holds `start_time` on and before `end_time`,
  // by period. Periods begin at the multiples of their length since the Unix epoch. A metric
  // without samples answers no data points.
  //
  // Limits: 1,440 periods; period up to 86,400 seconds.
  // Errors: kInvalidArgument.
  // Source: Amazon CloudWatch API Reference, GetMetricStatistics.
  absl::StatusOr<GetMetricStatisticsResponse> GetMetricStatistics(
      const GetMetricStatisticsRequest& request) const;

  // The metrics that have data points, all in one page.
  // Source: Amazon CloudWatch API Reference, ListMetrics.
  ListMetricsResponse ListMetrics(const ListMetricsRequest& request = {}) const;

  // How long the calls of an operation took that began from the minute of `start_time` on and
  // before `end_time`, as far as minutes are kept: of all streams, or of one. Only PutRecord,
  // PutRecords, GetRecords and SubscribeToShard are counted by stream, when they count as calls;
  // the others when they have been admitted. Empty without MetricsOptions::latency.
  LatencyHistogram LatencyOf(Operation operation,
                             const std::optional<std::string>& stream_name = {},
                             absl::Time start_time = absl::InfinitePast(),
                             absl::Time end_time = absl::InfiniteFuture()) const;

  // For those who export: ascending by metric, then unit.
  std::vector<MetricTotal> Totals() const;

  // Where meters report to. Of no use outside of Riacho.
  const std::shared_ptr<internal::MetricTable>& table() const { return table_; }

 private:
  const std::shared_ptr<internal::MetricTable> table_;
};

}  // namespace riacho
