// What the iterator consumer is there for: the mean delay of each airport, or of whatever the keys
// and values of one's own file are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "replay/workload.h"

namespace replay {

struct DelayMean {
  std::string key = {};
  std::int64_t events = 0;
  double mean = 0;
  double most = 0;
};

// Confined to its consumer.
class DelayStatistics {
 public:
  explicit DelayStatistics(const Workload& workload);

  // Events without a number in the value column do not count.
  void Add(const Event& event);

  // The keys of at least `least_events` events with the highest means, the highest first.
  std::vector<DelayMean> Worst(std::size_t count, std::int64_t least_events) const;

 private:
  const Workload& workload_;
  std::vector<DelayMean> means_;  // by key; `mean` is a sum here
};

}  // namespace replay
