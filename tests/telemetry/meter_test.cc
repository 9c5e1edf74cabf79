#include "telemetry/meter.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kStart = std::int64_t{29'453'760} * kNanosPerMinute;  // in 2026
constexpr MeterRow kRows[] = {
    {0, "Value", StandardUnit::kBytes},
    {0, "One", StandardUnit::kCount, MeterRow::Sample::kOne},
    {0, "Zero", StandardUnit::kCount, MeterRow::Sample::kZero},
    {1, "Other", StandardUnit::kMilliseconds},
};

class MeterWorld {
 public:
  Metrics metrics;
  std::unique_ptr<Meter> meter = NewMeter();

  std::unique_ptr<Meter> NewMeter() {
    return std::make_unique<Meter>(metrics.table(), kRows, "Shop", std::vector<Dimension>{});
  }
  void Add(std::int64_t value, std::int64_t now_nanos) {
    meter->TalliesAt(now_nanos)[0].Add(value);
  }
  // What the minutes from kStart on have, those without samples left out.
  std::vector<StatisticSet> Minutes(const std::string& name = "Value") const {
    const absl::Time start = absl::FromUnixNanos(kStart);
    const auto response =
        metrics.GetMetricStatistics({.metric_namespace = "Shop",
                                     .metric_name = name,
                                     .start_time = start,
                                     .end_time = start + absl::Hours(24),
                                     .statistics = {Statistic::kSampleCount, Statistic::kSum,
                                                    Statistic::kMinimum, Statistic::kMaximum}});
    std::vector<StatisticSet> minutes;
    for (const Datapoint& point : response->datapoints)
      minutes.push_back({*point.sample_count, *point.sum, *point.minimum, *point.maximum});
    return minutes;
  }
  StatisticSet Total(const std::string& name = "Value") const {
    for (const MetricTotal& total : metrics.Totals()) {
      if (total.metric.metric_name == name) return total.total;
    }
    return {};
  }
};

using Minutes = std::vector<StatisticSet>;

TEST(Meter, WhatWasCountedIsInTheAnswerOnce) {
  MeterWorld world;
  world.Add(5, kStart);
  EXPECT_EQ(world.Minutes(), (Minutes{{1, 5, 5, 5}}));
  EXPECT_EQ(world.Minutes(), (Minutes{{1, 5, 5, 5}})) << "though it is asked twice";
  world.Add(3, kStart + kNanosPerMinute - 1);
  EXPECT_EQ(world.Minutes(), (Minutes{{2, 8, 3, 5}}));
  world.Add(4, kStart + kNanosPerMinute);
  EXPECT_EQ(world.Minutes(), (Minutes{{2, 8, 3, 5}, {1, 4, 4, 4}}));
}

TEST(Meter, RowsSayWhatTheSamplesAre) {
  MeterWorld world;
  world.Add(5, kStart);
  world.Add(7, kStart);
  world.meter->TalliesAt(kStart)[1].Add(1'500'000);
  EXPECT_EQ(world.Minutes("Value"), (Minutes{{2, 12, 5, 7}}));
  EXPECT_EQ(world.Minutes("One"), (Minutes{{2, 2, 1, 1}}));
  EXPECT_EQ(world.Minutes("Zero"), (Minutes{{2, 0, 0, 0}}));
  EXPECT_EQ(world.Minutes("Other"), (Minutes{{1, 1'500'000, 1'500'000, 1'500'000}}));
}

TEST(Meter, LatenciesAreMillisecondsWithTheirPercentiles) {
  MeterWorld world;
  constexpr std::string_view kNames[] = {"Read.Latency", "Write.Latency"};
  Meter meter(world.metrics.table(), {}, "Shop", {}, kNames);
  // Each minute a little slower: what the block of an earlier minute counted is not in the next.
  for (int minute = 0; minute < 4; ++minute) {
    for (std::int64_t i = 1; i <= 100; ++i) {
      meter.LatencyAt(kStart + minute * kNanosPerMinute, 1).Add((i + minute) * 1'000'000);
      if (i == 50) {  // asked in between
        EXPECT_EQ(world.Minutes("Read.Latency"), Minutes{});
      }
    }
  }
  EXPECT_EQ(
      world.Minutes("Write.Latency"),
      (Minutes{
          {100, 5'050, 1, 100}, {100, 5'150, 2, 101}, {100, 5'250, 3, 102}, {100, 5'350, 4, 103}}));
  const absl::Time start = absl::FromUnixNanos(kStart);
  const auto percentiles =
      world.metrics.GetMetricStatistics({.metric_namespace = "Shop",
                                         .metric_name = "Write.Latency",
                                         .start_time = start,
                                         .end_time = start + absl::Minutes(4),
                                         .extended_statistics = {"p50", "p99"}});
  ASSERT_EQ(percentiles->datapoints.size(), 4u);
  double slower = 0;
  for (Datapoint point : percentiles->datapoints) {
    EXPECT_NEAR(point.extended_statistics["p50"], 50 + slower, 50 * 0.016);
    EXPECT_NEAR(point.extended_statistics["p99"], 99 + slower, 99 * 0.016);
    ++slower;
  }
}

