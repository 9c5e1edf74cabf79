#include "riacho/sim/task.h"

namespace riacho {

template class Task<void>;

}  // namespace riacho
