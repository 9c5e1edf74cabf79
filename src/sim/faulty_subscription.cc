#include "sim/faulty_subscription.h"

#include <deque>
#include <string>
#include <utility>

namespace riacho::internal {
namespace {

// Owns its bytes: the original keeps its own alive.
RecordBatch CopyOf(const RecordBatch& batch) {
  auto* const bytes = new std::deque<std::string>;
  RecordBatch copy;
  copy.Keep(bytes, [](void* owned) { delete static_cast<std::deque<std::string>*>(owned); });
  copy.Reserve(batch.size());
  for (Record record : batch) {
    record.data = bytes->emplace_back(record.data);
    record.partition_key = bytes->emplace_back(record.partition_key);
    copy.Add(record);
  }
  return copy;
}

SubscribeToShardEvent CopyOf(const SubscribeToShardEvent& event) {
  return {.records = CopyOf(event.records),
          .continuation_sequence_number = event.continuation_sequence_number,
          .millis_behind_latest = event.millis_behind_latest,
          .child_shards = event.child_shards};
}

}  // namespace

FaultySubscription::FaultySubscription(std::unique_ptr<Subscription> inner,
                                       SubscriptionFaults faults)
    : inner_(std::move(inner)), faults_(std::move(faults)) {}

absl::StatusOr<std::optional<SubscribeToShardEvent>> FaultySubscription::Poll() {
  if (auto due = Due(); due.has_value()) return *std::move(due);
  return Pass(inner_->Poll());
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> FaultySubscription::Wait(absl::Time deadline) {
  if (auto due = Due(); due.has_value()) return *std::move(due);
  return Pass(inner_->Wait(deadline));
}

std::optional<absl::StatusOr<std::optional<SubscribeToShardEvent>>> FaultySubscription::Due() {
  using Event = std::optional<SubscribeToShardEvent>;
  if (inner_ == nullptr) return Event();
  if (again_.has_value()) return std::exchange(again_, std::nullopt);
  absl::Status cut = faults_.gate ? faults_.gate() : absl::OkStatus();
  const bool over = faults_.end_after_events.has_value() && events_ >= *faults_.end_after_events;
  if (cut.ok() && !over) return std::nullopt;
  inner_ = nullptr;
  if (cut.ok()) cut = faults_.end_error;
  if (cut.ok()) return Event();
  return cut;
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> FaultySubscription::Pass(
    absl::StatusOr<std::optional<SubscribeToShardEvent>> event) {
  if (event.ok() && event->has_value() && ++events_ == 1 && faults_.first_event_twice)
    again_ = CopyOf(**event);
  return event;
}

bool FaultySubscription::ended() const {
  return inner_ == nullptr || (inner_->ended() && !again_.has_value());
}

void FaultySubscription::OnWake(absl::AnyInvocable<void()> wake) {
  if (inner_ != nullptr) inner_->OnWake(std::move(wake));
}

absl::Time FaultySubscription::next_poll() const {
  if (inner_ == nullptr) return absl::InfiniteFuture();
  const bool over = faults_.end_after_events.has_value() && events_ >= *faults_.end_after_events;
  return again_.has_value() || over ? absl::InfinitePast() : inner_->next_poll();
}

}  // namespace riacho::internal
