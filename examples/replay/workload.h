// The events to replay, and the records that stand for them on the stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "replay/replay_options.h"
#include "riacho/model/hash_key.h"

namespace replay {

struct Event {
  absl::Time time = {};
  std::uint32_t key = 0;  // index into Workload::keys
  std::string row = {};   // as it stands in the file
};

// Every event is put `copies` times. The records are numbered in the order of time, so the numbers
// of one key rise in the order in which its records must be read.
struct Workload {
  std::string file = {};
  std::string key_column = {};
  std::string value_column = {};                   // empty: there are no values
  std::optional<std::size_t> value_position = {};  // of the value among the fields of a row
  std::int64_t copies = 1;
  std::vector<std::string> keys = {};
  std::vector<Event> events = {};  // ascending time

  std::int64_t record_count() const { return static_cast<std::int64_t>(events.size()) * copies; }
  const Event& EventOf(std::int64_t record) const {
    return events[static_cast<std::size_t>(record / copies)];
  }
  bool IsFirstCopy(std::int64_t record) const { return record % copies == 0; }

  absl::Time first_time() const { return events.front().time; }
  absl::Time last_time() const { return events.back().time; }
};

// Data of a record: its number, a comma, the event's row.
std::string RecordData(const Workload& workload, std::int64_t record);

// The number of a record, or -1 if `data` is no record of `workload`.
std::int64_t RecordNumber(const Workload& workload, std::string_view data);

// The value of an event, or nothing if there is no number in its column.
std::optional<double> ValueOf(const Workload& workload, const Event& event);

// How many events have keys in `range`, and the hash key at which the upper half of them begins.
struct Share {
  std::int64_t events = 0;
  riacho::HashKey middle = {};
};
Share ShareOf(const Workload& workload, const riacho::HashKeyRange& range);

// Reads the file that `options` name. The message of an error says what is wrong with which line.
absl::StatusOr<Workload> ReadWorkload(const ReplayOptions& options);

}  // namespace replay
