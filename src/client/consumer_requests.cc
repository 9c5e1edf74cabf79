#include "riacho/client/consumer_requests.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const StartingPosition& position) {
  if (position.type.has_value()) out << *position.type;
  if (position.sequence_number.has_value()) out << ' ' << *position.sequence_number;
  if (position.timestamp.has_value()) {
    out << ' ' << absl::FormatTime(absl::RFC3339_full, *position.timestamp, absl::UTCTimeZone());
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const SubscribeToShardEvent& event) {
  out << event.records.size() << " records, " << event.millis_behind_latest
      << " ms behind latest, ";
  if (event.continuation_sequence_number.has_value()) {
    out << "continue after " << *event.continuation_sequence_number;
  } else {
    out << "end of shard";
  }
  for (const Record& record : event.records) out << "\n  " << record;
  for (const ChildShard& child : event.child_shards) out << "\n  child " << child;
  return out;
}

}  // namespace riacho
