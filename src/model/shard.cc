#include "riacho/model/shard.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const Shard& shard) {
  out << shard.shard_id << ' ' << shard.hash_key_range;
  if (shard.parent_shard_id.has_value()) out << " parent " << *shard.parent_shard_id;
  if (shard.adjacent_parent_shard_id.has_value())
    out << " adjacent parent " << *shard.adjacent_parent_shard_id;
  out << " from " << shard.sequence_number_range.starting_sequence_number;
  if (shard.sequence_number_range.ending_sequence_number.has_value()) {
    out << " to " << *shard.sequence_number_range.ending_sequence_number;
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const ChildShard& shard) {
  out << shard.shard_id << ' ' << shard.hash_key_range << " of";
  for (const ShardId parent : shard.parent_shards) out << ' ' << parent;
  return out;
}

}  // namespace riacho
