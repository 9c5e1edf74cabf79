// A shard with what it holds: its place in the tree, its log, its throughput.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "riacho/model/limits.h"
#include "riacho/model/shard.h"
#include "shard/shard_log.h"
#include "shard/shard_throttle.h"
#include "stream/write_traffic.h"

namespace riacho::internal {

class Meter;

// Owned in common by the shard maps that list it and by the subscriptions that read it: a
// subscription may outlast the shard's listing, and the stream. Thread-safe; what is not atomic is
// constant, but for `children`, see there.
class LiveShard {
 public:
  struct Identity {
    ShardId shard_id = {};
    std::optional<ShardId> parent_shard_id = {};
    std::optional<ShardId> adjacent_parent_shard_id = {};
    HashKeyRange hash_key_range = {};
    std::int64_t create_seconds = 0;  // Unix second inside its sequence numbers
  };

  LiveShard(const Identity& identity, const Limits& limits, std::int64_t largest_record_bytes,
            std::int64_t now_nanos, std::shared_ptr<SegmentSource> memory)
      : identity_(identity),
        log(std::move(memory)),
        throttle(limits, largest_record_bytes, now_nanos) {}
  LiveShard(const LiveShard&) = delete;
  LiveShard& operator=(const LiveShard&) = delete;
  ~LiveShard() { delete write_throttled_.load(std::memory_order_acquire); }

  ShardId shard_id() const { return identity_.shard_id; }
  const HashKeyRange& hash_key_range() const { return identity_.hash_key_range; }
  std::int64_t create_seconds() const { return identity_.create_seconds; }

  // The number of the record at `index` that arrived at `arrival_millis`.
  SequenceNumber NumberOf(std::uint64_t index, std::int64_t arrival_millis) const {
    return SequenceNumber::Of(
        {.shard_create_seconds = identity_.create_seconds,
         .index = index,
         .time_seconds = std::max(arrival_millis / 1000, identity_.create_seconds),
         .shard_number = identity_.shard_id.number});
  }
  SequenceNumber StartingNumber() const { return NumberOf(0, 0); }

  // Open as the describe operations see it: no ending number has been announced.
  bool open() const { return end_seconds_.load(std::memory_order_acquire) == kNoEnd; }
  // The second in its ending number; only when not open().
  std::int64_t end_seconds() const { return end_seconds_.load(std::memory_order_acquire); }
  // Announces the end; the log is sealed then or later.
  void AnnounceEnd(std::int64_t end_seconds, std::vector<ChildShard> children) {
    children_ = std::move(children);
    end_seconds_.store(end_seconds,
                       std::memory_order_release);  // pairs with open(): children_ is set
  }
  // Where its keys went; only when not open().
  const std::vector<ChildShard>& children() const { return children_; }

  // How far a reader at the end of the closed shard is behind: time since the end, in whole
  // seconds.
  std::int64_t MillisSinceEnd(std::int64_t now_millis) const {
    return std::max<std::int64_t>(now_millis / 1000 - end_seconds(), 0) * 1000;
  }

  // As the describe operations show it.
  Shard Describe() const;

  // What a put is answered that finds the write limits spent: make() when first asked for, kept for
  // the next. A producer that retries too fast should not cost more than one that is served.
  template <typename Make>
  const absl::Status& WriteThrottled(Make&& make) {
    const absl::Status* status = write_throttled_.load(std::memory_order_acquire);
    if (status == nullptr) {
      auto made = std::make_unique<const absl::Status>(make());
      if (write_throttled_.compare_exchange_strong(status, made.get(), std::memory_order_acq_rel,
                                                   std::memory_order_acquire)) {
        status = made.release();
      }
    }
    return *status;
  }

 private:
  static constexpr std::int64_t kNoEnd = -1;

  const Identity identity_;
  std::atomic<std::int64_t> end_seconds_ = kNoEnd;
  std::vector<ChildShard> children_;
  std::atomic<const absl::Status*> write_throttled_ = nullptr;

 public:
  // What shard-level metrics are counted with, from when they first are; the stream's meter owns
  // it.
  std::atomic<Meter*> meter = nullptr;
  ShardLog log;
  ShardThrottle throttle;
  TrafficMeter traffic;  // runs while the stream is ON_DEMAND
};

}  // namespace riacho::internal
