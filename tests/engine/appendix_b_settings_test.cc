// The checklist of what holds on the service, point by point: those about settings, tags and modes.
// More on each stands in the tests of its operation.
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;

using Change = std::function<absl::Status(SettingsWorld&)>;

// The operations that change a setting of the on-demand stream "clicks" in a committed account, and
// make it UPDATING.
const std::vector<std::pair<std::string, Change>>& Changes() {
  static const auto* const kChanges = new std::vector<std::pair<std::string, Change>>{
      {"UpdateStreamMode",
       [](SettingsWorld& world) { return world.SwitchMode("clicks", StreamMode::kProvisioned); }},
      {"UpdateMaxRecordSize",
       [](SettingsWorld& world) { return world.SetMaxRecordSize("clicks", 2048); }},
      {"UpdateStreamWarmThroughput",
       // What its four shards take: more would take rounds of splits.
       [](SettingsWorld& world) { return world.Warm("clicks", 4).status(); }},
      {"EnableEnhancedMonitoring",
       [](SettingsWorld& world) { return world.Enable("clicks", {MetricsName::kAll}).status(); }},
  };
  return *kChanges;
}

TEST(AppendixB, Point18_StreamsThatAreNotActiveRefuseSettingsWithTheState) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.Commit(), Succeeds());
  ASSERT_THAT(
      world.kinesis->CreateStream({.stream_name = "clicks", .stream_mode_details = kOnDemandMode}),
      Succeeds());
  const auto expect_refused = [&world](const std::string& state) {
    const auto refused = FailsWith(ErrorCode::kResourceInUse, NotActiveText("clicks", state));
    for (const auto& [operation, change] : Changes())
      EXPECT_THAT(change(world), refused) << operation;
    EXPECT_THAT(world.Disable("clicks", {MetricsName::kAll}), refused);
    EXPECT_THAT(world.SetStrategy("clicks", RecordDistributionStrategy::kAuto), refused);
  };
  expect_refused("CREATING");
  world.Advance(Lifecycle::Service().create_stream);
  for (const auto& [operation, change] : Changes()) {
    if (operation == "UpdateStreamMode") continue;  // would end what the others need
    ASSERT_THAT(change(world), Succeeds()) << operation;
    expect_refused("UPDATING");
    world.Advance(Lifecycle::Service().update_stream);
  }
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "clicks"}), Succeeds());
  expect_refused("DELETING");
}

TEST(AppendixB, Point18_PutsAndGetsWorkWhileSettingsAreUpdating) {
  for (const auto& [operation, change] : Changes()) {
    SettingsWorld world(ServiceTimes());
    ASSERT_THAT(world.Commit(), Succeeds());
    world.CreateOnDemand("clicks");
    ASSERT_THAT(change(world), Succeeds()) << operation;
    ASSERT_EQ(world.Status("clicks"), StreamStatus::kUpdating) << operation;
    world.PutAt("clicks", "0", "x");
    EXPECT_THAT(world.ReadAll("clicks", "0"), ElementsAre("x")) << operation;
  }
}

TEST(AppendixB, Point19_PresentValuesChangeNothing) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  const StreamDescriptionSummary before = world.Summary("clicks");
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(world.SwitchMode("clicks", StreamMode::kOnDemand), Succeeds());
  EXPECT_THAT(world.SetMaxRecordSize("clicks", 1024), Succeeds());
  EXPECT_THAT(world.Warm("clicks", 0), Succeeds());
  EXPECT_THAT(world.Disable("clicks", {MetricsName::kAll}), Succeeds());
  EXPECT_THAT(world.SetStrategy("clicks", RecordDistributionStrategy::kUserPartitionKey),
              Succeeds());
  EXPECT_EQ(world.Summary("clicks"), before);
  ASSERT_THAT(world.Enable("clicks", {MetricsName::kAll}), Succeeds());
  world.Advance(Lifecycle::Service().update_stream);
  EXPECT_THAT(world.Enable("clicks", {MetricsName::kIncomingBytes}), Succeeds());
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
  EXPECT_THAT(world.kinesis->RemoveTagsFromStream({.stream_name = "clicks", .tag_keys = {"none"}}),
              Succeeds());
}

