#include "replay/workload.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "absl/status/status.h"

#include "replay/csv_row.h"
#include "replay/event_time.h"
#include "replay/text_table.h"

namespace replay {
namespace {

constexpr std::int64_t kDepartureCopies = 64;  // the busiest hours exceed the limits of four shards
constexpr std::int64_t kDepartureCopiesRealTime = 8;
constexpr std::int64_t kMostRecords = 100'000'000;
constexpr std::size_t kMostKeyCharacters = 256;
constexpr std::size_t kMostRowBytes = 1'000'000;  // a record of 1 MiB has room for it

absl::Status Wrong(const std::string& message) { return absl::InvalidArgumentError(message); }

std::string Quoted(const std::string& text) { return "'" + text + "'"; }

absl::StatusOr<std::string> FindFile(const ReplayOptions& options) {
  if (options.input.has_value()) {
    const bool is_folder = std::filesystem::is_directory(*options.input);
    if (!is_folder && std::ifstream(*options.input)) return *options.input;
    return Wrong("Cannot read the file " + Quoted(*options.input) + ".");
  }
  std::string tried;
  for (const std::string folder : {RIACHO_EXAMPLE_DATA_DIR, "examples/data"}) {
    const std::string file = folder + "/flights.csv";
    if (std::ifstream(file)) return file;
    tried += (tried.empty() ? "" : " nor ") + file;
  }
  return Wrong("The departures were not found, neither " + tried +
               ". Name a file of your own: --input FILE --time COLUMN --key COLUMN.");
}

// The columns by name.
class Heading {
 public:
  Heading(std::string file, std::vector<std::string> names)
      : file_(std::move(file)), names_(std::move(names)) {}

  std::size_t size() const { return names_.size(); }

  std::optional<std::size_t> Find(const std::string& name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  }

  absl::StatusOr<std::size_t> Require(const std::string& option, const std::string& name) const {
    if (const std::optional<std::size_t> position = Find(name)) return *position;
    std::string all;
    for (const std::string& known : names_) all += (all.empty() ? "" : ", ") + known;
    return Wrong(option + ": " + Quoted(file_) + " has no column " + Quoted(name) +
                 ". Its columns are: " + all + ".");
  }

 private:
  std::string file_;
  std::vector<std::string> names_;
};

class Reader {
 public:
  Reader(const ReplayOptions& options, std::string file)
      : options_(options), in_(file, std::ios::binary) {
    workload_.file = std::move(file);
  }

  absl::StatusOr<Workload> Read() {
    std::string row;
    if (!ReadCsvRow(in_, row, lines_)) return Wrong(Quoted(workload_.file) + " is empty.");
    if (row.starts_with("\xef\xbb\xbf")) row.erase(0, 3);  // the mark of UTF-8
    const Heading heading(workload_.file, CsvFields(row));
    if (absl::Status status = TakeColumns(heading); !status.ok()) return status;
    for (int first_line = lines_ + 1; ReadCsvRow(in_, row, lines_); first_line = lines_ + 1) {
      if (absl::Status status = TakeRow(heading, row, first_line); !status.ok()) return status;
    }
    if (workload_.events.empty()) return Wrong(Quoted(workload_.file) + " has no rows.");
    std::ranges::stable_sort(workload_.events, {}, &Event::time);
    const std::int64_t for_departures =
        options_.real_time ? kDepartureCopiesRealTime : kDepartureCopies;
    workload_.copies = options_.copies.value_or(options_.input.has_value() ? 1 : for_departures);
    if (workload_.record_count() > kMostRecords) {
      return Wrong("That would be " + Grouped(workload_.record_count()) +
                   " records; the demo takes up to " + Grouped(kMostRecords) + ".");
    }
    return std::move(workload_);
  }

 private:
  absl::Status TakeColumns(const Heading& heading) {
    const absl::StatusOr<std::size_t> time = heading.Require("--time", options_.time_column);
    if (!time.ok()) return time.status();
    time_position_ = *time;
    const absl::StatusOr<std::size_t> key = heading.Require("--key", options_.key_column);
    if (!key.ok()) return key.status();
    key_position_ = *key;
    workload_.key_column = options_.key_column;
    if (options_.value_column.has_value()) {
      const absl::StatusOr<std::size_t> value = heading.Require("--value", *options_.value_column);
      if (!value.ok()) return value.status();
    }
    const std::string value_column = options_.value_column.value_or("delay");
    workload_.value_position = heading.Find(value_column);
    if (workload_.value_position.has_value()) workload_.value_column = value_column;
    return absl::OkStatus();
  }

