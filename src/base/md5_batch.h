// The MD5 digests of many keys at once: as many side by side as fit in the processor's registers.
//
//   std::array<std::string_view, 2> keys = {"a", "b"};
//   std::array<Md5Digest, 2> digests;
//   Md5Batch(keys, digests);
//
// One digest is a chain of steps that each wait for the one before; the steps of other keys fill
// the time. The form is chosen once, by what the processor has.
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace riacho::internal {

using Md5Digest = std::array<std::uint8_t, 16>;

// How many digests are made side by side: one, or two vectors full.
enum class Md5Form : unsigned char {
  kPortable,   // one after the other, by Md5
  kVector128,  // 8: SSE2, NEON
  kVector256,  // 16: AVX2
  kVector512,  // 32: AVX-512
};

std::ostream& operator<<(std::ostream& out, Md5Form form);

// The forms that this program and this processor have, the quickest last.
std::span<const Md5Form> Md5Forms();

// Writes the digest of keys[i] to digests[i]; there are as many digests as keys. Keys may have any
// length; those above 55 bytes, more than one block, are digested one after the other. Equal to Md5
// in every form. Never allocates. Thread-safe.
void Md5Batch(std::span<const std::string_view> keys, std::span<Md5Digest> digests);

// The same in one form of Md5Forms().
void Md5Batch(Md5Form form, std::span<const std::string_view> keys, std::span<Md5Digest> digests);

}  // namespace riacho::internal
