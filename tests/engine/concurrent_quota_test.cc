// Quotas of the account when several of its streams change at once.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

TEST(ShardsPerAccount, AreNotExceededByStreamsThatAreSplitAtOnce) {
  constexpr int kStreams = 4;
  for (int round = 0; round < 300; ++round) {
    EngineOptions options;
    options.limits.shards_per_account = kStreams + 1;  // room for one split
    World world(options);
    for (int i = 0; i < kStreams; ++i) world.Create("s" + std::to_string(i));
    std::atomic<int> ready = 0;
    std::atomic<int> split = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kStreams; ++i) {
      threads.emplace_back([&world, &ready, &split, i] {
        ready.fetch_add(1);
        while (ready.load() != kStreams) std::this_thread::yield();
        const std::string stream = "s" + std::to_string(i);
        const absl::Status done =
            i % 2 == 0 ? world.Split(stream, "0", "1000") : world.Scale(stream, 2).status();
        if (done.ok()) split.fetch_add(1);
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(split.load(), 1) << "round " << round;
  }
}

}  // namespace
}  // namespace riacho
