// The part of Stream that changes its shards.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/time/time.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::vector<ChildShard> AsChildShards(const std::vector<std::shared_ptr<LiveShard>>& children) {
  std::vector<ChildShard> entries;
  for (const std::shared_ptr<LiveShard>& child : children) {
    const Shard shard = child->Describe();
    ChildShard entry = {.shard_id = shard.shard_id, .hash_key_range = shard.hash_key_range};
    entry.parent_shards.push_back(*shard.parent_shard_id);
    if (shard.adjacent_parent_shard_id.has_value())
      entry.parent_shards.push_back(*shard.adjacent_parent_shard_id);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ShardId> IdsOf(const ShardMap::Shards& shards) {
  std::vector<ShardId> ids;
  for (const std::shared_ptr<LiveShard>& shard : shards) ids.push_back(shard->shard_id());
  return ids;
}

}  // namespace

absl::StatusOr<std::shared_ptr<LiveShard>> Stream::FindForReshard(ShardId id) const {
  if (std::shared_ptr<LiveShard> shard = FindShard(id); shard != nullptr) return shard;
  return MakeError(ErrorCode::kResourceNotFound, "Could not find shard " + id.ToString() +
                                                     " in stream " + options_.name +
                                                     " under account " + options_.account_id + ".");
}

absl::Status Stream::CheckOpen(const LiveShard& shard) const {
  if (shard.open()) return absl::OkStatus();
  return MakeError(
      ErrorCode::kInvalidArgument,
      "Shard " + shard.shard_id().ToString() + " in stream " + options_.name + " under account " +
          options_.account_id +
          " has already been merged or split, and thus is not eligible for merging or splitting.");
}

absl::Status CheckShardQuota(const Limits& limits, const std::string& account_id,
                             const std::string& region, std::int64_t present,
                             std::int64_t additional) {
  const std::int64_t limit = limits.shards_per_account;
  if (additional <= 0 || additional <= limit - present) return absl::OkStatus();
  return MakeError(
      ErrorCode::kLimitExceeded,
      "This request would exceed the shard limit for the account " + account_id + " in " + region +
          ". Current shard count for the account: " + std::to_string(present) +
          ". Limit: " + std::to_string(limit) +
          ". Number of additional shards that would have resulted from this request: " +
          std::to_string(additional) +
          ". Refer to the AWS Service Limits page "
          "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current "
          "limits and how to request "
          "higher limits.");
}

ShardMap::Shards Stream::OpenShards() const {
  const EpochGuard guard;
  ShardMap::Shards open = map().listed();
  std::erase_if(open, [](const auto& shard) { return !shard->open(); });
  std::ranges::sort(open, {},
                    [](const auto& shard) { return shard->hash_key_range().starting_hash_key; });
  return open;
}

absl::Status Stream::Split(ShardId shard_id, std::string_view new_starting_hash_key,
                           std::int64_t shards_elsewhere, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  const absl::StatusOr<std::shared_ptr<LiveShard>> shard = FindForReshard(shard_id);
  RIACHO_RETURN_IF_ERROR(shard.status());
  RIACHO_RETURN_IF_ERROR(CheckShardQuota(options_.limits, options_.account_id, options_.region,
                                         shards_elsewhere + open_shard_count(), 1));
  RIACHO_RETURN_IF_ERROR(CheckOpen(**shard));
  const HashKeyRange range = (*shard)->hash_key_range();
  const std::optional<HashKey> key = HashKey::Parse(new_starting_hash_key);
  const absl::uint128 cut =
      key.value_or(HashKey{}).value;  // a key of 2^128 and more is as bad as 0
  // Each child holds at least two keys; written so that nothing overflows at either end of the key
  // space.
  if (cut <= range.starting_hash_key.value || cut - range.starting_hash_key.value < 2 ||
      cut >= range.ending_hash_key.value) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "NewStartingHashKey " + std::string(new_starting_hash_key) +
                         " used in SplitShard() on shard " + shard_id.ToString() + " in stream " +
                         options_.name + " under account " + options_.account_id +
                         " is not both greater than one plus the shard's StartingHashKey " +
                         range.starting_hash_key.ToString() +
                         " and less than the shard's EndingHashKey " +
                         range.ending_hash_key.ToString() + ".");
  }
  const ShardMap::Shards open = OpenShards();
  const auto position = static_cast<std::size_t>(std::ranges::find(open, *shard) - open.begin());
  StartReshard({{{.first_parent = position,
                  .parent_count = 1,
                  .children = {{range.starting_hash_key, HashKey{cut - 1}},
                               {HashKey{cut}, range.ending_hash_key}}}}},
               options_.lifecycle.reshard, now_nanos);
  return absl::OkStatus();
}

