// Encryption at rest: what is sealed, with which data keys and for how long. What fails when a key
// does not serve: kms_error_test.cc.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"

namespace riacho {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Op = KeyOperation;

constexpr char kRoot[] = "arn:aws:iam::123456789012:root";

std::vector<EncryptionType> TypesOf(const RecordBatch& batch) {
  std::vector<EncryptionType> types;
  for (const Record& record : batch) types.push_back(record.encryption_type);
  return types;
}

class Encryption : public testing::Test {
 protected:
  EncryptionWorld world;
};

TEST_F(Encryption, RecordsKeepTheTypeThatTheyWereWrittenWith) {
  EXPECT_EQ(world.Put("orders", "k", "1").encryption_type, kNone);
  world.Start("first");
  EXPECT_EQ(world.Put("orders", "k", "2").encryption_type, kKms);
  world.Start("second");
  EXPECT_EQ(world.Put("orders", "k", "3").encryption_type, kKms);
  world.Stop();
  EXPECT_EQ(world.Put("orders", "k", "4").encryption_type, kNone);

  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(DataOf(page), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(TypesOf(page.records), ElementsAre(kNone, kKms, kKms, kNone));
}

TEST_F(Encryption, ADisabledKeyFailsReadsThatReachItsRecordsAndTheIteratorStaysValid) {
  world.Put("orders", "k", "1");
  world.Start("first");
  world.Put("orders", "k", "2");
  world.Start("second");
  world.Put("orders", "k", "3");
  ASSERT_THAT(world.keys.DisableKey("first"), Succeeds());
  world.LetDataKeysExpire();

  const GetRecordsResponse before = world.Read(world.Iterator("orders", 0), 1);
  EXPECT_THAT(DataOf(before), ElementsAre("1"));
  const std::string iterator = *before.next_shard_iterator;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(world.TryRead(iterator),
                FailsWith(ErrorCode::kKmsDisabled,
                          "arn:aws:kms:us-east-1:123456789012:key/first is disabled."));
  }
  EXPECT_THAT(world.TryRead(world.Iterator("orders", 0)), FailsAs(ErrorCode::kKmsDisabled));
  ASSERT_THAT(world.keys.EnableKey("first"), Succeeds());
  EXPECT_THAT(DataOf(world.Read(iterator)), ElementsAre("2", "3"));
}

TEST_F(Encryption, ADataKeySealsForFiveMinutes) {
  world.Start("first");
  for (int i = 0; i < 1000; ++i) {
    world.Put("orders", "k", "x");
    if (i < 999) world.Advance(absl::Seconds(299) / 999);
  }
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 1);
  world.Advance(absl::Seconds(1) + absl::Microseconds(1));  // what the division has left over
  world.Put("orders", "k", "x");
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 2);
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, SizeIs(1001));
  EXPECT_EQ(world.keys.request_count(Op::kDecrypt), 2);
}

TEST_F(Encryption, ADataKeyOpensForFiveMinutes) {
  world.Start("first");
  world.Put("orders", "k", "x");
  const std::string iterator = world.Iterator("orders", 0);
  world.Read(iterator);
  world.Advance(absl::Minutes(5) - absl::Nanoseconds(1));
  world.Read(iterator);
  EXPECT_EQ(world.keys.request_count(Op::kDecrypt), 1);
  world.Advance(absl::Nanoseconds(1));
  world.Read(iterator);
  EXPECT_EQ(world.keys.request_count(Op::kDecrypt), 2);
}

TEST_F(Encryption, ADisabledKeyServesUntilItsDataKeysExpire) {
  world.Start("first");
  world.Put("orders", "k", "1");
  world.Read(world.Iterator("orders", 0));
  ASSERT_THAT(world.keys.DisableKey("first"), Succeeds());
  world.Advance(absl::Minutes(5) - absl::Nanoseconds(1));
  world.Put("orders", "k", "2");
  EXPECT_THAT(DataOf(world.Read(world.Iterator("orders", 0))), ElementsAre("1", "2"));
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(ErrorCode::kKmsDisabled));
  EXPECT_THAT(world.TryRead(world.Iterator("orders", 0)), FailsAs(ErrorCode::kKmsDisabled));
}

TEST_F(Encryption, EachStreamAndEachKeyHasADataKeyOfItsOwn) {
  world.Create("returns");
  world.Start("first");
  ASSERT_THAT(world.TryStart("first", "returns"), Succeeds());
  world.Put("orders", "k");
  world.Put("returns", "k");
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 2);
  world.Start("second");
  world.Put("orders", "k");
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 3);
  // The same key again brings no new data key.
  world.Start("first");
  world.Put("orders", "k");
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 3);
}

