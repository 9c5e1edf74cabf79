#include "security/record_cipher.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

constexpr char kArn[] = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
constexpr char kCaller[] = "arn:aws:iam::123456789012:user/ann";

class RecordCipherTest : public testing::Test {
 protected:
  DataKey NewDataKey() {
    return keys.GenerateDataKey(KeyStore::kServiceManagedAlias, kCaller, {}, absl::UnixEpoch())
        .value();
  }
  bool Opens(const RecordCipher& with, const std::string& sealed) {
    std::string data(sealed.size(), '\0');
    return with.Open(sealed, data.data());
  }

  KeyStore keys;
  const DataKey data_key = NewDataKey();
  RecordCipher cipher{data_key, kArn};
};

TEST_F(RecordCipherTest, OpensWhatItSealed) {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 1000u, 5'000'000u}) {
    const std::string data(size, 'x');
    const std::string sealed = cipher.Seal(data);
    EXPECT_EQ(sealed.size(), size + RecordCipher::kSealBytes);
    std::string opened(size, '\0');
    ASSERT_TRUE(cipher.Open(sealed, opened.data())) << size;
    EXPECT_EQ(opened, data);
  }
}

TEST_F(RecordCipherTest, NamesTheDataKeyInWhatItSeals) {
  EXPECT_EQ(RecordCipher::CiphertextBlob(cipher.Seal("paid")), data_key.ciphertext_blob);
}

TEST_F(RecordCipherTest, ShowsNeitherDataNorKey) {
  const std::string sealed = cipher.Seal("a card number");
  EXPECT_EQ(sealed.find("card"), std::string::npos);
  EXPECT_EQ(sealed.find(data_key.plaintext.substr(0, 8)), std::string::npos);
}

TEST_F(RecordCipherTest, UsesNoNonceTwice) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i)
    nonces.insert(cipher.Seal("same").substr(KeyStore::kCiphertextBlobBytes, kNonceBytes));
  EXPECT_EQ(nonces.size(), 1000u);
}

TEST_F(RecordCipherTest, OpensWithAnotherCipherOfTheSameDataKeyAndStream) {
  EXPECT_TRUE(Opens(RecordCipher(data_key, kArn), cipher.Seal("paid")));
}

TEST_F(RecordCipherTest, DoesNotOpenUnderTheArnOfAnotherStream) {
  EXPECT_FALSE(Opens(RecordCipher(data_key, std::string(kArn) + "2"), cipher.Seal("paid")));
}

TEST_F(RecordCipherTest, DoesNotOpenWithAnotherDataKey) {
  EXPECT_FALSE(Opens(RecordCipher(NewDataKey(), kArn), cipher.Seal("paid")));
  // Not even if it claims to be the right one.
  DataKey other = NewDataKey();
  other.ciphertext_blob = data_key.ciphertext_blob;
  EXPECT_FALSE(Opens(RecordCipher(other, kArn), cipher.Seal("paid")));
}

TEST_F(RecordCipherTest, DoesNotOpenWhatHasBeenTamperedWith) {
  const std::string sealed = cipher.Seal("paid");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_FALSE(Opens(cipher, changed)) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(Opens(cipher, sealed.substr(0, size))) << size;
}

}  // namespace
}  // namespace riacho::internal
