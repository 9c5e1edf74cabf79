#include "riacho/base/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

namespace riacho {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// The golden values come from an independent implementation in integers of any size.
TEST(Random, NumbersOfASeedAreTheSameOnEveryPlatform) {
  Random zero(0);
  for (const std::uint64_t expected :
       {0x99ec5f36cb75f2b4u, 0xbf6e1f784956452au, 0x1a5f849d4933e6e0u, 0x6aa594f1262d2d2cu}) {
    EXPECT_EQ(zero.Next(), expected);
  }
  Random some(42);
  for (const std::uint64_t expected :
       {0x15780b2e0c2ec716u, 0x6104d9866d113a7eu, 0xae17533239e499a1u, 0xecb8ad4703b360a1u}) {
    EXPECT_EQ(some.Next(), expected);
  }
  Random most(kMost);
  for (const std::uint64_t expected :
       {0x8f5520d52a7ead08u, 0xc476a018caa1802du, 0x81de31c0d260469eu, 0xbf658d7e065f3c2fu}) {
    EXPECT_EQ(most.Next(), expected);
  }
}

TEST(Random, UniformValuesOfASeedAreTheSameOnEveryPlatform) {
  Random random(7);
  for (const std::uint64_t expected :
       {7u, 2u, 8u, 9u, 9u, 8u, 0u, 1u, 4u, 1u, 5u, 7u, 9u, 8u, 4u, 5u}) {
    EXPECT_EQ(random.Uniform(10), expected);
  }
  // Almost half of the draws are surplus for this bound, so this covers drawing again.
  Random wide(7);
  for (const std::uint64_t expected :
       {6461677535414237997u, 7744196453246319819u, 9049029322324588832u}) {
    EXPECT_EQ(wide.Uniform((std::uint64_t{1} << 63) + 1), expected);
  }
}

TEST(Random, DoublesOfASeedAreTheSameOnEveryPlatform) {
  Random random(7);
  for (const double expected : {0.7005764821796896, 0.2787512294737843, 0.8396274618764198}) {
    EXPECT_EQ(random.UniformDouble(), expected);
  }
}

TEST(Random, UniformCoversItsRangeEvenly) {
  constexpr std::uint64_t kValues = 7;
  constexpr int kExpected = 10'000;
  Random random(1);
  std::array<int, kValues> counts = {};
  for (std::uint64_t i = 0; i < kValues * kExpected; ++i) ++counts[random.Uniform(kValues)];
  for (const int count : counts) EXPECT_NEAR(count, kExpected, 500);
}

TEST(Random, UniformStaysBelowItsBound) {
  Random random(2);
  for (const std::uint64_t n :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1} << 32, kMost}) {
    for (int i = 0; i < 100; ++i) EXPECT_LT(random.Uniform(n), n);
  }
}

TEST(Random, UniformDoubleIsBelowOneAndHalfOnAverage) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.UniformDouble();
    EXPECT_GE(value, 0);
    EXPECT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(Random, ChanceComesTrueAsOftenAsItSays) {
  Random random(4);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(random.Chance(0));
    EXPECT_TRUE(random.Chance(1));
    hits += random.Chance(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 2'500, 200);
}

TEST(Random, ChanceUsesOneNumberWhateverTheProbability) {
  Random a(5);
  Random b(5);
  a.Chance(0);
  b.Chance(1);
  EXPECT_EQ(a, b);
  a.Next();
  EXPECT_NE(a, b);
}

TEST(Random, CopyGoesOnWithTheSameNumbers) {
  Random original(6);
  original.Next();
  Random copy = original;
  EXPECT_EQ(original.Next(), copy.Next());
}

TEST(RandomDeathTest, UniformOfNothingStopsTheProgram) {
  Random random(1);
  EXPECT_DEATH(random.Uniform(0), "check failed: n >= 1");
}

}  // namespace
}  // namespace riacho
