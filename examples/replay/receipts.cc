#include "replay/receipts.h"

#include <algorithm>
#include <utility>

namespace replay {

Receipts::Receipts(std::string consumer_name, const Workload& workload,
                   absl::AnyInvocable<void(const Event&)> on_event)
    : consumer_name_(std::move(consumer_name)),
      workload_(workload),
      on_event_(std::move(on_event)),
      seen_(static_cast<std::size_t>(workload.record_count())),
      last_of_key_(workload.keys.size(), -1) {}

void Receipts::Take(riacho::ShardId shard, const riacho::RecordBatch& records, absl::Time now) {
  if (records.empty()) return;
  ++batches_;
  Outgoing& outgoing = outgoing_[shard];
  for (const riacho::Record& record : records) {
    outgoing.bytes += static_cast<std::int64_t>(record.data.size() + record.partition_key.size());
    TakeRecord(record);
  }
  const auto count = static_cast<std::int64_t>(records.size());
  outgoing.records += count;
  received_.fetch_add(count, std::memory_order_relaxed);
  const absl::Duration age = now - records.back().approximate_arrival_timestamp;
  iterator_age_millis_.store(absl::ToInt64Milliseconds(age), std::memory_order_relaxed);
  max_iterator_age_ = std::max(max_iterator_age_, age);
  max_record_age_ = std::max(max_record_age_, now - records.front().approximate_arrival_timestamp);
}

void Receipts::TakeRecord(const riacho::Record& record) {
  const std::int64_t number = RecordNumber(workload_, record.data);
  if (number < 0 || workload_.keys[workload_.EventOf(number).key] != record.partition_key) {
    ++foreign_;
    return;
  }
  const Event& event = workload_.EventOf(number);
  auto seen = seen_[static_cast<std::size_t>(number)];
  if (seen) {
    ++repeated_;
    return;
  }
  seen = true;
  std::int64_t& last = last_of_key_[event.key];
  if (number < last) ++out_of_order_;
  last = std::max(last, number);
  if (on_event_ != nullptr && workload_.IsFirstCopy(number)) on_event_(event);
}

std::int64_t Receipts::missing() const { return std::ranges::count(seen_, false); }

const Event* Receipts::first_event() const {
  const auto first = std::ranges::find(seen_, true);
  return first == seen_.end() ? nullptr : &workload_.EventOf(first - seen_.begin());
}

}  // namespace replay
