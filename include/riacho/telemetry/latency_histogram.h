// How long calls took: so many of each duration, within 1.6 %.
//
//   const riacho::LatencyHistogram puts =
//   engine.metrics().LatencyOf(riacho::Operation::kPutRecord); std::cout << puts.count() << "
//   calls, p99 " << puts.Percentile(99);
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <vector>

#include "absl/time/time.h"

namespace riacho {

// A value. Its buckets are fixed, so that histograms can be merged: 32 between a power of two
// nanoseconds and the next, from a nanosecond to 19 hours; what is longer counts in the last one.
// Count, sum, minimum and maximum are exact.
class LatencyHistogram {
 public:
  // Where a bucket begins, not included, and where it ends, included.
  struct Bucket {
    absl::Duration above = absl::ZeroDuration();
    absl::Duration up_to = absl::ZeroDuration();
    std::int64_t count = 0;

    // What its samples are taken for.
    absl::Duration Middle() const { return (above + up_to + absl::Nanoseconds(1)) / 2; }
  };

  LatencyHistogram() = default;

  void Add(absl::Duration latency, std::int64_t count = 1);
  void Merge(const LatencyHistogram& other);

  std::int64_t count() const { return count_; }
  absl::Duration sum() const { return sum_; }
  // Zero without samples.
  absl::Duration minimum() const { return minimum_; }
  absl::Duration maximum() const { return maximum_; }
  absl::Duration Average() const;

  // The latency of the call that is slower than so many percent of the others, from 0 to 100: by
  // nearest rank, within 1.6 %. Zero without samples.
  absl::Duration Percentile(double percent) const;
  // How many took so long at most. Exact for powers of two nanoseconds, else within a bucket.
  std::int64_t CountUpTo(absl::Duration latency) const;
  // Those that are not empty, ascending.
  std::vector<Bucket> Buckets() const;

  friend bool operator==(const LatencyHistogram&, const LatencyHistogram&) = default;
  // "{Count: 3, Average: 2us, p50: 1us, p99: 4us, Maximum: 4us}"
  friend std::ostream& operator<<(std::ostream& out, const LatencyHistogram& histogram);

  // For those who count into memory of their own: the number of the bucket of a latency in
  // nanoseconds, and a histogram of so many samples in each bucket.
  static constexpr std::size_t kBucketsToDouble = 32;
  static constexpr std::size_t kBuckets = 42 * kBucketsToDouble;
  static constexpr std::size_t BucketOf(std::int64_t nanos) {
    if (nanos <= 0) return 0;
    if (nanos > kLongestNanos) return kBuckets - 1;
    const auto above = static_cast<std::uint64_t>(nanos - 1);
    if (above < 2 * kBucketsToDouble) return above;
    const auto doublings = static_cast<std::size_t>(std::bit_width(above)) - 6;
    return doublings * kBucketsToDouble + (above >> doublings);
  }
  LatencyHistogram(std::vector<std::int64_t> counts, absl::Duration sum, absl::Duration minimum,
                   absl::Duration maximum);

 private:
  static constexpr std::int64_t kLongestNanos = std::int64_t{1} << 46;

  void AddToBucket(std::size_t bucket, std::int64_t count);

  std::vector<std::int64_t> counts_;  // up to the last that is not 0
  std::int64_t count_ = 0;
  absl::Duration sum_ = absl::ZeroDuration();
  absl::Duration minimum_ = absl::ZeroDuration();
  absl::Duration maximum_ = absl::ZeroDuration();
};

}  // namespace riacho
