#include "riacho/telemetry/prometheus.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "telemetry/meter.h"

namespace riacho {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const absl::Time kScrapedAt = absl::FromUnixSeconds(1'767'225'600);

TEST(PrometheusText, NamesTypesAndValues) {
  Metrics metrics;
  const auto put = [&metrics](std::string space, MetricDatum datum) {
    EXPECT_TRUE(
        metrics.PutMetricData({.metric_namespace = space, .metric_data = {datum}}, kScrapedAt)
            .ok());
  };
  put("My.Shop", {.metric_name = "Orders",
                  .dimensions = {{"HostName", "a\\b\"c"}},
                  .values = {1, 2},
                  .unit = StandardUnit::kCount});
  put("My.Shop", {.metric_name = "Orders",
                  .dimensions = {{"HostName", "z"}},
                  .value = 20'000'001,
                  .unit = StandardUnit::kCount});
  put("My.Shop",
      {.metric_name = "HTTPLatency", .values = {1.5, 2}, .unit = StandardUnit::kMilliseconds});
  put("My.Shop", {.metric_name = "9\nLives\\", .value = -1});
  EXPECT_EQ(ToPrometheusText(metrics),
            "# HELP my_shop__9_lives_ 9\\nLives\\\\\n"
            "# TYPE my_shop__9_lives_ summary\n"
            "my_shop__9_lives__sum -1\n"
            "my_shop__9_lives__count 1\n"
            "# HELP my_shop_http_latency_seconds HTTPLatency\n"
            "# TYPE my_shop_http_latency_seconds summary\n"
            "my_shop_http_latency_seconds_sum 0.0035\n"
            "my_shop_http_latency_seconds_count 2\n"
            "# HELP my_shop_orders_total Orders\n"
            "# TYPE my_shop_orders_total counter\n"
            "my_shop_orders_total{host_name=\"a\\\\b\\\"c\"} 3\n"
            "my_shop_orders_total{host_name=\"z\"} 20000001\n");
}

TEST(PrometheusText, OfMetricsThatComeToTheSameNameTheFirstIsShown) {
  Metrics metrics;
  for (const std::string name : {"Age", "AgeMilliseconds"}) {
    EXPECT_TRUE(metrics
                    .PutMetricData({.metric_namespace = "Shop",
                                    .metric_data = {{.metric_name = name,
                                                     .value = 2'000,
                                                     .unit = StandardUnit::kMilliseconds}}},
                                   kScrapedAt)
                    .ok());
  }
  EXPECT_EQ(ToPrometheusText(metrics),
            "# HELP shop_age_seconds Age\n"
            "# TYPE shop_age_seconds summary\n"
            "shop_age_seconds_sum 2\n"
            "shop_age_seconds_count 1\n");
}

TEST(PrometheusText, LatenciesOfAnEngineAreHistograms) {
  Metrics metrics;
  constexpr std::string_view kNames[] = {"PutRecord.Latency"};
  internal::Meter meter(metrics.table(), {}, kKinesisMetrics, {{"StreamName", "orders"}}, kNames);
  for (const std::int64_t nanos :
       std::vector<std::int64_t>{200, 256, 257, 3'000'000, 60'000'000'000})
    meter.LatencyAt(absl::ToUnixNanos(kScrapedAt), 0).Add(nanos);
  const std::string text = ToPrometheusText(metrics);
  EXPECT_THAT(text, StartsWith("# HELP riacho_put_record_latency_seconds PutRecord.Latency\n"
                               "# TYPE riacho_put_record_latency_seconds histogram\n"
                               "riacho_put_record_latency_seconds_bucket{stream=\"orders\",le="
                               "\"2.56e-07\"} 2\n"
                               "riacho_put_record_latency_seconds_bucket{stream=\"orders\",le="
                               "\"5.12e-07\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("le=\"0.004194304\"} 4\n"));
  EXPECT_THAT(text,
              HasSubstr("le=\"34.359738368\"} 4\n"
                        "riacho_put_record_latency_seconds_bucket{stream=\"orders\",le="
                        "\"+Inf\"} 5\n"
                        "riacho_put_record_latency_seconds_sum{stream=\"orders\"} 60.0030007"));
  EXPECT_THAT(text, EndsWith("\nriacho_put_record_latency_seconds_count{stream=\"orders\"} 5\n"));
}

TEST(PrometheusText, WhatHasNoSamplesIsNotInAHistogram) {
  Metrics metrics;
  constexpr std::string_view kNames[] = {"PutRecord.Latency"};
  internal::Meter meter(metrics.table(), {}, kKinesisMetrics, {{"StreamName", "orders"}}, kNames);
  meter.LatencyAt(absl::ToUnixNanos(kScrapedAt), 0).Add(200);
  const std::string before = ToPrometheusText(metrics);
  ASSERT_TRUE(metrics
                  .PutMetricData({.metric_namespace = "riacho",
                                  .metric_data = {{.metric_name = "PutRecord.Latency",
                                                   .dimensions = {{"Stream", "mine"}},
                                                   .value = 1,
                                                   .unit = StandardUnit::kMilliseconds}}},
                                 kScrapedAt)
                  .ok());
  EXPECT_EQ(ToPrometheusText(metrics), before);
}

TEST(PrometheusText, WithoutMetricsIsEmpty) { EXPECT_EQ(ToPrometheusText(Metrics()), ""); }

}  // namespace
}  // namespace riacho
