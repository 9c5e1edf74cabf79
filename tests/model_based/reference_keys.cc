#include "model_based/reference_keys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

ReferenceKeys::ReferenceKeys(const Limits& limits, Mistake mistake)
    : data_key_life_nanos_(absl::ToInt64Nanoseconds(limits.data_key_life) +
                           (mistake == Mistake::kDataKeyLivesTooLong ? kSecond : 0)) {
  keys_.push_back({.key_id = "", .alias = "alias/aws/kinesis", .service_managed = true});
}

void ReferenceKeys::Add(const std::string& key_id, const std::string& alias) {
  keys_.push_back({.key_id = key_id, .alias = alias});
}

void ReferenceKeys::Settle(std::int64_t now_nanos) {
  for (Key& key : keys_) {
    if (key.deletion_nanos.value_or(INT64_MAX) <= now_nanos) key.gone = true;
  }
}

ReferenceKeys::Key* ReferenceKeys::Find(const std::string& name) {
  const std::string arn = "arn:aws:kms:us-east-1:123456789012:";
  for (Key& key : keys_) {
    if (key.gone) continue;
    if (name == key.alias || name == arn + key.alias) return &key;
    if (!key.key_id.empty() && (name == key.key_id || name == arn + "key/" + key.key_id)) {
      return &key;
    }
  }
  return nullptr;
}

std::vector<std::int64_t> ReferenceKeys::Moments() const {
  std::vector<std::int64_t> moments;
  for (const Kept* const kept : {&to_seal_, &to_open_}) {
    for (const auto& [name, entry] : *kept) moments.push_back(entry.second + data_key_life_nanos_);
  }
  for (const Key& key : keys_) {
    if (key.deletion_nanos.has_value()) moments.push_back(*key.deletion_nanos);
  }
  return moments;
}

// --- administration ------------------------------------------------------------------------------

Answer<ReferenceKeys::Key*> ReferenceKeys::FindToChange(const std::string& name) {
  Key* const key = Find(name);
  if (key == nullptr) return ErrorCode::kKmsNotFound;
  if (key->service_managed) return ErrorCode::kInvalidArgument;
  if (key->state == KeyState::kPendingDeletion) return ErrorCode::kKmsInvalidState;
  return key;
}

Answer<Done> ReferenceKeys::SetState(const std::string& name, KeyState state) {
  const Answer<Key*> key = FindToChange(name);
  if (!key.ok()) return *key.error;
  key.value->state = state;
  return Done{};
}

Answer<Done> ReferenceKeys::ScheduleDeletion(const std::string& name, std::int64_t in_nanos,
                                             std::int64_t now_nanos) {
  Settle(now_nanos);
  const Answer<Key*> key = FindToChange(name);
  if (!key.ok()) return *key.error;
  key.value->state = KeyState::kPendingDeletion;
  key.value->deletion_nanos = now_nanos + in_nanos;
  return Done{};
}

Answer<Done> ReferenceKeys::CancelDeletion(const std::string& name, std::int64_t now_nanos) {
  Settle(now_nanos);
  Key* const key = Find(name);
  if (key == nullptr) return ErrorCode::kKmsNotFound;
  if (key->state != KeyState::kPendingDeletion) return ErrorCode::kKmsInvalidState;
  key->state = KeyState::kDisabled;
  key->deletion_nanos.reset();
  return Done{};
}

// What has been encrypted stays readable: nobody notices.
Answer<Done> ReferenceKeys::Rotate(const std::string& name) {
  const Answer<Key*> key = FindToChange(name);
  if (!key.ok()) return *key.error;
  return Done{};
}

Answer<Done> ReferenceKeys::Grant(const std::string& name, const std::string& grantee,
                                  const std::set<KeyOperation>& operations) {
  const Answer<Key*> key = FindToChange(name);
  if (!key.ok()) return *key.error;
  if (!key.value->grants.has_value()) key.value->grants.emplace();
  for (const KeyOperation operation : operations) (*key.value->grants)[grantee].insert(operation);
  return Done{};
}

Answer<Done> ReferenceKeys::Revoke(const std::string& name, const std::string& grantee) {
  const Answer<Key*> key = FindToChange(name);
  if (!key.ok()) return *key.error;
  if (!key.value->grants.has_value() || key.value->grants->erase(grantee) == 0) {
    return ErrorCode::kInvalidArgument;
  }
  return Done{};
}

void ReferenceKeys::SetRequestQuota(std::int64_t per_second) {
  requests_per_second_ = per_second;
  requests_.reset();
}

// --- requests ------------------------------------------------------------------------------------

std::optional<ErrorCode> ReferenceKeys::Admit(std::int64_t now_nanos) {
  Settle(now_nanos);
  if (!requests_.has_value())
    requests_.emplace(requests_per_second_, requests_per_second_, now_nanos);
  if (!requests_->Take(1, now_nanos)) return ErrorCode::kKmsThrottling;
  if (!opted_in_) return ErrorCode::kKmsOptInRequired;
  return std::nullopt;
}

