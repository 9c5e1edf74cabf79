#include "riacho/telemetry/embedded_metrics.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "riacho/model/error.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kLogged = absl::FromUnixSeconds(1'767'225'600);  // begins a minute

void PutEmbedded(Metrics& metrics, const std::string& space, const std::vector<MetricDatum>& data) {
  const absl::Status put =
      metrics.PutMetricData({.metric_namespace = space, .metric_data = data}, kLogged);
  EXPECT_TRUE(put.ok()) << put;
}

std::string LinesOf(const Metrics& metrics) {
  const auto text = ToEmbeddedMetricFormat(metrics, kLogged, kLogged + absl::Hours(1));
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

std::vector<nlohmann::json> ObjectsOf(const Metrics& metrics) {
  std::vector<nlohmann::json> objects;
  for (const auto line : absl::StrSplit(LinesOf(metrics), '\n', absl::SkipEmpty())) {
    EXPECT_LE(line.size(), 262'143u);
    objects.push_back(nlohmann::json::parse(std::string(line)));
  }
  return objects;
}

Metrics& PutLines(Metrics& metrics, const std::string& lines) {
  for (const auto line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    const auto embedded = ParseEmbeddedMetricFormat(std::string(line));
    EXPECT_TRUE(embedded.ok()) << embedded.status();
    EXPECT_THAT(embedded->invalid_directives, IsEmpty());
    for (const PutMetricDataRequest& request : embedded->requests)
      EXPECT_TRUE(metrics.PutMetricData(request, kLogged).ok());
  }
  return metrics;
}

TEST(ToEmbeddedMetricFormat, IsAnObjectForEachNamespaceDimensionSetAndMinute) {
  Metrics metrics;
  const std::vector<Dimension> shop = {{"Shop", "north"}};
  PutEmbedded(
      metrics, "Shop",
      {{.metric_name = "Orders", .dimensions = shop, .value = 3, .unit = StandardUnit::kCount},
       {.metric_name = "Price", .dimensions = shop, .values = {1.5, 2, 2}},
       {.metric_name = "Orders",
        .dimensions = shop,
        .timestamp = kLogged + absl::Seconds(61),
        .value = 4,
        .unit = StandardUnit::kCount},
       {.metric_name = "Orders", .value = 5, .unit = StandardUnit::kCount}});
  EXPECT_EQ(
      LinesOf(metrics),
      R"({"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[[]],"Metrics":[{"Name":"Orders","Unit":"Count"}]}]},"Orders":5})"
      "\n"
      R"({"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[["Shop"]],"Metrics":[{"Name":"Orders","Unit":"Count"},{"Name":"Price","Unit":"None"}]}]},"Shop":"north","Orders":3,"Price":[1.5,2,2]})"
      "\n"
      R"({"_aws":{"Timestamp":1767225660000,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[["Shop"]],"Metrics":[{"Name":"Orders","Unit":"Count"}]}]},"Shop":"north","Orders":4})"
      "\n");
}

TEST(ToEmbeddedMetricFormat, SamplesThatAreNotKnownOneByOneAreAnObjectAsOfTheAgents) {
  Metrics metrics;
  PutEmbedded(metrics, "Shop",
              {{.metric_name = "InSum",
                .statistic_values =
                    StatisticSet{.sample_count = 2, .sum = 10.5, .minimum = 4, .maximum = 6.5}},
               {.metric_name = "Many", .values = {1, 2}, .counts = {60, 41}},
               {.metric_name = "Rounded", .values = {1'000'001, 1}}});
  const auto objects = ObjectsOf(metrics);
  ASSERT_THAT(objects, SizeIs(1));
  using Json = nlohmann::json;
  EXPECT_EQ(objects[0]["InSum"], Json::parse(R"({"Max":6.5,"Min":4,"Count":2,"Sum":10.5})"));
  EXPECT_EQ(
      objects[0]["Many"],
      Json::parse(R"({"Max":2,"Min":1,"Count":101,"Sum":142,"Values":[1,2],"Counts":[60,41]})"));
  EXPECT_EQ(objects[0]["Rounded"]["Sum"], 1'000'002);
  EXPECT_EQ(objects[0]["Rounded"]["Max"], 1'000'001);
  EXPECT_THAT(objects[0]["Rounded"]["Values"], SizeIs(2));
}

