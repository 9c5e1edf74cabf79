#include "base/thread_slot.h"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

// What new threads that live at the same time have for numbers.
std::multiset<std::uint32_t> NumbersOfThreads(int count) {
  std::atomic<int> ready = 0;
  std::vector<std::uint32_t> numbers(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  for (std::uint32_t& number : numbers) {
    threads.emplace_back([&ready, &number, count] {
      number = ThreadSlot::Mine();
      ready.fetch_add(1);
      while (ready.load() != count) std::this_thread::yield();
    });
  }
  for (std::thread& thread : threads) thread.join();
  return {numbers.begin(), numbers.end()};
}

TEST(ThreadSlot, StaysTheSameForAThread) { EXPECT_EQ(ThreadSlot::Mine(), ThreadSlot::Mine()); }

TEST(ThreadSlot, LivingThreadsHaveDifferentNumbersAndLaterOnesTheSameAgain) {
  const std::uint32_t mine = ThreadSlot::Mine();
  const std::multiset<std::uint32_t> first = NumbersOfThreads(20);
  EXPECT_EQ(std::set<std::uint32_t>(first.begin(), first.end()).size(), 20u);
  EXPECT_FALSE(first.contains(mine));
  EXPECT_EQ(NumbersOfThreads(20), first);
}

}  // namespace
}  // namespace riacho::internal
