// What the calling thread takes from the heap: this program's operators new and delete count it.
#pragma once

#include <cstdint>

namespace riacho::bench {

struct Allocations {
  std::int64_t count = 0;  // since the thread began
  std::int64_t bytes = 0;  // taken and not given back, by what the allocator set aside

  static Allocations OfThisThread();
};

}  // namespace riacho::bench
