// Snapshots while others put and reshard, on threads of their own: what had been put is in them, in
// order and once. Run under the thread sanitizer.
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "engine/snapshot_fixture.h"

namespace riacho {
namespace {

constexpr int kProducers = 3;
constexpr int kSnapshots = 15;

// Each producer's numbers, in the order in which the loaded engine's shards have them: parents
// before children.
std::map<std::string, std::vector<int>> NumbersIn(const std::string& snapshot,
                                                  const EngineOptions& options, absl::Time now) {
  RecordWorld world(options);
  world.clock.SetTime(now);
  EXPECT_THAT(Load(snapshot, world.engine), Succeeds());
  std::map<std::string, std::vector<int>> numbers;
  for (const Shard& shard : world.Shards("orders")) {
    std::optional<std::string> iterator = world.Iterator("orders", shard.shard_id.number);
    for (bool more = true; more && iterator.has_value();) {
      const GetRecordsResponse page = world.Read(*iterator);
      for (const Record& record : page.records)
        numbers[std::string(record.partition_key)].push_back(std::stoi(std::string(record.data)));
      more = !page.records.empty();
      iterator = page.next_shard_iterator;
    }
  }
  return numbers;
}

TEST(ConcurrentSnapshot, HasAllThatWasPutBeforeInOrder) {
  const EngineOptions options = WithoutThroughputLimits();
  RecordWorld world(options);
  world.Create("orders", 1);
  std::atomic<bool> go_on = true;
  std::vector<std::atomic<int>> acknowledged(kProducers);  // last number, from 1 on
  std::vector<std::jthread> producers;
  for (std::size_t producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      const std::string key = std::to_string(producer);
      for (int i = 1; go_on.load(std::memory_order_relaxed) && i < 200'000; ++i) {
        world.Put("orders", key, std::to_string(i));
        acknowledged[producer].store(i);
      }
    });
  }
  std::vector<std::vector<int>> least(kSnapshots);
  std::vector<std::string> snapshots;
  for (std::size_t i = 0; i < kSnapshots; ++i) {
    for (const std::atomic<int>& last : acknowledged) least[i].push_back(last.load());
    snapshots.push_back(SnapshotOf(world.engine));
    if (i % 3 == 2) {
      const std::vector<Shard> open = world.OpenShards("orders");
      EXPECT_THAT(world.Halve("orders", open[i % open.size()]), Succeeds());
    }
  }
  go_on = false;
  producers.clear();

  for (std::size_t i = 0; i < kSnapshots; ++i) {
    auto numbers = NumbersIn(snapshots[i], options, world.clock.TimeNow());
    for (std::size_t producer = 0; producer < kProducers; ++producer) {
      const std::vector<int>& seen = numbers[std::to_string(producer)];
      EXPECT_GE(static_cast<int>(seen.size()), least[i][producer]) << i;
      for (std::size_t n = 0; n < seen.size(); ++n) ASSERT_EQ(seen[n], static_cast<int>(n) + 1);
    }
  }
}

}  // namespace
}  // namespace riacho
