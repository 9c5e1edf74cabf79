// The registered consumers of one stream, and who holds which shard.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/token_bucket.h"
#include "riacho/model/consumer.h"
#include "riacho/model/shard_id.h"
#include "riacho/security/policy.h"
#include "stream/live_shard.h"
#include "stream/stream_state.h"
#include "stream/tag_set.h"

namespace riacho::internal {

// The right to be pushed one shard as one consumer; passes to the newest subscription. Shared by
// the registry and by the subscriptions that have had it, which compare their ticket with `holder`.
// Thread-safe.
struct SubscriptionLease {
  static constexpr std::uint64_t kRevoked = 0;  // the consumer or the stream is gone

  SubscriptionLease(std::shared_ptr<LiveShard> shard, const Limits& limits, std::int64_t now_nanos);

  LeaseState Save() const;
  void Restore(const LeaseState& state);

  std::atomic<std::uint64_t> holder = kRevoked;  // ticket of the subscription that may deliver
  std::int64_t taken_at_nanos = INT64_MIN;       // guarded by the stream's mutex
  const std::shared_ptr<LiveShard> shard;
  TokenBucket calls;   // of SubscribeToShard
  TokenBucket budget;  // bytes delivered
};

// What tells a consumer from its namesakes of the same stream.
struct ConsumerId {
  std::string name;
  std::int64_t creation_seconds = 0;  // Unix
};

struct ConsumerEntry {
  std::string name;
  std::int64_t creation_seconds = 0;  // Unix; part of the ARN
  ConsumerStatus status = ConsumerStatus::kCreating;
  std::int64_t changes_at_nanos = INT64_MAX;  // CREATING: becomes ACTIVE; DELETING: is gone
  std::map<ShardId, std::shared_ptr<SubscriptionLease>> leases = {};
  Tags tags = {};
  std::optional<Policy> policy = {};
};

// Confined to the holder of the stream's mutex.
class ConsumerRegistry {
 public:
  // Null when there is none of that name.
  ConsumerEntry* Find(std::string_view name);

  ConsumerEntry& Add(ConsumerEntry consumer);

  // Moves a consumer to DELETING and ends its subscriptions.
  void Remove(ConsumerEntry& consumer, std::int64_t gone_at_nanos);

  // Drops what is kept for a shard that has expired. A subscription that still holds it goes on.
  void ForgetShard(ShardId shard);

  // Ends the subscriptions of all consumers, for a stream that goes away.
  void RevokeAll();

  // Applies what is due.
  void Settle(std::int64_t now_nanos);
  std::int64_t due_at_nanos() const;  // INT64_MAX: nothing

  std::size_t size() const { return consumers_.size(); }
  std::size_t CountCreating() const;
  const std::map<std::string, ConsumerEntry, std::less<>>& consumers() const { return consumers_; }

 private:
  static void Revoke(ConsumerEntry& consumer);

  std::map<std::string, ConsumerEntry, std::less<>> consumers_;
};

}  // namespace riacho::internal
