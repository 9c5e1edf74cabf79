// Streams in ON_DEMAND mode: how they grow with their traffic and shrink without it. A shard of
// these tests takes ten records a second, so that five a second are half of it: a shard that takes
// more than 300 in a minute is split.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

EngineOptions SmallShards() {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  const Limits service = Limits::Service();
  options.limits.on_demand_split_bytes_per_second = service.on_demand_split_bytes_per_second;
  options.limits.on_demand_split_records_per_second = service.on_demand_split_records_per_second;
  options.limits.shards_per_on_demand_stream = service.shards_per_on_demand_stream;
  options.limits.shard_write_records_per_second = 10;
  return options;
}

// The middle of the `i`-th of `count` equal pieces of [`from`, `from` + `width`), which are 256ths
// of the key space.
std::string PointOf(int i, int count, int from = 0, int width = 256) {
  const absl::uint128 unit = absl::uint128(1) << 120;
  const absl::uint128 half_piece =
      unit / static_cast<unsigned>(2 * count) * static_cast<unsigned>(width);
  return HashKey{unit * static_cast<unsigned>(from) + half_piece * static_cast<unsigned>(2 * i + 1)}
      .ToString();
}

class OnDemandWorld : public RecordWorld {
 public:
  explicit OnDemandWorld(EngineOptions options = SmallShards()) : RecordWorld(std::move(options)) {
    CreateOnDemand("clicks");
  }

  // Puts so many records a second, spread evenly over a part of the key space; how many were
  // throttled. Each point is a partition key, its records are numbered.
  int Drive(absl::Duration time, int per_second, int from = 0, int width = 256) {
    int throttled = 0;
    for (const absl::Time end = clock.TimeNow() + time; clock.TimeNow() < end;
         Advance(absl::Seconds(1))) {
      for (int i = 0; i < per_second; ++i) {
        const std::string point = PointOf(i, per_second, from, width);
        const std::string number = std::to_string(put_[point].size());
        const auto put = kinesis->PutRecord({.stream_name = "clicks",
                                             .data = number,
                                             .partition_key = point,
                                             .explicit_hash_key = point});
        if (put.ok()) {
          put_[point].push_back(number);
        } else {
          EXPECT_THAT(put, FailsAs(ErrorCode::kProvisionedThroughputExceeded));
          ++throttled;
        }
      }
    }
    return throttled;
  }

  std::size_t OpenCount() { return OpenShards("clicks").size(); }
  // The open shards' ranges.
  std::vector<HashKeyRange> Ranges() {
    std::vector<HashKeyRange> ranges;
    for (const Shard& shard : OpenShards("clicks")) ranges.push_back(shard.hash_key_range);
    return ranges;
  }

  using ByKey = std::map<std::string, std::vector<std::string>>;
  const ByKey& put() const { return put_; }
  // What a consumer gets that reads parents before their children.
  ByKey ReadTree() {
    ByKey read;
    for (const Shard& shard : Shards("clicks")) {
      std::optional<std::string> iterator = Iterator("clicks", shard.shard_id.number);
      for (bool more = true; more && iterator.has_value();) {
        const GetRecordsResponse page = Read(*iterator);
        for (const Record& record : page.records)
          read[std::string(record.partition_key)].emplace_back(record.data);
        more = !page.records.empty();
        iterator = page.next_shard_iterator;
      }
    }
    return read;
  }

 private:
  ByKey put_;
};

HashKeyRange Part(int first, int last, int of) {
  const absl::uint128 unit = (absl::uint128(1) << 120) * static_cast<unsigned>(256 / of);
  return {HashKey{unit * static_cast<unsigned>(first)},
          HashKey{unit * static_cast<unsigned>(last) + (unit - 1)}};
}

TEST(OnDemandStream, BeginsWithFourShards) {
  OnDemandWorld world;
  EXPECT_THAT(world.Ranges(),
              ElementsAre(Part(0, 0, 4), Part(1, 1, 4), Part(2, 2, 4), Part(3, 3, 4)));
  EXPECT_EQ(world.Drive(absl::Seconds(1), 40), 0);
  EXPECT_EQ(world.Drive(absl::Seconds(1), 44), 4);
}

