// AES-256-GCM and HMAC-SHA-256, as OpenSSL computes them. Nothing here is our own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace riacho::internal {

inline constexpr std::size_t kAesKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

// Encrypts `clear` and appends the tag, to `sealed`, which has room for clear.size() + kTagBytes. A
// nonce must never be used twice with one key. `associated_data` is not encrypted, but must be the
// same to open.
void AesGcmSeal(std::string_view key, std::string_view nonce, std::string_view associated_data,
                std::string_view clear, char* sealed);

// Decrypts to `clear`, which has room for sealed.size() - kTagBytes. False when the text, its tag,
// key, nonce or associated data is not what was sealed; `clear` holds nothing of use then.
bool AesGcmOpen(std::string_view key, std::string_view nonce, std::string_view associated_data,
                std::string_view sealed, char* clear);

// 32 bytes.
std::string HmacSha256(std::string_view key, std::string_view text);

}  // namespace riacho::internal
