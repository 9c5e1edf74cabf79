// The part of ReferenceService that keeps tags: two families of operations over the same ones.
#include <algorithm>

#include "absl/strings/numbers.h"

#include "model_based/reference_service.h"

namespace riacho::model_based {
namespace {

std::vector<Tag> ListOf(const ReferenceTags& tags) {
  std::vector<Tag> list;
  for (const auto& [key, value] : tags) list.push_back({.key = key, .value = value});
  return list;
}

}  // namespace

Answer<ReferenceService::ConsumerAnswer> ReferenceService::FindResource(
    const std::string& arn) const {
  const std::size_t middle = arn.find("/consumer/");
  const StreamAnswer stream = Find(std::nullopt, arn.substr(0, middle));
  if (!stream.ok()) return *stream.error;
  if (middle == std::string::npos) return ConsumerAnswer{.stream = stream.value};
  const std::size_t colon = arn.rfind(':');
  const auto consumer = stream.value->consumers.find(arn.substr(middle + 10, colon - middle - 10));
  std::int64_t seconds = 0;
  if (!absl::SimpleAtoi(arn.substr(colon + 1), &seconds) ||
      consumer == stream.value->consumers.end() || consumer->second.creation_seconds != seconds) {
    return ErrorCode::kResourceNotFound;
  }
  return ConsumerAnswer{.stream = stream.value, .consumer = &consumer->second};
}

Answer<Done> ReferenceService::AddTagsToStream(const AddTagsToStreamRequest& request,
                                               std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.add_tags_to_stream_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamAnswer stream = Find(request.stream_name, request.stream_arn);
  if (!stream.ok()) return *stream.error;
  return AddReferenceTags(stream.value->tags, request.tags, limits_.tags_per_resource, mistake_);
}

Answer<Done> ReferenceService::RemoveTagsFromStream(const RemoveTagsFromStreamRequest& request,
                                                    std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream =
      FindForControl(request, limits_.remove_tags_from_stream_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  return RemoveReferenceTags(stream.value->tags, request.tag_keys);
}

Answer<ListTagsForStreamResponse> ReferenceService::ListTagsForStream(
    const ListTagsForStreamRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream =
      FindForControl(request, limits_.list_tags_for_stream_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  ListTagsForStreamResponse response;
  for (const Tag& tag : ListOf(stream.value->tags)) {
    if (request.exclusive_start_tag_key.has_value() &&
        tag.key <= *request.exclusive_start_tag_key) {
      continue;
    }
    response.has_more_tags =
        static_cast<std::int64_t>(response.tags.size()) == request.limit.value_or(INT64_MAX);
    if (response.has_more_tags) break;
    response.tags.push_back(tag);
  }
  return response;
}

Answer<Done> ReferenceService::TagResource(const TagResourceRequest& request,
                                           std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  return AddReferenceTags(
      found.value.consumer == nullptr ? found.value.stream->tags : found.value.consumer->tags,
      request.tags, limits_.tags_per_resource, mistake_);
}

Answer<Done> ReferenceService::UntagResource(const UntagResourceRequest& request,
                                             std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  return RemoveReferenceTags(
      found.value.consumer == nullptr ? found.value.stream->tags : found.value.consumer->tags,
      request.tag_keys);
}

Answer<ListTagsForResourceResponse> ReferenceService::ListTagsForResource(
    const ListTagsForResourceRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  return ListTagsForResourceResponse{.tags = ListOf(found.value.consumer == nullptr
                                                        ? found.value.stream->tags
                                                        : found.value.consumer->tags)};
}

}  // namespace riacho::model_based
