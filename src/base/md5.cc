#include "base/md5.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "absl/base/attributes.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kLongestRest = 55;  // leaves room for the one bit and the length

struct State {
  std::uint32_t a = 0x67452301;
  std::uint32_t b = 0xefcdab89;
  std::uint32_t c = 0x98badcfe;
  std::uint32_t d = 0x10325476;
};

constexpr std::uint32_t LittleEndian(std::uint32_t word) {
  if constexpr (std::endian::native == std::endian::little) return word;
  return (word >> 24) | ((word >> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}

// Each step needs the `b` that the step before has just made, so a digest takes as long as the way
// from one `b` to the next, 64 times. What does not depend on `b` is therefore added up beforehand,
// and hidden from the compiler, which would otherwise reorder the sum and make the way longer.
inline std::uint32_t AddFirst(std::uint32_t a, std::uint32_t b) {
  std::uint32_t sum = a + b;
#if defined(__GNUC__)
  asm("" : "+r"(sum));
#endif
  return sum;
}

struct RoundF {
  static std::uint32_t Add(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a + (d ^ (b & (c ^ d)));
  }
};
// The two halves of this round's function have no bit in common, so adding them is as good as or.
struct RoundG {
  static std::uint32_t Add(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return AddFirst(a, c & ~d) + (b & d);
  }
};
struct RoundH {
  static std::uint32_t Add(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a + (b ^ (c ^ d));
  }
};
struct RoundI {
  static std::uint32_t Add(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a + (c ^ (b | ~d));
  }
};

template <typename Round, int kShift>
inline void Step(std::uint32_t& a, std::uint32_t b, std::uint32_t c, std::uint32_t d,
                 std::uint32_t addend) {
  a = b + std::rotl(Round::Add(AddFirst(a, addend), b, c, d), kShift);
}

inline State Absorb(State state, const char* block) {
  // Word by word where it is needed: a wider copy of a block just written would wait for those
  // writes to reach the cache.
  const auto word = [block](std::size_t i) {
    std::uint32_t value = 0;
    std::memcpy(&value, block + i * sizeof(value), sizeof(value));
    return LittleEndian(value);
  };
  auto [a, b, c, d] = state;

  Step<RoundF, 7>(a, b, c, d, word(0) + 0xd76aa478);
  Step<RoundF, 12>(d, a, b, c, word(1) + 0xe8c7b756);
  Step<RoundF, 17>(c, d, a, b, word(2) + 0x242070db);
  Step<RoundF, 22>(b, c, d, a, word(3) + 0xc1bdceee);
  Step<RoundF, 7>(a, b, c, d, word(4) + 0xf57c0faf);
  Step<RoundF, 12>(d, a, b, c, word(5) + 0x4787c62a);
  Step<RoundF, 17>(c, d, a, b, word(6) + 0xa8304613);
  Step<RoundF, 22>(b, c, d, a, word(7) + 0xfd469501);
  Step<RoundF, 7>(a, b, c, d, word(8) + 0x698098d8);
  Step<RoundF, 12>(d, a, b, c, word(9) + 0x8b44f7af);
  Step<RoundF, 17>(c, d, a, b, word(10) + 0xffff5bb1);
  Step<RoundF, 22>(b, c, d, a, word(11) + 0x895cd7be);
  Step<RoundF, 7>(a, b, c, d, word(12) + 0x6b901122);
  Step<RoundF, 12>(d, a, b, c, word(13) + 0xfd987193);
  Step<RoundF, 17>(c, d, a, b, word(14) + 0xa679438e);
  Step<RoundF, 22>(b, c, d, a, word(15) + 0x49b40821);

  Step<RoundG, 5>(a, b, c, d, word(1) + 0xf61e2562);
  Step<RoundG, 9>(d, a, b, c, word(6) + 0xc040b340);
  Step<RoundG, 14>(c, d, a, b, word(11) + 0x265e5a51);
  Step<RoundG, 20>(b, c, d, a, word(0) + 0xe9b6c7aa);
  Step<RoundG, 5>(a, b, c, d, word(5) + 0xd62f105d);
  Step<RoundG, 9>(d, a, b, c, word(10) + 0x02441453);
  Step<RoundG, 14>(c, d, a, b, word(15) + 0xd8a1e681);
  Step<RoundG, 20>(b, c, d, a, word(4) + 0xe7d3fbc8);
  Step<RoundG, 5>(a, b, c, d, word(9) + 0x21e1cde6);
  Step<RoundG, 9>(d, a, b, c, word(14) + 0xc33707d6);
  Step<RoundG, 14>(c, d, a, b, word(3) + 0xf4d50d87);
  Step<RoundG, 20>(b, c, d, a, word(8) + 0x455a14ed);
  Step<RoundG, 5>(a, b, c, d, word(13) + 0xa9e3e905);
  Step<RoundG, 9>(d, a, b, c, word(2) + 0xfcefa3f8);
  Step<RoundG, 14>(c, d, a, b, word(7) + 0x676f02d9);
  Step<RoundG, 20>(b, c, d, a, word(12) + 0x8d2a4c8a);

  Step<RoundH, 4>(a, b, c, d, word(5) + 0xfffa3942);
  Step<RoundH, 11>(d, a, b, c, word(8) + 0x8771f681);
  Step<RoundH, 16>(c, d, a, b, word(11) + 0x6d9d6122);
  Step<RoundH, 23>(b, c, d, a, word(14) + 0xfde5380c);
  Step<RoundH, 4>(a, b, c, d, word(1) + 0xa4beea44);
  Step<RoundH, 11>(d, a, b, c, word(4) + 0x4bdecfa9);
  Step<RoundH, 16>(c, d, a, b, word(7) + 0xf6bb4b60);
  Step<RoundH, 23>(b, c, d, a, word(10) + 0xbebfbc70);
  Step<RoundH, 4>(a, b, c, d, word(13) + 0x289b7ec6);
  Step<RoundH, 11>(d, a, b, c, word(0) + 0xeaa127fa);
  Step<RoundH, 16>(c, d, a, b, word(3) + 0xd4ef3085);
  Step<RoundH, 23>(b, c, d, a, word(6) + 0x04881d05);
  Step<RoundH, 4>(a, b, c, d, word(9) + 0xd9d4d039);
  Step<RoundH, 11>(d, a, b, c, word(12) + 0xe6db99e5);
  Step<RoundH, 16>(c, d, a, b, word(15) + 0x1fa27cf8);
  Step<RoundH, 23>(b, c, d, a, word(2) + 0xc4ac5665);

  Step<RoundI, 6>(a, b, c, d, word(0) + 0xf4292244);
  Step<RoundI, 10>(d, a, b, c, word(7) + 0x432aff97);
  Step<RoundI, 15>(c, d, a, b, word(14) + 0xab9423a7);
  Step<RoundI, 21>(b, c, d, a, word(5) + 0xfc93a039);
  Step<RoundI, 6>(a, b, c, d, word(12) + 0x655b59c3);
  Step<RoundI, 10>(d, a, b, c, word(3) + 0x8f0ccc92);
  Step<RoundI, 15>(c, d, a, b, word(10) + 0xffeff47d);
  Step<RoundI, 21>(b, c, d, a, word(1) + 0x85845dd1);
  Step<RoundI, 6>(a, b, c, d, word(8) + 0x6fa87e4f);
  Step<RoundI, 10>(d, a, b, c, word(15) + 0xfe2ce6e0);
  Step<RoundI, 15>(c, d, a, b, word(6) + 0xa3014314);
  Step<RoundI, 21>(b, c, d, a, word(13) + 0x4e0811a1);
  Step<RoundI, 6>(a, b, c, d, word(4) + 0xf7537e82);
  Step<RoundI, 10>(d, a, b, c, word(11) + 0xbd3af235);
  Step<RoundI, 15>(c, d, a, b, word(2) + 0x2ad7d2bb);
  Step<RoundI, 21>(b, c, d, a, word(9) + 0xeb86d391);

  return {state.a + a, state.b + b, state.c + c, state.d + d};
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
