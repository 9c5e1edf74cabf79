#include "report/plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace riacho::internal {
namespace {

constexpr double kWidth = 1000;
constexpr double kHeight = 200;

// Two decimals are a fifth of a pixel on the widest screen.
std::string Coordinate(double value) { return absl::StrCat(std::round(value * 10) / 10); }

double HighestOf(const Plot& plot) {
  double highest = 0;
  for (const PlotLine& line : plot.lines) {
    for (const auto& value : line.values) highest = std::max(highest, value.value_or(0));
  }
  return highest;
}

// Through the middles of the periods; a gap where there is no value, a dot where there is none to
// either side.
std::string LinePath(const PlotLine& line, double top) {
  std::string path;
  const auto count = static_cast<double>(line.values.size());
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if (!line.values[i].has_value()) continue;
    const bool begins = i == 0 || !line.values[i - 1].has_value();
    const bool ends = i + 1 == line.values.size() || !line.values[i + 1].has_value();
    const double x = (static_cast<double>(i) + 0.5) / count * kWidth;
    const double y = kHeight * (1 - *line.values[i] / top);
    absl::StrAppend(&path, begins ? "M" : "L", Coordinate(x), " ", Coordinate(y));
    if (begins && ends) path += "h.1";
  }
  return path;
}

std::string AreaPath(const PlotLine& line, double top) {
  std::string path;
  const auto count = static_cast<double>(line.values.size());
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if (!line.values[i].has_value()) continue;
    const bool begins = i == 0 || !line.values[i - 1].has_value();
    const bool ends = i + 1 == line.values.size() || !line.values[i + 1].has_value();
    const std::string x = Coordinate((static_cast<double>(i) + 0.5) / count * kWidth);
    if (begins) absl::StrAppend(&path, "M", x, " ", kHeight);
    absl::StrAppend(&path, "L", x, " ", Coordinate(kHeight * (1 - *line.values[i] / top)));
    if (ends) absl::StrAppend(&path, "L", x, " ", kHeight, "Z");
  }
  return path;
}

// Bars of all lines, one upon the other.
std::vector<std::string> BarPaths(const Plot& plot, double top) {
  std::vector<std::string> paths(plot.lines.size());
  std::vector<double> below(plot.lines.empty() ? 0 : plot.lines.front().values.size());
  const double width = kWidth / static_cast<double>(std::max<std::size_t>(below.size(), 1));
  for (std::size_t line = 0; line < plot.lines.size(); ++line) {
    for (std::size_t i = 0; i < below.size(); ++i) {
      const double value = plot.lines[line].values[i].value_or(0);
      if (value <= 0) continue;
      const double y = kHeight * (1 - below[i] / top);
      const double height = kHeight * value / top;
      absl::StrAppend(&paths[line], "M", Coordinate((static_cast<double>(i) + 0.1) * width), " ",
                      Coordinate(y), "h", Coordinate(width * 0.8), "v-", Coordinate(height), "h-",
                      Coordinate(width * 0.8), "Z");
      below[i] += value;
    }
  }
  return paths;
}

std::string Legend(const Plot& plot) {
  std::string html = "<ul class=\"legend\">";
  for (const PlotLine& line : plot.lines) {
    absl::StrAppend(&html, "<li><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"",
                    plot.bars ? "bar" : "line", " c", line.color, " d", line.dash,
                    plot.bars ? "\" d=\"M6 0h12v8h-12Z\"" : "\" d=\"M0 4h24\"", "/></svg>",
                    Escape(line.label), "</li>");
  }
  return html + "</ul>";
}

// What somebody hears who does not see the plot.
std::string Summary(const Report& report, const Plot& plot) {
  std::string text = plot.title;
  for (const PlotLine& line : plot.lines) {
    const auto highest = std::ranges::max_element(
        line.values, {}, [](const auto& value) { return value.value_or(-1); });
    if (highest == line.values.end() || !highest->has_value()) continue;
    const auto place = static_cast<std::size_t>(highest - line.values.begin());
    absl::StrAppend(&text, "; ", line.label, ": at most ",
                    Show(**highest, plot.quantity, kPageNumbers), " at ",
                    ShowTime(report.PeriodStart(place)));
  }
  return text;
}

