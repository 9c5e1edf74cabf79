#include "riacho/model/record.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const Record& record) {
  return out << record.sequence_number << " at "
             << absl::FormatTime(absl::RFC3339_full, record.approximate_arrival_timestamp,
                                 absl::UTCTimeZone())
             << " key '" << record.partition_key << "' " << record.data.size() << " B";
}

}  // namespace riacho
