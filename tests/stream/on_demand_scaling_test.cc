#include "stream/on_demand_scaling.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kStart = 20'454 * kDay;  // 2026-01-01

constexpr std::int64_t kMostBytes = std::int64_t{60} * 500 * 1024;  // of a shard in a window
constexpr std::int64_t kMostRecords = std::int64_t{60} * 500;

OnDemandScaling::OpenShards Uniform(std::int64_t count) {
  OnDemandScaling::OpenShards open;
  for (const HashKeyRange& range : UniformPartition(count)) {
    open.push_back(
        {.shard_id = {static_cast<std::uint32_t>(open.size())}, .hash_key_range = range});
  }
  return open;
}

std::vector<HashKeyRange> RangesOf(const OnDemandScaling::OpenShards& open) {
  std::vector<HashKeyRange> ranges;
  for (const auto& shard : open) ranges.push_back(shard.hash_key_range);
  return ranges;
}

std::vector<std::size_t> FirstParents(const ReshardRound& round) {
  std::vector<std::size_t> positions;
  for (const ReshardAction& action : round) positions.push_back(action.first_parent);
  return positions;
}

// What a shard took in the window before `window_end`.
bool Observe(OnDemandScaling& scaling, std::uint32_t shard, std::int64_t bytes,
             std::int64_t records, std::int64_t window_end) {
  return scaling.Observe({shard}, {.bytes = bytes, .records = records}, window_end);
}

class OnDemand : public testing::Test {
 protected:
  OnDemandScaling scaling{Limits::Service(), Lifecycle()};
};

TEST_F(OnDemand, WindowsAreTheMinutesOfTheClock) {
  EXPECT_EQ(scaling.WindowEnd(kStart), kStart + kMinute);
  EXPECT_EQ(scaling.WindowEnd(kStart + kMinute - 1), kStart + kMinute);
  EXPECT_EQ(scaling.WindowEnd(kStart + kMinute), kStart + 2 * kMinute);
  EXPECT_EQ(scaling.WindowEnd(-1), 0) << "before 1970";
  EXPECT_EQ(scaling.WindowEnd(INT64_MAX), INT64_MAX) << "at the end of time";
}

TEST_F(OnDemand, AShardIsSplitWhenItTakesMoreThan500KilobytesASecond) {
  EXPECT_FALSE(Observe(scaling, 0, kMostBytes, 1, kStart));
  EXPECT_TRUE(Observe(scaling, 1, kMostBytes + 1, 1, kStart));
}

TEST_F(OnDemand, AShardIsSplitWhenItTakesMoreThan500RecordsASecond) {
  EXPECT_FALSE(Observe(scaling, 0, 0, kMostRecords, kStart));
  EXPECT_TRUE(Observe(scaling, 1, 0, kMostRecords + 1, kStart));
}

TEST_F(OnDemand, AShardIsSplitOnceForManyWindows) {
  EXPECT_TRUE(Observe(scaling, 0, kMostBytes + 1, 1, kStart));
  EXPECT_FALSE(Observe(scaling, 0, kMostBytes + 1, 1, kStart + kMinute));
}

// Twice what a shard takes must fit into it.
TEST(OnDemandLimits, AShardOfASmallerLimitIsSplitWhenItIsHalfFull) {
  Limits limits;
  limits.shard_write_records_per_second = 10;
  OnDemandScaling scaling(limits, Lifecycle());
  EXPECT_FALSE(Observe(scaling, 0, 0, 300, kStart));
  EXPECT_TRUE(Observe(scaling, 0, 0, 301, kStart + kMinute));
}

TEST(OnDemandLimits, WithoutALimitNothingIsSplit) {
  EXPECT_FALSE(OnDemandScaling(Limits::Unlimited(), Lifecycle()).enabled());
  Limits limits;
  limits.on_demand_split_bytes_per_second = Limits::kUnlimited;
  OnDemandScaling scaling(limits, Lifecycle());
  EXPECT_TRUE(scaling.enabled());
  EXPECT_FALSE(Observe(scaling, 0, INT64_MAX, 1, kStart));
  EXPECT_TRUE(Observe(scaling, 0, 1, kMostRecords + 1, kStart + kMinute));
}

// The traffic that filled a window may have grown as soon as the window before had begun.
TEST_F(OnDemand, ChildrenTakeOverWithinFifteenMinutesOfTheGrowth) {
  EXPECT_EQ(scaling.SplitAt(kStart), kStart + 13 * kMinute);
}

TEST(OnDemandReaction, IsShorterByTheHandOverAndNeverBeforeTheWindowEnds) {
  EXPECT_EQ(OnDemandScaling(Limits(), Lifecycle::Service()).SplitAt(kStart),
            kStart + 13 * kMinute - 26 * kSecond);
  Limits quick;
  quick.on_demand_reaction = absl::ZeroDuration();
  EXPECT_EQ(OnDemandScaling(quick, Lifecycle()).SplitAt(kStart), kStart);
  Limits never;
  never.on_demand_reaction = absl::InfiniteDuration();
  EXPECT_EQ(OnDemandScaling(never, Lifecycle()).SplitAt(kStart), INT64_MAX);
  EXPECT_EQ(OnDemandScaling(Limits(), {.hand_over = absl::InfiniteDuration()}).SplitAt(kStart),
            kStart);
}

