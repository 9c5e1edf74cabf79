#include "riacho/sim/fault_rule.h"

#include <array>
#include <cstddef>

namespace riacho {

std::string_view FaultKindName(FaultKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"fail",
                                                      "throttle",
                                                      "delay",
                                                      "lose_request",
                                                      "lose_reply",
                                                      "drop_subscription",
                                                      "end_subscription",
                                                      "answer_stale",
                                                      "deliver_again"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::ostream& operator<<(std::ostream& out, FaultKind kind) { return out << FaultKindName(kind); }

}  // namespace riacho
