#include "replay/text_table.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace replay {
namespace {

std::string Padded(std::string_view text, std::size_t width, bool left) {
  const std::string space(width - Width(text), ' ');
  return left ? std::string(text) + space : space + std::string(text);
}

std::string TwoDigits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string Grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) text.insert(i -= 3, ",");
  return text;
}

std::string OneDecimal(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

std::string Bytes(std::int64_t bytes) {
  const double kib = static_cast<double>(bytes) / 1024;
  if (bytes < 10 * 1024) return Grouped(bytes) + " B";
  if (kib < 1024) return Grouped(static_cast<std::int64_t>(kib)) + " KiB";
  return OneDecimal(kib / 1024) + " MiB";
}

std::string Span(absl::Duration duration) {
  const std::int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds < 10) return OneDecimal(absl::ToDoubleSeconds(duration)) + " s";
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) {
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  }
  if (seconds < 48 * 3600) {
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
  }
  return Grouped(seconds / 86400) + " days";
}

std::string Stopwatch(absl::Duration since_start) {
  const std::int64_t seconds = absl::ToInt64Seconds(since_start);
  return std::to_string(seconds / 3600) + ":" + TwoDigits(seconds / 60 % 60) + ":" +
         TwoDigits(seconds % 60);
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

TextTable::TextTable(std::vector<std::string> headings) {
  for (std::string& heading : headings) {
    const bool marked = heading.starts_with('<');
    left_.push_back(marked || left_.empty());
    if (marked) heading.erase(0, 1);
  }
  AddRow(std::move(headings));
}

void TextTable::AddRow(std::vector<std::string> cells) {
  cells.resize(left_.size());
  rows_.push_back(std::move(cells));
}

std::ostream& operator<<(std::ostream& out, const TextTable& table) {
  std::vector<std::size_t> widths(table.left_.size());
  for (const std::vector<std::string>& row : table.rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  for (const std::vector<std::string>& row : table.rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += "  " + Padded(row[i], widths[i], table.left_[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  }
  return out;
}

}  // namespace replay
