// The bugs that nearly every re-implementation of the service has had, each by its name. The tests
// of the operations say the same at length.
#include <optional>
#include <set>
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

class KnownBugs : public testing::Test {
 protected:
  KnownBugs() : world(WithoutThroughputLimits()) { world.Create("orders"); }

  void Split() { ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds()); }

  RecordWorld world;
};

TEST_F(KnownBugs, LatestIsResolvedWhenTheIteratorIsIssued) {
  const std::string iterator = world.Iterator("orders", 0, Type::kLatest);
  world.Put("orders", "k", "put before the first read");
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("put before the first read"));
}

TEST_F(KnownBugs, AnIteratorIsNotUsedUpByReading) {
  world.Put("orders", "k", "x");
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("x"));
}

TEST_F(KnownBugs, TheNextShardIteratorIsNotRepeated) {
  std::set<std::string> seen;
  std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(seen.insert(iterator).second) << "page " << i;
    world.Put("orders", "k", "x");
    iterator = world.Read(iterator).next_shard_iterator.value();
  }
}

TEST_F(KnownBugs, TheNextShardIteratorIsNeverMissingOnAnOpenShard) {
  std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 100; ++i) {
    if (i % 7 == 0) world.Put("orders", "k", "x");
    world.Advance(absl::Minutes(4));
    const GetRecordsResponse page = world.Read(iterator);
    ASSERT_NE(page.next_shard_iterator, std::nullopt) << "page " << i;
    iterator = *page.next_shard_iterator;
  }
}

TEST_F(KnownBugs, AClosedShardEndsAndNamesItsChildren) {
  for (int i = 0; i < 10; ++i) world.Put("orders", "k", "x");
  Split();
  std::optional<std::string> iterator = world.Iterator("orders", 0);
  std::vector<ChildShard> children;
  int pages = 0;
  while (iterator.has_value()) {
    ASSERT_LT(++pages, 10) << "never ends";
    const GetRecordsResponse page = world.Read(*iterator, 3);
    iterator = page.next_shard_iterator;
    children = page.child_shards;
  }
  EXPECT_EQ(pages, 5) << "four of records and the terminal one";
  EXPECT_THAT(children, SizeIs(2));
}

TEST_F(KnownBugs, AnAdvertisedStartingSequenceNumberIsAccepted) {
  world.Create("many", 20);
  ASSERT_THAT(world.Halve("many", world.Shards("many")[3]), Succeeds());
  ASSERT_THAT(world.Merge("many", "7", "8"), Succeeds());
  for (const Shard& shard : world.Shards("many")) {
    const std::string id = shard.shard_id.ToString();
    const SequenceNumberRange& range = shard.sequence_number_range;
    for (const Type type : {Type::kAtSequenceNumber, Type::kAfterSequenceNumber}) {
      EXPECT_THAT(world.TryIterator("many", id, type, range.starting_sequence_number.ToString()),
                  Succeeds())
          << id;
      if (!range.ending_sequence_number.has_value()) continue;
      EXPECT_THAT(world.TryIterator("many", id, type, range.ending_sequence_number->ToString()),
                  Succeeds())
          << id;
    }
  }
}

TEST_F(KnownBugs, AMalformedRecordRefusesTheWholeRequest) {
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "good", .partition_key = "k"},
                                                       {.data = "no key", .partition_key = ""}};
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

TEST_F(KnownBugs, ArrivalTimesAreNotWholeSeconds) {
  std::vector<std::int64_t> millis;
  for (int i = 0; i < 3; ++i) {
    world.Advance(absl::Milliseconds(137));
    world.Put("orders", "k", "x");
  }
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  for (const Record& record : page.records)
    millis.push_back(absl::ToUnixMillis(record.approximate_arrival_timestamp) % 1000);
  EXPECT_THAT(millis, ElementsAre(137, 274, 411));
}

TEST_F(KnownBugs, AContinuationSequenceNumberIsNeverZeroAndAlwaysAccepted) {
  const std::string arn = world.Register("orders", "billing");
  std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0);  // of an empty shard
  world.Advance(absl::Seconds(5));
  const SequenceNumber number = *Next(*subscription)->continuation_sequence_number;
  EXPECT_NE(number, SequenceNumber());
  EXPECT_EQ(number.ToString().size(), 56u);
  EXPECT_GT(number, world.Shards("orders")[0].sequence_number_range.starting_sequence_number);
  world.Put("orders", "k", "x");
  subscription = world.Subscribe(
      arn, 0, {.type = Type::kAfterSequenceNumber, .sequence_number = number.ToString()});
  EXPECT_THAT(DataOf(Next(*subscription)->records), ElementsAre("x"));
}

