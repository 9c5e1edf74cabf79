// Requests and responses of the channel operations: delivery of an ON_DEMAND stream to an S3 bucket
// or an S3 table.
//
// The structures serve requests and responses alike; members are std::optional where a request may
// lack them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/model/operation.h"
#include "riacho/model/stream_description.h"

namespace riacho {

enum class ChannelStatus : unsigned char { kCreating, kActive, kUpdating, kDeleting, kFailed };
enum class ChannelDestinationType : unsigned char { kS3, kS3Tables };
enum class RecordFormatType : unsigned char { kJson, kString, kByteArray, kGsrJson };
enum class S3CompressionType : unsigned char { kNone, kGzip, kZstd };
enum class S3StorageClass : unsigned char { kStandard, kGlacierIr, kIntelligentTiering };
enum class S3TablesCompressionType : unsigned char { kNone, kSnappy, kZstd };
enum class PartitionTransform : unsigned char { kTimeHour };

// The wire names, such as "S3_TABLES". Valid for the life of the program.
std::string_view ChannelStatusName(ChannelStatus status);
std::string_view ChannelDestinationTypeName(ChannelDestinationType type);
std::string_view RecordFormatTypeName(RecordFormatType type);
std::string_view S3CompressionTypeName(S3CompressionType type);
std::string_view S3StorageClassName(S3StorageClass storage_class);
std::string_view S3TablesCompressionTypeName(S3TablesCompressionType type);
std::string_view PartitionTransformName(PartitionTransform transform);
std::ostream& operator<<(std::ostream& out, ChannelStatus status);
std::ostream& operator<<(std::ostream& out, ChannelDestinationType type);

// Source: API of 2026-09-29, "RecordConfiguration".
struct RecordConfiguration {
  std::optional<RecordFormatType> record_format_type = {};  // required
  std::optional<std::string> gsr_schema_arn = {};

  friend bool operator==(const RecordConfiguration&, const RecordConfiguration&) = default;
};

// Source: API of 2026-09-29, "ChannelStreamConfiguration".
struct ChannelStreamConfiguration {
  std::optional<std::string> stream_arn = {};                    // required
  std::optional<RecordConfiguration> record_configuration = {};  // required

  friend bool operator==(const ChannelStreamConfiguration&,
                         const ChannelStreamConfiguration&) = default;
};

// Source: API of 2026-09-29, "ChannelStreamDescription".
struct ChannelStreamDescription {
  std::string stream_arn = {};
  absl::Time stream_creation_timestamp = {};
  RecordConfiguration record_configuration = {};

  friend bool operator==(const ChannelStreamDescription&,
                         const ChannelStreamDescription&) = default;
};

// Source: API of 2026-09-29, "ChannelStreamIdentifier".
struct ChannelStreamIdentifier {
  std::string stream_arn = {};
  absl::Time stream_creation_timestamp = {};

  friend bool operator==(const ChannelStreamIdentifier&, const ChannelStreamIdentifier&) = default;
};

// Where records go that cannot be delivered.
// Source: API of 2026-09-29, "DeadLetterQueueS3Configuration".
struct DeadLetterQueueS3Configuration {
  std::optional<std::string> bucket_arn = {};             // required
  std::optional<std::string> expected_bucket_owner = {};  // required; account
  std::optional<std::string> error_output_prefix = {};

  friend bool operator==(const DeadLetterQueueS3Configuration&,
                         const DeadLetterQueueS3Configuration&) = default;
};

// Source: API of 2026-09-29, "S3StorageConfiguration".
struct S3StorageConfiguration {
  std::optional<std::string> bucket_arn = {};              // required
  std::optional<std::string> expected_bucket_owner = {};   // required; account
  std::optional<S3CompressionType> compression_type = {};  // required
  std::optional<std::string> output_key_template = {};
  std::optional<S3StorageClass> storage_class = {};

