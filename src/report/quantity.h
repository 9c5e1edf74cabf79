// Numbers as people read them: few digits, and a unit.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace riacho::internal {

enum class Quantity : unsigned char { kCount, kBytes, kMillis };

// What stands between the parts of a number.
struct NumberStyle {
  const char* thousands = "";
  const char* unit = "";
  const char* micro = "";
};
inline constexpr NumberStyle kPlainNumbers = {",", " ", "u"};
// Narrow spaces that do not break.
inline constexpr NumberStyle kPageNumbers = {"\u202f", "\u202f", "\u00b5"};

// "12,345" or "0.042"; "1.2 MB"; "350 ms" or "2.5 min".
std::string Show(double value, Quantity quantity, const NumberStyle& style);
inline std::string Show(absl::Duration duration, const NumberStyle& style) {
  return Show(absl::ToDoubleMilliseconds(duration), Quantity::kMillis, style);
}

// Where the lines of an axis are that begins at 0 and has room for `highest`: two to six.
std::vector<double> AxisOf(double highest, Quantity quantity);

// "08:05"; "23 Nov" at midnight.
std::string ShowTime(absl::Time time);
// "23 Nov 2026 08:05".
std::string ShowDateTime(absl::Time time);
// "23 Nov 2026 08:00 to 09:30": a day is named once.
std::string ShowSpan(absl::Time start, absl::Time end);
// "08:05" where a span does not leave the day, else as ShowDateTime.
std::string ShowWithin(absl::Time start, absl::Time end, absl::Time time);
// What comes after "per": "minute", "5 min", "day".
std::string ShowPeriod(absl::Duration period, const NumberStyle& style);

}  // namespace riacho::internal
