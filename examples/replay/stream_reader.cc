#include "replay/stream_reader.h"

#include <algorithm>

namespace replay {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(1);

// True for throttling, and for a subscription or an iterator that must be asked for anew.
bool CallsForPatience(const absl::Status& status) {
  const std::optional<riacho::ErrorCode> code = riacho::GetErrorCode(status);
  return riacho::IsRetryable(status) || code == riacho::ErrorCode::kResourceInUse ||
         code == riacho::ErrorCode::kExpiredIterator;
}

}  // namespace

std::vector<riacho::ShardId> Lineage::Roots(const std::vector<riacho::Shard>& listed) {
  std::set<riacho::ShardId> present;
  for (const riacho::Shard& shard : listed) present.insert(shard.shard_id);
  std::vector<riacho::ShardId> roots;
  for (const riacho::Shard& shard : listed) {
    bool has_parent = false;
    for (const auto& parent : {shard.parent_shard_id, shard.adjacent_parent_shard_id}) {
      if (!parent.has_value()) continue;
      if (present.contains(*parent)) has_parent = true;
      if (!present.contains(*parent)) finished_.insert(*parent);  // expired: nothing left to read
    }
    if (!has_parent) roots.push_back(shard.shard_id);
  }
  started_.insert(roots.begin(), roots.end());
  return roots;
}

std::vector<riacho::ShardId> Lineage::Finish(riacho::ShardId shard,
                                             const std::vector<riacho::ChildShard>& children) {
  finished_.insert(shard);
  std::vector<riacho::ShardId> next;
  for (const riacho::ChildShard& child : children) {
    const bool parents_finished = std::ranges::all_of(
        child.parent_shards, [&](riacho::ShardId parent) { return finished_.contains(parent); });
    if (parents_finished && started_.insert(child.shard_id).second) next.push_back(child.shard_id);
  }
  return next;
}

StreamReader::StreamReader(const std::vector<riacho::Shard>& shards) {
  for (const riacho::ShardId shard : lineage_.Roots(shards)) places_.push_back({.shard = shard});
}

absl::Time StreamReader::Poll(absl::Time now) {
  absl::Time due = absl::InfiniteFuture();
  absl::Time caught_up_at = now;
  for (Place& place : places_) {  // grows while it is walked, when a shard has ended
    if (place.due <= now) VisitPlace(place, now);
    if (!failure_.ok()) {
      failed_.store(true, std::memory_order_release);
      return absl::InfiniteFuture();
    }
    if (place.ended) continue;
    due = std::min(due, place.due);
    caught_up_at = std::min(caught_up_at, place.caught_up_at);
  }
  places_.remove_if([](const Place& place) { return place.ended; });
  caught_up_nanos_.store(absl::ToUnixNanos(caught_up_at), std::memory_order_release);
  return due;
}

void StreamReader::VisitPlace(Place& place, absl::Time now) {
  const absl::StatusOr<Visit> visit = VisitShard(place.shard, now);
  if (!visit.ok()) {
    if (!CallsForPatience(visit.status())) failure_ = visit.status();
    place.due = now + kPatience;
    return;
  }
  place.due = visit->next;
  if (visit->caught_up) place.caught_up_at = now;
  if (!visit->children.has_value()) return;
  place.ended = true;
  for (const riacho::ShardId child : lineage_.Finish(place.shard, *visit->children)) {
    places_.push_back({.shard = child});
  }
}

}  // namespace replay
