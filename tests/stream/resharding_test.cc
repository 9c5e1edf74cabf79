#include "stream/resharding.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Starts(std::int64_t count) {
  std::vector<std::string> starts;
  for (const HashKeyRange& range : UniformPartition(count))
    starts.push_back(range.starting_hash_key.ToString());
  return starts;
}

// True when the ranges, in this order, cover the key space exactly once.
bool IsPartition(const std::vector<HashKeyRange>& ranges) {
  HashKey expected;
  for (const HashKeyRange& range : ranges) {
    if (range.starting_hash_key != expected || range.ending_hash_key < range.starting_hash_key)
      return false;
    expected = HashKey{range.ending_hash_key.value + 1};
  }
  return !ranges.empty() && ranges.back().ending_hash_key == HashKey::Max();
}

// Carries out a round on `open`, and checks that each action is one: a split whose children make up
// the parent, or a merge of two neighbours into what they were.
void Carry(std::vector<HashKeyRange>& open, const ReshardRound& round) {
  std::vector<HashKeyRange> after;
  std::size_t next = 0;
  for (const ReshardAction& action : round) {
    ASSERT_GE(action.first_parent, next);
    ASSERT_EQ(action.parent_count + action.children.size(), 3U);
    ASSERT_LE(action.first_parent + action.parent_count, open.size());
    while (next < action.first_parent) after.push_back(open[next++]);
    EXPECT_EQ(action.children.front().starting_hash_key, open[next].starting_hash_key);
    next += action.parent_count;
    EXPECT_EQ(action.children.back().ending_hash_key, open[next - 1].ending_hash_key);
    after.insert(after.end(), action.children.begin(), action.children.end());
  }
  while (next < open.size()) after.push_back(open[next++]);
  open = std::move(after);
  ASSERT_TRUE(IsPartition(open));
}

std::vector<HashKeyRange> RandomPartition(Random& random, std::size_t count) {
  std::set<absl::uint128> starts = {0};
  const bool narrow = random.Chance(0.3);
  while (starts.size() < count) {
    starts.insert(narrow ? absl::uint128(random.Uniform(4 * count))
                         : absl::MakeUint128(random.Next(), random.Next()));
  }
  std::vector<HashKeyRange> ranges;
  for (auto at = starts.begin(); at != starts.end(); ++at) {
    const auto after = std::next(at);
    ranges.push_back({HashKey{*at}, after == starts.end() ? HashKey::Max() : HashKey{*after - 1}});
  }
  return ranges;
}

TEST(UniformPartition, BeginsWhereTheServicesDo) {
  EXPECT_THAT(Starts(1), ElementsAre("0"));
  EXPECT_THAT(Starts(2), ElementsAre("0", "170141183460469231731687303715884105728"));
  EXPECT_THAT(Starts(3), ElementsAre("0", "113427455640312821154458202477256070485",
                                     "226854911280625642308916404954512140970"));
  EXPECT_THAT(Starts(4), ElementsAre("0", "85070591730234615865843651857942052864",
                                     "170141183460469231731687303715884105728",
                                     "255211775190703847597530955573826158592"));
  EXPECT_THAT(Starts(5), ElementsAre("0", "68056473384187692692674921486353642291",
                                     "136112946768375385385349842972707284582",
                                     "204169420152563078078024764459060926873",
                                     "272225893536750770770699685945414569164"));
  EXPECT_THAT(Starts(6), ElementsAre("0", "56713727820156410577229101238628035242",
                                     "113427455640312821154458202477256070485",
                                     "170141183460469231731687303715884105728",
                                     "226854911280625642308916404954512140970",
                                     "283568639100782052886145506193140176213"));
  const std::vector<std::string> twenty = Starts(20);
  EXPECT_EQ(twenty[1], "17014118346046923173168730371588410572");
  EXPECT_EQ(twenty[2], "34028236692093846346337460743176821145");
  EXPECT_EQ(twenty[3], "51042355038140769519506191114765231718");
  EXPECT_EQ(UniformPartition(20)[2].ending_hash_key.ToString(),
            "51042355038140769519506191114765231717");
}

