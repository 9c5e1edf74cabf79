// The part of Stream that changes its encryption.
#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {

absl::Status Stream::StartEncryption(const std::string& key_id, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  RIACHO_RETURN_IF_ERROR(CountDailyCall(
      start_encryption_calls_, options_.limits.start_stream_encryption_calls_per_day, now_nanos));
  ChangeEncryption(key_id, now_nanos);
  return absl::OkStatus();
}

absl::Status Stream::StopEncryption(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  if (!encrypted()) {
    return MakeError(ErrorCode::kInvalidArgument, "Cannot stop encrypting an unencrypted stream.");
  }
  RIACHO_RETURN_IF_ERROR(CountDailyCall(
      stop_encryption_calls_, options_.limits.stop_stream_encryption_calls_per_day, now_nanos));
  ChangeEncryption("", now_nanos);
  return absl::OkStatus();
}

// Even to the key that it has already: the stream is UPDATING for a while, as on the service.
void Stream::ChangeEncryption(const std::string& key_id, std::int64_t now_nanos) {
  status_.store(StreamStatus::kUpdating, std::memory_order_release);
  const std::int64_t at = LaterBy(now_nanos, options_.lifecycle.update_stream);
  AddTransition({.at_nanos = at, .kind = Transition::Kind::kEncryption, .key_id = key_id});
  AddTransition({.at_nanos = at, .kind = Transition::Kind::kActive});
  SettleLocked(now_nanos);
}

}  // namespace riacho::internal
