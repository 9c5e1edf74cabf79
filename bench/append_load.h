// Appends to a shard's log alone, in a steady state: every few thousand records the oldest are
// trimmed. And the loop of a writer who has the memory to itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/epoch.h"
#include "sampling.h"
#include "shard/segment_pool.h"
#include "shard/shard_log.h"

namespace riacho::bench {

inline constexpr char kAppendedKey[] = "a-key-of-16-byte";

class AppendLoad {
 public:
  static constexpr std::int64_t kPerMilli = 1024;  // records of a thread in one millisecond
  static constexpr std::int64_t kTrimEvery = 4096;
  static constexpr std::int64_t kKept = 8192;

  AppendLoad() = default;
  AppendLoad(const AppendLoad&) = delete;
  AppendLoad& operator=(const AppendLoad&) = delete;
  ~AppendLoad() { internal::Epoch::Collect(); }

  // Appends `count` records on the calling thread; before(i) goes first each time.
  template <typename Before>
  void AppendMany(std::int64_t count, Before&& before) {
    const std::string data(100, 'd');
    const std::int64_t start = start_;
    for (std::int64_t i = 1; i <= count; ++i) {
      before(i);
      const auto result = log.Append(kAppendedKey, data, (start + i) / kPerMilli);
      if (result.outcome != internal::AppendOutcome::kAppended) Require(false, "Append");
      benchmark::DoNotOptimize(result.index);
      if (i % kTrimEvery == 0) log.Trim((start + i - kKept) / kPerMilli);
    }
  }
  void AppendMany(std::int64_t count) {
    AppendMany(count, [](std::int64_t) {});
  }

  // The next samples' records arrive later: between samples, when nobody appends.
  void Later(std::int64_t count) { start_ += count; }

  // By one thread, that of the caller.
  Sample Time(std::int64_t count) {
    Sample sample = TimeCalls(1, [&] { AppendMany(count); });
    sample.value /= static_cast<double>(count);
    Later(count);
    return sample;
  }

  const std::shared_ptr<internal::SegmentPool> pool = std::make_shared<internal::SegmentPool>();
  internal::ShardLog log{pool};

 private:
  std::int64_t start_ = 0;
};

// The same frames and places, written by one thread that shares nothing: what is left of an append
// without the others.
class ExclusiveWriter {
 public:
  Sample Time(std::int64_t count) {
    return TimeCalls(count, [this] {
      const internal::FrameHeader header = {
          .arrival_millis = static_cast<std::int64_t>(index_) / AppendLoad::kPerMilli,
          .data_length = static_cast<std::uint32_t>(data_.size()),
          .key_length = sizeof(kAppendedKey) - 1};
      const std::size_t place = index_ % kRecords;
      char* const frame = memory_.data() + place * kFrameBytes;
      std::memcpy(frame, &header, sizeof(header));
      std::memcpy(frame + sizeof(header), kAppendedKey, sizeof(kAppendedKey) - 1);
      std::memcpy(frame + sizeof(header) + sizeof(kAppendedKey) - 1, data_.data(), data_.size());
      places_[place] = place * kFrameBytes << 32 | kFrameBytes;
      benchmark::ClobberMemory();
      ++index_;
    });
  }

 private:
  static constexpr std::size_t kRecords = AppendLoad::kKept + AppendLoad::kTrimEvery;
  static constexpr std::size_t kFrameBytes = (sizeof(internal::FrameHeader) + 16 + 100 + 7) / 8 * 8;

  const std::string data_ = std::string(100, 'd');
  std::vector<char> memory_ = std::vector<char>(kRecords * kFrameBytes);
  std::vector<std::uint64_t> places_ = std::vector<std::uint64_t>(kRecords);
  std::uint64_t index_ = 0;
};

}  // namespace riacho::bench
