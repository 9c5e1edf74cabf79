// Rows of CSV files, as RFC 4180 has them: fields may stand in quotes, then with commas and line
// ends inside and "" for a quote.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace replay {

// Reads the next row, without its line end, into `row`, and counts the lines it takes into `lines`.
// Empty lines are left out. False at the end of the file.
bool ReadCsvRow(std::istream& in, std::string& row, int& lines);

// The fields of a row, without their quotes.
std::vector<std::string> CsvFields(std::string_view row);

}  // namespace replay