TEST_F(OnDemand, DueShardsAreSplitInTheMiddle) {
  const OnDemandScaling::OpenShards open = Uniform(4);
  Observe(scaling, 1, kMostBytes + 1, 1, kStart);
  Observe(scaling, 3, kMostBytes + 1, 1, kStart + kMinute);
  EXPECT_THAT(scaling.PlanSplits(open, kStart + 13 * kMinute - 1), IsEmpty());
  const ReshardRound first = scaling.PlanSplits(open, kStart + 13 * kMinute);
  ASSERT_THAT(FirstParents(first), ElementsAre(1));
  const std::vector<HashKeyRange> eighths = UniformPartition(8);
  EXPECT_THAT(first[0].children, ElementsAre(eighths[2], eighths[3]));
  EXPECT_THAT(FirstParents(scaling.PlanSplits(open, kStart + 14 * kMinute)), ElementsAre(3));
  EXPECT_THAT(scaling.PlanSplits(open, kStart + kDay), IsEmpty());
}

TEST(OnDemandCeiling, TheWidestShardsAreSplitFirstAndTheRestIsForgotten) {
  Limits limits;
  limits.shards_per_on_demand_stream = 7;
  OnDemandScaling scaling(limits, Lifecycle());
  const OnDemandScaling::OpenShards open = {
      {.shard_id = {0}, .hash_key_range = UniformPartition(8)[0]},
      {.shard_id = {1}, .hash_key_range = UniformPartition(8)[1]},
      {.shard_id = {2}, .hash_key_range = UniformPartition(4)[1]},
      {.shard_id = {3}, .hash_key_range = UniformPartition(4)[2]},
      {.shard_id = {4}, .hash_key_range = UniformPartition(4)[3]},
  };
  for (const std::uint32_t shard : {0U, 1U, 3U, 4U})
    Observe(scaling, shard, kMostBytes + 1, 1, kStart);
  EXPECT_THAT(FirstParents(scaling.PlanSplits(open, kStart + kDay)), ElementsAre(3, 4));
  EXPECT_THAT(scaling.PlanSplits(open, kStart + kDay), IsEmpty());
  EXPECT_TRUE(Observe(scaling, 0, kMostBytes + 1, 1, kStart + kDay)) << "until it is hot again";
}

TEST_F(OnDemand, AShardOfTooFewKeysIsNotSplit) {
  OnDemandScaling::OpenShards open = {
      {.shard_id = {0}, .hash_key_range = {HashKey{0}, HashKey{3}}},
      {.shard_id = {1}, .hash_key_range = {HashKey{4}, HashKey{6}}},
      {.shard_id = {2}, .hash_key_range = {HashKey{7}, HashKey::Max()}},
  };
  for (const std::uint32_t shard : {0U, 1U}) Observe(scaling, shard, kMostBytes + 1, 1, kStart);
  const ReshardRound round = scaling.PlanSplits(open, kStart + kDay);
  ASSERT_THAT(FirstParents(round), ElementsAre(0));
  EXPECT_THAT(round[0].children, ElementsAre(HashKeyRange{HashKey{0}, HashKey{1}},
                                             HashKeyRange{HashKey{2}, HashKey{3}}));
}

TEST_F(OnDemand, WarmThroughputHalvesShardsUntilNoneIsTooWide) {
  scaling.HoldCapacityFor(10);
  const std::vector<ReshardRound> rounds = scaling.PlanWarmUp(Uniform(4));
  ASSERT_THAT(rounds, SizeIs(2));
  EXPECT_EQ(AfterRound(AfterRound(RangesOf(Uniform(4)), rounds[0]), rounds[1]),
            UniformPartition(16));
  EXPECT_THAT(scaling.PlanWarmUp(Uniform(10)), IsEmpty()) << "they are as wide as they may be";
  EXPECT_THAT(scaling.PlanWarmUp(Uniform(9)), SizeIs(1));
}

TEST_F(OnDemand, WarmThroughputEndsAtTheCeiling) {
  scaling.HoldCapacityFor(10240);
  std::vector<HashKeyRange> ranges = RangesOf(Uniform(4));
  for (const ReshardRound& round : scaling.PlanWarmUp(Uniform(4)))
    ranges = AfterRound(ranges, round);
  EXPECT_THAT(ranges, SizeIs(10240));
}

