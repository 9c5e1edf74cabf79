#include <algorithm>

#include "absl/strings/str_format.h"

#include "report/quantity.h"
#include "report/stream_figures.h"
#include "riacho/report/report.h"

namespace riacho {
namespace {

using internal::HighestOf;
using internal::kPlainNumbers;
using internal::PerSecond;
using internal::Quantity;
using internal::Show;
using internal::SumOf;

std::string Count(double value) { return Show(value, Quantity::kCount, kPlainNumbers); }
std::string Bytes(double value) { return Show(value, Quantity::kBytes, kPlainNumbers); }
std::string Millis(double value) { return Show(value, Quantity::kMillis, kPlainNumbers); }
std::string Latency(absl::Duration latency) { return Show(latency, kPlainNumbers); }

// What a name may have that a terminal would obey.
std::string Printable(std::string_view text) {
  std::string printable(text);
  std::ranges::replace_if(
      printable, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
  return printable;
}

void AppendTraffic(std::string& text, const Report& report, const ReportStream& stream) {
  absl::StrAppendFormat(&text, "  %-20s %14s %14s %14s\n", "", "total", "mean /s", "most /s");
  const double seconds = absl::ToDoubleSeconds(report.end_time - report.start_time);
  const auto line = [&](std::string_view name, const PeriodValues& values, auto show) {
    const double sum = SumOf(values);
    absl::StrAppendFormat(&text, "  %-20s %14s %14s %14s\n", name, show(sum), show(sum / seconds),
                          show(HighestOf(PerSecond(report, values))));
  };
  line("records in", stream.incoming_records, Count);
  line("bytes in", stream.incoming_bytes, Bytes);
  line("records out", stream.outgoing_records, Count);
  line("bytes out", stream.outgoing_bytes, Bytes);
  line("throttled records", stream.throttled_records, Count);
  line("throttled reads", stream.throttled_reads, Count);
}

void AppendLatencies(std::string& text, const ReportStream& stream) {
  if (stream.latencies.empty()) return;
  absl::StrAppendFormat(&text, "\n  %-20s %14s %14s %14s %14s\n", "latency", "calls", "p50", "p99",
                        "longest");
  for (const ReportLatency& latency : stream.latencies) {
    const LatencyHistogram& latencies = latency.latencies;
    absl::StrAppendFormat(&text, "  %-20s %14s %14s %14s %14s\n", OperationName(latency.operation),
                          Count(static_cast<double>(latencies.count())),
                          Latency(latencies.Percentile(50)), Latency(latencies.Percentile(99)),
                          Latency(latencies.maximum()));
  }
}

void AppendConsumers(std::string& text, const ReportStream& stream) {
  if (stream.consumers.empty()) return;
  absl::StrAppendFormat(&text, "\n  %-20s %14s %14s %14s %14s\n", "reader", "records", "bytes",
                        "behind at last", "at most");
  for (const ReportConsumer& consumer : stream.consumers) {
    double last = 0;
    for (const auto& value : consumer.millis_behind_latest) last = value.value_or(last);
    absl::StrAppendFormat(&text, "  %-20s %14s %14s %14s %14s\n", Printable(consumer.consumer_name),
                          Count(consumer.records), Bytes(consumer.bytes), Millis(last),
                          Millis(HighestOf(consumer.millis_behind_latest)));
  }
}

void AppendShards(std::string& text, const Report& report, const ReportStream& stream) {
  const auto when = [&report](absl::Time time) {
    return internal::ShowWithin(report.start_time, report.end_time, time);
  };
  if (stream.shards.empty()) return;
  absl::StrAppendFormat(&text, "\n  %-20s %16s %17s %17s %12s %10s %10s\n", "shard", "hash keys",
                        "opened", "closed", "records", "bytes", "throttled");
  const bool measured = internal::HasShardMetrics(stream);
  for (const ReportShard& shard : stream.shards) {
    const auto sum = [measured](const PeriodValues& values, auto show) {
      return measured ? show(SumOf(values)) : std::string("-");
    };
    absl::StrAppendFormat(
        &text, "  %-20s %16s %17s %17s %12s %10s %10s\n", shard.shard.shard_id.ToString(),
        internal::ShowHashKeys(shard.shard.hash_key_range), when(shard.opened),
        shard.closed.has_value() ? when(*shard.closed) : "-", sum(shard.incoming_records, Count),
        sum(shard.incoming_bytes, Bytes), sum(shard.throttled_records, Count));
  }
}

}  // namespace

std::string ReportText(const Report& report) {
  std::string text = absl::StrFormat("%s, %s UTC\n", Printable(report.title),
                                     internal::ShowSpan(report.start_time, report.end_time));
  for (const ReportStream& stream : report.streams) {
    const StreamDescriptionSummary& summary = stream.summary;
    absl::StrAppendFormat(&text, "\n%s: %s, %s, %d hours, %d open shards of %d\n\n",
                          Printable(summary.stream_name), StreamStatusName(summary.stream_status),
                          StreamModeName(summary.stream_mode_details.stream_mode),
                          summary.retention_period_hours, internal::OpenShards(stream),
                          stream.shards.size());
    AppendTraffic(text, report, stream);
    AppendLatencies(text, stream);
    AppendConsumers(text, stream);
    AppendShards(text, report, stream);
  }
  return text;
}

}  // namespace riacho
