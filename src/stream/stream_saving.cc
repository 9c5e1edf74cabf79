// The part of Stream that saves it, and makes it again.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "base/check.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

using ShardsByNumber = std::map<std::uint32_t, std::shared_ptr<LiveShard>>;

std::vector<std::uint32_t> NumbersOf(const ShardMap::Shards& shards) {
  std::vector<std::uint32_t> numbers;
  for (const std::shared_ptr<LiveShard>& shard : shards)
    numbers.push_back(shard->shard_id().number);
  return numbers;
}

ShardMap::Shards ShardsOf(const std::vector<std::uint32_t>& numbers,
                          const ShardsByNumber& by_number) {
  ShardMap::Shards shards;
  for (const std::uint32_t number : numbers) shards.push_back(by_number.at(number));
  return shards;
}

void Note(const ShardMap::Shards& shards, ShardsByNumber& by_number) {
  for (const std::shared_ptr<LiveShard>& shard : shards)
    by_number.emplace(shard->shard_id().number, shard);
}

// It was a policy when it was saved, and WhatIsWrong has read it.
Policy ResourcePolicy(const std::string& text) {
  absl::StatusOr<Policy> policy = Policy::Parse(text, PolicyKind::kResource);
  RIACHO_CHECK(policy.ok(), text);
  return *std::move(policy);
}

}  // namespace

Stream::Saved Stream::Save() {
  const absl::MutexLock lock(&mutex_);
  const EpochGuard guard;
  Saved saved = {
      .state = {.name = options_.name,
                .incarnation = options_.incarnation,
                .creation_seconds = creation_seconds_,
                .status = status(),
                .gone_at_nanos = gone_at_nanos_.load(std::memory_order_acquire),
                .window_end_nanos = window_end_nanos_.load(std::memory_order_relaxed),
                .horizon_floor_millis = horizon_floor_millis_.load(std::memory_order_relaxed),
                .retention_hours = retention_period_hours(),
                .open_shard_count = open_shard_count(),
                .claimed_shard_count = claimed_shard_count(),
                .next_place = next_place_.load(std::memory_order_relaxed),
                .trim_at_nanos = trim_at_nanos_,
                .next_shard_number = next_shard_number_,
                .last_ticket = last_ticket_,
                .looks_for_merges = looks_for_merges_,
                .settings = settings_.Save(),
                .update_shard_count_calls = update_shard_count_calls_.Save(),
                .start_encryption_calls = start_encryption_calls_.Save(),
                .stop_encryption_calls = stop_encryption_calls_.Save(),
                .tags = tags_,
                .scaling = scaling_.Save(),
                .routed = NumbersOf(map().routed()),
                .listed = NumbersOf(map().listed())}};
  StreamState& state = saved.state;
  if (const std::string* const key = encryption_key(); key != nullptr) state.encryption_key = *key;
  if (const Policy* const attached = policy(); attached != nullptr) state.policy = attached->text();

  ShardsByNumber by_number;
  Note(map().routed(), by_number);
  Note(map().listed(), by_number);
  std::map<const ReshardStep*, std::uint32_t> steps;
  for (const Transition& transition : transitions_) {
    TransitionState& saved_one = state.transitions.emplace_back(
        TransitionState{.at_nanos = transition.at_nanos,
                        .kind = transition.kind,
                        .retention_hours = transition.retention_hours,
                        .settings = transition.settings,
                        .key_id = transition.key_id});
    const ReshardStep* const step = transition.step.get();
    if (step == nullptr) continue;
    const auto [found, is_new] =
        steps.try_emplace(step, static_cast<std::uint32_t>(state.steps.size()));
    saved_one.step = found->second;
    if (!is_new) continue;
    ReshardStepState& saved_step = state.steps.emplace_back();
    saved_step.end_seconds = step->end_seconds;
    for (const ReshardStep::Family& family : step->families) {
      saved_step.families.push_back(
          {.parents = NumbersOf(family.parents), .children = NumbersOf(family.children)});
      Note(family.parents, by_number);
      Note(family.children, by_number);
    }
  }
  for (const auto& [number, shard] : by_number) {
    const LogCut& log = saved.logs.emplace_back(shard->log);
    ShardState& shard_state = state.shards.emplace_back(shard->Save());
    shard_state.first_index = log.first_index();
    shard_state.segment_count = log.segment_count();
    shard_state.sealed = log.sealed();
    saved.shards.push_back(shard);
  }
  for (const auto& [name, entry] : consumers_.consumers()) {
    ConsumerState& consumer = state.consumers.emplace_back(SaveConsumer(entry));
    std::erase_if(consumer.leases,
                  [&by_number](const auto& lease) { return !by_number.contains(lease.first); });
  }
  return saved;
}

