// MD5 of several short keys side by side. Included by one file per width of vector, each compiled
// for the processors that have it: everything here is in an unnamed namespace, so that no code of
// the wider forms is linked into the narrower.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/md5_rounds.h"

namespace riacho::internal {
namespace {

// kBytes / 4 words of 32 bits.
template <std::size_t kBytes>
struct VectorOf {
  typedef std::uint32_t Type __attribute__((vector_size(kBytes)));
};

// Two vectors that are worked on alternately: the processor has two steps to choose from when one
// waits.
template <typename Vector>
struct TwoVectors {
  Vector first = {};
  Vector second = {};

  friend TwoVectors operator+(TwoVectors a, TwoVectors b) {
    return {a.first + b.first, a.second + b.second};
  }
  friend TwoVectors operator+(TwoVectors a, std::uint32_t b) { return {a.first + b, a.second + b}; }
  friend TwoVectors operator&(TwoVectors a, TwoVectors b) {
    return {a.first & b.first, a.second & b.second};
  }
  friend TwoVectors operator|(TwoVectors a, TwoVectors b) {
    return {a.first | b.first, a.second | b.second};
  }
  friend TwoVectors operator^(TwoVectors a, TwoVectors b) {
    return {a.first ^ b.first, a.second ^ b.second};
  }
  friend TwoVectors operator~(TwoVectors a) { return {~a.first, ~a.second}; }
  friend TwoVectors operator<<(TwoVectors a, int bits) {
    return {a.first << bits, a.second << bits};
  }
  friend TwoVectors operator>>(TwoVectors a, int bits) {
    return {a.first >> bits, a.second >> bits};
  }
};

// A square of words in as many vectors as each has words, turned over its diagonal in log2 steps.
template <std::size_t kVectorBytes>
class Square {
 public:
  using Vector = typename VectorOf<kVectorBytes>::Type;
  static constexpr std::size_t kSize = kVectorBytes / sizeof(std::uint32_t);

  Vector rows[kSize];

  void Turn() { TurnBy<1>(); }

 private:
  template <std::size_t kStep>
  void TurnBy() {
    if constexpr (kStep < kSize) {
      for (std::size_t i = 0; i < kSize; ++i) {
        if ((i & kStep) == 0)
          Exchange<kStep>(rows[i], rows[i + kStep], std::make_index_sequence<kSize>());
      }
      TurnBy<2 * kStep>();
    }
  }

  // Swaps the words of `upper` whose index has the bit kStep with those of `lower` that have not.
  template <std::size_t kStep, std::size_t... kIndex>
  static void Exchange(Vector& upper, Vector& lower, std::index_sequence<kIndex...>) {
    const Vector above = upper;
    upper = __builtin_shufflevector(above, lower,
                                    ((kIndex & kStep) == 0 ? kIndex : kSize + kIndex - kStep)...);
    lower = __builtin_shufflevector(above, lower,
                                    ((kIndex & kStep) == 0 ? kIndex + kStep : kSize + kIndex)...);
  }
};

template <std::size_t kVectorBytes>
struct Md5Lanes {
  using Vector = typename VectorOf<kVectorBytes>::Type;
  using Words = TwoVectors<Vector>;
  static constexpr std::size_t kSize = Square<kVectorBytes>::kSize;
  static constexpr std::size_t kBlockWords = 16;
  static constexpr std::size_t kBlockBytes = 64;
  static constexpr std::size_t kDigestBytes = 16;

  // `blocks`: 2 * kSize padded blocks, one after the other. `digests`: where as many digests go.
  static void Digest(const char* blocks, char* digests) {
    Words words[kBlockWords];  // those of all blocks together
    for (std::size_t at = 0; at < kBlockWords; at += kSize) {
      const char* const words_at = blocks + at * sizeof(std::uint32_t);
      const Square<kVectorBytes> first = Gather(words_at);
      const Square<kVectorBytes> second = Gather(words_at + kSize * kBlockBytes);
      for (std::size_t i = 0; i < kSize; ++i) words[at + i] = {first.rows[i], second.rows[i]};
    }
    const auto [a, b, c, d] =
        Md5Rounds<Words>::Absorb({}, [&words](std::size_t i) { return words[i]; });
    Scatter(a.first, b.first, c.first, d.first, digests);
    Scatter(a.second, b.second, c.second, d.second, digests + kSize * kDigestBytes);
  }

 private:
  // kSize words of each of kSize blocks: row i has the word i of each.
  static Square<kVectorBytes> Gather(const char* words) {
    Square<kVectorBytes> square;
    for (std::size_t i = 0; i < kSize; ++i)
      std::memcpy(&square.rows[i], words + i * kBlockBytes, sizeof(Vector));
    square.Turn();
    return square;
  }

  static void Scatter(Vector a, Vector b, Vector c, Vector d, char* digests) {
    for (std::size_t i = 0; i < kSize; ++i) {
      const std::uint32_t digest[] = {a[i], b[i], c[i], d[i]};
      std::memcpy(digests + i * kDigestBytes, digest, sizeof(digest));
    }
  }
};

}  // namespace
}  // namespace riacho::internal