// On an empty shard, on one whose records have all expired, on a closed one, at any time.
TEST_F(KnownBugs, AtTimestampDoesNotHang) {
  const absl::Time start = world.clock.TimeNow();
  EXPECT_THAT(DataOf(world.Read(world.IteratorFrom("orders", 0, start))), IsEmpty());
  for (int i = 0; i < 500; ++i) world.Put("orders", "k", std::string(1000, 'x'));
  world.Advance(absl::Hours(25));
  for (const absl::Time time : {start, start + absl::Hours(1), world.clock.TimeNow()})
    EXPECT_THAT(DataOf(world.Read(world.IteratorFrom("orders", 0, time))), IsEmpty());
  Split();
  EXPECT_THAT(world.Read(world.IteratorFrom("orders", 0, start)).child_shards, SizeIs(2));
  EXPECT_THAT(world.Read(world.IteratorFrom("orders", 0, world.clock.TimeNow())).child_shards,
              SizeIs(2));
}

TEST_F(KnownBugs, AnIteratorIsGoodWhenTheClockStandsStillOrRunsBack) {
  world.Put("orders", "k", "x");
  std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(world.TryRead(iterator), Succeeds()) << "equal readings";
  for (const absl::Duration back :
       {absl::Nanoseconds(1), absl::Milliseconds(1), absl::Seconds(1), absl::Hours(10)}) {
    world.Advance(-back);
    const auto page = world.TryRead(iterator);
    ASSERT_THAT(page, Succeeds()) << back;
    EXPECT_THAT(DataOf(*page), ElementsAre("x"));
    iterator = world.Iterator("orders", 0);
  }
}

TEST_F(KnownBugs, ChildrenOfUpdateShardCountHaveParents) {
  world.Create("pairs", 2);
  ASSERT_THAT(world.Scale("pairs", 3), Succeeds());
  for (const Shard& shard : world.Shards("pairs")) {
    if (shard.shard_id.number < 2) {
      EXPECT_EQ(shard.parent_shard_id, std::nullopt);
    } else {
      EXPECT_NE(shard.parent_shard_id, std::nullopt) << shard.shard_id;
    }
  }
  // And readers are led from the first shards to every open one.
  std::set<std::uint32_t> reached;
  std::vector<ShardId> todo = {ShardId{0}, ShardId{1}};
  while (!todo.empty()) {
    const ShardId id = todo.back();
    todo.pop_back();
    reached.insert(id.number);
    const GetRecordsResponse page = world.Read(world.Iterator("pairs", id.number));
    for (const ChildShard& child : page.child_shards) todo.push_back(child.shard_id);
  }
  EXPECT_EQ(reached.size(), world.Shards("pairs").size());
}

TEST_F(KnownBugs, AShardIsNotSplitTwice) {
  const Shard shard = world.Shards("orders")[0];
  ASSERT_THAT(world.Halve("orders", shard), Succeeds());
  EXPECT_THAT(world.Halve("orders", shard),
              FailsWith(ErrorCode::kInvalidArgument,
                        "Shard shardId-000000000000 in stream orders under account 123456789012 "
                        "has already been merged or split, and thus is not eligible for merging "
                        "or splitting."));
  EXPECT_THAT(world.Shards("orders"), SizeIs(3));
}

TEST_F(KnownBugs, AShardIsNotSplitTwiceWhileItsHandOverIsPending) {
  RecordWorld slow(ServiceTimes());
  slow.Create("orders");
  const Shard shard = slow.Shards("orders")[0];
  ASSERT_THAT(slow.Halve("orders", shard), Succeeds());
  EXPECT_THAT(slow.Halve("orders", shard),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
  slow.Advance(absl::Seconds(6));
  EXPECT_THAT(slow.Halve("orders", shard), FailsAs(ErrorCode::kInvalidArgument));
  slow.Advance(absl::Minutes(1));
  EXPECT_THAT(slow.Halve("orders", shard), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(slow.Shards("orders"), SizeIs(3));
}

}  // namespace
}  // namespace riacho
