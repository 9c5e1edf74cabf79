// The metrics of AWS/Kinesis that an engine counts: one test for each rule of what a call counts.
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"
#include "engine/record_fixture.h"
#include "riacho/telemetry/prometheus.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Points = std::vector<StatisticSet>;

// What a metric has in all minutes of the world's last day, one entry for each that has samples.
Points PointsOf(RecordWorld& world, const std::string& name, std::vector<Dimension> dimensions) {
  const absl::Time now = world.clock.TimeNow();
  const GetMetricStatisticsResponse response =
      world.engine.metrics()
          .GetMetricStatistics({.metric_name = name,
                                .dimensions = std::move(dimensions),
                                .start_time = now - absl::Hours(23),
                                .end_time = now + absl::Minutes(1),
                                .statistics = {Statistic::kSampleCount, Statistic::kSum,
                                               Statistic::kMinimum, Statistic::kMaximum}})
          .value();
  Points points;
  for (const Datapoint& point : response.datapoints)
    points.push_back({*point.sample_count, *point.sum, *point.minimum, *point.maximum});
  return points;
}
Points OfStream(RecordWorld& world, const std::string& name) {
  return PointsOf(world, name, {{"StreamName", "orders"}});
}
Points OfShard(RecordWorld& world, const std::string& name, std::uint32_t shard = 0) {
  return PointsOf(world, name, {{"StreamName", "orders"}, {"ShardId", ShardName(shard)}});
}
Points OfConsumer(RecordWorld& world, const std::string& name) {
  return PointsOf(world, name, {{"StreamName", "orders"}, {"ConsumerName", "billing"}});
}

Points One(StatisticSet set) { return {set}; }
// So many samples of one value.
Points Same(double count, double value) { return {{count, count * value, value, value}}; }

PutRecordsRequestEntry Entry(std::string_view key, std::string_view data) {
  return {.data = data, .partition_key = key};
}

// A stream of which each shard takes 3 records a second.
EngineOptions ThreeRecordsASecond() {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 3;
  return options;
}

absl::Status Monitor(RecordWorld& world, std::vector<MetricsName> metrics) {
  return world.kinesis
      ->EnableEnhancedMonitoring(
          {.stream_name = "orders", .shard_level_metrics = std::move(metrics)})
      .status();
}

TEST(PutRecordMetrics, CountWhatWasStoredOnceForEachCall) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "12");
  world.Put("orders", "key", "12345");
  const StatisticSet bytes = {2, 11, 3, 8};
  EXPECT_EQ(OfStream(world, "IncomingBytes"), One(bytes));
  EXPECT_EQ(OfStream(world, "IncomingRecords"), Same(2, 1));
  EXPECT_EQ(OfStream(world, "PutRecord.Bytes"), One(bytes));
  EXPECT_EQ(OfStream(world, "PutRecord.Success"), Same(2, 1));
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"), Same(2, 0));
}

TEST(PutRecordMetrics, AThrottledCallIsNoSuccessAndNothingIncoming) {
  RecordWorld world(ThreeRecordsASecond());
  world.Create("orders");
  for (int i = 0; i < 3; ++i) world.Put("orders", "k", "data");
  ASSERT_THAT(world.TryPut("orders", "k", "refused"),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_EQ(OfStream(world, "IncomingBytes"), One({4, 15, 0, 5}));
  EXPECT_EQ(OfStream(world, "IncomingRecords"), One({4, 3, 0, 1}));
  EXPECT_EQ(OfStream(world, "PutRecord.Bytes"), One({4, 23, 5, 8}));
  EXPECT_EQ(OfStream(world, "PutRecord.Success"), One({4, 3, 0, 1}));
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"), One({4, 1, 0, 1}));
}

TEST(PutRecordMetrics, ACallForWhichThereIsNoMemoryIsNoSuccessAndNotThrottled) {
  EngineOptions options;
  options.memory_budget = 0;
  RecordWorld world(options);
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kInternalFailure));
  EXPECT_EQ(OfStream(world, "PutRecord.Success"), Same(1, 0));
  EXPECT_EQ(OfStream(world, "IncomingRecords"), Same(1, 0));
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"), Same(1, 0));
}

