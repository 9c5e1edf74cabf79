// GetRecords: pages, iterators, the end of a closed shard, and every refusal.
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

class GetRecords : public testing::Test {
 protected:
  GetRecords() : world(WithoutThroughputLimits()) { world.Create("orders"); }

  void Put(int count) {
    for (int i = 0; i < count; ++i) world.Put("orders", "k", std::to_string(i));
  }
  void Split() { ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds()); }

  RecordWorld world;
};

TEST_F(GetRecords, FollowTheNextIteratorFromPageToPage) {
  Put(10);
  std::string iterator = world.Iterator("orders", 0);
  std::vector<std::string> data;
  for (int page = 0; page < 4; ++page) {
    const GetRecordsResponse answer = world.Read(iterator, 3);
    for (const Record& record : answer.records) data.emplace_back(record.data);
    iterator = answer.next_shard_iterator.value();
  }
  EXPECT_THAT(data, ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

TEST_F(GetRecords, NeverMoreThanTheLimit) {
  Put(10);
  EXPECT_THAT(world.Read(world.Iterator("orders", 0), 1).records, SizeIs(1));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0), 9).records, SizeIs(9));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0), 10000).records, SizeIs(10));
}

TEST_F(GetRecords, NeverMoreThanTenThousand) {
  Put(10'001);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(page.records, SizeIs(10'000));
  EXPECT_THAT(world.Read(*page.next_shard_iterator).records, SizeIs(1));
}

TEST_F(GetRecords, NeverMoreThanTenMebibytes) {
  const std::string data(kMiB - 1, 'x');  // with its key a mebibyte
  for (int i = 0; i < 12; ++i) world.Put("orders", "k", data);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(page.records, SizeIs(10));
  EXPECT_THAT(world.Read(*page.next_shard_iterator).records, SizeIs(2));
}

TEST_F(GetRecords, ALargeRecordThatDoesNotFitTheRestOfThePageComesAlone) {
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  const std::string nine(9 * kMiB, '9');
  const std::string seven(7 * kMiB, '7');
  world.Put("films", "k", nine);
  world.Put("films", "k", "small");
  world.Put("films", "k", nine);
  world.Put("films", "k", seven);
  std::string iterator = world.Iterator("films", 0);
  std::vector<std::vector<std::string>> pages;
  for (int i = 0; i < 3; ++i) {
    const GetRecordsResponse page = world.Read(iterator);
    pages.push_back(DataOf(page));
    iterator = page.next_shard_iterator.value();
  }
  EXPECT_THAT(pages,
              ElementsAre(ElementsAre(nine, "small"), ElementsAre(nine), ElementsAre(seven)));
}

TEST_F(GetRecords, OneRecordIsReturnedWhateverThePageHolds) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.get_records_response_bytes = 4;
  RecordWorld small(options);
  small.Create("orders");
  small.Put("orders", "k", "longer than a page");
  small.Put("orders", "k", "b");
  const GetRecordsResponse page = small.Read(small.Iterator("orders", 0));
  EXPECT_THAT(DataOf(page), ElementsAre("longer than a page"));
  EXPECT_THAT(DataOf(small.Read(*page.next_shard_iterator)), ElementsAre("b"));
}

TEST_F(GetRecords, AnIteratorIsNotUsedUp) {
  Put(3);
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("0", "1", "2"));
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("0", "1", "2"));
  EXPECT_THAT(DataOf(world.Read(iterator, 1)), ElementsAre("0"));
}

TEST_F(GetRecords, AnIdleOpenShardAnswersAnEmptyPageAndANextIterator) {
  std::string iterator = world.Iterator("orders", 0);
  std::set<std::string> seen = {iterator};
  for (int i = 0; i < 5; ++i) {
    world.Advance(absl::Seconds(60));
    const GetRecordsResponse page = world.Read(iterator);
    EXPECT_THAT(page.records, IsEmpty());
    EXPECT_THAT(page.child_shards, IsEmpty());
    EXPECT_EQ(page.millis_behind_latest, 0);
    iterator = page.next_shard_iterator.value();
    EXPECT_TRUE(seen.insert(iterator).second) << "each page has an iterator of its own";
  }
  world.Put("orders", "k", "at last");
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("at last"));
}

