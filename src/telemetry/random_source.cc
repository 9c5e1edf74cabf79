#include "telemetry/random_source.h"

#include <openssl/rand.h>

#include "base/check.h"

namespace riacho::internal {

RandomSource::RandomSource(std::optional<std::uint64_t> seed) {
  if (seed.has_value()) random_.emplace(*seed);
}

std::uint64_t RandomSource::Next() {
  if (random_.has_value()) {
    const std::lock_guard lock(mutex_);
    return random_->Next();
  }
  std::uint64_t number = 0;
  const int filled = RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof(number));
  RIACHO_CHECK(filled == 1);
  return number;
}

std::uint64_t RandomSource::NextId() {
  std::uint64_t id = 0;
  while (id == 0) id = Next();
  return id;
}

}  // namespace riacho::internal
