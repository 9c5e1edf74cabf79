#include "riacho/base/random.h"

#include <bit>

#include "absl/numeric/int128.h"

#include "base/check.h"

namespace riacho {
namespace {

std::uint64_t SplitMix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = SplitMix64(seed);
}

std::uint64_t Random::Next() {
  auto& [a, b, c, d] = state_;
  const std::uint64_t result = std::rotl(b * 5, 7) * 9;
  const std::uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

// The high half of Next() * n is the value. 2^64 mod n of the products would make some values
// likelier than others; they are those whose low half is below that number, and are drawn again (D.
// Lemire, 2019).
std::uint64_t Random::Uniform(std::uint64_t n) {
  RIACHO_CHECK(n >= 1);
  absl::uint128 product = absl::uint128(Next()) * n;
  if (absl::Uint128Low64(product) < n) {
    const std::uint64_t surplus = (0 - n) % n;
    while (absl::Uint128Low64(product) < surplus) product = absl::uint128(Next()) * n;
  }
  return absl::Uint128High64(product);
}

double Random::UniformDouble() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

bool Random::Chance(double p) { return UniformDouble() < p; }

}  // namespace riacho
