// A producer: puts the events of its keys when they are due, and again when a shard throttles.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "replay/timeline.h"
#include "replay/workload.h"
#include "riacho/riacho.h"

namespace replay {

// What went into one shard.
struct Incoming {
  std::int64_t records = 0;
  std::int64_t bytes = 0;      // data and partition keys
  std::int64_t throttled = 0;  // refusals before the records were taken
};

// Keeps the order of each key: while a record waits to be put again, the later ones of its key wait
// behind it, and those of other keys go on. So it puts records one by one: of two records of one
// key in one PutRecords call, the first could be refused and the second taken.
//
// Confined: polled by one thread. The counters may be read by any.
class Publisher final : public riacho::Agent {
 public:
  // Publishes the events of `keys` (indexes into workload.keys), which no other publisher has.
  Publisher(riacho::Client& kinesis, std::string stream_name, const Workload& workload,
            const Timeline& timeline, const std::vector<std::uint32_t>& keys, std::uint64_t seed);

  absl::Time Poll(absl::Time now) override;

  std::int64_t published() const { return published_.load(std::memory_order_relaxed); }
  std::int64_t throttled() const { return throttled_.load(std::memory_order_relaxed); }

  // True when nothing is left to put, or it gave up.
  bool finished() const { return finished_.load(std::memory_order_acquire); }

  // Why it gave up, if it did. Read it when finished().
  const absl::Status& failure() const { return failure_; }
  const std::map<riacho::ShardId, Incoming>& incoming() const { return incoming_; }

 private:
  struct Key {
    std::vector<std::int64_t> records = {};  // due ones that have not been put
    std::size_t next = 0;                    // the first of them
    std::int64_t refusals = 0;               // of the record at `next`
    bool waits = false;                      // for its turn in retries_
    riacho::Backoff backoff;
  };
  struct Retry {
    absl::Time at;
    std::uint32_t key;
    friend bool operator<(const Retry& a, const Retry& b) {
      return a.at != b.at ? a.at > b.at : a.key > b.key;  // the earliest on top
    }
  };

  void PutWaiting(std::uint32_t key, absl::Time now);
  absl::Status Put(Key& key, std::uint32_t key_index);
  absl::Time NextDue() const;

  riacho::Client& kinesis_;
  const std::string stream_name_;
  const Workload& workload_;
  const Timeline& timeline_;
  std::map<std::uint32_t, Key> keys_;
  std::vector<std::uint32_t> events_;  // ours, by time: indexes into workload_.events
  std::size_t next_event_ = 0;
  std::priority_queue<Retry> retries_;
  std::map<riacho::ShardId, Incoming> incoming_;
  absl::Status failure_;
  std::atomic<std::int64_t> published_ = 0;
  std::atomic<std::int64_t> throttled_ = 0;
  std::atomic<bool> finished_ = false;
};

}  // namespace replay
