// RIACHO_CHECK: an assertion that every build keeps. It guards what Riacho promises itself; a
// mistake of the caller or of the world is an absl::Status instead.
//
//   RIACHO_CHECK(place < size_, place, size_);   // src/...: check failed: place < size_ (7, 4)
#pragma once

#include <sstream>
#include <string>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"

// Ends the program when `condition` is false, after printing file, line, the text of the condition
// and the values that follow it. The values are streamed, and only when the check fails. One
// predicted branch when it holds.
#define RIACHO_CHECK(condition, ...)                                       \
  (ABSL_PREDICT_TRUE(condition) ? static_cast<void>(0)                     \
                                : ::riacho::internal::FailCheckWithValues( \
                                      __FILE__, __LINE__, #condition __VA_OPT__(, ) __VA_ARGS__))

namespace riacho::internal {

// Prints to standard error and aborts.
[[noreturn]] void FailCheck(const char* file, int line, const char* condition,
                            const std::string& values);

// Joins the values with commas. Kept out of line so that a check costs its caller only the branch.
template <typename... Values>
[[noreturn]] ABSL_ATTRIBUTE_NOINLINE ABSL_ATTRIBUTE_COLD void FailCheckWithValues(
    const char* file, int line, const char* condition, const Values&... values) {
  std::ostringstream joined;
  [[maybe_unused]] const char* separator = "";
  ((joined << separator << values, separator = ", "), ...);
  FailCheck(file, line, condition, joined.str());
}

}  // namespace riacho::internal