TEST(ToEmbeddedMetricFormat, OfManyValuesTheSumsOfTheObjectsAreTheWhole) {
  Metrics metrics;
  double sum = 0;
  for (int value = 1; value <= 250; ++value) {
    PutEmbedded(metrics, "Shop", {{.metric_name = "Price", .value = value * 100.25}});
    sum += value * 100.25;
  }
  double written = 0;
  double count = 0;
  std::size_t values = 0;
  for (const auto& object : ObjectsOf(metrics)) {
    const auto& price = object["Price"];
    EXPECT_LE(price["Values"].size(), 100u);
    values += price["Values"].size();
    written += price["Sum"].get<double>();
    count += price["Count"].get<double>();
  }
  EXPECT_DOUBLE_EQ(written, sum);
  EXPECT_EQ(count, 250);
  EXPECT_GT(values, 100u);
}

TEST(ToEmbeddedMetricFormat, AHundredMetricsFillAnObject) {
  Metrics metrics;
  for (int i = 0; i < 250; ++i)
    PutEmbedded(metrics, "Shop", {{.metric_name = absl::StrCat("M", i), .value = i}});
  std::vector<std::size_t> sizes;
  std::set<std::string> names;
  for (const auto& object : ObjectsOf(metrics)) {
    const auto& definitions = object["_aws"]["CloudWatchMetrics"][0]["Metrics"];
    sizes.push_back(definitions.size());
    for (const auto& definition : definitions) names.insert(definition["Name"].get<std::string>());
  }
  EXPECT_THAT(sizes, ElementsAre(100, 100, 50));
  EXPECT_THAT(names, SizeIs(250));
}