TEST(PutRecordMetrics, RequestsThatAreWrongAndDryRunsAreNotCounted) {
  RecordWorld world;
  world.Create("orders");
  EXPECT_THAT(world.TryPut("orders", ""), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB, 'x')), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->PutRecord(
                  {.stream_name = "orders", .data = "x", .partition_key = "k", .dry_run = true}),
              FailsAs(ErrorCode::kDryRunOperation));
  EXPECT_THAT(world.engine.metrics().ListMetrics().metrics, IsEmpty());
}

TEST(PutRecordsMetrics, CountRecordsByTheirFateOnceForEachCall) {
  RecordWorld world(ThreeRecordsASecond());
  world.Create("orders");
  const std::vector<PutRecordsRequestEntry> two = {Entry("k", "12"), Entry("k", "1")};
  for (int i = 0; i < 3; ++i)
    ASSERT_THAT(world.kinesis->PutRecords({.records = two, .stream_name = "orders"}), Succeeds());
  EXPECT_EQ(OfStream(world, "PutRecords.Bytes"), Same(3, 5));
  EXPECT_EQ(OfStream(world, "PutRecords.TotalRecords"), Same(3, 2));
  EXPECT_EQ(OfStream(world, "PutRecords.SuccessfulRecords"), One({3, 3, 0, 2}));
  EXPECT_EQ(OfStream(world, "PutRecords.Records"), One({3, 3, 0, 2}));
  EXPECT_EQ(OfStream(world, "PutRecords.ThrottledRecords"), One({3, 3, 0, 2}));
  EXPECT_EQ(OfStream(world, "PutRecords.FailedRecords"), Same(3, 0));
  EXPECT_EQ(OfStream(world, "PutRecords.Success"), One({3, 2, 0, 1}))
      << "a call with one stored record is a success";
  EXPECT_EQ(OfStream(world, "IncomingBytes"), One({3, 8, 0, 5}));
  EXPECT_EQ(OfStream(world, "IncomingRecords"), One({3, 3, 0, 2}));
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"), One({3, 3, 0, 2}));
  EXPECT_THAT(OfStream(world, "PutRecord.Success"), IsEmpty());
}

TEST(PutRecordsMetrics, FailedRecordsAreThoseOfInternalFailures) {
  EngineOptions options;
  options.memory_budget = 0;
  RecordWorld world(options);
  world.Create("orders");
  const std::vector<PutRecordsRequestEntry> two = {Entry("k", "12"), Entry("k", "1")};
  ASSERT_THAT(world.kinesis->PutRecords({.records = two, .stream_name = "orders"}), Succeeds());
  EXPECT_EQ(OfStream(world, "PutRecords.FailedRecords"), Same(1, 2));
  EXPECT_EQ(OfStream(world, "PutRecords.ThrottledRecords"), Same(1, 0));
  EXPECT_EQ(OfStream(world, "PutRecords.Success"), Same(1, 0));
}