// But for warm throughput, whose target says where the stream is going.
TEST(AppendixB, Point20_NewSettingsAreVisibleWithActiveNotBefore) {
  for (const auto& [operation, change] : Changes()) {
    SettingsWorld world(ServiceTimes());
    ASSERT_THAT(world.Commit(), Succeeds());
    world.CreateOnDemand("clicks");
    StreamDescriptionSummary before = world.Summary("clicks");
    ASSERT_THAT(change(world), Succeeds()) << operation;
    before.stream_status = StreamStatus::kUpdating;
    if (operation == "UpdateStreamWarmThroughput") before.warm_throughput->target_mibps = 4;
    while (world.Status("clicks") == StreamStatus::kUpdating) {
      EXPECT_EQ(world.Summary("clicks"), before) << operation;
      world.Advance(absl::Milliseconds(100));
    }
    before.stream_status = StreamStatus::kActive;
    EXPECT_NE(world.Summary("clicks"), before) << operation;
  }
}

TEST(AppendixB, Point24_FiftyTagsOfWhichOneMayBeReplaced) {
  SettingsWorld world;
  world.Create("orders");
  std::map<std::string, std::string> tags;
  for (int i = 0; i < 50; ++i) tags["key" + std::to_string(i)] = "old";
  ASSERT_THAT(world.AddTags("orders", tags), Succeeds());
  EXPECT_THAT(world.AddTags("orders", {{"one more", ""}}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Failed to add tags to resource " + StreamArnOf("orders") +
                            " under account 123456789012 because a given resource cannot have more "
                            "than 50 tags associated with it."));
  EXPECT_THAT(world.AddTags("orders", {{"key0", "new"}}), Succeeds());
}

TEST(AppendixB, Point24_TagsOfTheSystemAreRefused) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.AddTags("orders", {{"aws:owner", "me"}}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Some tag keys in the request started with 'aws:'. System tags cannot be "
                        "modified."));
}

TEST(AppendixB, Point24_TagsAreSharedBetweenBothApisAndSorted) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.AddTags("orders", {{"b", "1"}, {"C", "2"}}), Succeeds());
  ASSERT_THAT(world.Tag(StreamArnOf("orders"), {{"a", "3"}}), Succeeds());
  const std::vector<Tag> tags = world.TagsOf(StreamArnOf("orders"));
  EXPECT_EQ(world.kinesis->ListTagsForStream({.stream_name = "orders"}).value().tags, tags);
  EXPECT_THAT(tags, ElementsAre(Tag{.key = "C", .value = "2"}, Tag{.key = "a", .value = "3"},
                                Tag{.key = "b", .value = "1"}));
}

TEST(AppendixB, Point26_FiftyConsumersWithAdvantage) {
  SettingsWorld world;
  ASSERT_THAT(world.Commit(), Succeeds());
  world.CreateOnDemand("clicks");
  for (int i = 0; i < 50; ++i) world.Register("clicks", "consumer-" + std::to_string(i));
  EXPECT_THAT(world.kinesis->RegisterStreamConsumer(
                  {.stream_arn = StreamArnOf("clicks"), .consumer_name = "one-more"}),
              FailsAs(ErrorCode::kLimitExceeded));
}

TEST(AppendixB, Point33_ModeSwitchKeepsShardsAndTheThirdInADayIsRefused) {
  SettingsWorld world;
  world.Create("orders", 3);
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(world.SwitchMode("orders", StreamMode::kOnDemand), Succeeds());
  EXPECT_EQ(world.Shards("orders"), shards);
  ASSERT_THAT(world.SwitchMode("orders", StreamMode::kProvisioned), Succeeds());
  EXPECT_EQ(world.Shards("orders"), shards);
  EXPECT_THAT(world.SwitchMode("orders", StreamMode::kOnDemand),
              FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
}

TEST(AppendixB, Point33_ReshardingCallsOnOnDemandStreamsAreValidationErrors) {
  SettingsWorld world;
  world.CreateOnDemand("clicks");
  EXPECT_THAT(world.Split("clicks", "0", "1000"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.Merge("clicks", "0", "1"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.Scale("clicks", 8), FailsAs(ErrorCode::kValidation));
}

}  // namespace
}  // namespace riacho