TEST_F(Encryption, HowLongADataKeyLivesIsALimit) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.data_key_life = absl::Seconds(1);
  EncryptionWorld quick(options);
  quick.Start("first");
  quick.Put("orders", "k");
  quick.Advance(absl::Seconds(1));
  quick.Put("orders", "k");
  EXPECT_EQ(quick.keys.request_count(Op::kGenerateDataKey), 2);
}

TEST_F(Encryption, ARotatedKeyReadsWhatItWroteBefore) {
  world.Start("first");
  world.Put("orders", "k", "before");
  ASSERT_THAT(world.keys.RotateKeyOnDemand("first"), Succeeds());
  world.LetDataKeysExpire();
  world.Put("orders", "k", "after");
  EXPECT_THAT(DataOf(world.Read(world.Iterator("orders", 0))), ElementsAre("before", "after"));
}

TEST_F(Encryption, AStreamThatIsNotEncryptedAsksForNoKey) {
  world.Put("orders", "k");
  world.Read(world.Iterator("orders", 0));
  world.Start("first");
  world.Stop();
  world.Put("orders", "k");
  EXPECT_THAT(TypesOf(world.Read(world.Iterator("orders", 0)).records), Each(kNone));
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 0);
  EXPECT_EQ(world.keys.request_count(Op::kDecrypt), 0);
  EXPECT_EQ(world.keys.request_count(Op::kDescribeKey), 1);  // StartStreamEncryption
}

TEST_F(Encryption, ADryRunSealsNothingAndAsksForNoKey) {
  world.Start("first");
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "x", .partition_key = "k"}};
  EXPECT_THAT(world.kinesis->PutRecord(
                  {.stream_name = "orders", .data = "x", .partition_key = "k", .dry_run = true}),
              FailsAs(ErrorCode::kDryRunOperation));
  EXPECT_THAT(
      world.kinesis->PutRecords({.records = entries, .stream_name = "orders", .dry_run = true}),
      FailsAs(ErrorCode::kDryRunOperation));
  EXPECT_THAT(
      world.kinesis->GetRecords({.shard_iterator = world.Iterator("orders", 0), .dry_run = true}),
      FailsAs(ErrorCode::kDryRunOperation));
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 0);
}

TEST_F(Encryption, PutRecordsSealsAllEntriesWithOneDataKey) {
  world.Start("first");
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "a", .partition_key = "k"},
                                                       {.data = "", .partition_key = "l"},
                                                       {.data = "c", .partition_key = "m"}};
  const PutRecordsResponse put =
      world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}).value();
  EXPECT_EQ(put.encryption_type, kKms);
  EXPECT_EQ(put.failed_record_count, 0);
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 1);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  EXPECT_THAT(DataOf(page), ElementsAre("a", "", "c"));
  EXPECT_THAT(TypesOf(page.records), Each(kKms));
  EXPECT_EQ(page.records[1].partition_key, "l");
}

TEST_F(Encryption, AProducerWithoutGenerateDataKeyCannotPut) {
  world.Start("first");
  ASSERT_THAT(world.keys.CreateGrant("first", kRoot, {Op::kDecrypt}), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k"),
              FailsWith(ErrorCode::kKmsAccessDenied,
                        "User: arn:aws:iam::123456789012:root is not authorized to perform: "
                        "kms:GenerateDataKey on resource: "
                        "arn:aws:kms:us-east-1:123456789012:key/first because no grant allows it"));
}

TEST_F(Encryption, AConsumerWithoutDecryptCanPutButNotRead) {
  world.Start("first");
  ASSERT_THAT(world.keys.CreateGrant("first", kRoot, {Op::kGenerateDataKey}), Succeeds());
  world.Put("orders", "k");
  EXPECT_THAT(world.TryRead(world.Iterator("orders", 0)), FailsAs(ErrorCode::kKmsAccessDenied));
  // The end of the shard needs no key.
  EXPECT_THAT(world.Read(world.Iterator("orders", 0, ShardIteratorType::kLatest)).records,
              IsEmpty());
}

TEST_F(Encryption, AnAliasThatHasGoneIsKmsNotFound) {
  world.Start("alias/first");
  world.Put("orders", "k");
  ASSERT_THAT(world.keys.DeleteAlias("alias/first"), Succeeds());
  world.LetDataKeysExpire();
  EXPECT_THAT(world.TryPut("orders", "k"),
              FailsWith(ErrorCode::kKmsNotFound,
                        "Alias arn:aws:kms:us-east-1:123456789012:alias/first is not found."));
  // What has been written names the key itself.
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, SizeIs(1));
}