TEST_F(OnDemand, NeighboursWithRoomForBothAreMergedTheNarrowestFirst) {
  const std::vector<HashKeyRange> eighths = UniformPartition(8);
  const std::vector<HashKeyRange> sixteenths = UniformPartition(16);
  // 1/8, 1/16, 1/16, and six of 1/8.
  OnDemandScaling::OpenShards open = {{.shard_id = {0}, .hash_key_range = eighths[0]},
                                      {.shard_id = {1}, .hash_key_range = sixteenths[2]},
                                      {.shard_id = {2}, .hash_key_range = sixteenths[3]}};
  for (std::uint32_t i = 2; i < 8; ++i)
    open.push_back({.shard_id = {i + 1}, .hash_key_range = eighths[i]});
  const ReshardRound round = scaling.PlanMerges(open, kStart);
  EXPECT_THAT(FirstParents(round), ElementsAre(1, 3, 5, 7));
  EXPECT_THAT(round[0].children, ElementsAre(eighths[1]));
}

TEST_F(OnDemand, ShardsAreNotMergedToBeWiderThanThoseOfANewStream) {
  EXPECT_THAT(scaling.PlanMerges(Uniform(4), kStart), IsEmpty());
  EXPECT_EQ(scaling.NextMerges(Uniform(4), kStart), std::nullopt);
  EXPECT_THAT(scaling.PlanMerges(Uniform(7), kStart), IsEmpty());
  EXPECT_THAT(scaling.PlanMerges(Uniform(8), kStart), SizeIs(4));
  EXPECT_EQ(scaling.NextMerges(Uniform(8), kStart + 1), kStart + kDay);
}

TEST_F(OnDemand, ShardsAreNotMergedBelowTheWarmThroughput) {
  scaling.HoldCapacityFor(8);
  EXPECT_THAT(scaling.PlanMerges(Uniform(8), kStart), IsEmpty());
  scaling.HoldCapacityFor(0);
  EXPECT_THAT(scaling.PlanMerges(Uniform(8), kStart), SizeIs(4));
}

TEST_F(OnDemand, PeaksKeepShardsApartForThirtyDays) {
  const OnDemandScaling::OpenShards open = Uniform(8);
  Observe(scaling, 0, kMostBytes / 2, 1, kStart + kMinute);
  Observe(scaling, 1, kMostBytes / 2 + 1, 1, kStart + 2 * kMinute);
  Observe(scaling, 2, 0, kMostRecords / 2, kStart + kMinute);
  Observe(scaling, 3, 0, kMostRecords / 2, kStart + 2 * kMinute);
  EXPECT_THAT(FirstParents(scaling.PlanMerges(open, kStart + kMinute)), ElementsAre(2, 4, 6));
  EXPECT_THAT(FirstParents(scaling.PlanMerges(open, kStart + 30 * kDay)), ElementsAre(2, 4, 6));
  EXPECT_THAT(FirstParents(scaling.PlanMerges(open, kStart + 31 * kDay)), ElementsAre(0, 2, 4, 6));
}

TEST_F(OnDemand, ALaterLowDoesNotHideAPeak) {
  Observe(scaling, 0, kMostBytes, 1, kStart + kMinute);
  for (int day = 0; day < 30; ++day) Observe(scaling, 0, 1, 1, kStart + 2 * kMinute + day * kDay);
  Observe(scaling, 1, 1, 1, kStart + kMinute);
  EXPECT_THAT(FirstParents(scaling.PlanMerges(Uniform(8), kStart + 29 * kDay)),
              ElementsAre(2, 4, 6));
}

TEST_F(OnDemand, ChildrenOfASplitInheritHalfThePeaksAndThatOfAMergeTheSum) {
  Observe(scaling, 0, kMostBytes + 1, 3, kStart + kMinute);
  scaling.Inherit({{0}}, {{1}, {2}});
  OnDemandScaling::OpenShards open = Uniform(8);
  for (std::size_t i = 0; i < 8; ++i) open[i].shard_id.number += 1;
  EXPECT_THAT(FirstParents(scaling.PlanMerges(open, kStart)), ElementsAre(2, 4, 6))
      << "halves of too much are together still too much";

  scaling.Inherit({{3}, {4}}, {{9}});
  scaling.Inherit({{1}, {2}}, {{10}});
  EXPECT_FALSE(Observe(scaling, 10, 1, 1, kStart + kMinute)) << "a peak of old splits nothing";
  open[0].shard_id = {10};
  open[1].shard_id = {9};
  EXPECT_THAT(FirstParents(scaling.PlanMerges(open, kStart)), ElementsAre(2, 4, 6));
}

TEST_F(OnDemand, WhatWasBroughtAlongIsKeptForThirtyDays) {
  const OnDemandScaling::OpenShards open = Uniform(100);
  scaling.Start(open, kStart);
  EXPECT_THAT(scaling.PlanMerges(open, kStart + 30 * kDay), IsEmpty());
  EXPECT_THAT(scaling.PlanMerges(open, kStart + 31 * kDay), SizeIs(48))
      << "of 25 shards in a quarter, 24";
}

TEST_F(OnDemand, StartForgetsWhatWasBefore) {
  Observe(scaling, 0, kMostBytes + 1, 1, kStart);
  scaling.Start(Uniform(4), kStart);
  EXPECT_THAT(scaling.PlanSplits(Uniform(4), kStart + kDay), IsEmpty());
}

}  // namespace
}  // namespace riacho::internal
