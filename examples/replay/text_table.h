// Text for people: numbers, sizes and durations as they are read, and columns that line up.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace replay {

// "1,234,567".
std::string Grouped(std::int64_t number);

// "66.4": one digit after the point.
std::string OneDecimal(double number);

// "17 KiB", "2.3 MiB".
std::string Bytes(std::int64_t bytes);

// "0.3 s", "58 s", "6 min 30 s", "23 h 57 min".
std::string Span(absl::Duration duration);

// The time since a start as on a stopwatch: "0:02:10", "24:00:12".
std::string Stopwatch(absl::Duration since_start);

// How many columns `text` takes on a terminal: the characters of UTF-8, not the bytes.
std::size_t Width(std::string_view text);

// Rows under a heading. The first column is aligned left, the others right, unless a heading begins
// with '<', which is not printed.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> headings);

  void AddRow(std::vector<std::string> cells);

  friend std::ostream& operator<<(std::ostream& out, const TextTable& table);

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> left_;
};

}  // namespace replay
