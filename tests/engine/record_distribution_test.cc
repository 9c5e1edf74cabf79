// UpdateStreamRecordDistributionStrategy, and puts to streams that place records themselves.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr RecordDistributionStrategy kAuto = RecordDistributionStrategy::kAuto;
constexpr RecordDistributionStrategy kUserPartitionKey =
    RecordDistributionStrategy::kUserPartitionKey;

// How many of `count` records, put one by one, went to each shard.
std::map<ShardId, int> Spread(World& world, const std::string& stream, int count,
                              std::optional<std::string_view> key = {}) {
  std::map<ShardId, int> records;
  for (int i = 0; i < count; ++i) {
    ++records[world.kinesis->PutRecord({.stream_name = stream, .data = "x", .partition_key = key})
                  .value()
                  .shard_id];
  }
  return records;
}

TEST(UpdateStreamRecordDistributionStrategy, HoldsAtOnceWithoutUpdating) {
  SettingsWorld world(ServiceTimes());
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.SetStrategy("clicks", kAuto), Succeeds());
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("clicks").record_distribution_strategy, kAuto);
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}), Succeeds());
  ASSERT_THAT(world.SetStrategy("clicks", kUserPartitionKey), Succeeds());
  EXPECT_EQ(world.Summary("clicks").record_distribution_strategy, kUserPartitionKey);
}

TEST(UpdateStreamRecordDistributionStrategy, AutoIsForOnDemandStreams) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.SetStrategy("orders", kAuto),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream orders under account 123456789012 is not in ON_DEMAND mode. "
                        "RecordDistributionStrategy AUTO is for on-demand streams only."));
  EXPECT_THAT(world.SetStrategy("orders", kUserPartitionKey), Succeeds());
  EXPECT_EQ(world.Summary("orders").record_distribution_strategy, std::nullopt);
}

TEST(UpdateStreamRecordDistributionStrategy, WantsAStreamThatIsActive) {
  SettingsWorld world(ServiceTimes());
  ASSERT_THAT(
      world.kinesis->CreateStream({.stream_name = "clicks", .stream_mode_details = kOnDemandMode}),
      Succeeds());
  EXPECT_THAT(world.SetStrategy("clicks", kAuto),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("clicks", "CREATING")));
}

TEST(UpdateStreamRecordDistributionStrategy, NeedsArnAndStrategy) {
  SettingsWorld world;
  EXPECT_THAT(world.kinesis->UpdateStreamRecordDistributionStrategy(
                  {.record_distribution_strategy = kAuto}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'streamARN' failed to satisfy constraint: "
                                     "Member must not be null")));
  EXPECT_THAT(
      world.kinesis->UpdateStreamRecordDistributionStrategy({.stream_arn = StreamArnOf("clicks")}),
      FailsWith(ErrorCode::kValidation,
                OneViolation("Value null at 'recordDistributionStrategy' failed to satisfy "
                             "constraint: Member must not be null")));
  EXPECT_THAT(world.SetStrategy("clicks", kAuto),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("clicks")));
}

TEST(AutomaticDistribution, CanBeChosenAtCreation) {
  SettingsWorld world;
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "clicks",
                                           .stream_mode_details = kOnDemandMode,
                                           .record_distribution_strategy = kAuto}),
              Succeeds());
  EXPECT_EQ(world.Summary("clicks").record_distribution_strategy, kAuto);
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}), Succeeds());
}

TEST(AutomaticDistribution, SpreadsEvenlyOverTheOpenShards) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  const auto evenly = UnorderedElementsAre(Pair(ShardId{0}, 25), Pair(ShardId{1}, 25),
                                           Pair(ShardId{2}, 25), Pair(ShardId{3}, 25));
  EXPECT_THAT(Spread(world, "clicks", 100), evenly);
  EXPECT_THAT(Spread(world, "clicks", 100, "the same"), evenly);
}

TEST(AutomaticDistribution, IgnoresKeyAndExplicitHashKey) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  std::map<ShardId, int> records;
  for (int i = 0; i < 8; ++i) ++records[world.PutAt("clicks", "0").shard_id];
  EXPECT_THAT(records, SizeIs(4));
}

TEST(AutomaticDistribution, BeginsWhereTheSeedSays) {
  const auto first_shards = [](std::uint64_t seed) {
    EngineOptions options;
    options.seed = seed;
    SettingsWorld world(options);
    std::vector<ShardId> shards;
    for (int i = 0; i < 8; ++i) {
      const std::string name = "s" + std::to_string(i);
      world.CreateAutomatic(name);
      shards.push_back(
          world.kinesis->PutRecord({.stream_name = name, .data = "x"}).value().shard_id);
    }
    return shards;
  };
  EXPECT_EQ(first_shards(1), first_shards(1));
  EXPECT_NE(first_shards(1), first_shards(2));
}

