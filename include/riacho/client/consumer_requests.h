// Requests and responses of the consumer operations: enhanced fan-out.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "riacho/client/record_requests.h"
#include "riacho/model/consumer.h"
#include "riacho/model/operation.h"
#include "riacho/model/record_batch.h"
#include "riacho/model/shard.h"

namespace riacho {

struct RegisterStreamConsumerResponse {
  Consumer consumer = {};
};

// Source: API Reference, "RegisterStreamConsumer".
struct RegisterStreamConsumerRequest {
  using Response = RegisterStreamConsumerResponse;
  static constexpr Operation kOperation = Operation::kRegisterStreamConsumer;

  std::optional<std::string> stream_arn = {};     // required
  std::optional<std::string> consumer_name = {};  // required; 1-128 of [a-zA-Z0-9_.-]
  std::optional<std::string> stream_id = {};
  std::map<std::string, std::string> tags = {};
};

struct DeregisterStreamConsumerResponse {};

// By consumer_arn, or by stream_arn and consumer_name, or by all three if they agree.
// Source: API Reference, "DeregisterStreamConsumer".
struct DeregisterStreamConsumerRequest {
  using Response = DeregisterStreamConsumerResponse;
  static constexpr Operation kOperation = Operation::kDeregisterStreamConsumer;

  std::optional<std::string> stream_arn = {};
  std::optional<std::string> consumer_name = {};
  std::optional<std::string> consumer_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DescribeStreamConsumerResponse {
  ConsumerDescription consumer_description = {};
};

// Addressed as in DeregisterStreamConsumerRequest.
// Source: API Reference, "DescribeStreamConsumer".
struct DescribeStreamConsumerRequest {
  using Response = DescribeStreamConsumerResponse;
  static constexpr Operation kOperation = Operation::kDescribeStreamConsumer;

  std::optional<std::string> stream_arn = {};
  std::optional<std::string> consumer_name = {};
  std::optional<std::string> consumer_arn = {};
  std::optional<std::string> stream_id = {};
};

struct ListStreamConsumersResponse {
  std::vector<Consumer> consumers = {};  // ascending name
  std::optional<std::string> next_token = {};
};

// Source: API Reference, "ListStreamConsumers".
struct ListStreamConsumersRequest {
  using Response = ListStreamConsumersResponse;
  static constexpr Operation kOperation = Operation::kListStreamConsumers;

  std::optional<std::string> stream_arn = {};    // required
  std::optional<std::string> next_token = {};    // valid for 300 seconds
  std::optional<std::int64_t> max_results = {};  // 1-10000; above 100 means 100
  std::optional<absl::Time> stream_creation_timestamp = {};
  std::optional<std::string> stream_id = {};
};

// Source: API Reference, "StartingPosition".
struct StartingPosition {
  std::optional<ShardIteratorType> type = {};  // required
  std::optional<std::string> sequence_number = {};
  std::optional<absl::Time> timestamp = {};

  friend bool operator==(const StartingPosition&, const StartingPosition&) = default;
  friend std::ostream& operator<<(std::ostream& out, const StartingPosition& position);
};

class Subscription;

// Source: API Reference, "SubscribeToShard". The response is a Subscription.
struct SubscribeToShardRequest {
  using Response = std::unique_ptr<Subscription>;
  static constexpr Operation kOperation = Operation::kSubscribeToShard;

  std::optional<std::string> consumer_arn = {};  // required
  std::optional<std::string> stream_id = {};
  std::optional<std::string> shard_id = {};                // required
  std::optional<StartingPosition> starting_position = {};  // required
  std::optional<bool> dry_run = {};
};

// Source: API Reference, "SubscribeToShardEvent".
struct SubscribeToShardEvent {
  RecordBatch records = {};
  std::optional<SequenceNumber> continuation_sequence_number =
      {};                                     // absent in the last event of a closed shard
  std::int64_t millis_behind_latest = 0;      // a multiple of 1000
  std::vector<ChildShard> child_shards = {};  // in the last event of a closed shard

  friend std::ostream& operator<<(std::ostream& out, const SubscribeToShardEvent& event);
};

}  // namespace riacho