TEST(ToEmbeddedMetricFormat, NoObjectIsLongerThanALogTakes) {
  Metrics metrics;
  for (int i = 0; i < 100; ++i) {
    const std::string name = absl::StrCat(i, std::string(250, 'm'));
    for (int value = 0; value < 100; ++value) {
      PutEmbedded(metrics, "Shop", {{.metric_name = name, .value = value * 1e-9 / 3 * (i + 1)}});
    }
  }
  EXPECT_GT(LinesOf(metrics).size(), 262'144u);
  EXPECT_GT(ObjectsOf(metrics).size(), 1u);  // which looks at their length
}

TEST(ToEmbeddedMetricFormat, UnitsOfOneNameDoNotMeet) {
  Metrics metrics;
  PutEmbedded(metrics, "Shop",
              {{.metric_name = "Orders", .value = 1, .unit = StandardUnit::kCount},
               {.metric_name = "Orders", .value = 2}});
  const auto objects = ObjectsOf(metrics);
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_EQ(objects[0]["Orders"], 1);
  EXPECT_EQ(objects[1]["Orders"], 2);
}

TEST(ToEmbeddedMetricFormat, WhatHasNoPlaceInTheFormatIsLeftOut) {
  Metrics metrics;
  PutEmbedded(metrics, "Shop",
              {{.metric_name = "Host", .dimensions = {{"Host", "a"}}, .value = 1},
               {.metric_name = "_aws", .value = 1}});
  EXPECT_EQ(LinesOf(metrics), "");
}

TEST(ToEmbeddedMetricFormat, EndsBeforeItsEnd) {
  Metrics metrics;
  PutEmbedded(metrics, "Shop", {{.metric_name = "Orders", .value = 1}});
  EXPECT_EQ(*ToEmbeddedMetricFormat(metrics, kLogged - absl::Hours(1), kLogged), "");
  EXPECT_NE(
      *ToEmbeddedMetricFormat(metrics, kLogged + absl::Seconds(30), kLogged + absl::Seconds(31)),
      "");
  EXPECT_EQ(GetErrorCode(ToEmbeddedMetricFormat(metrics, kLogged, kLogged).status()),
            ErrorCode::kInvalidArgument);
}

TEST(EmbeddedMetricFormat, ComesBackAsItWent) {
  Metrics metrics;
  PutEmbedded(
      metrics, "My/Shop",
      {{.metric_name = "Orders \"x\"\n\xff",
        .dimensions = {{"A", "1"}, {"B", "back\\slash"}},
        .values = {1, 2, 3},
        .unit = StandardUnit::kCount},
       {.metric_name = "Sum",
        .statistic_values = StatisticSet{.sample_count = 3, .sum = 7, .minimum = 1, .maximum = 5},
        .unit = StandardUnit::kBytesPerSecond},
       {.metric_name = "Many",
        .timestamp = kLogged + absl::Minutes(1),
        .values = {0.5, 8},
        .counts = {100, 3}}});
  const std::string lines = LinesOf(metrics);
  Metrics again;
  EXPECT_EQ(LinesOf(PutLines(again, lines)), lines);
}

// One directive in an object with the members that `members` gives.
absl::StatusOr<EmbeddedMetrics> Parse(const std::string& directives, const std::string& members) {
  return ParseEmbeddedMetricFormat(
      absl::StrCat(R"({"_aws":{"Timestamp":1767225600123,"CloudWatchMetrics":[)", directives, "]},",
                   members, "}"));
}

TEST(ParseEmbeddedMetricFormat, EveryDimensionSetHasEveryMetric) {
  const auto embedded = Parse(
      R"({"Namespace":"Shop","Dimensions":[["Shop"],["Shop","Till"]],"Metrics":[
        {"Name":"Orders","Unit":"Count"},{"Name":"Price"},{"Name":"A.a","StorageResolution":1}]})",
      R"("Shop":"north","Till":"7","Orders":4,"Price":[1,2,3],"A.a":0.5,"requestId":{"any":[1]})");
  ASSERT_TRUE(embedded.ok()) << embedded.status();
  EXPECT_THAT(embedded->invalid_directives, IsEmpty());
  Metrics metrics;
  ASSERT_THAT(embedded->requests, SizeIs(2));
  for (const PutMetricDataRequest& request : embedded->requests)
    EXPECT_TRUE(metrics.PutMetricData(request, kLogged).ok());
  EXPECT_THAT(metrics.ListMetrics().metrics, SizeIs(6));
  const auto price =
      metrics.GetMetricStatistics({.metric_namespace = "Shop",
                                   .metric_name = "Price",
                                   .dimensions = {{"Till", "7"}, {"Shop", "north"}},
                                   .start_time = kLogged,
                                   .end_time = kLogged + absl::Minutes(1),
                                   .statistics = {Statistic::kSampleCount, Statistic::kSum}});
  ASSERT_THAT(price->datapoints, SizeIs(1));
  EXPECT_EQ(price->datapoints[0].sample_count, 3);
  EXPECT_EQ(price->datapoints[0].sum, 6);
  EXPECT_EQ(embedded->requests[0].metric_data[0].timestamp, kLogged + absl::Milliseconds(123));
  EXPECT_EQ(embedded->requests[0].metric_data[0].unit, StandardUnit::kCount);
}

TEST(ParseEmbeddedMetricFormat, NoDimensionsAreASetToo) {
  const auto embedded = Parse(
      R"({"Namespace":"Shop","Dimensions":[[]],"Metrics":[{"Name":"Orders"}]})", R"("Orders":4)");
  ASSERT_TRUE(embedded.ok());
  ASSERT_THAT(embedded->requests, SizeIs(1));
  EXPECT_THAT(embedded->requests[0].metric_data[0].dimensions, IsEmpty());
}

TEST(ParseEmbeddedMetricFormat, WithoutSamplesThereIsNothingToCount) {
  const auto embedded = Parse(
      R"({"Namespace":"Shop","Dimensions":[[]],"Metrics":[{"Name":"Orders"},{"Name":"Sum"}]})",
      R"("Orders":[],"Sum":{"Max":0,"Min":0,"Count":0,"Sum":0})");
  ASSERT_TRUE(embedded.ok());
  EXPECT_THAT(embedded->requests, IsEmpty());
  EXPECT_THAT(embedded->invalid_directives, IsEmpty());
}

