#include "riacho/model/stream_description.h"

namespace riacho {

std::string_view StreamStatusName(StreamStatus status) {
  switch (status) {
    case StreamStatus::kCreating:
      return "CREATING";
    case StreamStatus::kActive:
      return "ACTIVE";
    case StreamStatus::kUpdating:
      return "UPDATING";
    case StreamStatus::kDeleting:
      return "DELETING";
  }
  return "UNKNOWN";
}

std::string_view StreamModeName(StreamMode mode) {
  switch (mode) {
    case StreamMode::kProvisioned:
      return "PROVISIONED";
    case StreamMode::kOnDemand:
      return "ON_DEMAND";
  }
  return "UNKNOWN";
}

std::string_view EncryptionTypeName(EncryptionType type) {
  switch (type) {
    case EncryptionType::kNone:
      return "NONE";
    case EncryptionType::kKms:
      return "KMS";
  }
  return "UNKNOWN";
}

std::string_view RecordDistributionStrategyName(RecordDistributionStrategy strategy) {
  switch (strategy) {
    case RecordDistributionStrategy::kAuto:
      return "AUTO";
    case RecordDistributionStrategy::kUserPartitionKey:
      return "USER_PARTITION_KEY";
  }
  return "UNKNOWN";
}

std::string_view MetricsNameName(MetricsName name) {
  switch (name) {
    case MetricsName::kIncomingBytes:
      return "IncomingBytes";
    case MetricsName::kIncomingRecords:
      return "IncomingRecords";
    case MetricsName::kOutgoingBytes:
      return "OutgoingBytes";
    case MetricsName::kOutgoingRecords:
      return "OutgoingRecords";
    case MetricsName::kWriteProvisionedThroughputExceeded:
      return "WriteProvisionedThroughputExceeded";
    case MetricsName::kReadProvisionedThroughputExceeded:
      return "ReadProvisionedThroughputExceeded";
    case MetricsName::kIteratorAgeMilliseconds:
      return "IteratorAgeMilliseconds";
    case MetricsName::kAll:
      return "ALL";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, StreamStatus status) {
  return out << StreamStatusName(status);
}
std::ostream& operator<<(std::ostream& out, StreamMode mode) { return out << StreamModeName(mode); }
std::ostream& operator<<(std::ostream& out, EncryptionType type) {
  return out << EncryptionTypeName(type);
}
std::ostream& operator<<(std::ostream& out, RecordDistributionStrategy strategy) {
  return out << RecordDistributionStrategyName(strategy);
}
std::ostream& operator<<(std::ostream& out, MetricsName name) {
  return out << MetricsNameName(name);
}

}  // namespace riacho
