// Both families of tag operations, over streams and consumers.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kSystemTagText[] =
    "Some tag keys in the request started with 'aws:'. System tags cannot be modified.";
constexpr char kInvalidCharactersText[] =
    "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, "
    "_ . / = + - % @.";

std::map<std::string, std::string> ManyTags(int count) {
  std::map<std::string, std::string> tags;
  for (int i = 0; i < count; ++i) tags["key" + std::to_string(i)] = "value";
  return tags;
}

std::string TooManyTagsText(const std::string& arn) {
  return "Failed to add tags to resource " + arn +
         " under account 123456789012 because a given resource cannot have more than 50 tags "
         "associated with it.";
}

std::string ConsumerNotFoundText(const std::string& name, std::int64_t seconds) {
  return "Consumer " + name + " with creation timestamp " + std::to_string(seconds) +
         " under stream: orders, account 123456789012 not found.";
}

absl::Status Remove(World& world, const std::string& stream, std::vector<std::string> keys) {
  return world.kinesis->RemoveTagsFromStream({.stream_name = stream, .tag_keys = std::move(keys)})
      .status();
}

ListTagsForStreamResponse List(World& world, const std::string& stream,
                               std::optional<std::string> after = {},
                               std::optional<std::int64_t> limit = {}) {
  return world.kinesis
      ->ListTagsForStream(
          {.stream_name = stream, .exclusive_start_tag_key = std::move(after), .limit = limit})
      .value();
}

riacho::Tag Of(const std::string& key, const std::string& value) {
  return {.key = key, .value = value};
}

TEST(Tags, BothFamiliesSeeTheSame) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = StreamArnOf("orders");
  ASSERT_THAT(world.AddTags("orders", {{"owner", "shop"}}), Succeeds());
  ASSERT_THAT(world.Tag(arn, {{"cost", "7"}}), Succeeds());
  EXPECT_THAT(List(world, "orders").tags, ElementsAre(Of("cost", "7"), Of("owner", "shop")));
  EXPECT_THAT(world.TagsOf(arn), ElementsAre(Of("cost", "7"), Of("owner", "shop")));
  ASSERT_THAT(world.Untag(arn, {"owner"}), Succeeds());
  ASSERT_THAT(Remove(world, "orders", {"cost"}), Succeeds());
  EXPECT_THAT(List(world, "orders").tags, IsEmpty());
  EXPECT_THAT(world.TagsOf(arn), IsEmpty());
}

TEST(Tags, AreThoseOfTheCreation) {
  SettingsWorld world;
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "orders", .shard_count = 1, .tags = {{"owner", "shop"}}}),
              Succeeds());
  EXPECT_THAT(List(world, "orders").tags, ElementsAre(Of("owner", "shop")));
}

TEST(Tags, AreListedInTheOrderOfTheirBytes) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"b", ""}, {"a", ""}, {"é", ""}, {"B", ""}, {"_", ""}}),
              Succeeds());
  EXPECT_THAT(List(world, "orders").tags,
              ElementsAre(Of("B", ""), Of("_", ""), Of("a", ""), Of("b", ""), Of("é", "")));
}

TEST(Tags, KeysAreCaseSensitiveAndValuesAreOverwritten) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"owner", "shop"}, {"Owner", "Shop"}}), Succeeds());
  ASSERT_THAT(world.AddTags("orders", {{"owner", "store"}}), Succeeds());
  EXPECT_THAT(List(world, "orders").tags, ElementsAre(Of("Owner", "Shop"), Of("owner", "store")));
}

TEST(Tags, RemovingOneThatIsNotThereIsNoError) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"owner", "shop"}}), Succeeds());
  EXPECT_THAT(Remove(world, "orders", {"cost", "owner"}), Succeeds());
  EXPECT_THAT(world.Untag(StreamArnOf("orders"), {"cost"}), Succeeds());
  EXPECT_THAT(List(world, "orders").tags, IsEmpty());
}

