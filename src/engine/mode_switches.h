// How often each stream's mode has been switched in the last 24 hours. By name: the quota outlives
// the stream, and holds for the next one of that name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "flow/rolling_quota.h"
#include "riacho/model/limits.h"

namespace riacho::internal {

// Thread-safe.
class ModeSwitches {
 public:
  explicit ModeSwitches(const Limits& limits)
      : per_day_(limits.update_stream_mode_switches_per_day) {}

  // Takes one of the switches that `stream` has left; false when there is none.
  bool Take(const std::string& stream, std::int64_t now_nanos) {
    const absl::MutexLock lock(&mutex_);
    std::erase_if(quotas_,
                  [now_nanos](const auto& entry) { return entry.second.Unused(now_nanos); });
    return quotas_.try_emplace(stream, per_day_, absl::Hours(24)).first->second.Take(now_nanos);
  }

  // When each stream's were taken, in Unix nanoseconds.
  std::map<std::string, std::vector<std::int64_t>> Save() {
    const absl::MutexLock lock(&mutex_);
    std::map<std::string, std::vector<std::int64_t>> taken;
    for (const auto& [stream, quota] : quotas_) taken.emplace(stream, quota.Save());
    return taken;
  }
  void Restore(const std::map<std::string, std::vector<std::int64_t>>& taken) {
    const absl::MutexLock lock(&mutex_);
    quotas_.clear();
    for (const auto& [stream, times] : taken)
      quotas_.try_emplace(stream, per_day_, absl::Hours(24)).first->second.Restore(times);
  }

 private:
  const std::int64_t per_day_;
  absl::Mutex mutex_;
  std::map<std::string, RollingQuota> quotas_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
