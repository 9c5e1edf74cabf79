// Settings operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/settings_requests.h"
#include "wire/members.h"

namespace riacho::internal {

template <>
struct Members<Tag> {
  using R = Tag;
  static constexpr std::tuple kRows = {Member("Key", &R::key), Member("Value", &R::value)};
};

template <>
struct Members<AddTagsToStreamRequest> {
  using R = AddTagsToStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), NonEmpty("Tags", &R::tags),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<RemoveTagsFromStreamRequest> {
  using R = RemoveTagsFromStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), NonEmpty("TagKeys", &R::tag_keys),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<ListTagsForStreamResponse> {
  using R = ListTagsForStreamResponse;
  static constexpr std::tuple kRows = {Member("Tags", &R::tags),
                                       Member("HasMoreTags", &R::has_more_tags)};
};

template <>
struct Members<ListTagsForStreamRequest> {
  using R = ListTagsForStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("ExclusiveStartTagKey", &R::exclusive_start_tag_key), Member("Limit", &R::limit),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<TagResourceRequest> {
  using R = TagResourceRequest;
  static constexpr std::tuple kRows = {NonEmpty("Tags", &R::tags),
                                       Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<UntagResourceRequest> {
  using R = UntagResourceRequest;
  static constexpr std::tuple kRows = {NonEmpty("TagKeys", &R::tag_keys),
                                       Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<ListTagsForResourceResponse> {
  using R = ListTagsForResourceResponse;
  static constexpr std::tuple kRows = {Member("Tags", &R::tags)};
};

template <>
struct Members<ListTagsForResourceRequest> {
  using R = ListTagsForResourceRequest;
  static constexpr std::tuple kRows = {Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<PutResourcePolicyRequest> {
  using R = PutResourcePolicyRequest;
  static constexpr std::tuple kRows = {Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id),
                                       Member("Policy", &R::policy)};
};

template <>
struct Members<GetResourcePolicyResponse> {
  using R = GetResourcePolicyResponse;
  static constexpr std::tuple kRows = {Member("Policy", &R::policy)};
};

template <>
struct Members<GetResourcePolicyRequest> {
  using R = GetResourcePolicyRequest;
  static constexpr std::tuple kRows = {Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DeleteResourcePolicyRequest> {
  using R = DeleteResourcePolicyRequest;
  static constexpr std::tuple kRows = {Member("ResourceARN", &R::resource_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<StartStreamEncryptionRequest> {
  using R = StartStreamEncryptionRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("EncryptionType", &R::encryption_type),
      Member("KeyId", &R::key_id), Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id)};
};

template <>
struct Members<StopStreamEncryptionRequest> {
  using R = StopStreamEncryptionRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("EncryptionType", &R::encryption_type),
      Member("KeyId", &R::key_id), Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id)};
};

template <>
struct Members<EnableEnhancedMonitoringResponse> {
  using R = EnableEnhancedMonitoringResponse;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("CurrentShardLevelMetrics", &R::current_shard_level_metrics),
      Member("DesiredShardLevelMetrics", &R::desired_shard_level_metrics),
      Member("StreamARN", &R::stream_arn)};
};

template <>
struct Members<EnableEnhancedMonitoringRequest> {
  using R = EnableEnhancedMonitoringRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), NonEmpty("ShardLevelMetrics", &R::shard_level_metrics),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DisableEnhancedMonitoringResponse> {
  using R = DisableEnhancedMonitoringResponse;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("CurrentShardLevelMetrics", &R::current_shard_level_metrics),
      Member("DesiredShardLevelMetrics", &R::desired_shard_level_metrics),
      Member("StreamARN", &R::stream_arn)};
};

template <>
struct Members<DisableEnhancedMonitoringRequest> {
  using R = DisableEnhancedMonitoringRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), NonEmpty("ShardLevelMetrics", &R::shard_level_metrics),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DescribeLimitsResponse> {
  using R = DescribeLimitsResponse;
  static constexpr std::tuple kRows = {
      Member("ShardLimit", &R::shard_limit),
      Member("OpenShardCount", &R::open_shard_count),
      Member("OnDemandStreamCount", &R::on_demand_stream_count),
      Member("OnDemandStreamCountLimit", &R::on_demand_stream_count_limit),
      Member("ChannelCount", &R::channel_count),
      Member("ChannelCountLimit", &R::channel_count_limit)};
};

template <>
struct Members<MinimumThroughputBillingCommitmentInput> {
  using R = MinimumThroughputBillingCommitmentInput;
  static constexpr std::tuple kRows = {Member("Status", &R::status)};
};

template <>
struct Members<MinimumThroughputBillingCommitmentOutput> {
  using R = MinimumThroughputBillingCommitmentOutput;
  static constexpr std::tuple kRows = {
      Member("Status", &R::status), Member("StartedAt", &R::started_at),
      Member("EndedAt", &R::ended_at), Member("EarliestAllowedEndAt", &R::earliest_allowed_end_at)};
};

template <>
struct Members<DescribeAccountSettingsResponse> {
  using R = DescribeAccountSettingsResponse;
  static constexpr std::tuple kRows = {
      Member("MinimumThroughputBillingCommitment", &R::minimum_throughput_billing_commitment)};
};

template <>
struct Members<UpdateAccountSettingsResponse> {
  using R = UpdateAccountSettingsResponse;
  static constexpr std::tuple kRows = {
      Member("MinimumThroughputBillingCommitment", &R::minimum_throughput_billing_commitment)};
};

template <>
struct Members<UpdateAccountSettingsRequest> {
  using R = UpdateAccountSettingsRequest;
  static constexpr std::tuple kRows = {
      Member("MinimumThroughputBillingCommitment", &R::minimum_throughput_billing_commitment)};
};

}  // namespace riacho::internal