TEST(Tags, AResourceHasAtMostFifty) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = StreamArnOf("orders");
  ASSERT_THAT(world.AddTags("orders", ManyTags(50)), Succeeds());
  const auto too_many = FailsWith(ErrorCode::kInvalidArgument, TooManyTagsText(arn));
  EXPECT_THAT(world.AddTags("orders", {{"one more", ""}}), too_many);
  EXPECT_THAT(world.Tag(arn, {{"one more", ""}}), too_many);
  EXPECT_THAT(world.TagsOf(arn), SizeIs(50));
  ASSERT_THAT(Remove(world, "orders", {"key7"}), Succeeds());
  EXPECT_THAT(world.Tag(arn, {{"one more", ""}}), Succeeds());
}

TEST(Tags, OneMayBeReplacedAmongFifty) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", ManyTags(50)), Succeeds());
  EXPECT_THAT(world.AddTags("orders", {{"key7", "new"}}), Succeeds());
  EXPECT_THAT(List(world, "orders", "key6", 1).tags, ElementsAre(Of("key7", "new")));
}

TEST(Tags, ACallAddsAllOrNone) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", ManyTags(49)), Succeeds());
  EXPECT_THAT(world.AddTags("orders", {{"key7", "new"}, {"x", ""}, {"y", ""}}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.AddTags("orders", {{"x", ""}, {"y!", ""}}),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(world.TagsOf(StreamArnOf("orders")), SizeIs(49));
  EXPECT_THAT(List(world, "orders", "key6", 1).tags, ElementsAre(Of("key7", "value")));
}

TEST(Tags, OnesOfTheSystemAreRefused) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = StreamArnOf("orders");
  const auto refused = FailsWith(ErrorCode::kInvalidArgument, kSystemTagText);
  EXPECT_THAT(world.AddTags("orders", {{"a", ""}, {"aws:owner", ""}}), refused);
  EXPECT_THAT(world.Tag(arn, {{"aws:", ""}}), refused);
  EXPECT_THAT(Remove(world, "orders", {"aws:owner"}), refused);
  EXPECT_THAT(world.Untag(arn, {"aws:owner"}), refused);
  EXPECT_THAT(world.TagsOf(arn), IsEmpty());
  EXPECT_THAT(world.Tag(arn, {{"AWS:owner", "aws:value"}}), Succeeds());
}

TEST(Tags, ConsistOfLettersDigitsSpacesAndSomeMarks) {
  SettingsWorld world;
  world.Create("orders");
  for (const std::string text : {"a Z09", "_.:/=+-@", "größe", "数量", "ключ", "مفتاح", "\u00a0"}) {
    EXPECT_THAT(world.AddTags("orders", {{text, text}}), Succeeds()) << text;
  }
  const auto refused = FailsWith(ErrorCode::kInvalidArgument, kInvalidCharactersText);
  for (const std::string text :
       {"a,b", "a!", "a\tb", "🚀", "“a”", "a\xff", "\xc3", "\xed\xa0\x80"}) {
    EXPECT_THAT(world.AddTags("orders", {{text, ""}}), refused) << text;
    EXPECT_THAT(world.Tag(StreamArnOf("orders"), {{"key", text}}), refused) << text;
  }
}

