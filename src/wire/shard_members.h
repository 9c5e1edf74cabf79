// Shards, and their operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/shard_requests.h"
#include "riacho/model/shard.h"
#include "wire/members.h"

namespace riacho::internal {

template <>
struct Members<HashKeyRange> {
  using R = HashKeyRange;
  static constexpr std::tuple kRows = {Member("StartingHashKey", &R::starting_hash_key),
                                       Member("EndingHashKey", &R::ending_hash_key)};
};

template <>
struct Members<SequenceNumberRange> {
  using R = SequenceNumberRange;
  static constexpr std::tuple kRows = {
      Member("StartingSequenceNumber", &R::starting_sequence_number),
      Member("EndingSequenceNumber", &R::ending_sequence_number)};
};

template <>
struct Members<Shard> {
  using R = Shard;
  static constexpr std::tuple kRows = {
      Member("ShardId", &R::shard_id), Member("ParentShardId", &R::parent_shard_id),
      Member("AdjacentParentShardId", &R::adjacent_parent_shard_id),
      Member("HashKeyRange", &R::hash_key_range),
      Member("SequenceNumberRange", &R::sequence_number_range)};
};

template <>
struct Members<ChildShard> {
  using R = ChildShard;
  static constexpr std::tuple kRows = {Member("ShardId", &R::shard_id),
                                       Member("ParentShards", &R::parent_shards),
                                       Member("HashKeyRange", &R::hash_key_range)};
};

template <>
struct Members<ShardFilter> {
  using R = ShardFilter;
  static constexpr std::tuple kRows = {Member("Type", &R::type), Member("ShardId", &R::shard_id),
                                       Member("Timestamp", &R::timestamp)};
};

template <>
struct Members<ListShardsResponse> {
  using R = ListShardsResponse;
  static constexpr std::tuple kRows = {Member("Shards", &R::shards),
                                       Member("NextToken", &R::next_token)};
};

template <>
struct Members<ListShardsRequest> {
  using R = ListShardsRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("NextToken", &R::next_token),
      Member("ExclusiveStartShardId", &R::exclusive_start_shard_id),
      Member("MaxResults", &R::max_results),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp),
      Member("ShardFilter", &R::shard_filter),
      Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id)};
};

template <>
struct Members<SplitShardRequest> {
  using R = SplitShardRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("ShardToSplit", &R::shard_to_split),
      Member("NewStartingHashKey", &R::new_starting_hash_key), Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id)};
};

template <>
struct Members<MergeShardsRequest> {
  using R = MergeShardsRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("ShardToMerge", &R::shard_to_merge),
      Member("AdjacentShardToMerge", &R::adjacent_shard_to_merge),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<UpdateShardCountResponse> {
  using R = UpdateShardCountResponse;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("CurrentShardCount", &R::current_shard_count),
      Member("TargetShardCount", &R::target_shard_count), Member("StreamARN", &R::stream_arn)};
};

template <>
struct Members<UpdateShardCountRequest> {
  using R = UpdateShardCountRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("TargetShardCount", &R::target_shard_count),
      Member("ScalingType", &R::scaling_type), Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id)};
};

}  // namespace riacho::internal