// A key without grants serves everybody here whose policies allow it; a grant stands in for them,
// but for a statement that denies. The service's own key asks for nothing of that.
std::optional<ErrorCode> ReferenceKeys::Refuse(const Key& key, KeyOperation operation,
                                               const NaiveCaller& caller) {
  if (key.grants.has_value()) {
    const auto granted = key.grants->find(caller.arn);
    if (granted == key.grants->end() || !granted->second.contains(operation))
      return ErrorCode::kKmsAccessDenied;
  }
  if (key.service_managed || caller.type == PrincipalType::kRoot) return std::nullopt;
  NaiveRequest request = {.action = absl::StrCat("kms:", std::string(KeyOperationName(operation))),
                          .resource = "arn:aws:kms:us-east-1:123456789012:key/" + key.key_id,
                          .owner = "123456789012"};
  request.keys["aws:username"] = {caller.arn.substr(caller.arn.rfind('/') + 1)};
  const NaiveAnswer answer = EvaluateNaively(caller, request);
  if (answer.allowed || (key.grants.has_value() && !answer.explicit_deny)) return std::nullopt;
  return ErrorCode::kKmsAccessDenied;
}

std::optional<ErrorCode> ReferenceKeys::RefuseUse(const Key& key) {
  if (key.state == KeyState::kEnabled) return std::nullopt;
  return key.state == KeyState::kDisabled ? ErrorCode::kKmsDisabled : ErrorCode::kKmsInvalidState;
}

Answer<Done> ReferenceKeys::CheckForStream(const std::string& name, const NaiveCaller& caller,
                                           std::int64_t now_nanos) {
  if (const auto error = Admit(now_nanos)) return *error;
  const Key* const key = Find(name);
  if (key == nullptr) return ErrorCode::kKmsNotFound;
  if (const auto error = Refuse(*key, KeyOperation::kDescribeKey, caller)) return *error;
  if (const auto error = RefuseUse(*key)) return *error;
  return Done{};
}

bool ReferenceKeys::IsAlive(const Kept::mapped_type& kept, std::int64_t now_nanos) const {
  return now_nanos - kept.second < data_key_life_nanos_;
}

// Those whose lives are over are forgotten then, and not before.
void ReferenceKeys::Keep(Kept& kept, const Kept::key_type& name, std::uint64_t data_key,
                         std::int64_t now_nanos) const {
  std::erase_if(kept, [&](const auto& entry) { return !IsAlive(entry.second, now_nanos); });
  kept[name] = {data_key, now_nanos};
}

Answer<std::uint64_t> ReferenceKeys::DataKeyFor(const ReferenceStream& stream,
                                                const NaiveCaller& caller, std::int64_t now_nanos) {
  const std::string& name = *stream.key_id;
  const Kept::key_type kept_as(stream.incarnation, caller.arn, name);
  const auto kept = to_seal_.find(kept_as);
  if (kept != to_seal_.end() && IsAlive(kept->second, now_nanos)) return kept->second.first;
  if (const auto error = Admit(now_nanos)) return *error;
  const Key* const key = Find(name);
  if (key == nullptr) return ErrorCode::kKmsNotFound;
  if (const auto error = Refuse(*key, KeyOperation::kGenerateDataKey, caller)) return *error;
  if (const auto error = RefuseUse(*key)) return *error;
  of_data_keys_.push_back(static_cast<std::size_t>(key - keys_.data()));
  const std::uint64_t data_key = of_data_keys_.size();
  Keep(to_seal_, kept_as, data_key, now_nanos);
  return data_key;
}

Answer<Done> ReferenceKeys::Open(const std::vector<ReferenceRecord>& records,
                                 const ReferenceStream& stream, const NaiveCaller& caller,
                                 std::int64_t now_nanos) {
  for (const ReferenceRecord& record : records) {
    if (record.data_key == 0) continue;
    const Kept::key_type kept_as(stream.incarnation, caller.arn, absl::StrCat(record.data_key));
    const auto kept = to_open_.find(kept_as);
    if (kept != to_open_.end() && IsAlive(kept->second, now_nanos)) continue;
    if (const auto error = Admit(now_nanos)) return *error;
    const Key& key = keys_[of_data_keys_[record.data_key - 1]];
    if (key.gone) return ErrorCode::kKmsNotFound;
    if (const auto error = Refuse(key, KeyOperation::kDecrypt, caller)) return *error;
    if (const auto error = RefuseUse(key)) return *error;
    Keep(to_open_, kept_as, record.data_key, now_nanos);
  }
  return Done{};
}

}  // namespace riacho::model_based
