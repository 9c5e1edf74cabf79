// Settings operations: what their requests must be like.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "riacho/client/settings_requests.h"

namespace riacho::internal {

inline constexpr TextShape kResourceArnShape = {
    .least = 1, .most = 2048, .pattern = kResourceArnPattern};
inline constexpr NumberShape kListTagsForStreamLimitShape = {.least = 1, .most = 50};
inline constexpr ListShape<TextShape> kTagKeyListShape = {
    .least = 1, .most = 50, .element = kTagKeyShape};
inline constexpr auto kEncryptionTypeShape =
    OneOf(&EncryptionTypeName, EncryptionType::kKms, EncryptionType::kNone);
inline constexpr auto kMetricsNameShape =
    OneOf(&MetricsNameName, MetricsName::kAll, MetricsName::kIteratorAgeMilliseconds,
          MetricsName::kIncomingBytes, MetricsName::kWriteProvisionedThroughputExceeded,
          MetricsName::kOutgoingRecords, MetricsName::kReadProvisionedThroughputExceeded,
          MetricsName::kIncomingRecords, MetricsName::kOutgoingBytes);
inline constexpr ListShape<decltype(kMetricsNameShape)> kMetricsNameListShape = {
    .least = 1, .most = 7, .element = kMetricsNameShape};
inline constexpr auto kCommitmentInputStatusShape =
    OneOf(&MinimumThroughputBillingCommitmentStatusName,
          MinimumThroughputBillingCommitmentStatus::kEnabled,
          MinimumThroughputBillingCommitmentStatus::kDisabled);
inline constexpr TextShape kKeyIdShape = {.least = 1, .most = 2048};

template <>
struct Fields<MinimumThroughputBillingCommitmentInput> {
  using R = MinimumThroughputBillingCommitmentInput;
  static constexpr std::tuple kRows = {Required("status", &R::status, kCommitmentInputStatusShape)};
};

template <>
struct Fields<AddTagsToStreamRequest> {
  using R = AddTagsToStreamRequest;
  static constexpr std::tuple kRows = {Optional("streamName", &R::stream_name, kStreamNameShape),
                                       Required("tags", &R::tags, kTagMapShape),
                                       Optional("streamARN", &R::stream_arn, kStreamArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<RemoveTagsFromStreamRequest> {
  using R = RemoveTagsFromStreamRequest;
  static constexpr std::tuple kRows = {Optional("streamName", &R::stream_name, kStreamNameShape),
                                       Required("tagKeys", &R::tag_keys, kTagKeyListShape),
                                       Optional("streamARN", &R::stream_arn, kStreamArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<ListTagsForStreamRequest> {
  using R = ListTagsForStreamRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("exclusiveStartTagKey", &R::exclusive_start_tag_key, kTagKeyShape),
      Optional("limit", &R::limit, kListTagsForStreamLimitShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<TagResourceRequest> {
  using R = TagResourceRequest;
  static constexpr std::tuple kRows = {Required("tags", &R::tags, kTagMapShape),
                                       Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<UntagResourceRequest> {
  using R = UntagResourceRequest;
  static constexpr std::tuple kRows = {Required("tagKeys", &R::tag_keys, kTagKeyListShape),
                                       Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<ListTagsForResourceRequest> {
  using R = ListTagsForResourceRequest;
  static constexpr std::tuple kRows = {Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<PutResourcePolicyRequest> {
  using R = PutResourcePolicyRequest;
  static constexpr std::tuple kRows = {Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape),
                                       Required("policy", &R::policy, kAnyShape)};
};

template <>
struct Fields<GetResourcePolicyRequest> {
  using R = GetResourcePolicyRequest;
  static constexpr std::tuple kRows = {Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DeleteResourcePolicyRequest> {
  using R = DeleteResourcePolicyRequest;
  static constexpr std::tuple kRows = {Required("resourceARN", &R::resource_arn, kResourceArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<StartStreamEncryptionRequest> {
  using R = StartStreamEncryptionRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("encryptionType", &R::encryption_type, kEncryptionTypeShape),
      Required("keyId", &R::key_id, kKeyIdShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<StopStreamEncryptionRequest> {
  using R = StopStreamEncryptionRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("encryptionType", &R::encryption_type, kEncryptionTypeShape),
      Required("keyId", &R::key_id, kKeyIdShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<EnableEnhancedMonitoringRequest> {
  using R = EnableEnhancedMonitoringRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("shardLevelMetrics", &R::shard_level_metrics, kMetricsNameListShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DisableEnhancedMonitoringRequest> {
  using R = DisableEnhancedMonitoringRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("shardLevelMetrics", &R::shard_level_metrics, kMetricsNameListShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DescribeLimitsRequest> {
  static constexpr std::tuple<> kRows = {};
};

template <>
struct Fields<DescribeAccountSettingsRequest> {
  static constexpr std::tuple<> kRows = {};
};

template <>
struct Fields<UpdateAccountSettingsRequest> {
  using R = UpdateAccountSettingsRequest;
  static constexpr std::tuple kRows = {Required("minimumThroughputBillingCommitment",
                                                &R::minimum_throughput_billing_commitment,
                                                kStructureShape)};
};

}  // namespace riacho::internal
