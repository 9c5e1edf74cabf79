#include "replay/delay_statistics.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace replay {

DelayStatistics::DelayStatistics(const Workload& workload) : workload_(workload) {
  for (const std::string& key : workload.keys) means_.push_back({.key = key});
}

void DelayStatistics::Add(const Event& event) {
  const std::optional<double> value = ValueOf(workload_, event);
  if (!value.has_value()) return;
  DelayMean& sum = means_[event.key];
  sum.most = sum.events == 0 ? *value : std::max(sum.most, *value);
  sum.mean += *value;
  ++sum.events;
}

std::vector<DelayMean> DelayStatistics::Worst(std::size_t count, std::int64_t least_events) const {
  std::vector<DelayMean> worst;
  for (DelayMean mean : means_) {
    if (mean.events == 0 || mean.events < least_events) continue;
    mean.mean /= static_cast<double>(mean.events);
    worst.push_back(mean);
  }
  std::ranges::stable_sort(worst, std::ranges::greater(), &DelayMean::mean);
  if (worst.size() > count) worst.resize(count);
  return worst;
}

}  // namespace replay
