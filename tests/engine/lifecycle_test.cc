// Which state admits which operation (section 1.7), how long transitions take (1.8), and what
// changes nothing (1.9).
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;

using Change = std::function<absl::Status(World&)>;

// The operations that change a stream of two shards, and want it ACTIVE.
const std::vector<std::pair<std::string, Change>>& Changes() {
  static const auto* const kChanges = new std::vector<std::pair<std::string, Change>>{
      {"SplitShard",
       [](World& world) { return world.Split("orders", "0", "85070591730234615865843651857942"); }},
      {"MergeShards", [](World& world) { return world.Merge("orders", "0", "1"); }},
      {"UpdateShardCount", [](World& world) { return world.Scale("orders", 4).status(); }},
      {"IncreaseStreamRetentionPeriod",
       [](World& world) { return world.IncreaseRetention("orders", 48); }},
      {"DecreaseStreamRetentionPeriod",
       [](World& world) { return world.DecreaseRetention("orders", 24); }},
      {"UpdateStreamMode",
       [](World& world) {
         return world.kinesis
             ->UpdateStreamMode(
                 {.stream_arn = StreamArnOf("orders"),
                  .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand}})
             .status();
       }},
      {"UpdateMaxRecordSize",
       [](World& world) {
         return world.kinesis
             ->UpdateMaxRecordSize(
                 {.stream_arn = StreamArnOf("orders"), .max_record_size_in_kib = 2048})
             .status();
       }},
      {"EnableEnhancedMonitoring",
       [](World& world) {
         return world.kinesis
             ->EnableEnhancedMonitoring(
                 {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}})
             .status();
       }},
  };
  return *kChanges;
}

TEST(Lifecycle, ChangesAreRefusedWhileCreating) {
  for (const auto& [operation, change] : Changes()) {
    World world(ServiceTimes());
    ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}),
                Succeeds());
    EXPECT_THAT(change(world),
                FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "CREATING")))
        << operation;
  }
}

TEST(Lifecycle, ChangesAreAllowedWhileActive) {
  for (const auto& [operation, change] : Changes()) {
    World world(ServiceTimes());
    world.Create("orders", 2);
    EXPECT_THAT(change(world), Succeeds()) << operation;
  }
}

TEST(Lifecycle, ChangesAreRefusedWhileUpdatingAndChangeNothing) {
  for (const auto& [first_operation, first] : Changes()) {
    if (first_operation == "DecreaseStreamRetentionPeriod") continue;  // to the present value
    for (const auto& [operation, change] : Changes()) {
      World world(ServiceTimes());
      world.Create("orders", 2);
      ASSERT_THAT(first(world), Succeeds());
      const StreamDescription before = world.Describe("orders");
      ASSERT_EQ(before.stream_status, StreamStatus::kUpdating);
      EXPECT_THAT(change(world),
                  FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")))
          << operation << " after " << first_operation;
      EXPECT_EQ(world.Describe("orders"), before);
    }
  }
}

TEST(Lifecycle, ChangesAreRefusedWhileDeleting) {
  for (const auto& [operation, change] : Changes()) {
    World world(ServiceTimes());
    world.Create("orders", 2);
    ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
    EXPECT_THAT(change(world),
                FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "DELETING")))
        << operation;
  }
}

TEST(Lifecycle, PutsAndReadsFindNothingWhileCreating) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(
      world.kinesis->PutRecord({.stream_name = "orders", .data = "x", .partition_key = "a"}),
      FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
  EXPECT_THAT(
      world.kinesis->GetShardIterator({.stream_name = "orders",
                                       .shard_id = "0",
                                       .shard_iterator_type = ShardIteratorType::kLatest}),
      FailsWith(
          ErrorCode::kResourceNotFound,
          "Shard shardId-000000000000 in stream orders under account 123456789012 does not exist"));
}

TEST(Lifecycle, PutsAndReadsWorkWhileUpdating) {
  for (const auto& [operation, change] : Changes()) {
    World world(ServiceTimes());
    world.Create("orders", 2);
    ASSERT_THAT(change(world), Succeeds());
    world.Put("orders", "a", "paid");
    EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("paid")) << operation;
  }
}

