// P1 to P3: puts through the client, beside what each record costs at the least.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <utility>
#include <vector>

#include "base/md5_batch.h"
#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kPuts = 4'000;  // of a sample

// What many write first: a queue of strings under a mutex, emptied as it fills.
class MutexAndDeque {
 public:
  Sample Time(std::int64_t count) {
    return TimeCalls(count, [this] {
      const std::lock_guard lock(mutex_);
      queue_.emplace_back(keys_[at_++ % keys_.size()], data_);
      if (queue_.size() > kMost) queue_.pop_front();
    });
  }

 private:
  static constexpr std::size_t kMost = 1 << 15;

  const std::vector<std::string> keys_ = Keys(kManyKeys);
  const std::string data_ = std::string(100, 'd');
  std::mutex mutex_;
  std::deque<std::pair<std::string, std::string>> queue_;
  std::size_t at_ = 0;
};

std::string_view FreshData() {
  static const std::string data(100, 'd');
  return data;
}

std::int64_t PageFaults() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

void PutRecordGoals(GoalRun& run) {
  HashAndCopy yardstick;
  const Work y = [&] { return yardstick.Time(kPuts); };
  const auto compare = [&](const char* work, double bound, std::int64_t shards, std::size_t keys) {
    PutLoad load({.shards = shards, .keys = keys});
    run.Compare(
        {.id = "P1", .work = work, .bound = AtMost(bound)}, [&] { return load.Time(kPuts); }, y);
  };
  compare("PutRecord, 4 shards, all keys distinct / Y", 1.6, 4, kManyKeys);
  compare("PutRecord, 4 shards, 256 hot keys / Y", 0.9, 4, 256);
  compare("PutRecord, 1 shard / Y", 0.7, 1, kManyKeys);
  PutLoad load({});
  // The first second of an engine: memory that nobody has touched. And the other end: none of it.
  constexpr std::int64_t kFirstPuts = 50'000;
  run.Compare(
      {.id = "P1", .work = "PutRecord, 1 shard, the first 50,000 of a fresh engine / steady state"},
      [&] {
        BenchStream fresh(1);
        Sample sample = TimeCalls(1, [&] {
          for (std::int64_t i = 0; i < kFirstPuts; ++i) {
            const auto put = fresh.kinesis->PutRecord(
                {.stream_name = "bench", .data = FreshData(), .partition_key = "key-0123456789ab"});
            if (!put.ok()) Require(false, "PutRecord");
          }
        });
        sample.value /= static_cast<double>(kFirstPuts);
        return sample;
      },
      [&] { return load.Time(kPuts); });
  const std::int64_t faults_before = PageFaults();
  load.PutMany(2 * kFirstPuts);
  run.Count({.id = "P1",
             .work = "page faults of 100,000 PutRecords, 1 shard, steady state",
             .bound = AtMost(0),
             .unit = "faults"},
            static_cast<double>(PageFaults() - faults_before));
  MutexAndDeque queue;
  run.Compare(
      {.id = "P1", .work = "PutRecord, 1 shard / std::mutex and std::deque of strings"},
      [&] { return load.Time(kPuts); }, [&] { return queue.Time(kPuts); });
}

// The digests of a call's keys in one form.
class DigestBatch {
 public:
  // Nanoseconds a key.
  double Time(internal::Md5Form form) {
    constexpr std::int64_t kCalls = 20;
    const Sample sample = TimeCalls(kCalls, [&] { internal::Md5Batch(form, views_, digests_); });
    benchmark::DoNotOptimize(digests_.data());
    return sample.value / static_cast<double>(kEntriesOfCall);
  }

 private:
  const std::vector<std::string> keys_ = Keys(kEntriesOfCall);
  const std::vector<std::string_view> views_ =
      std::vector<std::string_view>(keys_.begin(), keys_.end());
  std::vector<internal::Md5Digest> digests_ = std::vector<internal::Md5Digest>(kEntriesOfCall);
};

constexpr std::int64_t kCalls = 10;  // of a sample

void PutRecordsGoals(GoalRun& run) {
  HashAndCopy yardstick;
  const Work y = [&] { return yardstick.Time(kPuts); };
  BatchLoad spread(4, 100);
  DigestBatch digests;
  struct Form {
    internal::Md5Form form;
    const char* name;
    double bound;
  };
  const auto forms = internal::Md5Forms();
  for (const auto& [form, name, bound] : {Form{internal::Md5Form::kVector512, "AVX-512", 0.40},
                                          Form{internal::Md5Form::kVector256, "AVX2", 0.55},
                                          Form{internal::Md5Form::kPortable, "portable", 1.35}}) {
    Goal goal = {.id = "P2",
                 .work = "PutRecords of 500, a record, 4 shards, MD5 " + std::string(name) + " / Y",
                 .bound = AtMost(bound)};
    if (std::ranges::find(forms, form) == forms.end()) {
      run.NotMeasured(goal, "this processor or build has no such form");
    } else if (form == forms.back()) {
      run.Compare(
          goal, [&] { return spread.Time(kCalls); }, y);
    } else {
      goal.note = "calculated: the processor's own form, and the difference of the two forms alone";
      run.Compare(
          goal,
          [&, form = form] {
            Sample sample = spread.Time(kCalls);
            sample.value += digests.Time(form) - digests.Time(forms.back());
            return sample;
          },
          y);
    }
  }
  BatchLoad single(1, 100);
  run.Compare(
      {.id = "P2", .work = "PutRecords of 500, a record, 1 shard / Y", .bound = AtMost(0.25)},
      [&] { return single.Time(kCalls); }, y);
}

void LargerRecordGoals(GoalRun& run) {
  constexpr std::size_t kDataBytes = 1024;
  BatchLoad load(4, kDataBytes);
  std::vector<char> memory(std::size_t{256} << 20, 'm');
  const std::string data(kDataBytes, 'd');
  std::size_t offset = 0;
  run.Compare(
      {.id = "P3",
       .work = "PutRecords of 500 x 1 KiB, a record, 4 shards / memcpy of 1 KiB into large "
               "memory out of the caches",
       .bound = AtMost(1.6)},
      [&] { return load.Time(kCalls); },
      [&] {
        return TimeCalls(kPuts, [&] {
          if (offset + kDataBytes > memory.size()) offset = 0;
          std::memcpy(memory.data() + offset, data.data(), kDataBytes);
          benchmark::ClobberMemory();
          offset += kDataBytes;
        });
      });
}

}  // namespace

void PutGoals(GoalRun& run) {
  if (run.Wants("P1")) PutRecordGoals(run);
  if (run.Wants("P2")) PutRecordsGoals(run);
  if (run.Wants("P3")) LargerRecordGoals(run);
}

}  // namespace riacho::bench
