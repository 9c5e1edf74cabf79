// The shards of a stream as a drawing: below each shard those that took over from it.
#pragma once

#include <string>
#include <vector>

#include "riacho/model/shard.h"

namespace replay {

// One line of the drawing.
struct TreeLine {
  std::string branch = {};  // "├─ " and the like
  riacho::Shard shard = {};
  bool repeated = false;  // the child of a merge, at its second parent
};

// Draws `shards`, in the order of their hash keys.
std::vector<TreeLine> DrawShardTree(const std::vector<riacho::Shard>& shards);

// The part of the key space that a shard owns: "25.0 %".
std::string PartOfKeySpace(const riacho::HashKeyRange& range);

}  // namespace replay
