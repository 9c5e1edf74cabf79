// What happened on the streams of an account, for people to look at: as text for a terminal, or as
// a page for a browser.
//
//   const auto report = riacho::MakeReport(*kinesis, engine.metrics(),
//                                          {.start_time = start, .end_time = clock.TimeNow()});
//   std::cout << riacho::ReportText(*report);
//   std::ofstream("report.html") << riacho::ReportPage(*report);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/client.h"
#include "riacho/model/operation.h"
#include "riacho/model/shard.h"
#include "riacho/model/stream_description.h"
#include "riacho/telemetry/latency_histogram.h"
#include "riacho/telemetry/metrics.h"

namespace riacho {

struct ReportOptions {
  std::string title = "Streams";
  absl::Time start_time = absl::UnixEpoch();
  absl::Time end_time = absl::UnixEpoch();     // not included; rounded up to a whole minute
  std::vector<std::string> stream_names = {};  // all there are, if empty
};

// For each period of the report, or nothing where there were no samples.
using PeriodValues = std::vector<std::optional<double>>;

struct ReportShard {
  Shard shard = {};
  absl::Time opened = absl::UnixEpoch();  // whole seconds
  std::optional<absl::Time> closed = {};  // when its children were opened
  // Sums, of shard-level metrics: without samples where these were not turned on.
  PeriodValues incoming_records = {};
  PeriodValues incoming_bytes = {};
  PeriodValues throttled_records = {};
};

struct ReportConsumer {
  std::string consumer_name = {};  // "GetRecords" for all that read by iterator
  double records = 0;
  double bytes = 0;
  PeriodValues millis_behind_latest = {};  // the most in each period
};

struct ReportLatency {
  Operation operation = Operation::kPutRecord;
  LatencyHistogram latencies = {};
  PeriodValues p50_millis = {};
  PeriodValues p99_millis = {};
};

struct ReportStream {
  StreamDescriptionSummary summary = {};
  // Sums. Incoming is what was stored, outgoing what all readers were given.
  PeriodValues incoming_records = {};
  PeriodValues incoming_bytes = {};
  PeriodValues outgoing_records = {};
  PeriodValues outgoing_bytes = {};
  PeriodValues throttled_records = {};         // writes
  PeriodValues throttled_reads = {};           // calls of GetRecords
  std::vector<ReportConsumer> consumers = {};  // that read, ascending by name, GetRecords first
  std::vector<ReportLatency> latencies = {};   // with samples; MetricsOptions::latency
  std::vector<ReportShard> shards = {};        // that are listed, ascending by id
};

// Values: what MakeReport has found.
struct Report {
  std::string title = {};
  absl::Time start_time = absl::UnixEpoch();  // where the first period begins
  absl::Time end_time = absl::UnixEpoch();    // where the last minute ends
  absl::Duration period = absl::Minutes(1);
  std::vector<ReportStream> streams = {};  // ascending by name

  std::size_t periods() const;
  absl::Time PeriodStart(std::size_t period) const;
  // How much of it lies before the end.
  absl::Duration PeriodLength(std::size_t period) const;
};

// Asks `client` what streams there are, and `metrics` what was counted of them. Periods are as
// short as they can be without there being more than 180 of them: a minute at least, a day at most.
//
// Limits: up to 180 days.
// Errors: kInvalidArgument for a time that does not end after it begins, or is too long; whatever
//         ListStreams, DescribeStreamSummary and ListShards answer.
absl::StatusOr<Report> MakeReport(Client& client, const Metrics& metrics,
                                  const ReportOptions& options);

// A few lines for each stream, in ASCII but for the names: what went in and out, was throttled,
// how long calls took, how late readers were, and all shards. Every line ends.
std::string ReportText(const Report& report);

// A page of HTML that needs nothing but itself: figures, plots over time, the tree of shards with
// their load, and the numbers as tables. It is light or dark as the reader's browser is, and fits
// from 360 pixels on. Names come out as text, whatever they are.
std::string ReportPage(const Report& report);

}  // namespace riacho
