#include "sampling.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <pthread.h>
#include <sched.h>
#include <thread>
#include <time.h>

namespace riacho::bench {
namespace {

std::vector<int> UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  Require(sched_getaffinity(0, sizeof(set), &set) == 0, "reading which cores may be used");
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

// Asked for before any thread is pinned.
const std::vector<int>& Cores() {
  static const std::vector<int> kCores = UsableCores();
  return kCores;
}

std::int64_t Read(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

struct Timed {
  ThreadTime before;
  ThreadTime after;
};

std::vector<Timed> RunPinned(std::span<const std::function<void()>> bodies) {
  std::vector<Timed> times(bodies.size());
  std::atomic<std::size_t> ready = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      threads.emplace_back([&, i] {
        PinTo(i);
        ready.fetch_add(1);
        while (ready.load() < bodies.size()) {
          if (bodies.size() > CoreCount()) std::this_thread::yield();
        }
        times[i].before = ThreadTime::Now();
        bodies[i]();
        times[i].after = ThreadTime::Now();
      });
    }
  }
  return times;
}

// From the first thread's start to the end of the last.
struct Span {
  std::int64_t start;
  std::int64_t end;

  explicit Span(std::span<const Timed> times)
      : start(times[0].before.wall), end(times[0].after.wall) {
    for (const Timed& time : times) {
      start = std::min(start, time.before.wall);
      end = std::max(end, time.after.wall);
    }
  }
};

// A thread that began after the first did not have its core until then.
double Share(std::span<const Timed> times) {
  const Span all(times);
  double least = 1;
  double cpu = 0;
  for (const Timed& time : times) {
    const auto own = static_cast<double>(time.after.cpu - time.before.cpu);
    least = std::min(least, own / static_cast<double>(time.after.wall - all.start));
    cpu += own;
  }
  if (times.size() <= CoreCount()) return least;
  return cpu / (static_cast<double>(all.end - all.start) * static_cast<double>(CoreCount()));
}

}  // namespace

void Require(bool done, std::string_view what) {
  if (done) return;
  std::cerr << "The benchmark cannot go on: " << what << " failed.\n";
  std::abort();
}

std::size_t CoreCount() { return Cores().size(); }

void PinTo(std::size_t core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(Cores()[core % CoreCount()]), &set);
  Require(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0, "pinning a thread");
}

ThreadTime ThreadTime::Now() {
  return {.wall = Read(CLOCK_MONOTONIC), .cpu = Read(CLOCK_THREAD_CPUTIME_ID)};
}

Sample TimeThreads(std::span<const std::function<void()>> bodies) {
  const std::vector<Timed> times = RunPinned(bodies);
  return {.value = static_cast<double>(times[0].after.wall - times[0].before.wall),
          .share = Share(times)};
}

Sample TimeTogether(int threads, const std::function<void(int)>& body) {
  std::vector<std::function<void()>> bodies;
  bodies.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) bodies.emplace_back([&body, i] { body(i); });
  const std::vector<Timed> times = RunPinned(bodies);
  const Span all(times);
  return {.value = static_cast<double>(all.end - all.start), .share = Share(times)};
}

double Quantile(std::vector<double> values, double part) {
  std::ranges::sort(values);
  const double at = part * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

}  // namespace riacho::bench