TEST_F(Encryption, AKeyPendingDeletionFailsPutRecordsAsAWhole) {
  world.Start("first");
  ASSERT_THAT(world.keys.ScheduleKeyDeletion("first", absl::Hours(7 * 24), world.clock.TimeNow()),
              Succeeds());
  const std::vector<PutRecordsRequestEntry> entries(3, {.data = "x", .partition_key = "k"});
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsAs(ErrorCode::kKmsInvalidState));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, IsEmpty());
}

TEST_F(Encryption, LargeRecordsAreSealedToo) {
  ASSERT_THAT(world.kinesis->CreateStream(
                  {.stream_name = "films", .shard_count = 1, .max_record_size_in_kib = 10240}),
              Succeeds());
  ASSERT_THAT(world.TryStart("first", "films"), Succeeds());
  const std::string film(10 * kMiB - 1, 'f');
  world.Put("films", "k", film);
  world.Put("films", "k", std::string(16 * 1024, 's'));  // has memory of its own, too
  const std::string iterator = world.Iterator("films", 0);
  const GetRecordsResponse page = world.Read(iterator);  // 10 MiB of data and key: a full page
  ASSERT_THAT(page.records, SizeIs(1));
  EXPECT_TRUE(page.records[0].data == film);
  EXPECT_EQ(page.records[0].encryption_type, kKms);
  EXPECT_TRUE(world.Read(*page.next_shard_iterator).records[0].data == std::string(16 * 1024, 's'));
}

TEST_F(Encryption, SizesAreThoseOfTheClearData) {
  world.Start("first");
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB - 1, 'x')), Succeeds());
  EXPECT_THAT(world.TryPut("orders", "k", std::string(kMiB, 'x')), FailsAs(ErrorCode::kValidation));
  for (int i = 1; i < 11; ++i) world.Put("orders", "k", std::string(kMiB - 1, 'x'));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0)).records, SizeIs(10));
}

TEST_F(Encryption, ThroughputIsThatOfTheClearData) {
  EncryptionWorld limited{EngineOptions{}};
  limited.Start("first");
  const std::string half(kMiB / 2 - 1, 'x');
  EXPECT_THAT(limited.TryPut("orders", "k", half), Succeeds());
  EXPECT_THAT(limited.TryPut("orders", "k", half), Succeeds());
  EXPECT_THAT(limited.TryPut("orders", "k", ""),
              FailsAs(ErrorCode::kProvisionedThroughputExceeded));
  limited.Advance(absl::Seconds(1));
  EXPECT_THAT(limited.TryPut("orders", "k", half), Succeeds());
  EXPECT_THAT(limited.TryPut("orders", "k", half), Succeeds());
  // A page of 2 MiB uses up one second of reading, to the byte.
  const std::string iterator = limited.Iterator("orders", 0);
  EXPECT_THAT(limited.Read(iterator).records, SizeIs(4));
  EXPECT_THAT(limited.TryRead(iterator), Succeeds());
}

TEST_F(Encryption, FollowsAReshard) {
  world.Start("first");
  world.Put("orders", "k", "parent");
  ASSERT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  world.PutAt("orders", "0", "left");
  world.PutAt("orders", kLargestHashKey, "right");
  EXPECT_THAT(world.ReadAll("orders", "0"), ElementsAre("parent"));
  EXPECT_THAT(world.ReadAll("orders", "1"), ElementsAre("left"));
  EXPECT_THAT(world.ReadAll("orders", "2"), ElementsAre("right"));
  EXPECT_THAT(TypesOf(world.Read(world.Iterator("orders", 1)).records), ElementsAre(kKms));
  EXPECT_EQ(world.Summary("orders").encryption_type, kKms);
}

TEST_F(Encryption, SealsRecordsThatTheStreamPlacesItself) {
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.kinesis->UpdateStreamRecordDistributionStrategy(
                  {.stream_arn = StreamArnOf("clicks"),
                   .record_distribution_strategy = RecordDistributionStrategy::kAuto}),
              Succeeds());
  ASSERT_THAT(world.TryStart("first", "clicks"), Succeeds());
  for (int i = 0; i < 4; ++i)
    ASSERT_THAT(world.kinesis->PutRecord({.stream_name = "clicks", .data = "seen"}), Succeeds());
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    const GetRecordsResponse page = world.Read(world.Iterator("clicks", shard));
    EXPECT_THAT(DataOf(page), ElementsAre("seen"));
    EXPECT_THAT(TypesOf(page.records), ElementsAre(kKms));
  }
}

