// Channel operations: their members on the wire.
#pragma once

#include <tuple>

#include "riacho/client/channel_requests.h"
#include "wire/members.h"

namespace riacho::internal {

template <>
struct Members<RecordConfiguration> {
  using R = RecordConfiguration;
  static constexpr std::tuple kRows = {Member("RecordFormatType", &R::record_format_type),
                                       Member("GSRSchemaARN", &R::gsr_schema_arn)};
};

template <>
struct Members<ChannelStreamConfiguration> {
  using R = ChannelStreamConfiguration;
  static constexpr std::tuple kRows = {Member("StreamARN", &R::stream_arn),
                                       Member("RecordConfiguration", &R::record_configuration)};
};

template <>
struct Members<ChannelStreamDescription> {
  using R = ChannelStreamDescription;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp),
      Member("RecordConfiguration", &R::record_configuration)};
};

template <>
struct Members<ChannelStreamIdentifier> {
  using R = ChannelStreamIdentifier;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp)};
};

template <>
struct Members<DeadLetterQueueS3Configuration> {
  using R = DeadLetterQueueS3Configuration;
  static constexpr std::tuple kRows = {Member("BucketARN", &R::bucket_arn),
                                       Member("ExpectedBucketOwner", &R::expected_bucket_owner),
                                       Member("ErrorOutputPrefix", &R::error_output_prefix)};
};

template <>
struct Members<S3StorageConfiguration> {
  using R = S3StorageConfiguration;
  static constexpr std::tuple kRows = {Member("BucketARN", &R::bucket_arn),
                                       Member("ExpectedBucketOwner", &R::expected_bucket_owner),
                                       Member("CompressionType", &R::compression_type),
                                       Member("OutputKeyTemplate", &R::output_key_template),
                                       Member("StorageClass", &R::storage_class)};
};

template <>
struct Members<S3DestinationConfiguration> {
  using R = S3DestinationConfiguration;
  static constexpr std::tuple kRows = {
      Member("StorageConfiguration", &R::storage_configuration),
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds),
      Member("DeadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration)};
};

template <>
struct Members<S3DestinationDescription> {
  using R = S3DestinationDescription;
  static constexpr std::tuple kRows = {
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds),
      Member("DeadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration),
      Member("StorageConfiguration", &R::storage_configuration)};
};

template <>
struct Members<S3DestinationUpdateInput> {
  using R = S3DestinationUpdateInput;
  static constexpr std::tuple kRows = {
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds)};
};

template <>
struct Members<PartitionField> {
  using R = PartitionField;
  static constexpr std::tuple kRows = {Member("Transform", &R::transform),
                                       Member("SourceName", &R::source_name)};
};

template <>
struct Members<PartitionSpec> {
  using R = PartitionSpec;
  static constexpr std::tuple kRows = {Member("PartitionFields", &R::partition_fields)};
};

template <>
struct Members<S3TablesConfiguration> {
  using R = S3TablesConfiguration;
  static constexpr std::tuple kRows = {
      Member("TableBucketARN", &R::table_bucket_arn), Member("Namespace", &R::table_namespace),
      Member("TableName", &R::table_name), Member("CompressionType", &R::compression_type),
      Member("PartitionSpec", &R::partition_spec)};
};

template <>
struct Members<S3TablesDestinationConfiguration> {
  using R = S3TablesDestinationConfiguration;
  static constexpr std::tuple kRows = {
      Member("DeadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration),
      Member("S3TablesConfigurationList", &R::s3_tables_configuration_list),
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds)};
};

template <>
struct Members<S3TablesDestinationDescription> {
  using R = S3TablesDestinationDescription;
  static constexpr std::tuple kRows = {
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds),
      Member("DeadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration),
      Member("S3TablesConfigurationList", &R::s3_tables_configuration_list)};
};

template <>
struct Members<S3TablesDestinationUpdateInput> {
  using R = S3TablesDestinationUpdateInput;
  static constexpr std::tuple kRows = {
      Member("DataFreshnessInSeconds", &R::data_freshness_in_seconds)};
};

template <>
struct Members<ChannelEncryptionConfiguration> {
  using R = ChannelEncryptionConfiguration;
  static constexpr std::tuple kRows = {Member("EncryptionType", &R::encryption_type),
                                       Member("KeyId", &R::key_id)};
};

template <>
struct Members<CloudWatchLogs> {
  using R = CloudWatchLogs;
  static constexpr std::tuple kRows = {Member("Enabled", &R::enabled),
                                       Member("LogGroupName", &R::log_group_name),
                                       Member("LogStreamName", &R::log_stream_name)};
};