absl::Status Stream::Merge(ShardId lower_id, ShardId upper_id, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  const absl::StatusOr<std::shared_ptr<LiveShard>> lower = FindForReshard(lower_id);
  RIACHO_RETURN_IF_ERROR(lower.status());
  const absl::StatusOr<std::shared_ptr<LiveShard>> upper = FindForReshard(upper_id);
  RIACHO_RETURN_IF_ERROR(upper.status());
  RIACHO_RETURN_IF_ERROR(CheckOpen(**lower));
  RIACHO_RETURN_IF_ERROR(CheckOpen(**upper));
  const HashKey lower_end = (*lower)->hash_key_range().ending_hash_key;
  if (lower_end == HashKey::Max() ||
      HashKey{lower_end.value + 1} != (*upper)->hash_key_range().starting_hash_key) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Shards " + lower_id.ToString() + " and " + upper_id.ToString() +
                         " in stream " + options_.name + " under account " + options_.account_id +
                         " are not an adjacent pair of shards eligible for merging");
  }
  const ShardMap::Shards open = OpenShards();
  const auto position = static_cast<std::size_t>(std::ranges::find(open, *lower) - open.begin());
  StartReshard({{{.first_parent = position,
                  .parent_count = 2,
                  .children = {{(*lower)->hash_key_range().starting_hash_key,
                                (*upper)->hash_key_range().ending_hash_key}}}}},
               options_.lifecycle.reshard, now_nanos);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> Stream::UpdateShardCount(std::int64_t target,
                                                      std::int64_t shards_elsewhere,
                                                      std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  const ShardMap::Shards open = OpenShards();
  const auto present = static_cast<std::int64_t>(open.size());
  if (target == present) return present;
  const auto refuse = [present, target](const std::string& message) {
    return MakeError(ErrorCode::kLimitExceeded,
                     message + " Current open shard count: " + std::to_string(present) +
                         ", Target shard count: " + std::to_string(target));
  };
  if (target / 2 > present || (target / 2 == present && target % 2 != 0)) {
    return refuse("UpdateShardCount cannot scale up over double your current open shard count.");
  }
  if (target < present / 2) {
    return refuse("UpdateShardCount cannot scale down below half your current open shard count.");
  }
  // A stream that is larger may only come down to less than the most.
  if (const std::int64_t most = options_.limits.update_shard_count_target;
      target > most || (present > most && target == most)) {
    return refuse("Target shard count or number of open shards cannot be greater than " +
                  std::to_string(most) + ".");
  }
  std::vector<HashKeyRange> ranges;
  for (const std::shared_ptr<LiveShard>& shard : open) ranges.push_back(shard->hash_key_range());
  const std::vector<ReshardRound> rounds = PlanUniformScaling(std::move(ranges), target);
  RIACHO_RETURN_IF_ERROR(CheckShardQuota(options_.limits, options_.account_id, options_.region,
                                         shards_elsewhere + present,
                                         MostOpenShards(present, rounds) - present));
  if (!update_shard_count_calls_.Take(now_nanos)) return RateExceeded();
  StartReshard(rounds, options_.lifecycle.update_shard_count, now_nanos);
  return present;
}

void Stream::StartReshard(const std::vector<ReshardRound>& rounds, absl::Duration first_shown,
                          std::int64_t now_nanos) {
  status_.store(StreamStatus::kUpdating, std::memory_order_release);
  claimed_shard_count_.store(MostOpenShards(static_cast<std::int64_t>(OpenShards().size()), rounds),
                             std::memory_order_relaxed);
  AddTransition(
      {.at_nanos = LayDown(rounds, first_shown, now_nanos), .kind = Transition::Kind::kActive});
  SettleLocked(now_nanos);
}

