#include "engine/commitment.h"

#include <algorithm>

namespace riacho::internal {

void Commitment::Enable(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  if (!ActiveLocked(now)) started_at_ = now;
  ends_at_.reset();
}

void Commitment::Disable(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  if (started_at_.has_value() && !ends_at_.has_value())
    ends_at_ = std::max(now, *started_at_ + minimum_);
}

Commitment::State Commitment::Save() const {
  const absl::MutexLock lock(&mutex_);
  State state;
  if (started_at_.has_value()) state.started_at_nanos = absl::ToUnixNanos(*started_at_);
  if (ends_at_.has_value()) state.ends_at_nanos = absl::ToUnixNanos(*ends_at_);
  return state;
}

void Commitment::Restore(const State& state) {
  const absl::MutexLock lock(&mutex_);
  started_at_.reset();
  ends_at_.reset();
  if (state.started_at_nanos.has_value())
    started_at_ = absl::FromUnixNanos(*state.started_at_nanos);
  if (state.ends_at_nanos.has_value()) {
    ends_at_ = *state.ends_at_nanos == INT64_MAX ? absl::InfiniteFuture()
                                                 : absl::FromUnixNanos(*state.ends_at_nanos);
  }
}

MinimumThroughputBillingCommitmentOutput Commitment::Describe(absl::Time now) const {
  using Status = MinimumThroughputBillingCommitmentStatus;
  const absl::MutexLock lock(&mutex_);
  MinimumThroughputBillingCommitmentOutput output = {.status = Status::kDisabled,
                                                     .started_at = started_at_};
  if (ActiveLocked(now)) {
    output.status =
        ends_at_.has_value() ? Status::kEnabledUntilEarliestAllowedEnd : Status::kEnabled;
    output.earliest_allowed_end_at = *started_at_ + minimum_;
  } else {
    output.ended_at = ends_at_;
  }
  return output;
}

bool Commitment::Active(absl::Time now) const {
  const absl::MutexLock lock(&mutex_);
  return ActiveLocked(now);
}

bool Commitment::ActiveLocked(absl::Time now) const {
  return started_at_.has_value() && (!ends_at_.has_value() || now < *ends_at_);
}

}  // namespace riacho::internal
