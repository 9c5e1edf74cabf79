#include "shard/interleaving/chooser.h"

#include <algorithm>

#include "base/check.h"

namespace riacho::internal {

bool ExhaustiveChooser::Next() {
  while (!path_.empty() && path_.back().picked + 1 == path_.back().options) path_.pop_back();
  if (path_.empty()) return false;
  ++path_.back().picked;
  Rewind();
  return true;
}

void ExhaustiveChooser::Rewind() {
  depth_ = 0;
  preemptions_ = most_preemptions_;
  stale_reads_ = most_stale_reads_;
}

std::size_t ExhaustiveChooser::Pick(std::size_t options) {
  if (depth_ == path_.size()) path_.push_back({.options = options, .picked = 0});
  RIACHO_CHECK(path_[depth_].options == options, path_[depth_].options, options);
  return path_[depth_++].picked;
}

std::size_t ExhaustiveChooser::PickThread(const std::vector<std::size_t>& enabled,
                                          std::size_t current) {
  const auto running = std::find(enabled.begin(), enabled.end(), current);
  if (enabled.size() == 1) return enabled[0];
  if (running == enabled.end()) return enabled[Pick(enabled.size())];
  if (preemptions_ == 0) return current;
  const std::size_t picked = Pick(enabled.size());  // 0: goes on
  if (picked == 0) return current;
  --preemptions_;
  const auto position = static_cast<std::size_t>(running - enabled.begin());
  return enabled[picked <= position ? picked - 1 : picked];
}

std::size_t ExhaustiveChooser::PickStaleness(std::size_t most) {
  if (most == 0 || stale_reads_ == 0) return 0;
  const std::size_t picked = Pick(most + 1);
  if (picked != 0) --stale_reads_;
  return picked;
}

RandomChooser::RandomChooser(std::uint64_t seed) : random_(seed) {
  by_priority_ = random_.Chance(0.5);
  constexpr double kSwitching[] = {0.5, 0.2, 0.05};
  switching_ = by_priority_ ? 0.03 : kSwitching[random_.Uniform(3)];
  staleness_ = random_.Chance(0.5) ? 0.0 : 0.2;
}

std::size_t RandomChooser::PickThread(const std::vector<std::size_t>& enabled,
                                      std::size_t current) {
  if (!by_priority_) {
    const bool stays = std::find(enabled.begin(), enabled.end(), current) != enabled.end() &&
                       !random_.Chance(switching_);
    return stays ? current : enabled[random_.Uniform(enabled.size())];
  }
  while (priorities_.size() <= enabled.back()) priorities_.push_back(random_.Next());
  // Now and then the one that runs falls behind, mostly behind all others.
  if (random_.Chance(switching_) && current < priorities_.size()) {
    priorities_[current] = random_.Uniform(1000);
  }
  return *std::max_element(enabled.begin(), enabled.end(), [this](std::size_t a, std::size_t b) {
    return priorities_[a] < priorities_[b];
  });
}

std::size_t RandomChooser::PickStaleness(std::size_t most) {
  if (most == 0 || staleness_ == 0.0 || !random_.Chance(staleness_)) return 0;
  return 1 + random_.Uniform(most);
}

}  // namespace riacho::internal
