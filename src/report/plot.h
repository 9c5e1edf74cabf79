// Plots of a page: HTML and SVG, complete without a script. Lines are stretched to the width there
// is, texts are not: they stand beside the SVG, at shares of its width and height.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/quantity.h"
#include "riacho/report/report.h"

namespace riacho::internal {

// Text that may stand between tags and in attributes.
std::string Escape(std::string_view text);

struct PlotLine {
  std::string label = {};
  PeriodValues values = {};
  int color = 1;  // 1 to 4, of the style sheet
  int dash = 0;   // 0 to 3: tells lines apart without colours
  bool filled = false;
};

struct Plot {
  std::string title = {};
  Quantity quantity = Quantity::kCount;
  bool bars = false;
  std::vector<PlotLine> lines = {};
  std::string when_empty = {};  // said instead of a plot when no line has a value above 0
  std::string note = {};        // said below the plot, if it is not empty
};

// <figure> with a legend, the plot, and all its values as a table.
std::string PlotFigure(const Report& report, const Plot& plot);

// The tree of shards: time to the right, hash keys downwards; a split divides a lane, a merge joins
// two. Where shards are measured, the darker the more records.
std::string ShardFigure(const Report& report, const ReportStream& stream);

// The times under a plot, and the lines they stand at.
std::string TimeAxis(const Report& report);
// How far from the left, in percent.
double PlaceOf(const Report& report, absl::Time time);

}  // namespace riacho::internal
