// Names of enumerators that are none, in the words of whoever sent them.
#pragma once

#include <map>
#include <string>

namespace riacho::internal {

// A text of kValidation in which the numbers that stand for unknown names (Decoder::unknown_names)
// have become those names again: "Value 'FOO' at 'type' failed to satisfy constraint: Member must
// satisfy enum value set: [...]". Whatever else has such a number keeps it.
std::string WithNamesAsSent(const std::string& message, const std::map<int, std::string>& names);

}  // namespace riacho::internal
