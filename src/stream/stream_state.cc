#include "stream/stream_state.h"

#include <algorithm>
#include <set>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"

#include "riacho/model/limits.h"
#include "riacho/security/policy.h"

namespace riacho::internal {
namespace {

// As many as a sequence number holds: a shard whose end never comes has one behind the end of time,
// and its children's children one behind that.
constexpr std::int64_t kMostSeconds = (std::int64_t{1} << 36) - 1;
constexpr int kMostRecordKib = 1024 * 1024;
// A list of as many hash key ranges still fits in memory.
constexpr std::int64_t kMostWarmShards = std::int64_t{1} << 22;

bool IsSecond(std::int64_t seconds) { return seconds >= 0 && seconds <= kMostSeconds; }
bool IsTime(std::int64_t nanos) { return nanos >= 0; }
bool IsCount(std::int64_t count) { return count >= 0 && count <= UINT32_MAX; }

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
  });
}

bool IsResourcePolicy(const std::optional<std::string>& text) {
  return !text.has_value() || Policy::Parse(*text, PolicyKind::kResource).ok();
}

using Numbers = std::set<std::uint32_t>;

bool AreShards(const std::vector<std::uint32_t>& numbers, const Numbers& known) {
  Numbers seen;
  return std::ranges::all_of(numbers, [&](std::uint32_t number) {
    return known.contains(number) && seen.insert(number).second;
  });
}

// Whether the ranges of these shards cover all keys once.
bool CoverTheKeySpace(const StreamState& state, const Numbers& numbers) {
  std::vector<HashKeyRange> ranges;
  for (const ShardState& shard : state.shards) {
    if (numbers.contains(shard.identity.shard_id.number))
      ranges.push_back(shard.identity.hash_key_range);
  }
  std::ranges::sort(ranges, {}, &HashKeyRange::starting_hash_key);
  absl::uint128 expected = 0;
  for (const HashKeyRange& range : ranges) {
    if (range.starting_hash_key.value != expected) return false;
    expected = range.ending_hash_key.value + 1;
  }
  return !ranges.empty() && expected == 0;
}

std::string WhatIsWrongWith(const ShardState& shard) {
  const ShardIdentity& identity = shard.identity;
  if (identity.hash_key_range.ending_hash_key < identity.hash_key_range.starting_hash_key)
    return "hash key range";
  if (!IsSecond(identity.create_seconds)) return "second of creation";
  if (shard.end_seconds != ShardState::kNoEnd && !IsSecond(shard.end_seconds)) return "end";
  if (shard.end_seconds == ShardState::kNoEnd && !shard.children.empty()) return "children";
  if (shard.traffic.bytes < 0 || shard.traffic.records < 0) return "traffic";
  if (shard.first_index == 0 || shard.first_index > SequenceNumber::kLastIndex / 2)
    return "first index";
  return "";
}

std::string WhatIsWrongWith(const ReshardStepState& step, const Numbers& known,
                            const std::set<std::uint32_t>& with_children) {
  if (!IsSecond(step.end_seconds)) return "end of a reshard";
  for (const FamilyState& family : step.families) {
    if (family.parents.empty() || !AreShards(family.parents, known)) return "parents of a reshard";
    if (family.children.empty() || !AreShards(family.children, with_children))
      return "children of a reshard";
  }
  return "";
}

std::string WhatIsWrongWith(const OnDemandScaling::State& scaling) {
  const auto negative = [](const auto& peak) {
    return peak.second.bytes < 0 || peak.second.records < 0;
  };
  if (std::ranges::any_of(scaling.shards, [&](const auto& shard) {
        return std::ranges::any_of(shard.second.peaks, negative);
      })) {
    return "peaks of traffic";
  }
  if (scaling.warm_shards < 0 || scaling.warm_shards > kMostWarmShards) return "warm shards";
  if (std::ranges::any_of(scaling.last_hour, [](const auto& window) { return window.second < 0; }))
    return "traffic of the last hour";
  return "";
}

// Takes the parents of a step out of `shards` and puts its children in; false when a parent was not
// there, or a child was, or was among those that cannot be.
bool Replace(const ReshardStepState& step, Numbers& shards, const Numbers& cannot_be) {
  for (const FamilyState& family : step.families) {
    for (const std::uint32_t parent : family.parents) {
      if (shards.erase(parent) == 0) return false;
    }
    for (const std::uint32_t child : family.children) {
      if (cannot_be.contains(child) || !shards.insert(child).second) return false;
    }
  }
  return true;
}

// Whether each reshard to come is shown for shards that are open then, and handed over by shards
// that take records then and have shown their end; whether neither leaves a key out; and whether,
// when all is done, the open shards are those that take records.
bool ReshardsFollow(const StreamState& state, Numbers open, Numbers routed) {
  Numbers closed;
  Numbers sealed;
  for (const ShardState& shard : state.shards) {
    const std::uint32_t number = shard.identity.shard_id.number;
    if (shard.end_seconds != ShardState::kNoEnd) closed.insert(number);
    if (shard.sealed) sealed.insert(number);
  }
  for (const TransitionState& transition : state.transitions) {
    if (!transition.step.has_value()) continue;
    const ReshardStepState& step = state.steps[*transition.step];
    if (transition.kind == TransitionKind::kShowReshard) {
      if (!Replace(step, open, closed) || !CoverTheKeySpace(state, open)) return false;
      continue;
    }
    for (const FamilyState& family : step.families) {
      if (std::ranges::any_of(family.parents, [&](auto parent) { return open.contains(parent); }))
        return false;
    }
    if (!Replace(step, routed, sealed) || !CoverTheKeySpace(state, routed)) return false;
  }
  return routed == open;
}