std::string Numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count), 1);
  return nlohmann::json(numbers).dump();
}

std::string Definitions(int count) {
  nlohmann::json definitions = nlohmann::json::array();
  for (int i = 0; i < count; ++i) definitions.push_back({{"Name", "Orders"}});
  return definitions.dump();
}

struct InvalidDirective {
  std::string directive;
  std::string members;
  std::string reason;
};

// In each case nothing of the directive is counted, and the other one of the line is.
TEST(ParseEmbeddedMetricFormat, AnInvalidDirectiveCountsNothing) {
  const std::string good = R"({"Namespace":"Good","Dimensions":[[]],"Metrics":[{"Name":"Fine"}]})";
  const auto of_metrics = [](const std::string& metrics) {
    return absl::StrCat(R"({"Namespace":"Shop","Dimensions":[["Shop"]],"Metrics":)", metrics, "}");
  };
  const std::string orders = of_metrics(R"([{"Name":"Orders"}])");
  const std::vector<InvalidDirective> cases = {
      {of_metrics(R"([{"Name":"A.a"}])"), R"("A":{"a":1})", "A.a"},
      {of_metrics(Definitions(101)), R"("Orders":1)", "up to 100"},
      {of_metrics(R"([{"Unit":"Count"}])"), R"("Orders":1)", "Name"},
      {absl::StrCat(R"({"Namespace":"Shop","Dimensions":[[]],"Metrics":[{"Name":")",
                    std::string(1025, 'n'), R"("}]})"),
       absl::StrCat("\"", std::string(1025, 'n'), "\":1"), "1025 characters"},
      {of_metrics(R"([{"Name":"Orders","Unit":"Pieces"}])"), R"("Orders":1)", "\"Pieces\""},
      {of_metrics(R"([{"Name":"Orders","StorageResolution":30}])"), R"("Orders":1)", "1 or 60"},
      {of_metrics(R"(["Orders"])"), R"("Orders":1)", "must be an object"},
      {orders, R"("orders":1)", "\"Orders\""},
      {orders, R"("Orders":"1")", "\"Orders\""},
      {orders, R"("Orders":[1,"2"])", "no number"},
      {orders, absl::StrCat(R"("Orders":)", Numbers(101)), "has 101 values"},
      {orders, R"("Orders":{"a":1})", "Max, Min, Count and Sum"},
      {orders, R"("Orders":{"Max":1,"Min":1,"Count":1,"Sum":1,"Values":[1]})", "Counts"},
      {orders, R"("Orders":{"Max":1,"Min":1,"Count":1,"Sum":1,"Values":[1],"Counts":[]})",
       "1 Values and 0 Counts"},
      {R"({"Namespace":"Shop","Dimensions":[["Till"]],"Metrics":[{"Name":"Orders"}]})",
       R"("Orders":1,"Till":7)", "\"Till\""},
      {R"({"Namespace":"Shop","Dimensions":[["Shop"],["Till"]],"Metrics":[{"Name":"Orders"}]})",
       R"("Orders":1)", "\"Till\""},
      {R"({"Namespace":"Shop","Dimensions":[],"Metrics":[{"Name":"Orders"}]})", R"("Orders":1)",
       "one set"},
      {R"({"Namespace":"Shop","Dimensions":["Shop"],"Metrics":[{"Name":"Orders"}]})",
       R"("Orders":1)", "array of strings"},
      {absl::StrCat(R"({"Namespace":"Shop","Dimensions":[)",
                    nlohmann::json(std::vector<std::string>(31, "Shop")).dump(),
                    R"(],"Metrics":[{"Name":"Orders"}]})"),
       R"("Orders":1)", "31 keys"},
      {absl::StrCat(R"({"Namespace":")", std::string(1025, 's'),
                    R"(","Dimensions":[[]],"Metrics":[{"Name":"Orders"}]})"),
       R"("Orders":1)", "1 to 1024"},
      {R"({"Dimensions":[[]],"Metrics":[{"Name":"Orders"}]})", R"("Orders":1)", "Namespace"},
      {R"({"Namespace":"Shop","Dimensions":[[]]})", R"("Orders":1)", "Metrics"},
      {"7", R"("Orders":1)", "must be an object"},
  };
  for (const InvalidDirective& wrong : cases) {
    const auto embedded = Parse(wrong.directive + "," + good,
                                absl::StrCat(R"("Shop":"north","Fine":1,)", wrong.members));
    ASSERT_TRUE(embedded.ok()) << wrong.members;
    ASSERT_THAT(embedded->invalid_directives, SizeIs(1)) << wrong.directive << wrong.members;
    EXPECT_EQ(GetErrorCode(embedded->invalid_directives[0]), ErrorCode::kInvalidArgument);
    EXPECT_THAT(std::string(ErrorMessage(embedded->invalid_directives[0])),
                HasSubstr(wrong.reason));
    ASSERT_THAT(embedded->requests, SizeIs(1)) << wrong.directive << wrong.members;
    EXPECT_EQ(embedded->requests[0].metric_namespace, "Good");
  }
}

