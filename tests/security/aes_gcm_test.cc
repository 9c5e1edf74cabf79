#include "security/aes_gcm.h"

#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

std::string Hex(const std::string& digits) { return absl::HexStringToBytes(digits); }

std::string Seal(std::string_view key, std::string_view nonce, std::string_view associated_data,
                 std::string_view clear) {
  std::string sealed(clear.size() + kTagBytes, '\0');
  AesGcmSeal(key, nonce, associated_data, clear, sealed.data());
  return sealed;
}

struct Vector {
  std::string key;
  std::string nonce;
  std::string associated_data;
  std::string clear;
  std::string encrypted;
  std::string tag;
};

const std::string kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const std::string kNonce = "cafebabefacedbaddecaf888";
const std::string kClear =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
const std::string kEncrypted =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";

// Test cases 13 to 16 of "The Galois/Counter Mode of Operation" by D. McGrew and J. Viega, which
// the standard's authors published with it.
class PublishedVector : public testing::TestWithParam<Vector> {};

INSTANTIATE_TEST_SUITE_P(
    AesGcm, PublishedVector,
    testing::Values(
        Vector{std::string(64, '0'), std::string(24, '0'), "", "", "",
               "530f8afbc74536b9a963b4f1c4cb738b"},
        Vector{std::string(64, '0'), std::string(24, '0'), "", std::string(32, '0'),
               "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
        Vector{kKey, kNonce, "", kClear, kEncrypted, "b094dac5d93471bdec1a502270e3cc6c"},
        Vector{kKey, kNonce, "feedfacedeadbeeffeedfacedeadbeefabaddad2", kClear.substr(0, 120),
               kEncrypted.substr(0, 120), "76fc6ece0f4e1768cddf8853bb2d551b"}));

TEST_P(PublishedVector, IsWhatSealingGives) {
  const Vector& vector = GetParam();
  EXPECT_EQ(absl::BytesToHexString(Seal(Hex(vector.key), Hex(vector.nonce),
                                        Hex(vector.associated_data), Hex(vector.clear))),
            vector.encrypted + vector.tag);
}

TEST_P(PublishedVector, Opens) {
  const Vector& vector = GetParam();
  std::string clear(vector.clear.size() / 2, '\0');
  ASSERT_TRUE(AesGcmOpen(Hex(vector.key), Hex(vector.nonce), Hex(vector.associated_data),
                         Hex(vector.encrypted + vector.tag), clear.data()));
  EXPECT_EQ(absl::BytesToHexString(clear), vector.clear);
}

class AesGcmOpenRefuses : public testing::Test {
 protected:
  bool Open(const std::string& text) {
    std::string clear(64, '\0');
    return AesGcmOpen(key, nonce, associated, text, clear.data());
  }

  std::string key = Hex(kKey);
  std::string nonce = Hex(kNonce);
  std::string associated = "orders";
  const std::string sealed = Seal(key, nonce, associated, "paid: 17.50");
};

TEST_F(AesGcmOpenRefuses, AChangeOfAnyBitOfTextOrTag) {
  ASSERT_TRUE(Open(sealed));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Open(changed)) << bit;
  }
}

TEST_F(AesGcmOpenRefuses, TextThatIsCutShort) {
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(Open(sealed.substr(0, size))) << size;
}

TEST_F(AesGcmOpenRefuses, AnotherKey) {
  key.back() ^= 1;
  EXPECT_FALSE(Open(sealed));
}

TEST_F(AesGcmOpenRefuses, AnotherNonce) {
  nonce.back() ^= 1;
  EXPECT_FALSE(Open(sealed));
}

TEST_F(AesGcmOpenRefuses, OtherAssociatedData) {
  associated = "order";
  EXPECT_FALSE(Open(sealed));
  associated = "";
  EXPECT_FALSE(Open(sealed));
}

// RFC 4231, test case 2.
TEST(HmacSha256, AnswersThePublishedVector) {
  EXPECT_EQ(absl::BytesToHexString(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace riacho::internal