TEST(AutomaticDistribution, PassesByShardsThatAreFull) {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 2;
  SettingsWorld world(options);
  world.CreateAutomatic("clicks");
  const std::string half(static_cast<std::size_t>(kMiB / 2), 'x');
  // One shard has taken its bytes for the second: the others take the rest.
  for (int i = 0; i < 8; ++i) {
    ASSERT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = i == 0 ? half : "x"}),
                Succeeds())
        << i;
  }
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Milliseconds(500));
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}), Succeeds());
}

TEST(AutomaticDistribution, KeepsTheKeyThatWasGivenAndShowsNoneWhereNoneWas) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  std::map<std::string, std::string> keys;
  ASSERT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "without"}), Succeeds());
  world.Put("clicks", "k", "with");
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    for (const Record& record : world.Read(world.Iterator("clicks", shard)).records)
      keys[std::string(record.data)] = record.partition_key;
  }
  EXPECT_THAT(keys, ElementsAre(Pair("with", "k"), Pair("without", "")));
}

TEST(AutomaticDistribution, PutRecordsNeedsNoKeysEither) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  const std::vector<PutRecordsRequestEntry> entries = {
      {.data = "a"}, {.data = "b", .partition_key = "k"}, {.data = "c"}, {.data = "d"}};
  const PutRecordsResponse response =
      world.kinesis->PutRecords({.records = entries, .stream_name = "clicks"}).value();
  EXPECT_EQ(response.failed_record_count, 0);
  std::map<ShardId, int> records;
  for (const PutRecordsResultEntry& entry : response.records) ++records[entry.shard_id];
  EXPECT_THAT(records, Each(Pair(testing::_, 1)));
  EXPECT_THAT(records, SizeIs(4));
}

TEST(AutomaticDistribution, KeysThatAreGivenHaveTheirForm) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  EXPECT_THAT(world.TryPut("clicks", ""),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '' at 'partitionKey' failed to satisfy constraint: "
                                     "Member must have length greater than or equal to 1")));
}

TEST(AutomaticDistribution, RefusesAnOrdering) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks",
                                        .data = "x",
                                        .partition_key = "k",
                                        .sequence_number_for_ordering = "0"}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream has SERVICE_DEFINED PartitionKey enabled. "
                        "SequenceNumberForOrdering must not be provided."));
}

TEST(AutomaticDistribution, EndsWithTheKeysBeingNeededAgain) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  ASSERT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "kept"}), Succeeds());
  ASSERT_THAT(world.SetStrategy("clicks", kUserPartitionKey), Succeeds());
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'partitionKey' failed to satisfy constraint: "
                                     "Member must not be null")));
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "a", .partition_key = "k"},
                                                       {.data = "b"}};
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "clicks"}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'records.2.member.partitionKey' failed to "
                                     "satisfy constraint: Member must not be null")));
  std::vector<std::string> data;
  for (int shard = 0; shard < 4; ++shard) {
    for (const std::string& record : world.ReadAll("clicks", std::to_string(shard)))
      data.push_back(record);
  }
  EXPECT_THAT(data, ElementsAre("kept"));
}

TEST(AutomaticDistribution, DryRunPutsNothing) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  EXPECT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "x", .dry_run = true}),
              FailsWith(ErrorCode::kDryRunOperation, DryRunText("PutRecord")));
  for (int shard = 0; shard < 4; ++shard)
    EXPECT_THAT(world.ReadAll("clicks", std::to_string(shard)), testing::IsEmpty());
}

TEST(AutomaticDistribution, RecordsWithoutAKeyReachSubscriptions) {
  SettingsWorld world;
  world.CreateAutomatic("clicks");
  const std::string consumer = world.Register("clicks", "reader");
  const ShardId shard =
      world.kinesis->PutRecord({.stream_name = "clicks", .data = "x"}).value().shard_id;
  const auto subscription = world.Subscribe(consumer, shard.number);
  const auto event = Next(*subscription);
  ASSERT_TRUE(event.has_value());
  ASSERT_THAT(event->records, SizeIs(1));
  EXPECT_EQ(event->records[0].partition_key, "");
}

}  // namespace
}  // namespace riacho
