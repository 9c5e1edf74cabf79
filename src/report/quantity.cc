#include "report/quantity.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace riacho::internal {
namespace {

// Below one with two significant digits, below ten with a decimal; without zeros at the end.
std::string Digits(double value, const char* thousands) {
  if (value != 0 && std::abs(value) < 0.995) {
    const int decimals = 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    std::string digits = absl::StrFormat("%.*f", decimals, value);
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
  }
  if (std::abs(value) < 9.95) {
    const auto tenths = std::llround(value * 10);
    std::string digits = absl::StrCat(tenths / 10);
    if (tenths % 10 != 0) absl::StrAppend(&digits, ".", tenths % 10);
    return digits;
  }
  std::string digits = absl::StrCat(std::llround(value));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, thousands);
  return digits;
}

struct Scale {
  double factor = 1;
  const char* unit = "";
};
template <std::size_t kSize>
std::string Scaled(double value, const std::array<Scale, kSize>& scales, const NumberStyle& style) {
  const Scale* scale = &scales.front();
  for (const Scale& larger : scales) {
    if (value >= larger.factor * 0.9995) scale = &larger;
  }
  const bool micro = std::string_view(scale->unit) == "us";
  const std::string unit = micro ? absl::StrCat(style.micro, "s") : scale->unit;
  return absl::StrCat(Digits(value / scale->factor, style.thousands), style.unit, unit);
}

bool OnOneDay(absl::Time a, absl::Time b) {
  return absl::ToCivilDay(a, absl::UTCTimeZone()) == absl::ToCivilDay(b, absl::UTCTimeZone());
}

}  // namespace

std::string Show(double value, Quantity quantity, const NumberStyle& style) {
  static constexpr std::array kBytes = {Scale{1, "B"}, Scale{1e3, "kB"}, Scale{1e6, "MB"},
                                        Scale{1e9, "GB"}, Scale{1e12, "TB"}};
  static constexpr std::array kMillis = {Scale{1e-6, "ns"},  Scale{1e-3, "us"},  Scale{1, "ms"},
                                         Scale{1e3, "s"},    Scale{60e3, "min"}, Scale{3600e3, "h"},
                                         Scale{86400e3, "d"}};
  switch (quantity) {
    case Quantity::kCount:
      return Digits(value, style.thousands);
    case Quantity::kBytes:
      return Scaled(value, kBytes, style);
    case Quantity::kMillis:
      return value == 0 ? "0" : Scaled(value, kMillis, style);
  }
  return {};
}

std::vector<double> AxisOf(double highest, Quantity quantity) {
  constexpr double kIntervals = 4;
  if (!(highest > 0)) return {0, 1};
  const double least = highest / kIntervals;
  const double power = std::pow(10, std::floor(std::log10(least)));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = power * factor;
    if (step >= least * 0.999) break;
  }
  if (quantity == Quantity::kMillis && least > 500) {
    for (const double seconds : {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
                                 10800, 21600, 43200, 86400}) {
      if (seconds * 1000 < least) continue;
      step = seconds * 1000;
      break;
    }
  }
  std::vector<double> lines = {0};
  while (lines.back() < highest * 0.999) lines.push_back(lines.back() + step);
  return lines;
}

std::string ShowTime(absl::Time time) {
  const bool midnight = absl::ToUnixSeconds(time) % 86'400 == 0;
  return absl::FormatTime(midnight ? "%-d %b" : "%H:%M", time, absl::UTCTimeZone());
}

std::string ShowDateTime(absl::Time time) {
  return absl::FormatTime("%-d %b %Y %H:%M", time, absl::UTCTimeZone());
}

std::string ShowSpan(absl::Time start, absl::Time end) {
  return absl::StrCat(ShowDateTime(start), " to ", ShowWithin(start, start, end));
}

std::string ShowWithin(absl::Time start, absl::Time end, absl::Time time) {
  const bool on_that_day = OnOneDay(start, end) && OnOneDay(start, time);
  return on_that_day ? absl::FormatTime("%H:%M", time, absl::UTCTimeZone()) : ShowDateTime(time);
}

std::string ShowPeriod(absl::Duration period, const NumberStyle& style) {
  if (period == absl::Minutes(1)) return "minute";
  if (period == absl::Hours(1)) return "hour";
  if (period == absl::Hours(24)) return "day";
  return Show(period, style);
}

}  // namespace riacho::internal
