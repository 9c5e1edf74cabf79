#include "engine/shard_subscription.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"

#include "base/epoch.h"
#include "engine/call_metrics.h"
#include "riacho/base/wake_event.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

// An idle poll looks at its place only; every so often it asks whether a suspended writer hides
// something.
constexpr int kGlances = 32;

}  // namespace

// What the shard signals. The wake function is guarded because the subscription may go while a
// writer is calling it.
class ShardSubscription::Sleeper final : public Waiter {
 public:
  void Signal() override {
    event.Signal();
    if (!has_wake()) return;
    const absl::MutexLock lock(&mutex_);
    if (wake_ != nullptr) wake_();
  }
  void SetWake(absl::AnyInvocable<void()> wake) {
    const absl::MutexLock lock(&mutex_);
    wake_ = std::move(wake);
    has_wake_.store(wake_ != nullptr, std::memory_order_relaxed);
  }
  bool has_wake() const { return has_wake_.load(std::memory_order_relaxed); }

  WakeEvent event;

 private:
  absl::Mutex mutex_;
  absl::AnyInvocable<void()> wake_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> has_wake_ = false;  // writers take the mutex for wake functions only
};

ShardSubscription::ShardSubscription(Account& account, std::shared_ptr<Stream> stream,
                                     std::shared_ptr<SubscriptionLease> lease, std::uint64_t ticket,
                                     std::uint64_t index, std::shared_ptr<const Authorizer> caller,
                                     Meter* meter, std::int64_t now_nanos)
    : account_(account),
      stream_(std::move(stream)),
      lease_(std::move(lease)),
      ticket_(ticket),
      ends_at_nanos_(now_nanos +
                     absl::ToInt64Nanoseconds(account.options.limits.subscription_life)),
      caller_(std::move(caller)),
      meter_(meter),
      cursor_(*lease_->shard, index, RecordCipher::kSealBytes),
      last_event_nanos_(now_nanos),
      sleeper_(new Sleeper) {}

ShardSubscription::~ShardSubscription() {
  sleeper_->SetWake(nullptr);
  lease_->shard->log
      .SignalWaiters();  // takes our sleeper off the stack; the others look and sleep again
  sleeper_->Release();
}

absl::Status ShardSubscription::Ended(absl::Status why, std::int64_t now_nanos) {
  ended_ = true;
  CountEndOfSubscription(meter_, now_nanos);
  return why;
}

