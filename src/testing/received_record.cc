#include "riacho/testing/received_record.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const ReceivedRecord& record) {
  return out << record.partition_key << ": " << record.data << " (" << record.sequence_number
             << ")";
}

std::vector<ReceivedRecord> CopyOf(const RecordBatch& records) {
  std::vector<ReceivedRecord> copies;
  copies.reserve(records.size());
  for (const Record& record : records) {
    copies.push_back({.partition_key = std::string(record.partition_key),
                      .data = std::string(record.data),
                      .sequence_number = record.sequence_number});
  }
  return copies;
}

}  // namespace riacho
