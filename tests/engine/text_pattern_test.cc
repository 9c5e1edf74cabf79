// The patterns of the service's model, against a regular expression engine.
#include "engine/text_pattern.h"

#include <regex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

struct PatternCase {
  TextPattern pattern;
  std::vector<std::string> accepted;
  std::vector<std::string> refused;
};

std::vector<PatternCase> Cases() {
  const std::string head = "arn:aws:kinesis:us-east-1:123456789012:";
  const std::string stream = head + "stream/orders";
  return {
      {kNamePattern, {"a", "aZ09_.-"}, {"", "a b", "a/b", "ä", "a\n", "a:b"}},
      {kStreamArnPattern,
       {stream, "arn:aws-cn:x:kinesis::123456789012:stream/a", stream + "/consumer/b:1",
        head + "stream/a:123456789012:stream/b", head + "stream/stream/",
        "arn:aws:kinesis:a b:123456789012:stream/c", head + "stream/a b:123456789012:stream/c"},
       {"", "orders", head + "stream/", head + "stream/a b", head + "stream/a\n",
        "arn:aws:s3:us-east-1:123456789012:stream/orders",
        "arn:aws:kinesis:us-east-1:12345678901x:stream/orders",
        "arn:aws:kinesis:123456789012:stream/orders", head + "x:stream/orders",
        head + "table/orders", "arn:aws:kinesis:\n:123456789012:stream/orders", " " + stream}},
      {kResourceArnPattern,
       {stream, stream + "/consumer/b:1", head + "x:stream/orders", head + "stream/stream/",
        head + "xstream/a", head + "a b stream/c"},
       {"", head + "stream/", head + "channel/a", head + "stream/a b", head + "\rstream/a",
        "arn:aws:kinesis:us-east-1:stream/a"}},
      {kConsumerArnPattern,
       {stream + "/consumer/b:1", head + "x/stream/a/consumer/b.c-d:1766000000",
        head + "stream/a/consumer/b/stream/c/consumer/d:1"},
       {"", stream, stream + "/consumer/b", stream + "/consumer/b:", stream + "/consumer/b:x",
        stream + "/consumer/:1", head + "stream//consumer/b:1", stream + "/consumer/b c:1",
        stream + "/consumer/b:1\n", "x" + stream + "/consumer/b:1"}},
      {kStreamIdPattern,
       {"abcdefghij0123456789-abc"},
       {"", "abcdefghij0123456789abcd", "Abcdefghij0123456789-abc", "abcdefghij0123456789-abcd",
        "abcdefghij0123456789-ab", "abcdefghij01234567-9-abc"}},
      {kHashKeyPattern,
       {"0", "1", "10", std::string(39, '9')},
       {"", "00", "01", "-1", "1.5", "0x10", " 5", "5 ", "five", std::string(40, '9')}},
      {kSequenceNumberPattern,
       {"0", std::string(129, '9')},
       {"", "01", "-1", std::string(130, '9'), "1\n"}},
  };
}

bool MatchesAsRegex(const TextPattern& pattern, const std::string& text) {
  return std::regex_match(text, std::regex(std::string(pattern.text)));
}

TEST(TextPattern, AcceptsWhatThePatternDoes) {
  for (const PatternCase& c : Cases()) {
    for (const std::string& text : c.accepted) {
      EXPECT_TRUE(c.pattern.Accepts(text)) << c.pattern.text << " should accept " << text;
      EXPECT_TRUE(MatchesAsRegex(c.pattern, text)) << c.pattern.text << " accepts " << text;
    }
    for (const std::string& text : c.refused) {
      EXPECT_FALSE(c.pattern.Accepts(text)) << c.pattern.text << " should refuse " << text;
      EXPECT_FALSE(MatchesAsRegex(c.pattern, text)) << c.pattern.text << " refuses " << text;
    }
  }
}

// Texts of the patterns' own words in any order are near enough to match now and then.
TEST(TextPattern, AgreesWithTheRegularExpressionOnAnyText) {
  const std::vector<std::string> words = {"arn:aws",
                                          ":kinesis:",
                                          ":123456789012:",
                                          "stream/",
                                          "/consumer/",
                                          "orders",
                                          ":",
                                          "1",
                                          "0",
                                          " ",
                                          "\n",
                                          "-",
                                          "123456789012",
                                          "abcdefghij",
                                          "a:1766000000",
                                          "b"};
  for (const PatternCase& c : Cases()) {
    const std::regex regex(std::string(c.pattern.text));
    Random random(7);
    int matches = 0;
    for (int i = 0; i < 20'000; ++i) {
      std::string text;
      // Half of them are accepted texts with words put in.
      if (random.Uniform(2) == 0) text = c.accepted[random.Uniform(c.accepted.size())];
      for (std::uint64_t n = random.Uniform(4) + (text.empty() ? 2 : 0); n > 0; --n)
        text.insert(random.Uniform(text.size() + 1), words[random.Uniform(words.size())]);
      const bool expected = std::regex_match(text, regex);
      ASSERT_EQ(c.pattern.Accepts(text), expected) << c.pattern.text << " and " << text;
      matches += expected ? 1 : 0;
    }
    EXPECT_GT(matches, 100) << c.pattern.text;
    EXPECT_LT(matches, 19'900) << c.pattern.text;
  }
}

// A text that makes every search begin anew would take minutes if each went over all of it.
TEST(TextPattern, IsMatchedInLinearTime) {
  std::string text = "arn:aws:kinesis:";
  while (text.size() < 4'000'000) text += ":123456789012:stream/x";
  for (const std::string tail : {" ", "/consumer/a:", ""}) {
    EXPECT_FALSE(kConsumerArnPattern.Accepts(text + tail));
    EXPECT_EQ(kStreamArnPattern.Accepts(text + tail), tail != " ");
    EXPECT_EQ(kResourceArnPattern.Accepts(text + tail), tail != " ");
  }
}

}  // namespace
}  // namespace riacho::internal
