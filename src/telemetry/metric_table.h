// The samples of all metrics, minute by minute, and the meters that bring more of them.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <type_traits>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "riacho/telemetry/latency_histogram.h"
#include "riacho/telemetry/metrics.h"
#include "telemetry/distribution.h"

namespace riacho::internal {

class Meter;

inline constexpr std::int64_t kNanosPerMinute = std::int64_t{60} * 1'000'000'000;

// The minute since the Unix epoch that holds a time.
std::int64_t MinuteOf(absl::Time time);

// A metric in one unit: its dimensions ascending.
struct SeriesKey {
  Metric metric = {};
  StandardUnit unit = StandardUnit::kNone;

  friend auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
};

struct Series {
  std::map<std::int64_t, Distribution> minutes = {};
  StatisticSet total = {};
  LatencyHistogram latencies = {};  // in total, of those that are latencies
  std::size_t meters = 0;           // that keep its address
};

// Thread-safe. What has to do with series stands under the mutex, which is taken last of all.
class MetricTable {
 public:
  explicit MetricTable(const MetricsOptions& options) : options_(options) {}
  MetricTable(const MetricTable&) = delete;
  MetricTable& operator=(const MetricTable&) = delete;

  absl::Mutex& mutex() ABSL_LOCK_RETURNED(mutex_) { return mutex_; }

  // The series, made if there is none yet. It stays where it is as long as `meters` says so, or it
  // has samples.
  Series& SeriesOf(const SeriesKey& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return series_[key];
  }
  // Adds to a series' minute, unless the minute has been forgotten.
  template <typename Samples>
  void Add(Series& series, std::int64_t minute, const Samples& samples)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!MakeRoom(series, minute)) return;
    Distribution added;
    added.Add(samples);
    AddTo(series.total, added.statistics());
    if constexpr (std::is_same_v<Samples, LatencyHistogram>) series.latencies.Merge(samples);
    series.minutes[minute].Add(added);
  }

  // A meter reports from when it is attached until it is detached.
  void Attach(Meter& meter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { meters_.insert(&meter); }
  void Detach(Meter& meter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { meters_.erase(&meter); }

  // Whether nobody will ask any more, so that meters need not report.
  bool closed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closed_; }
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes in what the meters have counted so far.
  void Collect() ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls visit(key, series) for all series, ascending, with everything that has been counted.
  void Visit(absl::FunctionRef<void(const SeriesKey&, const Series&)> visit)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for the series of one metric, one for each unit.
  void VisitMetric(const Metric& metric,
                   absl::FunctionRef<void(const SeriesKey&, const Series&)> visit)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // False when the minute has been forgotten already. May forget others.
  bool MakeRoom(Series& series, std::int64_t minute) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetBefore(std::int64_t minute, const Series& in_use)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t OldestMinute() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CollectMeters() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const MetricsOptions options_;

  absl::Mutex mutex_;
  std::map<SeriesKey, Series> series_ ABSL_GUARDED_BY(mutex_);
  std::set<Meter*> meters_ ABSL_GUARDED_BY(mutex_);
  std::int64_t datapoints_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t first_minute_ ABSL_GUARDED_BY(mutex_) = INT64_MIN;  // all before are forgotten
  std::int64_t last_minute_ ABSL_GUARDED_BY(mutex_) = INT64_MIN;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace riacho::internal
