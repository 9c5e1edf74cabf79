#include "replay/csv_row.h"

#include <algorithm>

namespace replay {

bool ReadCsvRow(std::istream& in, std::string& row, int& lines) {
  row.clear();
  std::string line;
  while (std::getline(in, line)) {
    ++lines;
    if (line.ends_with('\r')) line.pop_back();
    if (row.empty() && line.empty()) continue;
    row += line;
    const bool open_quote = std::ranges::count(row, '"') % 2 != 0;
    if (!open_quote) return true;
    row += '\n';
  }
  return !row.empty();
}

std::vector<std::string> CsvFields(std::string_view row) {
  std::vector<std::string> fields(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (c == '"') {
      const bool doubled = in_quotes && i + 1 < row.size() && row[i + 1] == '"';
      if (doubled) fields.back() += row[++i];
      if (!doubled) in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace replay
