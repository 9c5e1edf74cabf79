// The shard log in every order of the steps of a few threads, and in many orders drawn at random.
//
// Each scenario is explored exhaustively up to a number of preemptions (and of stale reads, where
// the name says so), and at random beyond. What is checked stands in log_world.cc and execution.cc;
// that a mistake would be found is shown by seeded_fault_test.cc.
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "shard/interleaving/exploration.h"
#include "shard/interleaving/log_world.h"

namespace riacho::internal {
namespace {

constexpr std::uint64_t kRandomExecutions = 4000;

using Actor = std::function<void(LogWorld&)>;

MakeScenario World(
    std::uint32_t places, std::uint32_t frames, const std::vector<Actor>& actors,
    int most_segments = 1000, const Actor& before = [](LogWorld&) {}) {
  return [=] {
    auto world = std::make_shared<LogWorld>(places, frames, most_segments);
    before(*world);
    Scenario scenario;
    for (const Actor& actor : actors) scenario.threads.push_back([world, actor] { actor(*world); });
    scenario.finish = [world] { world->Finish(); };
    return scenario;
  };
}

Actor Writes(std::size_t writer, int count, std::int64_t millis = 0) {
  return [=](LogWorld& world) { world.Write(writer, count, millis); };
}
Actor WritesGroups(std::size_t writer, std::vector<int> sizes, std::int64_t millis = 0) {
  return [=](LogWorld& world) { world.WriteGroups(writer, sizes, millis); };
}
Actor Reads(int scans, bool glance = false) {
  return [=](LogWorld& world) { world.Read(scans, glance); };
}
Actor Seals() {
  return [](LogWorld& world) { world.Seal(); };
}
Actor Trims(std::int64_t horizon) {
  return [=](LogWorld& world) { world.Trim(horizon); };
}
Actor Pins() {
  return [](LogWorld& world) { world.Pin(); };
}
Actor ReadsAsleep(std::size_t count) {
  return [=](LogWorld& world) { world.ReadAsleep(count); };
}

void Explore(const MakeScenario& make, Bounds bounds) {
  const Exploration all = ExploreExhaustively(make, bounds);
  EXPECT_EQ(all.violation, "") << all.trace;
  EXPECT_TRUE(all.complete);
  const Exploration some = ExploreAtRandom(make, 1, kRandomExecutions);
  EXPECT_EQ(some.violation, "") << some.trace;
  std::cout << "[ EXPLORED ] " << all.executions << " orders with up to " << bounds.preemptions
            << " preemptions and " << bounds.stale_reads << " stale reads, " << some.executions
            << " at random; " << all.steps + some.steps << " steps\n";
}

TEST(ShardLogInterleaving, TwoWriters) {
  Explore(World(2, 2, {Writes(0, 1), Writes(1, 1)}), {.preemptions = 3});
}

TEST(ShardLogInterleaving, TwoWritersOverTheEndOfASegment) {
  Explore(World(2, 2, {Writes(0, 2), Writes(1, 1)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, TwoWritersWhenBytesRunOutFirst) {
  Explore(World(3, 1, {Writes(0, 2), Writes(1, 1)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, ThreeWriters) {
  Explore(World(2, 2, {Writes(0, 1), Writes(1, 1), Writes(2, 1)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, ReaderOfOneWriter) {
  Explore(World(2, 2, {Writes(0, 2), Reads(2)}), {.preemptions = 3});
}

TEST(ShardLogInterleaving, ReaderOfOneWriterWithStaleMemory) {
  Explore(World(2, 2, {Writes(0, 2), Reads(2)}), {.preemptions = 2, .stale_reads = 1});
}

TEST(ShardLogInterleaving, ReaderOfTwoWriters) {
  Explore(World(3, 3, {Writes(0, 1), Writes(1, 2), Reads(2)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, GlancingReaderOfTwoWriters) {
  Explore(World(3, 3, {Writes(0, 1), Writes(1, 2), Reads(2, true)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, TwoReadersOfTwoWriters) {
  Explore(World(2, 2, {Writes(0, 1), Writes(1, 1), Reads(1), Reads(1)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealAmongTwoWriters) {
  Explore(World(2, 2, {Writes(0, 1), Writes(1, 1), Seals()}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealOfAWriterWithStaleMemory) {
  Explore(World(2, 2, {Writes(0, 2), Seals()}), {.preemptions = 2, .stale_reads = 1});
}

TEST(ShardLogInterleaving, SealOfAFullSegment) {
  Explore(World(2, 2, {Writes(0, 2), Seals(), Reads(2)}, 1000,
                [](LogWorld& world) { world.Write(1, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, TwoSealsAndAWriter) {
  Explore(World(2, 2, {Writes(0, 2), Seals(), Seals()}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealWriterAndReader) {
  Explore(World(2, 2, {Writes(0, 2), Seals(), Reads(3)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealWriterAndGlancingReader) {
  Explore(World(2, 2, {Writes(0, 2), Seals(), Reads(3, true)}), {.preemptions = 2});
}

// Two records that may go stand in the first segment, with room for one more that may not.
TEST(ShardLogInterleaving, TrimAmongTwoWriters) {
  Explore(World(3, 3, {Writes(0, 2, 10), Writes(1, 1, 10), Trims(10)}, 1000,
                [](LogWorld& world) { world.Write(2, 2, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, TrimWriterAndReader) {
  Explore(World(2, 2, {Writes(0, 2, 10), Trims(10), Reads(2)}, 1000,
                [](LogWorld& world) { world.Write(2, 3, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, TwoTrims) {
  Explore(World(2, 2, {Writes(0, 1, 10), Trims(10), Trims(5)}, 1000,
                [](LogWorld& world) { world.Write(2, 5, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, PinOverATrim) {
  Explore(World(2, 2, {Writes(0, 1, 10), Trims(10), Pins()}, 1000,
                [](LogWorld& world) { world.Write(2, 4, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, MemoryRefusedAndTrimmed) {
  Explore(World(2, 2, {Writes(0, 2, 10), Writes(1, 2, 10), Trims(10)}, 2,
                [](LogWorld& world) { world.Write(2, 3, 1); }),
          {.preemptions = 2});
}

// Memory is refused before the seal, and there again when late writers meet the end of the sealed
// log.
TEST(ShardLogInterleaving, SealAfterMemoryWasRefused) {
  Explore(World(2, 2, {Writes(0, 1, 10), Writes(1, 1, 10), Seals(), Trims(10)}, 2,
                [](LogWorld& world) { world.Write(2, 5, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, GroupAmongAWriter) {
  Explore(World(4, 4, {WritesGroups(0, {2}), Writes(1, 1)}), {.preemptions = 3});
}

TEST(ShardLogInterleaving, TwoGroupsOverTheEndOfASegment) {
  Explore(World(3, 3, {WritesGroups(0, {2}), WritesGroups(1, {2})}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, TwoGroupsWhenBytesRunOutFirst) {
  Explore(World(4, 3, {WritesGroups(0, {2}), WritesGroups(1, {2})}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, GroupLargerThanASegment) {
  Explore(World(2, 2, {WritesGroups(0, {3}), Writes(1, 1)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, ReaderOfAGroup) {
  Explore(World(2, 2, {WritesGroups(0, {3}), Reads(2)}), {.preemptions = 3});
}

TEST(ShardLogInterleaving, ReaderOfAGroupWithStaleMemory) {
  Explore(World(3, 3, {WritesGroups(0, {2}), Reads(2)}), {.preemptions = 2, .stale_reads = 1});
}

TEST(ShardLogInterleaving, ReaderOfAGroupAndAWriter) {
  Explore(World(4, 4, {WritesGroups(0, {2}), Writes(1, 1), Reads(2)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, GlancingReaderOfAGroupAndAWriter) {
  Explore(World(4, 4, {WritesGroups(0, {2}), Writes(1, 1), Reads(2, true)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealOfAGroup) {
  Explore(World(2, 2, {WritesGroups(0, {3}), Seals(), Reads(2)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SealAmongAGroupAndAWriter) {
  Explore(World(3, 3, {WritesGroups(0, {2}), Writes(1, 1), Seals()}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, TrimAmongAGroupAndAWriter) {
  Explore(World(3, 3, {WritesGroups(0, {2}, 10), Writes(1, 1, 10), Trims(10)}, 1000,
                [](LogWorld& world) { world.Write(2, 2, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, GroupThatMemoryIsRefusedFor) {
  Explore(World(2, 2, {WritesGroups(0, {3}, 10), Writes(1, 1, 10), Trims(10)}, 2,
                [](LogWorld& world) { world.Write(2, 3, 1); }),
          {.preemptions = 2});
}

TEST(ShardLogInterleaving, SleepingReaderIsWokenByAGroup) {
  Explore(World(2, 2, {WritesGroups(0, {3}), ReadsAsleep(3)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SleepingReaderIsWoken) {
  Explore(World(2, 2, {Writes(0, 2), ReadsAsleep(2)}), {.preemptions = 3});
}

TEST(ShardLogInterleaving, SleepingReaderIsWokenWithStaleMemory) {
  Explore(World(2, 2, {Writes(0, 1), ReadsAsleep(1)}), {.preemptions = 2, .stale_reads = 2});
}

TEST(ShardLogInterleaving, SleepingReaderOfTwoWritersIsWoken) {
  Explore(World(2, 2, {Writes(0, 1), Writes(1, 1), ReadsAsleep(2)}), {.preemptions = 2});
}

TEST(ShardLogInterleaving, SleepingReaderIsWokenByTheSeal) {
  Explore(World(2, 2, {Writes(0, 1), ReadsAsleep(2), Seals()}), {.preemptions = 2});
}

// Everybody at once, at random only.
TEST(ShardLogInterleaving, AllTogether) {
  const MakeScenario make = World(3, 2,
                                  {Writes(0, 3, 10), WritesGroups(1, {2, 3}, 10), Reads(3),
                                   Reads(3, true), Seals(), Trims(10), Pins()},
                                  1000, [](LogWorld& world) { world.Write(2, 4, 1); });
  const Exploration some = ExploreAtRandom(make, 1, 5 * kRandomExecutions);
  EXPECT_EQ(some.violation, "") << some.trace;
  std::cout << "[ EXPLORED ] " << some.executions << " orders at random; " << some.steps
            << " steps\n";
}

}  // namespace
}  // namespace riacho::internal
