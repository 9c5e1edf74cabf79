// Sampling rules, and who decides by them.
#include "riacho/telemetry/sampler.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const absl::Time kNoon = absl::FromUnixSeconds(1'767'268'800);

SamplingRules RulesOf(std::vector<SamplingRule> rules) {
  return SamplingRules::Create(std::move(rules)).value();
}

// How many of `count` requests at one time are sampled.
int SampledOf(Sampler& sampler, int count, absl::Time now, const SamplingRequest& request = {}) {
  int sampled = 0;
  for (int i = 0; i < count; ++i) sampled += sampler.Decide(request, now).sampled ? 1 : 0;
  return sampled;
}

bool Matched(const SamplingRule& rule, const SamplingRequest& request) {
  return rule.Matches(request);
}

std::string WhyNot(const absl::StatusOr<SamplingRules>& rules) {
  EXPECT_EQ(GetErrorCode(rules.status()), ErrorCode::kInvalidArgument);
  return std::string(ErrorMessage(rules.status()));
}

TEST(Sampler, TakesTheFirstOfASecondAndFiveInAHundredOfTheOthers) {
  Sampler sampler({}, 42);
  EXPECT_TRUE(sampler.Decide({}, kNoon).sampled);
  const int sampled = SampledOf(sampler, 999, kNoon + absl::Milliseconds(999));
  EXPECT_EQ(sampled, 54);  // of a binomial distribution with mean 49.95
  Sampler same({}, 42);
  EXPECT_EQ(SampledOf(same, 1000, kNoon), 1 + sampled);
  EXPECT_THAT(sampler.Statistics(), ElementsAre(SamplingStatistics{"Default", 1000, 1 + sampled}));
}

TEST(Sampler, OfManySeedsTheMeanIsTheRate) {
  int sampled = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Sampler sampler({}, seed);
    sampled += SampledOf(sampler, 1000, kNoon);
  }
  // 100 + 99900 * 0.05 = 5095, with a standard deviation of 69.
  EXPECT_NEAR(sampled, 5095, 4 * 69);
}

TEST(Sampler, AReservoirIsForOneSecondOfTheClock) {
  Sampler sampler(RulesOf({{.rule_name = "all", .reservoir_size = 3}}), 1);
  EXPECT_EQ(SampledOf(sampler, 10, kNoon), 3);
  EXPECT_EQ(SampledOf(sampler, 10, kNoon + absl::Nanoseconds(999'999'999)), 0);
  EXPECT_EQ(SampledOf(sampler, 2, kNoon + absl::Seconds(1)), 2);
  EXPECT_EQ(SampledOf(sampler, 10, kNoon + absl::Seconds(2)), 3) << "what is left is lost";
}

TEST(Sampler, NoReservoirAndNoRateTakeNone) {
  Sampler sampler(RulesOf({{.rule_name = "none"}}), 1);
  for (int second = 0; second < 10; ++second)
    EXPECT_EQ(SampledOf(sampler, 100, kNoon + absl::Seconds(second)), 0);
}

TEST(Sampler, TheLowestPriorityThatMatchesCounts) {
  Sampler sampler(RulesOf({{.rule_name = "late", .priority = 20, .fixed_rate = 1},
                           {.rule_name = "b", .priority = 10, .url_path = "/api/*"},
                           {.rule_name = "a", .priority = 10, .url_path = "/api/state/*"}}),
                  1);
  EXPECT_EQ(sampler.Decide({.url_path = "/api/state/7"}, kNoon).rule_name, "a");
  EXPECT_EQ(sampler.Decide({.url_path = "/api/pay"}, kNoon).rule_name, "b");
  const SamplingVerdict other = sampler.Decide({.url_path = "/"}, kNoon);
  EXPECT_EQ(other.rule_name, "late");
  EXPECT_TRUE(other.sampled);
}

TEST(Sampler, RulesHaveReservoirsOfTheirOwn) {
  Sampler sampler(RulesOf({{.rule_name = "a", .priority = 1, .reservoir_size = 2, .host = "a"},
                           {.rule_name = "b", .priority = 2, .reservoir_size = 3, .host = "b"}}),
                  1);
  EXPECT_EQ(SampledOf(sampler, 9, kNoon, {.host = "a"}), 2);
  EXPECT_EQ(SampledOf(sampler, 9, kNoon, {.host = "b"}), 3);
}

