#include "stream/live_shard.h"

namespace riacho::internal {

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
