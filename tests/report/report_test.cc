#include "riacho/report/report.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "riacho/riacho.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;
using testing::SizeIs;

Report MakeReportOf(RecordWorld& world, absl::Duration length,
                    const std::vector<std::string>& names = {}) {
  auto report = MakeReport(*world.kinesis, world.engine.metrics(),
                           {.start_time = world.clock.TimeNow() - length,
                            .end_time = world.clock.TimeNow(),
                            .stream_names = names});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.value_or(Report());
}

double SumOfValues(const PeriodValues& values) {
  double sum = 0;
  for (const auto& value : values) sum += value.value_or(0);
  return sum;
}

// Two minutes of two shards; the second shard takes more than it can and is split after the first.
class ReportedWorld : public RecordWorld {
 public:
  static EngineOptions SmallShards() {
    EngineOptions options;
    options.limits.shard_write_records_per_second = 3;
    return options;
  }

  ReportedWorld() : RecordWorld(SmallShards()) {
    Create("orders", 2);
    EXPECT_TRUE(kinesis
                    ->EnableEnhancedMonitoring(
                        {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}})
                    .ok());
    PutAt("orders", "0");
    for (int i = 0; i < 3; ++i) PutAt("orders", kLargestHashKey);
    for (int i = 0; i < 2; ++i) {
      EXPECT_FALSE(kinesis
                       ->PutRecord({.stream_name = "orders",
                                    .data = "data",
                                    .partition_key = "key",
                                    .explicit_hash_key = kLargestHashKey})
                       .ok());
    }
    const auto subscription = Subscribe(Register("orders", "billing"), 1);
    Advance(absl::Minutes(1));
    Next(*subscription);
    Read(Iterator("orders", 0));
    EXPECT_TRUE(
        kinesis
            ->SplitShard({.stream_name = "orders",
                          .shard_to_split = ShardName(1),
                          .new_starting_hash_key = "255211775190703847597530955573826158592"})
            .ok());
    PutAt("orders", kLargestHashKey);
    Advance(absl::Minutes(1));
  }
};

TEST(MakeReport, SumsWhatWentInAndOutByPeriod) {
  ReportedWorld world;
  const Report report = MakeReportOf(world, absl::Minutes(2));
  EXPECT_EQ(report.period, absl::Minutes(1));
  ASSERT_EQ(report.periods(), 2u);
  ASSERT_THAT(report.streams, SizeIs(1));
  const ReportStream& stream = report.streams[0];
  EXPECT_EQ(stream.summary.stream_name, "orders");
  EXPECT_THAT(stream.incoming_records, ElementsAre(Optional(4.0), Optional(1.0)));
  EXPECT_THAT(stream.incoming_bytes, ElementsAre(Optional(28.0), Optional(7.0)));
  EXPECT_THAT(stream.throttled_records, ElementsAre(Optional(2.0), Optional(0.0)));
  EXPECT_THAT(stream.outgoing_records, ElementsAre(std::nullopt, Optional(4.0)));
}

