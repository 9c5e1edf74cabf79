#include "riacho/client/record_requests.h"

namespace riacho {

std::string_view ShardIteratorTypeName(ShardIteratorType type) {
  switch (type) {
    case ShardIteratorType::kAtSequenceNumber:
      return "AT_SEQUENCE_NUMBER";
    case ShardIteratorType::kAfterSequenceNumber:
      return "AFTER_SEQUENCE_NUMBER";
    case ShardIteratorType::kTrimHorizon:
      return "TRIM_HORIZON";
    case ShardIteratorType::kLatest:
      return "LATEST";
    case ShardIteratorType::kAtTimestamp:
      return "AT_TIMESTAMP";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, ShardIteratorType type) {
  return out << ShardIteratorTypeName(type);
}

std::ostream& operator<<(std::ostream& out, const PutRecordResponse& response) {
  out << response.shard_id << ' ' << response.sequence_number;
  if (response.encryption_type != EncryptionType::kNone) out << ' ' << response.encryption_type;
  return out;
}

std::ostream& operator<<(std::ostream& out, const PutRecordsResultEntry& entry) {
  if (entry.error_code.has_value()) return out << *entry.error_code << ": " << entry.error_message;
  return out << entry.shard_id << ' ' << entry.sequence_number;
}

std::ostream& operator<<(std::ostream& out, const PutRecordsResponse& response) {
  out << response.failed_record_count << " of " << response.records.size() << " records failed";
  for (const PutRecordsResultEntry& entry : response.records) out << "\n  " << entry;
  return out;
}

std::ostream& operator<<(std::ostream& out, const GetRecordsResponse& response) {
  out << response.records.size() << " records, " << response.millis_behind_latest
      << " ms behind latest";
  if (!response.next_shard_iterator.has_value()) out << ", end of shard";
  for (const Record& record : response.records) out << "\n  " << record;
  for (const ChildShard& child : response.child_shards) out << "\n  child " << child;
  return out;
}

}  // namespace riacho
