#include "replay/publisher.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace replay {
namespace {

// Never gives up: a throttled shard takes the record sooner or later.
constexpr riacho::RetryPolicy kRetryPolicy = {.max_attempts = std::numeric_limits<int>::max(),
                                              .initial_delay = absl::Milliseconds(50),
                                              .max_delay = absl::Seconds(2),
                                              .jitter = riacho::RetryJitter::kEqual};

}  // namespace

Publisher::Publisher(riacho::Client& kinesis, std::string stream_name, const Workload& workload,
                     const Timeline& timeline, const std::vector<std::uint32_t>& keys,
                     std::uint64_t seed)
    : kinesis_(kinesis),
      stream_name_(std::move(stream_name)),
      workload_(workload),
      timeline_(timeline) {
  riacho::Random seeds(seed);
  for (const std::uint32_t key : keys) {
    keys_.emplace(key, Key{.backoff = riacho::Backoff(kRetryPolicy, seeds.Next())});
  }
  for (std::uint32_t i = 0; i < workload.events.size(); ++i) {
    if (keys_.contains(workload.events[i].key)) events_.push_back(i);
  }
}

absl::Time Publisher::Poll(absl::Time now) {
  while (!retries_.empty() && retries_.top().at <= now) {
    const std::uint32_t key = retries_.top().key;
    retries_.pop();
    keys_.at(key).waits = false;
    PutWaiting(key, now);
  }
  while (next_event_ < events_.size()) {
    const std::uint32_t index = events_[next_event_];
    const Event& event = workload_.events[index];
    if (timeline_.StreamTime(event.time) > now) break;
    ++next_event_;
    std::vector<std::int64_t>& records = keys_.at(event.key).records;
    for (std::int64_t copy = 0; copy < workload_.copies; ++copy) {
      records.push_back(index * workload_.copies + copy);
    }
    PutWaiting(event.key, now);
  }
  const absl::Time due = NextDue();
  if (due == absl::InfiniteFuture()) finished_.store(true, std::memory_order_release);
  return due;
}

void Publisher::PutWaiting(std::uint32_t key_index, absl::Time now) {
  Key& key = keys_.at(key_index);
  if (key.waits || !failure_.ok()) return;
  while (key.next < key.records.size()) {
    const absl::Status put = Put(key, key_index);
    if (put.ok()) continue;
    if (!riacho::IsRetryable(put)) {
      failure_ = put;
      return;
    }
    ++key.refusals;
    throttled_.fetch_add(1, std::memory_order_relaxed);
    key.waits = true;
    retries_.push({.at = now + *key.backoff.Next(), .key = key_index});
    return;
  }
  key.records.clear();
  key.next = 0;
}

absl::Status Publisher::Put(Key& key, std::uint32_t key_index) {
  const std::string& partition_key = workload_.keys[key_index];
  const std::string data = RecordData(workload_, key.records[key.next]);
  const absl::StatusOr<riacho::PutRecordResponse> put = kinesis_.PutRecord(
      {.stream_name = stream_name_, .data = data, .partition_key = partition_key});
  if (!put.ok()) return put.status();
  Incoming& incoming = incoming_[put->shard_id];
  ++incoming.records;
  incoming.bytes += static_cast<std::int64_t>(data.size() + partition_key.size());
  incoming.throttled += std::exchange(key.refusals, 0);
  ++key.next;
  key.backoff.Reset();
  published_.fetch_add(1, std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Time Publisher::NextDue() const {
  if (!failure_.ok()) return absl::InfiniteFuture();
  absl::Time due = absl::InfiniteFuture();
  if (!retries_.empty()) due = retries_.top().at;
  if (next_event_ < events_.size()) {
    due = std::min(due, timeline_.StreamTime(workload_.events[events_[next_event_]].time));
  }
  return due;
}

}  // namespace replay
