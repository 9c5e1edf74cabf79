#include "base/md5.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

std::string Hex(const std::array<std::uint8_t, 16>& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

TEST(Md5, AgreesWithTheTestSuiteOfRfc1321) {
  EXPECT_EQ(Hex(Md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(Hex(Md5("a")), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(Hex(Md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(Hex(Md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(Hex(Md5("abcdefghijklmnopqrstuvwxyz")), "c3fcd3d76192e4007dfb496cca67e13b");
  EXPECT_EQ(Hex(Md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")),
            "d174ab98d277d9f5a5611c2c9f419d9f");
  EXPECT_EQ(Hex(Md5("1234567890123456789012345678901234567890"
                    "1234567890123456789012345678901234567890")),
            "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Md5, GivesPartitionKeysTheHashTheServiceGivesThem) {
  EXPECT_EQ(Hex(Md5("stable")), "f40faf6384fc85a33d3b05a9d41c012b");
  EXPECT_EQ(Hex(Md5("partitionKey-1")), "77fe6d8289696ba8510480fbe3887256");
  EXPECT_EQ(Hex(Md5("user-42")), "7631bc07a1cc8fcd56e70fc6b2fb4a43");
  EXPECT_EQ(Hex(Md5("\xe6\x97\xa5\xe6\x9c\xac")), "4dbed2e657457884e67137d3514119b3");
}

TEST(Md5, KeepsZeroBytesApartFromPadding) {
  EXPECT_EQ(Hex(Md5(std::string_view("\0", 1))), "93b885adfe0da089cdf634904fd59f71");
  EXPECT_NE(Md5(std::string_view("a\0", 2)), Md5("a"));
}

// The digests of 1,025 inputs, one of each length, are strung together and digested in turn. The
// golden value comes from another implementation (Python's hashlib) over the same bytes, so one
// line of hex covers every length and all padding.
TEST(Md5, AgreesWithAnotherImplementationAtEveryLengthUpTo1024) {
  std::string digests;
  for (std::size_t length = 0; length <= 1024; ++length) {
    std::string input(length, '\0');
    for (std::size_t i = 0; i < length; ++i) {
      input[i] = static_cast<char>(static_cast<std::uint8_t>(i * 31 + length * 7 + 3));
    }
    for (const std::uint8_t byte : Md5(input)) digests += static_cast<char>(byte);
  }
  EXPECT_EQ(Hex(Md5(digests)), "d37d327a3ca2ac62ec175cdf5e122bda");
}

}  // namespace
}  // namespace riacho::internal
