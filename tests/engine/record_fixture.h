// What tests of the record and consumer operations do first, on top of World.
//
//   RecordWorld world;
//   world.Create("orders");
//   world.Put("orders", "key", "data");
//   EXPECT_THAT(DataOf(world.Read(world.Iterator("orders", 0))), ElementsAre("data"));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "engine/engine_fixture.h"
#include "riacho/client/subscription.h"

namespace riacho {

inline constexpr std::int64_t kMiB = 1024 * 1024;
inline constexpr std::string_view kLargestHashKey = "340282366920938463463374607431768211455";
inline constexpr std::string_view kMiddleHashKey = "170141183460469231731687303715884105728";

inline std::string ShardName(std::uint32_t number) { return ShardId{number}.ToString(); }

inline std::string ShardDoesNotExistText(std::uint32_t shard, std::string_view stream) {
  return "Shard " + ShardName(shard) + " in stream " + std::string(stream) +
         " under account 123456789012 does not exist";
}
inline std::string WriteThrottledText(std::uint32_t shard, std::string_view stream) {
  return "Rate exceeded for shard " + ShardName(shard) + " in stream " + std::string(stream) +
         " under account 123456789012.";
}
inline std::string ReadThrottledText(std::uint32_t shard, std::string_view stream) {
  return "Rate exceeded for Shard - 123456789012/" + std::string(stream) + "/" + ShardName(shard);
}
inline std::string DryRunText(std::string_view operation) {
  return "DryRunOperation validation succeeded while calling " + std::string(operation) +
         " operation.: Request would have succeeded, but DryRun flag is set.";
}
inline std::string BlobOf(std::size_t bytes) {
  const std::string size = std::to_string(bytes);
  return "'java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]'";
}

// Limits that let a test read and put as often as it likes.
inline EngineOptions WithoutThroughputLimits() {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  return options;
}

inline std::vector<std::string> DataOf(const RecordBatch& batch) {
  std::vector<std::string> data;
  for (const Record& record : batch) data.emplace_back(record.data);
  return data;
}
inline std::vector<std::string> DataOf(const GetRecordsResponse& page) {
  return DataOf(page.records);
}

class RecordWorld : public World {
 public:
  using World::World;

  absl::StatusOr<PutRecordResponse> TryPut(const std::string& stream, std::string_view key,
                                           std::string_view data = "data") {
    return kinesis->PutRecord({.stream_name = stream, .data = data, .partition_key = key});
  }
  PutRecordResponse PutAt(const std::string& stream, std::string_view hash_key,
                          std::string_view data = "data") {
    return kinesis
        ->PutRecord({.stream_name = stream,
                     .data = data,
                     .partition_key = "key",
                     .explicit_hash_key = hash_key})
        .value();
  }

  absl::StatusOr<GetShardIteratorResponse> TryIterator(const std::string& stream,
                                                       const std::string& shard,
                                                       ShardIteratorType type,
                                                       std::optional<std::string> number = {},
                                                       std::optional<absl::Time> timestamp = {}) {
    return kinesis->GetShardIterator({.stream_name = stream,
                                      .shard_id = shard,
                                      .shard_iterator_type = type,
                                      .starting_sequence_number = std::move(number),
                                      .timestamp = timestamp});
  }
  std::string Iterator(const std::string& stream, std::uint32_t shard,
                       ShardIteratorType type = ShardIteratorType::kTrimHorizon) {
    return TryIterator(stream, ShardName(shard), type).value().shard_iterator;
  }
  std::string IteratorAt(const std::string& stream, std::uint32_t shard, SequenceNumber number) {
    return TryIterator(stream, ShardName(shard), ShardIteratorType::kAtSequenceNumber,
                       number.ToString())
        .value()
        .shard_iterator;
  }
  std::string IteratorAfter(const std::string& stream, std::uint32_t shard, SequenceNumber number) {
    return TryIterator(stream, ShardName(shard), ShardIteratorType::kAfterSequenceNumber,
                       number.ToString())
        .value()
        .shard_iterator;
  }
  std::string IteratorFrom(const std::string& stream, std::uint32_t shard, absl::Time time) {
    return TryIterator(stream, ShardName(shard), ShardIteratorType::kAtTimestamp, std::nullopt,
                       time)
        .value()
        .shard_iterator;
  }

  absl::StatusOr<GetRecordsResponse> TryRead(const std::string& iterator,
                                             std::optional<std::int64_t> limit = {}) {
    return kinesis->GetRecords({.shard_iterator = iterator, .limit = limit});
  }
  GetRecordsResponse Read(const std::string& iterator, std::optional<std::int64_t> limit = {}) {
    return TryRead(iterator, limit).value();
  }

  // The ARN of a new consumer that is ACTIVE when this returns.
  std::string Register(const std::string& stream, const std::string& name) {
    const Consumer consumer =
        kinesis->RegisterStreamConsumer({.stream_arn = StreamArnOf(stream), .consumer_name = name})
            .value()
            .consumer;
    Advance(engine.options().lifecycle.register_consumer);
    return consumer.consumer_arn;
  }
  absl::StatusOr<std::unique_ptr<Subscription>> TrySubscribe(const std::string& consumer_arn,
                                                             std::uint32_t shard,
                                                             StartingPosition from) {
    return kinesis->SubscribeToShard(
        {.consumer_arn = consumer_arn, .shard_id = ShardName(shard), .starting_position = from});
  }
  std::unique_ptr<Subscription> Subscribe(const std::string& consumer_arn, std::uint32_t shard,
                                          StartingPosition from = {
                                              .type = ShardIteratorType::kTrimHorizon}) {
    return TrySubscribe(consumer_arn, shard, std::move(from)).value();
  }
};

// The event that a poll answers now, or none.
inline std::optional<SubscribeToShardEvent> Next(Subscription& subscription) {
  return subscription.Poll().value();
}

}  // namespace riacho
