// The six errors of keys that do not serve, on every operation that needs one.
#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"

namespace riacho {
namespace {

using testing::IsEmpty;

using Op = KeyOperation;

constexpr char kSomebodyElse[] = "arn:aws:iam::123456789012:user/ann";

// One way in which a key fails to serve, for each of the six errors.
struct Failure {
  ErrorCode code = ErrorCode::kKmsDisabled;
  std::function<void(EncryptionWorld&)> happen;
};

std::string NameOf(const testing::TestParamInfo<Failure>& info) {
  return std::string(ErrorCodeName(info.param.code));
}

class KmsError : public testing::TestWithParam<Failure> {
 protected:
  // One record can be read while the keys serve.
  KmsError() {
    world.Start("first");
    world.Put("orders", "k", "sealed");
    arn = world.Register("orders", "billing");
    world.LetDataKeysExpire();
    iterator = world.Iterator("orders", 0);
    GetParam().happen(world);
  }

  EncryptionWorld world;
  std::string arn;
  std::string iterator;
};

INSTANTIATE_TEST_SUITE_P(
    AllSix, KmsError,
    testing::Values(Failure{ErrorCode::kKmsAccessDenied,
                            [](EncryptionWorld& world) {
                              ASSERT_THAT(
                                  world.keys.CreateGrant("first", kSomebodyElse,
                                                         {Op::kDecrypt, Op::kGenerateDataKey}),
                                  Succeeds());
                            }},
                    Failure{ErrorCode::kKmsDisabled,
                            [](EncryptionWorld& world) {
                              ASSERT_THAT(world.keys.DisableKey("first"), Succeeds());
                            }},
                    Failure{ErrorCode::kKmsInvalidState,
                            [](EncryptionWorld& world) {
                              ASSERT_THAT(world.keys.SetKeyState("first", KeyState::kUnavailable),
                                          Succeeds());
                            }},
                    Failure{ErrorCode::kKmsNotFound,
                            [](EncryptionWorld& world) {
                              ASSERT_THAT(world.keys.ScheduleKeyDeletion(
                                              "first", absl::ZeroDuration(), world.clock.TimeNow()),
                                          Succeeds());
                            }},
                    Failure{ErrorCode::kKmsOptInRequired,
                            [](EncryptionWorld& world) { world.keys.SetOptedIn(false); }},
                    Failure{ErrorCode::kKmsThrottling,
                            [](EncryptionWorld& world) { world.keys.SetRequestQuota(0); }}),
    NameOf);

TEST_P(KmsError, OfPutRecord) {
  EXPECT_THAT(world.TryPut("orders", "k"), FailsAs(GetParam().code));
}

TEST_P(KmsError, OfPutRecordsFailsTheWholeCall) {
  const std::vector<PutRecordsRequestEntry> entries(2, {.data = "x", .partition_key = "k"});
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsAs(GetParam().code));
  EXPECT_THAT(world.Read(world.Iterator("orders", 0, ShardIteratorType::kLatest)).records,
              IsEmpty());
}

TEST_P(KmsError, OfGetRecordsDoesNotAdvance) {
  EXPECT_THAT(world.TryRead(iterator), FailsAs(GetParam().code));
  EXPECT_THAT(world.TryRead(iterator), FailsAs(GetParam().code));
}

TEST_P(KmsError, OfSubscribeToShardComesInStream) {
  const auto subscription = world.Subscribe(arn, 0);
  EXPECT_THAT(subscription->Poll(), FailsAs(GetParam().code));
  EXPECT_TRUE(subscription->ended());
}

TEST_P(KmsError, OfStartStreamEncryptionChangesNothing) {
  world.Stop();
  EXPECT_THAT(world.TryStart("first"), FailsAs(GetParam().code));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").encryption_type, EncryptionType::kNone);
}

TEST_P(KmsError, DoesNotStopWhatNeedsNoKey) {
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders"}), Succeeds());
  EXPECT_THAT(world.TryIterator("orders", "0", ShardIteratorType::kTrimHorizon), Succeeds());
  EXPECT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  EXPECT_THAT(world.TryStop(), Succeeds());
}

}  // namespace
}  // namespace riacho
