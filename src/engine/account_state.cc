#include "engine/account_state.h"

#include <algorithm>

#include "riacho/security/key_store.h"
#include "security/aes_gcm.h"

namespace riacho::internal {
namespace {

bool AreDataKeys(const std::vector<RecordEncryption::SavedKey>& keys) {
  return std::ranges::all_of(keys, [](const RecordEncryption::SavedKey& key) {
    return key.plaintext.size() == kAesKeyBytes &&
           key.ciphertext_blob.size() == KeyStore::kCiphertextBlobBytes && key.made_at_nanos >= 0;
  });
}

}  // namespace

std::string WhatIsWrong(const AccountState& state) {
  if (state.saved_at_nanos < 0) return "time";
  if (!AreDataKeys(state.encryption.sealing) || !AreDataKeys(state.encryption.opening))
    return "data keys";
  return state.key_store.has_value() ? WhatIsWrong(*state.key_store) : "";
}

}  // namespace riacho::internal
