// Reads a shard log into values, for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shard/shard_log.h"

namespace riacho::internal {

struct SeenRecord {
  std::uint64_t index = 0;
  std::int64_t arrival_millis = 0;
  std::string partition_key = {};
  std::string data = {};

  friend bool operator==(const SeenRecord&, const SeenRecord&) = default;
};

struct LogContents {
  std::vector<SeenRecord> records = {};
  std::uint64_t next_index = 0;
  ScanEnd end = ScanEnd::kCaughtUp;

  std::vector<std::uint64_t> Indexes() const {
    std::vector<std::uint64_t> indexes;
    for (const SeenRecord& record : records) indexes.push_back(record.index);
    return indexes;
  }
  std::vector<std::string> Data() const {
    std::vector<std::string> data;
    for (const SeenRecord& record : records) data.push_back(record.data);
    return data;
  }
};

// Everything from `from` on that arrived at `horizon_millis` or later.
template <typename A>
LogContents ReadLog(BasicShardLog<A>& log, std::uint64_t from = BasicShardLog<A>::kFirstIndex,
                    std::int64_t horizon_millis = INT64_MIN, bool glance = false) {
  LogContents contents;
  contents.next_index = from;
  const auto visit = [&](BasicSegment<A>&, std::uint64_t index, const FrameView& frame) {
    contents.records.push_back({.index = index,
                                .arrival_millis = frame.arrival_millis,
                                .partition_key = std::string(frame.partition_key),
                                .data = std::string(frame.data)});
    return true;
  };
  contents.end = log.Scan(contents.next_index, nullptr, horizon_millis, glance, visit);
  return contents;
}

}  // namespace riacho::internal
