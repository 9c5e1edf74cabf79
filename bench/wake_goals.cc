// P9 and P10: how soon another thread sees what has been put, awake and asleep.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <linux/futex.h>
#include <memory>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench_stream.h"
#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

// A stream of one shard, and one who subscribes to it.
class Line {
 public:
  Line() {
    const auto arn = stream_.kinesis->DescribeStreamSummary({.stream_name = "bench"})
                         ->stream_description_summary.stream_arn;
    const auto consumer =
        stream_.kinesis->RegisterStreamConsumer({.stream_arn = arn, .consumer_name = "reader"});
    subscription_ = std::move(*stream_.kinesis->SubscribeToShard(
        {.consumer_arn = consumer->consumer.consumer_arn,
         .shard_id = "0",
         .starting_position = {{.type = ShardIteratorType::kLatest}}}));
  }

  void Put() {
    const auto put = stream_.kinesis->PutRecord(
        {.stream_name = "bench", .data = data_, .partition_key = "a-key-of-16-byte"});
    if (!put.ok()) Require(false, "PutRecord");
  }

  void SpinUntilSeen() {
    for (;;) {
      const auto event = subscription_->Poll();
      if (!event.ok()) Require(false, "Poll");
      if (event->has_value()) return;
    }
  }

  void SleepUntilSeen() {
    const auto event = subscription_->Wait(absl::InfiniteFuture());
    if (!event.ok() || !event->has_value()) Require(false, "Wait");
  }

 private:
  BenchStream stream_{1};
  const std::string data_ = std::string(100, 'd');
  std::unique_ptr<Subscription> subscription_;
};

// Half a round trip between two threads on two cores, at `part` of all of them.
Sample PingPong(const std::function<void()>& send, const std::function<void()>& take,
                const std::function<void()>& send_back, const std::function<void()>& take_there,
                double part) {
  constexpr std::size_t kTrips = 2'000;
  std::vector<double> nanos(kTrips);
  const std::array<std::function<void()>, 2> bodies = {
      [&] {
        for (double& trip : nanos) {
          const std::int64_t before = NowNanos();
          send();
          take();
          trip = static_cast<double>(NowNanos() - before) / 2;
        }
      },
      [&] {
        for (std::size_t i = 0; i < kTrips; ++i) {
          take_there();
          send_back();
        }
      }};
  Sample sample = TimeThreads(bodies);
  sample.value = Quantile(std::move(nanos), part);
  return sample;
}

Sample PutPingPong(double part) {
  Line there;
  Line back;
  return PingPong([&] { there.Put(); }, [&] { back.SpinUntilSeen(); }, [&] { back.Put(); },
                  [&] { there.SpinUntilSeen(); }, part);
}

struct alignas(128) Word {
  std::atomic<std::uint64_t> value = 0;
};

Sample RawPingPong(double part) {
  Word there;
  Word back;
  std::uint64_t sent = 0;
  std::uint64_t seen = 0;
  return PingPong([&] { there.value.store(++sent, std::memory_order_release); },
                  [&] {
                    while (back.value.load(std::memory_order_acquire) != sent) {
                    }
                  },
                  [&] { back.value.store(seen, std::memory_order_release); },
                  [&] {
                    while (there.value.load(std::memory_order_acquire) == seen) {
                    }
                    ++seen;
                  },
                  part);
}

