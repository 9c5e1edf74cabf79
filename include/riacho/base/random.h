// Random: numbers from a seed. All chance in Riacho comes from here, so one seed repeats
// everything.
//
//   riacho::Random random(42);
//   if (random.Chance(0.01)) { ... }              // one time in a hundred
//   std::uint64_t die = random.Uniform(6) + 1;
//
// Not for secrets: who sees some of the numbers can tell the next.
#pragma once

#include <array>
#include <cstdint>

namespace riacho {

// Thread-compatible: one thread at a time. A value: a copy goes on with the same numbers as the
// original. The same seed gives the same numbers on every platform and in every release.
//
// Source: xoshiro256** of D. Blackman and S. Vigna, its state filled by splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  // Any of the 2^64 values.
  std::uint64_t Next();

  // One of the values from 0 to n - 1, all equally likely. `n` is at least 1.
  std::uint64_t Uniform(std::uint64_t n);

  // At least 0 and less than 1, a multiple of 2^-53.
  double UniformDouble();

  // True with probability `p`: never if p <= 0, always if p >= 1. Uses up one number whatever `p`
  // is.
  bool Chance(double p);

  friend bool operator==(const Random&, const Random&) = default;

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace riacho
