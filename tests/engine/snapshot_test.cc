// What a loaded engine goes on with, a thing at a time. That it is everything, and exactly, shows
// snapshot_property_test.cc.
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"
#include "engine/exported_state.h"
#include "engine/record_fixture.h"
#include "engine/snapshot_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EngineOptions WithSeed(std::uint64_t seed) { return {.seed = seed}; }

TEST(LoadSnapshot, BringsAnEmptyEngine) {
  World saved;
  World loaded;
  GoOn(saved, loaded);
  EXPECT_THAT(loaded.kinesis->ListStreams({})->stream_names, IsEmpty());
}

TEST(LoadSnapshot, BringsAllThatCanBeSeen) {
  RecordWorld saved(ServiceTimes());
  saved.Create("orders", 3);
  saved.Create("returns");
  saved.CreateOnDemand("clicks");
  saved.Put("orders", "a", "one");
  saved.Put("orders", "b", std::string(500'000, 'l'));
  saved.Register("orders", "billing");
  ASSERT_THAT(saved.Halve("returns", saved.Shards("returns")[0]), Succeeds());
  ASSERT_THAT(saved.kinesis->AddTagsToStream({.stream_name = "orders", .tags = {{"env", "prod"}}}),
              Succeeds());
  RecordWorld loaded(ServiceTimes());
  GoOn(saved, loaded);
  EXPECT_EQ(Difference(ExportState(*saved.kinesis), ExportState(*loaded.kinesis)), "");
}

TEST(LoadSnapshot, SequenceNumbersGoOnAscending) {
  RecordWorld saved;
  saved.Create("orders");
  const SequenceNumber last = saved.Put("orders", "key").sequence_number;
  RecordWorld loaded;
  GoOn(saved, loaded);
  const PutRecordResponse next = loaded.Put("orders", "key", "next");
  EXPECT_GT(next.sequence_number, last);
  EXPECT_EQ(next.sequence_number, saved.Put("orders", "key", "next").sequence_number);
}

TEST(LoadSnapshot, IteratorsOfTheSavedEngineWorkAndExpire) {
  RecordWorld saved(WithSeed(1));
  saved.Create("orders");
  saved.Put("orders", "key", "first");
  const std::string iterator = saved.Iterator("orders", 0);
  RecordWorld loaded(WithSeed(2));
  GoOn(saved, loaded);
  EXPECT_THAT(DataOf(loaded.Read(iterator)), ElementsAre("first"));
  loaded.Advance(absl::Seconds(301));
  EXPECT_THAT(loaded.TryRead(iterator), FailsAs(ErrorCode::kExpiredIterator));
}

TEST(LoadSnapshot, WhatIsDueComes) {
  World saved(ServiceTimes());
  saved.Create("orders");
  ASSERT_THAT(saved.Halve("orders", saved.Shards("orders")[0]), Succeeds());
  World loaded(ServiceTimes());
  GoOn(saved, loaded);
  EXPECT_EQ(loaded.Status("orders"), StreamStatus::kUpdating);
  loaded.Advance(absl::Minutes(1));
  EXPECT_EQ(loaded.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(loaded.OpenShards("orders").size(), 2U);
  EXPECT_NE(loaded.Put("orders", "key").shard_id.number, 0U);
}

TEST(LoadSnapshot, BucketsAreAsFullAsTheyWere) {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 3;
  RecordWorld saved(options);
  saved.Create("orders");
  saved.Put("orders", "a");
  saved.Put("orders", "b");
  RecordWorld loaded(options);
  GoOn(saved, loaded);
  loaded.Put("orders", "c");
  EXPECT_THAT(loaded.TryPut("orders", "d"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(LoadSnapshot, RecordsExpireWhenTheyWouldHave) {
  RecordWorld saved;
  saved.Create("orders");
  saved.Put("orders", "a", "old");
  saved.Advance(absl::Hours(20));
  saved.Put("orders", "a", "young");
  RecordWorld loaded;
  GoOn(saved, loaded);
  EXPECT_THAT(loaded.ReadAll("orders", "0"), ElementsAre("old", "young"));
  loaded.Advance(absl::Hours(5));
  EXPECT_THAT(loaded.ReadAll("orders", "0"), ElementsAre("young"));
}

TEST(LoadSnapshot, ConsumersKeepTheirArnsAndMayTakeOverAsAfterALostConnection) {
  RecordWorld saved;
  saved.Create("orders");
  saved.Put("orders", "a", "one");
  const std::string consumer = saved.Register("orders", "billing");
  const StartingPosition from = {.type = ShardIteratorType::kTrimHorizon};
  const auto subscription = saved.TrySubscribe(consumer, 0, from);
  ASSERT_THAT(subscription, Succeeds());
  RecordWorld loaded;
  GoOn(saved, loaded);
  EXPECT_THAT(loaded.TrySubscribe(consumer, 0, from), FailsAs(ErrorCode::kResourceInUse));
  loaded.Advance(absl::Seconds(5));
  const auto again = loaded.TrySubscribe(consumer, 0, from);
  ASSERT_THAT(again, Succeeds());
  EXPECT_THAT(DataOf((*again)->Poll().value()->records), ElementsAre("one"));
}

TEST(LoadSnapshot, SealedRecordsAreReadWithTheKeysThatCameAlong) {
  EncryptionWorld saved;
  saved.Start("first");
  saved.Put("orders", "key", "secret");
  RecordWorld loaded(WithoutThroughputLimits());
  GoOn<RecordWorld>(saved, loaded);
  EXPECT_THAT(loaded.ReadAll("orders", "0"), ElementsAre("secret"));
  ASSERT_THAT(loaded.engine.key_store().DisableKey("first"), Succeeds());
  EXPECT_THAT(loaded.TryPut("orders", "key"), Succeeds()) << "under the data key in use";
  loaded.Advance(absl::Minutes(5));
  EXPECT_THAT(loaded.TryPut("orders", "key"), FailsAs(ErrorCode::kKmsDisabled));
}

TEST(LoadSnapshot, AKeyStoreThatTheEngineWasGivenStaysOutside) {
  EngineOptions options = WithoutThroughputLimits();
  options.key_store = std::make_shared<KeyStore>(KeyStoreOptions{.seed = 7});
  EncryptionWorld saved(options);
  saved.Start("first");
  saved.Put("orders", "key", "secret");
  RecordWorld loaded(options);
  GoOn<RecordWorld>(saved, loaded);
  EXPECT_THAT(loaded.ReadAll("orders", "0"), ElementsAre("secret"));
  RecordWorld without(WithoutThroughputLimits());
  without.clock.SetTime(saved.clock.TimeNow());
  EXPECT_THAT(Load(SnapshotOf(saved.engine), without.engine), FailsAs(ErrorCode::kInvalidArgument));
}

// As the saved engine itself does: it forgets a data key when the next one comes.
TEST(LoadSnapshot, ADataKeyThatHasEndedServesAgainWhenTheClockIsSetBack) {
  EncryptionWorld saved;
  saved.Start("first");
  saved.Put("orders", "key", "secret");
  ASSERT_THAT(saved.engine.key_store().DisableKey("first"), Succeeds());
  saved.LetDataKeysExpire();
  RecordWorld loaded(WithoutThroughputLimits());
  GoOn<RecordWorld>(saved, loaded);
  EXPECT_THAT(loaded.TryPut("orders", "key"), FailsAs(ErrorCode::kKmsDisabled));
  loaded.Advance(-absl::Seconds(1));
  EXPECT_THAT(loaded.TryPut("orders", "key"), Succeeds());
}

// Deletes a stream as soon as the first byte is there, and looks at the memory when all are.
class DeletesMeanwhile : public std::stringbuf {
 public:
  DeletesMeanwhile(World& world, std::string stream) : world_(world), stream_(std::move(stream)) {}

  std::int64_t memory_at_the_end() const { return memory_at_the_end_; }

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    if (!std::exchange(deleted_, true)) {
      EXPECT_THAT(world_.kinesis->DeleteStream({.stream_name = stream_}), Succeeds());
    }
    return std::stringbuf::xsputn(bytes, count);
  }
  int sync() override {
    world_.engine.Settle();
    memory_at_the_end_ = world_.engine.memory_used();
    return 0;
  }

 private:
  World& world_;
  const std::string stream_;
  bool deleted_ = false;
  std::int64_t memory_at_the_end_ = 0;
};

TEST(SaveSnapshot, ReleasesAStreamWhenItIsWritten) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "key");
  const std::int64_t memory_of_one = world.engine.memory_used();
  world.Create("returns");
  world.Put("returns", "key");
  ASSERT_EQ(world.engine.memory_used(), 2 * memory_of_one);
  DeletesMeanwhile buffer(world, "orders");
  std::ostream out(&buffer);
  ASSERT_THAT(SaveSnapshot(world.engine, out), Succeeds());
  EXPECT_EQ(buffer.memory_at_the_end(), memory_of_one);
}

TEST(LoadSnapshot, AnEngineWhoseStreamsAreDeletedMayLoad) {
  World saved;
  saved.Create("orders");
  World loaded;
  loaded.Create("orders", 5);
  ASSERT_THAT(loaded.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  GoOn(saved, loaded);
  EXPECT_EQ(loaded.Shards("orders").size(), 1U);
}

TEST(LoadSnapshot, LimitsAreThoseOfTheLoadingEngine) {
  RecordWorld saved;
  saved.Create("orders");
  EngineOptions options;
  options.limits.shard_write_records_per_second = 1;
  RecordWorld loaded(options);
  GoOn(saved, loaded);
  loaded.Put("orders", "a");
  EXPECT_THAT(loaded.TryPut("orders", "b"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
}

TEST(LoadSnapshot, ScalesAStreamByTheLimitsOfTheLoadingEngine) {
  RecordWorld saved(WithoutThroughputLimits());
  saved.CreateOnDemand("clicks");
  saved.Put("clicks", "key");
  RecordWorld loaded;
  GoOn(saved, loaded);
  const std::string data(1'000'000, 'c');
  for (int second = 0; second < 20 * 60; ++second, loaded.Advance(absl::Seconds(1)))
    EXPECT_TRUE(loaded.TryPut("clicks", "key", data).ok()) << second;
  EXPECT_GT(loaded.OpenShards("clicks").size(), 4U);
}

TEST(LoadSnapshot, ScalesNothingWhereTheLimitsOfTheLoadingEngineSplitNothing) {
  EngineOptions options;
  options.limits.on_demand_initial_shards = 8;
  RecordWorld saved(options);
  saved.CreateOnDemand("clicks");
  saved.Put("clicks", "key");
  RecordWorld loaded(WithoutThroughputLimits());
  GoOn(saved, loaded);
  for (int day = 0; day < 40; ++day, loaded.Advance(absl::Hours(24))) loaded.Put("clicks", "key");
  EXPECT_EQ(loaded.OpenShards("clicks").size(), 8U);
}

TEST(LoadSnapshot, BringsReshardsThatNeverEnd) {
  for (absl::Duration Lifecycle::*const lasts :
       {&Lifecycle::hand_over, &Lifecycle::update_shard_count}) {
    EngineOptions options;
    options.lifecycle.*lasts = absl::InfiniteDuration();
    RecordWorld saved(options);
    saved.Create("orders", 2);
    ASSERT_THAT(saved.Scale("orders", 3), Succeeds());
    saved.Put("orders", "key", "data");
    RecordWorld loaded(options);
    GoOn(saved, loaded);
    EXPECT_EQ(Difference(ExportState(*saved.kinesis), ExportState(*loaded.kinesis)), "");
    EXPECT_EQ(loaded.Put("orders", "key").sequence_number,
              saved.Put("orders", "key").sequence_number);
  }
}

TEST(LoadSnapshot, BringsRecordsThatAreKeptForCenturies) {
  EngineOptions options;
  options.limits.maximum_retention_period_hours = 2'000'000;
  RecordWorld saved(options);
  saved.Create("orders");
  ASSERT_THAT(saved.IncreaseRetention("orders", 2'000'000), Succeeds());
  saved.Put("orders", "key", "data");
  RecordWorld loaded(options);
  GoOn(saved, loaded);
  EXPECT_EQ(loaded.Summary("orders").retention_period_hours, 2'000'000);
  loaded.Advance(absl::Hours(24 * 365 * 15));
  EXPECT_THAT(loaded.ReadAll("orders", "0"), ElementsAre("data"));
}

// A shard that was sealed when no memory was left is a little over the budget.
TEST(LoadSnapshot, BringsAnEngineWhoseBudgetIsSpent) {
  EngineOptions options = WithoutThroughputLimits();
  options.memory_budget = 28 * 1024;
  RecordWorld saved(options);
  saved.Create("orders");
  while (saved.TryPut("orders", "key").ok()) {
  }
  ASSERT_THAT(saved.Halve("orders", saved.Shards("orders")[0]), Succeeds());
  ASSERT_GT(saved.engine.memory_used(), options.memory_budget);
  RecordWorld loaded(options);
  GoOn(saved, loaded);
  EXPECT_EQ(loaded.ReadAll("orders", "0"), saved.ReadAll("orders", "0"));
  EXPECT_EQ(loaded.engine.memory_used(), saved.engine.memory_used());
}

TEST(LoadSnapshot, StopsAtItsEnd) {
  World saved;
  saved.Create("orders");
  World loaded;
  std::istringstream in(SnapshotOf(saved.engine) + "and more");
  ASSERT_THAT(LoadSnapshot(in, loaded.engine), Succeeds());
  std::string rest;
  std::getline(in, rest);
  EXPECT_EQ(rest, "and more");
}

}  // namespace
}  // namespace riacho
