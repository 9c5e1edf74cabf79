#include <algorithm>

#include "absl/strings/str_cat.h"

#include "report/page_style.h"
#include "report/plot.h"
#include "report/quantity.h"
#include "report/stream_figures.h"
#include "riacho/report/report.h"

namespace riacho {
namespace {

using internal::Escape;
using internal::HighestOf;
using internal::kPageNumbers;
using internal::PerSecond;
using internal::Plot;
using internal::PlotFigure;
using internal::Quantity;
using internal::Show;
using internal::SumOf;
using internal::WithZeros;

// Of readers and of shards, the page shows so many.
constexpr std::size_t kMostReaders = 8;
constexpr std::size_t kMostShards = 12;

std::string Count(double value) { return Show(value, Quantity::kCount, kPageNumbers); }
std::string Bytes(double value) { return Show(value, Quantity::kBytes, kPageNumbers); }

struct Tile {
  std::string name;
  std::string value;
  std::string note;
  bool bad = false;
};

const ReportConsumer* LatestReader(const ReportStream& stream) {
  const auto latest = std::ranges::max_element(stream.consumers, {}, [](const auto& consumer) {
    return HighestOf(consumer.millis_behind_latest);
  });
  return latest == stream.consumers.end() ? nullptr : &*latest;
}

std::vector<Tile> TilesOf(const Report& report, const ReportStream& stream) {
  const auto most = [&](const PeriodValues& values, auto show) {
    return absl::StrCat("at most ", show(HighestOf(PerSecond(report, values))), "/s");
  };
  const double throttled = SumOf(stream.throttled_records);
  std::vector<Tile> tiles = {
      {"Records in", Count(SumOf(stream.incoming_records)), most(stream.incoming_records, Count)},
      {"Bytes in", Bytes(SumOf(stream.incoming_bytes)), most(stream.incoming_bytes, Bytes)},
      {"Records out", Count(SumOf(stream.outgoing_records)), most(stream.outgoing_records, Count)},
      {"Records throttled", Count(throttled),
       absl::StrCat(Count(internal::ThrottledPercent(stream)), "\u202f% of those put"),
       throttled > 0}};
  if (const ReportConsumer* const reader = LatestReader(stream); reader != nullptr) {
    tiles.push_back({"Most behind",
                     Show(HighestOf(reader->millis_behind_latest), Quantity::kMillis, kPageNumbers),
                     reader->consumer_name});
  }
  for (const ReportLatency& latency : stream.latencies) {
    if (latency.latencies.maximum() == absl::ZeroDuration()) continue;  // on a clock that stood
    tiles.push_back({std::string(OperationName(latency.operation)) + " p99",
                     Show(latency.latencies.Percentile(99), kPageNumbers),
                     absl::StrCat("p50 ", Show(latency.latencies.Percentile(50), kPageNumbers))});
    if (tiles.size() == 6) break;
  }
  tiles.push_back({"Open shards", Count(static_cast<double>(internal::OpenShards(stream))),
                   absl::StrCat("of ", stream.shards.size(), " listed")});
  return tiles;
}

std::string Tiles(const std::vector<Tile>& tiles) {
  std::string html = "<dl class=\"tiles\">";
  for (const Tile& tile : tiles) {
    absl::StrAppend(&html, "<div", tile.bad ? " class=\"bad\"" : "", "><dt>", Escape(tile.name),
                    "</dt><dd><b>", Escape(tile.value), "</b><span>", Escape(tile.note),
                    "</span></dd></div>");
  }
  return html + "</dl>";
}

Plot ReadersPlot(const ReportStream& stream) {
  Plot plot = {.title = "Behind the latest record",
               .quantity = Quantity::kMillis,
               .when_empty = "No reader was behind."};
  std::vector<const ReportConsumer*> readers;
  for (const ReportConsumer& consumer : stream.consumers) readers.push_back(&consumer);
  if (readers.size() > kMostReaders) {
    std::ranges::stable_sort(readers, [](const auto* a, const auto* b) {
      return HighestOf(a->millis_behind_latest) > HighestOf(b->millis_behind_latest);
    });
    const std::size_t others = readers.size() - kMostReaders;
    plot.note =
        absl::StrCat(others, others == 1 ? " more reader is" : " more readers are", " not shown.");
    readers.resize(kMostReaders);
  }
  constexpr int kColors[] = {4, 1, 3, 2};
  for (std::size_t i = 0; i < readers.size(); ++i) {
    plot.lines.push_back({.label = readers[i]->consumer_name,
                          .values = readers[i]->millis_behind_latest,
                          .color = kColors[i % 4],
                          .dash = static_cast<int>((i + i / 4) % 4)});
  }
  return plot;
}

std::string Plots(const Report& report, const ReportStream& stream) {
  const auto traffic = [&](std::string title, Quantity quantity, const PeriodValues& in,
                           const PeriodValues& out) {
    return Plot{
        .title = std::move(title),
        .quantity = quantity,
        .lines = {{.label = "In", .values = PerSecond(report, in), .filled = true},
                  {.label = "Out", .values = PerSecond(report, out), .color = 3, .dash = 1}},
        .when_empty = "Nothing was put or read."};
  };
  std::string html = "<div class=\"plots\">";
  html += PlotFigure(report, traffic("Records per second", Quantity::kCount,
                                     stream.incoming_records, stream.outgoing_records));
  html += PlotFigure(report, traffic("Bytes per second", Quantity::kBytes, stream.incoming_bytes,
                                     stream.outgoing_bytes));
  html += PlotFigure(
      report,
      {.title = absl::StrCat("Throttled per ", internal::ShowPeriod(report.period, kPageNumbers)),
       .bars = true,
       .lines = {{.label = "Records put",
                  .values = WithZeros(stream.throttled_records),
                  .color = 2},
                 {.label = "Calls of GetRecords",
                  .values = WithZeros(stream.throttled_reads),
                  .color = 4}},
       .when_empty = "Nothing was throttled."});
  html += PlotFigure(report, ReadersPlot(stream));
  for (const ReportLatency& latency : stream.latencies) {
    if (HighestOf(latency.p99_millis) == 0) continue;
    html += PlotFigure(
        report, {.title = std::string(OperationName(latency.operation)) + " latency",
                 .quantity = Quantity::kMillis,
                 .lines = {{.label = "p50", .values = latency.p50_millis},
                           {.label = "p99", .values = latency.p99_millis, .color = 2, .dash = 1}}});
  }
  return absl::StrCat(html, internal::ShardFigure(report, stream), "</div>");
}

std::string ShardTable(const Report& report, const ReportStream& stream) {
  const auto when = [&report](absl::Time time) {
    return internal::ShowWithin(report.start_time, report.end_time, time);
  };
  const bool measured = internal::HasShardMetrics(stream);
  std::vector<const ReportShard*> shards = internal::BusiestShards(stream);
  const bool all = shards.size() <= kMostShards;
  if (!all) shards.resize(kMostShards);
  const double most = shards.empty() ? 0 : SumOf(shards.front()->incoming_records);
  std::string html = absl::StrCat(
      "<figure class=\"wide shard-table\"><div class=\"scroll\"><table><caption>",
      measured ? "Busiest shards" : "Shards",
      "</caption><thead><tr><th scope=\"col\">Shard</th><th scope=\"col\">Hash keys</th>"
      "<th scope=\"col\">Opened</th><th scope=\"col\">Closed</th><th scope=\"col\">Parents</th>"
      "<th scope=\"col\">Records in</th><th scope=\"col\">Bytes in</th>"
      "<th scope=\"col\">Throttled</th></tr></thead><tbody>");
  for (const ReportShard* const shard : shards) {
    std::string parents;
    for (const auto& parent :
         {shard->shard.parent_shard_id, shard->shard.adjacent_parent_shard_id}) {
      if (parent.has_value())
        absl::StrAppend(&parents, parents.empty() ? "" : ", ", parent->number);
    }
    const double records = SumOf(shard->incoming_records);
    absl::StrAppend(&html, "<tr><th scope=\"row\">", shard->shard.shard_id.ToString(), "</th><td>",
                    internal::ShowHashKeys(shard->shard.hash_key_range), "</td><td>",
                    when(shard->opened), "</td><td>",
                    shard->closed.has_value() ? when(*shard->closed) : "\u2013", "</td><td>",
                    parents.empty() ? "\u2013" : parents, "</td>");
    if (!measured) {
      html += "<td>\u2013</td><td>\u2013</td><td>\u2013</td></tr>";
      continue;
    }
    absl::StrAppend(&html, "<td>", Count(records),
                    "<span class=\"meter\" aria-hidden=\"true\"><i style=\"width:",
                    most > 0 ? static_cast<int>(records / most * 100) : 0, "%\"></i></span></td>",
                    "<td>", Bytes(SumOf(shard->incoming_bytes)), "</td><td>",
                    Count(SumOf(shard->throttled_records)), "</td></tr>");
  }
  html += "</tbody></table></div>";
  if (!all) {
    absl::StrAppend(&html, "<p class=\"quiet\">", stream.shards.size() - kMostShards,
                    " more shards are not shown.</p>");
  }
  if (!measured) {
    html +=
        "<p class=\"quiet\">What each shard takes is counted from EnableEnhancedMonitoring on.</p>";
  }
  return html + "</figure>";
}

std::string Section(const Report& report, const ReportStream& stream) {
  const StreamDescriptionSummary& summary = stream.summary;
  return absl::StrCat("<section><h2>", Escape(summary.stream_name), "</h2><p class=\"quiet\">",
                      std::string(StreamStatusName(summary.stream_status)), " \u00b7 ",
                      std::string(StreamModeName(summary.stream_mode_details.stream_mode)),
                      " \u00b7 records are kept ", summary.retention_period_hours, "\u202fh</p>",
                      Tiles(TilesOf(report, stream)), Plots(report, stream),
                      "<div class=\"plots\" style=\"margin-top:18px\">", ShardTable(report, stream),
                      "</div></section>");
}

}  // namespace

std::string ReportPage(const Report& report) {
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>",
      Escape(report.title), "</title><style>", std::string(internal::kPageStyle),
      "</style></head><body><main><h1>", Escape(report.title), "</h1><p class=\"quiet\">",
      internal::ShowSpan(report.start_time, report.end_time), " UTC \u00b7 one value per ",
      internal::ShowPeriod(report.period, kPageNumbers), "</p>");
  for (const ReportStream& stream : report.streams) html += Section(report, stream);
  if (report.streams.empty()) html += "<p>There are no streams.</p>";
  return absl::StrCat(html, "<footer>Made by Riacho.</footer></main><script>",
                      std::string(internal::kPageScript), "</script></body></html>\n");
}

}  // namespace riacho
