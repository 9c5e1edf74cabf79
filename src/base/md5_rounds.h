// The 64 steps of MD5 over one block (RFC 1321), for a word of any width: a std::uint32_t digests
// one message, a vector of them as many messages side by side.
#pragma once

#include <cstdint>
#include <type_traits>

namespace riacho::internal {

template <typename Word>
struct Md5State {
  Word a = Word{} + 0x67452301u;
  Word b = Word{} + 0xefcdab89u;
  Word c = Word{} + 0x98badcfeu;
  Word d = Word{} + 0x10325476u;
};

template <typename Word>
class Md5Rounds {
 public:
  // The state after one more block; `word(i)` answers its i-th little-endian word, 0 <= i < 16, and
  // is asked for each several times.
  template <typename WordAt>
  static Md5State<Word> Absorb(const Md5State<Word>& state, WordAt word) {
    auto [a, b, c, d] = state;

    Step<RoundF, 7>(a, b, c, d, word(0) + 0xd76aa478u);
    Step<RoundF, 12>(d, a, b, c, word(1) + 0xe8c7b756u);
    Step<RoundF, 17>(c, d, a, b, word(2) + 0x242070dbu);
    Step<RoundF, 22>(b, c, d, a, word(3) + 0xc1bdceeeu);
    Step<RoundF, 7>(a, b, c, d, word(4) + 0xf57c0fafu);
    Step<RoundF, 12>(d, a, b, c, word(5) + 0x4787c62au);
    Step<RoundF, 17>(c, d, a, b, word(6) + 0xa8304613u);
    Step<RoundF, 22>(b, c, d, a, word(7) + 0xfd469501u);
    Step<RoundF, 7>(a, b, c, d, word(8) + 0x698098d8u);
    Step<RoundF, 12>(d, a, b, c, word(9) + 0x8b44f7afu);
    Step<RoundF, 17>(c, d, a, b, word(10) + 0xffff5bb1u);
    Step<RoundF, 22>(b, c, d, a, word(11) + 0x895cd7beu);
    Step<RoundF, 7>(a, b, c, d, word(12) + 0x6b901122u);
    Step<RoundF, 12>(d, a, b, c, word(13) + 0xfd987193u);
    Step<RoundF, 17>(c, d, a, b, word(14) + 0xa679438eu);
    Step<RoundF, 22>(b, c, d, a, word(15) + 0x49b40821u);

    Step<RoundG, 5>(a, b, c, d, word(1) + 0xf61e2562u);
    Step<RoundG, 9>(d, a, b, c, word(6) + 0xc040b340u);
    Step<RoundG, 14>(c, d, a, b, word(11) + 0x265e5a51u);
    Step<RoundG, 20>(b, c, d, a, word(0) + 0xe9b6c7aau);
    Step<RoundG, 5>(a, b, c, d, word(5) + 0xd62f105du);
    Step<RoundG, 9>(d, a, b, c, word(10) + 0x02441453u);
    Step<RoundG, 14>(c, d, a, b, word(15) + 0xd8a1e681u);
    Step<RoundG, 20>(b, c, d, a, word(4) + 0xe7d3fbc8u);
    Step<RoundG, 5>(a, b, c, d, word(9) + 0x21e1cde6u);
    Step<RoundG, 9>(d, a, b, c, word(14) + 0xc33707d6u);
    Step<RoundG, 14>(c, d, a, b, word(3) + 0xf4d50d87u);
    Step<RoundG, 20>(b, c, d, a, word(8) + 0x455a14edu);
    Step<RoundG, 5>(a, b, c, d, word(13) + 0xa9e3e905u);
    Step<RoundG, 9>(d, a, b, c, word(2) + 0xfcefa3f8u);
    Step<RoundG, 14>(c, d, a, b, word(7) + 0x676f02d9u);
    Step<RoundG, 20>(b, c, d, a, word(12) + 0x8d2a4c8au);

    Step<RoundH, 4>(a, b, c, d, word(5) + 0xfffa3942u);
    Step<RoundH, 11>(d, a, b, c, word(8) + 0x8771f681u);
    Step<RoundH, 16>(c, d, a, b, word(11) + 0x6d9d6122u);
    Step<RoundH, 23>(b, c, d, a, word(14) + 0xfde5380cu);
    Step<RoundH, 4>(a, b, c, d, word(1) + 0xa4beea44u);
    Step<RoundH, 11>(d, a, b, c, word(4) + 0x4bdecfa9u);
    Step<RoundH, 16>(c, d, a, b, word(7) + 0xf6bb4b60u);
    Step<RoundH, 23>(b, c, d, a, word(10) + 0xbebfbc70u);
    Step<RoundH, 4>(a, b, c, d, word(13) + 0x289b7ec6u);
    Step<RoundH, 11>(d, a, b, c, word(0) + 0xeaa127fau);
    Step<RoundH, 16>(c, d, a, b, word(3) + 0xd4ef3085u);
    Step<RoundH, 23>(b, c, d, a, word(6) + 0x04881d05u);
    Step<RoundH, 4>(a, b, c, d, word(9) + 0xd9d4d039u);
    Step<RoundH, 11>(d, a, b, c, word(12) + 0xe6db99e5u);
    Step<RoundH, 16>(c, d, a, b, word(15) + 0x1fa27cf8u);
    Step<RoundH, 23>(b, c, d, a, word(2) + 0xc4ac5665u);

    Step<RoundI, 6>(a, b, c, d, word(0) + 0xf4292244u);
    Step<RoundI, 10>(d, a, b, c, word(7) + 0x432aff97u);
    Step<RoundI, 15>(c, d, a, b, word(14) + 0xab9423a7u);
    Step<RoundI, 21>(b, c, d, a, word(5) + 0xfc93a039u);
    Step<RoundI, 6>(a, b, c, d, word(12) + 0x655b59c3u);
    Step<RoundI, 10>(d, a, b, c, word(3) + 0x8f0ccc92u);
    Step<RoundI, 15>(c, d, a, b, word(10) + 0xffeff47du);
    Step<RoundI, 21>(b, c, d, a, word(1) + 0x85845dd1u);
    Step<RoundI, 6>(a, b, c, d, word(8) + 0x6fa87e4fu);
    Step<RoundI, 10>(d, a, b, c, word(15) + 0xfe2ce6e0u);
    Step<RoundI, 15>(c, d, a, b, word(6) + 0xa3014314u);
    Step<RoundI, 21>(b, c, d, a, word(13) + 0x4e0811a1u);
    Step<RoundI, 6>(a, b, c, d, word(4) + 0xf7537e82u);
    Step<RoundI, 10>(d, a, b, c, word(11) + 0xbd3af235u);
    Step<RoundI, 15>(c, d, a, b, word(2) + 0x2ad7d2bbu);
    Step<RoundI, 21>(b, c, d, a, word(9) + 0xeb86d391u);

    return {state.a + a, state.b + b, state.c + c, state.d + d};
  }

