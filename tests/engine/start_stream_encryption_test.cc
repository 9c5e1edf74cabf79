// StartStreamEncryption and StopStreamEncryption: what they change, when it shows, and what they
// refuse.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using enum EncryptionType;
constexpr char kServiceKey[] = "alias/aws/kinesis";

class StreamEncryption : public testing::Test {
 protected:
  explicit StreamEncryption(EngineOptions options = ServiceTimes()) : world(std::move(options)) {
    world.Create("orders");
  }

  absl::Status Start(const std::string& key, const std::string& stream = "orders") {
    return world.kinesis
        ->StartStreamEncryption({.stream_name = stream, .encryption_type = kKms, .key_id = key})
        .status();
  }
  absl::Status Stop(const std::string& key = kServiceKey) {
    return world.kinesis
        ->StopStreamEncryption({.stream_name = "orders", .encryption_type = kKms, .key_id = key})
        .status();
  }
  void BecomeActive() {
    world.Advance(world.engine.options().lifecycle.update_stream);
    ASSERT_EQ(world.Status("orders"), StreamStatus::kActive);
  }

  World world;
};

class StreamEncryptionAtOnce : public StreamEncryption {
 protected:
  StreamEncryptionAtOnce() : StreamEncryption(EngineOptions{}) {}
};

TEST_F(StreamEncryption, ShowsWithActiveAndTakesEffectThen) {
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").encryption_type, kNone);
  EXPECT_EQ(world.Summary("orders").key_id, std::nullopt);
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kNone);
  world.Advance(world.engine.options().lifecycle.update_stream - absl::Nanoseconds(1));
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kNone);
  world.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kKms);
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  EXPECT_EQ(world.Summary("orders").encryption_type, kKms);
  EXPECT_EQ(world.Describe("orders").encryption_type, kKms);
  EXPECT_EQ(world.Describe("orders").key_id, kServiceKey);
}

TEST_F(StreamEncryption, IsShownWhileItIsBeingStopped) {
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  BecomeActive();
  ASSERT_THAT(Stop(), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  EXPECT_EQ(world.Summary("orders").encryption_type, kKms);
  EXPECT_EQ(world.Summary("orders").key_id, kServiceKey);
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kKms);
  BecomeActive();
  EXPECT_EQ(world.Summary("orders").encryption_type, kNone);
  EXPECT_EQ(world.Summary("orders").key_id, std::nullopt);
  EXPECT_EQ(world.Put("orders", "k").encryption_type, kNone);
}

TEST_F(StreamEncryption, GoesThroughUpdatingForTheSameKeyToo) {
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  BecomeActive();
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  EXPECT_EQ(world.Status("orders"), StreamStatus::kUpdating);
  BecomeActive();
  EXPECT_EQ(world.Summary("orders").key_id, kServiceKey);
}

TEST_F(StreamEncryption, ShowsTheOldKeyUntilTheNewOneServes) {
  ASSERT_THAT(world.engine.key_store().CreateKey({.key_id = "mine"}), Succeeds());
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  BecomeActive();
  ASSERT_THAT(Start("mine"), Succeeds());
  EXPECT_EQ(world.Summary("orders").key_id, kServiceKey);
  BecomeActive();
  EXPECT_EQ(world.Summary("orders").key_id, "mine");
}

TEST_F(StreamEncryption, IsRefusedUnlessTheStreamIsActive) {
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  EXPECT_THAT(Start(kServiceKey),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
  EXPECT_THAT(Stop(), FailsWith(ErrorCode::kResourceInUse, NotActiveText("orders", "UPDATING")));
  // The state comes before the key.
  EXPECT_THAT(Start("no such key"), FailsAs(ErrorCode::kResourceInUse));
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "new", .shard_count = 1}), Succeeds());
  EXPECT_THAT(Start(kServiceKey, "new"),
              FailsWith(ErrorCode::kResourceInUse, NotActiveText("new", "CREATING")));
}

TEST_F(StreamEncryptionAtOnce, EchoesTheKeyIdAsGiven) {
  KeyStore& keys = world.engine.key_store();
  const KeyMetadata key = keys.CreateKey({.alias = "alias/mine"}).value();
  for (const std::string& name :
       {key.key_id, key.arn, std::string("alias/mine"),
        std::string("arn:aws:kms:us-east-1:123456789012:alias/mine"), std::string(kServiceKey)}) {
    ASSERT_THAT(Start(name), Succeeds());
    EXPECT_EQ(world.Describe("orders").key_id, name);
    EXPECT_EQ(world.Put("orders", "k").encryption_type, kKms);
  }
}

TEST_F(StreamEncryptionAtOnce, WorksByArnAndOnDemand) {
  world.CreateOnDemand("clicks");
  EXPECT_THAT(
      world.kinesis->StartStreamEncryption(
          {.encryption_type = kKms, .key_id = kServiceKey, .stream_arn = StreamArnOf("clicks")}),
      Succeeds());
  EXPECT_EQ(world.Put("clicks", "k").encryption_type, kKms);
}

