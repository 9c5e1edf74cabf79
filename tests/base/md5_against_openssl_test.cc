// Millions of random keys in every form, against OpenSSL.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "base/md5_batch.h"
#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

Md5Digest OpenSslMd5(std::string_view bytes) {
  Md5Digest digest;
  EXPECT_EQ(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr), 1);
  return digest;
}

TEST(Md5AgainstOpenSsl, TwoMillionKeysOfEveryLengthUpTo1024) {
  constexpr std::size_t kRounds = 2'000;
  constexpr std::size_t kLongest = 1024;
  Random random(1);
  std::string bytes(4 * kLongest, '\0');
  std::vector<std::string_view> keys(kLongest + 1);
  std::vector<Md5Digest> expected(keys.size());
  std::vector<Md5Digest> digests(keys.size());
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      const std::uint64_t word = random.Next();
      bytes.replace(i, 8, std::string_view(reinterpret_cast<const char*>(&word), 8));
    }
    // Each length once, from anywhere in the bytes, in an order that mixes short and long.
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::size_t length = i * 7 % keys.size();
      keys[i] = std::string_view(bytes).substr(random.Next() % (3 * kLongest), length);
      expected[i] = OpenSslMd5(keys[i]);
    }
    for (const Md5Form form : Md5Forms()) {
      Md5Batch(form, keys, digests);
      ASSERT_EQ(digests, expected) << "form of " << form << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace riacho::internal
