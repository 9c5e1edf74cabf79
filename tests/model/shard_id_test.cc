#include "riacho/model/shard_id.h"

#include <cstdint>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/hash/hash_testing.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

TEST(ShardId, PrintsItsNumberInTwelveDigits) {
  EXPECT_EQ(ShardId{}.ToString(), "shardId-000000000000");
  EXPECT_EQ(ShardId{7}.ToString(), "shardId-000000000007");
  EXPECT_EQ(ShardId{1234567890}.ToString(), "shardId-001234567890");
  EXPECT_EQ(ShardId{ShardId::kMaxNumber}.ToString(), "shardId-002147483647");
  EXPECT_EQ(ShardId{4294967295}.ToString(), "shardId-004294967295");
}

TEST(ShardId, ParseUndoesToString) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10000; ++i) {
    const ShardId id = {static_cast<std::uint32_t>(random() & ShardId::kMaxNumber) >>
                        (random() % 31)};
    ASSERT_EQ(ShardId::Parse(id.ToString()), id) << id;
  }
  EXPECT_EQ(ShardId::Parse("shardId-000000000000"), ShardId{0});
  EXPECT_EQ(ShardId::Parse("shardId-002147483647"), ShardId{ShardId::kMaxNumber});
}

TEST(ShardId, IsReadFromWhatFollowsTheFirstDash) {
  for (const std::string_view text :
       {"5", "05", "-5", "anything-5", "shardId-5", "shardId-000000000005",
        "shardId-00000000000000000000000000000005"}) {
    EXPECT_EQ(ShardId::Parse(text), ShardId{5}) << text;
  }
}

TEST(ShardId, IsNotReadFromTextWithoutANumber) {
  for (const std::string_view text :
       {"", "-", "shardId", "shardId-", "shardId-x", "shardId--5", "shardId-5-5", "shardId-+5",
        "shardId- 5", "shardId-5 ", "shardId-0x5", "shardId-5.0", "5-"}) {
    EXPECT_EQ(ShardId::Parse(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(ShardId, IsNotReadFromNumbersAboveTheLargest) {
  EXPECT_EQ(ShardId::Parse("2147483648"), std::nullopt);
  EXPECT_EQ(ShardId::Parse("shardId-002147483648"), std::nullopt);
  EXPECT_EQ(ShardId::Parse("shardId-4294967296"), std::nullopt);
  EXPECT_EQ(ShardId::Parse("shardId-18446744073709551617"), std::nullopt);
  EXPECT_EQ(ShardId::Parse("shardId-" + std::string(1000, '9')), std::nullopt);
}

TEST(ShardId, OrdersByNumberAndSoDoesItsText) {
  EXPECT_LT(ShardId{9}, ShardId{10});
  EXPECT_LT(ShardId{9}.ToString(), ShardId{10}.ToString());
}

TEST(ShardId, PrintsAndHashesAsAValue) {
  std::ostringstream out;
  out << ShardId{3};
  EXPECT_EQ(out.str(), "shardId-000000000003");
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      std::vector<ShardId>{{0}, {1}, {1}, {ShardId::kMaxNumber}}));
}

}  // namespace
}  // namespace riacho
