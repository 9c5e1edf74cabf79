// TokenBucket: so many tokens a second, with a burst, in one atomic word.
//
//   TokenBucket writes(/*tokens_per_second=*/1000, /*burst_tokens=*/1000, now);
//   if (!writes.Take(1, now)) return ...;   // kProvisionedThroughputExceeded
//
// The word holds the time at which the bucket will be full again (generic cell rate algorithm: the
// theoretical arrival time). A take moves it into the future, at most as far as the burst reaches;
// time refills the bucket by passing.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace riacho::internal {

// Thread-safe and lock-free, all methods: a compare-and-swap that fails means that another thread's
// has succeeded. A refused take is one load. The caller tells the time, in nanoseconds since the
// Unix epoch.
//
// Precision: the word counts sixteenths of a nanosecond, and the price of a take is rounded down to
// them. The bucket never refuses what exact arithmetic would grant; k takes may win k/8 ns of
// refill over it. A full burst of 1 MiB at 1 MiB/s comes out to the byte in up to 10,000 takes, and
// at rates that divide 16e9 every count is exact.
//
// Time may run backwards: it makes no tokens, and takes wait for the old time to come again. If it
// ran back further than debt and burst can explain, the bucket begins anew, empty. The arithmetic
// is circular, so no date is out of range; a bucket not touched for 18 years may begin anew, empty,
// as well.
class TokenBucket {
 public:
  // As a rate: no limit. Every take is granted, and no atomic is touched.
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

  // How far Charge can take a bucket into debt: what a minute refills.
  static constexpr std::int64_t kLongestDebtNanos = 60'000'000'000;

  // Full at `origin_unix_nanos`. Rate and burst are at least 1; a burst beyond a year's refill
  // counts as that.
  TokenBucket(std::int64_t tokens_per_second, std::int64_t burst_tokens,
              std::int64_t origin_unix_nanos);

  TokenBucket(const TokenBucket&) = delete;
  TokenBucket& operator=(const TokenBucket&) = delete;

  // Whether it ever refuses anything.
  bool limited() const { return !unlimited(); }
  std::int64_t tokens_per_second() const { return tokens_per_second_; }

  // Takes all of `n` tokens or none. More than the burst is always refused. `n` is not negative.
  bool Take(std::int64_t n, std::int64_t now_unix_nanos) {
    return unlimited() || TakeLimited(n, now_unix_nanos);
  }

  // Returns tokens of a Take that was granted just now. Never raises the bucket above its burst.
  void GiveBack(std::int64_t n) {
    if (!unlimited()) GiveBackLimited(n);
  }

  // Takes `n` tokens even if they are not there: for work whose size is known only afterwards.
  void Charge(std::int64_t n, std::int64_t now_unix_nanos);

  // True unless the bucket is in debt: a take of zero tokens would be granted.
  bool InCredit(std::int64_t now_unix_nanos) const;

  // Changes the burst. What is missing from a full bucket stays the same, so a larger burst can be
  // taken at once, a smaller one may have to wait until the rest is refilled, and changing back and
  // forth wins nothing. Calls of SetBurst exclude each other; all other methods may run beside it,
  // and see the old burst or the new one.
  void SetBurst(std::int64_t burst_tokens);

  // The first time, now or later, at which InCredit is true if nothing more is taken.
  std::int64_t ReadyAt(std::int64_t now_unix_nanos) const;

 private:
  // Time in sixteenths of a nanosecond on a circle of 36 years; differences are read as signed.
  using Ticks = std::uint64_t;

  bool unlimited() const { return multiplier_ == 0; }
  bool TakeLimited(std::int64_t n, std::int64_t now_unix_nanos);
  void GiveBackLimited(std::int64_t n);
  std::int64_t burst_ticks() const { return burst_ticks_.load(std::memory_order_relaxed); }
  // Burst and longest debt: no word is further ahead of its time.
  std::int64_t furthest_ticks() const;
  std::int64_t PriceOf(std::int64_t n) const;
  std::int64_t Ahead(Ticks& full_at, Ticks now) const;

  // Mutable for Ahead, which replaces a word that only a clock set back can explain.
  mutable std::atomic<Ticks> full_at_;
  std::uint64_t multiplier_ =
      0;  // a token's price in ticks is multiplier_ / 2^shift_; 0 if unlimited
  int shift_ = 0;
  std::int64_t tokens_per_second_;
  // Relaxed, both: a take that sees one of them old and the other new does as it would have a
  // moment before or after.
  std::atomic<std::int64_t> burst_tokens_ = 0;
  std::atomic<std::int64_t> burst_ticks_ = 0;
};

}  // namespace riacho::internal
