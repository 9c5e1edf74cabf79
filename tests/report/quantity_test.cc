#include "report/quantity.h"

#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;

std::string Plain(double value, Quantity quantity = Quantity::kCount) {
  return Show(value, quantity, kPlainNumbers);
}

TEST(Show, CountsHaveThousandsAndFewDecimals) {
  EXPECT_EQ(Plain(0), "0");
  EXPECT_EQ(Plain(0.000012), "0.000012");
  EXPECT_EQ(Plain(0.04), "0.04");
  EXPECT_EQ(Plain(0.0417), "0.042");
  EXPECT_EQ(Plain(0.0996), "0.1");
  EXPECT_EQ(Plain(0.5), "0.5");
  EXPECT_EQ(Plain(0.996), "1");
  EXPECT_EQ(Plain(3), "3");
  EXPECT_EQ(Plain(9.96), "10");
  EXPECT_EQ(Plain(999.6), "1,000");
  EXPECT_EQ(Plain(1'234'567), "1,234,567");
  EXPECT_EQ(Show(1'234'567, Quantity::kCount, kPageNumbers), "1\u202f234\u202f567");
}

TEST(Show, BytesAndTimesHaveTheLargestUnitThatFits) {
  EXPECT_EQ(Plain(0, Quantity::kBytes), "0 B");
  EXPECT_EQ(Plain(999, Quantity::kBytes), "999 B");
  EXPECT_EQ(Plain(999.9, Quantity::kBytes), "1 kB");
  EXPECT_EQ(Plain(77'400'000, Quantity::kBytes), "77 MB");
  EXPECT_EQ(Plain(0, Quantity::kMillis), "0");
  EXPECT_EQ(Plain(0.00025, Quantity::kMillis), "250 ns");
  EXPECT_EQ(Plain(0.0012, Quantity::kMillis), "1.2 us");
  EXPECT_EQ(Show(0.0012, Quantity::kMillis, kPageNumbers), "1.2\u202f\u00b5s");
  EXPECT_EQ(Plain(90'000, Quantity::kMillis), "1.5 min");
  EXPECT_EQ(Show(absl::Hours(36), kPlainNumbers), "1.5 d");
}

TEST(AxisOf, HasRoundLevelsThatReachTheHighestValue) {
  EXPECT_THAT(AxisOf(0, Quantity::kCount), ElementsAre(0, 1));
  EXPECT_THAT(AxisOf(63, Quantity::kCount), ElementsAre(0, 20, 40, 60, 80));
  EXPECT_THAT(AxisOf(100, Quantity::kCount), ElementsAre(0, 50, 100));
  EXPECT_THAT(AxisOf(11 * 60'000, Quantity::kMillis), ElementsAre(0, 300'000, 600'000, 900'000));
  for (double highest = 1e-6; highest < 1e12; highest *= 1.7) {
    for (const Quantity quantity : {Quantity::kCount, Quantity::kBytes, Quantity::kMillis}) {
      const std::vector<double> axis = AxisOf(highest, quantity);
      EXPECT_GE(axis.back(), highest * 0.999) << highest;
      EXPECT_LE(axis.size(), 6u) << highest;
    }
  }
}

TEST(AxisOf, LevelsDoNotLookTheSame) {
  for (double highest = 1e-6; highest < 1e12; highest *= 1.07) {
    for (const Quantity quantity : {Quantity::kCount, Quantity::kBytes, Quantity::kMillis}) {
      std::set<std::string> labels;
      const std::vector<double> axis = AxisOf(highest, quantity);
      for (const double level : axis) labels.insert(Show(level, quantity, kPageNumbers));
      EXPECT_EQ(labels.size(), axis.size()) << highest;
    }
  }
}

TEST(ShowTimes, ADayIsNamedOnce) {
  const absl::Time start = absl::FromUnixSeconds(1'767'225'600);
  EXPECT_EQ(ShowTime(start), "1 Jan");
  EXPECT_EQ(ShowTime(start + absl::Minutes(61)), "01:01");
  EXPECT_EQ(ShowSpan(start, start + absl::Hours(5)), "1 Jan 2026 00:00 to 05:00");
  EXPECT_EQ(ShowSpan(start, start + absl::Hours(24)), "1 Jan 2026 00:00 to 2 Jan 2026 00:00");
  EXPECT_EQ(ShowWithin(start, start + absl::Hours(5), start - absl::Hours(1)), "31 Dec 2025 23:00");
  EXPECT_EQ(ShowPeriod(absl::Minutes(1), kPlainNumbers), "minute");
  EXPECT_EQ(ShowPeriod(absl::Minutes(5), kPlainNumbers), "5 min");
}

}  // namespace
}  // namespace riacho::internal
