#include "stream/resharding.h"

#include <algorithm>
#include <utility>

#include "absl/numeric/int128.h"

#include "base/check.h"

namespace riacho::internal {
namespace {

// floor(i * 2^128 / count) for 0 <= i < count, by long division of the 192-bit product's words.
absl::uint128 Boundary(std::uint64_t i, std::uint64_t count) {
  const absl::uint128 high = absl::uint128(i) << 64;  // i < count, so the quotient fits 64 bits
  const absl::uint128 low = (high % count) << 64;
  return (high / count) << 64 | low / count;
}

// Which of the ascending `starts` holds `key`.
std::size_t RangeOf(const std::vector<absl::uint128>& starts, HashKey key) {
  return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), key.value) -
                                  starts.begin()) -
         1;
}

ReshardRound SplitRound(const std::vector<HashKeyRange>& open,
                        const std::vector<absl::uint128>& starts) {
  ReshardRound round;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::size_t first = RangeOf(starts, open[i].starting_hash_key);
    const std::size_t last = RangeOf(starts, open[i].ending_hash_key);
    if (first == last) continue;
    const absl::uint128 cut = starts[first + (last - first + 1) / 2];
    round.push_back({.first_parent = i,
                     .parent_count = 1,
                     .children = {{open[i].starting_hash_key, HashKey{cut - 1}},
                                  {HashKey{cut}, open[i].ending_hash_key}}});
  }
  return round;
}

ReshardRound MergeRound(const std::vector<HashKeyRange>& open,
                        const std::vector<absl::uint128>& starts) {
  ReshardRound round;
  for (std::size_t i = 0; i + 1 < open.size(); ++i) {
    if (RangeOf(starts, open[i].starting_hash_key) !=
        RangeOf(starts, open[i + 1].starting_hash_key))
      continue;
    round.push_back({.first_parent = i,
                     .parent_count = 2,
                     .children = {{open[i].starting_hash_key, open[i + 1].ending_hash_key}}});
    ++i;
  }
  return round;
}

}  // namespace

std::vector<HashKeyRange> UniformPartition(std::int64_t count) {
  RIACHO_CHECK(count >= 1, count);
  const auto n = static_cast<std::uint64_t>(count);
  std::vector<HashKeyRange> ranges;
  ranges.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < n; ++i) {
    ranges.push_back(
        {HashKey{Boundary(i, n)}, i + 1 == n ? HashKey::Max() : HashKey{Boundary(i + 1, n) - 1}});
  }
  return ranges;
}

std::vector<HashKeyRange> AfterRound(const std::vector<HashKeyRange>& open,
                                     const ReshardRound& round) {
  std::vector<HashKeyRange> after;
  std::size_t next = 0;
  for (const ReshardAction& action : round) {
    after.insert(after.end(), open.begin() + static_cast<std::ptrdiff_t>(next),
                 open.begin() + static_cast<std::ptrdiff_t>(action.first_parent));
    after.insert(after.end(), action.children.begin(), action.children.end());
    next = action.first_parent + action.parent_count;
  }
  after.insert(after.end(), open.begin() + static_cast<std::ptrdiff_t>(next), open.end());
  return after;
}

std::vector<ReshardRound> PlanUniformScaling(std::vector<HashKeyRange> open, std::int64_t target) {
  std::vector<absl::uint128> starts;
  for (const HashKeyRange& range : UniformPartition(target))
    starts.push_back(range.starting_hash_key.value);
  std::vector<ReshardRound> rounds;
  for (ReshardRound round = SplitRound(open, starts); !round.empty();
       round = SplitRound(open, starts)) {
    open = AfterRound(open, round);
    rounds.push_back(std::move(round));
  }
  for (ReshardRound round = MergeRound(open, starts); !round.empty();
       round = MergeRound(open, starts)) {
    open = AfterRound(open, round);
    rounds.push_back(std::move(round));
  }
  return rounds;
}

std::int64_t MostOpenShards(std::int64_t open, const std::vector<ReshardRound>& rounds) {
  std::int64_t most = open;
  for (const ReshardRound& round : rounds) {
    for (const ReshardAction& action : round) {
      open += static_cast<std::int64_t>(action.children.size()) -
              static_cast<std::int64_t>(action.parent_count);
    }
    most = std::max(most, open);
  }
  return most;
}

}  // namespace riacho::internal
