#include "wire/exchange.h"

namespace riacho::internal {

Exchange::~Exchange() = default;

}  // namespace riacho::internal
