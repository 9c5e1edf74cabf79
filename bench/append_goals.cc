// P4 to P6: appends to one shard's log, by one thread and several, with and without readers.
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <concurrentqueue.h>

#include "append_load.h"
#include "base/md5.h"
#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kAppends = 50'000;  // of a sample, by all threads together

// Nanoseconds a record of the total. More threads than cores need several turns on them.
Sample AppendTogether(AppendLoad& load, int threads) {
  const std::int64_t each =
      static_cast<std::size_t>(threads) > CoreCount() ? 4 * kAppends / threads : kAppends / threads;
  Sample sample = TimeTogether(threads, [&](int) { load.AppendMany(each); });
  sample.value /= static_cast<double>(each * threads);
  load.Later(each);
  return sample;
}

struct QueueItem {
  std::array<char, 116> bytes = {};
};

Sample EnqueueAndDequeue(moodycamel::ConcurrentQueue<QueueItem>& queue) {
  QueueItem item = {};
  moodycamel::ProducerToken producer(queue);
  moodycamel::ConsumerToken consumer(queue);
  return TimeCalls(kAppends, [&] {
    queue.enqueue(producer, item);
    benchmark::DoNotOptimize(queue.try_dequeue(consumer, item));
  });
}

class MutexAndRing {
 public:
  Sample Time() {
    return TimeCalls(kAppends, [this] {
      std::string record = kAppendedKey + data_;
      const std::lock_guard lock(mutex_);
      records_.push_back(std::move(record));
      if (records_.size() > static_cast<std::size_t>(AppendLoad::kKept)) records_.pop_front();
    });
  }

 private:
  const std::string data_ = std::string(100, 'd');
  std::mutex mutex_;
  std::deque<std::string> records_;
};

void ProducerGoals(GoalRun& run) {
  AppendLoad load;
  ExclusiveWriter exclusive;
  moodycamel::ConcurrentQueue<QueueItem> queue;
  MutexAndRing ring;
  const Work one = [&] { return load.Time(kAppends); };
  run.Compare({.id = "P4",
               .work = "append, 1 producer / exclusive-writer loop of the same frame",
               .bound = AtMost(4)},
              one, [&] { return exclusive.Time(kAppends); });
  run.Compare(
      {.id = "P4",
       .work = "append, 2 producers, tight, a record of the total / 1 producer",
       .bound = AtMost(1.5)},
      [&] { return AppendTogether(load, 2); }, one);
  run.Compare(
      {.id = "P4",
       .work = "append, 4 producers on " + std::to_string(CoreCount()) +
               " cores, a record of the total / 1 producer",
       .bound = AtMost(2.5)},
      [&] { return AppendTogether(load, 4); }, one);
  run.Compare(
      {.id = "P4", .work = "append, 1 producer / moodycamel::ConcurrentQueue, enqueue and dequeue"},
      one, [&] { return EnqueueAndDequeue(queue); });
  run.Compare({.id = "P4", .work = "append, 1 producer / std::mutex and std::deque of strings"},
              one, [&] { return ring.Time(); });
}

// Nanoseconds a record of each producer.
Sample HashAndAppend(AppendLoad& load, int threads) {
  constexpr std::int64_t kEach = kAppends / 5;
  Sample sample = TimeTogether(threads, [&](int thread) {
    std::string key = "a-key-of-16-byte";
    key[0] = static_cast<char>('a' + thread);
    load.AppendMany(kEach, [&](std::int64_t i) {
      key[1] = static_cast<char>(i);
      benchmark::DoNotOptimize(internal::Md5(key));
    });
  });
  sample.value /= static_cast<double>(kEach);
  load.Later(kEach);
  return sample;
}

// The time below which `part` of the puts of two producers stay.
Sample PutLatency(PutLoad& load, double part) {
  constexpr std::int64_t kEach = 5'000;
  std::array<std::vector<double>, 2> nanos;
  for (auto& list : nanos) list.resize(kEach);
  Sample sample = TimeTogether(2, [&](int thread) {
    std::vector<double>& own = nanos[static_cast<std::size_t>(thread)];
    for (std::size_t i = 0; i < own.size(); ++i) {
      const std::int64_t before = NowNanos();
      load.Put(i);
      own[i] = static_cast<double>(NowNanos() - before);
    }
  });
  load.stream.Step();
  nanos[0].insert(nanos[0].end(), nanos[1].begin(), nanos[1].end());
  sample.value = Quantile(std::move(nanos[0]), part);
  return sample;
}

void HashingGoals(GoalRun& run) {
  AppendLoad log;
  run.Compare(
      {.id = "P5",
       .work = "append, 2 producers that hash a key before each, a record of its producer "
               "/ 1 producer that hashes",
       .bound = AtMost(1.6)},
      [&] { return HashAndAppend(log, 2); }, [&] { return HashAndAppend(log, 1); });
  PutLoad puts({});
  run.Measure({.id = "P5",
               .work = "PutRecord, 2 producers, 1 shard, 99th percentile, clock reading included",
               .bound = AtMost(1000),
               .unit = "ns"},
              [&] { return PutLatency(puts, 0.99); });
  run.Measure({.id = "P5",
               .work = "PutRecord, 2 producers, 1 shard, 99.9th percentile",
               .bound = AtMost(5000),
               .unit = "ns"},
              [&] { return PutLatency(puts, 0.999); });
}

// One producer; on the other core, a thread whose `readers` cursors look for news in turn.
Sample AppendWhilePolled(AppendLoad& load, std::size_t readers) {
  std::atomic<bool> stop = false;
  std::uint64_t seen = 0;
  const std::uint64_t end = load.log.EndIndex();
  std::vector<std::function<void()>> bodies;
  bodies.emplace_back([&] {
    load.AppendMany(kAppends);
    stop.store(true, std::memory_order_relaxed);
  });
  if (readers > 0) {
    bodies.emplace_back([&] {
      std::vector<std::uint64_t> cursors(readers, end);
      for (std::size_t at = 0; !stop.load(std::memory_order_relaxed);
           at = at + 1 == readers ? 0 : at + 1) {
        load.log.Scan(cursors[at], nullptr, INT64_MIN, true,
                      [&](internal::Segment&, std::uint64_t, const internal::FrameView& frame) {
                        seen += frame.data.size();
                        return true;
                      });
      }
    });
  }
  Sample sample = TimeThreads(bodies);
  sample.value /= static_cast<double>(kAppends);
  load.Later(kAppends);
  if (readers > 0 && seen == 0) sample.share = 0;
  return sample;
}

void PolledGoals(GoalRun& run) {
  AppendLoad load;
  const Work alone = [&] { return AppendWhilePolled(load, 0); };
  run.Compare(
      {.id = "P6",
       .work = "append while 1 reader polls without a pause / while none does",
       .bound = AtMost(2.0)},
      [&] { return AppendWhilePolled(load, 1); }, alone);
  run.Compare(
      {.id = "P6",
       .work = "append while 100 readers poll without a pause / while none does",
       .bound = AtMost(1.3)},
      [&] { return AppendWhilePolled(load, 100); }, alone);
}

}  // namespace

void AppendGoals(GoalRun& run) {
  if (run.Wants("P4")) ProducerGoals(run);
  if (run.Wants("P5")) HashingGoals(run);
  if (run.Wants("P6")) PolledGoals(run);
}

}  // namespace riacho::bench
