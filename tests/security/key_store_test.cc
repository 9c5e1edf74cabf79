// KeyStore: keys, their states, who may use them, and what it refuses.
#include "riacho/security/key_store.h"

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

using Op = KeyOperation;

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);
constexpr char kAnn[] = "arn:aws:iam::123456789012:user/ann";
constexpr char kBob[] = "arn:aws:iam::123456789012:user/bob";
constexpr char kStranger[] = "arn:aws:iam::999999999999:user/eve";
const EncryptionContext kContext = {{"aws:kinesis:arn", StreamArnOf("orders")}};

class KeyStoreTest : public testing::Test {
 protected:
  absl::StatusOr<DataKey> Generate(const std::string& name, const std::string& caller = kAnn) {
    return keys.GenerateDataKey(name, caller, kContext, now);
  }
  absl::StatusOr<std::string> Decrypt(const std::string& blob, const std::string& caller = kAnn) {
    return keys.Decrypt(blob, caller, kContext, now);
  }

  absl::Time now = kStart;
  KeyStore keys{{.seed = 7}};
  const KeyMetadata key = keys.CreateKey({.alias = "alias/orders"}).value();
  const std::string id = key.key_id;
  const DataKey data_key = Generate(id).value();
};

TEST_F(KeyStoreTest, DecryptsTheDataKeysThatItGenerates) {
  EXPECT_EQ(data_key.plaintext.size(), 32u);
  EXPECT_EQ(data_key.ciphertext_blob.size(), KeyStore::kCiphertextBlobBytes);
  EXPECT_EQ(Decrypt(data_key.ciphertext_blob).value(), data_key.plaintext);
  EXPECT_EQ(data_key.ciphertext_blob.find(data_key.plaintext), std::string::npos);
}

TEST_F(KeyStoreTest, GeneratesNoDataKeyTwice) {
  std::set<std::string> plaintexts;
  std::set<std::string> blobs;
  for (int i = 0; i < 100; ++i) {
    const DataKey generated = Generate(id).value();
    plaintexts.insert(generated.plaintext);
    blobs.insert(generated.ciphertext_blob);
  }
  EXPECT_EQ(plaintexts.size(), 100u);
  EXPECT_EQ(blobs.size(), 100u);
}

TEST_F(KeyStoreTest, RepeatsItselfFromTheSameSeedAndDiffersFromAnother) {
  KeyStore same({.seed = 7});
  EXPECT_EQ(same.CreateKey().value(), key);
  const DataKey again = same.GenerateDataKey(id, kAnn, kContext, kStart).value();
  EXPECT_EQ(again.plaintext, data_key.plaintext);
  EXPECT_EQ(again.ciphertext_blob, data_key.ciphertext_blob);
  KeyStore other({.seed = 8});
  EXPECT_NE(other.CreateKey()->key_id, id);
  KeyStore unseeded;
  KeyStore another;
  EXPECT_NE(unseeded.CreateKey()->key_id, another.CreateKey()->key_id);
}

TEST_F(KeyStoreTest, KnowsAKeyByIdArnAliasAndAliasArn) {
  EXPECT_EQ(key.arn, "arn:aws:kms:us-east-1:123456789012:key/" + id);
  for (const std::string& name : {id, key.arn, std::string("alias/orders"),
                                  std::string("arn:aws:kms:us-east-1:123456789012:alias/orders")}) {
    EXPECT_EQ(keys.DescribeKey(name, kAnn, now).value(), key) << name;
  }
}

TEST_F(KeyStoreTest, DoesNotKnowOtherNames) {
  EXPECT_THAT(Generate("nobody"),
              FailsWith(ErrorCode::kKmsNotFound,
                        "Key 'arn:aws:kms:us-east-1:123456789012:key/nobody' does not exist"));
  EXPECT_THAT(Generate("alias/nobody"),
              FailsWith(ErrorCode::kKmsNotFound,
                        "Alias arn:aws:kms:us-east-1:123456789012:alias/nobody is not found."));
  for (const std::string& name : {"arn:aws:kms:eu-west-1:123456789012:key/" + id,
                                  "arn:aws:kms:us-east-1:999999999999:key/" + id, std::string()})
    EXPECT_THAT(Generate(name), FailsAs(ErrorCode::kKmsNotFound)) << name;
}