TEST_F(StreamEncryptionAtOnce, CannotBeStoppedWhereThereIsNone) {
  EXPECT_THAT(Stop(), FailsWith(ErrorCode::kInvalidArgument,
                                "Cannot stop encrypting an unencrypted stream."));
  ASSERT_THAT(Start(kServiceKey), Succeeds());
  EXPECT_THAT(Stop("any key"), Succeeds());
  EXPECT_THAT(Stop(), FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(StreamEncryptionAtOnce, NeedsAStreamBeforeItNeedsAKey) {
  EXPECT_THAT(Start("no such key", "nobody"),
              FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("nobody")));
  EXPECT_THAT(Start("no-such-key"),
              FailsWith(ErrorCode::kKmsNotFound,
                        "Key 'arn:aws:kms:us-east-1:123456789012:key/no-such-key' does not exist"));
}

TEST_F(StreamEncryptionAtOnce, IsOfTypeKms) {
  const std::string text = "EncryptionType must be KMS. Specified value was NONE";
  EXPECT_THAT(world.kinesis->StartStreamEncryption(
                  {.stream_name = "orders", .encryption_type = kNone, .key_id = kServiceKey}),
              FailsWith(ErrorCode::kInvalidArgument, text));
  EXPECT_THAT(world.kinesis->StopStreamEncryption(
                  {.stream_name = "orders", .encryption_type = kNone, .key_id = kServiceKey}),
              FailsWith(ErrorCode::kInvalidArgument, text));
}

TEST_F(StreamEncryptionAtOnce, DemandsTypeAndKey) {
  EXPECT_THAT(world.kinesis->StartStreamEncryption({.stream_name = "orders"}),
              FailsWith(ErrorCode::kValidation,
                        "2 validation errors detected: Value null at 'encryptionType' failed to "
                        "satisfy constraint: Member must not be null; Value null at 'keyId' failed "
                        "to satisfy constraint: Member must not be null"));
  EXPECT_THAT(Start(""), FailsWith(ErrorCode::kValidation,
                                   OneViolation("Value '' at 'keyId' failed to satisfy constraint: "
                                                "Member must have length greater than or equal to "
                                                "1")));
  const std::string longest(2048, 'k');
  EXPECT_THAT(Start(longest), FailsAs(ErrorCode::kKmsNotFound));
  EXPECT_THAT(Start(longest + "k"), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(Stop(""), FailsAs(ErrorCode::kValidation));
}

TEST_F(StreamEncryptionAtOnce, StartsTwentyFiveTimesInADay) {
  for (int i = 0; i < 25; ++i) {
    EXPECT_THAT(Start(kServiceKey), Succeeds()) << i;
    EXPECT_THAT(Start("no-such-key"), FailsAs(ErrorCode::kKmsNotFound));  // does not count
    world.Advance(absl::Minutes(1));
  }
  EXPECT_THAT(Start(kServiceKey), FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
  EXPECT_EQ(world.Status("orders"), StreamStatus::kActive);
  world.Advance(absl::Hours(24) - absl::Minutes(25) - absl::Nanoseconds(1));
  EXPECT_THAT(Start(kServiceKey), FailsAs(ErrorCode::kLimitExceeded));
  world.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(Start(kServiceKey), Succeeds());
  EXPECT_THAT(Start(kServiceKey), FailsAs(ErrorCode::kLimitExceeded));
}

TEST(StreamEncryptionQuota, OfStopsIsOneOfItsOwn) {
  EngineOptions options;
  options.limits.start_stream_encryption_calls_per_day = Limits::kUnlimited;
  World world(options);
  world.Create("orders");
  const auto start = [&] {
    return world.kinesis->StartStreamEncryption(
        {.stream_name = "orders", .encryption_type = kKms, .key_id = kServiceKey});
  };
  const auto stop = [&] {
    return world.kinesis->StopStreamEncryption(
        {.stream_name = "orders", .encryption_type = kKms, .key_id = kServiceKey});
  };
  for (int i = 0; i < 25; ++i) {
    ASSERT_THAT(start(), Succeeds());
    ASSERT_THAT(stop(), Succeeds());
    EXPECT_THAT(stop(), FailsAs(ErrorCode::kInvalidArgument));  // does not count
  }
  ASSERT_THAT(start(), Succeeds());
  EXPECT_THAT(stop(), FailsWith(ErrorCode::kLimitExceeded, StreamRateText("orders")));
  EXPECT_EQ(world.Summary("orders").encryption_type, kKms);
  world.Advance(absl::Hours(24));
  EXPECT_THAT(stop(), Succeeds());
}

}  // namespace
}  // namespace riacho