template <>
struct Members<ChannelLoggingConfiguration> {
  using R = ChannelLoggingConfiguration;
  static constexpr std::tuple kRows = {Member("CloudWatchLogs", &R::cloud_watch_logs)};
};

template <>
struct Members<ChannelDescription> {
  using R = ChannelDescription;
  static constexpr std::tuple kRows = {
      Member("ChannelName", &R::channel_name),
      Member("ChannelARN", &R::channel_arn),
      Member("ChannelId", &R::channel_id),
      Member("ChannelStatus", &R::channel_status),
      Member("ChannelCreationTimestamp", &R::channel_creation_timestamp),
      Member("ServiceExecutionRoleARN", &R::service_execution_role_arn),
      Member("StreamConfigurationList", &R::stream_configuration_list),
      Member("LoggingConfiguration", &R::logging_configuration),
      Member("ChannelStatusReason", &R::channel_status_reason),
      Member("S3DestinationConfiguration", &R::s3_destination_configuration),
      Member("S3TablesDestinationConfiguration", &R::s3_tables_destination_configuration),
      Member("EncryptionConfiguration", &R::encryption_configuration)};
};

template <>
struct Members<ChannelSummary> {
  using R = ChannelSummary;
  static constexpr std::tuple kRows = {
      Member("ChannelName", &R::channel_name),
      Member("ChannelARN", &R::channel_arn),
      Member("ChannelId", &R::channel_id),
      Member("ChannelStatus", &R::channel_status),
      Member("ChannelCreationTimestamp", &R::channel_creation_timestamp),
      Member("ChannelDestinationType", &R::channel_destination_type),
      Member("Streams", &R::streams),
      Member("ChannelStatusReason", &R::channel_status_reason)};
};

template <>
struct Members<CreateChannelResponse> {
  using R = CreateChannelResponse;
  static constexpr std::tuple kRows = {Member("ChannelDescription", &R::channel_description)};
};

template <>
struct Members<CreateChannelRequest> {
  using R = CreateChannelRequest;
  static constexpr std::tuple kRows = {
      Member("ChannelName", &R::channel_name),
      Member("ServiceExecutionRoleARN", &R::service_execution_role_arn),
      NonEmpty("StreamConfigurationList", &R::stream_configuration_list),
      Member("S3DestinationConfiguration", &R::s3_destination_configuration),
      Member("S3TablesDestinationConfiguration", &R::s3_tables_destination_configuration),
      Member("EncryptionConfiguration", &R::encryption_configuration),
      NonEmpty("Tags", &R::tags),
      Member("LoggingConfiguration", &R::logging_configuration)};
};

template <>
struct Members<DescribeChannelResponse> {
  using R = DescribeChannelResponse;
  static constexpr std::tuple kRows = {Member("ChannelDescription", &R::channel_description)};
};

template <>
struct Members<DescribeChannelRequest> {
  using R = DescribeChannelRequest;
  static constexpr std::tuple kRows = {Member("ChannelARN", &R::channel_arn)};
};

template <>
struct Members<StreamFilter> {
  using R = StreamFilter;
  static constexpr std::tuple kRows = {
      Member("StreamARN", &R::stream_arn),
      Member("StreamCreationTimestamp", &R::stream_creation_timestamp)};
};

template <>
struct Members<ListChannelsResponse> {
  using R = ListChannelsResponse;
  static constexpr std::tuple kRows = {Member("ChannelSummaries", &R::channel_summaries),
                                       Member("NextToken", &R::next_token)};
};

template <>
struct Members<ListChannelsRequest> {
  using R = ListChannelsRequest;
  static constexpr std::tuple kRows = {NonEmpty("StreamFilter", &R::stream_filter),
                                       Member("MaxResults", &R::max_results),
                                       Member("NextToken", &R::next_token)};
};

template <>
struct Members<UpdateChannelResponse> {
  using R = UpdateChannelResponse;
  static constexpr std::tuple kRows = {Member("ChannelDescription", &R::channel_description)};
};

template <>
struct Members<UpdateChannelRequest> {
  using R = UpdateChannelRequest;
  static constexpr std::tuple kRows = {
      Member("ChannelARN", &R::channel_arn),
      Member("S3DestinationConfiguration", &R::s3_destination_configuration),
      Member("S3TablesDestinationConfiguration", &R::s3_tables_destination_configuration),
      Member("LoggingConfiguration", &R::logging_configuration)};
};

template <>
struct Members<DeleteChannelRequest> {
  using R = DeleteChannelRequest;
  static constexpr std::tuple kRows = {Member("ChannelARN", &R::channel_arn)};
};

}  // namespace riacho::internal
