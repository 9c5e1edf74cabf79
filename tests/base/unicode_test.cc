#include "base/unicode.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

TEST(TakeCharacter, ReadsOneToFourBytes) {
  std::string_view text = "aé本🚀";
  EXPECT_EQ(TakeCharacter(text), U'a');
  EXPECT_EQ(TakeCharacter(text), U'é');
  EXPECT_EQ(TakeCharacter(text), U'本');
  EXPECT_EQ(TakeCharacter(text), U'🚀');
  EXPECT_TRUE(text.empty());
}

TEST(TakeCharacter, KnowsTheEndsOfEachLength) {
  for (const auto& [encoded, character] : {std::pair<std::string_view, char32_t>{"\x7f", 0x7f},
                                           {"\xc2\x80", 0x80},
                                           {"\xdf\xbf", 0x7ff},
                                           {"\xe0\xa0\x80", 0x800},
                                           {"\xef\xbf\xbf", 0xffff},
                                           {"\xf0\x90\x80\x80", 0x10000},
                                           {"\xf4\x8f\xbf\xbf", 0x10ffff}}) {
    std::string_view text = encoded;
    EXPECT_EQ(TakeCharacter(text), character);
    EXPECT_TRUE(text.empty());
  }
}

TEST(TakeCharacter, RefusesWhatEncodesNoCharacter) {
  for (const std::string_view malformed :
       {"\x80", "\xc2", "\xc2g", "\xe2\x82", "\xf0\x9f\x9a", "\xff", "\xf8\x88\x80\x80\x80",
        "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf4\x90\x80\x80"}) {
    std::string_view text = malformed;
    EXPECT_EQ(TakeCharacter(text), std::nullopt) << testing::PrintToString(malformed);
    EXPECT_EQ(text, malformed);
  }
}

TEST(IsLetterDigitOrSpace, KnowsLettersOfAllScripts) {
  for (const char32_t c : U"azAZéßñЖωאمक本語한ㄅ𝒜𐍈") {
    if (c == 0) continue;  // the end of the literal
    EXPECT_TRUE(IsLetterDigitOrSpace(c)) << static_cast<std::uint32_t>(c);
  }
}

TEST(IsLetterDigitOrSpace, KnowsDigitsMarksAndSpaces) {
  for (const char32_t c : {U'0', U'9', U'٣', U'५', U'½', U'Ⅷ', U' ', U'\u00a0', U'\u2003',
                           U'\u3000', U'\u0301', U'\u093f'}) {
    EXPECT_TRUE(IsLetterDigitOrSpace(c)) << static_cast<std::uint32_t>(c);
  }
}

TEST(IsLetterDigitOrSpace, RefusesPunctuationSymbolsAndControls) {
  for (const char32_t c : {U'!', U'_', U'%', U'\0', U'\t', U'\n', U'\x7f', U'\u0080', U'«', U'×',
                           U'÷', U'—', U'€', U'→', U'、', U'！', U'🚀', U'\ufeff', U'\ue000'}) {
    EXPECT_FALSE(IsLetterDigitOrSpace(c)) << static_cast<std::uint32_t>(c);
  }
}

TEST(CountCharacters, CountsMalformedBytesOneEach) {
  EXPECT_EQ(CountCharacters(""), 0U);
  EXPECT_EQ(CountCharacters("aé日😀"), 4U);
  EXPECT_EQ(CountCharacters("\x80\x80"), 2U);
  EXPECT_EQ(CountCharacters("\xe6\x97"), 1U);   // cut short
  EXPECT_EQ(CountCharacters("\xe6x\x97"), 3U);  // broken off
  EXPECT_EQ(CountCharacters("\xff\x80\x80\x80\x80"), 2U);
}

}  // namespace
}  // namespace riacho::internal
