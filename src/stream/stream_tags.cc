// The part of Stream that keeps its tags, and those of its consumers.
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "stream/stream.h"

namespace riacho::internal {

TaggedResource Stream::Tagged(const ConsumerEntry& entry) const {
  return {.arn = ConsumerArn(entry),
          .name = "consumer " + entry.name,
          .account_id = options_.account_id};
}

absl::StatusOr<std::pair<Tags*, TaggedResource>> Stream::FindTags(
    const std::optional<ConsumerId>& consumer) {
  if (!consumer.has_value()) {
    return std::pair(&tags_, TaggedResource{.arn = options_.arn,
                                            .name = "stream " + options_.name,
                                            .account_id = options_.account_id});
  }
  ConsumerEntry* const entry = consumers_.Find(consumer->name);
  if (entry == nullptr || entry->creation_seconds != consumer->creation_seconds)
    return ConsumerNotFound(consumer->name, consumer->creation_seconds);
  return std::pair(&entry->tags, Tagged(*entry));
}

absl::Status Stream::AddTags(const std::optional<ConsumerId>& consumer, const Tags& tags) {
  const absl::MutexLock lock(&mutex_);
  const auto found = FindTags(consumer);
  RIACHO_RETURN_IF_ERROR(found.status());
  return internal::AddTags(*found->first, tags, found->second, options_.limits.tags_per_resource);
}

absl::Status Stream::RemoveTags(const std::optional<ConsumerId>& consumer,
                                const std::vector<std::string>& keys) {
  const absl::MutexLock lock(&mutex_);
  const auto found = FindTags(consumer);
  RIACHO_RETURN_IF_ERROR(found.status());
  return internal::RemoveTags(*found->first, keys);
}

absl::StatusOr<Tags> Stream::ListTags(const std::optional<ConsumerId>& consumer) {
  const absl::MutexLock lock(&mutex_);
  const auto found = FindTags(consumer);
  RIACHO_RETURN_IF_ERROR(found.status());
  return *found->first;
}

}  // namespace riacho::internal
