// What a page of a report carries with it, so that it needs nothing else.
#pragma once

#include <string_view>

namespace riacho::internal {

// Colours tell apart for readers who do not see red and green, and have a contrast of 4.5 at least
// to their ground, light or dark.
extern const std::string_view kPageStyle;
// Values where the pointer or the arrow keys are. It reads them from the table below the plot.
extern const std::string_view kPageScript;

}  // namespace riacho::internal
