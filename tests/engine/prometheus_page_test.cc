// The page for Prometheus of an engine that has been busy, read back line by line.
#include <charconv>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "riacho/telemetry/prometheus.h"

namespace riacho {
namespace {

// Streams with traffic, throttling, consumers and shard-level metrics, latencies, and metrics of
// others with names and dimensions that need care.
void KeepBusy(RecordWorld& world) {
  for (const char* const stream : {"orders", "my.Stream-2"}) {
    world.Create(stream, 2);
    ASSERT_THAT(world.kinesis->EnableEnhancedMonitoring(
                    {.stream_name = stream, .shard_level_metrics = {MetricsName::kAll}}),
                Succeeds());
    const std::string consumer = world.Register(stream, "billing");
    const auto subscription = world.Subscribe(consumer, 0);
    const std::string iterator = world.Iterator(stream, 1);
    for (int i = 0; i < 20; ++i) {
      const std::string key = std::to_string(i);
      static_cast<void>(world.TryPut(stream, key, "data"));
      const std::vector<PutRecordsRequestEntry> entries(3, {.data = "d", .partition_key = key});
      ASSERT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = stream}),
                  Succeeds());
      static_cast<void>(world.TryRead(iterator));
      Next(*subscription);
      if (i % 4 == 0) world.Advance(absl::Milliseconds(300));
    }
  }
  for (const char* const value : {"plain", "a\\b\"c", "{x=\"y\"} 1"}) {
    ASSERT_TRUE(world.engine.metrics()
                    .PutMetricData({.metric_namespace = "My/Shop-2",
                                    .metric_data = {{.metric_name = "9 Lives: HTTP%",
                                                     .dimensions = {{"Host Name", value}},
                                                     .value = -1.5e-7}}},
                                   world.clock.TimeNow())
                    .ok());
  }
}

struct Family {
  std::string type;
  std::set<std::string> samples = {};
};

// What a line says of a sample: its name, its labels and its value.
struct Sample {
  std::string name;
  std::string labels;
  double value = 0;
};
std::optional<Sample> ParseSample(const std::string& line) {
  static const std::regex kSample(
      R"(([a-zA-Z_:][a-zA-Z0-9_:]*))"
      R"((\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*")"
      R"((?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*")*\})? ([-+.0-9a-zA-Z]+))");
  std::smatch parts;
  if (!std::regex_match(line, parts, kSample)) return std::nullopt;
  Sample sample = {.name = parts[1], .labels = parts[2]};
  const std::string number = parts[3];
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), sample.value);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  return sample;
}

// Each family has its help and its type, once, and all its samples behind them.
std::map<std::string, Family> ParsePage(const std::string& page) {
  static const std::regex kHelp(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+)");
  static const std::regex kType(
      R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram))");
  std::map<std::string, Family> families;
  std::string helped;
  std::string present;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, kHelp)) {
      helped = parts[1];
      EXPECT_FALSE(families.contains(helped)) << line;
    } else if (std::regex_match(line, parts, kType)) {
      present = parts[1];
      EXPECT_EQ(present, helped) << line;
      EXPECT_TRUE(families.emplace(present, Family{.type = parts[2]}).second) << line;
    } else if (const std::optional<Sample> sample = ParseSample(line); sample.has_value()) {
      Family& family = families[present];
      std::vector<std::string> names = {present};
      if (family.type == "summary") names = {present + "_sum", present + "_count"};
      if (family.type == "histogram")
        names = {present + "_sum", present + "_count", present + "_bucket"};
      EXPECT_THAT(names, testing::Contains(sample->name)) << line;
      EXPECT_TRUE(family.samples.insert(sample->name + sample->labels).second) << line;
    } else {
      ADD_FAILURE() << "no line of the format: " << line;
    }
  }
  return families;
}

TEST(PrometheusPage, OfABusyEngineReadsBackLineByLine) {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 5;
  options.metrics.latency = true;
  RecordWorld world(std::move(options));
  KeepBusy(world);
  const std::string page = ToPrometheusText(world.engine.metrics());
  ASSERT_TRUE(page.ends_with('\n'));
  const std::map<std::string, Family> families = ParsePage(page);
  std::map<std::string, int> of_type;
  std::size_t samples = 0;
  for (const auto& [name, family] : families) {
    EXPECT_FALSE(family.samples.empty()) << name;
    ++of_type[family.type];
    samples += family.samples.size();
  }
  EXPECT_GT(of_type["counter"], 5);
  EXPECT_GT(of_type["summary"], 5);
  EXPECT_GT(of_type["histogram"], 3);
  EXPECT_GT(samples, 300U);
  EXPECT_EQ(samples + 2 * families.size(),
            static_cast<std::size_t>(std::ranges::count(page, '\n')));
}

}  // namespace
}  // namespace riacho
