// Threads, because the promise is about them: a stream grows and shrinks by itself under producers
// that know nothing of it, and each of their records is there once, in order.
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

constexpr int kProducers = 3;
constexpr int kKeys = 16;
constexpr int kPutsEach = 4000;

using ByKey = std::map<std::string, std::vector<std::string>>;

// Windows of a second, and children at the end of the next one: shards of ten records a second are
// full in each, and each producer moves the clock on.
EngineOptions QuickScaling() {
  EngineOptions options;
  options.limits = Limits::Unlimited();
  options.limits.shard_write_records_per_second = 10;
  options.limits.on_demand_split_records_per_second = 5;
  options.limits.shards_per_on_demand_stream = 64;
  options.limits.on_demand_window = absl::Seconds(1);
  options.limits.on_demand_reaction = absl::Seconds(3);
  options.limits.on_demand_peak_memory = absl::Seconds(30);
  options.lifecycle.hand_over = absl::Milliseconds(300);
  return options;
}

void Produce(RecordWorld& world, int producer, ByKey& put) {
  for (int i = 0; i < kPutsEach; ++i) {
    const std::string key = std::to_string(producer) + "-" + std::to_string(i % kKeys);
    const std::string data = std::to_string(i);
    const auto answer = world.TryPut("clicks", key, data);
    if (answer.ok()) {
      put[key].push_back(data);
    } else {
      EXPECT_THAT(answer, FailsAs(ErrorCode::kProvisionedThroughputExceeded));
    }
    if (i % 10 == 0) world.Advance(absl::Milliseconds(20));
  }
}

TEST(OnDemandStream, ScalesUnderConcurrentProducersAndLosesNothing) {
  RecordWorld world(QuickScaling());
  world.CreateOnDemand("clicks");
  std::vector<ByKey> put(kProducers);
  {
    std::vector<std::jthread> producers;
    for (int i = 0; i < kProducers; ++i) {
      producers.emplace_back(
          [&world, i, &put] { Produce(world, i, put[static_cast<std::size_t>(i)]); });
    }
  }
  EXPECT_GT(world.OpenShards("clicks").size(), 4U);
  world.Advance(absl::Minutes(2));
  EXPECT_EQ(world.OpenShards("clicks").size(), 4U);

  ByKey expected;
  for (const ByKey& one : put) expected.insert(one.begin(), one.end());
  ByKey read;
  for (const Shard& shard : world.Shards("clicks")) {
    std::optional<std::string> iterator = world.Iterator("clicks", shard.shard_id.number);
    for (bool more = true; more && iterator.has_value();) {
      const GetRecordsResponse page = world.Read(*iterator);
      for (const Record& record : page.records)
        read[std::string(record.partition_key)].emplace_back(record.data);
      more = !page.records.empty();
      iterator = page.next_shard_iterator;
    }
  }
  EXPECT_EQ(read, expected);
}

}  // namespace
}  // namespace riacho
