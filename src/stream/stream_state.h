// All that a stream is, as plain values: what a stream saves and what another is made from. Records
// are not here; they are saved by shard/log_cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "riacho/model/consumer.h"
#include "riacho/model/hash_key.h"
#include "riacho/model/shard.h"
#include "riacho/model/stream_description.h"
#include "shard/shard_throttle.h"
#include "stream/on_demand_scaling.h"
#include "stream/stream_settings.h"
#include "stream/tag_set.h"
#include "stream/write_traffic.h"

namespace riacho::internal {

struct ShardIdentity {
  ShardId shard_id = {};
  std::optional<ShardId> parent_shard_id = {};
  std::optional<ShardId> adjacent_parent_shard_id = {};
  HashKeyRange hash_key_range = {};
  std::int64_t create_seconds = 0;  // Unix second inside its sequence numbers
};

struct ShardState {
  static constexpr std::int64_t kNoEnd = -1;

  ShardIdentity identity = {};
  std::int64_t end_seconds = kNoEnd;
  std::vector<ChildShard> children = {};
  ShardThrottle::State throttle = {};
  WriteTraffic traffic = {};
  std::uint64_t first_index = 0;    // of its log
  std::uint64_t segment_count = 0;  // the same
  bool sealed = false;              // the same
};

// Who has had a shard of a consumer last. Times and tickets are kept, subscriptions are not.
struct LeaseState {
  std::uint64_t holder = 0;
  std::int64_t taken_at_nanos = 0;
  std::uint64_t calls = 0;
  std::uint64_t budget = 0;
};

struct ConsumerState {
  std::string name = {};
  std::int64_t creation_seconds = 0;
  ConsumerStatus status = ConsumerStatus::kCreating;
  std::int64_t changes_at_nanos = 0;
  std::map<std::uint32_t, LeaseState> leases = {};  // by number of the shard
  Tags tags = {};
  std::optional<std::string> policy = {};
};

// Parents that end together, and their children, by number.
struct FamilyState {
  std::vector<std::uint32_t> parents = {};
  std::vector<std::uint32_t> children = {};
};

struct ReshardStepState {
  std::vector<FamilyState> families = {};
  std::int64_t end_seconds = 0;
};

// What is still to happen to a stream, and when.
enum class TransitionKind : unsigned char {
  kActive,
  kRetention,
  kSettings,
  kEncryption,
  kShowReshard,
  kHandOver,
  kEndWindow,
  kScaleOut,
  kScaleIn,
};

struct TransitionState {
  std::int64_t at_nanos = 0;
  TransitionKind kind = TransitionKind::kActive;
  std::int64_t retention_hours = 0;
  SettingsChange settings = {};
  std::string key_id = {};
  std::optional<std::uint32_t> step = {};  // place in StreamState::steps
};

struct StreamState {
  std::string name = {};
  std::uint64_t incarnation = 0;
  std::int64_t creation_seconds = 0;
  StreamStatus status = StreamStatus::kCreating;
  std::int64_t gone_at_nanos = 0;
  std::int64_t window_end_nanos = 0;
  std::int64_t horizon_floor_millis = 0;
  std::int64_t retention_hours = 0;
  std::int64_t open_shard_count = 0;
  std::int64_t claimed_shard_count = 0;
  std::uint64_t next_place = 0;
  std::int64_t trim_at_nanos = 0;
  std::uint32_t next_shard_number = 0;
  std::uint64_t last_ticket = 0;
  bool looks_for_merges = false;
  StreamSettings::State settings = {};
  std::optional<std::string> encryption_key = {};
  std::optional<std::string> policy = {};
  std::vector<std::int64_t> update_shard_count_calls = {};
  std::vector<std::int64_t> start_encryption_calls = {};
  std::vector<std::int64_t> stop_encryption_calls = {};
  Tags tags = {};
  std::vector<ConsumerState> consumers = {};  // ascending name
  OnDemandScaling::State scaling = {};
  std::vector<ShardState> shards = {};     // ascending number, also those that nobody sees yet
  std::vector<std::uint32_t> routed = {};  // numbers
  std::vector<std::uint32_t> listed = {};
  std::vector<ReshardStepState> steps = {};
  std::vector<TransitionState> transitions = {};  // ascending due time
};

// So that so many hours in nanoseconds, taken from any time of an engine, do not overflow.
inline constexpr std::int64_t kMostRetentionHours = INT64_MAX / 3'600'000'000'000;

// Why no stream can be in such a state; empty when one can. Looks at whatever a stream relies on,
// so that one can be made of any state that passes.
std::string WhatIsWrong(const StreamState& state);

}  // namespace riacho::internal
