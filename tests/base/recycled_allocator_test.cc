#include "riacho/base/recycled_allocator.h"

#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace riacho {
namespace {

template <typename T>
using Recycled = std::vector<T, RecycledAllocator<T>>;

TEST(RecycledAllocator, GivesTheSameMemoryAgain) {
  if (!internal::kRecycles) GTEST_SKIP() << "under the address sanitizer nothing is recycled";
  const void* first = nullptr;
  {
    const Recycled<int> numbers(500, 1);
    first = numbers.data();
  }
  const Recycled<int> again(400, 2);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(again.back(), 2);
}

TEST(RecycledAllocator, SmallContainersKeepTheRoomForLargeOnes) {
  if (!internal::kRecycles) GTEST_SKIP() << "under the address sanitizer nothing is recycled";
  const void* first = nullptr;
  {
    const Recycled<int> large(5000, 1);
    first = large.data();
  }
  { const Recycled<int> small(3, 1); }
  EXPECT_EQ(Recycled<int>(5000, 2).data(), first);
}

// Else a thousand short answers that somebody keeps would hold the memory of a thousand long ones.
TEST(RecycledAllocator, SmallContainersDoNotTakeTheRoomOfLargeOnes) {
  const void* first = nullptr;
  {
    const Recycled<char> large(1'000'000, 'l');
    first = large.data();
  }
  const Recycled<char> kept(20'000, 'k');
  EXPECT_NE(kept.data(), first);
}

TEST(RecycledAllocator, LivingContainersShareNothing) {
  { const Recycled<int> warm(100, 0); }
  Recycled<int> a(100, 1);
  Recycled<int> b(100, 2);
  EXPECT_NE(a.data(), b.data());
  EXPECT_EQ(a, Recycled<int>(100, 1));
  EXPECT_EQ(b, Recycled<int>(100, 2));
}

// Of every size up to beyond what is kept, in turn, so that each block serves smaller and larger
// requests; for the address sanitizer.
TEST(RecycledAllocator, BlocksAreNeverTooSmall) {
  Recycled<char> kept;
  for (std::size_t size = 1; size < 3'000'000; size = size * 3 / 2 + 1) {
    for (const std::size_t bytes : {size, size / 2 + 1, size + 1, size / 7 + 1}) {
      Recycled<char> block(bytes, 'b');
      block[bytes - 1] = 'e';
      if (bytes % 3 == 0) kept = std::move(block);
    }
  }
  EXPECT_FALSE(kept.empty());
}

TEST(RecycledAllocator, MemoryMayComeBackOnAnotherThread) {
  auto numbers = std::make_unique<Recycled<int>>(100, 1);
  std::thread([&numbers] { numbers.reset(); }).join();
  EXPECT_EQ(Recycled<int>(100, 3).front(), 3);
}

// A container that outlives what its thread keeps.
TEST(RecycledAllocator, MemoryMayComeBackWhileTheThreadEnds) {
  std::thread([] {
    thread_local Recycled<int> last;
    { const Recycled<int> kept(100, 0); }
    last.assign(1000, 1);
  }).join();
}

}  // namespace
}  // namespace riacho
