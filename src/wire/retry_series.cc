#include "wire/retry_series.h"

#include <algorithm>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

RetryPolicy BeginningWith(RetryPolicy policy, absl::Duration delay) {
  policy.initial_delay = delay;
  return policy;
}

}  // namespace

RetryClass RetryClassOf(const absl::Status& error) {
  const std::optional<ErrorCode> code = GetErrorCode(error);
  if (code == ErrorCode::kLimitExceeded || code == ErrorCode::kProvisionedThroughputExceeded)
    return RetryClass::kThrottling;
  const bool is_transient = code.has_value()
                                ? code == ErrorCode::kInternalFailure
                                : absl::IsUnavailable(error) || absl::IsDeadlineExceeded(error);
  return is_transient ? RetryClass::kTransient : RetryClass::kNever;
}

RetrySeries::RetrySeries(const RetryPolicy& policy, absl::Duration throttling_delay,
                         std::uint64_t seed, RetryQuota& quota)
    : after_trouble_(policy, seed),
      after_throttling_(BeginningWith(policy, throttling_delay), seed),
      quota_(quota) {}

std::optional<absl::Duration> RetrySeries::Next(const absl::Status& error,
                                                std::optional<absl::Duration> hint) {
  constexpr absl::Duration kMostForAHint = absl::Seconds(5);
  const RetryClass kind = RetryClassOf(error);
  if (kind == RetryClass::kNever) return std::nullopt;
  // Both count every failure: a delay grows with the attempts, whatever failed them.
  const std::optional<absl::Duration> trouble = after_trouble_.Next();
  const std::optional<absl::Duration> throttling = after_throttling_.Next();
  const bool throttled = kind == RetryClass::kThrottling;
  const std::optional<absl::Duration> delay = throttled ? throttling : trouble;
  if (!delay.has_value()) return std::nullopt;
  const int cost = throttled ? RetryQuota::kThrottlingCost : RetryQuota::kTransientCost;
  if (!quota_.Take(cost)) return std::nullopt;
  paid_ = cost;
  return std::clamp(hint.value_or(*delay), *delay, *delay + kMostForAHint);
}

void RetrySeries::Succeed() { quota_.GiveBack(paid_); }

}  // namespace riacho::internal
