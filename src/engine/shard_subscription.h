// A subscription of enhanced fan-out: a cursor with a lease, a life and a budget.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/account.h"
#include "riacho/client/subscription.h"
#include "stream/shard_cursor.h"
#include "stream/stream.h"

namespace riacho::internal {

// Thread-compatible, as Subscription says. Poll is lock-free while nothing is due in the stream.
class ShardSubscription final : public Subscription {
 public:
  // Begins at `index` of the lease's shard. The stream is shared: it may be deleted while the
  // subscription is held. Its events are counted with `meter`, unless that is null.
  ShardSubscription(Account& account, std::shared_ptr<Stream> stream,
                    std::shared_ptr<SubscriptionLease> lease, std::uint64_t ticket,
                    std::uint64_t index, std::shared_ptr<const Authorizer> caller, Meter* meter,
                    std::int64_t now_nanos);
  ~ShardSubscription() override;

  absl::StatusOr<std::optional<SubscribeToShardEvent>> Poll() override;
  absl::StatusOr<std::optional<SubscribeToShardEvent>> Wait(absl::Time deadline) override;
  bool ended() const override { return ended_; }
  void OnWake(absl::AnyInvocable<void()> wake) override;
  absl::Time next_poll() const override;

 private:
  class Sleeper;

  absl::StatusOr<std::optional<SubscribeToShardEvent>> PollAt(std::int64_t now_nanos);
  absl::StatusOr<std::optional<SubscribeToShardEvent>> Look(std::int64_t now_nanos);
  absl::StatusOr<std::optional<SubscribeToShardEvent>> NextEvent(std::int64_t now_nanos);
  absl::Status Ended(absl::Status why, std::int64_t now_nanos);
  SequenceNumber Continuation(std::int64_t now_millis) const;

  Account& account_;
  const std::shared_ptr<Stream> stream_;
  const std::shared_ptr<SubscriptionLease> lease_;
  const std::uint64_t ticket_;
  const std::int64_t ends_at_nanos_;
  const std::shared_ptr<const Authorizer> caller_;  // who subscribed, and reads
  Meter* const meter_;                              // of the consumer
  ShardCursor cursor_;
  std::int64_t last_event_nanos_;
  int idle_polls_ = 0;
  bool ended_ = false;
  Sleeper* sleeper_;  // counted: the shard's stack of waiters may hold it longer than we live
};

}  // namespace riacho::internal