// Makes all children of all rounds now, with their numbers, and lays down when they are shown and
// when they take over. Answers when the last of them are shown.
std::int64_t Stream::LayDown(const std::vector<ReshardRound>& rounds, absl::Duration first_shown,
                             std::int64_t now_nanos) {
  ShardMap::Shards open = OpenShards();
  std::int64_t shown_at = LaterBy(now_nanos, first_shown);
  std::int64_t hand_over_at = LaterBy(now_nanos, options_.lifecycle.hand_over);
  // No child takes over before its parents have: an earlier reshard may still have to be handed
  // over, after many steps or by a clock that was set back.
  for (const Transition& transition : transitions_) {
    if (transition.kind == Transition::Kind::kHandOver)
      hand_over_at = std::max(hand_over_at, transition.at_nanos);
  }
  for (std::size_t round = 0; round < rounds.size(); ++round) {
    if (round != 0) {
      shown_at = LaterBy(shown_at, options_.lifecycle.update_shard_count_step);
      hand_over_at = LaterBy(hand_over_at, options_.lifecycle.hand_over_step);
    }
    hand_over_at = std::max(hand_over_at, shown_at);
    const auto step = std::make_shared<ReshardStep>();
    if (hand_over_at > now_nanos) {
      // The children take over as their first second begins, so that the seconds of their numbers
      // and of their parents' are those of arrival.
      hand_over_at =
          absl::ToInt64Nanoseconds(absl::Ceil(absl::Nanoseconds(hand_over_at), absl::Seconds(1)));
      step->end_seconds = std::max<std::int64_t>(hand_over_at / kNanosPerSecond - 1, 0);
    } else {
      step->end_seconds = std::max<std::int64_t>(hand_over_at / kNanosPerSecond, 0);
    }
    for (const ReshardAction& action : rounds[round]) {
      for (std::size_t i = 0; i < action.parent_count; ++i) {
        step->end_seconds =
            std::max(step->end_seconds, open[action.first_parent + i]->create_seconds());
      }
    }
    ShardMap::Shards after;
    std::size_t next = 0;
    for (const ReshardAction& action : rounds[round]) {
      while (next < action.first_parent) after.push_back(open[next++]);
      LiveShard::Identity identity = {.parent_shard_id = open[next]->shard_id(),
                                      .create_seconds = step->end_seconds + 1};
      if (action.parent_count == 2) identity.adjacent_parent_shard_id = open[next + 1]->shard_id();
      ReshardStep::Family family;
      for (std::size_t i = 0; i < action.parent_count; ++i) family.parents.push_back(open[next++]);
      for (const HashKeyRange& range : action.children) {
        identity.shard_id = {next_shard_number_++};
        identity.hash_key_range = range;
        family.children.push_back(std::make_shared<LiveShard>(
            identity, options_.limits, max_record_bytes(), now_nanos, options_.memory));
        after.push_back(family.children.back());
      }
      step->families.push_back(std::move(family));
    }
    while (next < open.size()) after.push_back(open[next++]);
    open = std::move(after);
    AddTransition({.at_nanos = shown_at, .kind = Transition::Kind::kShowReshard, .step = step});
    AddTransition({.at_nanos = hand_over_at, .kind = Transition::Kind::kHandOver, .step = step});
  }
  return shown_at;
}

// Parents show their ending number from now on, and the children are listed; puts still go to the
// parents.
void Stream::ShowReshard(const ReshardStep& step) {
  const EpochGuard guard;
  ShardMap::Shards listed = map().listed();
  for (const ReshardStep::Family& family : step.families) {
    const std::vector<ChildShard> children = AsChildShards(family.children);
    for (const std::shared_ptr<LiveShard>& parent : family.parents)
      parent->AnnounceEnd(step.end_seconds, children);
    // The stream's largest record may have changed since they were made.
    for (const std::shared_ptr<LiveShard>& child : family.children)
      child->throttle.SetLargestRecord(max_record_bytes());
    listed.insert(listed.end(), family.children.begin(), family.children.end());
    if (measured()) scaling_.Inherit(IdsOf(family.parents), IdsOf(family.children));
  }
  open_shard_count_.store(
      std::ranges::count_if(listed, [](const auto& shard) { return shard->open(); }),
      std::memory_order_relaxed);
  ReplaceMap(map().routed(), std::move(listed));
}

// The parents take their last record, the children their first.
void Stream::CarryOut(const ReshardStep& step) {
  const EpochGuard guard;
  const ShardMap& from = map();
  auto* const hand_over = new HandOver{.from = &from};
  ShardMap::Shards routed;
  for (const ReshardStep::Family& family : step.families) {
    hand_over->parents.insert(hand_over->parents.end(), family.parents.begin(),
                              family.parents.end());
    routed.insert(routed.end(), family.children.begin(), family.children.end());
  }
  std::ranges::sort(hand_over->parents);
  std::ranges::copy_if(from.routed(), std::back_inserter(routed), [hand_over](const auto& shard) {
    return !std::ranges::binary_search(hand_over->parents, shard);
  });
  hand_over->to = new ShardMap(std::move(routed), from.listed());

  hand_over_.store(hand_over, std::memory_order_release);  // from here on writers can help
  HelpHandOver(from);
  hand_over_.store(nullptr, std::memory_order_release);
  Epoch::Retire(const_cast<ShardMap*>(&from),
                [](void* map) { delete static_cast<ShardMap*>(map); });
  Epoch::Retire(hand_over, [](void* object) { delete static_cast<HandOver*>(object); });
}

}  // namespace riacho::internal
