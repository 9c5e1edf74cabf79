// From parents to children: what producers and readers see while a reshard takes its time.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Type = ShardIteratorType;

class HandOver : public testing::Test {
 protected:
  HandOver() : world(ServiceTimes()) {
    world.Create("orders");
    world.Advance(absl::Milliseconds(500));
    called = world.clock.TimeNow();
  }

  void Split() { ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds()); }
  void At(absl::Duration after_call) { world.clock.SetTime(called + after_call); }
  // Until when the parent takes puts, by its ending number: the end of that second.
  absl::Time EndOf(std::uint32_t shard) {
    return absl::FromUnixSeconds(world.Shards("orders")[shard]
                                     .sequence_number_range.ending_sequence_number->Decode()
                                     ->time_seconds +
                                 1);
  }

  RecordWorld world;
  absl::Time called;
};

TEST_F(HandOver, ShardsAreAsBeforeWhileTheStreamIsUpdating) {
  Split();
  At(absl::Milliseconds(5'999));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_THAT(world.Shards("orders"), SizeIs(1));
  EXPECT_THAT(world.TryIterator("orders", "1", Type::kTrimHorizon),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(1, "orders")));
  EXPECT_EQ(world.Put("orders", "k").shard_id, ShardId{0});
}

TEST_F(HandOver, ChildrenAreListedWithActiveAndBeginASecondAfterTheParentsEnd) {
  Split();
  At(absl::Seconds(6));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(shards, SizeIs(3));
  const SequenceNumber::Fields end =
      *shards[0].sequence_number_range.ending_sequence_number->Decode();
  EXPECT_EQ(end.index, SequenceNumber::kLastIndex);
  const absl::Duration ahead = absl::FromUnixSeconds(end.time_seconds) - called;
  EXPECT_GE(ahead, absl::Seconds(25));
  EXPECT_LE(ahead, absl::Seconds(27));
  for (const std::size_t child : {1u, 2u}) {
    const SequenceNumber start = shards[child].sequence_number_range.starting_sequence_number;
    EXPECT_EQ(start.Decode()->shard_create_seconds, end.time_seconds + 1);
    EXPECT_GT(start, *shards[0].sequence_number_range.ending_sequence_number);
  }
}

TEST_F(HandOver, PutsGoToTheParentUntilItsEndAndToTheChildrenAfter) {
  Split();
  At(absl::Seconds(6));
  const absl::Time end = EndOf(0);
  EXPECT_EQ(world.PutAt("orders", "0").shard_id, ShardId{0});
  world.clock.SetTime(end - absl::Milliseconds(1));
  const PutRecordResponse last = world.PutAt("orders", "0");
  EXPECT_EQ(last.shard_id, ShardId{0});
  world.clock.SetTime(end);
  const PutRecordResponse lower = world.PutAt("orders", "0");
  const PutRecordResponse upper = world.PutAt("orders", kLargestHashKey);
  EXPECT_EQ(lower.shard_id, ShardId{1});
  EXPECT_EQ(upper.shard_id, ShardId{2});
  EXPECT_GT(lower.sequence_number, last.sequence_number);
  // The second in a number is that of arrival, on both sides.
  EXPECT_EQ(last.sequence_number.Decode()->time_seconds, absl::ToUnixSeconds(end) - 1);
  EXPECT_EQ(lower.sequence_number.Decode()->time_seconds, absl::ToUnixSeconds(end));
}

TEST_F(HandOver, ReadersOfTheParentGoOnUntilItsEnd) {
  Split();
  At(absl::Seconds(6));
  std::string iterator = world.Iterator("orders", 0);
  const absl::Time end = EndOf(0);
  for (; world.clock.TimeNow() < end; world.Advance(absl::Seconds(1))) {
    const GetRecordsResponse page = world.Read(iterator);
    EXPECT_THAT(page.child_shards, IsEmpty());
    iterator = page.next_shard_iterator.value();
  }
  const GetRecordsResponse terminal = world.Read(iterator);
  EXPECT_EQ(terminal.next_shard_iterator, std::nullopt);
  EXPECT_THAT(terminal.child_shards, SizeIs(2));
}

TEST_F(HandOver, ChildrenAreReadableAndEmptyBeforeTheyTakePuts) {
  Split();
  At(absl::Seconds(6));
  world.Put("orders", "k", "to the parent");
  std::string iterator = world.Iterator("orders", 1);
  const std::string latest = world.Iterator("orders", 2, Type::kLatest);
  const GetRecordsResponse page = world.Read(iterator);
  EXPECT_THAT(page.records, IsEmpty());
  EXPECT_EQ(page.millis_behind_latest, 0);
  world.clock.SetTime(EndOf(0));
  world.PutAt("orders", "0", "lower");
  world.PutAt("orders", kLargestHashKey, "upper");
  EXPECT_THAT(DataOf(world.Read(page.next_shard_iterator.value())), ElementsAre("lower"));
  EXPECT_THAT(DataOf(world.Read(latest)), ElementsAre("upper"));
}

TEST_F(HandOver, SubscriptionsToTheParentIdleUntilItsEnd) {
  const std::string arn = world.Register("orders", "billing");
  Split();
  const absl::Time split_at = world.clock.TimeNow();
  world.Advance(absl::Seconds(6));
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);
  const absl::Time end = EndOf(0);
  EXPECT_LE(end, split_at + absl::Seconds(28));
  std::optional<SubscribeToShardEvent> last;
  int idle = 0;
  while (!subscription->ended()) {
    world.clock.SetTime(subscription->next_poll());
    const std::optional<SubscribeToShardEvent> event = Next(*subscription);
    if (!event.has_value()) continue;
    if (event->continuation_sequence_number.has_value()) {
      ++idle;
    } else {
      EXPECT_THAT(event->child_shards, SizeIs(2));
      EXPECT_EQ(world.clock.TimeNow(), end) << "the end is announced when it comes";
    }
  }
  EXPECT_EQ(idle, 4);
}

