// The part of Stream that changes its encryption.
#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {

// Even to the key that it has already: the stream is UPDATING for a while, as on the service.
absl::Status Stream::StartEncryption(const std::string& key_id, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (!start_encryption_calls_.Take(now_nanos)) return RateExceeded();
  StartUpdate({.kind = Transition::Kind::kEncryption, .key_id = key_id}, now_nanos);
  return absl::OkStatus();
}

absl::Status Stream::StopEncryption(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (!encrypted()) {
    return MakeError(ErrorCode::kInvalidArgument, "Cannot stop encrypting an unencrypted stream.");
  }
  if (!stop_encryption_calls_.Take(now_nanos)) return RateExceeded();
  StartUpdate({.kind = Transition::Kind::kEncryption}, now_nanos);
  return absl::OkStatus();
}

void Stream::ApplyEncryption(const std::string& key_id) {
  const std::string* const key = key_id.empty() ? nullptr : new std::string(key_id);
  const std::string* const old = encryption_key_.exchange(key, std::memory_order_acq_rel);
  if (old == nullptr) return;
  Epoch::Retire(const_cast<std::string*>(old),
                [](void* object) { delete static_cast<std::string*>(object); });
}

}  // namespace riacho::internal
