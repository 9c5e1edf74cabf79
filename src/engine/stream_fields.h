// Stream operations: what their requests must be like.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "riacho/client/stream_requests.h"

namespace riacho::internal {

inline constexpr auto kStreamModeShape =
    OneOf(&StreamModeName, StreamMode::kOnDemand, StreamMode::kProvisioned);
inline constexpr auto kRecordDistributionStrategyShape =
    OneOf(&RecordDistributionStrategyName, RecordDistributionStrategy::kAuto,
          RecordDistributionStrategy::kUserPartitionKey);
inline constexpr NumberShape kNaturalShape = {.least = 0};
inline constexpr NumberShape kMaxRecordSizeShape = {.least = 1024, .most = 10240};

template <>
struct Fields<StreamModeDetails> {
  using R = StreamModeDetails;
  static constexpr std::tuple kRows = {Required("streamMode", &R::stream_mode, kStreamModeShape)};
};

template <>
struct Fields<CreateStreamRequest> {
  using R = CreateStreamRequest;
  static constexpr std::tuple kRows = {
      Required("streamName", &R::stream_name, kStreamNameShape),
      Optional("shardCount", &R::shard_count, kPositiveShape),
      Optional("streamModeDetails", &R::stream_mode_details, kStructureShape),
      Optional("tags", &R::tags, kTagMapShape),
      Optional("warmThroughputMiBps", &R::warm_throughput_mibps, kNaturalShape),
      Optional("maxRecordSizeInKiB", &R::max_record_size_in_kib, kMaxRecordSizeShape),
      Optional("recordDistributionStrategy", &R::record_distribution_strategy,
               kRecordDistributionStrategyShape)};
};

template <>
struct Fields<DeleteStreamRequest> {
  using R = DeleteStreamRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("enforceConsumerDeletion", &R::enforce_consumer_deletion, kAnyShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DescribeStreamRequest> {
  using R = DescribeStreamRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("limit", &R::limit, kPageLimitShape),
      Optional("exclusiveStartShardId", &R::exclusive_start_shard_id, kShardIdShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DescribeStreamSummaryRequest> {
  using R = DescribeStreamSummaryRequest;
  static constexpr std::tuple kRows = {Optional("streamName", &R::stream_name, kStreamNameShape),
                                       Optional("streamARN", &R::stream_arn, kStreamArnShape),
                                       Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<ListStreamsRequest> {
  using R = ListStreamsRequest;
  static constexpr std::tuple kRows = {
      Optional("limit", &R::limit, kPageLimitShape),
      Optional("exclusiveStartStreamName", &R::exclusive_start_stream_name, kStreamNameShape),
      Optional("nextToken", &R::next_token, kNextTokenShape)};
};

template <>
struct Fields<IncreaseStreamRetentionPeriodRequest> {
  using R = IncreaseStreamRetentionPeriodRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("retentionPeriodHours", &R::retention_period_hours, kAnyShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<DecreaseStreamRetentionPeriodRequest> {
  using R = DecreaseStreamRetentionPeriodRequest;
  static constexpr std::tuple kRows = {
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Required("retentionPeriodHours", &R::retention_period_hours, kAnyShape),
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

template <>
struct Fields<UpdateStreamModeRequest> {
  using R = UpdateStreamModeRequest;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Required("streamModeDetails", &R::stream_mode_details, kStructureShape),
      Optional("warmThroughputMiBps", &R::warm_throughput_mibps, kNaturalShape)};
};

template <>
struct Fields<UpdateMaxRecordSizeRequest> {
  using R = UpdateMaxRecordSizeRequest;
  static constexpr std::tuple kRows = {
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Required("maxRecordSizeInKiB", &R::max_record_size_in_kib, kMaxRecordSizeShape)};
};

template <>
struct Fields<UpdateStreamWarmThroughputRequest> {
  using R = UpdateStreamWarmThroughputRequest;
  static constexpr std::tuple kRows = {
      Optional("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamName", &R::stream_name, kStreamNameShape),
      Optional("streamId", &R::stream_id, kStreamIdShape),
      Required("warmThroughputMiBps", &R::warm_throughput_mibps, kNaturalShape)};
};

template <>
struct Fields<UpdateStreamRecordDistributionStrategyRequest> {
  using R = UpdateStreamRecordDistributionStrategyRequest;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Required("recordDistributionStrategy", &R::record_distribution_strategy,
               kRecordDistributionStrategyShape),
      Optional("streamId", &R::stream_id, kStreamIdShape)};
};

}  // namespace riacho::internal
