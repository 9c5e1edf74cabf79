// Base64 as the service has it: with padding, without white space or bits that are left over, so
// that bytes have one text only.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace riacho::internal {

// So many bytes at most are encoded in so long a text.
constexpr std::size_t MostDecodedBytes(std::size_t length) { return (length + 3) / 4 * 3; }

// Writes what is encoded in `text` to `out`, which has room for MostDecodedBytes(text.size()), and
// returns how many bytes that is; nothing if it is not base64.
std::optional<std::size_t> DecodeBase64(std::string_view text, char* out);

}  // namespace riacho::internal
