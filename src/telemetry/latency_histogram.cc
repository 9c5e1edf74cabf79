#include "riacho/telemetry/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace riacho {
namespace {

constexpr std::size_t kStep = LatencyHistogram::kBucketsToDouble;

LatencyHistogram::Bucket BucketAt(std::size_t bucket, std::int64_t count) {
  std::int64_t above = static_cast<std::int64_t>(bucket);
  std::int64_t width = 1;
  if (bucket >= 2 * kStep) {
    const std::size_t doublings = bucket / kStep - 1;
    above = static_cast<std::int64_t>((kStep + bucket % kStep) << doublings);
    width = std::int64_t{1} << doublings;
  }
  return {
      .above = absl::Nanoseconds(above), .up_to = absl::Nanoseconds(above + width), .count = count};
}

}  // namespace

void LatencyHistogram::AddToBucket(std::size_t bucket, std::int64_t count) {
  if (count <= 0) return;
  if (counts_.size() <= bucket) counts_.resize(bucket + 1);
  counts_[bucket] += count;
  count_ += count;
}

LatencyHistogram::LatencyHistogram(std::vector<std::int64_t> counts, absl::Duration sum,
                                   absl::Duration minimum, absl::Duration maximum)
    : sum_(sum), minimum_(minimum), maximum_(maximum) {
  for (std::size_t i = 0; i < std::min(counts.size(), kBuckets); ++i) AddToBucket(i, counts[i]);
}

void LatencyHistogram::Add(absl::Duration latency, std::int64_t count) {
  if (count <= 0) return;
  latency = std::max(latency, absl::ZeroDuration());
  const bool first = count_ == 0;
  AddToBucket(BucketOf(absl::ToInt64Nanoseconds(latency)), count);
  minimum_ = first ? latency : std::min(minimum_, latency);
  maximum_ = std::max(maximum_, latency);
  sum_ += latency * count;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  if (other.count_ == 0) return;
  minimum_ = count_ == 0 ? other.minimum_ : std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  sum_ += other.sum_;
  for (std::size_t i = 0; i < other.counts_.size(); ++i) AddToBucket(i, other.counts_[i]);
}

absl::Duration LatencyHistogram::Average() const {
  return count_ == 0 ? absl::ZeroDuration() : sum_ / count_;
}

absl::Duration LatencyHistogram::Percentile(double percent) const {
  const double rank = std::max(std::ceil(percent / 100 * static_cast<double>(count_)), 1.0);
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (static_cast<double>(seen) >= rank) {
      return std::clamp(BucketAt(i, 0).Middle(), minimum_, maximum_);
    }
  }
  return maximum_;
}

std::int64_t LatencyHistogram::CountUpTo(absl::Duration latency) const {
  if (latency < absl::ZeroDuration()) return 0;
  const std::size_t last = BucketOf(absl::ToInt64Nanoseconds(latency));
  std::int64_t count = 0;
  for (std::size_t i = 0; i < counts_.size() && i <= last; ++i) count += counts_[i];
  return count;
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::Buckets() const {
  std::vector<Bucket> buckets;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) buckets.push_back(BucketAt(i, counts_[i]));
  }
  return buckets;
}

std::ostream& operator<<(std::ostream& out, const LatencyHistogram& histogram) {
  return out << "{Count: " << histogram.count() << ", Average: " << histogram.Average()
             << ", p50: " << histogram.Percentile(50) << ", p99: " << histogram.Percentile(99)
             << ", Maximum: " << histogram.maximum() << "}";
}

}  // namespace riacho
