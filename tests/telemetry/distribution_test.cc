#include "telemetry/distribution.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

Distribution Of(std::initializer_list<double> values) {
  Distribution distribution;
  for (const double value : values) distribution.Add(value);
  return distribution;
}

std::optional<double> Value(const Distribution& distribution, std::string_view name) {
  return ExtendedStatistic::Parse(name).value().Of(distribution);
}

TEST(Distribution, HasTheStatisticsOfItsSamples) {
  EXPECT_EQ(Of({3, 1, 4, 2}).statistics(), (StatisticSet{4, 10, 1, 4}));
  EXPECT_EQ(Of({-1, 0.5}).statistics(), (StatisticSet{2, -0.5, -1, 0.5}));
}

TEST(Distribution, StatisticSetsMergeExactlyAndHideTheirSamples) {
  Distribution distribution;
  distribution.Add({.sample_count = 2, .sum = 10, .minimum = 4, .maximum = 6});
  distribution.Add({.sample_count = 1, .sum = 1, .minimum = 1, .maximum = 1});
  EXPECT_EQ(distribution.statistics(), (StatisticSet{3, 11, 1, 6}));
  EXPECT_EQ(Value(distribution, "p50"), std::nullopt);
}

TEST(Distribution, AStatisticSetOfEqualSamplesHidesNone) {
  Distribution distribution;
  distribution.Add({.sample_count = 5, .sum = 25, .minimum = 5, .maximum = 5});
  EXPECT_EQ(Value(distribution, "p50"), 5);
  distribution.Add(9);
  EXPECT_EQ(Value(distribution, "p100"), 9);
}

TEST(Distribution, MergedOnesKnowTheirSamplesIfBothDo) {
  Distribution distribution = Of({1, 2});
  distribution.Add(Of({2, 3}));
  EXPECT_EQ(Value(distribution, "tc100"), 4);
  EXPECT_EQ(Value(distribution, "p75"), 2);
  Distribution hidden;
  hidden.Add({.sample_count = 2, .sum = 10, .minimum = 4, .maximum = 6});
  distribution.Add(hidden);
  EXPECT_EQ(Value(distribution, "p75"), std::nullopt);
}

TEST(Distribution, SamplesBelowZeroHaveNoPercentiles) {
  EXPECT_EQ(Value(Of({-1, 2}), "p50"), std::nullopt);
}

TEST(Distribution, WithoutSamplesHasNoExtendedStatistics) {
  EXPECT_EQ(Value(Distribution(), "p50"), std::nullopt);
}

TEST(ExtendedStatistic, OfFourValues) {
  const Distribution values = Of({1, 2, 3, 4});
  const std::pair<std::string, double> rows[] = {
      {"p0", 1},          {"p25", 1},       {"p25.1", 2},    {"p50", 2},
      {"p100", 4},        {"tm75", 2},      {"tm100", 2.5},  {"TM(25%:75%)", 2.5},
      {"IQM", 2.5},       {"TM(25%:)", 3},  {"TM(:75%)", 2}, {"TM(1:3)", 2.5},
      {"TM(2:)", 3.5},    {"TC(1:3)", 2},   {"TC(0:1)", 1},  {"TC(10:20)", 0},
      {"TS(1:3)", 5},     {"ts75", 6},      {"tc50", 2},     {"PR(:2)", 50},
      {"PR(1:4)", 75},    {"PR(3:)", 25},   {"wm75", 2.25},  {"WM(25%:75%)", 2.5},
      {"WM(25%:)", 2.75}, {"WM(2:3)", 2.5},
  };
  for (const auto& [name, value] : rows) EXPECT_EQ(Value(values, name), value) << name;
}

TEST(ExtendedStatistic, NothingIsTheMeanOfNoSamples) {
  EXPECT_EQ(Value(Of({1, 2}), "TM(10:20)"), std::nullopt);
  EXPECT_EQ(Value(Of({1, 2}), "tm10"), std::nullopt);
}

TEST(ExtendedStatistic, APercentileOfManyValuesIsLowByLessThanTwoPercent) {
  Distribution distribution;
  for (int i = 1; i <= 100'000; ++i) distribution.Add(i * 0.37);
  for (const double percent : {0.01, 1.0, 50.0, 99.0, 99.9}) {
    const double exact = percent * 1'000 * 0.37;
    const double found = Value(distribution, "p" + std::to_string(percent)).value();
    EXPECT_LE(found, exact * (1 + 1e-9)) << percent;
    EXPECT_GE(found, exact * 0.98) << percent;
  }
  EXPECT_LT(distribution.values()->size(), 1'500U) << "values that are near are kept as one";
}

TEST(ExtendedStatistic, OtherNamesAreRefused) {
  for (const std::string_view name :
       {"",          "p",      "p101",   "p-1",     "p1.",       "p1.12345678901",
        "P50",       "median", "tm",     "TM50",    "tm(1:2)",   "TM(:)",
        "TM(1%:2)",  "TM(1)",  "TM(1:2", "TM(3:2)", "PR(1%:2%)", "pr10",
        "TM(:101%)", "p50x",   "iqm",    "TM(a:b)", "p1e1",      "p 5"}) {
    EXPECT_EQ(ExtendedStatistic::Parse(name).has_value(), false) << name;
  }
}

}  // namespace
}  // namespace riacho::internal
