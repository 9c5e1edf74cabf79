// The operations of the service by name.
//
//   std::string target = "Kinesis_20131202." + std::string(OperationName(Operation::kPutRecord));
//
// Each request type names its own: PutRecordRequest::kOperation.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string_view>

namespace riacho {

// Alphabetical, without gaps: fit to index an array of kOperationCount.
// Source: API Reference, "Actions"; the channel operations and
// UpdateStreamRecordDistributionStrategy: API of 2026-09-29.
enum class Operation : unsigned char {
  kAddTagsToStream,
  kCreateChannel,
  kCreateStream,
  kDecreaseStreamRetentionPeriod,
  kDeleteChannel,
  kDeleteResourcePolicy,
  kDeleteStream,
  kDeregisterStreamConsumer,
  kDescribeAccountSettings,
  kDescribeChannel,
  kDescribeLimits,
  kDescribeStream,
  kDescribeStreamConsumer,
  kDescribeStreamSummary,
  kDisableEnhancedMonitoring,
  kEnableEnhancedMonitoring,
  kGetRecords,
  kGetResourcePolicy,
  kGetShardIterator,
  kIncreaseStreamRetentionPeriod,
  kListChannels,
  kListShards,
  kListStreamConsumers,
  kListStreams,
  kListTagsForResource,
  kListTagsForStream,
  kMergeShards,
  kPutRecord,
  kPutRecords,
  kPutResourcePolicy,
  kRegisterStreamConsumer,
  kRemoveTagsFromStream,
  kSplitShard,
  kStartStreamEncryption,
  kStopStreamEncryption,
  kSubscribeToShard,
  kTagResource,
  kUntagResource,
  kUpdateAccountSettings,
  kUpdateChannel,
  kUpdateMaxRecordSize,
  kUpdateShardCount,
  kUpdateStreamMode,
  kUpdateStreamRecordDistributionStrategy,
  kUpdateStreamWarmThroughput,
};

inline constexpr std::size_t kOperationCount = 45;

// The name on the wire, such as "PutRecord". Valid for the life of the program.
std::string_view OperationName(Operation operation);

// The operation whose OperationName is `name`; empty for any other text.
std::optional<Operation> ParseOperation(std::string_view name);

// Which of the service's two halves answers. The data plane moves records; the control plane does
// all else, with call rates of its own.
enum class Plane : unsigned char { kControl, kData };

// kData for PutRecord, PutRecords, GetShardIterator, GetRecords and SubscribeToShard, kControl for
// all others. Source: service model 2013-12-02, static context parameter "OperationType".
Plane PlaneOf(Operation operation);

std::ostream& operator<<(std::ostream& out, Operation operation);
std::ostream& operator<<(std::ostream& out, Plane plane);

}  // namespace riacho
