// RetryPolicy says how often and after which delays to try again; Backoff counts through one such
// series.
//
//   riacho::Backoff backoff({.max_attempts = 5}, /*seed=*/42);
//   absl::Status status = Send();
//   while (riacho::IsRetryable(status)) {
//     std::optional<absl::Duration> delay = backoff.Next();
//     if (!delay.has_value()) break;
//     ...   // Send() again when *delay has passed
//   }
#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

#include "riacho/base/random.h"

namespace riacho {

// How chance spreads the delays of those who failed together.
enum class RetryJitter {
  kNone,   // the whole delay
  kFull,   // between zero and the delay
  kEqual,  // between half the delay and the delay
};

// The k-th delay is `initial_delay` times `factor` to the power k - 1, at most `max_delay`; jitter
// is applied to that.
struct RetryPolicy {
  int max_attempts = 3;  // the first one included; less than 2 means never again
  absl::Duration initial_delay = absl::Milliseconds(100);  // a negative one counts as zero
  double factor = 2.0;
  absl::Duration max_delay = absl::Seconds(20);
  RetryJitter jitter = RetryJitter::kFull;

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

// Thread-compatible. A value: a copy goes on with the same delays. The same policy and seed give
// the same delays on every platform. Delays are whole nanoseconds.
class Backoff {
 public:
  Backoff(const RetryPolicy& policy, std::uint64_t seed);

  // The delay before the next attempt, or nothing when the attempts are used up.
  std::optional<absl::Duration> Next();

  // Begins a new series, after a success. Its delays differ from those of the series before by
  // their jitter.
  void Reset();

 private:
  RetryPolicy policy_;
  Random random_;
  int retries_ = 0;
  std::int64_t delay_nanos_ = 0;  // of the next retry, before jitter
};

}  // namespace riacho
