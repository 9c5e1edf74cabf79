// Which shards a stream has, and which of them takes a key: an immutable picture, replaced when it
// changes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"

#include "riacho/model/hash_key.h"
#include "riacho/model/shard_id.h"
#include "stream/live_shard.h"

namespace riacho::internal {

class ShardMap {
 public:
  using Shards = std::vector<std::shared_ptr<LiveShard>>;

  // `routed`: the shards that take puts; their ranges cover the key space exactly once. `listed`:
  // those that exist.
  ShardMap(Shards routed, Shards listed);

  // The shard that takes `key`. O(log n); the caller need not hash a key when there is a single
  // shard.
  LiveShard& Route(HashKey key) const { return *routed_[PlaceOf(key)]; }
  // Where that shard stands in routed().
  std::size_t PlaceOf(HashKey key) const {
    // No branch depends on the key, which is random: it would be guessed wrong half of the time.
    std::size_t place = 0;
    for (std::size_t count = starts_.size(); count > 1;) {
      const std::size_t half = count / 2;
      place += starts_[place + half] <= key.value ? half : 0;
      count -= half;
    }
    return place;
  }
  bool single() const { return routed_.size() == 1; }

  // Null when no shard has that number (any more). O(log n).
  const std::shared_ptr<LiveShard>* Find(ShardId id) const;

  const Shards& routed() const { return routed_; }  // ascending range
  const Shards& listed() const { return listed_; }  // ascending id

 private:
  Shards routed_;
  Shards listed_;
  std::vector<absl::uint128> starts_;  // of routed_, side by side for the search
};

}  // namespace riacho::internal