TEST(Meter, MinutesThatNobodyAskedAboutAreReportedWhenTheNextBegins) {
  MeterWorld world;
  for (int minute = 0; minute < 1'000; ++minute) world.Add(1, kStart + minute * kNanosPerMinute);
  EXPECT_EQ(world.Minutes().size(), 1'000U);
}

TEST(Meter, ATimeThatGoesBackCountsWhereItIs) {
  MeterWorld world;
  world.Add(1, kStart + kNanosPerMinute);
  world.Add(1, kStart);
  world.Add(1, kStart + kNanosPerMinute);
  EXPECT_EQ(world.Minutes(), (Minutes{{1, 1, 1, 1}, {2, 2, 1, 1}}));
}

TEST(Meter, ReportsWhatItHasWhenItGoes) {
  MeterWorld world;
  world.Add(1, kStart);
  world.Add(1, kStart + kNanosPerMinute);
  world.meter.reset();
  EXPECT_EQ(world.Minutes(), (Minutes{{1, 1, 1, 1}, {1, 1, 1, 1}}));
}

TEST(Meter, MayOutliveTheMetricsItReportsTo) {
  MeterWorld world;
  auto metrics = std::make_unique<Metrics>();
  Meter meter(metrics->table(), kRows, "Shop", {});
  meter.TalliesAt(kStart)[0].Add(1);
  metrics.reset();
  meter.TalliesAt(kStart + kNanosPerMinute)[0].Add(1);
}

// More threads than have a place near by, each of which counts in minutes of its own pace, while
// another asks.
TEST(MeterUnderThreads, NoSampleIsLostOrDoubled) {
  constexpr int kThreads = 24;
  constexpr int kSamples = 20'000;
  MeterWorld world;
  std::atomic<int> counting = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&world, &counting, t] {
      for (int i = 0; i < kSamples; ++i)
        world.Add(t + 1, kStart + i / (100 + 10 * t) * kNanosPerMinute);
      counting.fetch_sub(1);
    });
  }
  double last = 0;
  while (counting.load() != 0) {
    const double count = world.Total().sample_count;
    EXPECT_LE(last, count);
    last = count;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(world.Total(), (StatisticSet{kThreads * kSamples,
                                         kSamples * (kThreads * (kThreads + 1) / 2), 1, kThreads}));
  std::vector<double> expected(kSamples / 100);
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kSamples; ++i) ++expected[static_cast<std::size_t>(i / (100 + 10 * t))];
  }
  const Minutes minutes = world.Minutes();
  ASSERT_EQ(minutes.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(minutes[i].sample_count, expected[i]) << "minute " << i;
}

TEST(MeterUnderThreads, ThreadsThatComeAndGoShareWhatTheirPlacesHave) {
  MeterWorld world;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&world, round] {
        for (int i = 0; i < 10; ++i) world.Add(1, kStart + (round / 10) * kNanosPerMinute);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(world.Minutes(), Minutes(5, {400, 400, 1, 1}));
}

TEST(MeterUnderThreads, MetersComeAndGoWhileSomebodyAsks) {
  MeterWorld world;
  std::atomic<bool> done = false;
  std::thread asking([&world, &done] {
    while (!done.load()) world.metrics.ListMetrics();
  });
  for (int i = 0; i < 500; ++i) {
    const std::unique_ptr<Meter> meter = world.NewMeter();
    meter->TalliesAt(kStart)[0].Add(1);
  }
  done.store(true);
  asking.join();
  EXPECT_EQ(world.Total().sample_count, 500);
}

}  // namespace
}  // namespace riacho::internal
