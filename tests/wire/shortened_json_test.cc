#include "wire/shortened_json.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "riacho/base/random.h"
#include "wire/document.h"

namespace riacho::internal {
namespace {

const std::string kPlain(100, 'x');

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

// What the library alone makes of it; discarded if it is no object.
Document Parsed(const std::string& json) {
  Document document = Document::parse(json, nullptr, /*allow_exceptions=*/false);
  return document.is_object() ? document : Document(Document::value_t::discarded);
}

void ExpectTheSame(const std::string& json) {
  const absl::StatusOr<Document> document = ParseBody(json, WireFormat::kJson);
  const Document expected = Parsed(json);
  ASSERT_EQ(document.ok(), !expected.is_discarded()) << json;
  if (document.ok()) {
    EXPECT_EQ(*document, expected) << json;
  }
}

TEST(PrintBody, PrintsAsTheLibraryDoes) {
  const Document document = {{"plain", kPlain},
                             {"quo\"te", {"a\"b", "a\\b", "a\nb", "\x7f", "\xc3\xa4", "\xff", ""}},
                             {"numbers", {0, -1, 1.5, 1789780204.376, 1e300, 1789780159.0}},
                             {"others", {nullptr, true, Document::array(), Document::object()}}};
  EXPECT_EQ(PrintBody(document, WireFormat::kJson),
            document.dump(-1, ' ', false, Document::error_handler_t::replace));
}

TEST(ShortenedJson, LeavesLongPlainTextsOut) {
  const std::string json = R"({"a":"b","Data":)" + Quoted(kPlain) + R"(,"c":"d"})";
  const ShortenedJson shortened = Shorten(json);
  EXPECT_EQ(shortened.json, R"({"a":"b","Data":"","c":"d"})");
  ASSERT_EQ(shortened.texts.size(), 1u);
  EXPECT_EQ(shortened.texts[0].position, 3u);
  EXPECT_EQ(shortened.texts[0].text, kPlain);
}

TEST(ShortenedJson, LeavesOthersIn) {
  for (const std::string& text :
       {std::string(63, 'x'), kPlain + "\\n", "\\\"" + kPlain, kPlain + "\x7f", kPlain + "\n",
        kPlain + "\xc3\xa4", "\\\\" + kPlain}) {
    const std::string json = "[" + Quoted(text) + "]";
    EXPECT_EQ(Shorten(json).json, json);
    EXPECT_TRUE(Shorten(json).texts.empty());
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
