#include "security/aes_gcm.h"

#include <limits>
#include <memory>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace riacho::internal {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// A context of each thread's own: to make one costs more than to encrypt a small record.
EVP_CIPHER_CTX* Context() {
  static thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(
      EVP_CIPHER_CTX_new());
  RIACHO_CHECK(context != nullptr);
  return context.get();
}

// Looked up once, and never given back: threads may still encrypt while the program ends.
const EVP_CIPHER* Cipher() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  RIACHO_CHECK(cipher != nullptr);
  return cipher;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }

int Size(std::string_view text) {
  RIACHO_CHECK(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
               text.size());
  return static_cast<int>(text.size());
}

void CheckSizes(std::string_view key, std::string_view nonce) {
  RIACHO_CHECK(key.size() == kAesKeyBytes, key.size());
  RIACHO_CHECK(nonce.size() == kNonceBytes, nonce.size());
}

}  // namespace

void AesGcmSeal(std::string_view key, std::string_view nonce, std::string_view associated_data,
                std::string_view clear, char* sealed) {
  CheckSizes(key, nonce);
  EVP_CIPHER_CTX* const context = Context();
  int written = 0;
  bool done = EVP_EncryptInit_ex2(context, Cipher(), Bytes(key), Bytes(nonce), nullptr) == 1;
  if (!associated_data.empty()) {
    done = done && EVP_EncryptUpdate(context, nullptr, &written, Bytes(associated_data),
                                     Size(associated_data)) == 1;
  }
  if (!clear.empty()) {
    done =
        done && EVP_EncryptUpdate(context, Bytes(sealed), &written, Bytes(clear), Size(clear)) == 1;
  }
  char* const tag = sealed + clear.size();
  done = done && EVP_EncryptFinal_ex(context, Bytes(tag), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1;
  RIACHO_CHECK(done);  // only for want of memory
}

bool AesGcmOpen(std::string_view key, std::string_view nonce, std::string_view associated_data,
                std::string_view sealed, char* clear) {
  CheckSizes(key, nonce);
  if (sealed.size() < kTagBytes) return false;
  const std::string_view text = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(text.size()));
  EVP_CIPHER_CTX* const context = Context();
  int written = 0;
  bool done = EVP_DecryptInit_ex2(context, Cipher(), Bytes(key), Bytes(nonce), nullptr) == 1;
  if (!associated_data.empty()) {
    done = done && EVP_DecryptUpdate(context, nullptr, &written, Bytes(associated_data),
                                     Size(associated_data)) == 1;
  }
  if (!text.empty()) {
    done = done && EVP_DecryptUpdate(context, Bytes(clear), &written, Bytes(text), Size(text)) == 1;
  }
  done = done && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1;
  RIACHO_CHECK(done);  // only for want of memory
  // Writes nothing: GCM has no padding.
  unsigned char rest[1];
  return EVP_DecryptFinal_ex(context, rest, &written) == 1;
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::string code(32, '\0');
  unsigned int size = 0;
  const unsigned char* const done = HMAC(EVP_sha256(), key.data(), Size(key), Bytes(text),
                                         text.size(), Bytes(code.data()), &size);
  RIACHO_CHECK(done != nullptr && size == code.size(), size);
  return code;
}

}  // namespace riacho::internal
