// What one consumer has received: how much, how old, and whether that is what was sent.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

#include "replay/workload.h"
#include "riacho/model/record_batch.h"

namespace replay {

// What came out of one shard.
struct Outgoing {
  std::int64_t records = 0;
  std::int64_t bytes = 0;  // data and partition keys
};

// Confined to its consumer. The progress may be read by any thread.
class Receipts {
 public:
  // `on_event`, if any, is called for the first copy of each event that comes in.
  Receipts(std::string consumer_name, const Workload& workload,
           absl::AnyInvocable<void(const Event&)> on_event = nullptr);

  // Takes down the records that came from `shard` at `now`.
  void Take(riacho::ShardId shard, const riacho::RecordBatch& records, absl::Time now);

  // Progress: how many records, and the age of the last one when it came.
  std::int64_t received() const { return received_.load(std::memory_order_relaxed); }
  absl::Duration iterator_age() const {
    return absl::Milliseconds(iterator_age_millis_.load(std::memory_order_relaxed));
  }

  const std::string& consumer_name() const { return consumer_name_; }
  const std::map<riacho::ShardId, Outgoing>& outgoing() const { return outgoing_; }
  std::int64_t batches() const { return batches_; }
  absl::Duration max_iterator_age() const { return max_iterator_age_; }
  absl::Duration max_record_age() const { return max_record_age_; }

  // The verdict. Of all records, how many never came, came again, came after a later one of their
  // key, or are not what was put.
  std::int64_t missing() const;
  std::int64_t repeated() const { return repeated_; }
  std::int64_t out_of_order() const { return out_of_order_; }
  std::int64_t foreign() const { return foreign_; }

  // The first event, by time, that came.
  const Event* first_event() const;

 private:
  void TakeRecord(const riacho::Record& record);

  const std::string consumer_name_;
  const Workload& workload_;
  absl::AnyInvocable<void(const Event&)> on_event_;
  std::vector<bool> seen_;                 // by record number
  std::vector<std::int64_t> last_of_key_;  // by key: the record number that came last
  std::map<riacho::ShardId, Outgoing> outgoing_;
  std::int64_t batches_ = 0;
  std::int64_t repeated_ = 0;
  std::int64_t out_of_order_ = 0;
  std::int64_t foreign_ = 0;
  absl::Duration max_iterator_age_;
  absl::Duration max_record_age_;
  std::atomic<std::int64_t> received_ = 0;
  std::atomic<std::int64_t> iterator_age_millis_ = 0;
};

}  // namespace replay