// floor(i * 2^128 / n), in the terms of the remainder: n * start = i * 2^128 - r with 0 <= r < n,
// so modulo 2^128 the product is -r.
TEST(UniformPartition, BoundariesAreRoundedDownExactly) {
  for (const std::int64_t count : {1, 2, 3, 7, 10, 16, 17, 100, 999, 4096, 10000, 20000}) {
    const std::vector<HashKeyRange> ranges = UniformPartition(count);
    ASSERT_EQ(ranges.size(), static_cast<std::size_t>(count));
    ASSERT_TRUE(IsPartition(ranges)) << count;
    const auto n = static_cast<absl::uint128>(count);
    for (const HashKeyRange& range : ranges)
      ASSERT_LT(absl::uint128(0) - range.starting_hash_key.value * n, n) << count << range;
  }
}

TEST(PlanUniformScaling, NothingToDo) {
  for (const std::int64_t count : {1, 2, 3, 20})
    EXPECT_THAT(PlanUniformScaling(UniformPartition(count), count), IsEmpty());
}

TEST(PlanUniformScaling, TwoToThreeIsARoundOfSplitsAndAMerge) {
  const std::vector<ReshardRound> rounds = PlanUniformScaling(UniformPartition(2), 3);
  ASSERT_EQ(rounds.size(), 2U);
  ASSERT_EQ(rounds[0].size(), 2U);
  EXPECT_EQ(rounds[0][0].parent_count, 1U);
  EXPECT_EQ(rounds[0][1].parent_count, 1U);
  ASSERT_EQ(rounds[1].size(), 1U);
  EXPECT_EQ(rounds[1][0].first_parent, 1U);
  EXPECT_EQ(rounds[1][0].parent_count, 2U);
}

TEST(PlanUniformScaling, DoublingSplitsEachOnceAndHalvingMergesEachOnce) {
  for (const std::int64_t count : {1, 2, 3, 5, 64, 5000}) {
    const std::vector<ReshardRound> up = PlanUniformScaling(UniformPartition(count), 2 * count);
    ASSERT_EQ(up.size(), 1U);
    EXPECT_EQ(up[0].size(), static_cast<std::size_t>(count));
    const std::vector<ReshardRound> down = PlanUniformScaling(UniformPartition(2 * count), count);
    ASSERT_EQ(down.size(), 1U);
    EXPECT_EQ(down[0].size(), static_cast<std::size_t>(count));
  }
}

TEST(PlanUniformScaling, EndsInTheUniformPartitionOverPartitionsOnly) {
  for (std::int64_t from = 1; from <= 24; ++from) {
    for (std::int64_t to = 1; to <= 24; ++to) {
      std::vector<HashKeyRange> open = UniformPartition(from);
      for (const ReshardRound& round : PlanUniformScaling(open, to)) Carry(open, round);
      EXPECT_EQ(open, UniformPartition(to)) << from << " to " << to;
    }
  }
}

TEST(PlanUniformScaling, EndsInTheUniformPartitionFromAnyRanges) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<HashKeyRange> open = RandomPartition(random, 1 + random.Uniform(40));
    const auto target = static_cast<std::int64_t>(1 + random.Uniform(80));
    const std::size_t before = open.size();
    const std::vector<ReshardRound> rounds = PlanUniformScaling(open, target);
    for (const ReshardRound& round : rounds) {
      ASSERT_THAT(round, testing::Not(IsEmpty()));
      ASSERT_NO_FATAL_FAILURE(Carry(open, round));
      EXPECT_LE(open.size(), before + static_cast<std::size_t>(target) - 1);
    }
    EXPECT_EQ(open, UniformPartition(target));
    EXPECT_LE(rounds.size(), 14U);  // logarithmic: 7 halvings either way
  }
}

}  // namespace
}  // namespace riacho::internal
