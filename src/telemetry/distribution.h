// The samples that a metric had in a span of time: their statistics, and as far as they are known
// the samples themselves.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "riacho/telemetry/latency_histogram.h"
#include "riacho/telemetry/metrics.h"

namespace riacho::internal {

// Values are kept with seven significant bits: whole numbers up to 128 exactly, others rounded
// down, by less than 1.6 %; latencies as the middle of their bucket. The statistics are exact.
class Distribution {
 public:
  // A value and how often it occurred, ascending.
  using Values = std::vector<std::pair<double, double>>;

  void Add(double value, double count = 1);
  // Samples in sum: what they were is known only if all are equal.
  void Add(const StatisticSet& set);
  void Add(const LatencyHistogram& latencies);  // in milliseconds
  void Add(const Distribution& other);

  // What latencies were added, with their sum, minimum and maximum: empty if something else was.
  LatencyHistogram Latencies() const;

  const StatisticSet& statistics() const { return statistics_; }
  // None when it is not known of every sample, or a sample is negative.
  const Values* values() const;

 private:
  void Count(double value, double count);
  void AddStatistics(const StatisticSet& set);

  StatisticSet statistics_;
  Values values_;
  bool complete_ = true;
};

void AddTo(StatisticSet& total, const StatisticSet& part);

// A statistic by its name in CloudWatch, such as "p99.9", "tm95" or "PR(:100)".
class ExtendedStatistic {
 public:
  static std::optional<ExtendedStatistic> Parse(std::string_view text);

  // Nothing when it cannot be told, or no sample is within the bounds.
  std::optional<double> Of(const Distribution& distribution) const;

  // Of "p99.9" 99.9; nothing for others.
  std::optional<double> percentile() const {
    return kind_ == Kind::kPercentile ? high_ : std::nullopt;
  }

 private:
  enum class Kind : unsigned char {
    kPercentile,
    kTrimmedMean,
    kWinsorizedMean,
    kPercentileRank,
    kTrimmedCount,
    kTrimmedSum,
  };

  static std::optional<Kind> KindOf(std::string_view name);
  bool ReadBounds(std::string_view text);
  Distribution::Values Kept(const Distribution::Values& values, double count) const;

  Kind kind_ = Kind::kPercentile;
  bool percent_ = true;  // the bounds are shares of the samples, not values
  std::optional<double> low_;
  std::optional<double> high_;
};

}  // namespace riacho::internal