std::string Table(const Report& report, const Plot& plot) {
  std::string html =
      "<details><summary>Values</summary><div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">UTC</th>";
  for (const PlotLine& line : plot.lines)
    absl::StrAppend(&html, "<th scope=\"col\">", Escape(line.label), "</th>");
  html += "</tr></thead><tbody>";
  for (std::size_t i = 0; i < report.periods(); ++i) {
    absl::StrAppend(&html, "<tr><th scope=\"row\">", ShowTime(report.PeriodStart(i)), "</th>");
    for (const PlotLine& line : plot.lines) {
      absl::StrAppend(&html, "<td>",
                      line.values[i].has_value()
                          ? Show(*line.values[i], plot.quantity, kPageNumbers)
                          : "\u2013",
                      "</td>");
    }
    html += "</tr>";
  }
  return html + "</tbody></table></div></details>";
}

double HighestStack(const Plot& plot, std::size_t periods) {
  double highest = 0;
  for (std::size_t i = 0; i < periods; ++i) {
    double stack = 0;
    for (const PlotLine& line : plot.lines) stack += line.values[i].value_or(0);
    highest = std::max(highest, stack);
  }
  return highest;
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

double PlaceOf(const Report& report, absl::Time time) {
  const absl::Duration all = report.PeriodStart(report.periods()) - report.start_time;
  return std::clamp(absl::FDivDuration(time - report.start_time, all), 0.0, 1.0) * 100;
}

std::string TimeAxis(const Report& report) {
  const absl::Time end = report.PeriodStart(report.periods());
  absl::Duration step = absl::Hours(24 * 30);
  for (const int minutes : {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080}) {
    if ((end - report.start_time) / absl::Minutes(minutes) > 8) continue;
    step = absl::Minutes(minutes);
    break;
  }
  std::string html = "<div class=\"times\" aria-hidden=\"true\">";
  absl::Time time = absl::UnixEpoch() + absl::Ceil(report.start_time - absl::UnixEpoch(), step);
  for (int i = 0; time <= end; time += step, ++i) {
    const double place = PlaceOf(report, time);
    const char* const edge = place < 3 ? " first" : place > 97 ? " last" : "";
    absl::StrAppend(&html, "<span class=\"", i % 2 == 0 ? "major" : "minor", edge,
                    "\" style=\"left:", Coordinate(place), "%\">", ShowTime(time), "</span>");
  }
  return html + "</div>";
}

std::string PlotFigure(const Report& report, const Plot& plot) {
  std::string html = absl::StrCat("<figure><figcaption><h3>", Escape(plot.title), "</h3>");
  const double highest = plot.bars ? HighestStack(plot, report.periods()) : HighestOf(plot);
  if (highest <= 0) {
    return absl::StrCat(html, "</figcaption><p class=\"nothing\">", Escape(plot.when_empty),
                        "</p></figure>");
  }
  absl::StrAppend(&html, Legend(plot), "</figcaption>");
  const std::vector<double> axis = AxisOf(highest, plot.quantity);
  const double top = axis.back();
  absl::StrAppend(&html, "<div class=\"plot\" tabindex=\"0\" role=\"img\" data-periods=\"",
                  report.periods(), "\" aria-label=\"", Escape(Summary(report, plot)), "\">");
  absl::StrAppend(&html,
                  "<svg viewBox=\"0 0 1000 200\" preserveAspectRatio=\"none\" "
                  "aria-hidden=\"true\"><path class=\"grid\" d=\"");
  for (const double line : axis)
    absl::StrAppend(&html, "M0 ", Coordinate(kHeight * (1 - line / top)), "H1000");
  html += "\"/>";
  const std::vector<std::string> bars =
      plot.bars ? BarPaths(plot, top) : std::vector<std::string>(plot.lines.size());
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    const PlotLine& line = plot.lines[i];
    if (plot.bars) {
      absl::StrAppend(&html, "<path class=\"bar c", line.color, "\" d=\"", bars[i], "\"/>");
      continue;
    }
    if (line.filled) {
      absl::StrAppend(&html, "<path class=\"area c", line.color, "\" d=\"", AreaPath(line, top),
                      "\"/>");
    }
    absl::StrAppend(&html, "<path class=\"line c", line.color, " d", line.dash, "\" d=\"",
                    LinePath(line, top), "\"/>");
  }
  html += "</svg>";
  for (const double line : axis) {
    if (line == 0) continue;
    absl::StrAppend(&html, "<span class=\"level\" aria-hidden=\"true\" style=\"top:",
                    Coordinate(100 * (1 - line / top)), "%\">",
                    Show(line, plot.quantity, kPageNumbers), "</span>");
  }
  const std::string note =
      plot.note.empty() ? "" : absl::StrCat("<p class=\"quiet\">", Escape(plot.note), "</p>");
  return absl::StrCat(html, "<div class=\"cursor\" hidden></div><div class=\"tip\" hidden></div>",
                      "</div>", TimeAxis(report), note, Table(report, plot), "</figure>");
}

}  // namespace riacho::internal
