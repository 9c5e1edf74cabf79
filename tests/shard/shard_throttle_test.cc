#include "shard/shard_throttle.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'767'225'600 * kSecond;  // 2026-01-01
constexpr std::int64_t kMiB = Limits::kMiB;

TEST(ShardThrottle, ATankOfOrdinaryRecordsHoldsOneSecond) {
  ShardThrottle throttle(Limits(), kMiB, kStart);
  EXPECT_FALSE(throttle.TakeWrite(kMiB + 1, kStart));
  EXPECT_TRUE(throttle.TakeWrite(kMiB, kStart));
  EXPECT_FALSE(throttle.TakeWrite(1, kStart));
  EXPECT_FALSE(throttle.TakeWrite(kMiB + 1, kStart + 100 * kSecond));
}

TEST(ShardThrottle, ATankHoldsOneSecondEvenIfRecordsAreSmaller) {
  ShardThrottle throttle(Limits(), 1024, kStart);
  EXPECT_TRUE(throttle.TakeWrite(kMiB, kStart));
  throttle.SetLargestRecord(10);
  EXPECT_TRUE(throttle.TakeWrite(kMiB, kStart + kSecond));
}

TEST(ShardThrottle, ALargerTankHasItsNewRoomFilled) {
  ShardThrottle throttle(Limits(), kMiB, kStart);
  ASSERT_TRUE(throttle.TakeWrite(kMiB, kStart));
  throttle.SetLargestRecord(10 * kMiB);
  EXPECT_FALSE(throttle.TakeWrite(9 * kMiB + 1, kStart)) << "what was missing, is missing still";
  EXPECT_TRUE(throttle.TakeWrite(9 * kMiB, kStart));
  EXPECT_FALSE(throttle.TakeWrite(10 * kMiB, kStart + 10 * kSecond - 1));
  EXPECT_TRUE(throttle.TakeWrite(10 * kMiB, kStart + 10 * kSecond));
}

TEST(ShardThrottle, ASmallerTankWaitsUntilTheRestIsRefilled) {
  ShardThrottle throttle(Limits(), 10 * kMiB, kStart);
  ASSERT_TRUE(throttle.TakeWrite(10 * kMiB, kStart));
  throttle.SetLargestRecord(kMiB);
  EXPECT_FALSE(throttle.TakeWrite(kMiB, kStart + 10 * kSecond - 1));
  EXPECT_TRUE(throttle.TakeWrite(kMiB, kStart + 10 * kSecond));
}

TEST(ShardThrottle, ChangingBackAndForthWinsNothing) {
  ShardThrottle throttle(Limits(), 10 * kMiB, kStart);
  std::int64_t taken = 0;
  for (int i = 0; i < 100; ++i) {
    throttle.SetLargestRecord(i % 2 == 0 ? kMiB : 10 * kMiB);
    while (throttle.TakeWrite(kMiB, kStart)) taken += kMiB;
  }
  EXPECT_EQ(taken, 10 * kMiB);
}

TEST(ShardThrottle, AnUnlimitedTankStaysUnlimited) {
  ShardThrottle throttle(Limits::Unlimited(), kMiB, kStart);
  throttle.SetLargestRecord(10 * kMiB);
  EXPECT_TRUE(throttle.TakeWrite(1000 * kMiB, kStart));
}

// Threads, because the size may change while others write: nothing is lent twice.
TEST(ShardThrottle, TheLargestRecordMayChangeWhileOthersWrite) {
  ShardThrottle throttle(Limits(), kMiB, kStart);
  std::atomic<std::int64_t> taken = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 2; ++i) {
      writers.emplace_back([&throttle, &taken] {
        for (int n = 0; n < 500; ++n) {
          if (throttle.TakeWrite(64 * 1024, kStart)) taken += 64 * 1024;
        }
      });
    }
    for (int i = 0; i < 200; ++i) throttle.SetLargestRecord(i % 2 == 0 ? 10 * kMiB : kMiB);
    throttle.SetLargestRecord(10 * kMiB);
  }
  while (throttle.TakeWrite(64 * 1024, kStart)) taken += 64 * 1024;
  EXPECT_EQ(taken.load(), 10 * kMiB);
}

}  // namespace
}  // namespace riacho::internal