TEST(OnDemandStream, DoublesWithinFifteenMinutesOnceItsShardsAreMoreThanHalfFull) {
  OnDemandWorld world;
  EXPECT_EQ(world.Drive(absl::Minutes(12), 24), 0);
  EXPECT_EQ(world.OpenCount(), 4U);
  EXPECT_EQ(world.Drive(absl::Minutes(3), 24), 0);
  EXPECT_EQ(world.OpenCount(), 8U);
  EXPECT_EQ(world.Drive(absl::Hours(2), 24), 0) << "twice the peak fits: it stays so";
  EXPECT_EQ(world.OpenCount(), 8U);
}

// It grows in the middle of a window that is then only half full.
TEST(OnDemandStream, IsInTimeWhenTrafficGrowsInTheMiddleOfAMinute) {
  OnDemandWorld world;
  world.Advance(absl::Seconds(30));
  world.Drive(absl::Minutes(15), 24);
  EXPECT_EQ(world.OpenCount(), 8U);
}

TEST(OnDemandStream, StaysAsItIsWhileEachShardIsHalfFull) {
  OnDemandWorld world;
  EXPECT_EQ(world.Drive(absl::Hours(2), 20), 0);
  EXPECT_THAT(world.Shards("clicks"), SizeIs(4));
}

TEST(OnDemandStream, IsNotMovedByABurst) {
  OnDemandWorld world;
  EXPECT_EQ(world.Drive(absl::Seconds(20), 40), 0);
  world.Advance(absl::Hours(1));
  EXPECT_THAT(world.Shards("clicks"), SizeIs(4));
}

