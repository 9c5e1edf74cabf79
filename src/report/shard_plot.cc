#include <algorithm>
#include <array>
#include <cmath>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

#include "report/plot.h"

namespace riacho::internal {
namespace {

constexpr int kShades = 6;

std::string Percent(double value) { return absl::StrCat(std::round(value * 100) / 100); }

// How far down of all hash keys, in percent.
double DepthOf(absl::uint128 key) {
  return static_cast<double>(absl::Uint128High64(key)) / std::ldexp(1.0, 64) * 100;
}

// Where a shard lies, in percent of the plot.
struct Lane {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
};
Lane LaneOf(const Report& report, const ReportShard& shard) {
  const HashKeyRange& range = shard.shard.hash_key_range;
  return {
      .left = PlaceOf(report, shard.opened),
      .right = PlaceOf(report, std::min(shard.closed.value_or(report.end_time), report.end_time)),
      .top = DepthOf(range.starting_hash_key.value),
      .bottom =
          range.ending_hash_key == HashKey::Max() ? 100 : DepthOf(range.ending_hash_key.value + 1)};
}

std::string Rectangle(const std::string& classes, double left, double right, const Lane& lane) {
  return absl::StrCat("<rect class=\"", classes, "\" x=\"", Percent(left), "\" width=\"",
                      Percent(std::max(right - left, 0.05)), "\" y=\"", Percent(lane.top),
                      "\" height=\"", Percent(lane.bottom - lane.top), "\"/>");
}

double RateOf(const Report& report, const PeriodValues& values, std::size_t place) {
  return values[place].value_or(0) / absl::ToDoubleSeconds(report.PeriodLength(place));
}

// Neighbours of one shade are one rectangle.
std::string Shades(const Report& report, const ReportShard& shard, const Lane& lane,
                   double highest) {
  std::string svg;
  const auto edge = [&](std::size_t place) {
    return std::clamp(PlaceOf(report, report.PeriodStart(place)), lane.left, lane.right);
  };
  const auto shade_of = [&](std::size_t place) {
    const double share = RateOf(report, shard.incoming_records, place) / highest;
    return std::min(static_cast<int>(std::ceil(share * kShades)), kShades);
  };
  for (std::size_t i = 0; i < report.periods();) {
    std::size_t end = i + 1;
    const int shade = shade_of(i);
    while (end < report.periods() && shade_of(end) == shade) ++end;
    if (shade != 0 && edge(i) < edge(end))
      svg += Rectangle(absl::StrCat("shade s", shade), edge(i), edge(end), lane);
    i = end;
  }
  for (std::size_t i = 0; i < report.periods(); ++i) {
    if (shard.throttled_records[i].value_or(0) <= 0 || edge(i) >= edge(i + 1)) continue;
    const double height = std::min(2.5, (lane.bottom - lane.top) / 4);
    svg += Rectangle("throttled", edge(i), edge(i + 1),
                     {.top = lane.bottom - height, .bottom = lane.bottom});
  }
  return svg;
}

std::string Describe(const ReportShard& shard) {
  std::string text =
      absl::StrCat(shard.shard.shard_id.ToString(), ", opened ", ShowDateTime(shard.opened));
  if (shard.closed.has_value()) absl::StrAppend(&text, ", closed ", ShowDateTime(*shard.closed));
  if (shard.shard.parent_shard_id.has_value())
    absl::StrAppend(&text, ", after shard ", shard.shard.parent_shard_id->number);
  if (shard.shard.adjacent_parent_shard_id.has_value())
    absl::StrAppend(&text, " and ", shard.shard.adjacent_parent_shard_id->number);
  double records = 0;
  for (const auto& value : shard.incoming_records) records += value.value_or(0);
  if (records > 0)
    absl::StrAppend(&text, ", records: ", Show(records, Quantity::kCount, kPageNumbers));
  return text;
}

std::string LegendOf(double highest, bool throttled) {
  std::string html = "<ul class=\"legend\">";
  if (highest > 0) {
    html += "<li>0 <svg class=\"shades\" viewBox=\"0 0 72 8\" aria-hidden=\"true\">";
    for (int shade = 1; shade <= kShades; ++shade) {
      absl::StrAppend(&html, "<rect class=\"shade s", shade, "\" x=\"", (shade - 1) * 12,
                      "\" width=\"12\" height=\"8\"/>");
    }
    absl::StrAppend(&html, "</svg> ", Show(highest, Quantity::kCount, kPageNumbers),
                    " records/s</li>");
  }
  if (throttled) {
    html +=
        "<li><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><rect class=\"throttled\" y=\"2\" "
        "width=\"24\" height=\"4\"/></svg>throttled</li>";
  }
  return html + "</ul>";
}

}  // namespace

std::string ShardFigure(const Report& report, const ReportStream& stream) {
  double highest = 0;
  bool throttled = false;
  for (const ReportShard& shard : stream.shards) {
    for (std::size_t i = 0; i < report.periods(); ++i) {
      highest = std::max(highest, RateOf(report, shard.incoming_records, i));
      throttled = throttled || shard.throttled_records[i].value_or(0) > 0;
    }
  }
  std::string html = absl::StrCat(
      "<figure class=\"wide\"><figcaption><h3>Shards by hash key, over time</h3>",
      LegendOf(highest, throttled),
      "</figcaption><div class=\"plot shards\" role=\"img\" aria-label=\"The tree of ",
      stream.shards.size(), " shards; the table of shards has their times\">",
      "<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
  std::string numbers;
  for (const ReportShard& shard : stream.shards) {
    const Lane lane = LaneOf(report, shard);
    if (lane.right <= lane.left) continue;
    absl::StrAppend(&html, "<g><title>", Escape(Describe(shard)), "</title>",
                    Rectangle("lane", lane.left, lane.right, lane),
                    highest > 0 ? Shades(report, shard, lane, highest) : "",
                    Rectangle("edge", lane.left, lane.right, lane), "</g>");
    if (lane.bottom - lane.top < 4 || lane.right - lane.left < 3) continue;
    absl::StrAppend(&numbers,
                    "<span class=\"shard\" aria-hidden=\"true\" style=\"left:", Percent(lane.left),
                    "%;top:", Percent((lane.top + lane.bottom) / 2), "%\">",
                    shard.shard.shard_id.number, "</span>");
  }
  return absl::StrCat(html, "</svg>", numbers, "</div>", TimeAxis(report), "</figure>");
}

}  // namespace riacho::internal