TEST(SamplingRule, StarsAndQuestionMarksStandForText) {
  const SamplingRule state = {.rule_name = "r", .url_path = "/api/state/*"};
  EXPECT_TRUE(Matched(state, {.url_path = "/api/state/"}));
  EXPECT_TRUE(Matched(state, {.url_path = "/API/State/7/x"}));
  EXPECT_FALSE(Matched(state, {.url_path = "/api/state"}));
  EXPECT_FALSE(Matched(state, {.url_path = "x/api/state/"}));
  const SamplingRule host = {.rule_name = "r", .host = "*.shop?.example"};
  EXPECT_TRUE(Matched(host, {.host = "a.shop1.b.shop2.example"}));
  EXPECT_FALSE(Matched(host, {.host = "a.shop.example"}));
  EXPECT_TRUE(Matched({.rule_name = "r", .http_method = "P*T"}, {.http_method = "put"}));
  EXPECT_FALSE(Matched({.rule_name = "r", .http_method = ""}, {.http_method = "put"}));
  EXPECT_TRUE(Matched({.rule_name = "r", .http_method = "***"}, {.http_method = ""}));
}

TEST(SamplingRule, EveryMatcherCounts) {
  const SamplingRequest request = {.service_name = "shop",
                                   .service_type = "AWS::EC2::Instance",
                                   .host = "shop.example",
                                   .http_method = "GET",
                                   .url_path = "/",
                                   .resource_arn = "arn:aws:ecs:x"};
  EXPECT_TRUE(Matched({}, request));
  EXPECT_FALSE(Matched({.service_name = "other"}, request));
  EXPECT_FALSE(Matched({.service_type = "other"}, request));
  EXPECT_FALSE(Matched({.host = "other"}, request));
  EXPECT_FALSE(Matched({.http_method = "other"}, request));
  EXPECT_FALSE(Matched({.url_path = "other"}, request));
  EXPECT_FALSE(Matched({.resource_arn = "other"}, request));
}

TEST(SamplingRule, AllItsAttributesMustBeThere) {
  const SamplingRule rule = {.rule_name = "r", .attributes = {{"tier", "gold*"}, {"beta", "?"}}};
  const std::vector<std::pair<std::string_view, std::string_view>> both = {
      {"beta", "1"}, {"other", ""}, {"tier", "Golden"}};
  EXPECT_TRUE(Matched(rule, {.attributes = both}));
  EXPECT_FALSE(Matched(rule, {.attributes = std::span(both).first(2)}));
}

// A pattern is tried at every place of the text, and takes no longer for it than pattern times
// text.
TEST(SamplingRule, WildcardsAgreeWithTheirDefinition) {
  const auto slow = [](auto& self, std::string_view pattern, std::string_view text) -> bool {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') {
      return self(self, pattern.substr(1), text) ||
             (!text.empty() && self(self, pattern, text.substr(1)));
    }
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
           self(self, pattern.substr(1), text.substr(1));
  };
  Random random(3);
  const auto text_of = [&random](std::string_view letters) {
    std::string text;
    for (std::uint64_t size = random.Uniform(8); size > 0; --size)
      text += letters[random.Uniform(letters.size())];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const SamplingRule rule = {.rule_name = "r", .host = text_of("ab*?")};
    const std::string text = text_of("ab");
    EXPECT_EQ(rule.Matches({.host = text}), slow(slow, rule.host, text))
        << rule.host << " " << text;
  }
}

