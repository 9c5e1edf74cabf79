#include "telemetry/metric_table.h"

#include <algorithm>
#include <utility>

#include "telemetry/meter.h"

namespace riacho::internal {

std::int64_t MinuteOf(absl::Time time) {
  constexpr std::int64_t kFarAway = std::int64_t{1} << 50;  // infinite times, say
  const std::int64_t seconds = std::clamp(absl::ToUnixSeconds(time), -kFarAway, kFarAway);
  return (seconds - ((seconds % 60) + 60) % 60) / 60;
}

void MetricTable::Close() {
  const absl::MutexLock lock(&mutex_);
  closed_ = true;
}

void MetricTable::Collect() {
  const absl::MutexLock lock(&mutex_);
  CollectMeters();
}

void MetricTable::Visit(absl::FunctionRef<void(const SeriesKey&, const Series&)> visit) {
  const absl::MutexLock lock(&mutex_);
  CollectMeters();
  for (const auto& [key, series] : series_) visit(key, series);
}

void MetricTable::VisitMetric(const Metric& metric,
                              absl::FunctionRef<void(const SeriesKey&, const Series&)> visit) {
  const absl::MutexLock lock(&mutex_);
  CollectMeters();
  const SeriesKey first = {.metric = metric, .unit = StandardUnit{}};
  for (auto at = series_.lower_bound(first); at != series_.end() && at->first.metric == metric;
       ++at) {
    visit(at->first, at->second);
  }
}

void MetricTable::CollectMeters() {
  for (Meter* const meter : meters_) meter->Report();
}

bool MetricTable::MakeRoom(Series& series, std::int64_t minute) {
  if (minute < first_minute_) return false;
  if (minute > last_minute_) {
    last_minute_ = minute;
    // Not every minute, for it looks at all series.
    const std::int64_t most = absl::ToInt64Minutes(options_.retention);
    if (minute - most - most / 16 > first_minute_) ForgetBefore(minute - most, series);
  }
  if (series.minutes.contains(minute)) return true;
  while (datapoints_ >= std::max<std::int64_t>(options_.most_datapoints, 1)) {
    const std::int64_t oldest = std::min(OldestMinute(), minute);
    ForgetBefore(oldest + 1, series);
    if (minute == oldest) return false;
  }
  ++datapoints_;
  return true;
}

void MetricTable::ForgetBefore(std::int64_t minute, const Series& in_use) {
  first_minute_ = minute;
  for (auto& [key, series] : series_) {
    auto& minutes = series.minutes;
    const auto end = minutes.lower_bound(minute);
    datapoints_ -= std::distance(minutes.begin(), end);
    minutes.erase(minutes.begin(), end);
  }
  std::erase_if(series_, [&in_use](const auto& entry) {
    const Series& series = entry.second;
    return series.minutes.empty() && series.meters == 0 && &series != &in_use;
  });
}

std::int64_t MetricTable::OldestMinute() const {
  std::int64_t oldest = INT64_MAX;
  for (const auto& [key, series] : series_) {
    if (!series.minutes.empty()) oldest = std::min(oldest, series.minutes.begin()->first);
  }
  return oldest;
}

}  // namespace riacho::internal