TEST(GetRecordsMetrics, CountThePageAndTheAgeOfItsLastRecord) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "12");
  world.Advance(absl::Milliseconds(2'500));
  world.Put("orders", "k", "1");
  world.Advance(absl::Milliseconds(1'250));
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  ASSERT_THAT(page.records, SizeIs(2));
  world.Read(*page.next_shard_iterator);
  EXPECT_EQ(OfStream(world, "GetRecords.Bytes"), One({2, 5, 0, 5}));
  EXPECT_EQ(OfStream(world, "GetRecords.Records"), One({2, 2, 0, 2}));
  EXPECT_EQ(OfStream(world, "GetRecords.IteratorAgeMilliseconds"), One({2, 1'250, 0, 1'250}));
  EXPECT_EQ(OfStream(world, "GetRecords.IteratorAge"), One({2, 1'250, 0, 1'250}));
  EXPECT_EQ(OfStream(world, "GetRecords.Success"), Same(2, 1));
  EXPECT_EQ(OfStream(world, "ReadProvisionedThroughputExceeded"), Same(2, 0));
}

TEST(GetRecordsMetrics, AThrottledCallHasNoPage) {
  RecordWorld world;
  world.Create("orders");
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 5; ++i) world.Read(iterator);
  ASSERT_THAT(world.TryRead(iterator), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_EQ(OfStream(world, "ReadProvisionedThroughputExceeded"), One({6, 1, 0, 1}));
  EXPECT_EQ(OfStream(world, "GetRecords.Success"), One({6, 5, 0, 1}));
  EXPECT_EQ(OfStream(world, "GetRecords.Records"), Same(5, 0));
}

TEST(EncryptedStreamMetrics, ACallThatTheKeyRefusesIsNoSuccess) {
  EncryptionWorld world;
  world.Start("first");
  world.Put("orders", "k", "data");
  ASSERT_THAT(world.keys.DisableKey("first"), Succeeds());
  world.LetDataKeysExpire();
  EXPECT_FALSE(world.TryPut("orders", "k").ok());
  const std::vector<PutRecordsRequestEntry> one = {Entry("k", "12")};
  EXPECT_FALSE(world.kinesis->PutRecords({.records = one, .stream_name = "orders"}).ok());
  EXPECT_FALSE(world.TryRead(world.Iterator("orders", 0)).ok());
  EXPECT_EQ(OfStream(world, "PutRecord.Success"), (Points{{1, 1, 1, 1}, {1, 0, 0, 0}}));
  EXPECT_EQ(OfStream(world, "PutRecords.Success"), Same(1, 0));
  EXPECT_EQ(OfStream(world, "PutRecords.TotalRecords"), Same(1, 1));
  EXPECT_EQ(OfStream(world, "PutRecords.FailedRecords"), Same(1, 0));
  EXPECT_EQ(OfStream(world, "GetRecords.Success"), Same(1, 0));
}

TEST(EncryptedStreamMetrics, BytesAreThoseOfTheRecordAsItWasPut) {
  EncryptionWorld world;
  world.Start("first");
  world.Put("orders", "k", "data");
  world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(OfStream(world, "IncomingBytes"), Same(1, 5));
  EXPECT_EQ(OfStream(world, "GetRecords.Bytes"), Same(1, 5));
}

TEST(SubscribeToShardMetrics, CountAttemptsAndTheirRefusals) {
  RecordWorld world;
  world.Create("orders");
  const std::string consumer = world.Register("orders", "billing");
  const StartingPosition from = {.type = ShardIteratorType::kTrimHorizon};
  const auto held = world.Subscribe(consumer, 0);
  EXPECT_THAT(world.TrySubscribe(consumer, 0, from), FailsAs(ErrorCode::kResourceInUse));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShard.Success"), One({2, 1, 0, 1}));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShard.RateExceeded"), One({2, 1, 0, 1}));
}

TEST(SubscribeToShardMetrics, AConsumerThatIsNotActiveDoesNotExceedARate) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  const Consumer consumer = world.kinesis
                                ->RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"),
                                                          .consumer_name = "billing"})
                                .value()
                                .consumer;
  const StartingPosition from = {.type = ShardIteratorType::kTrimHorizon};
  ASSERT_THAT(world.TrySubscribe(consumer.consumer_arn, 0, from),
              FailsAs(ErrorCode::kResourceInUse));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShard.Success"), Same(1, 0));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShard.RateExceeded"), Same(1, 0));
}

TEST(SubscribeToShardEventMetrics, CountEventsAndTheRegularEndAsNoSuccess) {
  RecordWorld world;
  world.Create("orders");
  const auto subscription = world.Subscribe(world.Register("orders", "billing"), 0);
  world.Put("orders", "k", "12");
  world.Put("orders", "k", "1");
  ASSERT_THAT(Next(*subscription)->records, SizeIs(2));
  ASSERT_EQ(Next(*subscription), std::nullopt);
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.Bytes"), Same(1, 5));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.Records"), Same(1, 2));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.MillisBehindLatest"), Same(1, 0));
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.Success"), Same(1, 1));
  world.Advance(absl::Minutes(5));
  ASSERT_EQ(Next(*subscription), std::nullopt);
  ASSERT_EQ(Next(*subscription), std::nullopt);
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.Success"),
            (Points{{1, 1, 1, 1}, {1, 0, 0, 0}}));
}