ConsumerState Stream::SaveConsumer(const ConsumerEntry& entry) const {
  ConsumerState state = {.name = entry.name,
                         .creation_seconds = entry.creation_seconds,
                         .status = entry.status,
                         .changes_at_nanos = entry.changes_at_nanos,
                         .tags = entry.tags};
  for (const auto& [shard, lease] : entry.leases) state.leases.emplace(shard.number, lease->Save());
  if (entry.policy.has_value()) state.policy = entry.policy->text();
  return state;
}

Stream::Stream(StreamOptions options, const StreamState& state,
               const std::vector<std::shared_ptr<LiveShard>>& shards, std::int64_t saved_at_nanos)
    : options_(std::move(options)),
      window_nanos_(OnDemandScaling::WindowNanos(options_.limits)),
      creation_seconds_(state.creation_seconds),
      status_(state.status),
      gone_at_nanos_(state.gone_at_nanos),
      window_end_nanos_(state.window_end_nanos),
      horizon_floor_millis_(state.horizon_floor_millis),
      retention_hours_(static_cast<int>(state.retention_hours)),
      open_shard_count_(state.open_shard_count),
      claimed_shard_count_(state.claimed_shard_count),
      settings_(state.settings.mode, state.settings.max_record_size_in_kib,
                state.settings.record_distribution_strategy, state.settings.warm_current_mibps),
      next_place_(state.next_place),
      update_shard_count_calls_(options_.limits.update_shard_count_calls_per_day, absl::Hours(24)),
      start_encryption_calls_(options_.limits.start_stream_encryption_calls_per_day,
                              absl::Hours(24)),
      stop_encryption_calls_(options_.limits.stop_stream_encryption_calls_per_day, absl::Hours(24)),
      tags_(state.tags),
      scaling_(options_.limits, options_.lifecycle) {
  settings_.Restore(state.settings);
  if (state.encryption_key.has_value())
    encryption_key_.store(new std::string(*state.encryption_key), std::memory_order_release);
  if (state.policy.has_value())
    policy_.store(new Policy(ResourcePolicy(*state.policy)), std::memory_order_release);
  ShardsByNumber by_number;
  Note(shards, by_number);
  map_.store(new ShardMap(ShardsOf(state.routed, by_number), ShardsOf(state.listed, by_number)),
             std::memory_order_release);

  const absl::MutexLock lock(&mutex_);
  trim_at_nanos_ = state.trim_at_nanos;
  next_shard_number_ = state.next_shard_number;
  last_ticket_ = state.last_ticket;
  looks_for_merges_ = state.looks_for_merges;
  update_shard_count_calls_.Restore(state.update_shard_count_calls);
  start_encryption_calls_.Restore(state.start_encryption_calls);
  stop_encryption_calls_.Restore(state.stop_encryption_calls);
  scaling_.Restore(state.scaling);
  std::vector<std::shared_ptr<const ReshardStep>> steps;
  for (const ReshardStepState& saved : state.steps) {
    ReshardStep step;
    step.end_seconds = saved.end_seconds;
    for (const FamilyState& family : saved.families) {
      step.families.push_back({.parents = ShardsOf(family.parents, by_number),
                               .children = ShardsOf(family.children, by_number)});
    }
    steps.push_back(std::make_shared<const ReshardStep>(std::move(step)));
  }
  for (const TransitionState& saved : state.transitions) {
    transitions_.push_back({.at_nanos = saved.at_nanos,
                            .kind = saved.kind,
                            .retention_hours = saved.retention_hours,
                            .settings = saved.settings,
                            .key_id = saved.key_id,
                            .step = saved.step.has_value() ? steps[*saved.step] : nullptr});
  }
  RestoreConsumers(state, by_number);
  // These limits may split shards where the saved engine's never did, or the other way round.
  if (measured() != ToBeMeasured()) FollowMode(saved_at_nanos);
  UpdateDue();
}

// Tickets are those of before, so nobody holds a lease, and a new subscription waits as if somebody
// did.
void Stream::RestoreConsumers(const StreamState& state, const ShardsByNumber& by_number) {
  for (const ConsumerState& saved : state.consumers) {
    ConsumerEntry entry = {.name = saved.name,
                           .creation_seconds = saved.creation_seconds,
                           .status = saved.status,
                           .changes_at_nanos = saved.changes_at_nanos,
                           .tags = saved.tags};
    if (saved.policy.has_value()) entry.policy = ResourcePolicy(*saved.policy);
    for (const auto& [number, lease_state] : saved.leases) {
      auto lease = std::make_shared<SubscriptionLease>(by_number.at(number), options_.limits, 0);
      lease->Restore(lease_state);
      entry.leases.emplace(ShardId{number}, std::move(lease));
    }
    consumers_.Add(std::move(entry));
  }
}

}  // namespace riacho::internal
