// The part of SideBySide that encrypts streams, and administers the keys.
#include <set>

#include "absl/time/time.h"

#include "model_based/side_by_side.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

template <typename Request>
Request SideBySide::EncryptionRequest() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  Request request;
  choices_.AddressStream(request, stream.get());
  request.encryption_type = EncryptionType::kKms;
  request.key_id = choices_.KeyName();
  if (choices_.OneIn(40)) request.encryption_type = EncryptionType::kNone;
  if (choices_.OneIn(60)) request.encryption_type.reset();
  if (choices_.OneIn(60)) request.key_id.reset();
  if (choices_.OneIn(60)) request.key_id = "";
  SayStream(OperationName(Request::kOperation), request);
  Say(" ", request.encryption_type, " ", request.key_id);
  return request;
}

void SideBySide::StartEncryption() {
  const auto request = EncryptionRequest<StartStreamEncryptionRequest>();
  BothOk(client_->StartStreamEncryption(request),
         reference_.StartStreamEncryption(request, now_nanos_));
}

void SideBySide::StopEncryption() {
  const auto request = EncryptionRequest<StopStreamEncryptionRequest>();
  BothOk(client_->StopStreamEncryption(request),
         reference_.StopStreamEncryption(request, now_nanos_));
}

void SideBySide::ChangeKey() {
  KeyStore& store = engine_->key_store();
  ReferenceKeys& keys = reference_.keys();
  const std::string key = choices_.KeyName();
  const std::string grantee = choices_.OneOf(callers_).arn;
  const absl::Time now = absl::FromUnixNanos(now_nanos_);
  Say("key ", key);
  switch (choices_.Between(0, 19)) {
    case 0:
    case 1:
      Say(" is disabled");
      BothOk(store.DisableKey(key), keys.SetState(key, KeyState::kDisabled).error);
      return;
    case 2: {
      const KeyState state = choices_.OneOf<KeyState>(
          {KeyState::kPendingImport, KeyState::kUnavailable, KeyState::kCreating});
      Say(" becomes ", state);
      BothOk(store.SetKeyState(key, state), keys.SetState(key, state).error);
      return;
    }
    case 3: {
      const std::int64_t in_nanos =
          choices_.OneOf<std::int64_t>({0, 30, 300, 7 * 86'400, 30 * 86'400}) * kSecond;
      Say(" is deleted in ", in_nanos / kSecond, " s");
      BothOk(store.ScheduleKeyDeletion(key, absl::Nanoseconds(in_nanos), now),
             keys.ScheduleDeletion(key, in_nanos, now_nanos_).error);
      return;
    }
    case 4:
    case 5:
    case 6:
      Say(" is not deleted");
      BothOk(store.CancelKeyDeletion(key, now), keys.CancelDeletion(key, now_nanos_).error);
      return;
    case 7:
      Say(" has new material");
      BothOk(store.RotateKeyOnDemand(key), keys.Rotate(key).error);
      return;
    case 8:
    case 9: {
      std::set<KeyOperation> operations = {KeyOperation::kDescribeKey,
                                           KeyOperation::kGenerateDataKey, KeyOperation::kDecrypt};
      if (choices_.OneIn(2)) operations.erase(static_cast<KeyOperation>(choices_.Between(0, 2)));
      Say(" serves ", grantee);
      BothOk(store.CreateGrant(key, grantee, operations),
             keys.Grant(key, grantee, operations).error);
      return;
    }
    case 10:
      Say(" does not serve ", grantee);
      BothOk(store.RevokeGrant(key, grantee), keys.Revoke(key, grantee).error);
      return;
    case 11: {
      const bool opted_in = !choices_.OneIn(3);
      Say(" and all others: subscribed ", opted_in);
      store.SetOptedIn(opted_in);
      keys.SetOptedIn(opted_in);
      return;
    }
    case 12: {
      const std::int64_t quota =
          choices_.OneOf<std::int64_t>({1, 4, Limits::kUnlimited, Limits::kUnlimited});
      Say(" and all others: requests ", quota);
      store.SetRequestQuota(quota);
      keys.SetRequestQuota(quota);
      return;
    }
    default:
      Say(" is enabled");
      BothOk(store.EnableKey(key), keys.SetState(key, KeyState::kEnabled).error);
  }
}

// All that is not gone serves whoever looks at the end.
void SideBySide::RepairKeys() {
  KeyStore& store = engine_->key_store();
  store.SetOptedIn(true);
  store.SetRequestQuota(Limits::kUnlimited);
  for (const std::string& key : choices_.key_ids) {
    store.CancelKeyDeletion(key, absl::FromUnixNanos(now_nanos_)).IgnoreError();
    store.EnableKey(key).IgnoreError();
    store.CreateGrant(key, callers_.front().arn, {KeyOperation::kDecrypt}).IgnoreError();
  }
}

}  // namespace riacho::model_based
