// A token bucket in exact arithmetic: what the engine's lock-free one must amount to.
#pragma once

#include <cstdint>

namespace riacho::model_based {

// The arithmetic that flow/token_bucket.h documents, done the long way: what is missing from a full
// bucket is kept as the time that refills it, in sixteenths of a nanosecond; the price of a take is
// rounded down to those. Confined.
class ExactBucket {
 public:
  // Full at `now_nanos`. A rate of Limits::kUnlimited grants everything.
  ExactBucket(std::int64_t per_second, std::int64_t burst, std::int64_t now_nanos);

  bool CanTake(std::int64_t tokens, std::int64_t now_nanos);
  bool Take(std::int64_t tokens, std::int64_t now_nanos);
  void Charge(std::int64_t tokens, std::int64_t now_nanos);  // even if they are not there
  bool InCredit(std::int64_t now_nanos) { return CanTake(0, now_nanos); }

  // What is missing stays missing; a larger bucket has its new room filled.
  void SetBurst(std::int64_t burst);

  // The most that can be taken now, and when `tokens` can be; for those who look for the edge.
  // Asking changes nothing.
  std::int64_t Left(std::int64_t now_nanos) const;
  std::int64_t ReadyAt(std::int64_t tokens, std::int64_t now_nanos) const;

  // Takes nothing, but remembers the time: should the clock run back, the bucket fills again from
  // `now_nanos` on only.
  void Touch(std::int64_t now_nanos);

 private:
  std::int64_t PriceOf(std::int64_t tokens) const;
  std::int64_t Missing(std::int64_t now_nanos);

  bool unlimited_;
  std::int64_t per_second_;
  std::int64_t burst_;
  std::int64_t burst_ticks_;
  std::int64_t most_ticks_;  // a full burst and a minute of debt
  std::int64_t missing_ = 0;
  std::int64_t at_nanos_;
};

}  // namespace riacho::model_based
