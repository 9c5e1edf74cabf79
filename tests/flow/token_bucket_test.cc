#include "flow/token_bucket.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include "absl/numeric/int128.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kYear = 365 * 24 * 60 * kMinute;
constexpr std::int64_t kStart = 1'767'225'600 * kSecond;  // 2026-01-01
constexpr std::int64_t kMebibyte = 1'048'576;

TEST(TokenBucket, GrantsTheBurstAndNotOneTokenMore) {
  TokenBucket bucket(1'000, 1'000, kStart);
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(bucket.Take(1, kStart));
  EXPECT_FALSE(bucket.Take(1, kStart));
  EXPECT_TRUE(bucket.Take(0, kStart));
}

TEST(TokenBucket, TakesAllOrNone) {
  TokenBucket bucket(10, 10, kStart);
  EXPECT_TRUE(bucket.Take(4, kStart));
  EXPECT_FALSE(bucket.Take(7, kStart));
  EXPECT_TRUE(bucket.Take(6, kStart));
}

TEST(TokenBucket, AFullBucketStaysFullWhenItsBurstChanges) {
  TokenBucket bucket(10, 10, kStart);
  bucket.SetBurst(100);
  EXPECT_TRUE(bucket.Take(100, kStart));
  EXPECT_FALSE(bucket.Take(1, kStart));
  EXPECT_TRUE(bucket.Take(10, kStart + kSecond));
  EXPECT_FALSE(bucket.Take(100, kStart + 10 * kSecond));
  EXPECT_TRUE(bucket.Take(100, kStart + 11 * kSecond));
  bucket.SetBurst(10);
  EXPECT_FALSE(bucket.Take(11, kStart + 60 * kSecond));
  EXPECT_TRUE(bucket.Take(10, kStart + 60 * kSecond));
  EXPECT_FALSE(bucket.Take(1, kStart + 60 * kSecond));
}

TEST(TokenBucket, RefusesMoreThanTheBurstHoweverLongItWaits) {
  TokenBucket bucket(10, 20, kStart);
  EXPECT_FALSE(bucket.Take(21, kStart + kYear));
  EXPECT_FALSE(bucket.Take(std::numeric_limits<std::int64_t>::max(), kStart + kYear));
  EXPECT_TRUE(bucket.Take(20, kStart + kYear));
}

// 16e9 ticks do not divide by 1,048,576: prices are rounded, and still the burst must come out to
// the byte, in one take or in many equal, unequal or lopsided ones.
TEST(TokenBucket, GrantsABurstOfOneMebibyteToTheByteInUpToAThousandTakes) {
  for (std::int64_t takes = 1; takes <= 1'000; ++takes) {
    TokenBucket equal(kMebibyte, kMebibyte, kStart);
    std::int64_t left = kMebibyte;
    for (std::int64_t i = takes; i > 0; --i) {
      ASSERT_TRUE(equal.Take(left / i, kStart)) << takes << " takes, " << i << " to come";
      left -= left / i;
    }
    ASSERT_EQ(left, 0);
    ASSERT_FALSE(equal.Take(1, kStart)) << takes << " takes";

    TokenBucket lopsided(kMebibyte, kMebibyte, kStart);
    for (std::int64_t i = 1; i < takes; ++i) ASSERT_TRUE(lopsided.Take(1, kStart));
    ASSERT_FALSE(lopsided.Take(kMebibyte - takes + 2, kStart)) << takes << " takes";
    ASSERT_TRUE(lopsided.Take(kMebibyte - takes + 1, kStart)) << takes << " takes";
    ASSERT_FALSE(lopsided.Take(1, kStart)) << takes << " takes";
  }
}