TEST(Tags, PercentHasATextOfItsOwn) {
  SettingsWorld world;
  world.Create("orders");
  const auto refused = FailsWith(
      ErrorCode::kInvalidArgument,
      "Failed to add tags to stream orders under account 123456789012 because some tags contained "
      "illegal characters. The allowed characters are Unicode letters, white-spaces, "
      "'_',',','/','=','+','-','@'.");
  EXPECT_THAT(world.AddTags("orders", {{"100%", ""}}), refused);
  EXPECT_THAT(world.AddTags("orders", {{"share", "100%"}}), refused);
  EXPECT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "users", .shard_count = 1, .tags = {{"100%", ""}}}),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST(Tags, CanBeChangedInEveryState) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  const auto expect_works = [&world] {
    EXPECT_THAT(world.AddTags("orders", {{"owner", "shop"}}), Succeeds());
    EXPECT_THAT(List(world, "orders").tags, SizeIs(1));
    EXPECT_THAT(world.Untag(StreamArnOf("orders"), {"owner"}), Succeeds());
  };
  expect_works();
  world.Advance(Lifecycle::Service().create_stream);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  ASSERT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  expect_works();
  world.Advance(absl::Minutes(1));
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  expect_works();
  world.Advance(absl::Minutes(1));
  EXPECT_THAT(world.AddTags("orders", {{"owner", "shop"}}),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

TEST(Tags, GoWithTheStream) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"owner", "shop"}}), Succeeds());
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders");
  EXPECT_THAT(List(world, "orders").tags, IsEmpty());
}

TEST(Tags, OfAConsumerAreItsOwn) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = world.kinesis
                              ->RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"),
                                                        .consumer_name = "billing",
                                                        .tags = {{"team", "finance"}}})
                              .value()
                              .consumer.consumer_arn;
  const std::string other = world.Register("orders", "shipping");
  EXPECT_THAT(world.TagsOf(arn), ElementsAre(Of("team", "finance")));
  ASSERT_THAT(world.Tag(arn, {{"cost", "7"}}), Succeeds());
  EXPECT_THAT(world.TagsOf(arn), ElementsAre(Of("cost", "7"), Of("team", "finance")));
  ASSERT_THAT(world.Untag(arn, {"team"}), Succeeds());
  EXPECT_THAT(world.TagsOf(arn), ElementsAre(Of("cost", "7")));
  EXPECT_THAT(world.TagsOf(other), IsEmpty());
  EXPECT_THAT(world.TagsOf(StreamArnOf("orders")), IsEmpty());
}

TEST(Tags, OfAConsumerHaveTheRulesOfAStreams) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = world.Register("orders", "billing");
  ASSERT_THAT(world.Tag(arn, ManyTags(50)), Succeeds());
  EXPECT_THAT(world.Tag(arn, {{"one more", ""}}),
              FailsWith(ErrorCode::kInvalidArgument, TooManyTagsText(arn)));
  EXPECT_THAT(world.Tag(arn, {{"aws:a", ""}}),
              FailsWith(ErrorCode::kInvalidArgument, kSystemTagText));
  EXPECT_THAT(world.Tag(arn, {{"%", ""}}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Failed to add tags to consumer billing under account 123456789012 because "
                        "some tags contained illegal characters. The allowed characters are "
                        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'."));
}

TEST(Tags, RefusedAtRegistrationLeaveNoConsumer) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->RegisterStreamConsumer({.stream_arn = StreamArnOf("orders"),
                                                     .consumer_name = "billing",
                                                     .tags = {{"aws:a", ""}}}),
              FailsWith(ErrorCode::kInvalidArgument, kSystemTagText));
  EXPECT_EQ(world.Summary("orders").consumer_count, 0);
}

TEST(Tags, ConsumersAreToldFromTheirNamesakes) {
  SettingsWorld world;
  world.Create("orders");
  const std::int64_t seconds = world.NowSeconds();
  const std::string arn = world.Register("orders", "billing");
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = arn}), Succeeds());
  world.Advance(absl::Seconds(1));
  world.Register("orders", "billing");
  const auto not_found =
      FailsWith(ErrorCode::kResourceNotFound, ConsumerNotFoundText("billing", seconds));
  EXPECT_THAT(world.Tag(arn, {{"a", ""}}), not_found);
  EXPECT_THAT(world.Untag(arn, {"a"}), not_found);
  EXPECT_THAT(world.kinesis->ListTagsForResource({.resource_arn = arn}), not_found);
}

