// Where the ids of traces come from: a seed, so that a run can be repeated, or the operating
// system, so that nobody can guess them.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "riacho/base/random.h"

namespace riacho::internal {

// Thread-safe; with a seed it takes a mutex.
class RandomSource {
 public:
  explicit RandomSource(std::optional<std::uint64_t> seed);

  // Any of the 2^64 values.
  std::uint64_t Next();

  // Any but 0.
  std::uint64_t NextId();

 private:
  std::mutex mutex_;
  std::optional<Random> random_;  // guarded by mutex_; none without a seed, for ever
};

}  // namespace riacho::internal
