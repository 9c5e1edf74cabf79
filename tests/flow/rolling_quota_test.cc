#include "flow/rolling_quota.h"

#include <cstdint>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kHour = std::int64_t{3600} * 1'000'000'000;

TEST(RollingQuota, GrantsTheLimitInAnyWindow) {
  RollingQuota quota(2, absl::Hours(24));
  EXPECT_TRUE(quota.Take(0));
  EXPECT_TRUE(quota.Take(10 * kHour));
  EXPECT_FALSE(quota.Take(24 * kHour - 1));
  EXPECT_TRUE(quota.Take(24 * kHour));
  EXPECT_FALSE(quota.Take(34 * kHour - 1));
  EXPECT_TRUE(quota.Take(34 * kHour));
}

TEST(RollingQuota, RefusedTakesDoNotCount) {
  RollingQuota quota(1, absl::Hours(24));
  EXPECT_TRUE(quota.Take(0));
  for (int i = 1; i < 24; ++i) EXPECT_FALSE(quota.Take(i * kHour));
  EXPECT_TRUE(quota.Take(24 * kHour));
}

TEST(RollingQuota, IsUnusedWhenTheLastTakeHasLeftTheWindow) {
  RollingQuota quota(2, absl::Hours(24));
  EXPECT_TRUE(quota.Unused(0));
  EXPECT_TRUE(quota.Take(0));
  EXPECT_TRUE(quota.Take(kHour));
  EXPECT_FALSE(quota.Unused(25 * kHour - 1));
  EXPECT_TRUE(quota.Unused(25 * kHour));
}

TEST(RollingQuota, UnlimitedRemembersNothing) {
  RollingQuota quota(RollingQuota::kUnlimited, absl::Hours(24));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(quota.Take(0));
  EXPECT_TRUE(quota.Unused(0));
}

TEST(RollingQuota, NoneIsALimitToo) {
  RollingQuota quota(0, absl::Hours(24));
  EXPECT_FALSE(quota.Take(0));
}

// Time that runs backwards frees nothing and takes nothing away.
TEST(RollingQuota, ClockSetBackFreesNothing) {
  RollingQuota quota(1, absl::Hours(24));
  EXPECT_TRUE(quota.Take(100 * kHour));
  EXPECT_FALSE(quota.Take(0));
  EXPECT_TRUE(quota.Take(124 * kHour));
}

}  // namespace
}  // namespace riacho::internal