  friend bool operator==(const S3StorageConfiguration&, const S3StorageConfiguration&) = default;
};

// Source: API of 2026-09-29, "S3DestinationConfiguration".
struct S3DestinationConfiguration {
  std::optional<S3StorageConfiguration> storage_configuration = {};  // required
  std::optional<std::int64_t> data_freshness_in_seconds = {};
  std::optional<DeadLetterQueueS3Configuration> dead_letter_queue_s3_configuration = {};
};

// Source: API of 2026-09-29, "S3DestinationDescription".
struct S3DestinationDescription {
  std::int64_t data_freshness_in_seconds = 0;
  DeadLetterQueueS3Configuration dead_letter_queue_s3_configuration = {};
  S3StorageConfiguration storage_configuration = {};

  friend bool operator==(const S3DestinationDescription&,
                         const S3DestinationDescription&) = default;
};

// Source: API of 2026-09-29, "S3DestinationUpdateInput".
struct S3DestinationUpdateInput {
  std::optional<std::int64_t> data_freshness_in_seconds = {};  // required
};

// Source: API of 2026-09-29, "PartitionField".
struct PartitionField {
  std::optional<PartitionTransform> transform = {};  // required
  std::optional<std::string> source_name = {};       // required

  friend bool operator==(const PartitionField&, const PartitionField&) = default;
};

// Source: API of 2026-09-29, "PartitionSpec".
struct PartitionSpec {
  std::vector<PartitionField> partition_fields = {};  // required

  friend bool operator==(const PartitionSpec&, const PartitionSpec&) = default;
};

// Source: API of 2026-09-29, "S3TablesConfiguration".
struct S3TablesConfiguration {
  std::optional<std::string> table_bucket_arn = {};  // required
  std::optional<std::string> table_namespace = {};   // required; "Namespace" on the wire
  std::optional<std::string> table_name = {};        // required
  std::optional<S3TablesCompressionType> compression_type = {};  // required
  std::optional<PartitionSpec> partition_spec = {};

  friend bool operator==(const S3TablesConfiguration&, const S3TablesConfiguration&) = default;
};

// Source: API of 2026-09-29, "S3TablesDestinationConfiguration".
struct S3TablesDestinationConfiguration {
  std::optional<DeadLetterQueueS3Configuration> dead_letter_queue_s3_configuration =
      {};                                                                // required
  std::vector<S3TablesConfiguration> s3_tables_configuration_list = {};  // required; 1
  std::optional<std::int64_t> data_freshness_in_seconds = {};
};

// Source: API of 2026-09-29, "S3TablesDestinationDescription".
struct S3TablesDestinationDescription {
  std::int64_t data_freshness_in_seconds = 0;
  DeadLetterQueueS3Configuration dead_letter_queue_s3_configuration = {};
  std::vector<S3TablesConfiguration> s3_tables_configuration_list = {};

  friend bool operator==(const S3TablesDestinationDescription&,
                         const S3TablesDestinationDescription&) = default;
};

// Source: API of 2026-09-29, "S3TablesDestinationUpdateInput".
struct S3TablesDestinationUpdateInput {
  std::optional<std::int64_t> data_freshness_in_seconds = {};  // required
};

// Source: API of 2026-09-29, "ChannelEncryptionConfiguration".
struct ChannelEncryptionConfiguration {
  std::optional<EncryptionType> encryption_type = {};  // required; KMS
  std::optional<std::string> key_id = {};              // required

  friend bool operator==(const ChannelEncryptionConfiguration&,
                         const ChannelEncryptionConfiguration&) = default;
};

// Source: API of 2026-09-29, "CloudWatchLogs" and "CloudWatchLogsUpdateInput", which have the same
// members.
struct CloudWatchLogs {
  std::optional<bool> enabled = {};  // required
  std::optional<std::string> log_group_name = {};
  std::optional<std::string> log_stream_name = {};

  friend bool operator==(const CloudWatchLogs&, const CloudWatchLogs&) = default;
};

// Source: API of 2026-09-29, "ChannelLoggingConfiguration" and "ChannelLoggingUpdateInput", which
// have the same members.
struct ChannelLoggingConfiguration {
  std::optional<CloudWatchLogs> cloud_watch_logs = {};  // required

