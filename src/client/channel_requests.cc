#include "riacho/client/channel_requests.h"

namespace riacho {

std::string_view ChannelStatusName(ChannelStatus status) {
  switch (status) {
    case ChannelStatus::kCreating:
      return "CREATING";
    case ChannelStatus::kActive:
      return "ACTIVE";
    case ChannelStatus::kUpdating:
      return "UPDATING";
    case ChannelStatus::kDeleting:
      return "DELETING";
    case ChannelStatus::kFailed:
      return "FAILED";
  }
  return "UNKNOWN";
}

std::string_view ChannelDestinationTypeName(ChannelDestinationType type) {
  switch (type) {
    case ChannelDestinationType::kS3:
      return "S3";
    case ChannelDestinationType::kS3Tables:
      return "S3_TABLES";
  }
  return "UNKNOWN";
}

std::string_view RecordFormatTypeName(RecordFormatType type) {
  switch (type) {
    case RecordFormatType::kJson:
      return "JSON";
    case RecordFormatType::kString:
      return "STRING";
    case RecordFormatType::kByteArray:
      return "BYTE_ARRAY";
    case RecordFormatType::kGsrJson:
      return "GSR_JSON";
  }
  return "UNKNOWN";
}

std::string_view S3CompressionTypeName(S3CompressionType type) {
  switch (type) {
    case S3CompressionType::kNone:
      return "NONE";
    case S3CompressionType::kGzip:
      return "GZIP";
    case S3CompressionType::kZstd:
      return "ZSTD";
  }
  return "UNKNOWN";
}

std::string_view S3StorageClassName(S3StorageClass storage_class) {
  switch (storage_class) {
    case S3StorageClass::kStandard:
      return "STANDARD";
    case S3StorageClass::kGlacierIr:
      return "GLACIER_IR";
    case S3StorageClass::kIntelligentTiering:
      return "INTELLIGENT_TIERING";
  }
  return "UNKNOWN";
}

std::string_view S3TablesCompressionTypeName(S3TablesCompressionType type) {
  switch (type) {
    case S3TablesCompressionType::kNone:
      return "NONE";
    case S3TablesCompressionType::kSnappy:
      return "SNAPPY";
    case S3TablesCompressionType::kZstd:
      return "ZSTD";
  }
  return "UNKNOWN";
}

std::string_view PartitionTransformName(PartitionTransform transform) {
  switch (transform) {
    case PartitionTransform::kTimeHour:
      return "TIME_HOUR";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, ChannelStatus status) {
  return out << ChannelStatusName(status);
}

std::ostream& operator<<(std::ostream& out, ChannelDestinationType type) {
  return out << ChannelDestinationTypeName(type);
}

}  // namespace riacho
