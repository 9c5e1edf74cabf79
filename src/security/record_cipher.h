// RecordCipher: seals the data of records under one data key, and opens it again.
//
//   RecordCipher cipher(*keys.GenerateDataKey(…), stream_arn);
//   const std::string sealed = cipher.Seal("paid");
//
// The format: docs/internals/sealed_record.md.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "riacho/security/key_store.h"
#include "security/aes_gcm.h"

namespace riacho::internal {

// Thread-safe. At most one cipher of a data key seals, or nonces would meet; any number may open.
class RecordCipher {
 public:
  // By how much sealed data is longer: encrypted data key, nonce, tag.
  static constexpr std::size_t kSealBytes =
      KeyStore::kCiphertextBlobBytes + kNonceBytes + kTagBytes;

  // `stream_arn` is associated with every record: under another one it does not open.
  // `sealed_count`: how often this data key has sealed before, of a cipher that is made again.
  RecordCipher(DataKey data_key, std::string stream_arn, std::uint64_t sealed_count = 0);
  RecordCipher(const RecordCipher&) = delete;
  RecordCipher& operator=(const RecordCipher&) = delete;

  std::string Seal(std::string_view data);

  // Writes sealed.size() - kSealBytes bytes to `data`. False unless `sealed` is what a cipher of
  // this data key and stream sealed, to the bit.
  bool Open(std::string_view sealed, char* data) const;

  // The data key that sealed data is to be opened with, encrypted.
  static std::string_view CiphertextBlob(std::string_view sealed) {
    return sealed.substr(0, KeyStore::kCiphertextBlobBytes);
  }

  const DataKey& data_key() const { return data_key_; }
  const std::string& stream_arn() const { return stream_arn_; }
  std::uint64_t sealed_count() const { return sealed_count_.load(std::memory_order_relaxed); }

 private:
  const DataKey data_key_;
  const std::string stream_arn_;
  std::atomic<std::uint64_t> sealed_count_;  // so no nonce comes twice
};

}  // namespace riacho::internal
