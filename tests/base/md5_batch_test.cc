#include "base/md5_batch.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "base/md5.h"
#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

std::vector<Md5Digest> BatchOf(Md5Form form, const std::vector<std::string>& keys) {
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  std::vector<Md5Digest> digests(keys.size());
  Md5Batch(form, views, digests);
  return digests;
}

std::vector<Md5Digest> OneByOne(const std::vector<std::string>& keys) {
  std::vector<Md5Digest> digests;
  for (const std::string& key : keys) digests.push_back(Md5(key));
  return digests;
}

std::string RandomKey(Random& random, std::size_t length) {
  std::string key(length, '\0');
  for (char& byte : key) byte = static_cast<char>(random.Next());
  return key;
}

// Every form that this processor has, one by one.
class Md5BatchTest : public testing::TestWithParam<Md5Form> {};

TEST_P(Md5BatchTest, DigestsTheTestSuiteOfRfc1321) {
  const std::vector<std::string> keys = {
      "",
      "a",
      "abc",
      "message digest",
      "abcdefghijklmnopqrstuvwxyz",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890"};
  const std::vector<std::string> hex = {
      "d41d8cd98f00b204e9800998ecf8427e", "0cc175b9c0f1b6a831c399e269772661",
      "900150983cd24fb0d6963f7d28e17f72", "f96b697d7cb7938d525a2f31aaf161d0",
      "c3fcd3d76192e4007dfb496cca67e13b", "d174ab98d277d9f5a5611c2c9f419d9f",
      "57edf4a22be3c955ac49da2e2107b67a"};
  const std::vector<Md5Digest> digests = BatchOf(GetParam(), keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::string text;
    for (const std::uint8_t byte : digests[i]) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    EXPECT_EQ(text, hex[i]) << keys[i];
  }
}

TEST_P(Md5BatchTest, EqualsMd5AtEveryLength) {
  Random random(1);
  std::vector<std::string> keys;
  for (std::size_t length = 0; length <= 1024; ++length) keys.push_back(RandomKey(random, length));
  EXPECT_EQ(BatchOf(GetParam(), keys), OneByOne(keys));
}

// Groups that are full, begun, and just begun.
TEST_P(Md5BatchTest, EqualsMd5InBatchesOfEverySize) {
  Random random(2);
  for (std::size_t size = 0; size <= 100; ++size) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < size; ++i) keys.push_back(RandomKey(random, random.Next() % 56));
    EXPECT_EQ(BatchOf(GetParam(), keys), OneByOne(keys)) << size;
  }
}

TEST_P(Md5BatchTest, KeepsItsPlacesWhenLongKeysStandBetweenShortOnes) {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> keys;
    for (int i = 0; i < 70; ++i) keys.push_back(RandomKey(random, random.Next() % 120));
    EXPECT_EQ(BatchOf(GetParam(), keys), OneByOne(keys));
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Md5BatchTest,
                         testing::ValuesIn(Md5Forms().begin(), Md5Forms().end()),
                         testing::PrintToStringParamName());

TEST(Md5Batch, TakesTheQuickestForm) {
  EXPECT_EQ(Md5Forms().front(), Md5Form::kPortable);
  EXPECT_TRUE(std::ranges::is_sorted(Md5Forms()));
  const std::vector<std::string_view> keys = {"a", "b", "c", "d"};
  std::vector<Md5Digest> digests(keys.size());
  std::vector<Md5Digest> quickest(keys.size());
  Md5Batch(keys, digests);
  Md5Batch(Md5Forms().back(), keys, quickest);
  EXPECT_EQ(digests, quickest);
}

}  // namespace
}  // namespace riacho::internal
