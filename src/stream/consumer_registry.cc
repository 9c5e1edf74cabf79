#include "stream/consumer_registry.h"

#include <algorithm>
#include <utility>

namespace riacho::internal {

SubscriptionLease::SubscriptionLease(std::shared_ptr<LiveShard> of_shard, const Limits& limits,
                                     std::int64_t now_nanos)
    : shard(std::move(of_shard)),
      calls(std::max<std::int64_t>(limits.subscribe_to_shard_calls_per_second, 1),
            std::max<std::int64_t>(limits.subscribe_to_shard_calls_per_second, 1), now_nanos),
      budget(std::max<std::int64_t>(limits.subscription_bytes_per_second, 1),
             std::max<std::int64_t>(limits.subscription_bytes_per_second, 1), now_nanos) {}

LeaseState SubscriptionLease::Save() const {
  return {.holder = holder.load(std::memory_order_acquire),
          .taken_at_nanos = taken_at_nanos,
          .calls = calls.Save(),
          .budget = budget.Save()};
}

void SubscriptionLease::Restore(const LeaseState& state) {
  holder.store(state.holder, std::memory_order_release);
  taken_at_nanos = state.taken_at_nanos;
  calls.Restore(state.calls);
  budget.Restore(state.budget);
}

ConsumerEntry* ConsumerRegistry::Find(std::string_view name) {
  const auto at = consumers_.find(name);
  return at == consumers_.end() ? nullptr : &at->second;
}

ConsumerEntry& ConsumerRegistry::Add(ConsumerEntry consumer) {
  std::string name = consumer.name;
  return consumers_.insert_or_assign(std::move(name), std::move(consumer)).first->second;
}

void ConsumerRegistry::Remove(ConsumerEntry& consumer, std::int64_t gone_at_nanos) {
  Revoke(consumer);
  consumer.status = ConsumerStatus::kDeleting;
  consumer.changes_at_nanos = gone_at_nanos;
}

void ConsumerRegistry::ForgetShard(ShardId shard) {
  for (auto& [name, consumer] : consumers_) consumer.leases.erase(shard);
}

void ConsumerRegistry::RevokeAll() {
  for (auto& [name, consumer] : consumers_) Revoke(consumer);
}

void ConsumerRegistry::Revoke(ConsumerEntry& consumer) {
  for (auto& [shard_id, lease] : consumer.leases) {
    lease->holder.store(SubscriptionLease::kRevoked, std::memory_order_release);
    lease->shard->log.SignalWaiters();
  }
  consumer.leases.clear();
}

void ConsumerRegistry::Settle(std::int64_t now_nanos) {
  for (auto at = consumers_.begin(); at != consumers_.end();) {
    ConsumerEntry& consumer = at->second;
    if (consumer.changes_at_nanos > now_nanos) {
      ++at;
    } else if (consumer.status == ConsumerStatus::kDeleting) {
      at = consumers_.erase(at);
    } else {
      consumer.status = ConsumerStatus::kActive;
      consumer.changes_at_nanos = INT64_MAX;
      ++at;
    }
  }
}

std::int64_t ConsumerRegistry::due_at_nanos() const {
  std::int64_t due = INT64_MAX;
  for (const auto& [name, consumer] : consumers_) due = std::min(due, consumer.changes_at_nanos);
  return due;
}

std::size_t ConsumerRegistry::CountCreating() const {
  return static_cast<std::size_t>(std::ranges::count_if(consumers_, [](const auto& entry) {
    return entry.second.status == ConsumerStatus::kCreating;
  }));
}

}  // namespace riacho::internal
