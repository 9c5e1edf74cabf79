#include "base/base64.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

// Nothing if it is not base64.
std::optional<std::string> Decoded(std::string_view text) {
  std::string bytes(MostDecodedBytes(text.size()), '?');
  const std::optional<std::size_t> size = DecodeBase64(text, bytes.data());
  if (!size.has_value()) return std::nullopt;
  return bytes.substr(0, *size);
}

TEST(Base64, DecodesTheVectorsOfTheRfc) {  // RFC 4648, section 10
  EXPECT_EQ(Decoded(""), "");
  EXPECT_EQ(Decoded("Zg=="), "f");
  EXPECT_EQ(Decoded("Zm8="), "fo");
  EXPECT_EQ(Decoded("Zm9v"), "foo");
  EXPECT_EQ(Decoded("Zm9vYg=="), "foob");
  EXPECT_EQ(Decoded("Zm9vYmE="), "fooba");
  EXPECT_EQ(Decoded("Zm9vYmFy"), "foobar");
}

TEST(Base64, DecodesWhateverIsEncoded) {
  Random random(1);
  for (std::size_t length = 0; length < 300; ++length) {
    std::string bytes;
    while (bytes.size() < length) bytes += static_cast<char>(random.Next());
    EXPECT_EQ(Decoded(absl::Base64Escape({bytes.data(), bytes.size()})), bytes);
  }
}

TEST(Base64, IsStrict) {
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zg===", "Zg==Zg==", "Zm9v=", "====", "Z===", "=Zg=", "Zm=v", "Zm9v\n",
        " Zm9", "Zm9 ", "Zm9-", "Zm9_", "Zh==", "Zm9=", "Z\xc3\xa4=", "Zm9v===="}) {
    EXPECT_EQ(Decoded(text), std::nullopt) << text;
  }
}

// Each byte at each place of a group, padded or not: what the library takes and what it makes of
// it, but for white space.
TEST(Base64, TakesNoOtherCharacters) {
  for (const std::string_view group : {"AAAA", "AAA=", "AA=="}) {
    for (std::size_t place = 0; place < group.size(); ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = "Zm9v" + std::string(group);
        text[4 + place] = static_cast<char>(byte);
        std::string expected;
        const bool taken =
            absl::Base64Unescape(text, &expected) && absl::Base64Escape(expected) == text;
        EXPECT_EQ(Decoded(text), taken ? std::optional(expected) : std::nullopt) << text;
      }
    }
  }
}

}  // namespace
}  // namespace riacho::internal