TEST_F(KeyStoreTest, TakesAKeyIdThatIsGiven) {
  EXPECT_EQ(keys.CreateKey({.key_id = "mrk-1"})->arn,
            "arn:aws:kms:us-east-1:123456789012:key/mrk-1");
  EXPECT_THAT(
      keys.CreateKey({.key_id = "mrk-1"}),
      FailsWith(ErrorCode::kInvalidArgument, "Key id 'mrk-1' has been given to another key."));
  for (const std::string& bad : {std::string(), std::string("a/b"), std::string(257, 'a')})
    EXPECT_THAT(keys.CreateKey({.key_id = bad}), FailsAs(ErrorCode::kInvalidArgument)) << bad;
  EXPECT_THAT(keys.CreateKey({.key_state = KeyState::kPendingDeletion}),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(KeyStoreTest, LeavesNothingBehindWhenTheAliasOfANewKeyIsRefused) {
  EXPECT_THAT(
      keys.CreateKey({.key_id = "second", .alias = "alias/orders"}),
      FailsWith(ErrorCode::kInvalidArgument, "Alias 'alias/orders' is that of another key."));
  EXPECT_THAT(Generate("second"), FailsAs(ErrorCode::kKmsNotFound));
}

TEST_F(KeyStoreTest, GivesAliasesAndTakesThemAway) {
  EXPECT_THAT(keys.CreateAlias("alias/also-orders", "alias/orders"), Succeeds());
  EXPECT_THAT(Generate("alias/also-orders"), Succeeds());
  EXPECT_THAT(keys.DeleteAlias("alias/orders"), Succeeds());
  EXPECT_THAT(Generate("alias/orders"), FailsAs(ErrorCode::kKmsNotFound));
  EXPECT_THAT(keys.DeleteAlias("alias/orders"), FailsAs(ErrorCode::kKmsNotFound));
  EXPECT_THAT(Generate("alias/also-orders"), Succeeds());
  for (const std::string& bad :
       {std::string("orders"), std::string("alias/"), std::string("alias/a b"),
        std::string("alias/aws/orders"), "alias/" + std::string(251, 'a')})
    EXPECT_THAT(keys.CreateAlias(bad, id), FailsAs(ErrorCode::kInvalidArgument)) << bad;
}

TEST_F(KeyStoreTest, UsesEnabledKeysOnly) {
  const auto expect = [&](KeyState state, ErrorCode code, const std::string& text) {
    ASSERT_THAT(keys.SetKeyState(id, state), Succeeds());
    EXPECT_THAT(Generate(id), FailsWith(code, key.arn + text)) << state;
    EXPECT_THAT(Decrypt(data_key.ciphertext_blob), FailsWith(code, key.arn + text)) << state;
    EXPECT_EQ(keys.DescribeKey(id, kAnn, now)->key_state, state);
    EXPECT_THAT(CheckUsable(*keys.DescribeKey(id, kAnn, now)), FailsAs(code));
  };
  expect(KeyState::kDisabled, ErrorCode::kKmsDisabled, " is disabled.");
  expect(KeyState::kCreating, ErrorCode::kKmsInvalidState, " is creating.");
  expect(KeyState::kPendingImport, ErrorCode::kKmsInvalidState, " is pending import.");
  expect(KeyState::kUnavailable, ErrorCode::kKmsInvalidState, " is unavailable.");
  EXPECT_THAT(keys.EnableKey(id), Succeeds());
  EXPECT_EQ(Decrypt(data_key.ciphertext_blob).value(), data_key.plaintext);
}

TEST_F(KeyStoreTest, DeletesAKeyWhenItsWindowHasPassed) {
  ASSERT_THAT(keys.ScheduleKeyDeletion(id, absl::Hours(7 * 24), now), Succeeds());
  EXPECT_THAT(Generate(id),
              FailsWith(ErrorCode::kKmsInvalidState, key.arn + " is pending deletion."));
  EXPECT_EQ(keys.DescribeKey(id, kAnn, now)->deletion_date, now + absl::Hours(7 * 24));
  EXPECT_THAT(keys.EnableKey(id), FailsAs(ErrorCode::kKmsInvalidState));
  now += absl::Hours(7 * 24) - absl::Nanoseconds(1);
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob), FailsAs(ErrorCode::kKmsInvalidState));
  now += absl::Nanoseconds(1);
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob),
              FailsWith(ErrorCode::kKmsNotFound, "Key '" + key.arn + "' does not exist"));
  EXPECT_THAT(Generate("alias/orders"), FailsAs(ErrorCode::kKmsNotFound));
  EXPECT_THAT(keys.CancelKeyDeletion(id, now), FailsAs(ErrorCode::kKmsNotFound));
  // The alias is free, the id is not.
  EXPECT_THAT(keys.CreateKey({.alias = "alias/orders"}), Succeeds());
  EXPECT_THAT(keys.CreateKey({.key_id = id}), FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(KeyStoreTest, TakesADeletionBackAndLeavesTheKeyDisabled) {
  EXPECT_THAT(keys.CancelKeyDeletion(id, now), FailsAs(ErrorCode::kKmsInvalidState));
  ASSERT_THAT(keys.ScheduleKeyDeletion(id, absl::Hours(24), now), Succeeds());
  ASSERT_THAT(keys.CancelKeyDeletion(id, now + absl::Hours(23)), Succeeds());
  now += absl::Hours(25);
  EXPECT_THAT(Generate(id), FailsAs(ErrorCode::kKmsDisabled));
  ASSERT_THAT(keys.EnableKey(id), Succeeds());
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob), Succeeds());
  EXPECT_THAT(keys.ScheduleKeyDeletion(id, -absl::Hours(1), now),
              FailsAs(ErrorCode::kInvalidArgument));
  EXPECT_THAT(keys.SetKeyState(id, KeyState::kPendingDeletion),
              FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(KeyStoreTest, DecryptsWhatARotatedKeyEncryptedBefore) {
  ASSERT_THAT(keys.RotateKeyOnDemand(id), Succeeds());
  const DataKey second = Generate(id).value();
  ASSERT_THAT(keys.RotateKeyOnDemand("alias/orders"), Succeeds());
  EXPECT_EQ(keys.DescribeKey(id, kAnn, now).value(), key);
  EXPECT_EQ(Decrypt(data_key.ciphertext_blob).value(), data_key.plaintext);
  EXPECT_EQ(Decrypt(second.ciphertext_blob).value(), second.plaintext);
  // The material is another one indeed: a store that was not rotated cannot read what this one
  // wrote afterwards.
  KeyStore unrotated({.seed = 7});
  ASSERT_THAT(unrotated.CreateKey(), Succeeds());
  EXPECT_THAT(unrotated.Decrypt(data_key.ciphertext_blob, kAnn, kContext, now), Succeeds());
  EXPECT_THAT(unrotated.Decrypt(second.ciphertext_blob, kAnn, kContext, now),
              FailsAs(ErrorCode::kKmsAccessDenied));
}

TEST_F(KeyStoreTest, ServesEverybodyInTheAccountUntilSomethingIsGranted) {
  EXPECT_THAT(Generate(id, kBob), Succeeds());
  EXPECT_THAT(Generate(id, kStranger), FailsAs(ErrorCode::kKmsAccessDenied));
  EXPECT_THAT(Generate(id, "no arn"), FailsAs(ErrorCode::kKmsAccessDenied));
  ASSERT_THAT(keys.CreateGrant(id, kAnn, {Op::kGenerateDataKey}), Succeeds());
  EXPECT_THAT(Generate(id, kAnn), Succeeds());
  EXPECT_THAT(Generate(id, kBob),
              FailsWith(ErrorCode::kKmsAccessDenied,
                        "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: "
                        "kms:GenerateDataKey on resource: " +
                            key.arn + " because no grant allows it"));
}

TEST_F(KeyStoreTest, GrantsEachOperationByItself) {
  const auto allowed = [&](const std::string& caller) {
    std::vector<bool> result;
    result.push_back(Decrypt(data_key.ciphertext_blob, caller).ok());
    result.push_back(keys.DescribeKey(id, caller, now).ok());
    result.push_back(Generate(id, caller).ok());
    return result;
  };
  ASSERT_THAT(keys.CreateGrant(id, kAnn, {Op::kDecrypt}), Succeeds());
  ASSERT_THAT(keys.CreateGrant(id, kStranger, {Op::kGenerateDataKey}), Succeeds());
  EXPECT_THAT(allowed(kAnn), testing::ElementsAre(true, false, false));
  EXPECT_THAT(allowed(kStranger), testing::ElementsAre(false, false, true));
  ASSERT_THAT(keys.CreateGrant(id, kAnn, {Op::kDescribeKey}), Succeeds());
  EXPECT_THAT(allowed(kAnn), testing::ElementsAre(true, true, false));
  EXPECT_THAT(allowed(kBob), testing::ElementsAre(false, false, false));
}

TEST_F(KeyStoreTest, ServesNobodyWhenAllGrantsAreRevoked) {
  EXPECT_THAT(keys.RevokeGrant(id, kAnn), FailsAs(ErrorCode::kInvalidArgument));
  ASSERT_THAT(keys.CreateGrant(id, kAnn, {Op::kGenerateDataKey}), Succeeds());
  ASSERT_THAT(keys.RevokeGrant(id, kAnn), Succeeds());
  EXPECT_THAT(Generate(id, kAnn), FailsAs(ErrorCode::kKmsAccessDenied));
  EXPECT_THAT(keys.CreateGrant(id, "ann", {Op::kDecrypt}), FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(KeyStoreTest, RefusesBlobsThatItDidNotMake) {
  for (std::size_t i = 0; i < data_key.ciphertext_blob.size(); ++i) {
    std::string changed = data_key.ciphertext_blob;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(Decrypt(changed), FailsAs(ErrorCode::kKmsAccessDenied)) << i;
  }
  EXPECT_THAT(Decrypt(""), FailsAs(ErrorCode::kKmsAccessDenied));
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob + "x"), FailsAs(ErrorCode::kKmsAccessDenied));
  KeyStore other({.seed = 8});
  ASSERT_THAT(other.CreateKey(), Succeeds());
  EXPECT_THAT(other.Decrypt(data_key.ciphertext_blob, kAnn, kContext, now),
              FailsAs(ErrorCode::kKmsAccessDenied));
}

TEST_F(KeyStoreTest, RefusesAnotherEncryptionContext) {
  for (const EncryptionContext& context :
       {EncryptionContext{}, EncryptionContext{{"aws:kinesis:arn", StreamArnOf("orders2")}},
        EncryptionContext{{"aws:kinesis:ar", "n" + StreamArnOf("orders")}}}) {
    EXPECT_THAT(keys.Decrypt(data_key.ciphertext_blob, kAnn, context, now),
                FailsAs(ErrorCode::kKmsAccessDenied));
  }
}

TEST_F(KeyStoreTest, HasTheServicesKeyFromTheBeginning) {
  constexpr char kAlias[] = "alias/aws/kinesis";
  const KeyMetadata managed = keys.DescribeKey(kAlias, kAnn, now).value();
  EXPECT_TRUE(managed.service_managed);
  EXPECT_FALSE(key.service_managed);
  EXPECT_THAT(Generate(kAlias), Succeeds());
  EXPECT_THAT(Generate(kAlias, kStranger), FailsAs(ErrorCode::kKmsAccessDenied));
  for (const absl::Status& refused :
       {keys.DisableKey(kAlias), keys.DisableKey(managed.key_id),
        keys.ScheduleKeyDeletion(kAlias, absl::Hours(1), now), keys.RotateKeyOnDemand(kAlias),
        keys.CreateGrant(kAlias, kStranger, {Op::kDecrypt}), keys.RevokeGrant(kAlias, kAnn),
        keys.CreateAlias("alias/mine", kAlias), keys.DeleteAlias(kAlias)})
    EXPECT_THAT(refused, FailsAs(ErrorCode::kInvalidArgument));
}

TEST_F(KeyStoreTest, AnswersNothingToAnAccountThatIsNotSubscribed) {
  keys.SetOptedIn(false);
  const std::string text = "Account 123456789012 is not subscribed to KMS.";
  EXPECT_THAT(Generate(id), FailsWith(ErrorCode::kKmsOptInRequired, text));
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob), FailsWith(ErrorCode::kKmsOptInRequired, text));
  EXPECT_THAT(keys.DescribeKey(id, kAnn, now), FailsWith(ErrorCode::kKmsOptInRequired, text));
  keys.SetOptedIn(true);
  EXPECT_THAT(Generate(id), Succeeds());
}

