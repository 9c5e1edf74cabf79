#include "stream/shard_map.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace riacho::internal {

ShardMap::ShardMap(Shards routed, Shards listed)
    : routed_(std::move(routed)), listed_(std::move(listed)) {
  std::ranges::sort(routed_, {},
                    [](const auto& shard) { return shard->hash_key_range().starting_hash_key; });
  std::ranges::sort(listed_, {}, [](const auto& shard) { return shard->shard_id(); });
  starts_.reserve(routed_.size());
  HashKey expected;
  for (const std::shared_ptr<LiveShard>& shard : routed_) {
    const HashKeyRange& range = shard->hash_key_range();
    RIACHO_CHECK(range.starting_hash_key == expected, shard->shard_id(), range);
    starts_.push_back(range.starting_hash_key.value);
    expected = HashKey{range.ending_hash_key.value + 1};
  }
  RIACHO_CHECK(routed_.empty() || expected == HashKey{}, expected);  // 2^128 is 0
}

const std::shared_ptr<LiveShard>* ShardMap::Find(ShardId id) const {
  const auto at = std::ranges::lower_bound(listed_, id, {},
                                           [](const auto& shard) { return shard->shard_id(); });
  return at != listed_.end() && (*at)->shard_id() == id ? &*at : nullptr;
}

}  // namespace riacho::internal
