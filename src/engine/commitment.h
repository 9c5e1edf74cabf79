// The account's commitment to a minimum throughput: what opens On-demand Advantage.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "riacho/client/settings_requests.h"

namespace riacho::internal {

// Thread-safe. A scheduled end needs no settling: the state follows from two times.
class Commitment {
 public:
  explicit Commitment(absl::Duration minimum) : minimum_(minimum) {}

  // Begins one, or goes on with the present one if its end is scheduled.
  void Enable(absl::Time now);
  // Ends it, but not before it has lasted the minimum.
  void Disable(absl::Time now);

  // Times in Unix nanoseconds.
  struct State {
    std::optional<std::int64_t> started_at_nanos = {};
    std::optional<std::int64_t> ends_at_nanos = {};  // INT64_MAX: never
  };
  State Save() const;
  void Restore(const State& state);

  MinimumThroughputBillingCommitmentOutput Describe(absl::Time now) const;
  // The account is committed, be it only until a scheduled end.
  bool Active(absl::Time now) const;

 private:
  bool ActiveLocked(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration minimum_;
  mutable absl::Mutex mutex_;
  std::optional<absl::Time> started_at_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Time> ends_at_ ABSL_GUARDED_BY(mutex_);  // scheduled or past
};

}  // namespace riacho::internal
