#include "riacho/report/report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

constexpr std::size_t kMostPeriods = 180;
constexpr std::string_view kByIterator = "GetRecords";

// The shortest that are not too many. Periods begin at the multiples of their length.
std::optional<absl::Duration> PeriodFor(absl::Time start, absl::Time end) {
  for (const int minutes : {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440}) {
    const absl::Duration period = absl::Minutes(minutes);
    const absl::Time first = absl::UnixEpoch() + absl::Floor(start - absl::UnixEpoch(), period);
    if (end - first <= period * static_cast<int>(kMostPeriods)) return period;
  }
  return std::nullopt;
}

// Asks for one report's time and periods.
class Questions {
 public:
  Questions(const Metrics& metrics, const Report& report) : metrics_(metrics), report_(report) {}

  PeriodValues Ask(const std::string& name, std::vector<Dimension> dimensions,
                   Statistic statistic) const {
    PeriodValues values(report_.periods());
    const auto response =
        metrics_.GetMetricStatistics({.metric_name = name,
                                      .dimensions = std::move(dimensions),
                                      .start_time = report_.start_time,
                                      .end_time = report_.end_time,
                                      .period = absl::ToInt64Seconds(report_.period),
                                      .statistics = {statistic}});
    if (!response.ok()) return values;
    for (const Datapoint& point : response->datapoints) {
      const auto place =
          static_cast<std::size_t>((point.timestamp - report_.start_time) / report_.period);
      values[place] = statistic == Statistic::kSum ? point.sum : point.maximum;
    }
    return values;
  }

  // Of all series of the stream together: those of SubscribeToShard have a consumer, too.
  ReportLatency AskLatency(Operation operation, const std::string& stream) const {
    ReportLatency latency = {.operation = operation,
                             .p50_millis = PeriodValues(report_.periods()),
                             .p99_millis = PeriodValues(report_.periods())};
    for (std::size_t i = 0; i < report_.periods(); ++i) {
      const LatencyHistogram of_period =
          metrics_.LatencyOf(operation, stream, report_.PeriodStart(i),
                             report_.PeriodStart(i) + report_.PeriodLength(i));
      if (of_period.count() == 0) continue;
      latency.latencies.Merge(of_period);
      latency.p50_millis[i] = absl::ToDoubleMilliseconds(of_period.Percentile(50));
      latency.p99_millis[i] = absl::ToDoubleMilliseconds(of_period.Percentile(99));
    }
    return latency;
  }

 private:
  const Metrics& metrics_;
  const Report& report_;
};

void AddTo(PeriodValues& total, const PeriodValues& part) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i].has_value()) total[i] = total[i].value_or(0) + *part[i];
  }
}

double SumOf(const PeriodValues& values) {
  double sum = 0;
  for (const std::optional<double>& value : values) sum += value.value_or(0);
  return sum;
}

bool IsEmpty(const PeriodValues& values) {
  return std::ranges::none_of(values, [](const auto& value) { return value.has_value(); });
}

absl::StatusOr<std::vector<std::string>> StreamNames(Client& client) {
  std::vector<std::string> names;
  std::optional<std::string> next_token;
  do {
    const auto page = client.ListStreams({.next_token = std::exchange(next_token, {})});
    RIACHO_RETURN_IF_ERROR(page.status());
    names.insert(names.end(), page->stream_names.begin(), page->stream_names.end());
    next_token = page->next_token;
  } while (next_token.has_value());
  return names;
}

// The first shards are as old as the stream; the others say in their numbers when they were opened.
absl::StatusOr<std::vector<ReportShard>> ShardsOf(Client& client, const std::string& stream,
                                                  absl::Time created) {
  std::vector<ReportShard> shards;
  ListShardsRequest request = {.stream_name = stream};
  while (true) {
    const auto page = client.ListShards(request);
    RIACHO_RETURN_IF_ERROR(page.status());
    for (const Shard& shard : page->shards) {
      const auto fields = shard.parent_shard_id.has_value()
                              ? shard.sequence_number_range.starting_sequence_number.Decode()
                              : std::nullopt;
      shards.push_back({.shard = shard,
                        .opened = fields.has_value()
                                      ? absl::FromUnixSeconds(fields->shard_create_seconds)
                                      : created});
    }
    if (!page->next_token.has_value()) break;
    request = {.next_token = page->next_token};
  }
  std::map<ShardId, absl::Time> closed;
  for (const ReportShard& child : shards) {
    for (const auto& parent : {child.shard.parent_shard_id, child.shard.adjacent_parent_shard_id}) {
      if (parent.has_value()) closed.try_emplace(*parent, child.opened);
    }
  }
  for (ReportShard& shard : shards) {
    const auto at = closed.find(shard.shard.shard_id);
    if (at != closed.end() && shard.shard.sequence_number_range.ending_sequence_number.has_value())
      shard.closed = at->second;
  }
  return shards;
}