TEST(OnDemandStream, CountsBytesToo) {
  EngineOptions options = SmallShards();
  options.limits.shard_write_records_per_second = Limits::kUnlimited;
  options.limits.shard_write_bytes_per_second = 1000;
  OnDemandWorld world(options);
  const std::string data(497, 'x');
  for (int second = 0; second < 900; ++second) {
    world.PutAt("clicks", "0", data);  // 500 bytes with its key: half of what the shard takes
    world.PutAt("clicks", kLargestHashKey, data + "x");
    world.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(world.Ranges(), ElementsAre(Part(0, 0, 4), Part(1, 1, 4), Part(2, 2, 4),
                                          Part(6, 6, 8), Part(7, 7, 8)));
}

TEST(OnDemandStream, ThrottlesMoreThanTwiceThePeakUntilItHasGrown) {
  OnDemandWorld world;
  EXPECT_EQ(world.Drive(absl::Minutes(5), 20), 0);
  EXPECT_EQ(world.Drive(absl::Minutes(5), 40), 0) << "twice the peak";
  world.Advance(absl::Hours(1));
  ASSERT_EQ(world.OpenCount(), 8U);
  EXPECT_EQ(world.Drive(absl::Minutes(1), 80), 0) << "twice the new peak";
  EXPECT_EQ(world.Drive(absl::Minutes(1), 160), 60 * 80) << "more than that";
  world.Drive(absl::Minutes(14), 160);
  EXPECT_EQ(world.OpenCount(), 16U);
  EXPECT_EQ(world.Drive(absl::Minutes(5), 160), 0);
}

TEST(OnDemandStream, SplitsTheHotShardInTheMiddleAndNoOther) {
  OnDemandWorld world;
  EXPECT_EQ(world.Drive(absl::Minutes(15), 8, 64, 64), 0);
  EXPECT_THAT(world.Ranges(), ElementsAre(Part(0, 0, 4), Part(2, 2, 8), Part(3, 3, 8),
                                          Part(2, 2, 4), Part(3, 3, 4)));
  const std::vector<Shard> shards = world.Shards("clicks");
  ASSERT_THAT(NumbersOf(shards), ElementsAre(0, 1, 2, 3, 4, 5));
  for (const std::size_t child : {4u, 5u}) {
    EXPECT_EQ(shards[child].parent_shard_id, ShardId{1});
    EXPECT_EQ(shards[child].adjacent_parent_shard_id, std::nullopt);
    EXPECT_GT(shards[child].sequence_number_range.starting_sequence_number,
              *shards[1].sequence_number_range.ending_sequence_number);
  }
}

TEST(OnDemandStream, DoesNotIsolateAHotKey) {
  OnDemandWorld world;
  for (int i = 0; i < 3600; ++i) {
    for (int n = 0; n < 10; ++n) world.Put("clicks", "hot");
    EXPECT_THAT(world.TryPut("clicks", "hot"), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
    world.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(world.OpenCount(), 8U) << "four splits of the shard with the key, and it is as full";
}

TEST(OnDemandStream, KeepsRecordsInOrderFromParentsToChildren) {
  OnDemandWorld world;
  world.Drive(absl::Minutes(40), 60);
  EXPECT_EQ(world.OpenCount(), 16U);
  EXPECT_EQ(world.ReadTree(), world.put());
}

TEST(OnDemandStream, IsActiveAndTakesOtherChangesWhileItScales) {
  EngineOptions options = SmallShards();
  options.lifecycle = Lifecycle::Service();
  OnDemandWorld world(options);
  world.clock.SetTime(absl::FromUnixSeconds(1'767'225'660));  // a full minute
  const absl::Time start = world.clock.TimeNow();
  world.Drive(absl::Minutes(14) - absl::Seconds(26), 24);
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("clicks").open_shard_count, 8) << "children are listed at once";
  EXPECT_EQ(world.PutAt("clicks", "0").shard_id, ShardId{0}) << "puts follow at the hand-over";
  EXPECT_THAT(world.IncreaseRetention("clicks", 48), Succeeds());
  world.Drive(absl::Seconds(26), 24);
  EXPECT_EQ(world.Summary("clicks").retention_period_hours, 48);
  EXPECT_EQ(world.clock.TimeNow(), start + absl::Minutes(14));
  EXPECT_EQ(world.PutAt("clicks", "0").shard_id, ShardId{4});
}

// When the shards of a stream are split that has been driven since a full minute began.
constexpr absl::Duration kSplitAfter = absl::Seconds(13 * 60 + 34);

EngineOptions SmallShardsWithServiceTimes() {
  EngineOptions options = SmallShards();
  options.lifecycle = Lifecycle::Service();
  return options;
}

TEST(OnDemandStream, KeepsItsShardsWhileItIsSwitchedToProvisioned) {
  EngineOptions options = SmallShardsWithServiceTimes();
  options.limits.shards_per_account = 4;
  OnDemandWorld world(options);
  world.clock.SetTime(absl::FromUnixSeconds(1'767'225'660));  // a full minute
  world.Drive(kSplitAfter - absl::Seconds(1), 24);
  ASSERT_THAT(
      world.kinesis->UpdateStreamMode(
          {.stream_arn = StreamArnOf("clicks"),
           .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kProvisioned}}),
      Succeeds());
  world.Advance(absl::Minutes(1));
  EXPECT_EQ(world.Status("clicks"), StreamStatus::kActive);
  EXPECT_EQ(world.OpenCount(), 4U) << "the account has no room for more";
}

TEST(OnDemandStream, SplitsIntoShardsThatTakeTheLargestRecordOfThatMoment) {
  EngineOptions options = SmallShardsWithServiceTimes();
  options.limits.shard_write_bytes_per_second = Limits::kMiB;
  options.lifecycle.update_stream = absl::Seconds(4);
  OnDemandWorld world(options);
  world.clock.SetTime(absl::FromUnixSeconds(1'767'225'660));  // a full minute
  world.Drive(kSplitAfter - options.lifecycle.update_stream, 24);
  ASSERT_THAT(world.kinesis->UpdateMaxRecordSize(
                  {.stream_arn = StreamArnOf("clicks"), .max_record_size_in_kib = 10240}),
              Succeeds());
  world.Advance(options.lifecycle.update_stream);  // ACTIVE again in the moment of the split
  EXPECT_EQ(world.Summary("clicks").max_record_size_in_kib, 10240);
  EXPECT_EQ(world.OpenCount(), 8U);
  world.Advance(absl::Minutes(1));
  const std::string large(5 * Limits::kMiB, 'x');
  const auto put = world.kinesis->PutRecord(
      {.stream_name = "clicks", .data = large, .partition_key = "k", .explicit_hash_key = "0"});
  ASSERT_THAT(put, Succeeds());
  EXPECT_EQ(put->shard_id, ShardId{4});
}

TEST(OnDemandStream, RefusesToBeReshardedByHand) {
  OnDemandWorld world;
  const auto refused =
      FailsWith(ErrorCode::kValidation,
                "Request is invalid. Stream clicks under account 123456789012 is in On-Demand "
                "mode.");
  EXPECT_THAT(world.Split("clicks", "0", "5"), refused);
  EXPECT_THAT(world.Merge("clicks", "0", "1"), refused);
  EXPECT_THAT(world.Scale("clicks", 8), refused);
  world.Drive(absl::Minutes(15), 24);
  EXPECT_THAT(world.Split("clicks", "4", "5"), refused);
  EXPECT_EQ(world.OpenCount(), 8U);
}

TEST(OnDemandStream, DoesNotCountInTheQuotaOfShards) {
  EngineOptions options = SmallShards();
  options.limits.shards_per_account = 5;
  OnDemandWorld world(options);
  world.Drive(absl::Minutes(15), 24);
  EXPECT_EQ(world.OpenCount(), 8U);
  world.Create("orders", 5);
  EXPECT_THAT(world.Split("orders", "0", "5"),
              FailsWith(ErrorCode::kLimitExceeded, ShardLimitText(5, 5, 1)));
}

TEST(OnDemandStream, EndsAtTheCeiling) {
  EngineOptions options = SmallShards();
  options.limits.shards_per_on_demand_stream = 6;
  OnDemandWorld world(options);
  world.Drive(absl::Minutes(35), 60);
  EXPECT_EQ(world.OpenCount(), 6U);
  EXPECT_EQ(world.Drive(absl::Minutes(30), 60), 30 * 60 * 10) << "two shards are too small";
  EXPECT_EQ(world.OpenCount(), 6U);
}

TEST(OnDemandStream, WithoutLimitsHasNoNeedToGrow) {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  OnDemandWorld world(options);
  world.Drive(absl::Minutes(30), 400);
  EXPECT_EQ(world.OpenCount(), 4U);
}

TEST(OnDemandStream, KeepsItsCapacityForThirtyDaysAndThenShrinks) {
  OnDemandWorld world;
  world.Drive(absl::Minutes(30), 60);
  ASSERT_EQ(world.OpenCount(), 16U);
  world.Advance(absl::Hours(24 * 30) - absl::Minutes(30));
  EXPECT_EQ(world.OpenCount(), 16U);
  EXPECT_EQ(world.Drive(absl::Seconds(1), 160), 0);
  world.Advance(absl::Hours(24));
  EXPECT_EQ(world.OpenCount(), 8U) << "at most to half in a day";
  world.Advance(absl::Hours(24));
  EXPECT_EQ(world.OpenCount(), 4U);
  world.Advance(absl::Hours(24 * 365));
  EXPECT_THAT(world.Shards("clicks"), SizeIs(4)) << "and no further; what was closed has expired";
  EXPECT_THAT(world.Ranges(),
              ElementsAre(Part(0, 0, 4), Part(1, 1, 4), Part(2, 2, 4), Part(3, 3, 4)));
}

TEST(OnDemandStream, MergesOnlyWhatIsIdle) {
  OnDemandWorld world;
  world.Drive(absl::Minutes(15), 24);
  ASSERT_EQ(world.OpenCount(), 8U);
  for (int day = 0; day < 32; ++day) {
    world.Drive(absl::Minutes(2), 8, 0, 64);  // four a second in each of the lowest two
    world.Advance(absl::Hours(24) - absl::Minutes(2));
  }
  EXPECT_THAT(world.Ranges(), ElementsAre(Part(0, 0, 8), Part(1, 1, 8), Part(1, 1, 4),
                                          Part(2, 2, 4), Part(3, 3, 4)));
}

TEST(OnDemandStream, KeepsRecordsInOrderWhenShardsAreMerged) {
  EngineOptions options = SmallShards();
  options.limits.on_demand_peak_memory = absl::Hours(5);
  OnDemandWorld world(options);
  world.Drive(absl::Minutes(30), 60);
  ASSERT_EQ(world.OpenCount(), 16U);
  for (int i = 0; i < 36; ++i) {
    world.Drive(absl::Seconds(5), 60);
    world.Advance(absl::Minutes(10));
  }
  EXPECT_EQ(world.OpenCount(), 4U);
  EXPECT_EQ(world.ReadTree(), world.put());
}

// What is due happens in the order in which it is due, each at its own time, whoever looks when.
TEST(OnDemandStream, IsTheSameWhetherTimePassesInStepsOrAtOnce) {
  OnDemandWorld steps;
  OnDemandWorld leap;
  for (OnDemandWorld* world : {&steps, &leap}) world->Drive(absl::Minutes(30), 60);
  for (int hour = 0; hour < 24 * 33; ++hour) {
    steps.Advance(absl::Hours(1));
    steps.engine.Settle();
  }
  leap.Advance(absl::Hours(24 * 33));
  EXPECT_EQ(steps.Shards("clicks"), leap.Shards("clicks"));
  EXPECT_EQ(steps.OpenCount(), 4U);
}

TEST(OnDemandStream, IsSplitAtItsOwnTimeWhenTimeJumps) {
  OnDemandWorld world;
  const std::int64_t start = world.NowSeconds();
  world.Drive(absl::Minutes(1), 24);
  world.Advance(absl::Hours(10));
  const std::vector<Shard> shards = world.Shards("clicks");
  ASSERT_THAT(shards, SizeIs(12));
  EXPECT_EQ(shards[0].sequence_number_range.ending_sequence_number->Decode()->time_seconds,
            start + 14 * 60);
}

TEST(OnDemandStream, ShrinksAndGrowsAgainAfterCenturies) {
  OnDemandWorld world;
  world.Drive(absl::Minutes(15), 24);
  world.clock.SetTime(absl::FromUnixSeconds(7'000'000'000));
  EXPECT_EQ(world.OpenCount(), 4U);
  world.Drive(absl::Minutes(15), 24);
  EXPECT_EQ(world.OpenCount(), 8U);
  world.clock.SetTime(absl::InfiniteFuture());
  for (int i = 0; i < 2; ++i) world.TryPut("clicks", "k").status().IgnoreError();
  EXPECT_EQ(world.OpenCount(), 4U) << "at the end of time";
}

TEST(OnDemandStream, TwoRunsAreEqual) {
  const auto run = [] {
    OnDemandWorld world;
    world.Drive(absl::Minutes(17), 24);
    world.Drive(absl::Minutes(20), 37, 30, 90);
    world.Drive(absl::Minutes(20), 200);
    return world.Shards("clicks");
  };
  const std::vector<Shard> first = run();
  EXPECT_GT(first.size(), 16U);
  EXPECT_EQ(first, run());
}

// An hour again, at a rate that is no reason to split: the hour must not count as one minute.
TEST(OnDemandStream, IsNotMovedByAClockThatIsSetBack) {
  OnDemandWorld world;
  world.Drive(absl::Hours(1), 12);
  world.Advance(-absl::Hours(1));
  world.Drive(absl::Hours(3), 12);
  EXPECT_THAT(world.Shards("clicks"), SizeIs(4));
  world.Drive(absl::Minutes(15), 24);
  EXPECT_EQ(world.OpenCount(), 8U);
}

TEST(OnDemandStream, MayBeDeletedWhileItScales) {
  EngineOptions options = SmallShards();
  options.lifecycle.delete_stream = absl::Hours(1);
  OnDemandWorld world(options);
  world.Drive(absl::Minutes(10), 24);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "clicks"}), Succeeds());
  world.Drive(absl::Minutes(30), 24);
  EXPECT_EQ(world.OpenCount(), 4U) << "a stream in DELETING takes records and grows no more";
  world.Advance(absl::Hours(1));
  world.CreateOnDemand("clicks");
  EXPECT_EQ(world.OpenCount(), 4U);
}

TEST(ProvisionedStream, DoesNotScaleByItself) {
  RecordWorld world(SmallShards());
  world.Create("orders");
  for (int i = 0; i < 3600; ++i) {
    for (int n = 0; n < 10; ++n) world.Put("orders", "k");
    world.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(world.Shards("orders"), SizeIs(1));
}

}  // namespace
}  // namespace riacho