TEST(SubscribeToShardEventMetrics, MillisBehindLatestIsThatOfTheEvent) {
  EngineOptions options;
  options.limits.subscription_event_records = 1;
  RecordWorld world(options);
  world.Create("orders");
  const auto subscription = world.Subscribe(world.Register("orders", "billing"), 0);
  for (int i = 0; i < 2; ++i) world.Put("orders", "k");
  world.Advance(absl::Seconds(7));
  const std::int64_t behind = Next(*subscription)->millis_behind_latest;
  ASSERT_GT(behind, 0);
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.MillisBehindLatest"),
            Same(1, static_cast<double>(behind)));
}

TEST(SubscribeToShardEventMetrics, AnErrorThatEndsTheSubscriptionIsNoSuccess) {
  RecordWorld world;
  world.Create("orders");
  const auto subscription = world.Subscribe(world.Register("orders", "billing"), 0);
  ASSERT_THAT(
      world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
      Succeeds());
  EXPECT_FALSE(subscription->Poll().ok());
  EXPECT_EQ(OfConsumer(world, "SubscribeToShardEvent.Success"), Same(1, 0));
}

TEST(ShardLevelMetrics, AreCountedFromWhenTheyAreTurnedOn) {
  RecordWorld world(ThreeRecordsASecond());
  world.Create("orders", 2);
  world.PutAt("orders", "0");
  EXPECT_THAT(OfShard(world, "IncomingBytes"), IsEmpty());
  ASSERT_THAT(Monitor(world, {MetricsName::kAll}), Succeeds());
  world.PutAt("orders", "0");
  world.PutAt("orders", "0", "12");
  EXPECT_FALSE(world.TryPut("orders", "a").ok());  // of shard 0
  world.PutAt("orders", kLargestHashKey);
  EXPECT_EQ(OfShard(world, "IncomingBytes"), One({3, 12, 0, 7}));
  EXPECT_EQ(OfShard(world, "IncomingRecords"), One({3, 2, 0, 1}));
  EXPECT_EQ(OfShard(world, "WriteProvisionedThroughputExceeded"), One({3, 1, 0, 1}));
  EXPECT_EQ(OfShard(world, "IncomingRecords", 1), Same(1, 1));
  world.Advance(absl::Seconds(2));
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 5; ++i) world.Read(iterator);
  EXPECT_FALSE(world.TryRead(iterator).ok());
  EXPECT_EQ(OfShard(world, "OutgoingBytes"), Same(5, 19));
  EXPECT_EQ(OfShard(world, "OutgoingRecords"), Same(5, 3));
  EXPECT_EQ(OfShard(world, "IteratorAgeMilliseconds"), Same(5, 2'000));
  EXPECT_EQ(OfShard(world, "ReadProvisionedThroughputExceeded"), One({6, 1, 0, 1}));
  EXPECT_THAT(OfShard(world, "OutgoingRecords", 1), IsEmpty());
}

TEST(ShardLevelMetrics, OnlyThoseThatAreOnAreCounted) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(Monitor(world, {MetricsName::kIncomingRecords, MetricsName::kOutgoingBytes}),
              Succeeds());
  world.Put("orders", "k", "data");
  world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(
      world.engine.metrics().ListMetrics({.dimensions = {{.name = "ShardId"}}}).metrics.size(), 2u);
  EXPECT_EQ(OfShard(world, "IncomingRecords"), Same(1, 1));
  EXPECT_EQ(OfShard(world, "OutgoingBytes"), Same(1, 5));
  ASSERT_THAT(world.kinesis->DisableEnhancedMonitoring(
                  {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}}),
              Succeeds());
  world.Put("orders", "k", "data");
  EXPECT_EQ(OfShard(world, "IncomingRecords"), Same(1, 1));
}

