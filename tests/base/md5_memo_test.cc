#include "base/md5_memo.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

#include "base/md5.h"
#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

TEST(RememberedMd5, IsTheDigestFirstAndEverAfter) {
  for (int round = 0; round < 3; ++round) {
    for (const std::string_view key :
         {"", "a", "user-42", "a key of forty-seven bytes, the longest "}) {
      EXPECT_EQ(RememberedMd5(key), Md5(key)) << key;
    }
  }
}

TEST(RememberedMd5, TellsKeysApartThatBeginAlike) {
  const std::string key(60, 'k');
  for (int round = 0; round < 2; ++round) {
    for (std::size_t length = 0; length <= key.size(); ++length) {
      const std::string_view prefix = std::string_view(key).substr(0, length);
      EXPECT_EQ(RememberedMd5(prefix), Md5(prefix)) << length;
    }
  }
}

// Far more keys than are remembered, so that they drive each other out.
TEST(RememberedMd5, IsRightWhenKeysShareAPlace) {
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = "key-" + std::to_string(random.Next() % 5'000);
    ASSERT_EQ(RememberedMd5(key), Md5(key)) << key;
  }
}

TEST(RememberedMd5, KeepsZeroBytesApart) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(RememberedMd5(std::string_view("a\0", 2)), Md5(std::string_view("a\0", 2)));
    EXPECT_EQ(RememberedMd5("a"), Md5("a"));
  }
}

}  // namespace
}  // namespace riacho::internal
