// How a stream in ON_DEMAND mode scales: what its shards took, and what follows.
//
// Traffic is measured in windows. A shard that took more in one window than a shard should is split
// in the middle, so that each shard has room for twice its peak. Peaks are remembered for a month:
// neighbours are merged only when one shard would have had room for what both of them took. Merges
// stay within the ranges of a new stream's shards, or of the shards that the warm throughput needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "riacho/model/hash_key.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"
#include "riacho/model/shard_id.h"
#include "stream/resharding.h"
#include "stream/write_traffic.h"

namespace riacho::internal {

// Pure: told the time, in nanoseconds since the Unix epoch, and the same for the same calls.
// Confined: its stream's mutex guards it.
class OnDemandScaling {
 public:
  struct OpenShard {
    ShardId shard_id = {};
    HashKeyRange hash_key_range = {};
  };
  using OpenShards = std::vector<OpenShard>;  // ascending range, covering the key space

  // What is remembered of a shard.
  struct History {
    std::map<std::int64_t, WriteTraffic> peaks = {};  // of a window, by day
    std::optional<std::int64_t> split_at_nanos = {};
  };
  // All that is remembered: the rest follows from the limits.
  struct State {
    std::int64_t warm_shards = 0;
    std::map<std::int64_t, std::int64_t> last_hour = {};  // bytes of a window, by its end
    std::map<std::uint32_t, History> shards = {};         // by number
  };

  OnDemandScaling(const Limits& limits, const Lifecycle& lifecycle);

  // Whether there is a limit beyond which shards are split at all.
  bool enabled() const;

  // Begins, with these shards. They count as having just taken the most that a shard should: a
  // capacity that was brought along is kept for as long as peaks are remembered.
  void Start(const OpenShards& open, std::int64_t now_nanos);
  // The shards that evenly spread traffic of so many MiB a second needs; those of a new stream.
  static std::int64_t ShardsFor(const Limits& limits, std::int64_t warm_throughput_mibps);
  static std::int64_t FirstShards(const Limits& limits, std::int64_t warm_throughput_mibps);

  // Holds capacity for at least so many shards' worth of evenly spread traffic from now on.
  void HoldCapacityFor(std::int64_t shards);

  static std::int64_t WindowNanos(const Limits& limits);
  // The end of the window that holds `now_nanos`. Windows begin at the multiples of their length.
  std::int64_t WindowEnd(std::int64_t now_nanos) const;

  // What an open shard took in the window that has ended. True if it is therefore to be split at
  // SplitAt(window_end_nanos), and was not to be split before.
  bool Observe(ShardId shard, const WriteTraffic& traffic, std::int64_t window_end_nanos);
  // What all shards together took in the window that has ended.
  void ObserveTotal(std::int64_t bytes, std::int64_t window_end_nanos);
  // MiB a second, rounded up: the most that a window of the last hour had.
  std::int64_t PeakOfLastHourMiBps(std::int64_t now_nanos) const;

  // So that children take over within the time of reaction, even if traffic grew as soon as the
  // window before had begun; at the earliest when the window ends.
  std::int64_t SplitAt(std::int64_t window_end_nanos) const;

  // The splits that are due; those for which the stream has no room are forgotten, the narrowest
  // shards first.
  ReshardRound PlanSplits(const OpenShards& open, std::int64_t now_nanos);
  // The splits after which there is capacity as HoldCapacityFor demands, round by round.
  std::vector<ReshardRound> PlanWarmUp(const OpenShards& open) const;
  // The merges that the peaks allow, the narrowest first; each shard in one at most.
  ReshardRound PlanMerges(const OpenShards& open, std::int64_t now_nanos) const;
  // When to look for merges again; nothing if the shards are so wide that there never are any.
  std::optional<std::int64_t> NextMerges(const OpenShards& open, std::int64_t now_nanos) const;

  // A reshard: the children of a split inherit half of the parent's peaks, that of a merge the sum.
  void Inherit(const std::vector<ShardId>& parents, const std::vector<ShardId>& children);

  State Save() const;
  void Restore(const State& state);

 private:
  std::int64_t Day(std::int64_t nanos) const;
  WriteTraffic Peak(ShardId shard, std::int64_t now_nanos) const;
  bool TooMuch(const WriteTraffic& traffic) const;
  std::vector<std::size_t> PairsToMerge(const OpenShards& open) const;
  ReshardRound SplitWidest(const std::vector<HashKeyRange>& open,
                           std::vector<std::size_t> positions) const;

  const std::int64_t window_nanos_;
  const std::int64_t day_nanos_;      // a thirtieth of the time for which peaks are remembered
  const absl::Duration split_after_;  // a window's end
  const std::int64_t most_shards_;
  const std::int64_t least_shards_;
  WriteTraffic most_per_window_;  // what a shard may take without being split
  std::int64_t warm_shards_ = 0;
  std::map<std::int64_t, std::int64_t> last_hour_;  // bytes of a window, by its end
  std::map<ShardId, History> shards_;
};

}  // namespace riacho::internal
