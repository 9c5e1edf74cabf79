#include "riacho/telemetry/sampler.h"

#include <utility>

#include "telemetry/random_source.h"

namespace riacho {

Sampler::Sampler(SamplingRules rules, std::optional<std::uint64_t> seed)
    : rules_(std::move(rules)),
      random_(internal::RandomSource(seed).Take<1>()[0]),
      states_(rules_.rules().size()) {}

SamplingVerdict Sampler::Decide(const SamplingRequest& request, absl::Time now) {
  const std::size_t place = rules_.Find(request);
  const SamplingRule& rule = rules_.rules()[place];
  const std::int64_t second = absl::ToUnixSeconds(now);
  const std::lock_guard lock(mutex_);
  State& state = states_[place];
  if (state.second != second) {
    state.second = second;
    state.taken = 0;
  }
  const bool in_reservoir = state.taken < rule.reservoir_size;
  if (in_reservoir) ++state.taken;
  const bool sampled = in_reservoir || random_.Chance(rule.fixed_rate);
  ++state.request_count;
  if (sampled) ++state.sampled_count;
  return {.sampled = sampled, .rule_name = rule.rule_name};
}

std::vector<SamplingStatistics> Sampler::Statistics() const {
  std::vector<SamplingStatistics> statistics;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    statistics.push_back({.rule_name = rules_.rules()[i].rule_name,
                          .request_count = states_[i].request_count,
                          .sampled_count = states_[i].sampled_count});
  }
  return statistics;
}

}  // namespace riacho
