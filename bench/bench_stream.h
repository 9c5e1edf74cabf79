// A stream to measure on: an engine without limits, and keys that spread over its shards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "riacho/riacho.h"

namespace riacho::bench {

// `key_count` keys of sixteen bytes, all different.
inline std::vector<std::string> Keys(std::size_t key_count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < key_count; ++i) {
    std::string key = std::to_string(i);
    key.insert(0, 16 - key.size(), 'k');
    keys.push_back(std::move(key));
  }
  return keys;
}

// What stays in memory is bounded: Step moves the clock, so that retention frees what was put a
// while ago. Not for use by several threads at once, but for `kinesis`.
class BenchStream {
 public:
  explicit BenchStream(std::int64_t shards, EngineOptions options = {.limits = Limits::Unlimited()})
      : engine_(clock_, std::move(options)), kinesis(engine_.NewClient()) {
    kinesis->CreateStream({.stream_name = "bench", .shard_count = shards}).IgnoreError();
  }

  // Time passes. By six hours, records leave the stream after four steps, their memory with them.
  void Step(absl::Duration by = absl::Hours(6)) {
    clock_.AdvanceTime(by);
    engine_.Settle();
  }

  // Memory of stored records, in bytes.
  std::int64_t memory_used() const { return engine_.memory_used(); }

  // A client of somebody else.
  std::unique_ptr<Client> As(Principal principal) {
    return engine_.NewClient(std::move(principal));
  }

  // An iterator at the oldest record of a shard.
  std::string TrimHorizon(ShardId shard) {
    return kinesis
        ->GetShardIterator({.stream_name = "bench",
                            .shard_id = shard.ToString(),
                            .shard_iterator_type = ShardIteratorType::kTrimHorizon})
        ->shard_iterator;
  }

 private:
  ManualClock clock_;
  Engine engine_;

 public:
  const std::unique_ptr<Client> kinesis;
};

// So many consumers, each subscribed to the first shard from now on.
inline std::vector<std::unique_ptr<Subscription>> Subscribe(BenchStream& stream,
                                                            std::int64_t consumers) {
  const auto arn = stream.kinesis->DescribeStreamSummary({.stream_name = "bench"})
                       ->stream_description_summary.stream_arn;
  std::vector<std::unique_ptr<Subscription>> subscriptions;
  for (std::int64_t i = 0; i < consumers; ++i) {
    const auto consumer = stream.kinesis->RegisterStreamConsumer(
        {.stream_arn = arn, .consumer_name = "consumer-" + std::to_string(i)});
    subscriptions.push_back(*stream.kinesis->SubscribeToShard(
        {.consumer_arn = consumer->consumer.consumer_arn,
         .shard_id = "0",
         .starting_position = {{.type = ShardIteratorType::kLatest}}}));
  }
  return subscriptions;
}

}  // namespace riacho::bench