TEST(TokenBucket, RefillsAtItsRateUpToItsBurst) {
  TokenBucket bucket(1'000, 1'000, kStart);
  ASSERT_TRUE(bucket.Take(1'000, kStart));
  EXPECT_FALSE(bucket.Take(1, kStart + kSecond / 1'000 - 1));
  EXPECT_TRUE(bucket.Take(1, kStart + kSecond / 1'000));
  EXPECT_FALSE(bucket.Take(1, kStart + kSecond / 1'000));
  const std::int64_t later = kStart + 100 * kSecond;
  EXPECT_TRUE(bucket.Take(1'000, later));
  EXPECT_FALSE(bucket.Take(1, later));
}

TEST(TokenBucket, HoldsABurstApartFromItsRate) {
  TokenBucket bucket(1, 5, kStart);
  EXPECT_TRUE(bucket.Take(5, kStart));
  EXPECT_FALSE(bucket.Take(1, kStart + kSecond - 1));
  EXPECT_TRUE(bucket.Take(1, kStart + kSecond));
  EXPECT_TRUE(bucket.Take(5, kStart + 6 * kSecond));
  EXPECT_FALSE(bucket.Take(1, kStart + 6 * kSecond));
}

TEST(TokenBucket, GiveBackUndoesATakeExactly) {
  for (const std::int64_t rate : {std::int64_t{3}, std::int64_t{1'000}, kMebibyte}) {
    TokenBucket bucket(rate, rate, kStart);
    for (int i = 0; i < 10'000; ++i) {
      ASSERT_TRUE(bucket.Take(rate / 2 + 1, kStart));
      bucket.GiveBack(rate / 2 + 1);
    }
    EXPECT_TRUE(bucket.Take(rate, kStart));
    EXPECT_FALSE(bucket.Take(1, kStart));
  }
}

TEST(TokenBucket, GiveBackNeverOverfillsTheBucket) {
  TokenBucket bucket(10, 10, kStart);
  ASSERT_TRUE(bucket.Take(10, kStart));
  bucket.GiveBack(10);
  bucket.GiveBack(10);
  EXPECT_TRUE(bucket.Take(10, kStart));
  EXPECT_FALSE(bucket.Take(1, kStart));
}

TEST(TokenBucket, ChargeGoesIntoDebtThatTimePaysOff) {
  TokenBucket bucket(2 * kMebibyte, 2 * kMebibyte, kStart);
  bucket.Charge(10 * kMebibyte, kStart);
  EXPECT_FALSE(bucket.InCredit(kStart));
  EXPECT_FALSE(bucket.Take(0, kStart));
  EXPECT_EQ(bucket.ReadyAt(kStart), kStart + 4 * kSecond);
  EXPECT_EQ(bucket.ReadyAt(kStart + kSecond), kStart + 4 * kSecond);
  EXPECT_FALSE(bucket.InCredit(kStart + 4 * kSecond - 1));
  EXPECT_TRUE(bucket.InCredit(kStart + 4 * kSecond));
  EXPECT_FALSE(bucket.Take(1, kStart + 4 * kSecond));
  EXPECT_TRUE(bucket.Take(2 * kMebibyte, kStart + 5 * kSecond));
}

TEST(TokenBucket, IsInCreditUntilMoreThanTheBurstIsCharged) {
  TokenBucket bucket(1'000, 1'000, kStart);
  bucket.Charge(1'000, kStart);
  EXPECT_TRUE(bucket.InCredit(kStart));
  EXPECT_EQ(bucket.ReadyAt(kStart), kStart);
  bucket.Charge(1, kStart);
  EXPECT_FALSE(bucket.InCredit(kStart));
  EXPECT_EQ(bucket.ReadyAt(kStart), kStart + kSecond / 1'000);
}

TEST(TokenBucket, DebtIsNoLongerThanAMinute) {
  TokenBucket bucket(1, 1, kStart);
  bucket.Charge(std::numeric_limits<std::int64_t>::max(), kStart);
  bucket.Charge(std::numeric_limits<std::int64_t>::max(), kStart);
  EXPECT_EQ(bucket.ReadyAt(kStart), kStart + kMinute);
  EXPECT_TRUE(bucket.InCredit(kStart + kMinute));
}

TEST(TokenBucket, UnlimitedGrantsEverything) {
  TokenBucket bucket(TokenBucket::kUnlimited, 1, kStart);
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.Take(most, kStart));
  bucket.Charge(most, kStart);
  bucket.GiveBack(most);
  EXPECT_TRUE(bucket.InCredit(kStart));
  EXPECT_EQ(bucket.ReadyAt(kStart), kStart);
}

TEST(TokenBucket, TimeSetBackMakesNoTokensAndTheOldTimeFindsThemAgain) {
  TokenBucket bucket(1'000, 1'000, kStart);
  ASSERT_TRUE(bucket.Take(1'000, kStart));
  const std::int64_t earlier = kStart - 10 * kSecond;
  EXPECT_FALSE(bucket.Take(1, earlier));
  EXPECT_FALSE(bucket.Take(1, kStart));
  EXPECT_TRUE(bucket.Take(500, kStart + kSecond / 2));
  EXPECT_FALSE(bucket.Take(1, kStart + kSecond / 2));
}

TEST(TokenBucket, TimeSetFarBackEmptiesTheBucketAndDoesNotShutIt) {
  for (const std::int64_t back : {2 * kMinute, kYear, 17 * kYear}) {
    TokenBucket bucket(1'000, 1'000, kStart);
    const std::int64_t earlier = kStart - back;
    EXPECT_FALSE(bucket.Take(1, earlier));
    EXPECT_TRUE(bucket.InCredit(earlier));
    EXPECT_FALSE(bucket.Take(1'000, earlier + kSecond - 1));
    EXPECT_TRUE(bucket.Take(1'000, earlier + kSecond));
    EXPECT_FALSE(bucket.Take(1, earlier + kSecond));
  }
}

TEST(TokenBucket, WorksAtEveryDateAndOnBothSidesOfTheEndOfItsCircle) {
  for (std::int64_t year = -50; year <= 200; year += 5) {
    const std::int64_t now = year * kYear;
    TokenBucket bucket(1'000, 1'000, now);
    EXPECT_TRUE(bucket.Take(1'000, now));
    EXPECT_FALSE(bucket.Take(1, now));
    EXPECT_TRUE(bucket.Take(1, now + kSecond / 1'000));
  }
  for (const std::int64_t edge : {std::int64_t{0}, std::int64_t{1} << 60}) {
    TokenBucket bucket(1'000, 1'000, edge - kSecond / 2);
    EXPECT_TRUE(bucket.Take(1'000, edge - kSecond / 2));
    EXPECT_FALSE(bucket.Take(1'000, edge));
    EXPECT_TRUE(bucket.Take(1'000, edge + kSecond / 2));
  }
}

TEST(TokenBucket, RecoversWithinItsBurstAfterAnyIdleTime) {
  for (std::int64_t idle = 0; idle <= 100; ++idle) {
    TokenBucket bucket(1'000, 1'000, kStart);
    ASSERT_TRUE(bucket.Take(1'000, kStart));
    const std::int64_t later = kStart + idle * kYear;
    bucket.Take(1, later);
    EXPECT_TRUE(bucket.Take(999, later + kSecond)) << idle << " years";
  }
}

TEST(TokenBucket, AcceptsExtremesOfRateBurstAndTime) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t rate : {std::int64_t{1}, std::int64_t{1'000'000'007}, most - 1}) {
    for (const std::int64_t burst : {std::int64_t{1}, most}) {
      TokenBucket bucket(rate, burst, least);
      EXPECT_TRUE(bucket.Take(1, least));
      bucket.Charge(most, 0);
      bucket.GiveBack(most);
      EXPECT_GE(bucket.ReadyAt(most), most - 1);
      EXPECT_GE(bucket.ReadyAt(least), least);
    }
  }
}

// Needs threads: a take that races another may neither lose nor make tokens. Time stands still, so
// the burst is all there is, and exactly all of it must be granted.
TEST(TokenBucket, ConcurrentTakesGrantExactlyTheBurst) {
  constexpr std::int64_t kBurst = 40'000;
  TokenBucket bucket(kBurst, kBurst, kStart);
  std::atomic<std::int64_t> granted = 0;
  std::vector<std::jthread> takers;
  for (int t = 0; t < 4; ++t) {
    takers.emplace_back([&] {
      std::int64_t mine = 0;
      for (std::int64_t i = 0; i < kBurst / 2; ++i) mine += bucket.Take(1, kStart) ? 1 : 0;
      granted += mine;
    });
  }
  takers.clear();
  EXPECT_EQ(granted, kBurst);
}

// Needs threads, as above; here time moves, charges and returned tokens mix in, and one thread's
// clock lags behind.
TEST(TokenBucket, ConcurrentTakesNeverExceedRateTimesTimePlusBurst) {
  constexpr std::int64_t kRate = 1'000'000;
  constexpr std::int64_t kBurst = 1'000;
  constexpr std::int64_t kSteps = 20'000;
  TokenBucket bucket(kRate, kBurst, kStart);
  std::atomic<std::int64_t> clock = kStart;
  std::atomic<std::int64_t> granted = 0;
  std::vector<std::jthread> takers;
  for (int t = 0; t < 4; ++t) {
    takers.emplace_back([&, t] {
      std::int64_t mine = 0;
      for (std::int64_t i = 0; i < kSteps; ++i) {
        const std::int64_t now = clock.fetch_add(100) - (t == 0 ? 50'000 : 0);
        const std::int64_t n = i % 7 + 1;
        if (!bucket.Take(n, now)) continue;
        mine += n;
        if (i % 5 == 0) {
          bucket.Charge(n, now);
          mine += n;
        }
      }
      granted += mine;
    });
  }
  takers.clear();
  const std::int64_t elapsed = clock - kStart;
  const std::int64_t most = kBurst + elapsed * (kRate / 1'000) / 1'000'000;
  EXPECT_LE(granted, most + 4 * 7);  // each thread may be one charge in debt
  EXPECT_GE(granted, most / 2);
}

// A bucket as a textbook has it: the level in billionths of a token, in 128-bit integers, with no
// rounding anywhere.
class ExactBucket {
 public:
  ExactBucket(std::int64_t rate, std::int64_t burst, std::int64_t origin)
      : rate_(rate), full_(absl::int128(burst) * kSecond), level_(full_), seen_(origin) {}

  absl::int128 LevelAt(std::int64_t now) {
    if (now > seen_) {
      level_ = std::min(full_, level_ + absl::int128(now - seen_) * rate_);
      seen_ = now;
    }
    return level_ - absl::int128(seen_ - now) * rate_;  // before the time seen last, less is there
  }
  void Remove(std::int64_t n) { level_ = std::min(full_, level_ - absl::int128(n) * kSecond); }

 private:
  absl::int128 rate_;
  absl::int128 full_;
  absl::int128 level_;
  std::int64_t seen_;
};

// Random takes, charges, returns and times, small steps back included. Where the rate divides the
// ticks the answers must be equal; elsewhere the bucket may run ahead of the exact one by two
// ticks' refill per operation, never behind it.
void CompareWithExactBucket(std::int64_t rate, std::int64_t burst, std::uint64_t seed) {
  constexpr int kOperations = 3'000;
  const bool exact = 16 * kSecond % rate == 0;
  Random random(seed);
  TokenBucket bucket(rate, burst, kStart);
  ExactBucket model(rate, burst, kStart);
  std::int64_t now = kStart;
  const auto around = static_cast<std::uint64_t>(std::max<std::int64_t>(2 * burst / 5, 2));
  const auto step =
      static_cast<std::uint64_t>(std::max<std::int64_t>(kSecond / rate * burst / 2, 16));
  for (int i = 0; i < kOperations; ++i) {
    const auto n = static_cast<std::int64_t>(random.Uniform(around));
    if (random.Chance(0.6)) now += static_cast<std::int64_t>(random.Uniform(step));
    const std::int64_t at =
        now - (random.Chance(0.1) ? static_cast<std::int64_t>(random.Uniform(1'000)) : 0);
    const absl::int128 level = model.LevelAt(at);
    const absl::int128 slack = exact ? 0 : absl::int128(i + 1) * 2 * rate / 16 + 1;
    if (random.Chance(0.1)) {
      const bool in_credit = bucket.InCredit(at);
      ASSERT_TRUE(in_credit || level < 0) << "seed " << seed << " operation " << i;
      ASSERT_TRUE(!in_credit || level >= -slack) << "seed " << seed << " operation " << i;
    } else if (level < absl::int128(burst) * kSecond / 10 || !random.Chance(0.05)) {
      const bool taken = bucket.Take(n, at);
      const absl::int128 missing = absl::int128(n) * kSecond - level;
      ASSERT_TRUE(taken || missing > 0) << "seed " << seed << " operation " << i;
      ASSERT_TRUE(!taken || missing <= slack) << "seed " << seed << " operation " << i;
      if (taken) {
        const bool give_back = random.Chance(0.2);
        if (give_back) bucket.GiveBack(n);
        if (!give_back) model.Remove(n);
      }
    } else {
      bucket.Charge(n, at);
      model.Remove(n);
    }
  }
}

TEST(TokenBucket, AgreesWithExactArithmeticOnRandomOperations) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CompareWithExactBucket(5, 5, seed);
    CompareWithExactBucket(1'000, 1'000, seed);
    CompareWithExactBucket(1'000'000, 250, seed);
    CompareWithExactBucket(kMebibyte, kMebibyte, seed);
    CompareWithExactBucket(2 * kMebibyte, 2 * kMebibyte, seed);
    CompareWithExactBucket(3, 10, seed);
    CompareWithExactBucket(999'983, 7, seed);
  }
}

}  // namespace
}  // namespace riacho::internal