TEST(Tags, ResourcesOfOthersAreRefused) {
  SettingsWorld world;
  world.Create("orders");
  const auto expect = [&world](const std::string& arn, const auto& fails) {
    EXPECT_THAT(world.Tag(arn, {{"a", ""}}), fails);
    EXPECT_THAT(world.Untag(arn, {"a"}), fails);
    EXPECT_THAT(world.kinesis->ListTagsForResource({.resource_arn = arn}), fails);
  };
  for (const std::string resource : {"stream/orders", "stream/orders/consumer/billing:1"}) {
    const std::string region = "arn:aws:kinesis:eu-west-1:123456789012:" + resource;
    expect(region, FailsAs(ErrorCode::kInvalidArgument));
    expect("arn:aws:kinesis:us-east-1:999999999999:" + resource,
           FailsWith(ErrorCode::kUnrecognizedClient, "No account found for the given parameters"));
  }
  expect("arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
         FailsWith(ErrorCode::kInvalidArgument,
                   "The region specified in the ARN "
                   "'arn:aws:kinesis:eu-west-1:123456789012:stream/orders' does not match the "
                   "endpoint region"));
  expect(StreamArnOf("users"),
         FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("users")));
  expect(StreamArnOf("orders/x"),
         FailsWith(ErrorCode::kInvalidArgument, "Invalid ARN: " + StreamArnOf("orders/x")));
}

TEST(Tags, ModelOfTheRequests) {
  SettingsWorld world;
  world.Create("orders");
  const std::string arn = StreamArnOf("orders");
  const auto violates = [](const std::string& value, const std::string& path,
                           const std::string& rule) {
    return FailsWith(ErrorCode::kValidation,
                     OneViolation("Value " + value + " at '" + path +
                                  "' failed to satisfy constraint: " + rule));
  };
  const auto no_tags =
      violates("'{}'", "tags", "Member must have length greater than or equal to 1");
  EXPECT_THAT(world.AddTags("orders", {}), no_tags);
  EXPECT_THAT(world.Tag(arn, {}), no_tags);
  const auto no_keys =
      violates("'[]'", "tagKeys", "Member must have length greater than or equal to 1");
  EXPECT_THAT(Remove(world, "orders", {}), no_keys);
  EXPECT_THAT(world.Untag(arn, {}), no_keys);
  EXPECT_THAT(world.Untag(arn, std::vector<std::string>(51, "k")), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.Untag(arn, {std::string(129, 'k')}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.AddTags("orders", {{std::string(129, 'k'), ""}}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->ListTagsForResource({}),
              violates("null", "resourceARN", "Member must not be null"));
  EXPECT_THAT(world.kinesis->ListTagsForResource({.resource_arn = "orders"}),
              violates("'orders'", "resourceARN",
                       "Member must satisfy regular expression pattern: "
                       R"(arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)"));
  EXPECT_THAT(world.kinesis->ListTagsForStream({.stream_name = "orders", .limit = 51}),
              violates("'51'", "limit", "Member must have value less than or equal to 50"));
  EXPECT_THAT(world.kinesis->ListTagsForStream({.stream_name = "orders", .limit = 0}),
              violates("'0'", "limit", "Member must have value greater than or equal to 1"));
}

TEST(ListTagsForStream, PagesByTheLastKey) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"a", "1"}, {"b", "2"}, {"c", "3"}}), Succeeds());
  const ListTagsForStreamResponse first = List(world, "orders", std::nullopt, 2);
  EXPECT_THAT(first.tags, ElementsAre(Of("a", "1"), Of("b", "2")));
  EXPECT_TRUE(first.has_more_tags);
  const ListTagsForStreamResponse second = List(world, "orders", "b", 2);
  EXPECT_THAT(second.tags, ElementsAre(Of("c", "3")));
  EXPECT_FALSE(second.has_more_tags);
  EXPECT_THAT(List(world, "orders", "bb").tags, ElementsAre(Of("c", "3")));
  EXPECT_THAT(List(world, "orders", "c").tags, IsEmpty());
  EXPECT_FALSE(List(world, "orders").has_more_tags);
}

}  // namespace
}  // namespace riacho
