#include "riacho/telemetry/metrics.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'767'225'600);  // a whole day

MATCHER(IsRefused, "") { return GetErrorCode(arg) == ErrorCode::kInvalidArgument; }
std::vector<std::string> Names(const ListMetricsResponse& response) {
  std::vector<std::string> names;
  for (const Metric& metric : response.metrics) {
    std::ostringstream name;
    name << metric;
    names.push_back(name.str());
  }
  return names;
}

MetricDatum Sample(double value, absl::Time at = kNow) {
  return {.metric_name = "Lag", .timestamp = at, .value = value};
}

absl::Status Put(Metrics& metrics, MetricDatum datum) {
  return metrics.PutMetricData({.metric_namespace = "Shop", .metric_data = {std::move(datum)}},
                               kNow);
}

GetMetricStatisticsRequest Question(absl::Time start, absl::Time end, std::int64_t period = 60) {
  return {.metric_namespace = "Shop",
          .metric_name = "Lag",
          .start_time = start,
          .end_time = end,
          .period = period,
          .statistics = {Statistic::kSum}};
}

// When periods with samples begin, in minutes from kNow, and their sums.
std::vector<std::pair<std::int64_t, double>> Sums(const Metrics& metrics, absl::Time start,
                                                  absl::Time end, std::int64_t period = 60) {
  std::vector<std::pair<std::int64_t, double>> sums;
  const auto response = metrics.GetMetricStatistics(Question(start, end, period));
  for (const Datapoint& point : response->datapoints)
    sums.emplace_back(absl::ToInt64Minutes(point.timestamp - kNow), *point.sum);
  return sums;
}

TEST(GetMetricStatistics, AnswersTheStatisticsAskedForAndNoOthers) {
  Metrics metrics;
  for (const double value : {1, 2, 3, 4}) ASSERT_TRUE(Put(metrics, Sample(value)).ok());
  GetMetricStatisticsRequest request = Question(kNow, kNow + absl::Minutes(1));
  request.statistics = {Statistic::kSampleCount, Statistic::kAverage, Statistic::kSum,
                        Statistic::kMinimum, Statistic::kMaximum};
  const GetMetricStatisticsResponse all = metrics.GetMetricStatistics(request).value();
  EXPECT_EQ(all.label, "Lag");
  ASSERT_THAT(all.datapoints, SizeIs(1));
  const Datapoint& point = all.datapoints.front();
  EXPECT_EQ(point.sample_count, 4);
  EXPECT_EQ(point.average, 2.5);
  EXPECT_EQ(point.sum, 10);
  EXPECT_EQ(point.minimum, 1);
  EXPECT_EQ(point.maximum, 4);
  EXPECT_EQ(point.unit, StandardUnit::kNone);
  request.statistics = {Statistic::kMaximum};
  const Datapoint one = metrics.GetMetricStatistics(request).value().datapoints.front();
  EXPECT_EQ(one.maximum, 4);
  EXPECT_EQ(one.sum, std::nullopt);
}

TEST(GetMetricStatistics, AnswersExtendedStatisticsByName) {
  Metrics metrics;
  ASSERT_TRUE(Put(metrics, {.metric_name = "Lag", .values = {1, 2, 9}, .counts = {2, 1, 1}}).ok());
  GetMetricStatisticsRequest request = Question(kNow, kNow + absl::Minutes(1));
  request.statistics = {};
  request.extended_statistics = {"p50", "PR(:2)"};
  EXPECT_THAT(metrics.GetMetricStatistics(request).value().datapoints.front().extended_statistics,
              ElementsAre(std::pair("PR(:2)", 75.0), std::pair("p50", 1.0)));
}

