#include "riacho/client/settings_requests.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const Tag& tag) {
  out << tag.key;
  if (tag.value.has_value()) out << '=' << *tag.value;
  return out;
}

std::string_view MinimumThroughputBillingCommitmentStatusName(
    MinimumThroughputBillingCommitmentStatus status) {
  switch (status) {
    case MinimumThroughputBillingCommitmentStatus::kEnabled:
      return "ENABLED";
    case MinimumThroughputBillingCommitmentStatus::kDisabled:
      return "DISABLED";
    case MinimumThroughputBillingCommitmentStatus::kEnabledUntilEarliestAllowedEnd:
      return "ENABLED_UNTIL_EARLIEST_ALLOWED_END";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, MinimumThroughputBillingCommitmentStatus status) {
  return out << MinimumThroughputBillingCommitmentStatusName(status);
}

}  // namespace riacho