TEST(ShardLevelMetrics, OfPutRecordsHaveOneSampleForEachShardOfTheCall) {
  RecordWorld world(ThreeRecordsASecond());
  world.Create("orders", 2);
  ASSERT_THAT(Monitor(world, {MetricsName::kAll}), Succeeds());
  const PutRecordsRequestEntry low = {.data = "12", .explicit_hash_key = "0", .partition_key = "k"};
  const PutRecordsRequestEntry high = {
      .data = "1", .explicit_hash_key = kLargestHashKey, .partition_key = "k"};
  const std::vector<PutRecordsRequestEntry> entries = {low, high, low, low, low};
  ASSERT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}), Succeeds());
  EXPECT_EQ(OfShard(world, "IncomingBytes"), Same(1, 9));
  EXPECT_EQ(OfShard(world, "IncomingRecords"), Same(1, 3));
  EXPECT_EQ(OfShard(world, "WriteProvisionedThroughputExceeded"), Same(1, 1));
  EXPECT_EQ(OfShard(world, "IncomingBytes", 1), Same(1, 2));
  EXPECT_EQ(OfShard(world, "WriteProvisionedThroughputExceeded", 1), Same(1, 0));
}

TEST(ShardLevelMetrics, OutgoingOnesCountEventsOfSubscriptionsToo) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(Monitor(world, {MetricsName::kAll}), Succeeds());
  const auto subscription = world.Subscribe(world.Register("orders", "billing"), 0);
  world.Put("orders", "k", "data");
  ASSERT_NE(Next(*subscription), std::nullopt);
  EXPECT_EQ(OfShard(world, "OutgoingBytes"), Same(1, 5));
  EXPECT_EQ(OfShard(world, "OutgoingRecords"), Same(1, 1));
  EXPECT_THAT(OfShard(world, "IteratorAgeMilliseconds"), IsEmpty());
}

TEST(ShardLevelMetrics, ARecordThatNoShardHadRoomForIsThrottledByTheStreamOnly) {
  EngineOptions options = ThreeRecordsASecond();
  RecordWorld world(options);
  world.CreateOnDemand("orders");
  ASSERT_THAT(world.kinesis->UpdateStreamRecordDistributionStrategy(
                  {.stream_arn = StreamArnOf("orders"),
                   .record_distribution_strategy = RecordDistributionStrategy::kAuto}),
              Succeeds());
  ASSERT_THAT(Monitor(world, {MetricsName::kWriteProvisionedThroughputExceeded}), Succeeds());
  int stored = 0;
  while (world.TryPut("orders", "k").ok()) ++stored;
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"), One({stored + 1.0, 1, 0, 1}));
  for (std::uint32_t shard = 0; shard < 4; ++shard)
    EXPECT_EQ(OfShard(world, "WriteProvisionedThroughputExceeded", shard), Same(stored / 4, 0));
}

TEST(ShardLevelMetrics, OfABatchThatNoShardHadRoomForAreCountedByNoShardEither) {
  EngineOptions options = ThreeRecordsASecond();
  RecordWorld world(options);
  world.CreateOnDemand("orders");
  ASSERT_THAT(world.kinesis->UpdateStreamRecordDistributionStrategy(
                  {.stream_arn = StreamArnOf("orders"),
                   .record_distribution_strategy = RecordDistributionStrategy::kAuto}),
              Succeeds());
  ASSERT_THAT(Monitor(world, {MetricsName::kWriteProvisionedThroughputExceeded}), Succeeds());
  const std::vector<PutRecordsRequestEntry> entries(20, {.data = "data"});
  const auto put = world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
  ASSERT_THAT(put, Succeeds());
  const auto throttled = static_cast<double>(put->failed_record_count);
  ASSERT_EQ(throttled, 8);
  EXPECT_EQ(OfStream(world, "WriteProvisionedThroughputExceeded"),
            One({1, throttled, throttled, throttled}));
  for (std::uint32_t shard = 0; shard < 4; ++shard)
    EXPECT_EQ(OfShard(world, "WriteProvisionedThroughputExceeded", shard), Same(1, 0));
}

TEST(LatencyMetrics, HaveNoDatapointsUnlessAskedFor) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k");
  world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(OfStream(world, "PutRecord.Latency"), IsEmpty());
  EXPECT_THAT(OfStream(world, "GetRecords.Latency"), IsEmpty());
}

