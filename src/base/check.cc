#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace riacho::internal {

void FailCheck(const char* file, int line, const char* condition, const std::string& values) {
  if (values.empty()) {
    std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  } else {
    std::fprintf(stderr, "%s:%d: check failed: %s (%s)\n", file, line, condition, values.c_str());
  }
  std::fflush(stderr);
  std::abort();
}

}  // namespace riacho::internal
