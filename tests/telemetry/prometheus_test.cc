#include "riacho/telemetry/prometheus.h"

#include <string>

#include "gtest/gtest.h"

namespace riacho {
namespace {

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

TEST(PrometheusText, WithoutMetricsIsEmpty) { EXPECT_EQ(ToPrometheusText(Metrics()), ""); }

}  // namespace
}  // namespace riacho
