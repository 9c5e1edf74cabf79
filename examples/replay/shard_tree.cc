#include "replay/shard_tree.h"

#include <algorithm>
#include <set>
#include <utility>

#include "replay/text_table.h"

namespace replay {
namespace {

class Drawing {
 public:
  explicit Drawing(std::vector<riacho::Shard> shards) : shards_(std::move(shards)) {
    std::ranges::sort(shards_, {}, [](const riacho::Shard& shard) {
      return shard.hash_key_range.starting_hash_key;
    });
  }

  std::vector<TreeLine> Draw() && {
    for (const riacho::Shard& shard : shards_) {
      if (!shard.parent_shard_id.has_value()) DrawShard(shard, "", "");
    }
    return std::move(lines_);
  }

 private:
  void DrawShard(const riacho::Shard& shard, const std::string& branch, const std::string& below) {
    const bool repeated = !drawn_.insert(shard.shard_id).second;
    lines_.push_back({.branch = branch, .shard = shard, .repeated = repeated});
    if (repeated) return;
    std::vector<const riacho::Shard*> children;
    for (const riacho::Shard& child : shards_) {
      if (child.parent_shard_id == shard.shard_id ||
          child.adjacent_parent_shard_id == shard.shard_id) {
        children.push_back(&child);
      }
    }
    for (const riacho::Shard* child : children) {
      const bool last = child == children.back();
      DrawShard(*child, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  std::vector<riacho::Shard> shards_;
  std::set<riacho::ShardId> drawn_;
  std::vector<TreeLine> lines_;
};

}  // namespace

std::vector<TreeLine> DrawShardTree(const std::vector<riacho::Shard>& shards) {
  return Drawing(shards).Draw();
}

std::string PartOfKeySpace(const riacho::HashKeyRange& range) {
  const absl::uint128 keys = range.ending_hash_key.value - range.starting_hash_key.value;
  const double all = static_cast<double>(absl::Uint128Max());
  return OneDecimal(100 * static_cast<double>(keys) / all) + " %";
}

}  // namespace replay
