// How shards are cut and joined: pure functions over ranges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "riacho/model/hash_key.h"

namespace riacho::internal {

// The `count` ranges a stream starts with: range i begins at floor(i * 2^128 / count). count >= 1.
std::vector<HashKeyRange> UniformPartition(std::int64_t count);

// One step of a plan, on the shards open at that step: one parent is split into two children, or
// two neighbours are merged into one. Positions count the shards of the step in ascending order of
// range.
struct ReshardAction {
  std::size_t first_parent = 0;
  std::size_t parent_count = 1;  // 1: split, 2: merge
  std::vector<HashKeyRange> children = {};
};

// Actions whose parents are all open at the same time, in ascending order of range.
using ReshardRound = std::vector<ReshardAction>;

// The ranges that are open after the round.
std::vector<HashKeyRange> AfterRound(const std::vector<HashKeyRange>& open,
                                     const ReshardRound& round);

// The rounds that lead from `open` (ascending, covering the key space) to UniformPartition(target):
// first shards are split at the target's boundaries, then the pieces inside one target range are
// merged, neighbours first. Empty when nothing is to do.
std::vector<ReshardRound> PlanUniformScaling(std::vector<HashKeyRange> open, std::int64_t target);

// The most shards that are open at once, before, between or after the rounds, when `open` are at
// first.
std::int64_t MostOpenShards(std::int64_t open, const std::vector<ReshardRound>& rounds);

}  // namespace riacho::internal