std::vector<ReportConsumer> ConsumersOf(const Metrics& metrics, const Questions& questions,
                                        const Dimension& stream, ReportStream& report) {
  std::vector<ReportConsumer> consumers;
  const auto add = [&](ReportConsumer consumer, const std::string& prefix,
                       const std::vector<Dimension>& dimensions) {
    if (IsEmpty(consumer.millis_behind_latest)) return;
    const PeriodValues records = questions.Ask(prefix + ".Records", dimensions, Statistic::kSum);
    const PeriodValues bytes = questions.Ask(prefix + ".Bytes", dimensions, Statistic::kSum);
    consumer.records = SumOf(records);
    consumer.bytes = SumOf(bytes);
    AddTo(report.outgoing_records, records);
    AddTo(report.outgoing_bytes, bytes);
    consumers.push_back(std::move(consumer));
  };
  add({.consumer_name = std::string(kByIterator),
       .millis_behind_latest =
           questions.Ask("GetRecords.IteratorAgeMilliseconds", {stream}, Statistic::kMaximum)},
      "GetRecords", {stream});
  const std::string behind = "SubscribeToShardEvent.MillisBehindLatest";
  const ListMetricsResponse listed =
      metrics.ListMetrics({.metric_namespace = std::string(kKinesisMetrics),
                           .metric_name = behind,
                           .dimensions = {{.name = stream.name, .value = stream.value}}});
  for (const Metric& metric : listed.metrics) {
    const auto name = std::ranges::find(metric.dimensions, "ConsumerName", &Dimension::name);
    add({.consumer_name = name == metric.dimensions.end() ? std::string() : name->value,
         .millis_behind_latest = questions.Ask(behind, metric.dimensions, Statistic::kMaximum)},
        "SubscribeToShardEvent", metric.dimensions);
  }
  return consumers;
}

absl::StatusOr<ReportStream> MakeStream(Client& client, const Metrics& metrics,
                                        const Report& report, const std::string& name) {
  const auto described = client.DescribeStreamSummary({.stream_name = name});
  RIACHO_RETURN_IF_ERROR(described.status());
  ReportStream stream = {.summary = described->stream_description_summary,
                         .outgoing_records = PeriodValues(report.periods()),
                         .outgoing_bytes = PeriodValues(report.periods())};
  const Questions questions(metrics, report);
  const Dimension dimension = {"StreamName", name};
  const auto sum_of = [&](const std::string& metric) {
    return questions.Ask(metric, {dimension}, Statistic::kSum);
  };
  stream.incoming_records = sum_of("IncomingRecords");
  stream.incoming_bytes = sum_of("IncomingBytes");
  stream.throttled_records = sum_of("WriteProvisionedThroughputExceeded");
  stream.throttled_reads = sum_of("ReadProvisionedThroughputExceeded");
  stream.consumers = ConsumersOf(metrics, questions, dimension, stream);
  for (const Operation operation : {Operation::kPutRecord, Operation::kPutRecords,
                                    Operation::kGetRecords, Operation::kSubscribeToShard}) {
    ReportLatency latency = questions.AskLatency(operation, name);
    if (latency.latencies.count() != 0) stream.latencies.push_back(std::move(latency));
  }
  auto shards = ShardsOf(client, name, stream.summary.stream_creation_timestamp);
  RIACHO_RETURN_IF_ERROR(shards.status());
  for (ReportShard& shard : *shards) {
    const Dimension id = {"ShardId", shard.shard.shard_id.ToString()};
    const auto sum_of_shard = [&](const std::string& metric) {
      return questions.Ask(metric, {id, dimension}, Statistic::kSum);
    };
    shard.incoming_records = sum_of_shard("IncomingRecords");
    shard.incoming_bytes = sum_of_shard("IncomingBytes");
    shard.throttled_records = sum_of_shard("WriteProvisionedThroughputExceeded");
  }
  stream.shards = *std::move(shards);
  return stream;
}

}  // namespace

std::size_t Report::periods() const {
  return static_cast<std::size_t>(absl::Ceil(end_time - start_time, period) / period);
}

absl::Time Report::PeriodStart(std::size_t place) const {
  return start_time + period * static_cast<int>(place);
}

absl::Duration Report::PeriodLength(std::size_t place) const {
  return std::min(period, end_time - PeriodStart(place));
}

absl::StatusOr<Report> MakeReport(Client& client, const Metrics& metrics,
                                  const ReportOptions& options) {
  const auto invalid = [&](const std::string& why) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "A report from " + absl::FormatTime(options.start_time, absl::UTCTimeZone()) +
                         " to " + absl::FormatTime(options.end_time, absl::UTCTimeZone()) + why);
  };
  if (!(options.start_time < options.end_time)) return invalid(" does not end after it begins.");
  // Metrics are counted by the minute: the last one is in the report as a whole or not at all.
  const absl::Time end_time =
      absl::UnixEpoch() + absl::Ceil(options.end_time - absl::UnixEpoch(), absl::Minutes(1));
  const std::optional<absl::Duration> period = PeriodFor(options.start_time, end_time);
  if (!period.has_value()) return invalid(" is longer than 180 days.");
  Report report = {.title = options.title,
                   .start_time = absl::UnixEpoch() +
                                 absl::Floor(options.start_time - absl::UnixEpoch(), *period),
                   .end_time = end_time,
                   .period = *period};
  std::vector<std::string> names = options.stream_names;
  if (names.empty()) {
    auto all = StreamNames(client);
    RIACHO_RETURN_IF_ERROR(all.status());
    names = *std::move(all);
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    auto stream = MakeStream(client, metrics, report, name);
    RIACHO_RETURN_IF_ERROR(stream.status());
    report.streams.push_back(*std::move(stream));
  }
  return report;
}

}  // namespace riacho
