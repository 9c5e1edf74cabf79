// Whatever an engine has been through: a snapshot says all of it, and an engine that loads it goes
// on as the saved one would have.
#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/random_calls.h"
#include "engine/snapshot_fixture.h"

namespace riacho {
namespace {

constexpr std::uint64_t kSeeds = 100;
constexpr int kCalls = 400;

struct Caller {
  explicit Caller(std::uint64_t seed, std::uint64_t calls_seed)
      : world(OptionsForRandomCalls(seed)), calls(calls_seed) {}

  std::string Next() { return calls.Next(world.engine, *world.kinesis, world.clock); }

  World world;
  RandomCalls calls;
};

TEST(Snapshot, IsTheSameForTheSameSeedAndCalls) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Caller first(seed, seed);
    Caller second(seed, seed);
    for (int i = 0; i < kCalls; ++i) ASSERT_EQ(first.Next(), second.Next());
    EXPECT_TRUE(SnapshotOf(first.world.engine) == SnapshotOf(second.world.engine)) << seed;
  }
}

TEST(Snapshot, DoesNotChangeTheEngine) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Caller saved(seed, seed);
    Caller left_alone(seed, seed);
    for (int i = 0; i < kCalls; ++i) {
      if (i % 50 == 0) SnapshotOf(saved.world.engine);
      ASSERT_EQ(saved.Next(), left_alone.Next());
    }
    EXPECT_TRUE(SnapshotOf(saved.world.engine) == SnapshotOf(left_alone.world.engine)) << seed;
  }
}

// The loading engine has another seed, and its callers hold what the saved one gave out. At the end
// both are saved: not only their answers are alike.
TEST(Snapshot, ALoadedEngineGoesOnAsTheSavedOneDoes) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Caller saved(seed, seed);
    const int calls_before = static_cast<int>(seed * 37) % kCalls;
    for (int i = 0; i < calls_before; ++i) saved.Next();

    EngineOptions options = OptionsForRandomCalls(seed);
    options.seed = seed + 1'000'000;
    World world(options);
    world.clock.SetTime(saved.world.clock.TimeNow());
    const std::string snapshot = SnapshotOf(saved.world.engine);
    ASSERT_THAT(Load(snapshot, world.engine), Succeeds()) << seed;
    ASSERT_TRUE(SnapshotOf(world.engine) == snapshot) << seed;

    RandomCalls calls = saved.calls;
    for (int i = 0; i < kCalls; ++i) {
      const std::string answer = saved.Next();
      ASSERT_EQ(calls.Next(world.engine, *world.kinesis, world.clock), answer)
          << "seed " << seed << ", call " << i << " after the snapshot";
    }
    EXPECT_TRUE(SnapshotOf(world.engine) == SnapshotOf(saved.world.engine)) << seed;
  }
}

}  // namespace
}  // namespace riacho
