// AddTagsToStream, RemoveTagsFromStream, ListTagsForStream, TagResource, UntagResource and
// ListTagsForResource: two families over the same tags.
#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "base/return_if_error.h"
#include "engine/engine_client.h"

namespace riacho::internal {
namespace {

std::vector<Tag> ListOf(Tags::const_iterator first, Tags::const_iterator last) {
  std::vector<Tag> list;
  for (auto at = first; at != last; ++at) list.push_back({.key = at->first, .value = at->second});
  return list;
}

}  // namespace

absl::StatusOr<AddTagsToStreamResponse> EngineClient::AddTagsToStream(
    const AddTagsToStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<AddTagsToStreamResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR((*stream)->AddTags(std::nullopt, request.tags));
    return AddTagsToStreamResponse{};
  });
}

absl::StatusOr<RemoveTagsFromStreamResponse> EngineClient::RemoveTagsFromStream(
    const RemoveTagsFromStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<RemoveTagsFromStreamResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR((*stream)->RemoveTags(std::nullopt, request.tag_keys));
    return RemoveTagsFromStreamResponse{};
  });
}

absl::StatusOr<ListTagsForStreamResponse> EngineClient::ListTagsForStream(
    const ListTagsForStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<ListTagsForStreamResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    const absl::StatusOr<Tags> tags = (*stream)->ListTags(std::nullopt);
    RIACHO_RETURN_IF_ERROR(tags.status());
    const auto first = request.exclusive_start_tag_key.has_value()
                           ? tags->upper_bound(*request.exclusive_start_tag_key)
                           : tags->begin();
    const std::int64_t left = std::distance(first, tags->end());
    const std::int64_t count = std::min(request.limit.value_or(left), left);
    return ListTagsForStreamResponse{.tags = ListOf(first, std::next(first, count)),
                                     .has_more_tags = count < left};
  });
}

absl::StatusOr<TagResourceResponse> EngineClient::TagResource(const TagResourceRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<TagResourceResponse> {
    const absl::StatusOr<Account::Resource> resource =
        account_.ShareResource(request.kOperation, *request.resource_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    RIACHO_RETURN_IF_ERROR(resource->stream->AddTags(resource->consumer, request.tags));
    return TagResourceResponse{};
  });
}

absl::StatusOr<UntagResourceResponse> EngineClient::UntagResource(
    const UntagResourceRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<UntagResourceResponse> {
    const absl::StatusOr<Account::Resource> resource =
        account_.ShareResource(request.kOperation, *request.resource_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    RIACHO_RETURN_IF_ERROR(resource->stream->RemoveTags(resource->consumer, request.tag_keys));
    return UntagResourceResponse{};
  });
}

absl::StatusOr<ListTagsForResourceResponse> EngineClient::ListTagsForResource(
    const ListTagsForResourceRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<ListTagsForResourceResponse> {
    const absl::StatusOr<Account::Resource> resource =
        account_.ShareResource(request.kOperation, *request.resource_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    const absl::StatusOr<Tags> tags = resource->stream->ListTags(resource->consumer);
    RIACHO_RETURN_IF_ERROR(tags.status());
    return ListTagsForResourceResponse{.tags = ListOf(tags->begin(), tags->end())};
  });
}

}  // namespace riacho::internal
