#include "telemetry/random_source.h"

#include <algorithm>

#include <openssl/rand.h>

#include "base/check.h"

namespace riacho::internal {

RandomSource::RandomSource(std::optional<std::uint64_t> seed) {
  if (seed.has_value()) random_.emplace(*seed);
}

void RandomSource::Fill(std::span<std::uint64_t> numbers) {
  if (random_.has_value()) {
    const std::lock_guard lock(mutex_);
    for (std::uint64_t& number : numbers) number = random_->Next();
  } else {
    auto* const bytes = reinterpret_cast<unsigned char*>(numbers.data());
    const int filled = RAND_bytes(bytes, static_cast<int>(numbers.size_bytes()));
    RIACHO_CHECK(filled == 1);
  }
  std::ranges::replace(numbers, std::uint64_t{0}, std::uint64_t{1});
}

}  // namespace riacho::internal
