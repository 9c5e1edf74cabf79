// The MD5 digest of a key, remembered: programs put under the same keys again and again.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace riacho::internal {

// Equal to Md5(key). Each thread keeps the digests of up to 1024 keys of up to 47 bytes that it has
// asked for lately, in 64 KiB that are touched as they are used. Never allocates. Thread-safe.
std::array<std::uint8_t, 16> RememberedMd5(std::string_view key);

}  // namespace riacho::internal
