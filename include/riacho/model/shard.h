// Shards as the describe and list operations show them.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "riacho/model/hash_key.h"
#include "riacho/model/sequence_number.h"
#include "riacho/model/shard_id.h"

namespace riacho {

// A shard is OPEN while its range has no ending sequence number, CLOSED after; an expired one is no
// longer listed. Source: API Reference, "Shard".
struct Shard {
  ShardId shard_id = {};
  std::optional<ShardId> parent_shard_id = {};  // absent for the shards a stream is created with
  std::optional<ShardId> adjacent_parent_shard_id = {};  // the second parent of a merge
  HashKeyRange hash_key_range = {};
  SequenceNumberRange sequence_number_range = {};

  friend bool operator==(const Shard&, const Shard&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Shard& shard);
};

// What the last answer of a closed shard tells about where its keys went.
// Source: API Reference, "ChildShard".
struct ChildShard {
  ShardId shard_id = {};
  std::vector<ShardId> parent_shards =
      {};  // one for a split; ParentShardId and AdjacentParentShardId for a merge
  HashKeyRange hash_key_range = {};

  friend bool operator==(const ChildShard&, const ChildShard&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ChildShard& shard);
};

}  // namespace riacho
