// The handle of SubscribeToShard: events of one shard, pushed at the rate of enhanced fan-out.
//
//   std::unique_ptr<Subscription> subscription = std::move(*kinesis->SubscribeToShard(…));
//   while (!subscription->ended()) {
//     absl::StatusOr<std::optional<SubscribeToShardEvent>> event = subscription->Poll();
//     if (event.ok() && event->has_value()) Handle((*event)->records);
//   }
//
// A subscription ends by itself after five minutes (subscribe again with the last continuation
// number), at the end of a closed shard (its last event has child shards and no continuation
// number), or with an error.
#pragma once

#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/consumer_requests.h"

namespace riacho {

// Closes in its destructor. Thread-compatible: one thread at a time.
class Subscription {
 public:
  virtual ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // The next event if there is one now: records, an empty event when none came for five seconds, or
  // the event that closes the shard. Empty: nothing new yet, or ended(). An error is answered once,
  // and ends the subscription: kResourceInUse (another subscription of this consumer took the shard
  // over), kResourceNotFound (stream or consumer deleted), kKms… (a record's key does not serve).
  // Never blocks.
  virtual absl::StatusOr<std::optional<SubscribeToShardEvent>> Poll() = 0;

  // As Poll, but blocks the caller until there is an event, the subscription ends, or `deadline`
  // has come on the backend's clock (empty then). On a ManualClock somebody else must move time or
  // put records. In a Simulation it answers as Poll does.
  virtual absl::StatusOr<std::optional<SubscribeToShardEvent>> Wait(absl::Time deadline) = 0;

  // True when no event will come any more.
  virtual bool ended() const = 0;

  // Calls `wake` once, after a Poll that came back empty, when a record arrives or the subscription
  // is closed by others; after the next empty Poll it may be called again. It runs on the putting
  // thread: it must be quick, must not block and must not call back into Riacho (AgentRunner::Wake
  // is meant for this). Time-driven events (idle events, the end after five minutes) call nothing:
  // poll at next_poll().
  virtual void OnWake(absl::AnyInvocable<void()> wake) = 0;

  // When something will be due that no put announces: an idle event, the end of life, or the return
  // of read budget.
  virtual absl::Time next_poll() const = 0;

 protected:
  Subscription() = default;
};

}  // namespace riacho
