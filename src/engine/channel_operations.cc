// CreateChannel, DescribeChannel, ListChannels, UpdateChannel and DeleteChannel: checked as all
// requests are, then refused, for there is nothing yet to deliver to.
#include <string>

#include "engine/engine_client.h"

namespace riacho::internal {
namespace {

absl::Status NotSupportedYet(Operation operation) {
  return MakeError(ErrorCode::kUnknownOperation,
                   std::string(OperationName(operation)) +
                       " is not supported yet: this engine delivers to no S3 bucket or table.");
}

}  // namespace

absl::StatusOr<CreateChannelResponse> EngineClient::CreateChannel(
    const CreateChannelRequest& request) {
  return Run(request, [](std::int64_t) -> absl::StatusOr<CreateChannelResponse> {
    return NotSupportedYet(CreateChannelRequest::kOperation);
  });
}

absl::StatusOr<DescribeChannelResponse> EngineClient::DescribeChannel(
    const DescribeChannelRequest& request) {
  return Run(request, [](std::int64_t) -> absl::StatusOr<DescribeChannelResponse> {
    return NotSupportedYet(DescribeChannelRequest::kOperation);
  });
}

absl::StatusOr<ListChannelsResponse> EngineClient::ListChannels(
    const ListChannelsRequest& request) {
  return Run(request, [](std::int64_t) -> absl::StatusOr<ListChannelsResponse> {
    return NotSupportedYet(ListChannelsRequest::kOperation);
  });
}

absl::StatusOr<UpdateChannelResponse> EngineClient::UpdateChannel(
    const UpdateChannelRequest& request) {
  return Run(request, [](std::int64_t) -> absl::StatusOr<UpdateChannelResponse> {
    return NotSupportedYet(UpdateChannelRequest::kOperation);
  });
}

absl::StatusOr<DeleteChannelResponse> EngineClient::DeleteChannel(
    const DeleteChannelRequest& request) {
  return Run(request, [](std::int64_t) -> absl::StatusOr<DeleteChannelResponse> {
    return NotSupportedYet(DeleteChannelRequest::kOperation);
  });
}

}  // namespace riacho::internal
