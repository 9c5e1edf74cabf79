#include "model_based/exact_bucket.h"

#include <algorithm>

#include "absl/numeric/int128.h"

#include "riacho/model/limits.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kTicksPerNano = 16;
constexpr std::int64_t kTicksPerSecond = kTicksPerNano * 1'000'000'000;
constexpr std::int64_t kYear = 365 * 86'400 * kTicksPerSecond;

std::int64_t RefillTicks(std::int64_t tokens, std::int64_t per_second, std::int64_t most) {
  const absl::int128 ticks = absl::int128(tokens) * kTicksPerSecond / per_second;
  return ticks > most ? most : static_cast<std::int64_t>(ticks);
}

}  // namespace

ExactBucket::ExactBucket(std::int64_t per_second, std::int64_t burst, std::int64_t now_nanos)
    : unlimited_(per_second == Limits::kUnlimited),
      per_second_(per_second),
      burst_(burst),
      burst_ticks_(RefillTicks(burst, per_second, kYear)),
      most_ticks_(burst_ticks_ + 60 * kTicksPerSecond),
      at_nanos_(now_nanos) {}

void ExactBucket::SetBurst(std::int64_t burst) {
  if (unlimited_) return;
  burst_ = burst;
  burst_ticks_ = RefillTicks(burst, per_second_, kYear);
  most_ticks_ = burst_ticks_ + 60 * kTicksPerSecond;
}

std::int64_t ExactBucket::PriceOf(std::int64_t tokens) const {
  return RefillTicks(tokens, per_second_, most_ticks_);
}

// How much is missing now. More than any debt explains means that the clock was set back far: the
// bucket begins anew, empty.
std::int64_t ExactBucket::Missing(std::int64_t now_nanos) {
  const std::int64_t missing = missing_ - (now_nanos - at_nanos_) * kTicksPerNano;
  if (missing <= most_ticks_) return std::max<std::int64_t>(missing, 0);
  missing_ = burst_ticks_;
  at_nanos_ = now_nanos;
  return missing_;
}

bool ExactBucket::CanTake(std::int64_t tokens, std::int64_t now_nanos) {
  if (unlimited_) return true;
  return tokens <= burst_ && Missing(now_nanos) + PriceOf(tokens) <= burst_ticks_;
}

bool ExactBucket::Take(std::int64_t tokens, std::int64_t now_nanos) {
  if (!CanTake(tokens, now_nanos)) return false;
  Charge(tokens, now_nanos);
  return true;
}

void ExactBucket::Charge(std::int64_t tokens, std::int64_t now_nanos) {
  if (unlimited_) return;
  missing_ = std::min(Missing(now_nanos) + PriceOf(tokens), most_ticks_);
  at_nanos_ = now_nanos;
}

std::int64_t ExactBucket::Left(std::int64_t now_nanos) const {
  if (unlimited_) return 0;
  const absl::int128 ticks = burst_ticks_ - ExactBucket(*this).Missing(now_nanos);
  return static_cast<std::int64_t>(std::max<absl::int128>(ticks, 0) * per_second_ /
                                   kTicksPerSecond);
}

std::int64_t ExactBucket::ReadyAt(std::int64_t tokens, std::int64_t now_nanos) const {
  ExactBucket copy = *this;
  if (copy.CanTake(tokens, now_nanos) || tokens > burst_) return now_nanos;
  const std::int64_t wait = copy.Missing(now_nanos) + PriceOf(tokens) - burst_ticks_;
  return now_nanos + (wait + kTicksPerNano - 1) / kTicksPerNano;
}

void ExactBucket::Touch(std::int64_t now_nanos) { Charge(0, now_nanos); }

}  // namespace riacho::model_based
