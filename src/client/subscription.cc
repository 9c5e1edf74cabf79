#include "riacho/client/subscription.h"

namespace riacho {

Subscription::~Subscription() = default;

}  // namespace riacho