  absl::Status TakeRow(const Heading& heading, const std::string& row, int line) {
    const std::string where = workload_.file + ", line " + std::to_string(line) + ": ";
    const std::vector<std::string> fields = CsvFields(row);
    if (fields.size() != heading.size()) {
      return Wrong(where + std::to_string(fields.size()) + " fields, but the heading has " +
                   std::to_string(heading.size()) + ".");
    }
    const std::optional<absl::Time> time = ParseEventTime(fields[time_position_]);
    if (!time.has_value()) {
      return Wrong(where + Quoted(fields[time_position_]) + " in column " +
                   Quoted(options_.time_column) + " is no time. Understood are " + kEventTimeForms +
                   ".");
    }
    const std::string& key = fields[key_position_];
    if (key.empty() || Width(key) > kMostKeyCharacters) {
      return Wrong(where + "the " + Quoted(options_.key_column) + " has " +
                   std::to_string(Width(key)) + " characters; a partition key has 1 to 256.");
    }
    if (row.size() > kMostRowBytes) {
      return Wrong(where + "the row has " + Grouped(static_cast<std::int64_t>(row.size())) +
                   " bytes; the demo takes up to " + Grouped(kMostRowBytes) + ".");
    }
    const auto [known, is_new] =
        key_indexes_.try_emplace(key, static_cast<std::uint32_t>(workload_.keys.size()));
    if (is_new) workload_.keys.push_back(key);
    workload_.events.push_back({.time = *time, .key = known->second, .row = row});
    return absl::OkStatus();
  }

  const ReplayOptions& options_;
  std::ifstream in_;
  int lines_ = 0;
  std::size_t time_position_ = 0;
  std::size_t key_position_ = 0;
  std::map<std::string, std::uint32_t> key_indexes_;
  Workload workload_;
};

}  // namespace

std::string RecordData(const Workload& workload, std::int64_t record) {
  return std::to_string(record) + "," + workload.EventOf(record).row;
}

std::int64_t RecordNumber(const Workload& workload, std::string_view data) {
  std::int64_t record = -1;
  const auto [end, error] = std::from_chars(data.data(), data.data() + data.size(), record);
  if (error != std::errc() || record < 0 || record >= workload.record_count()) return -1;
  const auto digits = static_cast<std::size_t>(end - data.data());
  if (digits == data.size() || data[digits] != ',') return -1;
  return data.substr(digits + 1) == workload.EventOf(record).row ? record : -1;
}

std::optional<double> ValueOf(const Workload& workload, const Event& event) {
  if (!workload.value_position.has_value()) return std::nullopt;
  const std::string text = CsvFields(event.row)[*workload.value_position];
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

Share ShareOf(const Workload& workload, const riacho::HashKeyRange& range) {
  std::vector<std::int64_t> events_of(workload.keys.size());
  for (const Event& event : workload.events) ++events_of[event.key];
  std::vector<std::pair<riacho::HashKey, std::int64_t>> inside;
  Share share;
  for (std::size_t i = 0; i < workload.keys.size(); ++i) {
    const riacho::HashKey hash = riacho::HashKeyOf(workload.keys[i]);
    if (!range.Contains(hash)) continue;
    inside.emplace_back(hash, events_of[i]);
    share.events += events_of[i];
  }
  std::ranges::sort(inside);
  std::int64_t below = 0;
  for (const auto& [hash, events] : inside) {
    share.middle = hash;
    if (below + events / 2 >= share.events / 2) break;
    below += events;
  }
  return share;
}

absl::StatusOr<Workload> ReadWorkload(const ReplayOptions& options) {
  absl::StatusOr<std::string> file = FindFile(options);
  if (!file.ok()) return file.status();
  return Reader(options, *std::move(file)).Read();
}

}  // namespace replay
