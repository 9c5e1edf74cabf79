// Appendix B of the reference, the points about records and consumers, one test for each. Longer
// tests of the same rules stand with the operations.
#include <memory>
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
using testing::StartsWith;

using Type = ShardIteratorType;

TEST(AppendixB, Point2_KeysLandInTheListedShards) {
  struct Row {
    std::string key;
    std::vector<std::uint32_t> shards;  // of 2, 3, 4, 5, 7 and 10
  };
  const std::vector<Row> rows = {{"a", {0, 0, 0, 0, 0, 0}},
                                 {"stable", {1, 2, 3, 4, 6, 9}},
                                 {"partitionKey-1", {0, 1, 1, 2, 3, 4}},
                                 {"user-42", {0, 1, 1, 2, 3, 4}},
                                 {"0", {1, 2, 3, 4, 5, 8}},
                                 {"日本", {0, 0, 1, 1, 2, 3}}};
  const std::vector<std::int64_t> counts = {2, 3, 4, 5, 7, 10};
  RecordWorld world;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string stream = "stream-" + std::to_string(counts[i]);
    world.Create(stream, counts[i]);
    for (const Row& row : rows)
      EXPECT_EQ(world.Put(stream, row.key).shard_id.number, row.shards[i]) << row.key;
    EXPECT_EQ(world.PutAt(stream, "0").shard_id.number, 0u);
    EXPECT_EQ(world.PutAt(stream, kLargestHashKey).shard_id.number, counts[i] - 1);
  }
  const auto put = [&](std::string_view hash_key) {
    return world.kinesis->PutRecord({.stream_name = "stream-2",
                                     .data = "x",
                                     .partition_key = "k",
                                     .explicit_hash_key = hash_key});
  };
  EXPECT_THAT(put("340282366920938463463374607431768211456"), FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(put("-1"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(put("01"), FailsAs(ErrorCode::kValidation));
}

TEST(AppendixB, Point3_AKeyOf256MultiByteCharactersIsAcceptedAndItsBytesCount) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  std::string key;
  for (int i = 0; i < 256; ++i) key += "𝄞";  // four bytes
  EXPECT_THAT(world.TryPut("orders", key), Succeeds());
  EXPECT_THAT(world.TryPut("orders", key + "a"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.TryPut("orders", key, std::string(kMiB - 1024, 'x')), Succeeds());
  EXPECT_THAT(world.TryPut("orders", key, std::string(kMiB - 1023, 'x')),
              FailsAs(ErrorCode::kValidation));
}

TEST(AppendixB, Point4_EmptyDataIsARecord) {
  RecordWorld world;
  world.Create("orders");
  ASSERT_THAT(world.TryPut("orders", "k", ""), Succeeds());
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre(""));
}

TEST(AppendixB, Point5_SequenceNumbersHave56DigitsRiseAndDecode) {
  RecordWorld world;
  world.Create("orders", 3);
  std::vector<SequenceNumber> last(3);
  for (int i = 0; i < 100; ++i) {
    world.Advance(absl::Milliseconds(333));
    const PutRecordResponse put = world.Put("orders", "key-" + std::to_string(i));
    EXPECT_EQ(put.sequence_number.ToString().size(), 56u);
    const SequenceNumber::Fields fields = *put.sequence_number.Decode();
    EXPECT_EQ(fields.shard_number, put.shard_id.number);
    EXPECT_EQ(fields.time_seconds, world.NowSeconds());
    EXPECT_GT(put.sequence_number, last[put.shard_id.number]);
    last[put.shard_id.number] = put.sequence_number;
  }
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  ASSERT_THAT(world.Merge("orders", "1", "2"), Succeeds());
  const std::vector<Shard> shards = world.Shards("orders");
  for (const Shard& shard : shards) {
    const SequenceNumber start = shard.sequence_number_range.starting_sequence_number;
    EXPECT_EQ(start.ToString().size(), 56u);
    EXPECT_EQ(start.Decode()->index, 0u);
    for (const std::optional<ShardId>& parent :
         {shard.parent_shard_id, shard.adjacent_parent_shard_id}) {
      if (!parent.has_value()) continue;
      EXPECT_GT(start, *shards[parent->number].sequence_number_range.ending_sequence_number);
    }
  }
}

TEST(AppendixB, Point6_SequenceNumberForOrderingGivesALargerNumberAndNeverFailsForAnOlderOne) {
  RecordWorld world;
  world.Create("orders");
  std::vector<std::string> older;
  for (int i = 0; i < 20; ++i) {
    older.push_back(world.Put("orders", "k").sequence_number.ToString());
    world.Advance(absl::Seconds(7));
    if (i == 10) {
      ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
    }
  }
  for (const std::string& number : older) {
    const auto put = world.kinesis->PutRecord({.stream_name = "orders",
                                               .data = "x",
                                               .partition_key = "k",
                                               .sequence_number_for_ordering = number});
    ASSERT_THAT(put, Succeeds());
    EXPECT_GT(put->sequence_number, *SequenceNumber::Parse(number));
  }
}

TEST(AppendixB, Point7_PutRecordsKeepsPositionsAndCountsWhatFailed) {
  RecordWorld world;
  world.Create("orders", 2);
  std::vector<PutRecordsRequestEntry> entries;
  for (int i = 0; i < 500; ++i) {
    entries.push_back({.data = "x",
                       .explicit_hash_key = i % 4 == 3 ? kLargestHashKey : "0",
                       .partition_key = "k"});
  }
  std::int64_t refused = 0;
  for (int call = 0; call < 3; ++call) {
    const auto put = world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
    ASSERT_THAT(put, Succeeds());
    ASSERT_EQ(put->records.size(), entries.size());
    std::int64_t failed = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const PutRecordsResultEntry& result = put->records[i];
      if (result.error_code.has_value()) {
        ++failed;
        EXPECT_NE(i % 4, 3u) << "the other shard is not touched";
        EXPECT_EQ(result.error_message, WriteThrottledText(0, "orders"));
      } else {
        EXPECT_EQ(result.shard_id.number, i % 4 == 3 ? 1u : 0u);
      }
    }
    EXPECT_EQ(put->failed_record_count, failed);
    refused += failed;
  }
  EXPECT_EQ(refused, 3 * 375 - 1000);
}

