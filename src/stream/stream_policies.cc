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

absl::Status Stream::SetPolicy(std::optional<Policy> policy, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  if (status() != StreamStatus::kActive) return NotActive();
  const Policy* const old = policy_.load(std::memory_order_relaxed);
  if (!policy.has_value() && old == nullptr) return NoPolicy(options_.arn);
  policy_.store(policy.has_value() ? new Policy(*std::move(policy)) : nullptr,
                std::memory_order_release);  // pairs with policy()
  if (old != nullptr) Epoch::Retire(const_cast<Policy*>(old), &DeletePolicy);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Policy>> Stream::ConsumerPolicy(
    const std::string& name, std::optional<std::int64_t> creation_seconds) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = consumers_.consumers().find(name);
  if (found == consumers_.consumers().end() ||
      creation_seconds.value_or(found->second.creation_seconds) != found->second.creation_seconds) {
    return ConsumerNotFound(name, creation_seconds);
  }
  return found->second.policy;
}

absl::Status Stream::SetConsumerPolicy(const std::string& name,
                                       std::optional<std::int64_t> creation_seconds,
                                       std::optional<Policy> policy, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  ConsumerEntry* const consumer = consumers_.Find(name);
  if (consumer == nullptr || status() == StreamStatus::kDeleting ||
      creation_seconds.value_or(consumer->creation_seconds) != consumer->creation_seconds) {
    return ConsumerNotFound(name, creation_seconds);
  }
  if (consumer->status != ConsumerStatus::kActive) return ConsumerNotActive(*consumer);
  if (!policy.has_value() && !consumer->policy.has_value())
    return NoPolicy(Describe(*consumer).consumer_arn);
  consumer->policy = std::move(policy);
  return absl::OkStatus();
}

}  // namespace riacho::internal