  friend bool operator==(const ChannelLoggingConfiguration&,
                         const ChannelLoggingConfiguration&) = default;
};

// Source: API of 2026-09-29, "ChannelDescription".
struct ChannelDescription {
  std::string channel_name = {};
  std::string channel_arn = {};
  std::string channel_id = {};
  ChannelStatus channel_status = ChannelStatus::kCreating;
  absl::Time channel_creation_timestamp = {};
  std::string service_execution_role_arn = {};
  std::vector<ChannelStreamDescription> stream_configuration_list = {};
  ChannelLoggingConfiguration logging_configuration = {};
  std::optional<std::string> channel_status_reason = {};
  std::optional<S3DestinationDescription> s3_destination_configuration = {};
  std::optional<S3TablesDestinationDescription> s3_tables_destination_configuration = {};
  std::optional<ChannelEncryptionConfiguration> encryption_configuration = {};

  friend bool operator==(const ChannelDescription&, const ChannelDescription&) = default;
};

// Source: API of 2026-09-29, "ChannelSummary".
struct ChannelSummary {
  std::string channel_name = {};
  std::string channel_arn = {};
  std::string channel_id = {};
  ChannelStatus channel_status = ChannelStatus::kCreating;
  absl::Time channel_creation_timestamp = {};
  ChannelDestinationType channel_destination_type = ChannelDestinationType::kS3;
  std::vector<ChannelStreamIdentifier> streams = {};
  std::optional<std::string> channel_status_reason = {};

  friend bool operator==(const ChannelSummary&, const ChannelSummary&) = default;
};

struct CreateChannelResponse {
  ChannelDescription channel_description = {};
};

// Exactly one of the two destinations is given.
// Source: API of 2026-09-29, "CreateChannel".
struct CreateChannelRequest {
  using Response = CreateChannelResponse;
  static constexpr Operation kOperation = Operation::kCreateChannel;

  std::optional<std::string> channel_name = {};                            // required
  std::optional<std::string> service_execution_role_arn = {};              // required
  std::vector<ChannelStreamConfiguration> stream_configuration_list = {};  // required; 1
  std::optional<S3DestinationConfiguration> s3_destination_configuration = {};
  std::optional<S3TablesDestinationConfiguration> s3_tables_destination_configuration = {};
  std::optional<ChannelEncryptionConfiguration> encryption_configuration = {};
  std::map<std::string, std::string> tags = {};
  std::optional<ChannelLoggingConfiguration> logging_configuration = {};
};

struct DescribeChannelResponse {
  ChannelDescription channel_description = {};
};

// Source: API of 2026-09-29, "DescribeChannel".
struct DescribeChannelRequest {
  using Response = DescribeChannelResponse;
  static constexpr Operation kOperation = Operation::kDescribeChannel;

  std::optional<std::string> channel_arn = {};  // required
};

// Source: API of 2026-09-29, "StreamFilter".
struct StreamFilter {
  std::optional<std::string> stream_arn = {};  // required
  std::optional<absl::Time> stream_creation_timestamp = {};
};

struct ListChannelsResponse {
  std::vector<ChannelSummary> channel_summaries = {};
  std::optional<std::string> next_token = {};
};

// Source: API of 2026-09-29, "ListChannels".
struct ListChannelsRequest {
  using Response = ListChannelsResponse;
  static constexpr Operation kOperation = Operation::kListChannels;

  std::vector<StreamFilter> stream_filter = {};
  std::optional<std::int64_t> max_results = {};  // above 100 means 100
  std::optional<std::string> next_token = {};
};

struct UpdateChannelResponse {
  ChannelDescription channel_description = {};
};

// Source: API of 2026-09-29, "UpdateChannel".
struct UpdateChannelRequest {
  using Response = UpdateChannelResponse;
  static constexpr Operation kOperation = Operation::kUpdateChannel;

  std::optional<std::string> channel_arn = {};  // required
  std::optional<S3DestinationUpdateInput> s3_destination_configuration = {};
  std::optional<S3TablesDestinationUpdateInput> s3_tables_destination_configuration = {};
  std::optional<ChannelLoggingConfiguration> logging_configuration = {};
};

struct DeleteChannelResponse {};

// Source: API of 2026-09-29, "DeleteChannel".
struct DeleteChannelRequest {
  using Response = DeleteChannelResponse;
  static constexpr Operation kOperation = Operation::kDeleteChannel;

  std::optional<std::string> channel_arn = {};  // required
};

}  // namespace riacho