// From before wake() on one core until sleep() has come back on the other; the median.
Sample WakeTime(const std::function<void()>& sleep, const std::function<void()>& wake) {
  constexpr std::size_t kWakes = 30;
  constexpr std::int64_t kSpinNanos = 100'000;  // until the sleeper surely sleeps
  std::vector<double> nanos(kWakes);
  Word asleep;
  Word awake;
  std::atomic<std::int64_t> woken_at = 0;
  double share = 1;
  const std::array<std::function<void()>, 2> bodies = {
      [&] {
        const ThreadTime before = ThreadTime::Now();
        for (std::size_t i = 0; i < kWakes; ++i) {
          while (asleep.value.load(std::memory_order_acquire) != i + 1) {
          }
          const std::int64_t until = NowNanos() + kSpinNanos;
          while (NowNanos() < until) {
          }
          const std::int64_t start = NowNanos();
          wake();
          while (awake.value.load(std::memory_order_acquire) != i + 1) {
          }
          nanos[i] = static_cast<double>(woken_at.load(std::memory_order_relaxed) - start);
        }
        const ThreadTime after = ThreadTime::Now();
        share = static_cast<double>(after.cpu - before.cpu) /
                static_cast<double>(after.wall - before.wall);
      },
      [&] {
        for (std::size_t i = 0; i < kWakes; ++i) {
          asleep.value.store(i + 1, std::memory_order_release);
          sleep();
          woken_at.store(NowNanos(), std::memory_order_relaxed);
          awake.value.store(i + 1, std::memory_order_release);
        }
      }};
  TimeThreads(bodies);
  return {.value = Quantile(std::move(nanos), 0.5), .share = share};
}

Sample SubscriberWake() {
  Line line;
  return WakeTime([&] { line.SleepUntilSeen(); }, [&] { line.Put(); });
}

void Futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

Sample FutexWake() {
  alignas(128) std::atomic<std::uint32_t> word = 0;
  return WakeTime(
      [&] {
        while (word.load(std::memory_order_acquire) == 0) Futex(word, FUTEX_WAIT, 0);
        word.store(0, std::memory_order_relaxed);
      },
      [&] {
        word.store(1, std::memory_order_release);
        Futex(word, FUTEX_WAKE, 1);
      });
}

void SleeperCost(GoalRun& run) {
  constexpr std::int64_t kPuts = 4'000;
  PutLoad alone({});
  PutLoad watched({});
  const auto arn = watched.stream.kinesis->DescribeStreamSummary({.stream_name = "bench"})
                       ->stream_description_summary.stream_arn;
  const auto consumer = watched.stream.kinesis->RegisterStreamConsumer(
      {.stream_arn = arn, .consumer_name = "reader"});
  const auto subscription = watched.stream.kinesis->SubscribeToShard(
      {.consumer_arn = consumer->consumer.consumer_arn,
       .shard_id = "0",
       .starting_position = {{.type = ShardIteratorType::kLatest}}});
  Require(subscription.ok(), "SubscribeToShard");
  run.Compare(
      {.id = "P10",
       .work = "PutRecord, 1 shard, with a subscriber that does not sleep / without",
       .bound = AtMost(1.05),
       .note = "the goal is one load"},
      [&] { return watched.Time(kPuts); }, [&] { return alone.Time(kPuts); });
}

}  // namespace

void WakeGoals(GoalRun& run) {
  if (CoreCount() < 2) {
    for (const char* id : {"P9", "P10"}) {
      if (run.Wants(id))
        run.NotMeasured({.id = id, .work = "from core to core"}, "there is one core");
    }
    return;
  }
  if (run.Wants("P9")) {
    run.Compare(
        {.id = "P9",
         .work = "PutRecord to seen by a spinning subscription on the other core, half a "
                 "round trip, median / raw ping-pong",
         .bound = AtMost(1.5)},
        [] { return PutPingPong(0.5); }, [] { return RawPingPong(0.5); });
    run.Compare(
        {.id = "P9",
         .work = "the same, 99th percentile / that of the raw ping-pong",
         .bound = AtMost(3)},
        [] { return PutPingPong(0.99); }, [] { return RawPingPong(0.99); });
  }
  if (run.Wants("P10")) {
    run.Compare(
        {.id = "P10",
         .work = "PutRecord to running of a sleeping subscriber / bare futex wake",
         .bound = AtMost(1.2)},
        [] { return SubscriberWake(); }, [] { return FutexWake(); });
    SleeperCost(run);
  }
}

}  // namespace riacho::bench
