#include "riacho/flow/retry_policy.h"

#include <algorithm>
#include <limits>

namespace riacho {
namespace {

std::int64_t WholeNanos(absl::Duration duration) {
  return std::max<std::int64_t>(absl::ToInt64Nanoseconds(duration), 0);
}

std::int64_t Grow(std::int64_t nanos, double factor) {
  const double grown = static_cast<double>(nanos) * factor;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (grown >= static_cast<double>(kMost)) return kMost;
  return grown > 0 ? static_cast<std::int64_t>(grown) : 0;
}

// Integers from here on: floating point would not round alike on every platform.
std::int64_t Spread(std::int64_t nanos, RetryJitter jitter, Random& random) {
  if (jitter == RetryJitter::kNone) return nanos;
  const std::int64_t certain = jitter == RetryJitter::kEqual ? nanos / 2 : 0;
  const auto open = static_cast<std::uint64_t>(nanos - certain);
  return certain + static_cast<std::int64_t>(random.Uniform(open + 1));
}

}  // namespace

Backoff::Backoff(const RetryPolicy& policy, std::uint64_t seed) : policy_(policy), random_(seed) {
  Reset();
}

std::optional<absl::Duration> Backoff::Next() {
  if (retries_ + 1 >= policy_.max_attempts) return std::nullopt;
  ++retries_;
  const std::int64_t nanos = std::min(delay_nanos_, WholeNanos(policy_.max_delay));
  delay_nanos_ = Grow(nanos, policy_.factor);
  return absl::Nanoseconds(Spread(nanos, policy_.jitter, random_));
}

void Backoff::Reset() {
  retries_ = 0;
  delay_nanos_ = WholeNanos(policy_.initial_delay);
}

}  // namespace riacho
