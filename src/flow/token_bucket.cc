#include "flow/token_bucket.h"

#include <algorithm>

#include "absl/numeric/int128.h"

#include "base/check.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kTicksPerNano = 16;
constexpr std::uint64_t kTicksPerSecond = 16'000'000'000;
constexpr std::int64_t kYearTicks = 365 * 86'400 * static_cast<std::int64_t>(kTicksPerSecond);
constexpr std::uint64_t kLargestMultiplier = (std::uint64_t{1} << 63) - 1;

std::uint64_t ToTicks(std::int64_t unix_nanos) {
  return static_cast<std::uint64_t>(unix_nanos) * static_cast<std::uint64_t>(kTicksPerNano);
}

std::int64_t AtMost(absl::uint128 value, std::int64_t limit) {
  if (value > absl::uint128(static_cast<std::uint64_t>(limit))) return limit;
  return static_cast<std::int64_t>(absl::Uint128Low64(value));
}

}  // namespace

TokenBucket::TokenBucket(std::int64_t tokens_per_second, std::int64_t burst_tokens,
                         std::int64_t origin_unix_nanos)
    : full_at_(ToTicks(origin_unix_nanos)), tokens_per_second_(tokens_per_second) {
  RIACHO_CHECK(tokens_per_second >= 1 && burst_tokens >= 1, tokens_per_second, burst_tokens);
  if (tokens_per_second == kUnlimited) return;
  const absl::uint128 rate = static_cast<std::uint64_t>(tokens_per_second);
  // The price as a fraction over a power of two, as fine as 63 bits allow, so that a take
  // multiplies and never divides.
  while ((absl::uint128(kTicksPerSecond) << (shift_ + 1)) / rate <= kLargestMultiplier) ++shift_;
  multiplier_ = absl::Uint128Low64((absl::uint128(kTicksPerSecond) << shift_) / rate);
  SetBurst(burst_tokens);
}

void TokenBucket::SetBurst(std::int64_t burst_tokens) {
  RIACHO_CHECK(burst_tokens >= 1, burst_tokens);
  if (unlimited()) return;
  const absl::uint128 rate = static_cast<std::uint64_t>(tokens_per_second_);
  burst_ticks_.store(
      AtMost(absl::uint128(static_cast<std::uint64_t>(burst_tokens)) * kTicksPerSecond / rate,
             kYearTicks),
      std::memory_order_relaxed);
  burst_tokens_.store(burst_tokens, std::memory_order_relaxed);
}

std::int64_t TokenBucket::furthest_ticks() const {
  return burst_ticks() + kLongestDebtNanos * kTicksPerNano;
}

bool TokenBucket::TakeLimited(std::int64_t n, std::int64_t now_unix_nanos) {
  if (n > burst_tokens_.load(std::memory_order_relaxed)) return false;
  const Ticks now = ToTicks(now_unix_nanos);
  const std::int64_t price = PriceOf(n);
  // Relaxed here and in every other access: the word publishes nothing but itself.
  Ticks full_at = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t ahead = Ahead(full_at, now) + price;
    if (ahead > burst_ticks()) return false;
    if (full_at_.compare_exchange_weak(full_at, now + static_cast<Ticks>(ahead),
                                       std::memory_order_relaxed)) {
      return true;
    }
  }
}

void TokenBucket::GiveBackLimited(std::int64_t n) {
  full_at_.fetch_sub(static_cast<Ticks>(PriceOf(n)), std::memory_order_relaxed);
}

void TokenBucket::Charge(std::int64_t n, std::int64_t now_unix_nanos) {
  if (unlimited()) return;
  const Ticks now = ToTicks(now_unix_nanos);
  const std::int64_t price = PriceOf(n);
  Ticks full_at = full_at_.load(std::memory_order_relaxed);
  Ticks charged = 0;
  do {
    const std::int64_t ahead = std::min(Ahead(full_at, now) + price, furthest_ticks());
    charged = now + static_cast<Ticks>(ahead);
  } while (!full_at_.compare_exchange_weak(full_at, charged, std::memory_order_relaxed));
}

bool TokenBucket::InCredit(std::int64_t now_unix_nanos) const {
  if (unlimited()) return true;
  Ticks full_at = full_at_.load(std::memory_order_relaxed);
  return Ahead(full_at, ToTicks(now_unix_nanos)) <= burst_ticks();
}

std::int64_t TokenBucket::ReadyAt(std::int64_t now_unix_nanos) const {
  if (unlimited()) return now_unix_nanos;
  Ticks full_at = full_at_.load(std::memory_order_relaxed);
  const std::int64_t debt = Ahead(full_at, ToTicks(now_unix_nanos)) - burst_ticks();
  if (debt <= 0) return now_unix_nanos;
  const std::int64_t wait = (debt + kTicksPerNano - 1) / kTicksPerNano;
  return now_unix_nanos > kUnlimited - wait ? kUnlimited : now_unix_nanos + wait;
}

std::int64_t TokenBucket::PriceOf(std::int64_t n) const {
  RIACHO_CHECK(n >= 0, n);
  return AtMost((absl::uint128(static_cast<std::uint64_t>(n)) * multiplier_) >> shift_,
                furthest_ticks());
}

// How far the bucket is from full, in ticks: never negative, never beyond the longest debt. A word
// further ahead than that was written before the clock was set back; it is replaced for good, or
// the bucket would stay shut until the old time.
std::int64_t TokenBucket::Ahead(Ticks& full_at, Ticks now) const {
  for (;;) {
    const auto ahead = static_cast<std::int64_t>(full_at - now);
    if (ahead <= furthest_ticks()) return std::max<std::int64_t>(ahead, 0);
    const Ticks empty = now + static_cast<Ticks>(burst_ticks());
    if (full_at_.compare_exchange_weak(full_at, empty, std::memory_order_relaxed)) full_at = empty;
  }
}

}  // namespace riacho::internal
