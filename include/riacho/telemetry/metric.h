// What a metric is called: a namespace, a name and a set of dimensions, as in Amazon CloudWatch.
//
//   const riacho::Metric metric = {.metric_namespace = "AWS/Kinesis",
//                                  .metric_name = "IncomingBytes",
//                                  .dimensions = {{"StreamName", "orders"}}};
#pragma once

#include <compare>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace riacho {

// Where the engine's own metrics are.
inline constexpr std::string_view kKinesisMetrics = "AWS/Kinesis";
// Where those are that the service does not have: the latencies of operations that are not on
// records, such as CreateStream.Latency, without dimensions.
inline constexpr std::string_view kRiachoMetrics = "Riacho";

struct Dimension {
  std::string name = {};
  std::string value = {};

  friend auto operator<=>(const Dimension&, const Dimension&) = default;
};

// Two are the same when their dimensions are the same set. A metric with dimensions is found under
// all of them only, never under some.
struct Metric {
  std::string metric_namespace = {};
  std::string metric_name = {};
  std::vector<Dimension> dimensions = {};

  friend auto operator<=>(const Metric&, const Metric&) = default;
};
// "AWS/Kinesis IncomingBytes{StreamName=orders}"
std::ostream& operator<<(std::ostream& out, const Metric& metric);

// Samples of one metric in different units are kept apart; nothing is ever converted.
enum class StandardUnit : unsigned char {
  kSeconds,
  kMicroseconds,
  kMilliseconds,
  kBytes,
  kKilobytes,
  kMegabytes,
  kGigabytes,
  kTerabytes,
  kBits,
  kKilobits,
  kMegabits,
  kGigabits,
  kTerabits,
  kPercent,
  kCount,
  kBytesPerSecond,
  kKilobytesPerSecond,
  kMegabytesPerSecond,
  kGigabytesPerSecond,
  kTerabytesPerSecond,
  kBitsPerSecond,
  kKilobitsPerSecond,
  kMegabitsPerSecond,
  kGigabitsPerSecond,
  kTerabitsPerSecond,
  kCountPerSecond,
  kNone,
};

// CloudWatch's name, such as "Bytes/Second". Valid for the life of the program.
std::string_view StandardUnitName(StandardUnit unit);
// The unit whose StandardUnitName is `name`; empty for any other text.
std::optional<StandardUnit> ParseStandardUnit(std::string_view name);
std::ostream& operator<<(std::ostream& out, StandardUnit unit);

// Whether CloudWatch would take the name: kInvalidArgument that says which part it would not.
//
// Limits: namespace 1 to 255 of 0-9 A-Z a-z . - _ / # :, not beginning with ":"; name 1 to 255
// bytes; at most 30 dimensions with different names of 1 to 255 and values of 1 to 1024 ASCII
// characters, neither blank, names not beginning with ":".
// Source: Amazon CloudWatch API Reference, MetricDatum and Dimension.
absl::Status CheckMetric(const Metric& metric);

}  // namespace riacho
