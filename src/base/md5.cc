#include "base/md5.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "absl/base/attributes.h"

#include "base/md5_rounds.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kLongestRest = 55;  // leaves room for the one bit and the length

using State = Md5State<std::uint32_t>;

constexpr std::uint32_t LittleEndian(std::uint32_t word) {
  if constexpr (std::endian::native == std::endian::little) return word;
  return (word >> 24) | ((word >> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}

State Absorb(const State& state, const char* block) {
  // Word by word where it is needed: a wider copy of a block just written would wait for those
  // writes to reach the cache.
  return Md5Rounds<std::uint32_t>::Absorb(state, [block](std::size_t i) {
    std::uint32_t value = 0;
    std::memcpy(&value, block + i * sizeof(value), sizeof(value));
    return LittleEndian(value);
  });
}

// Fills the end of a message: what is left of it, a one bit, zeros, and the length of the whole in
// bits.
inline void Pad(char* block, std::size_t block_bytes, std::string_view rest,
                std::size_t length_bytes) {
  std::memset(block, 0, block_bytes);
  if (!rest.empty()) std::memcpy(block, rest.data(), rest.size());
  block[rest.size()] = '\x80';
  const std::uint64_t bits = static_cast<std::uint64_t>(length_bytes) * 8;
  const std::uint32_t words[2] = {LittleEndian(static_cast<std::uint32_t>(bits)),
                                  LittleEndian(static_cast<std::uint32_t>(bits >> 32))};
  std::memcpy(block + block_bytes - sizeof(words), words, sizeof(words));
}

std::array<std::uint8_t, 16> Digest(const State& state) {
  const std::uint32_t words[4] = {LittleEndian(state.a), LittleEndian(state.b),
                                  LittleEndian(state.c), LittleEndian(state.d)};
  std::array<std::uint8_t, 16> digest;
  std::memcpy(digest.data(), words, digest.size());
  return digest;
}

// Any length. Apart from the short keys, so that their block is digested in line from constants.
ABSL_ATTRIBUTE_NOINLINE std::array<std::uint8_t, 16> DigestOfBlocks(std::string_view bytes) {
  // What is left after the whole blocks, padded to one block or, if the length does not fit in
  // there, to two.
  const std::string_view rest = bytes.substr(bytes.size() / kBlockBytes * kBlockBytes);
  char padded[2 * kBlockBytes];
  const std::size_t padded_bytes = rest.size() <= kLongestRest ? kBlockBytes : 2 * kBlockBytes;
  Pad(padded, padded_bytes, rest, bytes.size());

  State state;
  const std::size_t whole_bytes = bytes.size() - rest.size();
  for (std::size_t i = 0; i < whole_bytes + padded_bytes; i += kBlockBytes) {
    state = Absorb(state, i < whole_bytes ? bytes.data() + i : padded + (i - whole_bytes));
  }
  return Digest(state);
}

}  // namespace

std::array<std::uint8_t, 16> Md5(std::string_view bytes) {
  if (bytes.size() > kLongestRest) return DigestOfBlocks(bytes);
  char block[kBlockBytes];
  Pad(block, kBlockBytes, bytes, bytes.size());
  return Digest(Absorb(State(), block));
}

}  // namespace riacho::internal