// Each operation's transition begins at the call and ends at its time, to the nanosecond.
TEST(Lifecycle, TransitionsTakeTheTimesOfTheOptions) {
  const Lifecycle service = Lifecycle::Service();
  const std::vector<std::pair<std::string, absl::Duration>> times = {
      {"SplitShard", service.reshard},
      {"MergeShards", service.reshard},
      {"UpdateShardCount", service.update_shard_count},
      {"IncreaseStreamRetentionPeriod", service.update_stream},
      {"UpdateStreamMode", service.update_stream},
      {"UpdateMaxRecordSize", service.update_stream},
      {"EnableEnhancedMonitoring", service.update_stream},
  };
  for (const auto& [operation, time] : times) {
    World world(ServiceTimes());
    world.Create("orders", 2);
    for (const auto& [name, change] : Changes()) {
      if (name == operation) {
        ASSERT_THAT(change(world), Succeeds());
      }
    }
    world.Advance(time - absl::Nanoseconds(1));
    EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating) << operation;
    world.Advance(absl::Nanoseconds(1));
    EXPECT_EQ(world.Status("orders"), StreamStatus::kActive) << operation;
  }
}

TEST(Lifecycle, ServicesTimesLieWithinWhatWasObserved) {
  const Lifecycle service = Lifecycle::Service();
  const auto within = [](absl::Duration time, int least, int most) {
    return time >= absl::Seconds(least) && time <= absl::Seconds(most);
  };
  EXPECT_TRUE(within(service.create_stream, 4, 8));
  EXPECT_TRUE(within(service.delete_stream, 3, 7));
  EXPECT_TRUE(within(service.update_stream, 3, 4));
  EXPECT_TRUE(within(service.reshard, 6, 6));
  EXPECT_TRUE(within(service.update_shard_count, 12, 12));
  EXPECT_TRUE(within(service.update_shard_count + service.update_shard_count_step, 17, 17));
  EXPECT_TRUE(within(service.hand_over, 25, 27));
  EXPECT_TRUE(within(service.register_consumer, 3, 6));
  EXPECT_TRUE(within(service.deregister_consumer, 3, 3));
}

TEST(Lifecycle, NothingTakesTimeByDefault) {
  for (const auto& [operation, change] : Changes()) {
    World world;
    world.Create("orders", 2);
    ASSERT_THAT(change(world), Succeeds());
    EXPECT_EQ(world.Status("orders"), StreamStatus::kActive) << operation;
    EXPECT_EQ(world.Summary("orders").retention_period_hours,
              operation == "IncreaseStreamRetentionPeriod" ? 48 : 24);
  }
}

TEST(Lifecycle, TimeThatPassesUnseenIsCaughtUpInOrder) {
  World world(ServiceTimes());
  world.Create("orders", 2);
  ASSERT_THAT(world.Scale("orders", 3), Succeeds());
  world.Advance(absl::Hours(20));
  EXPECT_EQ(world.Put("orders", "user-42").shard_id, ShardId{6});
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").open_shard_count, 3);
}

TEST(Lifecycle, ReshardingSlowerThanTheHandOverHandsOverWhenShown) {
  EngineOptions options;
  options.lifecycle.reshard = absl::Seconds(10);
  World world(options);
  world.Create("orders", 1);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(absl::Seconds(9));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
  world.Advance(absl::Seconds(1));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{1});
}

TEST(Lifecycle, TransitionsMayTakeForever) {
  EngineOptions options;
  options.lifecycle.update_stream = absl::InfiniteDuration();
  options.lifecycle.update_shard_count_step = absl::InfiniteDuration();
  options.lifecycle.delete_stream = absl::InfiniteDuration();
  World world(options);
  world.Create("orders", 2);
  world.Create("users", 2);
  world.Create("clicks", 2);
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  ASSERT_THAT(world.Scale("users", 3), Succeeds());
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "clicks"}), Succeeds());
  world.Advance(absl::Hours(24 * 365));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").retention_period_hours, 24);
  EXPECT_EQ(world.Status("users"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("users").open_shard_count, 4);
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kDeleting);
}

TEST(Lifecycle, CreationMayTakeForever) {
  EngineOptions options;
  options.lifecycle.create_stream = absl::InfiniteDuration();
  World world(options);
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  world.Advance(absl::Hours(24 * 365));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kCreating);
}

TEST(Lifecycle, HandOverMayTakeForever) {
  EngineOptions options;
  options.lifecycle.hand_over = absl::InfiniteDuration();
  World world(options);
  world.Create("orders", 1);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  world.Advance(absl::Hours(1));
  EXPECT_EQ(world.Put("orders", "a").shard_id, ShardId{0});
}

}  // namespace
}  // namespace riacho
