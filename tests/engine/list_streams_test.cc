#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 205 streams s000 to s204.
void CreateMany(World& world) {
  for (int i = 0; i < 205; ++i) {
    const std::string digits = std::to_string(1000 + i);
    world.Create("s" + digits.substr(1));
  }
}

TEST(ListStreams, EmptyAccountHasNone) {
  World world;
  const ListStreamsResponse response = world.kinesis->ListStreams({}).value();
  EXPECT_THAT(response.stream_names, IsEmpty());
  EXPECT_THAT(response.stream_summaries, IsEmpty());
  EXPECT_FALSE(response.has_more_streams);
  EXPECT_EQ(response.next_token, std::nullopt);
}

TEST(ListStreams, AscendsByTheBytesOfTheName) {
  World world;
  for (const char* const name : {"b", "a_", "a-", "a.", "a0", "aA", "B", "10", "9", "aa"})
    world.Create(name);
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names,
              ElementsAre("10", "9", "B", "a-", "a.", "a0", "aA", "a_", "aa", "b"));
}

TEST(ListStreams, SummariesSayTheSameAsDescribe) {
  World world(ServiceTimes());
  world.Create("orders");
  world.CreateOnDemand("users");
  const ListStreamsResponse response = world.kinesis->ListStreams({}).value();
  ASSERT_THAT(response.stream_summaries, SizeIs(2));
  for (const StreamSummary& summary : response.stream_summaries) {
    const StreamDescriptionSummary described = world.Summary(summary.stream_name);
    EXPECT_EQ(summary.stream_arn, described.stream_arn);
    EXPECT_EQ(summary.stream_status, described.stream_status);
    EXPECT_EQ(summary.stream_mode_details, described.stream_mode_details);
    EXPECT_EQ(summary.stream_creation_timestamp, described.stream_creation_timestamp);
  }
}

TEST(ListStreams, ShowsStreamsThatAreCreatingOrDeleting) {
  World world(ServiceTimes());
  world.Create("old");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "old"}), Succeeds());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "new", .shard_count = 1}), Succeeds());
  const ListStreamsResponse response = world.kinesis->ListStreams({}).value();
  EXPECT_THAT(response.stream_names, ElementsAre("new", "old"));
  EXPECT_EQ(response.stream_summaries[0].stream_status, StreamStatus::kCreating);
  EXPECT_EQ(response.stream_summaries[1].stream_status, StreamStatus::kDeleting);
}

TEST(ListStreams, PagesHaveAHundredStreams) {
  World world;
  CreateMany(world);
  for (const std::optional<std::int64_t> limit : {std::optional<std::int64_t>(), {100}, {10000}}) {
    const ListStreamsResponse page = world.kinesis->ListStreams({.limit = limit}).value();
    EXPECT_THAT(page.stream_names, SizeIs(100));
    EXPECT_THAT(page.stream_summaries, SizeIs(100));
    EXPECT_TRUE(page.has_more_streams);
    EXPECT_TRUE(page.next_token.has_value());
  }
}

TEST(ListStreams, PagesByTokenShowEachStreamOnce) {
  World world;
  CreateMany(world);
  std::vector<std::string> names;
  ListStreamsRequest request = {.limit = 7};
  for (bool more = true; more;) {
    const ListStreamsResponse page = world.kinesis->ListStreams(request).value();
    names.insert(names.end(), page.stream_names.begin(), page.stream_names.end());
    request.next_token = page.next_token;
    more = page.has_more_streams;
    EXPECT_EQ(page.next_token.has_value(), more);
  }
  EXPECT_THAT(names, SizeIs(205));
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST(ListStreams, PageByTokenHasTheDefaultLimitUnlessLimitIsRepeated) {
  World world;
  CreateMany(world);
  const std::optional<std::string> token =
      world.kinesis->ListStreams({.limit = 3}).value().next_token;
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token}).value().stream_names, SizeIs(100));
  EXPECT_THAT(world.kinesis->ListStreams({.limit = 3, .next_token = token}).value().stream_names,
              ElementsAre("s003", "s004", "s005"));
}

TEST(ListStreams, ExclusiveStartNeedNotExist) {
  World world;
  CreateMany(world);
  const auto after = [&world](const std::string& start) {
    return world.kinesis->ListStreams({.limit = 2, .exclusive_start_stream_name = start})
        .value()
        .stream_names;
  };
  EXPECT_THAT(after("s202"), ElementsAre("s203", "s204"));
  EXPECT_THAT(after("s202-"), ElementsAre("s203", "s204"));
  EXPECT_THAT(after("0"), ElementsAre("s000", "s001"));
  EXPECT_THAT(after("t"), IsEmpty());
}

TEST(ListStreams, LastPageThatIsExactlyFullHasNoMore) {
  World world;
  world.Create("a");
  world.Create("b");
  const ListStreamsResponse page = world.kinesis->ListStreams({.limit = 2}).value();
  EXPECT_FALSE(page.has_more_streams);
  EXPECT_EQ(page.next_token, std::nullopt);
}

TEST(ListStreams, TakesOneCursorNotBoth) {
  World world;
  CreateMany(world);
  const std::optional<std::string> token = world.kinesis->ListStreams({}).value().next_token;
  EXPECT_THAT(
      world.kinesis->ListStreams({.exclusive_start_stream_name = "s100", .next_token = token}),
      FailsWith(ErrorCode::kInvalidArgument,
                "ExclusiveStartStreamName and NextToken cannot be provided together."));
}

TEST(ListStreams, TextThatIsNoTokenIsRefused) {
  World world;
  CreateMany(world);
  const std::string token = *world.kinesis->ListStreams({}).value().next_token;
  const auto invalid = FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken.");
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = "x"}), invalid);
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token + "AAAA"}), invalid);
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token.substr(0, token.size() - 4)}),
              invalid);
}

TEST(ListStreams, TokenOfAnotherOperationOrEngineIsRefused) {
  World world;
  CreateMany(world);
  world.Create("wide", 2);
  const auto invalid = FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken.");
  const std::optional<std::string> of_shards =
      world.kinesis->ListShards({.stream_name = "wide", .max_results = 1}).value().next_token;
  ASSERT_TRUE(of_shards.has_value());
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = of_shards}), invalid);
  World other;
  EXPECT_THAT(
      other.kinesis->ListStreams({.next_token = world.kinesis->ListStreams({}).value().next_token}),
      invalid);
}

TEST(ListStreams, TokenLivesFiveMinutes) {
  World world;
  CreateMany(world);
  const std::optional<std::string> token = world.kinesis->ListStreams({}).value().next_token;
  world.Advance(absl::Seconds(300));
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token}), Succeeds());
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token}),
              FailsAs(ErrorCode::kExpiredNextToken));
}

TEST(ListStreams, TokenFromBeforeTheClockWasSetBackIsGood) {
  World world;
  CreateMany(world);
  const std::optional<std::string> token = world.kinesis->ListStreams({}).value().next_token;
  world.Advance(absl::Hours(-1));
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token}), Succeeds());
}

TEST(ListStreams, TokenGoesOnBehindAStreamThatWasDeletedMeanwhile) {
  World world;
  for (const char* const name : {"a", "b", "c"}) world.Create(name);
  const std::optional<std::string> token =
      world.kinesis->ListStreams({.limit = 1}).value().next_token;
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "a"}), Succeeds());
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = token}).value().stream_names,
              ElementsAre("b", "c"));
}

}  // namespace
}  // namespace riacho
