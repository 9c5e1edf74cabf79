#include "riacho/telemetry/metric.h"

#include <algorithm>
#include <set>
#include <utility>

#include "riacho/model/error.h"

namespace riacho {
namespace {

constexpr std::size_t kMostDimensions = 30;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestValue = 1024;

// In the order of StandardUnit.
constexpr std::string_view kUnitNames[] = {"Seconds",
                                           "Microseconds",
                                           "Milliseconds",
                                           "Bytes",
                                           "Kilobytes",
                                           "Megabytes",
                                           "Gigabytes",
                                           "Terabytes",
                                           "Bits",
                                           "Kilobits",
                                           "Megabits",
                                           "Gigabits",
                                           "Terabits",
                                           "Percent",
                                           "Count",
                                           "Bytes/Second",
                                           "Kilobytes/Second",
                                           "Megabytes/Second",
                                           "Gigabytes/Second",
                                           "Terabytes/Second",
                                           "Bits/Second",
                                           "Kilobits/Second",
                                           "Megabits/Second",
                                           "Gigabits/Second",
                                           "Terabits/Second",
                                           "Count/Second",
                                           "None"};

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

bool BelongsInNamespace(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(".-_/#:").find(c) != std::string_view::npos;
}

bool IsPrintableAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

absl::Status CheckDimension(const Dimension& dimension) {
  const std::string& name = dimension.name;
  if (IsBlank(name) || name.size() > kLongestName || name.front() == ':' ||
      !IsPrintableAscii(name)) {
    return Invalid("The name '" + name +
                   "' of a dimension must be 1 to 255 ASCII characters, not blank, and not begin "
                   "with a colon.");
  }
  const std::string& value = dimension.value;
  if (IsBlank(value) || value.size() > kLongestValue || !IsPrintableAscii(value)) {
    return Invalid("The value '" + value + "' of dimension " + name +
                   " must be 1 to 1024 ASCII characters and not blank.");
  }
  return absl::OkStatus();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Metric& metric) {
  out << metric.metric_namespace << ' ' << metric.metric_name << '{';
  const char* separator = "";
  for (const Dimension& dimension : metric.dimensions)
    out << std::exchange(separator, ",") << dimension.name << '=' << dimension.value;
  return out << '}';
}

std::string_view StandardUnitName(StandardUnit unit) {
  const auto place = static_cast<std::size_t>(unit);
  return place < std::size(kUnitNames) ? kUnitNames[place] : "None";
}

std::optional<StandardUnit> ParseStandardUnit(std::string_view name) {
  const auto* const at = std::ranges::find(kUnitNames, name);
  if (at == std::end(kUnitNames)) return std::nullopt;
  return static_cast<StandardUnit>(at - std::begin(kUnitNames));
}

std::ostream& operator<<(std::ostream& out, StandardUnit unit) {
  return out << StandardUnitName(unit);
}

absl::Status CheckMetric(const Metric& metric) {
  const std::string& space = metric.metric_namespace;
  if (space.empty() || space.size() > kLongestName || space.front() == ':' ||
      !std::ranges::all_of(space, BelongsInNamespace)) {
    return Invalid("The namespace '" + space +
                   "' must be 1 to 255 of the characters 0-9 A-Z a-z . - _ / # : and not begin "
                   "with a colon.");
  }
  if (metric.metric_name.empty() || metric.metric_name.size() > kLongestName) {
    return Invalid("The metric name '" + metric.metric_name + "' must be 1 to 255 bytes long.");
  }
  if (metric.dimensions.size() > kMostDimensions) {
    return Invalid("The metric " + metric.metric_name + " has " +
                   std::to_string(metric.dimensions.size()) +
                   " dimensions. At most 30 are allowed.");
  }
  std::set<std::string_view> names;
  for (const Dimension& dimension : metric.dimensions) {
    if (absl::Status valid = CheckDimension(dimension); !valid.ok()) return valid;
    if (!names.insert(dimension.name).second)
      return Invalid("The dimension " + dimension.name + " is given twice.");
  }
  return absl::OkStatus();
}

}  // namespace riacho
