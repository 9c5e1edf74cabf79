// The part of SideBySide that tags streams and consumers.
#include "model_based/side_by_side.h"

namespace riacho::model_based {

void SideBySide::AddTags() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  AddTagsToStreamRequest request = {.tags = choices_.Tags()};
  choices_.AddressStream(request, stream.get());
  SayStream("AddTagsToStream", request);
  for (const auto& [key, value] : request.tags) Say(" ", key, "=", value);
  BothOk(client_->AddTagsToStream(request), reference_.AddTagsToStream(request, now_nanos_));
}

void SideBySide::RemoveTags() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  RemoveTagsFromStreamRequest request = {.tag_keys = choices_.TagKeys()};
  choices_.AddressStream(request, stream.get());
  SayStream("RemoveTagsFromStream", request);
  Say(" ", request.tag_keys);
  BothOk(client_->RemoveTagsFromStream(request),
         reference_.RemoveTagsFromStream(request, now_nanos_));
}

void SideBySide::ListTags() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  ListTagsForStreamRequest request;
  choices_.AddressStream(request, stream.get());
  if (choices_.OneIn(3)) request.exclusive_start_tag_key = choices_.TagKey();
  if (choices_.OneIn(2)) request.limit = choices_.Between(1, 4);
  if (choices_.OneIn(40)) request.limit = choices_.OneOf<std::int64_t>({0, 50, 51});
  SayStream("ListTagsForStream", request);
  Say(" after ", request.exclusive_start_tag_key, " limit ", request.limit);
  const auto engine = client_->ListTagsForStream(request);
  const auto reference = reference_.ListTagsForStream(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("tags", engine->tags, reference.value.tags);
  Same("has more tags", engine->has_more_tags, reference.value.has_more_tags);
}

void SideBySide::TagResource() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const TagResourceRequest request = {.tags = choices_.Tags(),
                                      .resource_arn = choices_.ResourceArn(stream.get())};
  Say("TagResource ", request.resource_arn);
  for (const auto& [key, value] : request.tags) Say(" ", key, "=", value);
  BothOk(client_->TagResource(request), reference_.TagResource(request, now_nanos_));
}

void SideBySide::UntagResource() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const UntagResourceRequest request = {.tag_keys = choices_.TagKeys(),
                                        .resource_arn = choices_.ResourceArn(stream.get())};
  Say("UntagResource ", request.resource_arn, " ", request.tag_keys);
  BothOk(client_->UntagResource(request), reference_.UntagResource(request, now_nanos_));
}

void SideBySide::ListResourceTags() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const ListTagsForResourceRequest request = {.resource_arn = choices_.ResourceArn(stream.get())};
  Say("ListTagsForResource ", request.resource_arn);
  const auto engine = client_->ListTagsForResource(request);
  const auto reference = reference_.ListTagsForResource(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("tags", engine->tags, reference.value.tags);
}

}  // namespace riacho::model_based