TEST(AppendixB, Point8_OneInvalidEntryAndNothingIsStored) {
  RecordWorld world;
  world.Create("orders");
  std::vector<PutRecordsRequestEntry> entries(10, {.data = "x", .partition_key = "k"});
  entries.back().explicit_hash_key = "-1";
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.ReadAll("orders", "0"), IsEmpty());
}

TEST(AppendixB, Point9_EntriesAndBytesOfPutRecordsHaveBounds) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  const auto put = [&](const std::vector<PutRecordsRequestEntry>& entries) {
    return world.kinesis->PutRecords({.records = entries, .stream_name = "orders"});
  };
  const PutRecordsRequestEntry small = {.data = "x", .partition_key = "k"};
  EXPECT_THAT(put(std::vector(500, small)), Succeeds());
  EXPECT_THAT(put(std::vector(501, small)), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(put({}), FailsAs(ErrorCode::kValidation));
  const std::string half(kMiB / 2 - 1, 'x');
  std::vector<PutRecordsRequestEntry> entries(20, {.data = half, .partition_key = "k"});
  EXPECT_THAT(put(entries), Succeeds());
  entries.push_back({.data = "", .partition_key = "k"});
  EXPECT_THAT(put(entries), FailsAs(ErrorCode::kInvalidArgument)) << "10 MiB and a byte";
  EXPECT_EQ(world.ReadAll("orders", "0").size(), 520u);
}

TEST(AppendixB, Point10_FiveIteratorTypes) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("orders");
  std::vector<SequenceNumber> numbers;
  std::vector<absl::Time> times;
  for (const std::string data : {"a", "b", "c"}) {
    times.push_back(world.clock.TimeNow());
    numbers.push_back(world.Put("orders", "k", data).sequence_number);
    world.Advance(absl::Milliseconds(10));
  }
  const std::string latest = world.Iterator("orders", 0, Type::kLatest);
  EXPECT_THAT(DataOf(world.Read(world.Iterator("orders", 0))), ElementsAre("a", "b", "c"));
  EXPECT_THAT(DataOf(world.Read(world.IteratorAt("orders", 0, numbers[1]))), ElementsAre("b", "c"));
  EXPECT_THAT(DataOf(world.Read(world.IteratorAfter("orders", 0, numbers[1]))), ElementsAre("c"));
  EXPECT_THAT(DataOf(world.Read(world.IteratorFrom("orders", 0, times[1]))), ElementsAre("b", "c"));
  EXPECT_THAT(DataOf(world.Read(world.IteratorFrom("orders", 0, absl::UnixEpoch()))),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kAtTimestamp, {},
                                world.clock.TimeNow() + absl::Seconds(1)),
              FailsAs(ErrorCode::kInvalidArgument));
  world.Put("orders", "k", "d");
  EXPECT_THAT(DataOf(world.Read(latest)), ElementsAre("d"));
}