TEST_F(GetRecords, TheLastPageOfAClosedShardStillHasANextIterator) {
  Put(2);
  Split();
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(DataOf(page), ElementsAre("0", "1"));
  EXPECT_THAT(page.child_shards, IsEmpty());
  EXPECT_NE(page.next_shard_iterator, std::nullopt);
}

TEST_F(GetRecords, ThePageAfterItEndsTheShard) {
  Put(2);
  Split();
  const std::string last = *world.Read(world.Iterator("orders", 0)).next_shard_iterator;
  for (int again = 0; again < 2; ++again) {
    const GetRecordsResponse end = world.Read(last);
    EXPECT_THAT(end.records, IsEmpty());
    EXPECT_EQ(end.next_shard_iterator, std::nullopt);
    ASSERT_THAT(end.child_shards, SizeIs(2));
  }
}

TEST_F(GetRecords, AClosedShardWithoutRecordsEndsOnTheFirstPage) {
  Split();
  const GetRecordsResponse end = world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(end.next_shard_iterator, std::nullopt);
  EXPECT_THAT(end.child_shards, SizeIs(2));
}

TEST_F(GetRecords, AClosedShardWhoseRecordsHaveExpiredEndsOnTheFirstPage) {
  RecordWorld slow(ServiceTimes());
  slow.Create("orders");
  slow.Put("orders", "k");
  ASSERT_THAT(slow.Halve("orders", slow.Shards("orders")[0]), Succeeds());
  slow.Advance(absl::Hours(24) + absl::Seconds(1));
  const GetRecordsResponse end = slow.Read(slow.Iterator("orders", 0));
  EXPECT_THAT(end.records, IsEmpty());
  EXPECT_EQ(end.next_shard_iterator, std::nullopt);
  EXPECT_THAT(end.child_shards, SizeIs(2));
}

TEST_F(GetRecords, ChildShardsOfASplitHaveOneParentEach) {
  Split();
  const GetRecordsResponse end = world.Read(world.Iterator("orders", 0));
  const std::vector<Shard> shards = world.Shards("orders");
  ASSERT_THAT(end.child_shards, SizeIs(2));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(end.child_shards[i].shard_id, shards[i + 1].shard_id);
    EXPECT_THAT(end.child_shards[i].parent_shards, ElementsAre(ShardId{0}));
    EXPECT_EQ(end.child_shards[i].hash_key_range, shards[i + 1].hash_key_range);
  }
}

TEST_F(GetRecords, TheChildShardOfAMergeHasBothParents) {
  world.Create("pairs", 2);
  ASSERT_THAT(world.Merge("pairs", "0", "1"), Succeeds());
  for (const std::uint32_t parent : {0u, 1u}) {
    const GetRecordsResponse end = world.Read(world.Iterator("pairs", parent));
    ASSERT_THAT(end.child_shards, SizeIs(1));
    EXPECT_EQ(end.child_shards[0].shard_id, ShardId{2});
    EXPECT_THAT(end.child_shards[0].parent_shards, ElementsAre(ShardId{0}, ShardId{1}));
    EXPECT_EQ(end.child_shards[0].hash_key_range, (HashKeyRange{HashKey{0}, HashKey::Max()}));
  }
}