TEST(GetMetricStatistics, PeriodsBeginAtTheirMultiplesAndEmptyOnesAreAbsent) {
  Metrics metrics;
  for (const int minute : {-61, -60, -56, -55, -1, 0, 1}) {
    ASSERT_TRUE(Put(metrics, Sample(1, kNow + absl::Minutes(minute))).ok());
  }
  EXPECT_THAT(
      Sums(metrics, kNow - absl::Minutes(58), kNow + absl::Minutes(1), 300),
      ElementsAre(std::pair(-60, 2.0), std::pair(-55, 1.0), std::pair(-5, 1.0), std::pair(0, 1.0)))
      << "from the start of the period that holds the start, to before the end";
  EXPECT_THAT(Sums(metrics, kNow - absl::Minutes(2), kNow + absl::Seconds(1)),
              ElementsAre(std::pair(-1, 1.0), std::pair(0, 1.0)));
  EXPECT_THAT(Sums(metrics, kNow - absl::Minutes(2), kNow), ElementsAre(std::pair(-1, 1.0)));
}

TEST(GetMetricStatistics, UnitsAreSeriesOfTheirOwn) {
  Metrics metrics;
  ASSERT_TRUE(Put(metrics, Sample(1)).ok());
  ASSERT_TRUE(Put(metrics, {.metric_name = "Lag", .value = 2, .unit = StandardUnit::kCount}).ok());
  GetMetricStatisticsRequest request = Question(kNow, kNow + absl::Minutes(1));
  EXPECT_THAT(metrics.GetMetricStatistics(request).value().datapoints, SizeIs(2));
  request.unit = StandardUnit::kCount;
  const auto counts = metrics.GetMetricStatistics(request).value().datapoints;
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts.front().sum, 2);
  EXPECT_EQ(counts.front().unit, StandardUnit::kCount);
  EXPECT_THAT(metrics.ListMetrics().metrics, SizeIs(1));
}

TEST(GetMetricStatistics, DimensionsAreASetAndAllOfThemMatter) {
  Metrics metrics;
  ASSERT_TRUE(
      Put(metrics, {.metric_name = "Lag", .dimensions = {{"A", "1"}, {"B", "2"}}, .value = 1})
          .ok());
  GetMetricStatisticsRequest request = Question(kNow, kNow + absl::Minutes(1));
  request.dimensions = {{"B", "2"}, {"A", "1"}};
  EXPECT_THAT(metrics.GetMetricStatistics(request).value().datapoints, SizeIs(1));
  request.dimensions = {{"A", "1"}};
  EXPECT_THAT(metrics.GetMetricStatistics(request).value().datapoints, IsEmpty());
}