TEST(EncryptionOnDemand, TrafficIsThatOfTheClearData) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.on_demand_split_bytes_per_second = 60;
  EncryptionWorld world(options);
  world.CreateOnDemand("clicks");
  ASSERT_THAT(world.TryStart("first", "clicks"), Succeeds());
  const auto drive = [&world](std::size_t bytes_per_second) {
    for (int second = 0; second < 180; ++second) {
      world.Put("clicks", "k", std::string(bytes_per_second - 1, 'x'));
      world.Advance(absl::Seconds(1));
    }
    world.Advance(absl::Minutes(15));
    return world.OpenShards("clicks").size();
  };
  EXPECT_EQ(drive(60), 4U);
  EXPECT_EQ(drive(61), 5U);
}

TEST_F(Encryption, BatchesOutliveTheEngine) {
  auto short_lived = std::make_unique<EncryptionWorld>();
  short_lived->Start("first");
  short_lived->Put("orders", "small", "paid");
  short_lived->Put("orders", "large", std::string(100'000, 'l'));
  short_lived->Stop();
  short_lived->Put("orders", "clear", "shipped");
  RecordBatch batch = short_lived->Read(short_lived->Iterator("orders", 0)).records;
  short_lived.reset();
  const RecordBatch moved = std::move(batch);
  EXPECT_THAT(DataOf(moved), ElementsAre("paid", std::string(100'000, 'l'), "shipped"));
  EXPECT_EQ(moved[0].partition_key, "small");
}

TEST_F(Encryption, AFanOutConsumerReadsClearData) {
  world.Put("orders", "k", "clear");
  world.Start("first");
  world.Put("orders", "k", "sealed");
  const std::string arn = world.Register("orders", "billing");
  const auto subscription = world.Subscribe(arn, 0);
  const SubscribeToShardEvent event = Next(*subscription).value();
  EXPECT_THAT(DataOf(event.records), ElementsAre("clear", "sealed"));
  EXPECT_THAT(TypesOf(event.records), ElementsAre(kNone, kKms));
}

TEST_F(Encryption, ASubscriptionOpensWithADisabledKeyAndTheErrorComesInStream) {
  world.Put("orders", "k", "clear");
  world.Start("first");
  const std::string arn = world.Register("orders", "billing");
  const auto subscription = world.Subscribe(arn, 0);
  const SubscribeToShardEvent event = Next(*subscription).value();
  world.Put("orders", "k", "sealed");
  ASSERT_THAT(world.keys.DisableKey("first"), Succeeds());
  EXPECT_THAT(subscription->Poll(), FailsAs(ErrorCode::kKmsDisabled));
  EXPECT_TRUE(subscription->ended());
  EXPECT_EQ(Next(*subscription), std::nullopt);

  // The next one begins where this one stopped, and nothing is lost.
  world.Advance(absl::Seconds(5));
  const StartingPosition resume = {
      .type = ShardIteratorType::kAfterSequenceNumber,
      .sequence_number = event.continuation_sequence_number->ToString()};
  EXPECT_THAT(world.Subscribe(arn, 0, resume)->Poll(), FailsAs(ErrorCode::kKmsDisabled));
  ASSERT_THAT(world.keys.EnableKey("first"), Succeeds());
  world.Advance(absl::Seconds(5));
  EXPECT_THAT(DataOf(Next(*world.Subscribe(arn, 0, resume))->records), ElementsAre("sealed"));
}

TEST_F(Encryption, EnginesThatShareAKeyStoreShareItsKeys) {
  auto keys = std::make_shared<KeyStore>();
  ASSERT_THAT(keys->CreateKey({.key_id = "shared"}), Succeeds());
  World first({.key_store = keys});
  World second({.key_store = keys});
  EXPECT_EQ(&first.engine.key_store(), keys.get());
  for (World* shared : {&first, &second}) {
    shared->Create("orders");
    ASSERT_THAT(shared->kinesis->StartStreamEncryption(
                    {.stream_name = "orders", .encryption_type = kKms, .key_id = "shared"}),
                Succeeds());
    shared->Put("orders", "k");
  }
  EXPECT_EQ(keys->request_count(Op::kGenerateDataKey), 2);
}

TEST_F(Encryption, ADeletedNamesakeLeavesNoDataKey) {
  world.Start("first");
  world.Put("orders", "k");
  ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world.Create("orders");
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kNone);
  world.Start("first");
  world.Put("orders", "k");
  EXPECT_EQ(world.keys.request_count(Op::kGenerateDataKey), 2);
}

}  // namespace
}  // namespace riacho
