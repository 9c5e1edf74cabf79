// The part of Stream that keeps its registered consumers.
#include <string>
#include <utility>

#include "absl/time/time.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

absl::Status InUse(const std::string& message) {
  return MakeError(ErrorCode::kResourceInUse, message);
}
absl::Status LimitExceeded(const std::string& message) {
  return MakeError(ErrorCode::kLimitExceeded, message);
}

}  // namespace

absl::Status Stream::ConsumerNotFound(const std::string& name,
                                      std::optional<std::int64_t> creation_seconds) const {
  const std::string when = creation_seconds.has_value()
                               ? " with creation timestamp " + std::to_string(*creation_seconds)
                               : "";
  return MakeError(ErrorCode::kResourceNotFound,
                   "Consumer " + name + when + " under stream: " + options_.name + ", account " +
                       options_.account_id + " not found.");
}

std::string Stream::ConsumerArn(const ConsumerEntry& entry) const {
  return options_.arn + "/consumer/" + entry.name + ":" + std::to_string(entry.creation_seconds);
}

absl::Status Stream::ConsumerNotActive(const ConsumerEntry& consumer) const {
  return InUse("Consumer " + consumer.name + " with creation timestamp " +
               std::to_string(consumer.creation_seconds) + " under stream: " + options_.name +
               " , account " + options_.account_id + " is not in ACTIVE status.");
}

Consumer Stream::Describe(const ConsumerEntry& entry) const {
  return {.consumer_name = entry.name,
          .consumer_arn = ConsumerArn(entry),
          .consumer_status = entry.status,
          .consumer_creation_timestamp = absl::FromUnixSeconds(entry.creation_seconds)};
}

absl::StatusOr<Consumer> Stream::RegisterConsumer(const std::string& name, const Tags& tags,
                                                  bool committed, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  if (status() != StreamStatus::kActive && status() != StreamStatus::kUpdating) return NotActive();
  if (consumers_.Find(name) != nullptr) {
    return InUse("Consumer " + name + " under stream " + options_.name +
                 " already exists for account " + options_.account_id + ".");
  }
  const Limits& limits = options_.limits;
  const std::int64_t most = committed && mode() == StreamMode::kOnDemand
                                ? limits.consumers_per_stream_with_advantage
                                : limits.consumers_per_stream;
  if (static_cast<std::int64_t>(consumers_.size()) >= most) {
    return LimitExceeded("Stream " + options_.name + " under account " + options_.account_id +
                         " has reached its limit of " + std::to_string(most) +
                         " registered consumers.");
  }
  if (static_cast<std::int64_t>(consumers_.CountCreating()) >= limits.consumers_in_creating) {
    return LimitExceeded("Stream " + options_.name + " under account " + options_.account_id +
                         " has reached its limit of " +
                         std::to_string(limits.consumers_in_creating) +
                         " consumers in CREATING status.");
  }
  // A consumer that follows a namesake within its second still gets an ARN of its own only in the
  // next second, as on the service: the epoch in the ARN is all that tells them apart.
  const std::int64_t active_at = LaterBy(now_nanos, options_.lifecycle.register_consumer);
  ConsumerEntry entry = {
      .name = name, .creation_seconds = now_nanos / kNanosPerSecond, .changes_at_nanos = active_at};
  RIACHO_RETURN_IF_ERROR(
      internal::AddTags(entry.tags, tags, Tagged(entry), limits.tags_per_resource));
  const Consumer consumer = Describe(consumers_.Add(std::move(entry)));
  SettleLocked(now_nanos);
  return consumer;
}

absl::Status Stream::DeregisterConsumer(const std::string& name,
                                        std::optional<std::int64_t> creation_seconds,
                                        std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  ConsumerEntry* const consumer = consumers_.Find(name);
  if (consumer == nullptr ||
      creation_seconds.value_or(consumer->creation_seconds) != consumer->creation_seconds) {
    return ConsumerNotFound(name, creation_seconds);
  }
  if (consumer->status == ConsumerStatus::kDeleting) return absl::OkStatus();
  consumers_.Remove(*consumer, LaterBy(now_nanos, options_.lifecycle.deregister_consumer));
  SettleLocked(now_nanos);
  return absl::OkStatus();
}

absl::StatusOr<Consumer> Stream::DescribeConsumer(
    const std::string& name, std::optional<std::int64_t> creation_seconds) const {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [found, entry] : consumers_.consumers()) {
    if (found == name &&
        creation_seconds.value_or(entry.creation_seconds) == entry.creation_seconds) {
      return Describe(entry);
    }
  }
  return ConsumerNotFound(name, creation_seconds);
}

std::vector<Consumer> Stream::ListConsumers() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<Consumer> consumers;
  for (const auto& [name, entry] : consumers_.consumers()) consumers.push_back(Describe(entry));
  return consumers;
}

absl::StatusOr<ConsumerEntry*> Stream::CheckSubscribeLocked(const std::string& name,
                                                            std::int64_t creation_seconds,
                                                            ShardId shard, std::int64_t now_nanos) {
  ConsumerEntry* const consumer = consumers_.Find(name);
  if (consumer == nullptr || consumer->creation_seconds != creation_seconds ||
      status() == StreamStatus::kDeleting) {
    return ConsumerNotFound(name, std::nullopt);
  }
  if (consumer->status != ConsumerStatus::kActive) return ConsumerNotActive(*consumer);
  const auto lease = consumer->leases.find(shard);
  if (lease != consumer->leases.end() &&
      lease->second->holder.load() != SubscriptionLease::kRevoked &&
      now_nanos - lease->second->taken_at_nanos <
          absl::ToInt64Nanoseconds(options_.limits.subscription_takeover)) {
    return InUse("Another active subscription exists for this consumer: " + options_.account_id +
                 ":" + options_.name + ":" + shard.ToString() + ":" + name);
  }
  return consumer;
}

absl::Status Stream::CheckSubscribe(const std::string& consumer, std::int64_t creation_seconds,
                                    ShardId shard, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  return CheckSubscribeLocked(consumer, creation_seconds, shard, now_nanos).status();
}

absl::StatusOr<std::pair<std::shared_ptr<SubscriptionLease>, std::uint64_t>> Stream::Subscribe(
    const std::string& consumer, std::int64_t creation_seconds,
    const std::shared_ptr<LiveShard>& shard, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  const absl::StatusOr<ConsumerEntry*> entry =
      CheckSubscribeLocked(consumer, creation_seconds, shard->shard_id(), now_nanos);
  RIACHO_RETURN_IF_ERROR(entry.status());
  std::shared_ptr<SubscriptionLease>& lease = (*entry)->leases[shard->shard_id()];
  if (lease == nullptr)
    lease = std::make_shared<SubscriptionLease>(shard, options_.limits, now_nanos);
  if (!lease->calls.Take(1, now_nanos)) {
    return LimitExceeded("Rate exceeded for shard " + shard->shard_id().ToString() + " in stream " +
                         options_.name + " under account " + options_.account_id + ".");
  }
  const std::uint64_t ticket = ++last_ticket_;
  lease->taken_at_nanos = now_nanos;
  lease->holder.store(ticket,
                      std::memory_order_release);  // pairs with the holder's look before each event
  shard->log.SignalWaiters();                      // the former holder, to tell it
  return std::pair(lease, ticket);
}

}  // namespace riacho::internal
