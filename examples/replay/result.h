// What the demo prints at its end.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "replay/delay_statistics.h"
#include "replay/publisher.h"
#include "replay/receipts.h"
#include "replay/workload.h"

namespace replay {

struct ConsumerResult {
  const Receipts* receipts = nullptr;
  std::string how = {};  // it reads
};

// References and pointers must outlive the printing.
struct ReplayResult {
  const Workload& workload;
  const DelayStatistics& delays;
  std::vector<ConsumerResult> consumers = {};
  const Receipts* latecomer = nullptr;  // null if none came
  absl::Duration retention = {};
  std::int64_t published = 0;
  std::int64_t throttled = 0;
  std::map<riacho::ShardId, Incoming> incoming = {};
  std::vector<riacho::Shard> shards = {};  // all there have ever been
  std::set<riacho::ShardId> listed = {};   // those that are still there
  std::int64_t most_memory = 0;            // bytes
  std::int64_t memory = 0;                 // bytes, now
  absl::Duration stream_time = {};
  absl::Duration real_time = {};
};

void PrintReport(std::ostream& out, const ReplayResult& result);

// Prints one line for each check. True if all passed.
bool PrintChecks(std::ostream& out, const ReplayResult& result);

}  // namespace replay
