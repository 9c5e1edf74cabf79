// Channel operations: what their requests must be like.
//
// The service has published no lengths, patterns and ranges for their members. Those that other
// operations have under the same name have the same shape; required lists have an element.
#pragma once

#include <tuple>

#include "engine/fields.h"
#include "engine/settings_fields.h"
#include "riacho/client/channel_requests.h"

namespace riacho::internal {

inline constexpr StructureListShape kRequiredListShape = {.least = 1};
inline constexpr auto kRecordFormatTypeShape =
    OneOf(&RecordFormatTypeName, RecordFormatType::kJson, RecordFormatType::kString,
          RecordFormatType::kByteArray, RecordFormatType::kGsrJson);
inline constexpr auto kS3CompressionTypeShape =
    OneOf(&S3CompressionTypeName, S3CompressionType::kNone, S3CompressionType::kGzip,
          S3CompressionType::kZstd);
inline constexpr auto kS3StorageClassShape =
    OneOf(&S3StorageClassName, S3StorageClass::kStandard, S3StorageClass::kGlacierIr,
          S3StorageClass::kIntelligentTiering);
inline constexpr auto kS3TablesCompressionTypeShape =
    OneOf(&S3TablesCompressionTypeName, S3TablesCompressionType::kNone,
          S3TablesCompressionType::kSnappy, S3TablesCompressionType::kZstd);
inline constexpr auto kPartitionTransformShape =
    OneOf(&PartitionTransformName, PartitionTransform::kTimeHour);
inline constexpr auto kChannelEncryptionTypeShape =
    OneOf(&EncryptionTypeName, EncryptionType::kKms);

template <>
struct Fields<RecordConfiguration> {
  using R = RecordConfiguration;
  static constexpr std::tuple kRows = {
      Required("recordFormatType", &R::record_format_type, kRecordFormatTypeShape),
      Optional("gSRSchemaARN", &R::gsr_schema_arn, kAnyShape)};
};

template <>
struct Fields<ChannelStreamConfiguration> {
  using R = ChannelStreamConfiguration;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Required("recordConfiguration", &R::record_configuration, kStructureShape)};
};

template <>
struct Fields<DeadLetterQueueS3Configuration> {
  using R = DeadLetterQueueS3Configuration;
  static constexpr std::tuple kRows = {
      Required("bucketARN", &R::bucket_arn, kAnyShape),
      Required("expectedBucketOwner", &R::expected_bucket_owner, kAnyShape),
      Optional("errorOutputPrefix", &R::error_output_prefix, kAnyShape)};
};

template <>
struct Fields<S3StorageConfiguration> {
  using R = S3StorageConfiguration;
  static constexpr std::tuple kRows = {
      Required("bucketARN", &R::bucket_arn, kAnyShape),
      Required("expectedBucketOwner", &R::expected_bucket_owner, kAnyShape),
      Required("compressionType", &R::compression_type, kS3CompressionTypeShape),
      Optional("outputKeyTemplate", &R::output_key_template, kAnyShape),
      Optional("storageClass", &R::storage_class, kS3StorageClassShape)};
};

template <>
struct Fields<S3DestinationConfiguration> {
  using R = S3DestinationConfiguration;
  static constexpr std::tuple kRows = {
      Required("storageConfiguration", &R::storage_configuration, kStructureShape),
      Optional("dataFreshnessInSeconds", &R::data_freshness_in_seconds, kAnyShape),
      Optional("deadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration,
               kStructureShape)};
};

template <>
struct Fields<S3DestinationUpdateInput> {
  using R = S3DestinationUpdateInput;
  static constexpr std::tuple kRows = {
      Required("dataFreshnessInSeconds", &R::data_freshness_in_seconds, kAnyShape)};
};

template <>
struct Fields<PartitionField> {
  using R = PartitionField;
  static constexpr std::tuple kRows = {
      Required("transform", &R::transform, kPartitionTransformShape),
      Required("sourceName", &R::source_name, kAnyShape)};
};

template <>
struct Fields<PartitionSpec> {
  using R = PartitionSpec;
  static constexpr std::tuple kRows = {
      Required("partitionFields", &R::partition_fields, kRequiredListShape)};
};