TEST_F(GetRecords, MillisBehindLatestIsTheAgeOfTheLastRecordWhileMoreFollow) {
  world.Put("orders", "k", "a");
  world.Advance(absl::Milliseconds(2'500));
  world.Put("orders", "k", "b");
  world.Advance(absl::Milliseconds(1'400));
  const GetRecordsResponse first = world.Read(world.Iterator("orders", 0), 1);
  EXPECT_EQ(first.millis_behind_latest, 3'000);
  EXPECT_EQ(world.Read(*first.next_shard_iterator, 1).millis_behind_latest, 0);
}

TEST_F(GetRecords, MillisBehindLatestGrowsAtTheEndOfAClosedShard) {
  Split();
  const Shard parent = world.Shards("orders")[0];
  const std::int64_t end_seconds =
      parent.sequence_number_range.ending_sequence_number->Decode()->time_seconds;
  const std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 3; ++i) {
    world.Advance(absl::Milliseconds(1'700));
    EXPECT_EQ(world.Read(iterator).millis_behind_latest, (world.NowSeconds() - end_seconds) * 1000);
  }
}

TEST_F(GetRecords, ArrivalHasMilliseconds) {
  world.Advance(absl::Milliseconds(376));
  Put(1);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_EQ(absl::ToUnixMillis(page.records[0].approximate_arrival_timestamp) % 1000, 376);
}

TEST_F(GetRecords, ARecordIsReadableForTheRetentionPeriodAndNoLonger) {
  Put(1);
  world.Advance(absl::Hours(24));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, SizeIs(1));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, IsEmpty());
}

TEST_F(GetRecords, AnIteratorBeforeTheHorizonContinuesAtTheHorizon) {
  Put(1);
  world.Advance(absl::Minutes(4));
  world.Put("orders", "k", "younger");
  world.Advance(absl::Hours(24) - absl::Minutes(5));
  const std::string iterator = world.Iterator("orders", 0);
  world.Advance(absl::Minutes(2));
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("younger"));
}

TEST_F(GetRecords, AnIteratorLivesForFiveMinutesToTheMillisecond) {
  world.clock.SetTime(
      absl::FromCivil(absl::CivilSecond(2026, 1, 22, 1, 22, 2), absl::UTCTimeZone()));
  const std::string iterator = world.Iterator("orders", 0);
  world.Advance(absl::Seconds(300));
  EXPECT_THAT(world.TryRead(iterator), Succeeds());
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(
      world.TryRead(iterator),
      FailsWith(ErrorCode::kExpiredIterator,
                "Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2026 "
                "while right now it is Thu Jan 22 01:27:02 UTC 2026 which is further in the "
                "future than the tolerated delay of 300000 milliseconds."));
}

TEST_F(GetRecords, EachPageHasAFreshIterator) {
  std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 5; ++i) {
    world.Advance(absl::Seconds(299));
    iterator = world.Read(iterator).next_shard_iterator.value();
  }
}

TEST_F(GetRecords, AnIteratorFromTheFutureIsAsGoodAsNew) {
  Put(1);
  const std::string iterator = world.Iterator("orders", 0);
  world.Advance(-absl::Hours(1));
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("0"));
}

TEST_F(GetRecords, TheLimitIsFrom1To10000) {
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(world.TryRead(iterator, 0),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '0' at 'limit' failed to satisfy constraint: Member "
                                     "must have value greater than or equal to 1")));
  EXPECT_THAT(world.TryRead(iterator, 10'001),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '10001' at 'limit' failed to satisfy constraint: "
                                     "Member must have value less than or equal to 10000")));
  EXPECT_THAT(world.TryRead(iterator, -1), FailsAs(ErrorCode::kValidation));
}

TEST_F(GetRecords, NeedsAnIterator) {
  EXPECT_THAT(world.kinesis->GetRecords({}),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value null at 'shardIterator' failed to satisfy "
                                     "constraint: Member must not be null")));
  EXPECT_THAT(world.TryRead(""),
              FailsWith(ErrorCode::kValidation,
                        OneViolation("Value '' at 'shardIterator' failed to satisfy constraint: "
                                     "Member must have length greater than or equal to 1")));
  EXPECT_THAT(world.TryRead(std::string(513, 'A')), FailsAs(ErrorCode::kValidation));
}