// A clock on which each look takes a millisecond and a half.
class SlowClock final : public Clock {
 public:
  absl::Time TimeNow() override { return now_ += absl::Microseconds(1'500); }
  bool WaitUntil(WakeEvent&, absl::Time) override { return false; }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1'767'225'600);
};

TEST(LatencyMetrics, AreWhatPassesOnTheEnginesClockDuringACall) {
  SlowClock clock;
  EngineOptions options;
  options.metrics.latency = true;
  Engine engine(clock, options);
  const auto kinesis = engine.NewClient();
  ASSERT_THAT(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  const auto put = [&] {
    return kinesis->PutRecord({.stream_name = "orders", .data = "data", .partition_key = "k"});
  };
  ASSERT_THAT(put(), Succeeds());
  ASSERT_THAT(put(), Succeeds());
  const std::vector<PutRecordsRequestEntry> one = {Entry("k", "12")};
  ASSERT_THAT(kinesis->PutRecords({.records = one, .stream_name = "orders"}), Succeeds());
  const auto iterator =
      kinesis->GetShardIterator({.stream_name = "orders",
                                 .shard_id = ShardName(0),
                                 .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  ASSERT_THAT(kinesis->GetRecords({.shard_iterator = iterator->shard_iterator}), Succeeds());
  const auto consumer = kinesis->RegisterStreamConsumer(
      {.stream_arn = StreamArnOf("orders"), .consumer_name = "billing"});
  const auto subscription = kinesis->SubscribeToShard(
      {.consumer_arn = consumer->consumer.consumer_arn,
       .shard_id = ShardName(0),
       .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}});
  ASSERT_NE(Next(**subscription), std::nullopt);
  std::set<std::string> latencies;
  for (const MetricTotal& total : engine.metrics().Totals()) {
    if (!total.metric.metric_name.ends_with("Latency")) continue;
    latencies.insert(total.metric.metric_name);
    EXPECT_EQ(total.unit, StandardUnit::kMilliseconds);
    EXPECT_EQ(total.total.maximum, 1.5) << total.metric;
    EXPECT_EQ(total.total.minimum, 1.5) << total.metric;
    EXPECT_EQ(total.latencies.count(), total.total.sample_count) << total.metric;
  }
  EXPECT_THAT(latencies, ElementsAre("CreateStream.Latency", "GetRecords.Latency",
                                     "GetShardIterator.Latency", "PutRecord.Latency",
                                     "PutRecords.Latency", "RegisterStreamConsumer.Latency",
                                     "SubscribeToShard.Latency", "SubscribeToShardEvent.Latency"));
}

TEST(LatencyMetrics, AreAnsweredForAnOperationOfOneStreamOrAll) {
  SlowClock clock;
  EngineOptions options;
  options.metrics.latency = true;
  Engine engine(clock, options);
  const auto kinesis = engine.NewClient();
  for (const std::string name : {"orders", "returns"})
    ASSERT_THAT(kinesis->CreateStream({.stream_name = name, .shard_count = 1}), Succeeds());
  for (const std::string name : {"orders", "returns", "returns"}) {
    ASSERT_THAT(kinesis->PutRecord({.stream_name = name, .data = "data", .partition_key = "k"}),
                Succeeds());
  }
  const Metrics& metrics = engine.metrics();
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord).count(), 3);
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord, "returns").count(), 2);
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord, "nothing").count(), 0);
  EXPECT_EQ(metrics.LatencyOf(Operation::kCreateStream).count(), 2);
  EXPECT_EQ(metrics.LatencyOf(Operation::kDeleteStream).count(), 0);
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord).Percentile(99), absl::Microseconds(1'500));
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord).sum(), absl::Microseconds(4'500));
  const absl::Time now = clock.TimeNow();
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord, {}, now).count(), 3);
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord, {}, now + absl::Minutes(1)).count(), 0);
  EXPECT_EQ(
      metrics.LatencyOf(Operation::kPutRecord, {}, absl::InfinitePast(), now - absl::Minutes(1))
          .count(),
      0);
  // A refused call of the control plane has taken its time too; one that is not valid has not been
  // let in.
  EXPECT_FALSE(kinesis->DeleteStream({.stream_name = "nothing"}).ok());
  EXPECT_EQ(metrics.LatencyOf(Operation::kDeleteStream).count(), 1);
  EXPECT_FALSE(kinesis->DeleteStream({.stream_name = ""}).ok());
  EXPECT_EQ(metrics.LatencyOf(Operation::kDeleteStream).count(), 1);
}

