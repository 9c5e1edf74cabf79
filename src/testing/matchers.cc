#include "riacho/testing/matchers.h"

#include <map>
#include <sstream>

namespace riacho::internal {

absl::Status OutcomeOf(const PutRecordsResultEntry& entry) {
  return entry.error_code.has_value() ? MakeError(*entry.error_code, entry.error_message)
                                      : absl::OkStatus();
}

std::optional<std::vector<ReceivedRecord>> RecordsOf(const std::vector<ReceivedRecord>& records) {
  return records;
}
std::optional<std::vector<ReceivedRecord>> RecordsOf(const RecordBatch& records) {
  return CopyOf(records);
}
std::optional<std::vector<ReceivedRecord>> RecordsOf(const GetRecordsResponse& page) {
  return CopyOf(page.records);
}
std::optional<std::vector<ReceivedRecord>> RecordsOf(const SubscribeToShardEvent& event) {
  return CopyOf(event.records);
}

std::string DisorderOf(const std::vector<ReceivedRecord>& records) {
  std::map<std::string, const ReceivedRecord*> last;
  for (const ReceivedRecord& record : records) {
    const ReceivedRecord*& before = last[record.partition_key];
    if (before != nullptr && before->sequence_number >= record.sequence_number) {
      std::ostringstream disorder;
      if (before->sequence_number == record.sequence_number) {
        disorder << "which has twice " << record;
      } else {
        disorder << "which has " << *before << " before " << record;
      }
      return disorder.str();
    }
    before = &record;
  }
  return {};
}

bool IsThrottling(const absl::Status& status) {
  const std::optional<ErrorCode> code = GetErrorCode(status);
  return code == ErrorCode::kProvisionedThroughputExceeded || code == ErrorCode::kLimitExceeded ||
         code == ErrorCode::kKmsThrottling;
}

}  // namespace riacho::internal
