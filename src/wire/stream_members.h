// Stream operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/stream_requests.h"
#include "riacho/model/stream_description.h"
#include "wire/members.h"

namespace riacho::internal {

template <>
struct Members<StreamModeDetails> {
  using R = StreamModeDetails;
  static constexpr std::tuple kRows = {Member("StreamMode", &R::stream_mode)};
};

template <>
struct Members<EnhancedMetrics> {
  using R = EnhancedMetrics;
  static constexpr std::tuple kRows = {Member("ShardLevelMetrics", &R::shard_level_metrics)};
};

template <>
struct Members<WarmThroughput> {
  using R = WarmThroughput;
  static constexpr std::tuple kRows = {Member("TargetMiBps", &R::target_mibps),
                                       Member("CurrentMiBps", &R::current_mibps)};
};

template <>
struct Members<StreamDescription> {
  using R = StreamDescription;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("StreamARN", &R::stream_arn),
      Member("StreamStatus", &R::stream_status),
      Member("StreamModeDetails", &R::stream_mode_details),
      Member("Shards", &R::shards),
      Member("HasMoreShards", &R::has_more_shards),
      Member("RetentionPeriodHours", &R::retention_period_hours),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp),
      Member("EnhancedMonitoring", &R::enhanced_monitoring),
      Member("EncryptionType", &R::encryption_type),
      Member("KeyId", &R::key_id)};
};

template <>
struct Members<StreamDescriptionSummary> {
  using R = StreamDescriptionSummary;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("StreamARN", &R::stream_arn),
      Member("StreamId", &R::stream_id),
      Member("StreamStatus", &R::stream_status),
      Member("StreamModeDetails", &R::stream_mode_details),
      Member("RetentionPeriodHours", &R::retention_period_hours),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp),
      Member("EnhancedMonitoring", &R::enhanced_monitoring),
      Member("EncryptionType", &R::encryption_type),
      Member("KeyId", &R::key_id),
      Member("OpenShardCount", &R::open_shard_count),
      Member("ConsumerCount", &R::consumer_count),
      Member("WarmThroughput", &R::warm_throughput),
      Member("MaxRecordSizeInKiB", &R::max_record_size_in_kib),
      Member("ChannelCount", &R::channel_count),
      Member("RecordDistributionStrategy", &R::record_distribution_strategy)};
};

template <>
struct Members<StreamSummary> {
  using R = StreamSummary;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("StreamARN", &R::stream_arn),
      Member("StreamStatus", &R::stream_status),
      Member("StreamModeDetails", &R::stream_mode_details),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp)};
};

template <>
struct Members<CreateStreamRequest> {
  using R = CreateStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("ShardCount", &R::shard_count),
      Member("StreamModeDetails", &R::stream_mode_details),
      NonEmpty("Tags", &R::tags),
      Member("WarmThroughputMiBps", &R::warm_throughput_mibps),
      Member("MaxRecordSizeInKiB", &R::max_record_size_in_kib),
      Member("RecordDistributionStrategy", &R::record_distribution_strategy)};
};

template <>
struct Members<DeleteStreamRequest> {
  using R = DeleteStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name),
      Member("EnforceConsumerDeletion", &R::enforce_consumer_deletion),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DescribeStreamResponse> {
  using R = DescribeStreamResponse;
  static constexpr std::tuple kRows = {Member("StreamDescription", &R::stream_description)};
};

template <>
struct Members<DescribeStreamRequest> {
  using R = DescribeStreamRequest;
  static constexpr std::tuple kRows = {
      Member("StreamName", &R::stream_name), Member("Limit", &R::limit),
      Member("ExclusiveStartShardId", &R::exclusive_start_shard_id),
      Member("StreamARN", &R::stream_arn), Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DescribeStreamSummaryResponse> {
  using R = DescribeStreamSummaryResponse;
  static constexpr std::tuple kRows = {
      Member("StreamDescriptionSummary", &R::stream_description_summary)};
};

template <>
struct Members<DescribeStreamSummaryRequest> {
  using R = DescribeStreamSummaryRequest;
  static constexpr std::tuple kRows = {Member("StreamName", &R::stream_name),
                                       Member("StreamARN", &R::stream_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<ListStreamsResponse> {
  using R = ListStreamsResponse;
  static constexpr std::tuple kRows = {
      Member("StreamNames", &R::stream_names), Member("HasMoreStreams", &R::has_more_streams),
      Member("NextToken", &R::next_token), Member("StreamSummaries", &R::stream_summaries)};
};

template <>
struct Members<ListStreamsRequest> {
  using R = ListStreamsRequest;
  static constexpr std::tuple kRows = {
      Member("Limit", &R::limit),
      Member("ExclusiveStartStreamName", &R::exclusive_start_stream_name),
      Member("NextToken", &R::next_token)};
};

template <>
struct Members<IncreaseStreamRetentionPeriodRequest> {
  using R = IncreaseStreamRetentionPeriodRequest;
  static constexpr std::tuple kRows = {Member("StreamName", &R::stream_name),
                                       Member("RetentionPeriodHours", &R::retention_period_hours),
                                       Member("StreamARN", &R::stream_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<DecreaseStreamRetentionPeriodRequest> {
  using R = DecreaseStreamRetentionPeriodRequest;
  static constexpr std::tuple kRows = {Member("StreamName", &R::stream_name),
                                       Member("RetentionPeriodHours", &R::retention_period_hours),
                                       Member("StreamARN", &R::stream_arn),
                                       Member("StreamId", &R::stream_id)};
};

template <>
struct Members<UpdateStreamModeRequest> {
  using R = UpdateStreamModeRequest;
  static constexpr std::tuple kRows = {Member("StreamARN", &R::stream_arn),
                                       Member("StreamId", &R::stream_id),
                                       Member("StreamModeDetails", &R::stream_mode_details),
                                       Member("WarmThroughputMiBps", &R::warm_throughput_mibps)};
};

template <>
struct Members<UpdateMaxRecordSizeRequest> {
  using R = UpdateMaxRecordSizeRequest;
  static constexpr std::tuple kRows = {Member("StreamARN", &R::stream_arn),
                                       Member("StreamId", &R::stream_id),
                                       Member("MaxRecordSizeInKiB", &R::max_record_size_in_kib)};
};

template <>
struct Members<UpdateStreamWarmThroughputResponse> {
  using R = UpdateStreamWarmThroughputResponse;
  static constexpr std::tuple kRows = {Member("StreamARN", &R::stream_arn),
                                       Member("StreamName", &R::stream_name),
                                       Member("WarmThroughput", &R::warm_throughput)};
};

template <>
struct Members<UpdateStreamWarmThroughputRequest> {
  using R = UpdateStreamWarmThroughputRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn), Member("StreamName", &R::stream_name),
      Member("StreamId", &R::stream_id), Member("WarmThroughputMiBps", &R::warm_throughput_mibps)};
};

template <>
struct Members<UpdateStreamRecordDistributionStrategyRequest> {
  using R = UpdateStreamRecordDistributionStrategyRequest;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn),
      Member("RecordDistributionStrategy", &R::record_distribution_strategy),
      Member("StreamId", &R::stream_id)};
};

}  // namespace riacho::internal
