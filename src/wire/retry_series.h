// RetrySeries: the attempts of one call, as the SDKs' standard mode counts them.
//
// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode, with the delays and
// costs that all SDKs have in common since 2026.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "riacho/flow/retry_policy.h"
#include "wire/retry_quota.h"

namespace riacho::internal {

enum class RetryClass : unsigned char {
  kNever,
  kTransient,   // HTTP 500, 502, 503, 504; time-outs and broken connections
  kThrottling,  // but not that of KMS
};

// Of what StatusOfAnswer, StatusOfException, or a connection said.
RetryClass RetryClassOf(const absl::Status& error);

class RetrySeries {
 public:
  // Delays begin at `policy.initial_delay` after what is transient, at `throttling_delay` after
  // throttling; each failure doubles both. `quota` must outlive this.
  RetrySeries(const RetryPolicy& policy, absl::Duration throttling_delay, std::uint64_t seed,
              RetryQuota& quota);

  // After a failure: how long to wait for the next attempt, paid for, or nothing if it was the
  // last. `hint` is what the endpoint asked for: it makes the delay longer, by five seconds at
  // most.
  std::optional<absl::Duration> Next(const absl::Status& error, std::optional<absl::Duration> hint);

  // After the attempt that succeeded.
  void Succeed();

 private:
  Backoff after_trouble_;
  Backoff after_throttling_;
  RetryQuota& quota_;
  int paid_ = RetryQuota::kFirstSuccess;
};

}  // namespace riacho::internal
