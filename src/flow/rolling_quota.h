// RollingQuota: so many in any stretch of time of a given length.
//
//   RollingQuota switches(/*limit=*/2, absl::Hours(24));
//   if (!switches.Take(now)) return ...;   // kLimitExceeded
//
// Unlike a TokenBucket it gives nothing back bit by bit: a place is free again when the take that
// used it has left the window. For small limits, since each take is remembered.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "absl/time/time.h"

namespace riacho::internal {

// Thread-compatible. The caller tells the time, in nanoseconds since the Unix epoch.
class RollingQuota {
 public:
  // As a limit: every take is granted, and none remembered.
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

  RollingQuota(std::int64_t limit, absl::Duration window)
      : limit_(limit), window_nanos_(absl::ToInt64Nanoseconds(window)) {}

  // Takes a place, or answers false when all are taken.
  bool Take(std::int64_t now_unix_nanos) {
    if (limit_ == kUnlimited) return true;
    Forget(now_unix_nanos);
    if (static_cast<std::int64_t>(taken_at_nanos_.size()) >= limit_) return false;
    taken_at_nanos_.push_back(now_unix_nanos);
    return true;
  }

  // Nothing that was taken counts any more.
  bool Unused(std::int64_t now_unix_nanos) const {
    return taken_at_nanos_.empty() || taken_at_nanos_.back() <= now_unix_nanos - window_nanos_;
  }

  // When the places that are taken were taken, in the order of the takes.
  std::vector<std::int64_t> Save() const {
    return {taken_at_nanos_.begin(), taken_at_nanos_.end()};
  }
  void Restore(const std::vector<std::int64_t>& saved) {
    taken_at_nanos_.assign(saved.begin(), saved.end());
  }

 private:
  void Forget(std::int64_t now_unix_nanos) {
    while (!taken_at_nanos_.empty() && taken_at_nanos_.front() <= now_unix_nanos - window_nanos_)
      taken_at_nanos_.pop_front();
  }

  std::int64_t limit_;
  std::int64_t window_nanos_;
  std::deque<std::int64_t> taken_at_nanos_ = {};
};

}  // namespace riacho::internal
