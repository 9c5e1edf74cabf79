#include "riacho/model/hash_key.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

constexpr std::string_view kTwoTo128 = "340282366920938463463374607431768211456";
constexpr std::string_view kTwoTo128Minus1 = "340282366920938463463374607431768211455";

// Which of `count` equal ranges has the key.
std::size_t RangeOf(HashKey key, std::uint64_t count) {
  // start(i) = floor(i * 2^128 / count), with 2^128 = count * quotient + remainder.
  const absl::uint128 quotient = absl::Uint128Max() / count;
  const absl::uint128 remainder = absl::Uint128Max() % count + 1;
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const HashKey start = {quotient * i + remainder * i / count};
    if (start <= key) found = i;
  }
  return found;
}

struct Row {
  std::string_view partition_key;
  absl::uint128 md5;
  std::array<std::size_t, 6> range;  // of 2, 3, 4, 5, 7 and 10 equal ranges
};

constexpr std::array<std::uint64_t, 6> kRangeCounts = {2, 3, 4, 5, 7, 10};

constexpr std::array<Row, 6> kRows = {{
    {"a", absl::MakeUint128(0x0cc175b9c0f1b6a8, 0x31c399e269772661), {0, 0, 0, 0, 0, 0}},
    {"stable", absl::MakeUint128(0xf40faf6384fc85a3, 0x3d3b05a9d41c012b), {1, 2, 3, 4, 6, 9}},
    {"partitionKey-1",
     absl::MakeUint128(0x77fe6d8289696ba8, 0x510480fbe3887256),
     {0, 1, 1, 2, 3, 4}},
    {"user-42", absl::MakeUint128(0x7631bc07a1cc8fcd, 0x56e70fc6b2fb4a43), {0, 1, 1, 2, 3, 4}},
    {"0", absl::MakeUint128(0xcfcd208495d565ef, 0x66e7dff9f98764da), {1, 2, 3, 4, 5, 8}},
    {"日本", absl::MakeUint128(0x4dbed2e657457884, 0xe67137d3514119b3), {0, 0, 1, 1, 2, 3}},
}};

HashKey RandomKey(std::mt19937_64& random) {
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  return {absl::MakeUint128(high, low) >> static_cast<int>(random() % 128)};
}

TEST(HashKeyOf, IsTheMd5OfThePartitionKeyAsABigEndianInteger) {
  for (const Row& row : kRows)
    EXPECT_EQ(HashKeyOf(row.partition_key).value, row.md5) << row.partition_key;
}

TEST(HashKeyOf, FallsIntoTheShardThatTheServiceChose) {
  for (const Row& row : kRows) {
    for (std::size_t i = 0; i < kRangeCounts.size(); ++i) {
      EXPECT_EQ(RangeOf(HashKeyOf(row.partition_key), kRangeCounts[i]), row.range[i])
          << row.partition_key << " among " << kRangeCounts[i];
    }
  }
}

TEST(HashKey, ParsesTheSmallestAndTheLargest) {
  EXPECT_EQ(HashKey::Parse("0"), HashKey{});
  EXPECT_EQ(HashKey::Parse(kTwoTo128Minus1), HashKey::Max());
}

TEST(HashKey, PrintsTheBoundariesOfEqualShards) {
  EXPECT_EQ(HashKey{}.ToString(), "0");
  EXPECT_EQ(HashKey::Max().ToString(), kTwoTo128Minus1);
  EXPECT_EQ((HashKey{absl::uint128(1) << 127}.ToString()),
            "170141183460469231731687303715884105728");
  EXPECT_EQ((HashKey{absl::Uint128Max() / 3}.ToString()),
            "113427455640312821154458202477256070485");
}

TEST(HashKey, ParseUndoesToString) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const HashKey key = RandomKey(random);
    ASSERT_EQ(HashKey::Parse(key.ToString()), key) << key;
  }
}

TEST(HashKey, PrintsAsAbseilPrints) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    const HashKey key = RandomKey(random);
    std::ostringstream expected;
    expected << key.value;
    std::ostringstream printed;
    printed << key;
    ASSERT_EQ(printed.str(), expected.str());
    ASSERT_EQ(key.ToString(), expected.str());
  }
}

TEST(HashKey, RefusesTextThatIsNoDecimalNumber) {
  for (const std::string_view text :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1 2", "1.0", "1e3", "0x1", "a", "1\n"}) {
    EXPECT_EQ(HashKey::Parse(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(HashKey::Parse(std::string_view("1\0", 2)), std::nullopt);
}

TEST(HashKey, RefusesNumbersOfMoreThan128Bits) {
  EXPECT_EQ(HashKey::Parse(kTwoTo128), std::nullopt);
  EXPECT_EQ(HashKey::Parse("340282366920938463463374607431768211460"), std::nullopt);
  EXPECT_EQ(HashKey::Parse("999999999999999999999999999999999999999"), std::nullopt);
  EXPECT_EQ(HashKey::Parse("1" + std::string(39, '0')), std::nullopt);
  EXPECT_EQ(HashKey::Parse("6277101735386680763835789423207666416102355444464034512896"),
            std::nullopt);
  EXPECT_EQ(HashKey::Parse(std::string(129, '1')), std::nullopt);
}

TEST(HashKey, OrdersAsTheIntegersDo) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    const HashKey a = RandomKey(random);
    const HashKey b = RandomKey(random);
    ASSERT_EQ(a < b, a.value < b.value);
    ASSERT_EQ(a == b, a.value == b.value);
    ASSERT_EQ(a <= b, !(b < a));
  }
}

TEST(HashKeysOf, AreThoseOfEachKeyWhateverTheirNumberAndLength) {
  for (const std::size_t count : std::vector<std::size_t>{0, 1, 2, 15, 16, 17, 63, 64, 65, 500}) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.emplace_back(i * 37 % 300, 'k');
    const std::vector<std::string_view> keys(texts.begin(), texts.end());
    std::vector<HashKey> hash_keys(count);
    HashKeysOf(keys, hash_keys);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(hash_keys[i], HashKeyOf(keys[i])) << i;
  }
}

TEST(HashKeyRange, ContainsBothItsEnds) {
  const HashKeyRange range = {.starting_hash_key = {10}, .ending_hash_key = {20}};
  EXPECT_FALSE(range.Contains({9}));
  EXPECT_TRUE(range.Contains({10}));
  EXPECT_TRUE(range.Contains({15}));
  EXPECT_TRUE(range.Contains({20}));
  EXPECT_FALSE(range.Contains({21}));
}

TEST(HashKeyRange, MayBeTheWholeKeySpace) {
  const HashKeyRange all = {.starting_hash_key = {}, .ending_hash_key = HashKey::Max()};
  EXPECT_TRUE(all.Contains({0}));
  EXPECT_TRUE(all.Contains(HashKey::Max()));
}

TEST(HashKeyRange, PrintsBothItsEnds) {
  std::ostringstream out;
  out << HashKeyRange{.starting_hash_key = {10}, .ending_hash_key = {20}};
  EXPECT_EQ(out.str(), "[10, 20]");
}

}  // namespace
}  // namespace riacho