TEST(AppendixB, Point11_IteratorCanBeUsedTwiceAndExpiresAfterFiveMinutes) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "x");
  const std::string iterator = world.Iterator("orders", 0);
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("x"));
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("x"));
  world.Advance(absl::Seconds(300) + absl::Milliseconds(1));
  const auto expired = world.TryRead(iterator);
  EXPECT_THAT(expired, FailsAs(ErrorCode::kExpiredIterator));
  EXPECT_THAT(std::string(ErrorMessage(expired.status())),
              StartsWith("Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 "
                         "UTC 2026 while right now it is Thu Jan 01 00:05:00 UTC 2026"));
}

TEST(AppendixB, Point12_APageHasAtMostLimitTenThousandRecordsAndTenMebibytesAndAtLeastOne) {
  RecordWorld world(WithoutThroughputLimits());
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  world.Put("films", "k", std::string(10 * kMiB - 1, 'x'));
  world.Put("films", "k", "y");
  EXPECT_THAT(world.Read(world.Iterator("films", 0)).records, SizeIs(1));
  world.Create("orders");
  for (int i = 0; i < 10'005; ++i) world.Put("orders", "k", "");
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, SizeIs(10'000));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0), 7).records, SizeIs(7));
}

TEST(AppendixB, Point13_AnIdleOpenShardHasANextIteratorAndIsNotBehind) {
  RecordWorld world;
  world.Create("orders");
  std::string iterator = world.Iterator("orders", 0);
  for (int i = 0; i < 10; ++i) {
    world.Advance(absl::Seconds(100));
    const GetRecordsResponse page = world.Read(iterator);
    EXPECT_THAT(page.records, IsEmpty());
    EXPECT_EQ(page.millis_behind_latest, 0);
    iterator = page.next_shard_iterator.value();
  }
}

TEST(AppendixB, Point14_AClosedShardEndsOnePageAfterItsLastRecord) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "k", "x");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const GetRecordsResponse last = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(last.records, SizeIs(1));
  EXPECT_THAT(last.child_shards, IsEmpty());
  std::int64_t behind = -1;
  for (int i = 0; i < 3; ++i) {
    const GetRecordsResponse end = world.Read(last.next_shard_iterator.value());
    EXPECT_THAT(end.records, IsEmpty());
    EXPECT_EQ(end.next_shard_iterator, std::nullopt);
    EXPECT_THAT(end.child_shards, SizeIs(2));
    EXPECT_EQ(end.millis_behind_latest % 1000, 0);
    EXPECT_GT(end.millis_behind_latest, behind);
    behind = end.millis_behind_latest;
    world.Advance(absl::Seconds(10));
  }
}

TEST(AppendixB, Point18_PutsAndGetsWorkInUpdatingAndPutsToCreatingAreNotFound) {
  RecordWorld world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kResourceNotFound));
  EXPECT_THAT(world.TryIterator("orders", "0", Type::kTrimHorizon),
              FailsAs(ErrorCode::kResourceNotFound));
  world.Advance(absl::Seconds(8));
  ASSERT_THAT(world.IncreaseRetention("orders", 48), Succeeds());
  ASSERT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_THAT(world.TryPut("orders", "k", "x"), Succeeds());
  EXPECT_THAT(DataOf(world.Read(world.Iterator("orders", 0))), ElementsAre("x"));
  EXPECT_THAT(world.DecreaseRetention("orders", 24),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
}