TEST(GetMetricStatistics, RefusesWhatCannotBeAnswered) {
  const Metrics metrics;
  const auto ask = [&](auto change) {
    GetMetricStatisticsRequest request = Question(kNow, kNow + absl::Minutes(1'440));
    change(request);
    return metrics.GetMetricStatistics(request).status();
  };
  using Request = GetMetricStatisticsRequest&;
  EXPECT_TRUE(ask([](Request) {}).ok());
  EXPECT_THAT(ask([](Request r) { r.end_time += absl::Minutes(1); }), IsRefused());
  EXPECT_TRUE(ask([](Request r) { r.end_time += absl::Minutes(1), r.period = 120; }).ok());
  EXPECT_THAT(ask([](Request r) { r.end_time = r.start_time; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.period = 0; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.period = 30; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.period = 90; }), IsRefused());
  EXPECT_TRUE(ask([](Request r) { r.period = 86'400; }).ok());
  EXPECT_THAT(ask([](Request r) { r.period = 86'460; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.statistics = {}; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.extended_statistics = {"p50"}; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.statistics = {}, r.extended_statistics = {"p150"}; }),
              IsRefused());
  EXPECT_THAT(ask([](Request r) { r.metric_name = ""; }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.start_time = absl::InfinitePast(); }), IsRefused());
  EXPECT_THAT(ask([](Request r) { r.end_time = absl::InfiniteFuture(); }), IsRefused());
}

TEST(PutMetricData, TakesEveryFormOfSamples) {
  Metrics metrics;
  ASSERT_TRUE(Put(metrics, Sample(7)).ok());
  ASSERT_TRUE(Put(metrics, {.metric_name = "Lag", .statistic_values = {{2, 10, 4, 6}}}).ok());
  ASSERT_TRUE(Put(metrics, {.metric_name = "Lag", .values = {1, 2}}).ok());
  EXPECT_THAT(Sums(metrics, kNow, kNow + absl::Minutes(1)), ElementsAre(std::pair(0, 20.0)));
  ASSERT_THAT(metrics.Totals(), SizeIs(1));
  EXPECT_EQ(metrics.Totals().front().total, (StatisticSet{5, 20, 1, 7}));
}

TEST(PutMetricData, RefusesWhatCloudWatchRefuses) {
  Metrics metrics;
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<MetricDatum> bad = {
      {.metric_name = "Lag"},
      {.metric_name = "", .value = 1},
      {.metric_name = std::string(256, 'x'), .value = 1},
      {.metric_name = "Lag", .value = std::nan("")},
      {.metric_name = "Lag", .value = infinity},
      {.metric_name = "Lag", .value = std::ldexp(1.0, 361)},
      {.metric_name = "Lag", .value = 1, .values = {1}},
      {.metric_name = "Lag", .values = {1, 2}, .counts = {1}},
      {.metric_name = "Lag", .values = {1}, .counts = {0}},
      {.metric_name = "Lag", .values = std::vector<double>(151, 1)},
      {.metric_name = "Lag", .statistic_values = StatisticSet()},
      {.metric_name = "Lag", .statistic_values = StatisticSet{1, 1, 2, 1}},
      {.metric_name = "Lag", .timestamp = kNow - absl::Hours(24 * 15), .value = 1},
      {.metric_name = "Lag", .timestamp = kNow + absl::Hours(3), .value = 1},
      {.metric_name = "Lag", .dimensions = std::vector<Dimension>(31, {"A", "1"}), .value = 1},
      {.metric_name = "Lag", .dimensions = {{"A", "1"}, {"A", "2"}}, .value = 1},
      {.metric_name = "Lag", .dimensions = {{":A", "1"}}, .value = 1},
      {.metric_name = "Lag", .dimensions = {{"A", " "}}, .value = 1},
      {.metric_name = "Lag", .dimensions = {{"", "1"}}, .value = 1},
      {.metric_name = "Lag", .dimensions = {{"A", "\xC3\xA4"}}, .value = 1},
      {.metric_name = "Lag", .dimensions = {{"A", std::string(1'025, 'x')}}, .value = 1},
  };
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_THAT(Put(metrics, bad[i]), IsRefused()) << i;
  for (const std::string& name : {std::string("AWS/Kinesis"), std::string("Riacho"), std::string(),
                                  std::string(":a"), std::string("a b"), std::string(256, 'x')}) {
    EXPECT_THAT(metrics.PutMetricData({.metric_namespace = name, .metric_data = {Sample(1)}}, kNow),
                IsRefused())
        << name;
  }
  EXPECT_THAT(metrics.PutMetricData({.metric_namespace = "Shop"}, kNow), IsRefused());
  EXPECT_THAT(metrics.PutMetricData({.metric_namespace = "Shop",
                                     .metric_data = std::vector<MetricDatum>(1'001, Sample(1))},
                                    kNow),
              IsRefused());
  EXPECT_THAT(metrics.ListMetrics().metrics, IsEmpty());
}

TEST(PutMetricData, OneBadDatumAndNothingIsCounted) {
  Metrics metrics;
  EXPECT_THAT(
      metrics.PutMetricData(
          {.metric_namespace = "Shop", .metric_data = {Sample(1), Sample(std::nan(""))}}, kNow),
      IsRefused());
  EXPECT_THAT(metrics.ListMetrics().metrics, IsEmpty());
}

TEST(PutMetricData, SaysWhichDatumIsWrongAndWhy) {
  Metrics metrics;
  EXPECT_THAT(std::string(ErrorMessage(Put(metrics, Sample(1, kNow + absl::Hours(3))))),
              HasSubstr("2026-01-01T03:00:00+00:00 of metric Lag"));
}

TEST(ListMetrics, IsSortedAndFiltered) {
  Metrics metrics;
  const auto put = [&](std::string name, std::vector<Dimension> dimensions) {
    ASSERT_TRUE(Put(metrics, {.metric_name = name, .dimensions = dimensions, .value = 1}).ok());
  };
  put("Lag", {{"Stream", "b"}});
  put("Lag", {{"Stream", "a"}, {"Host", "x"}});
  put("Cost", {});
  EXPECT_THAT(Names(metrics.ListMetrics()),
              ElementsAre("Shop Cost{}", "Shop Lag{Host=x,Stream=a}", "Shop Lag{Stream=b}"));
  EXPECT_THAT(metrics.ListMetrics({.metric_namespace = "Other"}).metrics, IsEmpty());
  EXPECT_THAT(metrics.ListMetrics({.metric_name = "Cost"}).metrics, SizeIs(1));
  EXPECT_THAT(metrics.ListMetrics({.dimensions = {{.name = "Stream"}}}).metrics, SizeIs(2));
  EXPECT_THAT(Names(metrics.ListMetrics({.dimensions = {{.name = "Stream", .value = "b"}}})),
              ElementsAre("Shop Lag{Stream=b}"));
}

TEST(MetricRetention, WhatIsOlderThanTheRetentionIsForgotten) {
  Metrics metrics({.retention = absl::Minutes(10)});
  ASSERT_TRUE(Put(metrics, Sample(1, kNow - absl::Minutes(11))).ok());
  ASSERT_TRUE(Put(metrics, Sample(2, kNow - absl::Minutes(10))).ok());
  ASSERT_TRUE(Put(metrics, Sample(3)).ok());
  EXPECT_THAT(Sums(metrics, kNow - absl::Hours(1), kNow + absl::Minutes(1)),
              ElementsAre(std::pair(-10, 2.0), std::pair(0, 3.0)));
  ASSERT_TRUE(Put(metrics, Sample(4, kNow - absl::Minutes(11))).ok());
  EXPECT_THAT(Sums(metrics, kNow - absl::Hours(1), kNow + absl::Minutes(1)), SizeIs(2))
      << "a late sample does not come back";
}

TEST(MetricRetention, BeyondTheMostDatapointsTheOldestAreForgotten) {
  Metrics metrics({.most_datapoints = 3});
  for (int minute = 0; minute < 5; ++minute)
    ASSERT_TRUE(Put(metrics, Sample(minute, kNow + absl::Minutes(minute))).ok());
  EXPECT_THAT(Sums(metrics, kNow, kNow + absl::Hours(1)),
              ElementsAre(std::pair(2, 2.0), std::pair(3, 3.0), std::pair(4, 4.0)));
  ASSERT_TRUE(Put(metrics, Sample(9, kNow + absl::Minutes(4))).ok());
  EXPECT_THAT(Sums(metrics, kNow, kNow + absl::Hours(1)), SizeIs(3)) << "needs no new data point";
}

TEST(MetricRetention, AMetricWithoutDatapointsIsNotListed) {
  Metrics metrics({.most_datapoints = 1});
  ASSERT_TRUE(Put(metrics, Sample(1)).ok());
  ASSERT_TRUE(
      Put(metrics, {.metric_name = "Cost", .timestamp = kNow + absl::Minutes(1), .value = 1}).ok());
  EXPECT_THAT(Names(metrics.ListMetrics()), ElementsAre("Shop Cost{}"));
}

}  // namespace
}  // namespace riacho