SequenceNumber ShardSubscription::Continuation(std::int64_t now_millis) const {
  // The place before the next one; with the present second it moves on even when no record comes,
  // and by a clock that was set back it stays: what has been read lies before it.
  LiveShard& shard = *lease_->shard;
  const std::uint64_t next = std::max(cursor_.index(), ShardLog::kFirstIndex);
  const SequenceNumber read = NumberAt(shard, next - 1).value_or(SequenceNumber());
  return std::max(shard.NumberOf(next - 1, now_millis), read);
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> ShardSubscription::Poll() {
  return PollAt(account_.NowNanos());
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> ShardSubscription::PollAt(
    std::int64_t now_nanos) {
  if (ended_) return std::nullopt;
  stream_->Settle(now_nanos);
  absl::StatusOr<std::optional<SubscribeToShardEvent>> event = Look(now_nanos);
  if (event.ok() && !event->has_value() && !ended_ && sleeper_->has_wake()) {
    // Between that look and this a record may have come, or another subscription: look once more
    // with the sleeper in its place.
    lease_->shard->log.AddWaiter(sleeper_);
    idle_polls_ = 0;
    event = Look(now_nanos);
  }
  return event;
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> ShardSubscription::Look(
    std::int64_t now_nanos) {
  const std::uint64_t holder = lease_->holder.load(std::memory_order_acquire);
  if (holder == SubscriptionLease::kRevoked) {
    const bool stream_gone = stream_->status() == StreamStatus::kDeleting;
    return Ended(
        MakeError(ErrorCode::kResourceNotFound,
                  stream_gone
                      ? std::string(ErrorMessage(stream_->NotFound()))
                      : "The consumer of this subscription has been deregistered from stream " +
                            stream_->name() + " under account " + account_.options.account_id +
                            "."),
        now_nanos);
  }
  if (holder != ticket_) {
    return Ended(
        MakeError(ErrorCode::kResourceInUse,
                  "Another subscription of this consumer has taken over " +
                      lease_->shard->shard_id().ToString() + " in stream " + stream_->name() +
                      " under account " + account_.options.account_id + "."),
        now_nanos);
  }
  if (now_nanos >= ends_at_nanos_) {
    ended_ = true;
    CountEndOfSubscription(meter_, now_nanos);
    return std::nullopt;
  }
  return NextEvent(now_nanos);
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> ShardSubscription::NextEvent(
    std::int64_t now_nanos) {
  if (!lease_->budget.InCredit(now_nanos)) return std::nullopt;
  const Limits& limits = account_.options.limits;
  const std::int64_t now_millis = now_nanos / kNanosPerMilli;
  const bool glance = idle_polls_ % kGlances != 0;
  ShardPage page = cursor_.Read(limits.subscription_event_records, limits.subscription_event_bytes,
                                stream_->HorizonMillis(now_nanos), now_millis, glance);
  if (absl::Status opened = account_.encryption.Open(page, *stream_, *caller_, now_nanos);
      !opened.ok()) {
    return Ended(std::move(opened), now_nanos);
  }
  SubscribeToShardEvent event = {.records = std::move(page.records),
                                 .millis_behind_latest = page.millis_behind_latest};
  if (!event.records.empty()) {
    lease_->budget.Charge(page.bytes, now_nanos);
    event.continuation_sequence_number = event.records.back().sequence_number;
  } else if (page.end_of_shard) {
    event.child_shards = lease_->shard->children();
    event.millis_behind_latest = lease_->shard->MillisSinceEnd(now_millis);
    ended_ = true;
  } else if (now_nanos - last_event_nanos_ >=
             absl::ToInt64Nanoseconds(limits.subscription_idle_event)) {
    event.continuation_sequence_number = Continuation(now_millis);
  } else {
    ++idle_polls_;
    return std::nullopt;
  }
  idle_polls_ = 0;
  last_event_nanos_ = now_nanos;
  CountSubscribeToShardEvent(account_, meter_, *stream_, *lease_->shard, event, page.bytes,
                             now_nanos);
  return event;
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> ShardSubscription::Wait(absl::Time deadline) {
  for (;;) {
    const std::int64_t now_nanos = account_.NowNanos();
    absl::StatusOr<std::optional<SubscribeToShardEvent>> event = PollAt(now_nanos);
    if (!event.ok() || event->has_value() || ended_ || now_nanos >= absl::ToUnixNanos(deadline))
      return event;
    lease_->shard->log.AddWaiter(sleeper_);
    idle_polls_ = 0;
    event = PollAt(now_nanos);  // what came before the sleeper stood in its place
    if (!event.ok() || event->has_value() || ended_) return event;
    const bool woken = account_.clock.WaitUntil(sleeper_->event, std::min(deadline, next_poll()));
    // On a clock that does not go on while somebody waits there is nothing to wait for.
    if (!woken && account_.NowNanos() <= now_nanos) return event;
  }
}

void ShardSubscription::OnWake(absl::AnyInvocable<void()> wake) {
  sleeper_->SetWake(std::move(wake));
}

absl::Time ShardSubscription::next_poll() const {
  if (ended_) return absl::InfiniteFuture();
  const std::int64_t now_nanos = account_.NowNanos();
  const std::int64_t idle =
      last_event_nanos_ + absl::ToInt64Nanoseconds(account_.options.limits.subscription_idle_event);
  const std::int64_t next =
      lease_->budget.InCredit(now_nanos) ? idle : lease_->budget.ReadyAt(now_nanos);
  return absl::FromUnixNanos(std::min({next, ends_at_nanos_, stream_->due_at_nanos()}));
}

}  // namespace riacho::internal
