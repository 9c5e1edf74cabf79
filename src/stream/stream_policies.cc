// The part of Stream that keeps the resource policies: its own and those of its consumers.
#include <string>
#include <utility>

#include "base/epoch.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

void DeletePolicy(void* policy) { delete static_cast<const Policy*>(policy); }

absl::Status NoPolicy(const std::string& arn) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "No resource policy found for resource ARN " + arn + ".");
}

}  // namespace

absl::Status Stream::SetPolicy(const std::optional<ConsumerId>& consumer,
                               std::optional<Policy> policy, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  if (consumer.has_value()) return SetConsumerPolicy(*consumer, std::move(policy));
  if (status() != StreamStatus::kActive) return NotActive();
  const Policy* const old = policy_.load(std::memory_order_relaxed);
  if (!policy.has_value() && old == nullptr) return NoPolicy(options_.arn);
  policy_.store(policy.has_value() ? new Policy(*std::move(policy)) : nullptr,
                std::memory_order_release);  // pairs with policy()
  if (old != nullptr) Epoch::Retire(const_cast<Policy*>(old), &DeletePolicy);
  return absl::OkStatus();
}

absl::Status Stream::SetConsumerPolicy(const ConsumerId& id, std::optional<Policy> policy) {
  ConsumerEntry* const consumer = consumers_.Find(id.name);
  if (consumer == nullptr || status() == StreamStatus::kDeleting ||
      consumer->creation_seconds != id.creation_seconds) {
    return ConsumerNotFound(id.name, id.creation_seconds);
  }
  if (consumer->status != ConsumerStatus::kActive) return ConsumerNotActive(*consumer);
  if (!policy.has_value() && !consumer->policy.has_value()) return NoPolicy(ConsumerArn(*consumer));
  consumer->policy = std::move(policy);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Policy>> Stream::ConsumerPolicy(const ConsumerId& id) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = consumers_.consumers().find(id.name);
  if (found == consumers_.consumers().end() ||
      found->second.creation_seconds != id.creation_seconds) {
    return ConsumerNotFound(id.name, id.creation_seconds);
  }
  return found->second.policy;
}

}  // namespace riacho::internal
