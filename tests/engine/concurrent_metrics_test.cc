// What an engine counts when many call it at once.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

double SumOf(RecordWorld& world, std::string_view name, std::string_view dimension) {
  double sum = 0;
  for (const MetricTotal& total : world.engine.metrics().Totals()) {
    if (total.metric.metric_name != name) continue;
    for (const Dimension& found : total.metric.dimensions)
      sum += found.name == dimension ? total.total.sum : 0;
  }
  return sum;
}

// Writers put to a stream that is split, monitored and looked at; the clock moves on. Each record
// is counted once, for the stream and for its shard.
TEST(MetricsUnderThreads, EveryRecordIsCountedOnce) {
  constexpr int kWriters = 3;
  constexpr int kRecords = 2'000;
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  ASSERT_THAT(world.kinesis->EnableEnhancedMonitoring(
                  {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}}),
              Succeeds());
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&world, &writing, w] {
      for (int i = 0; i < kRecords / 2; ++i) {
        const std::string key = std::to_string(w) + "-" + std::to_string(i);
        world.Put("orders", key);
        const std::vector<PutRecordsRequestEntry> one = {{.data = "data", .partition_key = key}};
        EXPECT_THAT(world.kinesis->PutRecords({.records = one, .stream_name = "orders"}),
                    Succeeds());
      }
      writing.fetch_sub(1);
    });
  }
  for (int i = 0; writing.load() != 0; ++i) {
    world.Advance(absl::Seconds(20));
    if (i < 3) {
      EXPECT_THAT(world.Halve("orders", world.OpenShards("orders").front()), Succeeds());
    }
    EXPECT_LE(SumOf(world, "IncomingRecords", "StreamName"), 2 * kWriters * kRecords);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(SumOf(world, "IncomingRecords", "ShardId"), kWriters * kRecords);
  EXPECT_EQ(SumOf(world, "IncomingRecords", "StreamName"), 2 * kWriters * kRecords)
      << "of the stream, and of its shards";
}

// Writers on a clock that moves, while somebody looks: each latency is counted once, in the minute
// of its call.
TEST(MetricsUnderThreads, EveryLatencyIsCountedOnce) {
  constexpr int kWriters = 3;
  constexpr int kRecords = 2'000;
  EngineOptions options = WithoutThroughputLimits();
  options.metrics.latency = true;
  RecordWorld world(options);
  world.Create("orders");
  const Metrics& metrics = world.engine.metrics();
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&world, &writing, w] {
      for (int i = 0; i < kRecords; ++i) {
        world.Put("orders", std::to_string(w));
        if (i % 2 == 0) world.Iterator("orders", 0);
      }
      writing.fetch_sub(1);
    });
  }
  while (writing.load() != 0) {
    world.Advance(absl::Seconds(20));
    EXPECT_LE(metrics.LatencyOf(Operation::kPutRecord).count(), kWriters * kRecords);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(metrics.LatencyOf(Operation::kPutRecord).count(), kWriters * kRecords);
  EXPECT_EQ(metrics.LatencyOf(Operation::kGetShardIterator).count(), kWriters * kRecords / 2);
}

}  // namespace
}  // namespace riacho