TEST(EngineMetrics, ACountBelongsToTheMinuteOfItsCall) {
  RecordWorld world;
  world.Create("orders");
  const absl::Time start = world.clock.TimeNow();
  world.Put("orders", "k");
  world.Advance(absl::Seconds(59));
  world.Put("orders", "k");
  world.Advance(absl::Seconds(1));
  world.Put("orders", "k");
  world.Advance(absl::Minutes(2));
  world.Put("orders", "k");
  const auto response =
      world.engine.metrics().GetMetricStatistics({.metric_name = "IncomingRecords",
                                                  .dimensions = {{"StreamName", "orders"}},
                                                  .start_time = start,
                                                  .end_time = start + absl::Minutes(10),
                                                  .statistics = {Statistic::kSum}});
  ASSERT_THAT(response, Succeeds());
  std::vector<std::pair<absl::Duration, double>> sums;
  for (const Datapoint& point : response->datapoints)
    sums.emplace_back(point.timestamp - start, *point.sum);
  EXPECT_THAT(sums,
              ElementsAre(std::pair(absl::ZeroDuration(), 2.0), std::pair(absl::Minutes(1), 1.0),
                          std::pair(absl::Minutes(3), 1.0)));
}

TEST(EngineMetrics, AClockThatIsSetBackCountsIntoTheMinuteItShows) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  world.Put("orders", "k");
  world.Advance(absl::Minutes(1));
  world.Put("orders", "k");
  world.Advance(-absl::Minutes(1));
  world.Put("orders", "k");
  world.Advance(absl::Minutes(1));
  EXPECT_EQ(OfStream(world, "IncomingRecords"), (Points{{2, 2, 1, 1}, {1, 1, 1, 1}}));
}

TEST(EngineMetrics, OutliveTheirStreamAndGoOnWithItsNamesake) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_EQ(OfStream(world, "IncomingRecords"), Same(1, 1));
  world.Create("orders");
  world.Put("orders", "k");
  world.engine.Settle();
  EXPECT_EQ(OfStream(world, "IncomingRecords"), Same(2, 1));
}

TEST(EngineMetrics, AreShownToPrometheusWithStreamShardAndConsumer) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(Monitor(world, {MetricsName::kIncomingBytes}), Succeeds());
  world.Put("orders", "k", "data");
  ASSERT_NE(Next(*world.Subscribe(world.Register("orders", "billing"), 0)), std::nullopt);
  const std::string text = ToPrometheusText(world.engine.metrics());
  for (const std::string line :
       {"riacho_incoming_bytes_total{stream=\"orders\"} 5\n",
        "riacho_shard_incoming_bytes_total{shard=\"shardId-000000000000\",stream=\"orders\"} 5\n",
        "riacho_put_record_success_sum{stream=\"orders\"} 1\n",
        "# TYPE riacho_subscribe_to_shard_event_behind_latest_seconds summary\n",
        "riacho_subscribe_to_shard_event_bytes_sum{consumer=\"billing\",stream=\"orders\"} 5\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(EngineMetrics, AreNotCountedWhenTurnedOff) {
  EngineOptions options;
  options.metrics.enabled = false;
  RecordWorld world(options);
  world.Create("orders");
  const auto subscription = world.Subscribe(world.Register("orders", "billing"), 0);
  ASSERT_THAT(Monitor(world, {MetricsName::kAll}), Succeeds());
  world.Put("orders", "k");
  const std::vector<PutRecordsRequestEntry> one = {Entry("k", "12")};
  ASSERT_THAT(world.kinesis->PutRecords({.records = one, .stream_name = "orders"}), Succeeds());
  world.Read(world.Iterator("orders", 0));
  ASSERT_NE(Next(*subscription), std::nullopt);
  EXPECT_THAT(world.engine.metrics().ListMetrics().metrics, IsEmpty());
}

}  // namespace
}  // namespace riacho
