#include "riacho/time/agent.h"

namespace riacho {

Agent::~Agent() = default;

}  // namespace riacho
