// Record operations: what their requests must be like.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "riacho/client/record_requests.h"

namespace riacho::internal {

inline constexpr BlobShape kDataShape = {.most = 10485760};
inline constexpr TextShape kPartitionKeyShape = {.least = 1, .most = 256};
inline constexpr TextShape kShardIteratorShape = {.least = 1, .most = 512};
inline constexpr StructureListShape kPutRecordsRequestEntryListShape = {.least = 1, .most = 500};
inline constexpr auto kShardIteratorTypeShape =
    OneOf(&ShardIteratorTypeName, ShardIteratorType::kAfterSequenceNumber,
          ShardIteratorType::kLatest, ShardIteratorType::kAtTimestamp,
          ShardIteratorType::kAtSequenceNumber, ShardIteratorType::kTrimHorizon);

template <>
struct Fields<PutRecordsRequestEntry> {
  using R = PutRecordsRequestEntry;
  static constexpr std::tuple kRows = {
      Required("data", &R::data, kDataShape),
      Optional("explicitHashKey", &R::explicit_hash_key, kHashKeyShape),
      Optional("partitionKey", &R::partition_key, kPartitionKeyShape)};
};

template <>
struct Fields<PutRecordRequest> {
  using R = PutRecordRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("data", &R::data, kDataShape),
      Optional("partitionKey", &R::partition_key, kPartitionKeyShape),
      Optional("explicitHashKey", &R::explicit_hash_key, kHashKeyShape),
      Optional("sequenceNumberForOrdering", &R::sequence_number_for_ordering, kSequenceNumberShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Optional("dryRun", &R::dry_run, kAnyShape)};
};

template <>
struct Fields<PutRecordsRequest> {
  using R = PutRecordsRequest;
  static constexpr std::tuple kRows = {
      Required("records", &R::records, kPutRecordsRequestEntryListShape),
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Optional("dryRun", &R::dry_run, kAnyShape)};
};

template <>
struct Fields<GetShardIteratorRequest> {
  using R = GetShardIteratorRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("shardId", &R::shard_id, kShardIdShape),
      Required("shardIteratorType", &R::shard_iterator_type, kShardIteratorTypeShape),
      Optional("startingSequenceNumber", &R::starting_sequence_number, kSequenceNumberShape),
      Optional("timestamp", &R::timestamp, kAnyShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Optional("dryRun", &R::dry_run, kAnyShape)};
};

template <>
struct Fields<GetRecordsRequest> {
  using R = GetRecordsRequest;
  static constexpr std::tuple kRows = {
      Required("shardIterator", &R::shard_iterator, kShardIteratorShape),
      Optional("limit", &R::limit, kPageLimitShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Optional("dryRun", &R::dry_run, kAnyShape)};
};

}  // namespace riacho::internal
