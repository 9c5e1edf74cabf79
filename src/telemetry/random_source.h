// Where the ids of traces come from: a seed, so that a run can be repeated, or the operating
// system, so that nobody can guess them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "riacho/base/random.h"

namespace riacho::internal {

// Thread-safe; with a seed it takes a mutex.
class RandomSource {
 public:
  explicit RandomSource(std::optional<std::uint64_t> seed);

  // Numbers from 1 to 2^64 - 1. To ask the operating system takes a microsecond, however many they
  // are.
  template <std::size_t kCount>
  std::array<std::uint64_t, kCount> Take() {
    std::array<std::uint64_t, kCount> numbers;
    Fill(numbers);
    return numbers;
  }

 private:
  void Fill(std::span<std::uint64_t> numbers);

  std::mutex mutex_;
  std::optional<Random> random_;  // guarded by mutex_; none without a seed, for ever
};

}  // namespace riacho::internal
