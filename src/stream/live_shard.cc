#include "stream/live_shard.h"

namespace riacho::internal {

LiveShard::LiveShard(const ShardState& state, const Limits& limits,
                     std::int64_t largest_record_bytes, std::int64_t now_nanos,
                     std::shared_ptr<SegmentSource> memory)
    : LiveShard(state.identity, limits, largest_record_bytes, now_nanos, std::move(memory)) {
  if (state.end_seconds != kNoEnd) AnnounceEnd(state.end_seconds, state.children);
  throttle.Restore(state.throttle);
  traffic.Add(state.traffic);
}

ShardState LiveShard::Save() const {
  return {.identity = identity_,
          .end_seconds = end_seconds(),
          .children = children_,
          .throttle = throttle.Save(),
          .traffic = traffic.Save()};
}

Shard LiveShard::Describe() const {
  Shard shard = {.shard_id = identity_.shard_id,
                 .parent_shard_id = identity_.parent_shard_id,
                 .adjacent_parent_shard_id = identity_.adjacent_parent_shard_id,
                 .hash_key_range = identity_.hash_key_range,
                 .sequence_number_range = {.starting_sequence_number = StartingNumber()}};
  if (!open()) {
    shard.sequence_number_range.ending_sequence_number =
        SequenceNumber::Of({.shard_create_seconds = identity_.create_seconds,
                            .index = SequenceNumber::kLastIndex,
                            .time_seconds = end_seconds(),
                            .shard_number = identity_.shard_id.number});
  }
  return shard;
}

}  // namespace riacho::internal
