#include "wire/shortened_json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "wire/parsed_body.h"
#include "wire/plain_text.h"
#include "wire/read_body.h"

namespace riacho::internal {
namespace {

const std::string kPlain(100, 'x');

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

void ExpectTheSame(const std::string& json) {
  const absl::StatusOr<ParsedBody> body = ParseBody(json, WireFormat::kJson);
  const Document expected = ReadBody(json);
  ASSERT_EQ(body.ok(), !expected.is_discarded()) << json;
  if (body.ok()) {
    EXPECT_EQ(DocumentOf(body->root()), expected) << json;
  }
}

TEST(ShortenedJson, LeavesPlainTextsOut) {
  const std::string json = R"({"a":"b","Data":)" + Quoted(kPlain) + R"(,"c":"d"})";
  const ShortenedJson shortened = Shorten(json);
  EXPECT_EQ(shortened.json, R"({"":"","":"","":""})");
  EXPECT_EQ(shortened.texts, (std::vector<std::string_view>{"a", "b", "Data", kPlain, "c", "d"}));
}

TEST(ShortenedJson, LeavesOthersIn) {
  for (const std::string& text :
       {kPlain + "\\n", "\\\"" + kPlain, kPlain + "\x7f", kPlain + "\n", kPlain + "\xc3\xa4",
        "\\\\" + kPlain, std::string("\x1f"), std::string("\x80")}) {
    const std::string json = "[" + Quoted(text) + "]";
    const ShortenedJson shortened = Shorten(json);
    EXPECT_EQ(shortened.json, json);
    ASSERT_EQ(shortened.texts.size(), 1u);
    EXPECT_EQ(shortened.texts[0].data(), nullptr);
  }
}

// Every byte, at every place of a word.
TEST(PlainText, HasNoByteThatNeedsAnEscape) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    const bool plain = ' ' <= c && c <= '~' && c != '"' && c != '\\';
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, '~');
      text[place] = c;
      EXPECT_EQ(PlainLength(text), plain ? text.size() : place) << byte;
    }
  }
}

TEST(ShortenedJson, BecomesTheSameDocument) {
  for (const std::string& text :
       {kPlain, kPlain + "\\n", kPlain + "\\\"" + kPlain, kPlain + "\\\\", kPlain + "\n",
        kPlain + "\xc3\xa4", kPlain + "\xff", kPlain + "\\u00e4", kPlain + "\\", std::string()}) {
    ExpectTheSame("{\"a\":" + Quoted(text) + "}");
    ExpectTheSame("{" + Quoted(text) + ":" + Quoted(kPlain) + "}");
    ExpectTheSame("{" + Quoted(text) + ":1," + Quoted(kPlain + "2") + ":[" + Quoted(kPlain) + "]}");
    ExpectTheSame("{" + Quoted(text) + Quoted(kPlain) + "}");
    ExpectTheSame("{\"a\":\"" + text);
    ExpectTheSame("{\"a\":" + text + "}");
    ExpectTheSame(Quoted(text));
  }
}

// Texts of all lengths and with all bytes, in bodies that are right or nearly so.
TEST(ShortenedJson, BecomesTheSameDocumentWhateverItIs) {
  constexpr std::string_view kBytes = "xxxxxxxxxxxxxxxx\"\\{}[]:,n1 \n\x7f\xc3\xa4";
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    std::string json = "{";
    for (std::uint64_t i = random.Uniform(4); i-- > 0;) {
      json += "\"" + std::string(random.Uniform(100), 'k') + std::to_string(i) + "\":\"" +
              std::string(random.Uniform(200), 'v') + "\"" + (i == 0 ? "" : ",");
    }
    json += "}";
    for (std::uint64_t i = random.Uniform(3); i-- > 0;)
      json[random.Uniform(json.size())] = kBytes[random.Uniform(kBytes.size())];
    ExpectTheSame(json);
  }
}

}  // namespace
}  // namespace riacho::internal