TEST(SamplingRules, RefuseWhatIsNoRule) {
  const auto why_not = [](SamplingRule rule) {
    return WhyNot(SamplingRules::Create({std::move(rule)}));
  };
  EXPECT_EQ(why_not({}), "sampling rule \"\": a name has 1 to 32 bytes");
  EXPECT_THAT(why_not({.rule_name = std::string(33, 'a')}), HasSubstr("a name has 1 to 32 bytes"));
  EXPECT_EQ(why_not({.rule_name = "a", .priority = 0}),
            "sampling rule \"a\": the priority 0 is not from 1 to 9999");
  EXPECT_THAT(why_not({.rule_name = "a", .priority = 10'000}), HasSubstr("the priority 10000"));
  EXPECT_THAT(why_not({.rule_name = "a", .reservoir_size = -1}), HasSubstr("the reservoir -1"));
  EXPECT_THAT(why_not({.rule_name = "a", .fixed_rate = 1.5}), HasSubstr("the rate 1.5"));
  EXPECT_THAT(why_not({.rule_name = "a", .fixed_rate = -0.1}), HasSubstr("the rate -0.1"));
  EXPECT_THAT(why_not({.rule_name = "Default"}), HasSubstr("there are two of that name"));
  EXPECT_THAT(WhyNot(SamplingRules::Create({{.rule_name = "a"}, {.rule_name = "a"}})),
              HasSubstr("there are two of that name"));
  EXPECT_THAT(WhyNot(SamplingRules::Create({}, {.fixed_rate = 2})), HasSubstr("\"Default\""));
}

TEST(SamplingRules, AreReadFromWhatTheServiceAnswers) {
  const auto rules = SamplingRules::Parse(R"({"SamplingRuleRecords": [
      {"SamplingRule": {"RuleName": "Default", "Priority": 10000, "FixedRate": 0.1,
                        "ReservoirSize": 2, "ServiceName": "*", "Version": 1}, "CreatedAt": 0.0},
      {"SamplingRule": {"RuleName": "pay", "RuleARN": "arn:aws:xray:us-east-1:1:sampling-rule/pay",
                        "ResourceARN": "*", "Priority": 5, "FixedRate": 1, "ReservoirSize": 7,
                        "ServiceName": "shop", "ServiceType": "t", "Host": "h", "HTTPMethod": "POST",
                        "URLPath": "/pay", "Version": 1, "Attributes": {"tier": "gold"}}}]})");
  ASSERT_TRUE(rules.ok()) << rules.status();
  SamplingRule otherwise = SamplingRules::Default();
  otherwise.fixed_rate = 0.1;
  otherwise.reservoir_size = 2;
  EXPECT_THAT(rules->rules(), ElementsAre(SamplingRule{.rule_name = "pay",
                                                       .priority = 5,
                                                       .reservoir_size = 7,
                                                       .fixed_rate = 1,
                                                       .service_name = "shop",
                                                       .service_type = "t",
                                                       .host = "h",
                                                       .http_method = "POST",
                                                       .url_path = "/pay",
                                                       .attributes = {{"tier", "gold"}}},
                                          otherwise));
}

TEST(SamplingRules, AreReadFromTheLibrariesFile) {
  const auto rules = SamplingRules::Parse(R"({"version": 2,
      "rules": [{"description": "Player moves.", "host": "*", "http_method": "*",
                 "url_path": "/api/move/*", "fixed_target": 0, "rate": 0.05}, {"rate": 1}],
      "default": {"fixed_target": 1, "rate": 0.1}})");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->rules().size(), 3U);
  EXPECT_EQ(rules->rules()[0].url_path, "/api/move/*");
  EXPECT_EQ(rules->rules()[0].fixed_rate, 0.05);
  EXPECT_EQ(rules->rules()[1].rule_name, "rule 2");
  EXPECT_EQ(rules->rules()[2].fixed_rate, 0.1);
}

TEST(SamplingRules, SayWhichFieldIsWrong) {
  const auto why_not = [](std::string_view json) { return WhyNot(SamplingRules::Parse(json)); };
  EXPECT_THAT(why_not("{"), HasSubstr("not JSON: parse error at line 1, column 2"));
  EXPECT_EQ(why_not("[]"), "expected an object, found a list");
  EXPECT_EQ(why_not(std::string(1'000'000, '[') + std::string(1'000'000, ']')),
            "expected an object, found a list");
  EXPECT_EQ(why_not("{}"),
            "expected an object with a SamplingRuleRecords or a version, found an object");
  EXPECT_EQ(why_not(R"({"version": 1})"), "version: expected 2, found 1");
  EXPECT_EQ(why_not(R"({"version": 2, "x": 1})"), "x: there is no such field");
  EXPECT_EQ(why_not(R"({"version": 2, "rules": {}})"), "rules: expected a list, found an object");
  EXPECT_EQ(why_not(R"({"version": 2, "rules": [{"host": 1}]})"),
            "rules[0].host: expected a text, found 1");
  EXPECT_EQ(why_not(R"({"version": 2, "rules": [{"fixed_target": 0.5}]})"),
            "rules[0].fixed_target: expected a whole number, found 0.5");
  EXPECT_EQ(why_not(R"({"version": 2, "rules": [{"rate": "1"}]})"),
            "rules[0].rate: expected a number from 0 to 1, found \"1\"");
  EXPECT_EQ(why_not(R"({"version": 2, "default": {"URLPath": "1"}})"),
            "default.URLPath: there is no such field");
  EXPECT_EQ(why_not(R"({"SamplingRuleRecords": 1})"),
            "SamplingRuleRecords: expected a list, found 1");
  EXPECT_EQ(why_not(R"({"SamplingRuleRecords": [{}]})"),
            "SamplingRuleRecords[0]: expected an object with a SamplingRule, found an object");
  EXPECT_EQ(why_not(R"({"SamplingRuleRecords": [{"SamplingRule": {"Attributes": 1}}]})"),
            "SamplingRuleRecords[0].SamplingRule.Attributes: expected an object, found 1");
}

}  // namespace
}  // namespace riacho
