// Shard operations: what their requests must be like.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "riacho/client/shard_requests.h"

namespace riacho::internal {

inline constexpr auto kShardFilterTypeShape =
    OneOf(&ShardFilterTypeName, ShardFilterType::kAfterShardId, ShardFilterType::kAtTrimHorizon,
          ShardFilterType::kFromTrimHorizon, ShardFilterType::kAtLatest,
          ShardFilterType::kAtTimestamp, ShardFilterType::kFromTimestamp);
inline constexpr auto kScalingTypeShape = OneOf(&ScalingTypeName, ScalingType::kUniformScaling);

template <>
struct Fields<ShardFilter> {
  using R = ShardFilter;
  static constexpr std::tuple kRows = {Required("type", &R::type, kShardFilterTypeShape),
                                       Optional("shardId", &R::shard_id, kShardIdShape),
                                       Optional("timestamp", &R::timestamp, kAnyShape)};
};

template <>
struct Fields<ListShardsRequest> {
  using R = ListShardsRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("nextToken", &R::next_token, kNextTokenShape),
      Optional("exclusiveStartShardId", &R::exclusive_start_shard_id, kShardIdShape),
      Optional("maxResults", &R::max_results, kPageLimitShape),
      Optional("streamCreationTimestamp", &R::stream_creation_timestamp, kAnyShape),
      Optional("shardFilter", &R::shard_filter, kStructureShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<SplitShardRequest> {
  using R = SplitShardRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("shardToSplit", &R::shard_to_split, kShardIdShape),
      Required("newStartingHashKey", &R::new_starting_hash_key, kHashKeyShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<MergeShardsRequest> {
  using R = MergeShardsRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("shardToMerge", &R::shard_to_merge, kShardIdShape),
      Required("adjacentShardToMerge", &R::adjacent_shard_to_merge, kShardIdShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<UpdateShardCountRequest> {
  using R = UpdateShardCountRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("targetShardCount", &R::target_shard_count, kPositiveShape),
      Required("scalingType", &R::scaling_type, kScalingTypeShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

}  // namespace riacho::internal
