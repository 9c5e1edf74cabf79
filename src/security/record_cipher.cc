#include "security/record_cipher.h"

#include <utility>

#include "base/check.h"

namespace riacho::internal {

RecordCipher::RecordCipher(DataKey data_key, std::string stream_arn, std::uint64_t sealed_count)
    : data_key_(std::move(data_key)),
      stream_arn_(std::move(stream_arn)),
      sealed_count_(sealed_count) {
  RIACHO_CHECK(data_key_.ciphertext_blob.size() == KeyStore::kCiphertextBlobBytes,
               data_key_.ciphertext_blob.size());
}

std::string RecordCipher::Seal(std::string_view data) {
  std::string sealed = data_key_.ciphertext_blob;
  sealed.resize(kSealBytes + data.size());
  char* const nonce = sealed.data() + data_key_.ciphertext_blob.size();
  // Relaxed: only that each count is handed out once matters.
  std::uint64_t count = sealed_count_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = kNonceBytes; i > 0 && count != 0; count >>= 8)
    nonce[--i] = static_cast<char>(count & 0xff);
  AesGcmSeal(data_key_.plaintext, {nonce, kNonceBytes}, stream_arn_, data, nonce + kNonceBytes);
  return sealed;
}

bool RecordCipher::Open(std::string_view sealed, char* data) const {
  if (sealed.size() < kSealBytes || CiphertextBlob(sealed) != data_key_.ciphertext_blob)
    return false;
  sealed.remove_prefix(KeyStore::kCiphertextBlobBytes);
  return AesGcmOpen(data_key_.plaintext, sealed.substr(0, kNonceBytes), stream_arn_,
                    sealed.substr(kNonceBytes), data);
}

}  // namespace riacho::internal
