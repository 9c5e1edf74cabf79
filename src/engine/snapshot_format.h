// What stands in a snapshot, field by field and in this order: docs/internals/snapshot.md. Whoever
// changes anything here makes another version of the format (kSnapshotVersion).
#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"

#include "base/field_codec.h"
#include "engine/account_state.h"
#include "stream/stream_state.h"

namespace riacho::internal {

inline constexpr std::uint32_t kSnapshotVersion = 1;

template <typename Io>
void Describe(Io& io, ShardId& id) {
  Field(io, id.number);
}

template <typename Io>
void Describe(Io& io, HashKey& key) {
  std::uint64_t low = absl::Uint128Low64(key.value);
  std::uint64_t high = absl::Uint128High64(key.value);
  Field(io, low);
  Field(io, high);
  key.value = absl::MakeUint128(high, low);
}

template <typename Io>
void Describe(Io& io, HashKeyRange& range) {
  Field(io, range.starting_hash_key);
  Field(io, range.ending_hash_key);
}

template <typename Io>
void Describe(Io& io, ShardMetrics& metrics) {
  auto bits = static_cast<std::uint8_t>(metrics.to_ulong());
  Field(io, bits);
  if constexpr (Io::kReads) {
    if (bits >> metrics.size() != 0) io.Fail();
    metrics = ShardMetrics(bits);
  }
}

template <typename Io>
void Describe(Io& io, StreamMode& mode) {
  Field(io, mode, StreamMode::kOnDemand);
}

// --- The account ---------------------------------------------------------------------------------

template <typename Io>
void Describe(Io& io, CallRates::Bucket& bucket) {
  Field(io, bucket.operation, Operation::kUpdateStreamWarmThroughput);
  Field(io, bucket.stream);
  Field(io, bucket.full_at);
}

template <typename Io>
void Describe(Io& io, RecordEncryption::SavedKey& key) {
  Field(io, key.incarnation);
  Field(io, key.caller);
  Field(io, key.key);
  Field(io, key.plaintext);
  Field(io, key.ciphertext_blob);
  Field(io, key.stream_arn);
  Field(io, key.sealed_count);
  Field(io, key.made_at_nanos);
}

template <typename Io>
void Describe(Io& io, StoredKey& key) {
  Field(io, key.key_id);
  Field(io, key.state, KeyState::kUnavailable);
  Field(io, key.service_managed);
  Field(io, key.gone);
  Field(io, key.deletion_nanos);
  Field(io, key.version);
  Field(io, key.grants);
}

template <typename Io>
void Describe(Io& io, KeyStoreState& state) {
  Field(io, state.secret);
  Field(io, state.keys);
  Field(io, state.aliases);
  Field(io, state.data_keys);
  Field(io, state.opted_in);
  Field(io, state.requests_per_second);
  Field(io, state.requests);
  for (std::int64_t& count : state.request_counts) Field(io, count);
}

template <typename Io>
void Describe(Io& io, AccountState& state) {
  Field(io, state.account_id);
  Field(io, state.region);
  Field(io, state.saved_at_nanos);
  Field(io, state.token_key);
  Field(io, state.last_incarnation);
  Field(io, state.has_resource_policies);
  Field(io, state.call_rates);
  Field(io, state.commitment.started_at_nanos);
  Field(io, state.commitment.ends_at_nanos);
  Field(io, state.mode_switches);
  Field(io, state.encryption.sealing);
  Field(io, state.encryption.opening);
  Field(io, state.key_store);
  Field(io, state.stream_count);
}

// --- A stream ------------------------------------------------------------------------------------

template <typename Io>
void Describe(Io& io, WriteTraffic& traffic) {
  Field(io, traffic.bytes);
  Field(io, traffic.records);
}

template <typename Io>
void Describe(Io& io, ChildShard& child) {
  Field(io, child.shard_id);
  Field(io, child.parent_shards);
  Field(io, child.hash_key_range);
}

template <typename Io>
void Describe(Io& io, ShardState& shard) {
  Field(io, shard.identity.shard_id);
  Field(io, shard.identity.parent_shard_id);
  Field(io, shard.identity.adjacent_parent_shard_id);
  Field(io, shard.identity.hash_key_range);
  Field(io, shard.identity.create_seconds);
  Field(io, shard.end_seconds);
  Field(io, shard.children);
  Field(io, shard.throttle.write_records);
  Field(io, shard.throttle.write_bytes);
  Field(io, shard.throttle.read_calls);
  Field(io, shard.throttle.read_bytes);
  Field(io, shard.throttle.iterator_calls);
  Field(io, shard.traffic);
  Field(io, shard.first_index);
  Field(io, shard.segment_count);
  Field(io, shard.sealed);
}

template <typename Io>
void Describe(Io& io, LeaseState& lease) {
  Field(io, lease.holder);
  Field(io, lease.taken_at_nanos);
  Field(io, lease.calls);
  Field(io, lease.budget);
}

template <typename Io>
void Describe(Io& io, ConsumerState& consumer) {
  Field(io, consumer.name);
  Field(io, consumer.creation_seconds);
  Field(io, consumer.status, ConsumerStatus::kDeleting);
  Field(io, consumer.changes_at_nanos);
  Field(io, consumer.leases);
  Field(io, consumer.tags);
  Field(io, consumer.policy);
}

template <typename Io>
void Describe(Io& io, FamilyState& family) {
  Field(io, family.parents);
  Field(io, family.children);
}

template <typename Io>
void Describe(Io& io, ReshardStepState& step) {
  Field(io, step.families);
  Field(io, step.end_seconds);
}

template <typename Io>
void Describe(Io& io, TransitionState& transition) {
  Field(io, transition.at_nanos);
  Field(io, transition.kind, TransitionKind::kScaleIn);
  Field(io, transition.retention_hours);
  Field(io, transition.settings.mode);
  Field(io, transition.settings.max_record_size_in_kib);
  Field(io, transition.settings.warm_throughput_mibps);
  Field(io, transition.settings.shard_metrics);
  Field(io, transition.key_id);
  Field(io, transition.step);
}

template <typename Io>
void Describe(Io& io, OnDemandScaling::History& history) {
  Field(io, history.peaks);
  Field(io, history.split_at_nanos);
}

template <typename Io>
void Describe(Io& io, StreamSettings::State& settings) {
  Field(io, settings.mode);
  Field(io, settings.next_mode);
  Field(io, settings.record_distribution_strategy, RecordDistributionStrategy::kUserPartitionKey);
  Field(io, settings.max_record_size_in_kib);
  Field(io, settings.warm_target_mibps);
  Field(io, settings.warm_current_mibps);
  Field(io, settings.shard_metrics);
}

template <typename Io>
void Describe(Io& io, StreamState& state) {
  Field(io, state.name);
  Field(io, state.incarnation);
  Field(io, state.creation_seconds);
  Field(io, state.status, StreamStatus::kDeleting);
  Field(io, state.gone_at_nanos);
  Field(io, state.window_end_nanos);
  Field(io, state.horizon_floor_millis);
  Field(io, state.retention_hours);
  Field(io, state.open_shard_count);
  Field(io, state.claimed_shard_count);
  Field(io, state.next_place);
  Field(io, state.trim_at_nanos);
  Field(io, state.next_shard_number);
  Field(io, state.last_ticket);
  Field(io, state.looks_for_merges);
  Field(io, state.settings);
  Field(io, state.encryption_key);
  Field(io, state.policy);
  Field(io, state.update_shard_count_calls);
  Field(io, state.start_encryption_calls);
  Field(io, state.stop_encryption_calls);
  Field(io, state.tags);
  Field(io, state.consumers);
  Field(io, state.scaling.warm_shards);
  Field(io, state.scaling.last_hour);
  Field(io, state.scaling.shards);
  Field(io, state.shards);
  Field(io, state.routed);
  Field(io, state.listed);
  Field(io, state.steps);
  Field(io, state.transitions);
}

}  // namespace riacho::internal
