// Metrics: what CloudWatch would show of a stream, alarms on it, latencies, and metrics for others
// to read.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "riacho/riacho.h"
#include "riacho/telemetry/embedded_metrics.h"
#include "riacho/telemetry/prometheus.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock, {.metrics = {.latency = true}});
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  const absl::Time start = clock.TimeNow();

  // [START ask]
  // Three minutes: 1, 2 and 3 records.
  for (int minute = 1; minute <= 3; ++minute) {
    for (int i = 0; i < minute; ++i) {
      OrDie(kinesis->PutRecord(
          {.stream_name = "orders", .data = "paid", .partition_key = "order-17"}));
    }
    clock.AdvanceTime(absl::Minutes(1));
  }
  const auto incoming =
      OrDie(engine.metrics().GetMetricStatistics({.metric_name = "IncomingRecords",
                                                  .dimensions = {{"StreamName", "orders"}},
                                                  .start_time = start,
                                                  .end_time = clock.TimeNow(),
                                                  .statistics = {riacho::Statistic::kSum}}));
  for (const riacho::Datapoint& point : incoming.datapoints) {
    std::cout << "Minute " << absl::ToInt64Minutes(point.timestamp - start) << ": " << *point.sum
              << " records\n";
  }
  // [END ask]

  // [START shards]
  // Of each shard, once it has been turned on.
  OrDie(kinesis->EnableEnhancedMonitoring(
      {.stream_name = "orders", .shard_level_metrics = {riacho::MetricsName::kIncomingBytes}}));
  OrDie(kinesis->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"}));
  for (const riacho::Metric& metric :
       engine.metrics().ListMetrics({.dimensions = {{.name = "ShardId"}}}).metrics) {
    std::cout << metric << "\n";
  }
  // [END shards]

  // [START alarm]
  // Tells when a reader has been more than a minute late in two of the last three minutes.
  const std::unique_ptr<riacho::Alarm> alarm = OrDie(riacho::Alarm::Create(
      engine.metrics(),
      {.alarm_name = "reader is late",
       .metric_name = "GetRecords.IteratorAgeMilliseconds",
       .dimensions = {{"StreamName", "orders"}},
       .statistic = riacho::Statistic::kMaximum,
       .evaluation_periods = 3,
       .datapoints_to_alarm = 2,
       .threshold = 60'000,
       .comparison_operator = riacho::ComparisonOperator::kGreaterThanThreshold},
      [](const riacho::AlarmStateChange& change) {
        std::cout << change.alarm_name << ": " << change.to << "\n";
      }));
  riacho::Schedule schedule;
  schedule.Add(*alarm);
  // [END alarm]
  const std::string iterator =
      OrDie(kinesis->GetShardIterator(
                {.stream_name = "orders",
                 .shard_id = "shardId-000000000000",
                 .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
          .shard_iterator;
  for (int minute = 0; minute < 3; ++minute) {
    OrDie(kinesis->GetRecords({.shard_iterator = iterator, .limit = 1}));
    clock.AdvanceTime(absl::Minutes(1));
    schedule.RunDue(clock.TimeNow());
  }

  // [START latency]
  // With MetricsOptions::latency, by the engine's clock: this one stands still during a call.
  const riacho::LatencyHistogram puts =
      engine.metrics().LatencyOf(riacho::Operation::kPutRecord, "orders", start);
  std::cout << puts.count() << " puts, p99 " << puts.Percentile(99) << "\n";
  // [END latency]

  // [START embedded]
  std::cout << OrDie(
      riacho::ToEmbeddedMetricFormat(engine.metrics(), start, start + absl::Minutes(1)));

  // And back, from the log of somebody's function.
  const auto logged = OrDie(riacho::ParseEmbeddedMetricFormat(
      R"({"_aws": {"Timestamp": 1767225600000, "CloudWatchMetrics": [{"Namespace": "Shop",)"
      R"("Dimensions": [["Till"]], "Metrics": [{"Name": "Price", "Unit": "None"}]}]},)"
      R"("Till": "7", "Price": [12.5, 3]})"));
  for (const riacho::PutMetricDataRequest& request : logged.requests) {
    const absl::Status counted = engine.metrics().PutMetricData(request, clock.TimeNow());
    if (!counted.ok()) std::cout << riacho::ErrorMessage(counted) << "\n";
  }
  // [END embedded]

  // [START prometheus]
  std::cout << riacho::ToPrometheusText(engine.metrics());
  // [END prometheus]
}
