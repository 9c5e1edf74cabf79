// The MD5 digest of a byte string (RFC 1321). A partition key's digest, read as a big-endian
// integer, is its hash key: this is on the way of every put, so keys of up to 55 bytes take one
// block and no loop over the message.
//
//   std::array<std::uint8_t, 16> digest = Md5("a");   // 0cc175b9c0f1b6a831c399e269772661
//
// MD5 spreads keys here and protects nothing: do not use it against an adversary.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace riacho::internal {

// Any length of input; never allocates. The same on every platform. Thread-safe.
std::array<std::uint8_t, 16> Md5(std::string_view bytes);

}  // namespace riacho::internal
