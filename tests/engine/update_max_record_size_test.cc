#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

std::string Record(std::int64_t kib) {
  return std::string(static_cast<std::size_t>(kib * 1024 - 1), 'x');  // with its key so many KiB
}

TEST(UpdateMaxRecordSize, IsShownAndHoldsFromActiveOn) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.SetMaxRecordSize("orders", 2048), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  world.Advance(Lifecycle::Service().update_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Summary("orders").max_record_size_in_kib, 1024);
  EXPECT_THAT(world.TryPut("orders", "k", Record(2048)), FailsAs(ErrorCode::kValidation));
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").max_record_size_in_kib, 2048);
  EXPECT_THAT(world.TryPut("orders", "k", Record(2048)), Succeeds());
}

TEST(UpdateMaxRecordSize, CountsThePartitionKey) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.SetMaxRecordSize("orders", 2048), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "kk", Record(2048)),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value " + BlobOf(2048 * 1024 - 1) +
                                     " at 'data' failed to satisfy constraint: Member must have "
                                     "length less than or equal to 2097150")));
}

// Whatever the shard's rate, one record of the largest size passes when nothing was put for long.
TEST(UpdateMaxRecordSize, LetsTheLargestRecordThroughEachShard) {
  SettingsWorld world;
  world.Create("orders", 2);
  ASSERT_THAT(world.SetMaxRecordSize("orders", 10240), Succeeds());
  world.Advance(absl::Seconds(60));
  const std::string largest(static_cast<std::size_t>(10 * kMiB - 3), 'x');  // the key is "key"
  EXPECT_EQ(world.PutAt("orders", "0", largest).shard_id, ShardId{0});
  EXPECT_EQ(world.PutAt("orders", kLargestHashKey, largest).shard_id, ShardId{1});
  EXPECT_THAT(world.TryPut("orders", "k", Record(1024)),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(UpdateMaxRecordSize, LetsTheLargestRecordThroughChildrenThatTakeOverLater) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.Advance(Lifecycle::Service().reshard);
  ASSERT_THAT(world.SetMaxRecordSize("orders", 10240), Succeeds());
  world.Advance(absl::Minutes(2));
  const std::string largest(static_cast<std::size_t>(10 * kMiB - 3), 'x');
  EXPECT_EQ(world.PutAt("orders", "0", largest).shard_id, ShardId{1});
}

TEST(UpdateMaxRecordSize, HoldsForShardsThatComeLater) {
  SettingsWorld world;
  world.Create("orders");
  ASSERT_THAT(world.SetMaxRecordSize("orders", 10240), Succeeds());
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const std::string largest(static_cast<std::size_t>(10 * kMiB - 3), 'x');
  EXPECT_EQ(world.PutAt("orders", "0", largest).shard_id, ShardId{1});
}

TEST(UpdateMaxRecordSize, LargerRecordsStayReadableWhenItIsLowered) {
  SettingsWorld world(WithoutThroughputLimits());
  world.Create("orders");
  ASSERT_THAT(world.SetMaxRecordSize("orders", 4096), Succeeds());
  const std::string large = Record(4096);
  world.Put("orders", "k", large);
  ASSERT_THAT(world.SetMaxRecordSize("orders", 1024), Succeeds());
  EXPECT_EQ(world.Summary("orders").max_record_size_in_kib, 1024);
  EXPECT_THAT(world.TryPut("orders", "k", Record(1025)), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.ReadAll("orders", "0"), testing::ElementsAre(large));
}

TEST(UpdateMaxRecordSize, PresentSizeChangesNothing) {
  SettingsWorld world(ServiceTimes());
  world.Create("orders");
  const StreamDescriptionSummary before = world.Summary("orders");
  EXPECT_THAT(world.SetMaxRecordSize("orders", 1024), Succeeds());
  EXPECT_EQ(world.Summary("orders"), before);
}

TEST(UpdateMaxRecordSize, IsOneToTenMebibytes) {
  SettingsWorld world;
  world.Create("orders");
  EXPECT_THAT(world.SetMaxRecordSize("orders", 1023),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '1023' at 'maxRecordSizeInKiB' failed to satisfy "
                                     "constraint: Member must have value greater than or equal "
                                     "to 1024")));
  EXPECT_THAT(world.SetMaxRecordSize("orders", 10241),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '10241' at 'maxRecordSizeInKiB' failed to satisfy "
                                     "constraint: Member must have value less than or equal to "
                                     "10240")));
  EXPECT_THAT(world.kinesis->UpdateMaxRecordSize({.stream_arn = StreamArnOf("orders")}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'maxRecordSizeInKiB' failed to satisfy "
                                     "constraint: Member must not be null")));
}

TEST(UpdateMaxRecordSize, TakesAnArnOnly) {
  SettingsWorld world;
  EXPECT_THAT(world.kinesis->UpdateMaxRecordSize({.max_record_size_in_kib = 2048}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Stream arn and stream name can't be empty at the same time"));
  EXPECT_THAT(world.SetMaxRecordSize("orders", 2048),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
}

}  // namespace
}  // namespace riacho
