// Timing that can be trusted on a machine that others use too: threads are pinned, and a sample
// says which part of their cores its threads really had.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace riacho::bench {

// What one run of some work found.
struct Sample {
  double value = 0;  // nanoseconds an operation, unless the work says otherwise
  double share = 1;  // of a core: what the thread that had least of it had
};

// Runs some work, of a few milliseconds, and says what it found.
using Work = std::function<Sample()>;

// Ends the program when an operation of a benchmark has not done what it is measured for.
void Require(bool done, std::string_view what);

// Runs the calling thread on one of the cores that the process may use, counted from 0 and round.
void PinTo(std::size_t core);
std::size_t CoreCount();

// How long the calling thread has lived and worked, in nanoseconds.
struct ThreadTime {
  std::int64_t wall = 0;
  std::int64_t cpu = 0;

  static ThreadTime Now();
};

// Times `count` calls of each() on the calling thread.
template <typename Each>
Sample TimeCalls(std::int64_t count, Each&& each) {
  const ThreadTime before = ThreadTime::Now();
  for (std::int64_t i = 0; i < count; ++i) each();
  const ThreadTime after = ThreadTime::Now();
  const auto wall = static_cast<double>(after.wall - before.wall);
  return {.value = wall / static_cast<double>(count),
          .share = static_cast<double>(after.cpu - before.cpu) / wall};
}

// Runs each of `bodies` on a thread and a core of its own while there are cores, all from the same
// moment. The sample's value is how long the first of them took; its share is that of the whole
// machine when there are more bodies than cores.
Sample TimeThreads(std::span<const std::function<void()>> bodies);

// The same body, told its number, on `threads` threads; the value is the time until the last one
// has ended.
Sample TimeTogether(int threads, const std::function<void(int)>& body);

// The value at `part` (0 to 1) of the way through the values in order. There is one at least.
double Quantile(std::vector<double> values, double part);

// Nanoseconds now on a clock that all threads share.
inline std::int64_t NowNanos() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

}  // namespace riacho::bench
