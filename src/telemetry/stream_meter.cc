#include "telemetry/stream_meter.h"

#include <utility>

namespace riacho::internal {
namespace {

using Sample = MeterRow::Sample;

constexpr auto kBytes = StandardUnit::kBytes;
constexpr auto kCount = StandardUnit::kCount;
constexpr auto kMillis = StandardUnit::kMilliseconds;

constexpr MeterRow kOfStream[] = {
    {StreamTally::kStoredPut, "IncomingBytes", kBytes},
    {StreamTally::kStoredPut, "IncomingRecords", kCount, Sample::kOne},
    {StreamTally::kStoredPut, "PutRecord.Bytes", kBytes},
    {StreamTally::kStoredPut, "PutRecord.Success", kCount, Sample::kOne},
    {StreamTally::kStoredPut, "WriteProvisionedThroughputExceeded", kCount, Sample::kZero},
    {StreamTally::kIncomingBytes, "IncomingBytes", kBytes},
    {StreamTally::kIncomingRecords, "IncomingRecords"},
    {StreamTally::kWriteThrottledRecords, "WriteProvisionedThroughputExceeded"},
    {StreamTally::kPutRecordBytes, "PutRecord.Bytes", kBytes},
    {StreamTally::kPutRecordSuccess, "PutRecord.Success"},
    {StreamTally::kPutRecordsBytes, "PutRecords.Bytes", kBytes},
    {StreamTally::kPutRecordsSuccess, "PutRecords.Success"},
    {StreamTally::kPutRecordsTotal, "PutRecords.TotalRecords"},
    {StreamTally::kPutRecordsSuccessful, "PutRecords.SuccessfulRecords"},
    {StreamTally::kPutRecordsSuccessful, "PutRecords.Records"},
    {StreamTally::kPutRecordsFailed, "PutRecords.FailedRecords"},
    {StreamTally::kPutRecordsThrottled, "PutRecords.ThrottledRecords"},
    {StreamTally::kGetRecordsBytes, "GetRecords.Bytes", kBytes},
    {StreamTally::kGetRecordsRecords, "GetRecords.Records"},
    {StreamTally::kGetRecordsAgeMillis, "GetRecords.IteratorAgeMilliseconds", kMillis},
    {StreamTally::kGetRecordsAgeMillis, "GetRecords.IteratorAge", kMillis},
    {StreamTally::kGetRecordsSuccess, "GetRecords.Success"},
    {StreamTally::kReadThrottled, "ReadProvisionedThroughputExceeded"},
};

constexpr MeterRow kOfShard[] = {
    {ShardTally::kIncomingBytes, "IncomingBytes", kBytes},
    {ShardTally::kIncomingRecords, "IncomingRecords"},
    {ShardTally::kOutgoingBytes, "OutgoingBytes", kBytes},
    {ShardTally::kOutgoingRecords, "OutgoingRecords"},
    {ShardTally::kWriteThrottledRecords, "WriteProvisionedThroughputExceeded"},
    {ShardTally::kReadThrottled, "ReadProvisionedThroughputExceeded"},
    {ShardTally::kAgeMillis, "IteratorAgeMilliseconds", kMillis},
};

constexpr MeterRow kOfConsumer[] = {
    {ConsumerTally::kSubscribeSuccess, "SubscribeToShard.Success"},
    {ConsumerTally::kSubscribeRateExceeded, "SubscribeToShard.RateExceeded"},
    {ConsumerTally::kEventBytes, "SubscribeToShardEvent.Bytes", kBytes},
    {ConsumerTally::kEventRecords, "SubscribeToShardEvent.Records"},
    {ConsumerTally::kEventMillisBehindLatest, "SubscribeToShardEvent.MillisBehindLatest", kMillis},
    {ConsumerTally::kEventSuccess, "SubscribeToShardEvent.Success"},
};

constexpr std::string_view kLatenciesOfStream[] = {"PutRecord.Latency", "PutRecords.Latency",
                                                   "GetRecords.Latency"};
constexpr std::string_view kLatenciesOfConsumer[] = {"SubscribeToShard.Latency",
                                                     "SubscribeToShardEvent.Latency"};

// All of them or none.
std::span<const std::string_view> If(bool latency, std::span<const std::string_view> names) {
  return latency ? names : std::span<const std::string_view>();
}

}  // namespace

StreamMeter::StreamMeter(std::shared_ptr<MetricTable> table, std::string stream_name, bool latency)
    : table_(std::move(table)),
      stream_name_(std::move(stream_name)),
      latency_(latency),
      calls_(table_, kOfStream, kKinesisMetrics, {{"StreamName", stream_name_}},
             If(latency, kLatenciesOfStream)) {}

Meter& StreamMeter::OfShard(ShardId shard) {
  const absl::MutexLock lock(&mutex_);
  return shards_
      .try_emplace(
          shard, table_, kOfShard, kKinesisMetrics,
          std::vector<Dimension>{{"ShardId", shard.ToString()}, {"StreamName", stream_name_}})
      .first->second;
}

Meter& StreamMeter::OfConsumer(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  return consumers_
      .try_emplace(name, table_, kOfConsumer, kKinesisMetrics,
                   std::vector<Dimension>{{"ConsumerName", name}, {"StreamName", stream_name_}},
                   If(latency_, kLatenciesOfConsumer))
      .first->second;
}

}  // namespace riacho::internal