TEST(AppendixB, Point26_ConsumersHaveLimitsNamesAndArns) {
  RecordWorld world(ServiceTimes());
  world.Create("orders");
  const auto try_register = [&](int i) {
    return world.kinesis->RegisterStreamConsumer(
        {.stream_arn = StreamArnOf("orders"), .consumer_name = "consumer-" + std::to_string(i)});
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(try_register(i), Succeeds());
    if (i % 5 == 4) {
      EXPECT_THAT(try_register(99), FailsAs(ErrorCode::kLimitExceeded)) << "five in CREATING";
      world.Advance(absl::Seconds(6));
    }
  }
  EXPECT_THAT(try_register(20), FailsAs(ErrorCode::kLimitExceeded));
  EXPECT_THAT(try_register(3),
              FailsWith(ErrorCode::kResourceInUse,
                        "Consumer consumer-3 under stream orders already exists for account "
                        "123456789012."));
  const ConsumerDescription by_name =
      world.kinesis
          ->DescribeStreamConsumer(
              {.stream_arn = StreamArnOf("orders"), .consumer_name = "consumer-3"})
          ->consumer_description;
  EXPECT_EQ(by_name.consumer_arn,
            StreamArnOf("orders") + "/consumer/consumer-3:" +
                std::to_string(absl::ToUnixSeconds(by_name.consumer_creation_timestamp)));
  EXPECT_EQ(world.kinesis->DescribeStreamConsumer({.consumer_arn = by_name.consumer_arn})
                ->consumer_description,
            by_name);
}

TEST(AppendixB, Point27_ASubscriptionIdlesEndsAndResumesWithoutLossOrRepetition) {
  RecordWorld world;
  world.Create("orders");
  const std::string arn = world.Register("orders", "billing");
  std::vector<std::string> seen;
  StartingPosition from = {.type = Type::kTrimHorizon};
  int idle_events = 0;
  for (int life = 0; life < 3; ++life) {
    const absl::Time begin = world.clock.TimeNow();
    const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, 0, from);
    SequenceNumber last;
    while (!subscription->ended()) {
      if (const auto event = Next(*subscription); event.has_value()) {
        for (const Record& record : event->records) seen.emplace_back(record.data);
        if (event->records.empty()) ++idle_events;
        EXPECT_GT(*event->continuation_sequence_number, last);
        last = *event->continuation_sequence_number;
        from = {.type = Type::kAfterSequenceNumber, .sequence_number = last.ToString()};
      } else if (!subscription->ended()) {
        world.clock.SetTime(subscription->next_poll());
        const std::int64_t age = absl::ToInt64Seconds(world.clock.TimeNow() - begin);
        if (age % 100 == 50) world.Put("orders", "k", std::to_string(life * 1000 + age));
      }
    }
    EXPECT_EQ(world.clock.TimeNow() - begin, absl::Minutes(5));
  }
  EXPECT_THAT(seen,
              ElementsAre("50", "150", "250", "1050", "1150", "1250", "2050", "2150", "2250"));
  EXPECT_EQ(idle_events, 3 * (59 - 3));
}

TEST(AppendixB, Point28_ASecondSubscriptionIsRefusedForFiveSecondsAndThenTakesOver) {
  RecordWorld world;
  world.Create("orders");
  const std::string arn = world.Register("orders", "billing");
  const std::unique_ptr<Subscription> first = world.Subscribe(arn, 0);
  world.Advance(absl::Milliseconds(4'999));
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}),
              FailsAs(ErrorCode::kResourceInUse));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.TrySubscribe(arn, 0, {.type = Type::kLatest}), Succeeds());
  EXPECT_THAT(first->Poll(), FailsAs(ErrorCode::kResourceInUse));
  EXPECT_TRUE(first->ended());
}

TEST(AppendixB, Point29_TheLastEventOfAClosedShardHasChildrenAndNoContinuation) {
  RecordWorld world;
  world.Create("orders");
  const std::unique_ptr<Subscription> subscription =
      world.Subscribe(world.Register("orders", "billing"), 0);
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  const std::optional<SubscribeToShardEvent> end = Next(*subscription);
  ASSERT_NE(end, std::nullopt);
  EXPECT_EQ(end->continuation_sequence_number, std::nullopt);
  EXPECT_THAT(end->child_shards, SizeIs(2));
  EXPECT_TRUE(subscription->ended());
}

