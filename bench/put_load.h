// Puts in a steady state: a stream whose records leave it again as others come, so that memory is
// recycled as it is in an engine whose retention has been reached. And what a put is measured by.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/md5.h"
#include "bench_stream.h"
#include "sampling.h"

namespace riacho::bench {

inline constexpr std::size_t kManyKeys = 65536;     // more than any memory of digests holds
inline constexpr std::size_t kEntriesOfCall = 500;  // the most that PutRecords takes

struct PutLoadOptions {
  std::int64_t shards = 1;
  std::size_t keys = kManyKeys;
  std::size_t data_bytes = 100;
  Limits limits = Limits::Unlimited();
  MetricsOptions metrics = {};
};

// Put is thread-safe.
class PutLoad {
 public:
  // About five times as many bytes are live: more than the second-level cache, less than the third.
  static constexpr std::int64_t kBytesPerStep = 1 << 20;
  static constexpr int kLiveSteps = 5;

  explicit PutLoad(const PutLoadOptions& options)
      : stream(options.shards, {.limits = options.limits, .metrics = options.metrics}),
        keys_(Keys(options.keys)),
        data_(options.data_bytes, 'd'),
        records_per_step_(static_cast<std::size_t>(kBytesPerStep) / options.data_bytes) {
    // The segments of a shard grow to their full size on the way.
    PutMany((16 + 4 * options.shards) * static_cast<std::int64_t>(records_per_step_));
  }

  void Put(std::size_t at) {
    const auto put = stream.kinesis->PutRecord(
        {.stream_name = "bench", .data = data_, .partition_key = keys_[at % keys_.size()]});
    if (!put.ok()) Require(false, "PutRecord");
    benchmark::DoNotOptimize(put->sequence_number);
  }

  // Puts `count` records under the next keys; time passes as often as it must.
  void PutMany(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      Put(at_);
      if (++at_ % records_per_step_ == 0) stream.Step();
    }
  }

  Sample Time(std::int64_t count) {
    Sample sample = TimeCalls(1, [&] { PutMany(count); });
    sample.value /= static_cast<double>(count);
    return sample;
  }

  BenchStream stream;

 private:
  const std::vector<std::string> keys_;
  const std::string data_;
  const std::size_t records_per_step_;
  std::size_t at_ = 0;
};

// PutRecords of full calls, whose entries have been made before.
class BatchLoad {
 public:
  BatchLoad(std::int64_t shards, std::size_t data_bytes)
      : stream_(shards),
        data_(data_bytes, 'd'),
        calls_per_step_(std::max<std::int64_t>(
            static_cast<std::int64_t>(kBytesPerStep / (kEntriesOfCall * data_bytes)), 1)) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      entries_[i] = {.data = data_, .partition_key = keys_[i]};
    }
    Time((16 + 4 * shards) * calls_per_step_);
  }

  // Nanoseconds a record.
  Sample Time(std::int64_t calls) {
    Sample sample = TimeCalls(calls, [this] {
      const auto put = stream_.kinesis->PutRecords(
          {.records = std::span(entries_).subspan(call_ % kCalls * kEntriesOfCall, kEntriesOfCall),
           .stream_name = "bench"});
      if (!put.ok() || put->failed_record_count != 0) Require(false, "PutRecords");
      if (++call_ % static_cast<std::size_t>(calls_per_step_) == 0) stream_.Step();
    });
    sample.value /= static_cast<double>(kEntriesOfCall);
    return sample;
  }

 private:
  static constexpr std::size_t kCalls = 32;  // before the keys come again
  static constexpr std::size_t kBytesPerStep = 2 << 20;

  BenchStream stream_;
  const std::vector<std::string> keys_ = Keys(kCalls * kEntriesOfCall);
  const std::string data_;
  std::vector<PutRecordsRequestEntry> entries_ = std::vector<PutRecordsRequestEntry>(keys_.size());
  const std::int64_t calls_per_step_;
  std::size_t call_ = 0;
};

// What each put costs at the least, called Y in the goals: MD5 of the key and a copy of the data
// into memory that has been used before, as much of it as a PutLoad keeps.
class HashAndCopy {
 public:
  explicit HashAndCopy(std::size_t data_bytes = 100)
      : data_(data_bytes, 'd'),
        memory_(static_cast<std::size_t>(PutLoad::kBytesPerStep) * PutLoad::kLiveSteps) {}

  Sample Time(std::int64_t count) {
    return TimeCalls(count, [this] {
      benchmark::DoNotOptimize(internal::Md5(keys_[at_++ % keys_.size()]));
      if (offset_ + data_.size() > memory_.size()) offset_ = 0;
      std::memcpy(memory_.data() + offset_, data_.data(), data_.size());
      benchmark::ClobberMemory();
      offset_ += data_.size();
    });
  }

 private:
  const std::vector<std::string> keys_ = Keys(kManyKeys);
  const std::string data_;
  std::vector<char> memory_;
  std::size_t at_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace riacho::bench
