// Records, and their operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/record_requests.h"
#include "riacho/model/record.h"
#include "wire/members.h"

namespace riacho::internal {

// Where nothing is encrypted, nothing is said about it.
template <typename Structure>
bool IsEncrypted(const Structure& structure) {
  return structure.encryption_type == EncryptionType::kKms;
}
inline bool HasKey(const Record& record) { return !record.partition_key.empty(); }
inline bool IsRefused(const PutRecordsResultEntry& entry) { return entry.error_code.has_value(); }
inline bool IsStored(const PutRecordsResultEntry& entry) { return !IsRefused(entry); }

template <>
struct Members<Record> {
  using R = Record;
  static constexpr std::tuple kRows = {
      Member("SequenceNumber", &R::sequence_number),
      Member("ApproximateArrivalTimestamp", &R::approximate_arrival_timestamp),
      Blob("Data", &R::data), If(&HasKey, "PartitionKey", &R::partition_key),
      If(&IsEncrypted<R>, "EncryptionType", &R::encryption_type)};
};

template <>
struct Members<PutRecordResponse> {
  using R = PutRecordResponse;
  static constexpr std::tuple kRows = {Member("ShardId", &R::shard_id),
                                       Member("SequenceNumber", &R::sequence_number),
                                       If(&IsEncrypted<R>, "EncryptionType", &R::encryption_type)};
};

template <>
struct Members<PutRecordRequest> {
  using R = PutRecordRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Blob("Data", &R::data),
      Member("PartitionKey", &R::partition_key),
      Member("ExplicitHashKey", &R::explicit_hash_key),
      Member("SequenceNumberForOrdering", &R::sequence_number_for_ordering),
      Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id),
      Member("DryRun", &R::dry_run)};
};

template <>
struct Members<PutRecordsRequestEntry> {
  using R = PutRecordsRequestEntry;
  static constexpr std::tuple kRows = {Blob("Data", &R::data),
                                       Member("ExplicitHashKey", &R::explicit_hash_key),
                                       Member("PartitionKey", &R::partition_key)};
};

template <>
struct Members<PutRecordsResultEntry> {
  using R = PutRecordsResultEntry;
  static constexpr std::tuple kRows = {
      If(&IsStored, "SequenceNumber", &R::sequence_number), If(&IsStored, "ShardId", &R::shard_id),
      Member("ErrorCode", &R::error_code), If(&IsRefused, "ErrorMessage", &R::error_message)};
};

template <>
struct Members<PutRecordsResponse> {
  using R = PutRecordsResponse;
  static constexpr std::tuple kRows = {Member("FailedRecordCount", &R::failed_record_count),
                                       Member("Records", &R::records),
                                       If(&IsEncrypted<R>, "EncryptionType", &R::encryption_type)};
};

template <>
struct Members<PutRecordsRequest> {
  using R = PutRecordsRequest;
  static constexpr std::tuple kRows = {
      NonEmpty("Records", &R::records), Member("StreamName", &R::stream_name),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id),
      Member("DryRun", &R::dry_run)};
};

template <>
struct Members<GetShardIteratorResponse> {
  using R = GetShardIteratorResponse;
  static constexpr std::tuple kRows = {Member("ShardIterator", &R::shard_iterator)};
};

template <>
struct Members<GetShardIteratorRequest> {
  using R = GetShardIteratorRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("ShardId", &R::shard_id),
      Member("ShardIteratorType", &R::shard_iterator_type),
      Member("StartingSequenceNumber", &R::starting_sequence_number),
      Member("Timestamp", &R::timestamp),
      Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id),
      Member("DryRun", &R::dry_run)};
};

template <>
struct Members<GetRecordsResponse> {
  using R = GetRecordsResponse;
  static constexpr std::tuple kRows = {Member("Records", &R::records),
                                       Member("NextShardIterator", &R::next_shard_iterator),
                                       Member("MillisBehindLatest", &R::millis_behind_latest),
                                       NonEmpty("ChildShards", &R::child_shards)};
};

template <>
struct Members<GetRecordsRequest> {
  using R = GetRecordsRequest;
  static constexpr std::tuple kRows = {
      Member("ShardIterator", &R::shard_iterator), Member("Limit", &R::limit),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id),
      Member("DryRun", &R::dry_run)};
};

}  // namespace riacho::internal
