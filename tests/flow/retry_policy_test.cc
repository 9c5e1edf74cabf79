#include "riacho/flow/retry_policy.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<absl::Duration> Delays(Backoff& backoff) {
  std::vector<absl::Duration> delays;
  while (const std::optional<absl::Duration> delay = backoff.Next()) delays.push_back(*delay);
  return delays;
}

TEST(Backoff, DelaysGrowByTheFactorUpToTheCeiling) {
  Backoff backoff({.max_attempts = 6,
                   .initial_delay = absl::Milliseconds(100),
                   .factor = 3,
                   .max_delay = absl::Seconds(1),
                   .jitter = RetryJitter::kNone},
                  1);
  EXPECT_THAT(Delays(backoff),
              ElementsAre(absl::Milliseconds(100), absl::Milliseconds(300), absl::Milliseconds(900),
                          absl::Seconds(1), absl::Seconds(1)));
}

TEST(Backoff, CountsTheFirstAttemptAsOne) {
  for (const int attempts : {-1, 0, 1}) {
    Backoff backoff({.max_attempts = attempts}, 1);
    EXPECT_THAT(Delays(backoff), IsEmpty());
  }
  Backoff backoff({.max_attempts = 4}, 1);
  EXPECT_THAT(Delays(backoff), SizeIs(3));
  EXPECT_EQ(backoff.Next(), std::nullopt);
}

TEST(Backoff, FullJitterStaysBetweenZeroAndTheDelay) {
  bool low = false;
  bool high = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Backoff backoff({.max_attempts = 2, .initial_delay = absl::Seconds(1)}, seed);
    const absl::Duration delay = backoff.Next().value();
    EXPECT_GE(delay, absl::ZeroDuration());
    EXPECT_LE(delay, absl::Seconds(1));
    low = low || delay < absl::Milliseconds(100);
    high = high || delay > absl::Milliseconds(900);
  }
  EXPECT_TRUE(low && high);
}

TEST(Backoff, EqualJitterKeepsHalfOfTheDelay) {
  bool low = false;
  bool high = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Backoff backoff(
        {.max_attempts = 2, .initial_delay = absl::Seconds(1), .jitter = RetryJitter::kEqual},
        seed);
    const absl::Duration delay = backoff.Next().value();
    EXPECT_GE(delay, absl::Milliseconds(500));
    EXPECT_LE(delay, absl::Seconds(1));
    low = low || delay < absl::Milliseconds(550);
    high = high || delay > absl::Milliseconds(950);
  }
  EXPECT_TRUE(low && high);
}

TEST(Backoff, JitterDoesNotSlowTheGrowth) {
  Backoff backoff({.max_attempts = 11,
                   .initial_delay = absl::Seconds(1),
                   .max_delay = absl::InfiniteDuration(),
                   .jitter = RetryJitter::kEqual},
                  7);
  EXPECT_GE(Delays(backoff).back(), absl::Seconds(256));
}

TEST(Backoff, SameSeedGivesTheSameDelays) {
  const RetryPolicy policy = {.max_attempts = 20};
  Backoff first(policy, 42);
  Backoff second(policy, 42);
  Backoff other(policy, 43);
  const std::vector<absl::Duration> delays = Delays(first);
  EXPECT_EQ(delays, Delays(second));
  EXPECT_NE(delays, Delays(other));
}

// The numbers are those of the first release; another platform or a later release must give the
// same.
TEST(Backoff, DelaysOfASeedAreTheSameOnEveryPlatform) {
  Backoff backoff({.max_attempts = 4}, 42);
  EXPECT_THAT(Delays(backoff),
              ElementsAre(absl::Nanoseconds(8'386'297), absl::Nanoseconds(75'796'050),
                          absl::Nanoseconds(272'017'365)));
}

TEST(Backoff, ResetBeginsANewSeries) {
  Backoff backoff({.max_attempts = 3, .factor = 10, .jitter = RetryJitter::kNone}, 1);
  const std::vector<absl::Duration> delays = Delays(backoff);
  EXPECT_THAT(delays, SizeIs(2));
  backoff.Reset();
  EXPECT_EQ(Delays(backoff), delays);
}

TEST(Backoff, BearsExtremesOfDelayAndFactor) {
  Backoff endless({.max_attempts = 100,
                   .initial_delay = absl::InfiniteDuration(),
                   .factor = 1e300,
                   .max_delay = absl::InfiniteDuration()},
                  1);
  for (const absl::Duration delay : Delays(endless)) EXPECT_GE(delay, absl::ZeroDuration());
  Backoff nothing({.max_attempts = 3,
                   .initial_delay = absl::Seconds(-1),
                   .factor = -std::numeric_limits<double>::infinity(),
                   .max_delay = absl::Seconds(-1)},
                  1);
  EXPECT_THAT(Delays(nothing), ElementsAre(absl::ZeroDuration(), absl::ZeroDuration()));
}

}  // namespace
}  // namespace riacho
