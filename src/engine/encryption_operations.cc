// StartStreamEncryption and StopStreamEncryption.
#include <string>

#include "base/return_if_error.h"
#include "engine/engine_client.h"
#include "engine/key_rights.h"

namespace riacho::internal {
namespace {

absl::Status CheckEncryptionType(EncryptionType type) {
  if (type == EncryptionType::kKms) return absl::OkStatus();
  return MakeError(ErrorCode::kInvalidArgument, "EncryptionType must be KMS. Specified value was " +
                                                    std::string(EncryptionTypeName(type)));
}

}  // namespace

absl::StatusOr<StartStreamEncryptionResponse> EngineClient::StartStreamEncryption(
    const StartStreamEncryptionRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<StartStreamEncryptionResponse> {
    RIACHO_RETURN_IF_ERROR(CheckEncryptionType(*request.encryption_type));
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    if ((*stream)->status() != StreamStatus::kActive) return (*stream)->NotActive();
    const KeyRights rights(*authorizer_, now_nanos);
    const absl::StatusOr<KeyMetadata> key = account_.key_store->DescribeKey(
        *request.key_id, authorizer_->arn(), absl::FromUnixNanos(now_nanos), &rights);
    RIACHO_RETURN_IF_ERROR(key.status());
    RIACHO_RETURN_IF_ERROR(CheckUsable(*key));
    RIACHO_RETURN_IF_ERROR((*stream)->StartEncryption(*request.key_id, now_nanos));
    return StartStreamEncryptionResponse{};
  });
}

absl::StatusOr<StopStreamEncryptionResponse> EngineClient::StopStreamEncryption(
    const StopStreamEncryptionRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<StopStreamEncryptionResponse> {
    RIACHO_RETURN_IF_ERROR(CheckEncryptionType(*request.encryption_type));
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR((*stream)->StopEncryption(now_nanos));
    return StopStreamEncryptionResponse{};
  });
}

}  // namespace riacho::internal
