// Metrics as lines of a log, in the Embedded Metric Format of Amazon CloudWatch: out, for whoever
// ships logs, and back in, from the logs of functions.
//
//   std::cout << *riacho::ToEmbeddedMetricFormat(engine.metrics(), start, clock.TimeNow());
//
//   for (const riacho::PutMetricDataRequest& request :
//        riacho::ParseEmbeddedMetricFormat(line)->requests) {
//     metrics.PutMetricData(request, now);
//   }
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/telemetry/metrics.h"

namespace riacho {

// What was counted from the start of the minute that holds `start_time` on and before `end_time`:
// one JSON object on each line, ascending by namespace, dimensions and minute, every line ended.
// Empty when nothing was counted.
//
// Shapes: an object has the metrics of one namespace, one set of dimensions and one minute, whose
// start is its Timestamp. A metric is a number when it has one sample; an array of numbers when all
// its samples, up to 100, are known exactly; else what the service's own agents write: an object of
// Max, Min, Count and Sum, with Values and Counts where they are known (within 1.6 %). Of more than
// 100 different values the rest stands in further objects of the same minute, as does a metric of
// the same name in another unit. A metric that is named like one of its own dimensions, or "_aws",
// has no place in the format and is left out.
// What an engine counts is in the namespaces "AWS/Kinesis" and "Riacho", which PutMetricData
// refuses: to read it into a Metrics again, give the requests a namespace of your own.
// Limits: 100 metrics and 256 KiB for an object.
// Errors: kInvalidArgument when `start_time` is not before `end_time`.
// Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
absl::StatusOr<std::string> ToEmbeddedMetricFormat(const Metrics& metrics, absl::Time start_time,
                                                   absl::Time end_time);

// The most values that a line may ask to be counted. A directive asks, for each of its sets of
// dimensions and each metric, for as many as the metric has samples and the set has keys.
inline constexpr std::size_t kMostEmbeddedValues = 100'000;

// What a line of a log wants to be counted.
struct EmbeddedMetrics {
  // For each directive that is valid, and each of its sets of dimensions: what PutMetricData takes,
  // in their order, with the time of the line. An empty array and an object with a Count of 0 are
  // no samples.
  std::vector<PutMetricDataRequest> requests = {};
  // For each directive that is not, why: kInvalidArgument. Nothing of it is counted.
  std::vector<absl::Status> invalid_directives = {};
};

// Reads one object of a log; its other members are the log's own affair.
//
// Limits: 1 MiB of text. A directive has a Namespace of 1 to 1024 characters, one set of dimensions
// at least with up to 30 keys each, and up to 100 metrics, whose names have up to 1024 characters.
// A key means a member at the top: a string of up to 1024 characters for a dimension, a number or
// up to 100 numbers for a metric, or the object that ToEmbeddedMetricFormat writes. Units are
// CloudWatch's, StorageResolution is 1 or 60 and counts by the minute in either case. The valid
// directives of a line come to kMostEmbeddedValues together; one that goes beyond is invalid.
// Errors: kInvalidArgument, for what is no JSON object with a Timestamp and a list of directives in
// `_aws`: a line of the log that is not about metrics.
// Source: as above.
absl::StatusOr<EmbeddedMetrics> ParseEmbeddedMetricFormat(std::string_view text);

}  // namespace riacho