template <>
struct Fields<S3TablesConfiguration> {
  using R = S3TablesConfiguration;
  static constexpr std::tuple kRows = {
      Required("tableBucketARN", &R::table_bucket_arn, kAnyShape),
      Required("namespace", &R::table_namespace, kAnyShape),
      Required("tableName", &R::table_name, kAnyShape),
      Required("compressionType", &R::compression_type, kS3TablesCompressionTypeShape),
      Optional("partitionSpec", &R::partition_spec, kStructureShape)};
};

template <>
struct Fields<S3TablesDestinationConfiguration> {
  using R = S3TablesDestinationConfiguration;
  static constexpr std::tuple kRows = {
      Required("deadLetterQueueS3Configuration", &R::dead_letter_queue_s3_configuration,
               kStructureShape),
      Required("s3TablesConfigurationList", &R::s3_tables_configuration_list, kRequiredListShape),
      Optional("dataFreshnessInSeconds", &R::data_freshness_in_seconds, kAnyShape)};
};

template <>
struct Fields<S3TablesDestinationUpdateInput> {
  using R = S3TablesDestinationUpdateInput;
  static constexpr std::tuple kRows = {
      Required("dataFreshnessInSeconds", &R::data_freshness_in_seconds, kAnyShape)};
};

template <>
struct Fields<ChannelEncryptionConfiguration> {
  using R = ChannelEncryptionConfiguration;
  static constexpr std::tuple kRows = {
      Required("encryptionType", &R::encryption_type, kChannelEncryptionTypeShape),
      Required("keyId", &R::key_id, kKeyIdShape)};
};

template <>
struct Fields<CloudWatchLogs> {
  using R = CloudWatchLogs;
  static constexpr std::tuple kRows = {Required("enabled", &R::enabled, kAnyShape),
                                       Optional("logGroupName", &R::log_group_name, kAnyShape),
                                       Optional("logStreamName", &R::log_stream_name, kAnyShape)};
};

template <>
struct Fields<ChannelLoggingConfiguration> {
  using R = ChannelLoggingConfiguration;
  static constexpr std::tuple kRows = {
      Required("cloudWatchLogs", &R::cloud_watch_logs, kStructureShape)};
};

template <>
struct Fields<StreamFilter> {
  using R = StreamFilter;
  static constexpr std::tuple kRows = {
      Required("streamARN", &R::stream_arn, kStreamArnShape),
      Optional("streamCreationTimestamp", &R::stream_creation_timestamp, kAnyShape)};
};

template <>
struct Fields<CreateChannelRequest> {
  using R = CreateChannelRequest;
  static constexpr std::tuple kRows = {
      Required("channelName", &R::channel_name, kAnyShape),
      Required("serviceExecutionRoleARN", &R::service_execution_role_arn, kAnyShape),
      Required("streamConfigurationList", &R::stream_configuration_list, kRequiredListShape),
      Optional("s3DestinationConfiguration", &R::s3_destination_configuration, kStructureShape),
      Optional("s3TablesDestinationConfiguration", &R::s3_tables_destination_configuration,
               kStructureShape),
      Optional("encryptionConfiguration", &R::encryption_configuration, kStructureShape),
      Optional("tags", &R::tags, kTagMapShape),
      Optional("loggingConfiguration", &R::logging_configuration, kStructureShape)};
};

template <>
struct Fields<DescribeChannelRequest> {
  using R = DescribeChannelRequest;
  static constexpr std::tuple kRows = {Required("channelARN", &R::channel_arn, kAnyShape)};
};

template <>
struct Fields<ListChannelsRequest> {
  using R = ListChannelsRequest;
  static constexpr std::tuple kRows = {
      Optional("streamFilter", &R::stream_filter, StructureListShape{}),
      Optional("maxResults", &R::max_results, kPageLimitShape),
      Optional("nextToken", &R::next_token, kNextTokenShape)};
};

template <>
struct Fields<UpdateChannelRequest> {
  using R = UpdateChannelRequest;
  static constexpr std::tuple kRows = {
      Required("channelARN", &R::channel_arn, kAnyShape),
      Optional("s3DestinationConfiguration", &R::s3_destination_configuration, kStructureShape),
      Optional("s3TablesDestinationConfiguration", &R::s3_tables_destination_configuration,
               kStructureShape),
      Optional("loggingConfiguration", &R::logging_configuration, kStructureShape)};
};

template <>
struct Fields<DeleteChannelRequest> {
  using R = DeleteChannelRequest;
  static constexpr std::tuple kRows = {Required("channelARN", &R::channel_arn, kAnyShape)};
};

}  // namespace riacho::internal
