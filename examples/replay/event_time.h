// When an event happened, read from the text of a file.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace replay {

// What ParseEventTime reads, for messages.
inline constexpr const char* kEventTimeForms =
    "2001/01/31 00:47, 2001-01-31T00:47:00Z (ISO 8601), or seconds or milliseconds since 1970";

// A time without a zone is taken for UTC. A number is seconds since 1970, or milliseconds from
// 100,000,000,000 on.
std::optional<absl::Time> ParseEventTime(const std::string& text);

}  // namespace replay