TEST_F(HandOver, TheEndingNumberIsAPositionBeforeTheEnd) {
  Split();
  At(absl::Seconds(6));
  const SequenceNumber ending =
      *world.Shards("orders")[0].sequence_number_range.ending_sequence_number;
  const std::string iterator = world.IteratorAfter("orders", 0, ending);
  const GetRecordsResponse page = world.Read(iterator);
  EXPECT_THAT(page.records, IsEmpty());
  EXPECT_NE(page.next_shard_iterator, std::nullopt);
  world.clock.SetTime(EndOf(0));
  EXPECT_THAT(world.Read(iterator).child_shards, SizeIs(2));
}

TEST_F(HandOver, AMergeHandsOverFromBothParentsAtOnce) {
  world.Create("pairs", 2);
  ASSERT_THAT(world.Merge("pairs", "0", "1"), Succeeds());
  world.Advance(absl::Seconds(6));
  EXPECT_EQ(world.PutAt("pairs", "0").shard_id, ShardId{0});
  EXPECT_EQ(world.PutAt("pairs", kLargestHashKey).shard_id, ShardId{1});
  world.Advance(absl::Seconds(21));
  EXPECT_EQ(world.PutAt("pairs", "0").shard_id, ShardId{2});
  EXPECT_EQ(world.PutAt("pairs", kLargestHashKey).shard_id, ShardId{2});
}

TEST_F(HandOver, AShardWhoseEndIsSetIsRefusedAsClosed) {
  Split();
  At(absl::Seconds(6));
  EXPECT_THAT(
      world.Halve("orders", world.Shards("orders")[0]),
      FailsWith(ErrorCode::kInvalidArgument,
                "Shard shardId-000000000000 in stream orders under account 123456789012 has "
                "already been merged or split, and thus is not eligible for merging or "
                "splitting."));
}

// A child may be split before it takes its first record; it then holds none, or those of its own
// short time, and every key still has one way down the tree.
TEST_F(HandOver, AChildMayBeSplitBeforeItTakesPuts) {
  Split();
  At(absl::Seconds(7));
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[1]), Succeeds());
  std::vector<std::string> put;
  for (int i = 0; i < 60; ++i) {
    put.push_back(std::to_string(i));
    world.PutAt("orders", "0", put.back());
    world.Advance(absl::Seconds(1));
  }
  std::vector<std::string> seen;
  for (const std::string shard : {"0", "1", "3"}) {
    for (std::string& data : world.ReadAll("orders", shard)) seen.push_back(std::move(data));
    world.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(seen, put);
}

TEST_F(HandOver, AllThatWasDueIsSettledByWhoLooksNext) {
  Split();
  At(absl::Hours(1));
  EXPECT_EQ(world.PutAt("orders", "0").shard_id, ShardId{1});
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).child_shards, SizeIs(2));
}

}  // namespace
}  // namespace riacho