TEST_F(KeyStoreTest, RefusesMoreRequestsASecondThanItsQuota) {
  keys.SetRequestQuota(3);
  EXPECT_THAT(Generate(id), Succeeds());
  EXPECT_THAT(Decrypt(data_key.ciphertext_blob), Succeeds());
  EXPECT_THAT(keys.DescribeKey(id, kAnn, now), Succeeds());
  EXPECT_THAT(Generate(id), FailsAs(ErrorCode::kKmsThrottling));
  EXPECT_TRUE(IsRetryable(Generate(id).status()));
  now += absl::Seconds(1);
  EXPECT_THAT(Generate(id), Succeeds());
  keys.SetRequestQuota(0);
  EXPECT_THAT(Generate(id), FailsAs(ErrorCode::kKmsThrottling));
  keys.SetRequestQuota(Limits::kUnlimited);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(Generate(id), Succeeds());
}

TEST_F(KeyStoreTest, CountsRequestsGrantedAndRefused) {
  EXPECT_EQ(keys.request_count(Op::kGenerateDataKey), 1);
  EXPECT_EQ(keys.request_count(Op::kDecrypt), 0);
  EXPECT_THAT(Decrypt("nonsense"), FailsAs(ErrorCode::kKmsAccessDenied));
  EXPECT_THAT(keys.DescribeKey("nobody", kAnn, now), FailsAs(ErrorCode::kKmsNotFound));
  EXPECT_EQ(keys.request_count(Op::kGenerateDataKey), 1);
  EXPECT_EQ(keys.request_count(Op::kDecrypt), 1);
  EXPECT_EQ(keys.request_count(Op::kDescribeKey), 1);
}

TEST(KeyStoreNames, AreThoseOfTheService) {
  std::ostringstream text;
  text << KeyState::kPendingDeletion << " " << KeyOperation::kGenerateDataKey;
  EXPECT_EQ(text.str(), "PendingDeletion GenerateDataKey");
}

TEST(KeyStorePartition, IsThatOfTheRegion) {
  KeyStore keys({.account_id = "111122223333", .region = "cn-north-1"});
  EXPECT_EQ(keys.CreateKey({.key_id = "a"})->arn, "arn:aws-cn:kms:cn-north-1:111122223333:key/a");
}

}  // namespace
}  // namespace riacho