TEST(MakeReport, SaysHowFarBehindEachReaderWas) {
  ReportedWorld world;
  const Report report = MakeReportOf(world, absl::Minutes(2));
  ASSERT_THAT(report.streams[0].consumers, SizeIs(2));
  const ReportConsumer& iterators = report.streams[0].consumers[0];
  EXPECT_EQ(iterators.consumer_name, "GetRecords");
  EXPECT_EQ(iterators.records, 1);
  EXPECT_THAT(iterators.millis_behind_latest, ElementsAre(std::nullopt, Optional(60'000.0)));
  EXPECT_EQ(report.streams[0].consumers[1].consumer_name, "billing");
  EXPECT_EQ(report.streams[0].consumers[1].records, 3);
}

TEST(MakeReport, ShardsHaveTheirTimesAndTheirLoad) {
  ReportedWorld world;
  const Report report = MakeReportOf(world, absl::Minutes(2));
  const std::vector<ReportShard>& shards = report.streams[0].shards;
  ASSERT_THAT(shards, SizeIs(4));
  const auto near = [](absl::Time a, absl::Time b) {
    return absl::AbsDuration(a - b) <= absl::Seconds(1);
  };
  EXPECT_EQ(shards[0].closed, std::nullopt);
  EXPECT_TRUE(near(shards[1].opened, report.start_time)) << shards[1].opened;
  ASSERT_TRUE(shards[1].closed.has_value());
  EXPECT_TRUE(near(*shards[1].closed, report.PeriodStart(1))) << *shards[1].closed;
  EXPECT_EQ(shards[2].opened, *shards[1].closed);
  EXPECT_EQ(SumOfValues(shards[0].incoming_records), 1);
  EXPECT_EQ(SumOfValues(shards[1].incoming_records), 3);
  EXPECT_EQ(SumOfValues(shards[1].throttled_records), 2);
  EXPECT_THAT(shards[3].incoming_records, ElementsAre(std::nullopt, Optional(1.0)));
}

TEST(MakeReport, LongTimesHaveLongPeriods) {
  RecordWorld world;
  world.Create("orders");
  world.Advance(absl::Hours(24 * 20));
  EXPECT_EQ(MakeReportOf(world, absl::Hours(3)).period, absl::Minutes(1));
  EXPECT_EQ(MakeReportOf(world, absl::Hours(3) + absl::Minutes(1)).period, absl::Minutes(2));
  EXPECT_EQ(MakeReportOf(world, absl::Hours(24)).period, absl::Minutes(10));
  EXPECT_EQ(MakeReportOf(world, absl::Hours(24 * 15)).period, absl::Hours(2));
  EXPECT_EQ(MakeReportOf(world, absl::Hours(24 * 179)).period, absl::Hours(24));
  for (int hours = 1; hours < 400; ++hours)
    EXPECT_LE(MakeReportOf(world, absl::Hours(hours)).periods(), 180u) << hours;
}

// Half a minute of records is no more in a second than a whole one.
TEST(MakeReport, EndsWithAMinute) {
  RecordWorld world;
  world.Create("orders");
  const absl::Time start = world.clock.TimeNow();
  for (int i = 0; i < 120; ++i) {
    world.PutAt("orders", "0");
    world.Advance(absl::Milliseconds(500));
  }
  const auto report = MakeReport(*world.kinesis, world.engine.metrics(),
                                 {.start_time = start, .end_time = start + absl::Seconds(1)});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->end_time, start + absl::Minutes(1));
  EXPECT_EQ(report->PeriodLength(0), absl::Minutes(1));
  EXPECT_THAT(ReportText(*report),
              HasSubstr("  records in                      120              2              2\n"));
}

TEST(MakeReport, TimesWithoutEndOrBeforeTheirStartAreRefused) {
  RecordWorld world;
  const absl::Time now = world.clock.TimeNow();
  const auto refused = [&](absl::Time start, absl::Time end) {
    return GetErrorCode(
        MakeReport(*world.kinesis, world.engine.metrics(), {.start_time = start, .end_time = end})
            .status());
  };
  EXPECT_EQ(refused(now, now), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(now - absl::Hours(24 * 181), now), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(absl::InfinitePast(), now), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(now, absl::InfiniteFuture()), ErrorCode::kInvalidArgument);
}

TEST(MakeReport, HasTheStreamsItIsAskedForOrAll) {
  RecordWorld world;
  for (const std::string name : {"b", "a", "c"}) world.Create(name);
  world.Advance(absl::Minutes(1));
  std::vector<std::string> names;
  for (const ReportStream& stream : MakeReportOf(world, absl::Minutes(1)).streams)
    names.push_back(stream.summary.stream_name);
  EXPECT_THAT(names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(MakeReportOf(world, absl::Minutes(1), {"b"}).streams, SizeIs(1));
  EXPECT_EQ(GetErrorCode(MakeReport(*world.kinesis, world.engine.metrics(),
                                    {.start_time = world.clock.TimeNow() - absl::Minutes(1),
                                     .end_time = world.clock.TimeNow(),
                                     .stream_names = {"nothing"}})
                             .status()),
            ErrorCode::kResourceNotFound);
}

TEST(ReportText, IsATableOfEachStream) {
  ReportedWorld world;
  const std::string text = ReportText(MakeReportOf(world, absl::Minutes(2)));
  EXPECT_THAT(text, HasSubstr("orders: ACTIVE, PROVISIONED, 24 hours, 3 open shards of 4\n"));
  EXPECT_THAT(text,
              HasSubstr("  records in                        5          0.042          0.067\n"));
  EXPECT_THAT(text, HasSubstr("  throttled records                 2"));
  EXPECT_THAT(text,
              HasSubstr("  GetRecords                        1            7 B          1 min"));
  EXPECT_THAT(text, HasSubstr("  billing                           3           21 B"));
  EXPECT_THAT(text, HasSubstr("shardId-000000000003"));
}

TEST(ReportText, ATerminalObeysNoName) {
  EXPECT_THAT(ReportText({.title = "a\x1b[31m\nb"}), HasSubstr("a?[31m?b,"));
}

// What stands between two texts, wherever they come.
std::vector<std::string> Between(std::string_view text, std::string_view from,
                                 std::string_view to) {
  std::vector<std::string> found;
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from, at)) {
    at += from.size();
    found.emplace_back(text.substr(at, text.find(to, at) - at));
  }
  return found;
}

TEST(ReportPage, NamesAreText) {
  RecordWorld world;
  Report report = MakeReportOf(world, absl::Minutes(1));
  report.title = "</title><script>alert('1')</script>&\"";
  report.streams.push_back(
      {.consumers = {{.consumer_name = "<b>\"", .millis_behind_latest = {5}}}});
  for (PeriodValues* const values :
       {&report.streams[0].incoming_records, &report.streams[0].incoming_bytes,
        &report.streams[0].outgoing_records, &report.streams[0].outgoing_bytes,
        &report.streams[0].throttled_records, &report.streams[0].throttled_reads}) {
    values->resize(1);
  }
  const std::string page = ReportPage(report);
  EXPECT_THAT(
      page, HasSubstr("&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
  EXPECT_THAT(Between(page, "<script", ">"), SizeIs(1));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;&quot;"));
  EXPECT_THAT(page, Not(HasSubstr("<b>\"")));
}

TEST(ReportPage, NeedsNothingButItself) {
  ReportedWorld world;
  const std::string page = ReportPage(MakeReportOf(world, absl::Minutes(2)));
  for (const char* const outside : {"http", "//", "src=", "href", "url(", "@import", "fetch("})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
}

TEST(ReportPage, DrawsEveryPlot) {
  ReportedWorld world;
  const std::string page = ReportPage(MakeReportOf(world, absl::Minutes(2)));
  // Records and bytes in and out, two readers; with a path each in the legends.
  EXPECT_THAT(Between(page, "<path class=\"line", "/>"), SizeIs(12));
  for (const std::string& path : Between(page, " d=\"", "\"")) {
    // Calls of GetRecords have not been throttled, so that there is no bar.
    EXPECT_TRUE(path.empty() || path.starts_with("M")) << path;
  }
  // Each shard is a lane with an edge, and the four of them that got records are shaded.
  EXPECT_THAT(Between(page, "<rect class=\"lane\"", "/>"), SizeIs(4));
  EXPECT_THAT(page, HasSubstr("<title>shardId-000000000003, opened "));
  EXPECT_THAT(page, HasSubstr(", after shard 1, records: 1</title>"));
  EXPECT_THAT(Between(page, "<rect class=\"throttled\"", "/>"), SizeIs(2));  // and the legend's
}

TEST(ReportPage, WithoutAnythingToShowSaysSo) {
  RecordWorld world;
  EXPECT_THAT(ReportPage(MakeReportOf(world, absl::Minutes(1))),
              HasSubstr("There are no streams."));
  world.Create("orders");
  world.Advance(absl::Minutes(1));
  const std::string page = ReportPage(MakeReportOf(world, absl::Minutes(1)));
  EXPECT_THAT(page, HasSubstr("Nothing was put or read."));
  EXPECT_THAT(page, HasSubstr("Nothing was throttled."));
  EXPECT_THAT(page, HasSubstr("No reader was behind."));
  EXPECT_THAT(page, HasSubstr("counted from EnableEnhancedMonitoring on"));
}

TEST(ReportPage, IsTheSameForTheSameCalls) {
  ReportedWorld one;
  ReportedWorld other;
  EXPECT_EQ(ReportPage(MakeReportOf(one, absl::Minutes(2))),
            ReportPage(MakeReportOf(other, absl::Minutes(2))));
}

// Each look at it takes a microsecond.
class TickingClock final : public Clock {
 public:
  absl::Time TimeNow() override { return now_ += absl::Microseconds(1); }
  bool WaitUntil(WakeEvent&, absl::Time) override { return false; }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1'767'225'600);
};

TEST(Reports, ShowLatenciesWhereTheyAreCounted) {
  TickingClock clock;
  EngineOptions options;
  options.metrics.latency = true;
  Engine engine(clock, options);
  const auto kinesis = engine.NewClient();
  ASSERT_TRUE(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
  ASSERT_TRUE(
      kinesis->PutRecord({.stream_name = "orders", .data = "data", .partition_key = "key"}).ok());
  const auto consumer = kinesis->RegisterStreamConsumer(
      {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"});
  ASSERT_TRUE(consumer.ok()) << consumer.status();
  ASSERT_TRUE(kinesis
                  ->SubscribeToShard(
                      {.consumer_arn = consumer->consumer.consumer_arn,
                       .shard_id = "shardId-000000000000",
                       .starting_position = StartingPosition{.type = ShardIteratorType::kLatest}})
                  .ok());
  const absl::Time now = clock.TimeNow();
  const auto report = MakeReport(*kinesis, engine.metrics(),
                                 {.start_time = now, .end_time = now + absl::Seconds(1)});
  ASSERT_TRUE(report.ok()) << report.status();
  const std::vector<ReportLatency>& latencies = report->streams[0].latencies;
  ASSERT_THAT(latencies, SizeIs(2));
  EXPECT_EQ(latencies[0].operation, Operation::kPutRecord);
  EXPECT_EQ(latencies[1].operation, Operation::kSubscribeToShard);
  for (const ReportLatency& latency : latencies) {
    EXPECT_EQ(latency.latencies.count(), 1);
    EXPECT_THAT(latency.p50_millis, ElementsAre(Optional(Gt(0.0))));
    EXPECT_THAT(latency.p99_millis, ElementsAre(Optional(Gt(0.0))));
  }
  EXPECT_THAT(ReportText(*report),
              HasSubstr("  PutRecord                         1           1 us           1 us"));
  const std::string page = ReportPage(*report);
  EXPECT_THAT(page, HasSubstr("PutRecord latency"));
  EXPECT_THAT(page, HasSubstr("PutRecord p99"));
  EXPECT_THAT(page, HasSubstr("SubscribeToShard latency"));
}

// The lines of readers, apart from those in the legend.
std::vector<std::string> ReaderLines(const std::string& page) {
  const std::size_t begin = page.find("Behind the latest record");
  const std::string figure = page.substr(begin, page.find("</figure>", begin) - begin);
  std::vector<std::string> lines = Between(figure, "<path class=\"line ", "\"");
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2));
  return lines;
}

Report ReadersReport(std::size_t readers) {
  RecordWorld world;
  world.Create("orders");
  world.Advance(absl::Minutes(1));
  Report report = MakeReportOf(world, absl::Minutes(1));
  for (std::size_t i = 0; i < readers; ++i) {
    report.streams[0].consumers.push_back({.consumer_name = "reader-" + std::to_string(i),
                                           .millis_behind_latest = {static_cast<double>(i + 1)}});
  }
  return report;
}

TEST(ReportPage, NoTwoReadersLookTheSame) {
  const std::vector<std::string> lines = ReaderLines(ReportPage(ReadersReport(8)));
  EXPECT_THAT(lines, SizeIs(8));
  EXPECT_THAT(std::set<std::string>(lines.begin(), lines.end()), SizeIs(8));
}

TEST(ReportPage, SaysHowManyReadersAreNotShown) {
  EXPECT_THAT(ReportPage(ReadersReport(8)), Not(HasSubstr("more reader")));
  EXPECT_THAT(ReportPage(ReadersReport(9)), HasSubstr("1 more reader is not shown."));
  const std::string page = ReportPage(ReadersReport(11));
  EXPECT_THAT(page, HasSubstr("3 more readers are not shown."));
  EXPECT_THAT(page, Not(HasSubstr("reader-2<")));
  EXPECT_THAT(page, HasSubstr("reader-3<"));
}

TEST(ReportPage, HasNoPlotOfLatenciesThatTookNoTime) {
  Report report = ReadersReport(0);
  ReportLatency latency = {.p50_millis = {0.0}, .p99_millis = {0.0}};
  latency.latencies.Add(absl::ZeroDuration(), 999);
  latency.latencies.Add(absl::Seconds(1));
  report.streams[0].latencies.push_back(latency);
  EXPECT_THAT(ReportPage(report), Not(HasSubstr("PutRecord latency")));
}

}  // namespace
}  // namespace riacho
