// Which states a stream is made of, and which it is not.
#include "stream/stream_state.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "shard/segment_pool.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kOneSecond = 1'000'000'000;
constexpr std::int64_t kSavedAtNanos = std::int64_t{1'767'225'600} * kOneSecond;  // 2026-01-01

StreamOptions OptionsFor(const Lifecycle& lifecycle) {
  Limits limits = Limits::Unlimited();
  limits.maximum_retention_period_hours = INT64_MAX;
  return {.name = "orders",
          .arn = "arn",
          .account_id = "123456789012",
          .region = "us-east-1",
          .limits = limits,
          .lifecycle = lifecycle,
          .memory = std::make_shared<SegmentPool>(),
          .shard_count = 2};
}

std::unique_ptr<Stream> ActiveStream(const Lifecycle& lifecycle = {}) {
  auto stream = std::make_unique<Stream>(OptionsFor(lifecycle), kSavedAtNanos);
  stream->Settle(kSavedAtNanos);
  return stream;
}

// Shard 0 is split: the children are shown in 30 seconds, or now, and take over in 40.
StreamState SplitUnderWay(absl::Duration shown_after) {
  const std::unique_ptr<Stream> stream =
      ActiveStream({.reshard = shown_after, .hand_over = absl::Seconds(40)});
  EXPECT_TRUE(stream->Split({0}, "1000", 0, kSavedAtNanos).ok());
  return stream->Save().state;
}
StreamState ToBeShown() { return SplitUnderWay(absl::Seconds(30)); }
StreamState ToBeHandedOver() { return SplitUnderWay(absl::ZeroDuration()); }

std::unique_ptr<Stream> Restored(const StreamState& state) {
  EXPECT_EQ(WhatIsWrong(state), "");
  std::vector<std::shared_ptr<LiveShard>> shards;
  const StreamOptions options = OptionsFor({});
  for (const ShardState& shard : state.shards) {
    shards.push_back(std::make_shared<LiveShard>(shard, options.limits, std::int64_t{1} << 20,
                                                 kSavedAtNanos, options.memory));
    if (shard.sealed) shards.back()->log.Seal();
  }
  return std::make_unique<Stream>(options, state, shards, kSavedAtNanos);
}

void ExpectWrong(StreamState state, const std::function<void(StreamState&)>& change,
                 const std::string& what) {
  EXPECT_EQ(WhatIsWrong(state), "");
  change(state);
  EXPECT_EQ(WhatIsWrong(state), what);
}

TEST(StreamState, APutMeetsNoSealedShardThatNobodyFollows) {
  ExpectWrong(
      ActiveStream()->Save().state, [](StreamState& state) { state.shards[1].sealed = true; },
      "shards that take records");
  ExpectWrong(
      ToBeHandedOver(), [](StreamState& state) { state.shards[3].sealed = true; }, "reshards");
}

TEST(StreamState, OpenShardsCoverTheKeySpace) {
  ExpectWrong(
      ActiveStream()->Save().state, [](StreamState& state) { state.listed = {0}; }, "open shards");
  ExpectWrong(
      ActiveStream()->Save().state, [](StreamState& state) { state.shards[0].end_seconds = 1; },
      "open shards");
  ExpectWrong(
      ToBeHandedOver(),
      [](StreamState& state) {
        state.listed = {0, 1, 2};
      },
      "open shards");
}

TEST(StreamState, OpenShardsCoverTheKeySpaceAfterEachReshard) {
  ExpectWrong(
      ToBeShown(),
      [](StreamState& state) { ++state.shards[3].identity.hash_key_range.starting_hash_key.value; },
      "reshards");
  ExpectWrong(
      ToBeShown(), [](StreamState& state) { state.shards[3].end_seconds = 1; }, "reshards");
  ExpectWrong(
      ToBeShown(), [](StreamState& state) { state.steps[0].families[0].parents = {1}; },
      "reshards");
}

TEST(StreamState, AShardWithAnEndIsHandedOver) {
  ExpectWrong(
      ToBeHandedOver(), [](StreamState& state) { state.transitions.clear(); }, "reshards");
}

TEST(StreamState, AReshardIsShownBeforeItIsHandedOver) {
  ExpectWrong(
      ToBeShown(),
      [](StreamState& state) {
        for (TransitionState& transition : state.transitions) transition.at_nanos = 0;
        std::ranges::reverse(state.transitions);
      },
      "reshards");
}

TEST(StreamState, WarmShardsAreBounded) {
  ExpectWrong(
      ActiveStream()->Save().state,
      [](StreamState& state) { state.scaling.warm_shards = INT64_MAX; }, "warm shards");
}

TEST(StreamState, SecondsAreThoseOfASequenceNumber) {
  StreamState state = ToBeShown();
  for (const std::size_t child : std::vector<std::size_t>{2, 3})
    state.shards[child].identity.create_seconds = (std::int64_t{1} << 36) - 1;
  ExpectWrong(
      state, [](StreamState& of) { ++of.shards[3].identity.create_seconds; },
      "second of creation of shardId-000000000003");
}

// Whenever a shard ended, and however long its records are kept: the stream is looked at later, not
// at a time before all times.
TEST(StreamState, RecordsOfAShardMayBeKeptBeyondTheEndOfTime) {
  const std::unique_ptr<Stream> stream = ActiveStream();
  ASSERT_TRUE(stream->IncreaseRetention(kMostRetentionHours, kSavedAtNanos).ok());
  ASSERT_TRUE(stream->Split({0}, "1000", 0, kSavedAtNanos).ok());
  stream->TrimNow(kSavedAtNanos);
  EXPECT_GT(stream->due_at_nanos(), kSavedAtNanos);

  StreamState state = stream->Save().state;
  EXPECT_EQ(state.retention_hours, kMostRetentionHours);
  state.shards[0].end_seconds = (std::int64_t{1} << 36) - 1;
  const std::unique_ptr<Stream> restored = Restored(state);
  restored->TrimNow(kSavedAtNanos);
  EXPECT_GT(restored->due_at_nanos(), kSavedAtNanos);
}

TEST(StreamState, RetentionIsBoundedByWhatNanosecondsHold) {
  const std::unique_ptr<Stream> stream = ActiveStream();
  EXPECT_FALSE(stream->IncreaseRetention(kMostRetentionHours + 1, kSavedAtNanos).ok());
  ExpectWrong(
      stream->Save().state,
      [](StreamState& state) { state.retention_hours = kMostRetentionHours + 1; },
      "retention period");
}

}  // namespace
}  // namespace riacho::internal
