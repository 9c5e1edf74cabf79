#include "replay/event_time.h"

#include <cstdlib>

namespace replay {
namespace {

constexpr double kFirstMilliseconds = 1e11;
constexpr double kMostSeconds = 253402300800;  // the year 10000

std::optional<absl::Time> ParseNumber(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string::npos) {
    return std::nullopt;
  }
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (*end != '\0') return std::nullopt;
  const double seconds = number >= kFirstMilliseconds ? number / 1000 : number;
  if (seconds < -kMostSeconds || seconds > kMostSeconds) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

}  // namespace

std::optional<absl::Time> ParseEventTime(const std::string& text) {
  // In a format %E*S takes seconds with any fraction, %Ez an offset or Z.
  static constexpr const char* kFormats[] = {
      "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%E*S",    "%Y/%m/%d",          "%Y-%m-%dT%H:%M:%E*S%Ez",
      "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%E*S",    "%Y-%m-%dT%H:%M%Ez", "%Y-%m-%d %H:%M:%E*S",
      "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%E*S%Ez", "%Y-%m-%d",
  };
  for (const char* format : kFormats) {
    absl::Time time;
    if (absl::ParseTime(format, text, &time, nullptr)) return time;
  }
  return ParseNumber(text);
}

}  // namespace replay