 private:
  // Each step needs the `b` that the step before has just made, so a digest takes as long as the
  // way from one `b` to the next, 64 times. What does not depend on `b` is therefore added up
  // beforehand, and hidden from the compiler, which would otherwise reorder the sum and make the
  // way longer. Vectors have other messages to work on meanwhile.
  static Word AddFirst(Word a, Word b) {
    Word sum = a + b;
#if defined(__GNUC__)
    if constexpr (std::is_same_v<Word, std::uint32_t>) asm("" : "+r"(sum));
#endif
    return sum;
  }

  struct RoundF {
    static Word Add(Word a, Word b, Word c, Word d) { return a + (d ^ (b & (c ^ d))); }
  };
  // The two halves of this round's function have no bit in common, so adding them is as good as or.
  struct RoundG {
    static Word Add(Word a, Word b, Word c, Word d) { return AddFirst(a, c & ~d) + (b & d); }
  };
  struct RoundH {
    static Word Add(Word a, Word b, Word c, Word d) { return a + (b ^ (c ^ d)); }
  };
  struct RoundI {
    static Word Add(Word a, Word b, Word c, Word d) { return a + (c ^ (b | ~d)); }
  };

  template <typename Round, int kShift>
  static void Step(Word& a, Word b, Word c, Word d, Word addend) {
    const Word sum = Round::Add(AddFirst(a, addend), b, c, d);
    a = b + ((sum << kShift) | (sum >> (32 - kShift)));
  }
};

}  // namespace riacho::internal