bool Needs(TransitionKind kind) {
  return kind == TransitionKind::kShowReshard || kind == TransitionKind::kHandOver;
}

std::string WhatIsWrongWith(const TransitionState& transition, std::size_t steps) {
  if (Needs(transition.kind) != transition.step.has_value() ||
      transition.step.value_or(0) >= std::max<std::size_t>(steps, 1)) {
    return "step of a reshard";
  }
  if (transition.kind == TransitionKind::kRetention &&
      (transition.retention_hours < 1 || transition.retention_hours > kMostRetentionHours)) {
    return "retention period to come";
  }
  const std::optional<int>& kib = transition.settings.max_record_size_in_kib;
  if (kib.has_value() && (*kib < 1 || *kib > kMostRecordKib)) return "record size to come";
  return "";
}

std::string WhatIsWrongWith(const ConsumerState& consumer, const Numbers& known) {
  if (!IsName(consumer.name)) return "name of a consumer";
  if (!IsSecond(consumer.creation_seconds) || !IsTime(consumer.changes_at_nanos))
    return "time of consumer " + consumer.name;
  if (!IsResourcePolicy(consumer.policy)) return "policy of consumer " + consumer.name;
  for (const auto& [number, lease] : consumer.leases) {
    if (!known.contains(number)) return "lease of consumer " + consumer.name;
    // What has been held was taken at a time of the engine's.
    if (lease.holder != 0 && lease.taken_at_nanos < 0) return "lease of consumer " + consumer.name;
  }
  return "";
}

}  // namespace

std::string WhatIsWrong(const StreamState& state) {
  if (!IsName(state.name)) return "name";
  if (!IsSecond(state.creation_seconds)) return "second of creation";
  if (!IsTime(state.gone_at_nanos) || !IsTime(state.trim_at_nanos) ||
      (!IsTime(state.window_end_nanos) && state.window_end_nanos != INT64_MIN)) {
    return "time of what is to come";
  }
  if (!IsCount(state.open_shard_count) || !IsCount(state.claimed_shard_count))
    return "number of shards";
  if (state.retention_hours < 1 || state.retention_hours > kMostRetentionHours)
    return "retention period";
  if (state.settings.max_record_size_in_kib < 1 ||
      state.settings.max_record_size_in_kib > kMostRecordKib) {
    return "largest record";
  }
  if (!IsResourcePolicy(state.policy)) return "policy";
  if (std::string wrong = WhatIsWrongWith(state.scaling); !wrong.empty()) return wrong;

  Numbers known;
  for (const ShardState& shard : state.shards) {
    const std::uint32_t number = shard.identity.shard_id.number;
    if ((!known.empty() && *known.rbegin() >= number) || number >= state.next_shard_number)
      return "order of shards";
    known.insert(number);
    if (std::string wrong = WhatIsWrongWith(shard); !wrong.empty())
      return wrong + " of " + shard.identity.shard_id.ToString();
  }
  if (!AreShards(state.routed, known) || !AreShards(state.listed, known)) return "list of shards";
  const Numbers routed(state.routed.begin(), state.routed.end());
  if (!CoverTheKeySpace(state, routed)) return "shards that take records";
  const Numbers listed(state.listed.begin(), state.listed.end());
  Numbers open;
  for (const ShardState& shard : state.shards) {
    const std::uint32_t number = shard.identity.shard_id.number;
    // A put would look for a successor that never comes.
    if (shard.sealed && routed.contains(number)) return "shards that take records";
    if (shard.end_seconds == ShardState::kNoEnd && listed.contains(number)) open.insert(number);
  }
  if (!CoverTheKeySpace(state, open)) return "open shards";

  Numbers with_children;  // shards with a parent, which a child is
  for (const ShardState& shard : state.shards) {
    if (shard.identity.parent_shard_id.has_value())
      with_children.insert(shard.identity.shard_id.number);
  }
  for (const ReshardStepState& step : state.steps) {
    if (std::string wrong = WhatIsWrongWith(step, known, with_children); !wrong.empty())
      return wrong;
  }
  if (!state.transitions.empty() && !IsTime(state.transitions.front().at_nanos))
    return "time of what is to come";
  if (!std::ranges::is_sorted(state.transitions, {}, &TransitionState::at_nanos))
    return "order of what is to come";
  for (const TransitionState& transition : state.transitions) {
    if (std::string wrong = WhatIsWrongWith(transition, state.steps.size()); !wrong.empty())
      return wrong;
  }
  if (!ReshardsFollow(state, open, routed)) return "reshards";
  for (std::size_t i = 0; i < state.consumers.size(); ++i) {
    if (i != 0 && state.consumers[i - 1].name >= state.consumers[i].name)
      return "order of consumers";
    if (std::string wrong = WhatIsWrongWith(state.consumers[i], known); !wrong.empty())
      return wrong;
  }
  return "";
}

}  // namespace riacho::internal