// A directive with so many sets of dimensions, each with `keys` times the same key.
std::string DirectiveOf(const std::string& space, std::size_t sets, std::size_t keys) {
  const std::vector<std::vector<std::string>> all(sets, std::vector<std::string>(keys, "Shop"));
  return absl::StrCat(R"({"Namespace":")", space, R"(","Dimensions":)", nlohmann::json(all).dump(),
                      R"(,"Metrics":[{"Name":"Price"}]})");
}

TEST(ParseEmbeddedMetricFormat, ALineAsksForSoManyValues) {
  const std::string good = DirectiveOf("Good", 1, 0);
  const auto embedded = Parse(DirectiveOf("Shop", 300'000, 0) + "," + good, R"("Price":1)");
  ASSERT_TRUE(embedded.ok()) << embedded.status();
  ASSERT_THAT(embedded->invalid_directives, SizeIs(1));
  EXPECT_EQ(GetErrorCode(embedded->invalid_directives[0]), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ErrorMessage(embedded->invalid_directives[0]),
            "A directive asks for 300000 values: its samples and keys, for each set of Dimensions. "
            "At most 100000 are allowed in a line, of which 100000 are left.");
  ASSERT_THAT(embedded->requests, SizeIs(1));
  EXPECT_EQ(embedded->requests[0].metric_namespace, "Good");
}

TEST(ParseEmbeddedMetricFormat, AllDirectivesOfALineShareItsValues) {
  // 1,000 sets of two keys and a metric of 48 samples: 50,000 values.
  const std::string half = DirectiveOf("Half", 1'000, 2);
  const std::string members = absl::StrCat(R"("Shop":"north","Price":)", Numbers(48));
  const auto full = Parse(absl::StrCat(half, ",", half), members);
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_THAT(full->invalid_directives, IsEmpty());
  EXPECT_THAT(full->requests, SizeIs(2'000));
  const auto beyond =
      Parse(absl::StrCat(half, ",", half, ",", DirectiveOf("Beyond", 1, 0)), members);
  ASSERT_TRUE(beyond.ok()) << beyond.status();
  EXPECT_THAT(beyond->invalid_directives, SizeIs(1));
  EXPECT_THAT(beyond->requests, SizeIs(2'000));
}

TEST(ParseEmbeddedMetricFormat, ALineThatIsNotAboutMetricsIsAnError) {
  for (const std::string line :
       {"", "START RequestId: 7", "[]", "{}", R"({"_aws":1})", R"({"_aws":{}})",
        R"({"_aws":{"Timestamp":1.5,"CloudWatchMetrics":[]}})", R"({"_aws":{"Timestamp":1}})",
        R"({"_aws":{"Timestamp":1,"CloudWatchMetrics":{}}})", R"({"a":1e999})",
        "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(GetErrorCode(ParseEmbeddedMetricFormat(line).status()), ErrorCode::kInvalidArgument)
        << line;
  }
  EXPECT_EQ(GetErrorCode(ParseEmbeddedMetricFormat(std::string(1'048'577, ' ') + "{}").status()),
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(ParseEmbeddedMetricFormat(std::string(1'000'000, '[')).ok());
}

}  // namespace
}  // namespace riacho
