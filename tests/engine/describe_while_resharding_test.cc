// Threads, because the promise is about them: who lists shards while another reshards sees the
// stream before or after, never a parent that has ended without its children.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

bool CoverTheKeySpaceOnce(std::vector<Shard> shards) {
  std::erase_if(shards, [](const Shard& shard) { return !IsOpen(shard); });
  std::ranges::sort(shards, {},
                    [](const Shard& shard) { return shard.hash_key_range.starting_hash_key; });
  HashKey expected;
  for (const Shard& shard : shards) {
    if (shard.hash_key_range.starting_hash_key != expected) return false;
    expected = HashKey{shard.hash_key_range.ending_hash_key.value + 1};
  }
  return !shards.empty() && shards.back().hash_key_range.ending_hash_key == HashKey::Max();
}

TEST(DescribeStream, NeverSeesHalfAReshard) {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  World world(options);
  world.Create("orders", 8);
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&world, &done, &torn] {
      while (!done.load()) {
        if (!CoverTheKeySpaceOnce(world.Describe("orders").shards)) ++torn;
        if (!CoverTheKeySpaceOnce(
                world.kinesis->ListShards({.stream_name = "orders"}).value().shards))
          ++torn;
      }
    });
  }
  // All shards end at once, and are trimmed before they are more than a page.
  for (int i = 0; i < 200; ++i) {
    ASSERT_THAT(world.Scale("orders", i % 2 == 0 ? 16 : 8), Succeeds());
    if (i % 2 == 1) world.Advance(absl::Hours(25));
  }
  done.store(true);
  readers.clear();
  EXPECT_EQ(torn.load(), 0);
}

}  // namespace
}  // namespace riacho