// Every text that the engine did not make: garbage, other tokens, and a good iterator with one
// character changed or cut off anywhere.
TEST_F(GetRecords, RefusesWhatIsNoIteratorOfThisEngine) {
  const auto refused = FailsWith(ErrorCode::kInvalidArgument, "Invalid ShardIterator.");
  for (const std::string& garbage :
       {std::string("x"), std::string("AAAA"), std::string(512, 'A'), std::string("\0\xff", 2),
        std::string("AAAAAAAAAAE="), std::string("=====")}) {
    EXPECT_THAT(world.TryRead(garbage), refused);
  }
  const std::string good = world.Iterator("orders", 0);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = good[i] == 'B' ? 'C' : 'B';
    EXPECT_THAT(world.TryRead(changed), refused) << i;
    if (i != 0) {
      EXPECT_THAT(world.TryRead(good.substr(0, i)), refused) << i;
    }
  }
  EXPECT_THAT(world.TryRead(good), Succeeds());
}

TEST_F(GetRecords, RefusesThePagingTokenOfAnotherOperation) {
  world.Create("second");
  const std::optional<std::string> token = world.kinesis->ListStreams({.limit = 1})->next_token;
  ASSERT_NE(token, std::nullopt);
  EXPECT_THAT(world.TryRead(*token),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid ShardIterator."));
}

TEST_F(GetRecords, RefusesTheIteratorOfAnotherEngine) {
  RecordWorld other(WithoutThroughputLimits());
  other.Create("orders");
  EXPECT_THAT(world.TryRead(other.Iterator("orders", 0)),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid ShardIterator."));
}

TEST_F(GetRecords, RefusesTheArnOfAnotherStream) {
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(
      world.kinesis->GetRecords({.shard_iterator = iterator, .stream_arn = StreamArnOf("orders")}),
      Succeeds());
  EXPECT_THAT(
      world.kinesis->GetRecords({.shard_iterator = iterator, .stream_arn = StreamArnOf("other")}),
      FailsWith(ErrorCode::kInvalidArgument,
                "Input stream name orders doesn't match the inferred name in stream arn other"));
}

TEST_F(GetRecords, OfADeletedStreamFindNoShard) {
  const std::string iterator = world.Iterator("orders", 0);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.TryRead(iterator),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
}

TEST_F(GetRecords, AnIteratorDoesNotSurviveDeletionAndCreation) {
  Put(1);
  const std::string iterator = world.Iterator("orders", 0);
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders");
  EXPECT_THAT(world.TryRead(iterator),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
}

TEST_F(GetRecords, WorkUntilADeletedStreamIsGone) {
  RecordWorld slow(ServiceTimes());
  slow.Create("orders");
  slow.Put("orders", "k");
  const std::string iterator = slow.Iterator("orders", 0);
  ASSERT_THAT(slow.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(slow.Read(iterator).records, SizeIs(1));
  slow.Advance(slow.engine.options().lifecycle.delete_stream);
  EXPECT_THAT(slow.TryRead(iterator),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
}

TEST_F(GetRecords, OfAnExpiredShardFindNoShard) {
  Split();
  world.Advance(absl::Hours(24));
  const std::string iterator = world.Iterator("orders", 0);
  world.Advance(absl::Minutes(2));
  EXPECT_THAT(world.TryRead(iterator),
              FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
}

TEST_F(GetRecords, AReshardElsewhereLeavesAnIteratorAlone) {
  world.Create("pairs", 2);
  const std::string iterator = world.Iterator("pairs", 1);
  world.PutAt("pairs", kLargestHashKey, "x");
  ASSERT_THAT(world.Halve("pairs", world.Shards("pairs")[0]), Succeeds());
  const GetRecordsResponse page = world.Read(iterator);
  EXPECT_THAT(DataOf(page), ElementsAre("x"));
  EXPECT_NE(page.next_shard_iterator, std::nullopt);
}

TEST_F(GetRecords, ManyIteratorsOfOneShardLiveSideBySide) {
  Put(20);
  std::vector<std::string> iterators;
  std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 20; ++i) {
    iterators.push_back(iterator);
    iterator = *world.Read(iterator, 1).next_shard_iterator;
  }
  for (int i = 19; i >= 0; --i) {
    EXPECT_THAT(DataOf(world.Read(iterators[static_cast<std::size_t>(i)], 1)),
                ElementsAre(std::to_string(i)));
  }
}

}  // namespace
}  // namespace riacho
