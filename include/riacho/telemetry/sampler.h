// Sampler: decides which traces are kept, so that there are enough to look at and not too many to
// pay for.
//
//   riacho::Sampler sampler(rules, /*seed=*/42);
//   if (sampler.Decide({.url_path = "/api/pay/17"}, clock.TimeNow()).sampled) { ... }
//
// A Tracer has one, and asks it for the root of each trace alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/base/random.h"
#include "riacho/telemetry/sampling_rules.h"

namespace riacho {

struct SamplingVerdict {
  bool sampled = false;
  std::string_view rule_name = {};  // by which; lives as long as the sampler
};

// What a rule has decided so far.
struct SamplingStatistics {
  std::string rule_name = {};
  std::int64_t request_count = 0;
  std::int64_t sampled_count = 0;

  friend bool operator==(const SamplingStatistics&, const SamplingStatistics&) = default;
};

// Thread-safe: a decision takes a mutex, and allocates nothing.
//
// A rule has its reservoir for each second of the clock, counted from whole seconds of the Unix
// epoch; what is not used is lost. The same seed and the same requests at the same times have the
// same verdicts.
//
// Source: AWS X-Ray Developer Guide, "Configuring sampling rules".
class Sampler {
 public:
  // Without a seed chance comes from the operating system.
  explicit Sampler(SamplingRules rules = {}, std::optional<std::uint64_t> seed = std::nullopt);

  SamplingVerdict Decide(const SamplingRequest& request, absl::Time now);

  // In the order of the rules.
  std::vector<SamplingStatistics> Statistics() const;

  const SamplingRules& rules() const { return rules_; }

 private:
  struct State {
    std::int64_t second = 0;
    std::int64_t taken = 0;  // of the reservoir, in that second
    std::int64_t request_count = 0;
    std::int64_t sampled_count = 0;
  };

  const SamplingRules rules_;
  mutable std::mutex mutex_;
  Random random_;              // what follows is guarded by mutex_
  std::vector<State> states_;  // by rule
};

}  // namespace riacho
