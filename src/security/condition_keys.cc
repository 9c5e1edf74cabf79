#include "security/condition_keys.h"

namespace riacho::internal {

void FindTime(std::string_view key, absl::Time now, KeyValues& values) {
  if (key == "aws:epochtime") {
    values.AddMade(std::to_string(absl::ToUnixSeconds(now)));
  } else if (key == "aws:currenttime") {
    values.AddMade(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", now, absl::UTCTimeZone()));
  }
}

}  // namespace riacho::internal