TEST(AppendixB, Point30_FanOutDoesNotUseTheBudgetOfGetRecordsOrOfOtherConsumers) {
  RecordWorld world;
  world.Create("orders");
  const std::string first = world.Register("orders", "first");
  const std::string second = world.Register("orders", "second");
  for (int i = 0; i < 4; ++i) {
    world.Put("orders", "k", std::string(kMiB - 1, 'x'));
    world.Advance(absl::Seconds(1));
  }
  const auto a = world.Subscribe(first, 0);
  const auto b = world.Subscribe(second, 0);
  const std::string iterator = world.Iterator("orders", 0);
  std::size_t delivered = 0;
  while (const auto event = Next(*a)) delivered += event->records.size();
  EXPECT_EQ(delivered, 4u);
  EXPECT_THAT(Next(*b)->records, SizeIs(2)) << "untouched by the first consumer";
  EXPECT_THAT(world.Read(iterator).records, SizeIs(4)) << "untouched by both";
  EXPECT_THAT(world.TryRead(iterator), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  EXPECT_THAT(Next(*b)->records, SizeIs(2)) << "untouched by GetRecords";
}

TEST(AppendixB, Point31_WriteAndReadBudgetsOfAShard) {
  RecordWorld world;
  world.Create("records");
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(world.TryPut("records", "k", ""), Succeeds());
  EXPECT_THAT(world.TryPut("records", "k", ""), FailsAs(ErrorCode::kProvisionedThroughputExceeded));

  world.Create("bytes");
  for (int i = 0; i < 10; ++i) {
    ASSERT_THAT(world.TryPut("bytes", "kk", std::string(kMiB - 2, 'x')), Succeeds());
    EXPECT_THAT(world.TryPut("bytes", "k", ""), FailsAs(ErrorCode::kProvisionedThroughputExceeded));
    world.Advance(absl::Seconds(1));
  }
  const std::string calls = world.Iterator("records", 0, Type::kLatest);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(world.TryRead(calls), Succeeds());
  EXPECT_THAT(world.TryRead(calls), FailsAs(ErrorCode::kProvisionedThroughputExceeded));

  const GetRecordsResponse full = world.Read(world.Iterator("bytes", 0));
  EXPECT_THAT(full.records, SizeIs(10));
  world.Advance(absl::Milliseconds(4'999));
  EXPECT_THAT(world.TryRead(*full.next_shard_iterator),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  world.Advance(absl::Milliseconds(1));
  EXPECT_THAT(world.TryRead(*full.next_shard_iterator), Succeeds());
}

TEST(AppendixB, Point34_MetricsCountCallsRecordsAndAgesAsDocumented) {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 2;
  options.limits.shard_get_records_calls_per_second = 1;
  RecordWorld world(options);
  world.Create("orders");
  const std::vector<PutRecordsRequestEntry> three(3, {.data = "data", .partition_key = "k"});
  for (int i = 0; i < 2; ++i)
    ASSERT_THAT(world.kinesis->PutRecords({.records = three, .stream_name = "orders"}), Succeeds());
  world.Advance(absl::Seconds(1));
  world.Put("orders", "k");
  world.Advance(absl::Milliseconds(4'321));
  const std::string iterator = world.Iterator("orders", 0);
  ASSERT_THAT(world.Read(iterator).records, SizeIs(3));
  EXPECT_THAT(world.TryRead(iterator), FailsAs(ErrorCode::kProvisionedThroughputExceeded));

  const auto total = [&world](std::string_view name) {
    for (const MetricTotal& found : world.engine.metrics().Totals()) {
      if (found.metric.metric_name == name) return found.total;
    }
    return StatisticSet();
  };
  EXPECT_EQ(total("PutRecords.Success"), (StatisticSet{2, 1, 0, 1})) << "one call stored a record";
  EXPECT_EQ(total("WriteProvisionedThroughputExceeded").sum, 4) << "records";
  EXPECT_EQ(total("ReadProvisionedThroughputExceeded").sum, 1) << "calls, not records";
  EXPECT_EQ(total("GetRecords.IteratorAgeMilliseconds"), (StatisticSet{1, 4'321, 4'321, 4'321}))
      << "of the last record of the page";
}

}  // namespace
}  // namespace riacho
