#include "riacho/telemetry/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "telemetry/latency_tally.h"

namespace riacho {
namespace {

using internal::LatencyTally;
using testing::IsEmpty;
using testing::SizeIs;

TEST(LatencyHistogram, WithoutSamplesIsZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Average(), absl::ZeroDuration());
  EXPECT_EQ(histogram.Percentile(99), absl::ZeroDuration());
  EXPECT_EQ(histogram.CountUpTo(absl::Hours(1)), 0);
  EXPECT_THAT(histogram.Buckets(), IsEmpty());
}

// Every bucket ends where the next begins, and none is wider than a thirty-second of where it ends.
TEST(LatencyHistogram, BucketsCoverAllWithoutGaps) {
  LatencyHistogram histogram(std::vector<std::int64_t>(LatencyHistogram::kBuckets, 1), {}, {}, {});
  const auto buckets = histogram.Buckets();
  ASSERT_THAT(buckets, SizeIs(LatencyHistogram::kBuckets));
  absl::Duration end = absl::ZeroDuration();
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    EXPECT_EQ(buckets[i].above, end);
    end = buckets[i].up_to;
    const std::int64_t first = absl::ToInt64Nanoseconds(buckets[i].above) + 1;
    const std::int64_t last = absl::ToInt64Nanoseconds(end);
    EXPECT_EQ(LatencyHistogram::BucketOf(first), i);
    EXPECT_EQ(LatencyHistogram::BucketOf(last), i);
    EXPECT_LE(last - first, last / 32);
  }
  EXPECT_GT(end, absl::Hours(19));
  EXPECT_EQ(LatencyHistogram::BucketOf(INT64_MAX), LatencyHistogram::kBuckets - 1);
  EXPECT_EQ(LatencyHistogram::BucketOf(0), 0u);
  EXPECT_EQ(LatencyHistogram::BucketOf(-1), 0u);
}

TEST(LatencyHistogram, PercentilesAreWithinTwoPercentOfTheSamples) {
  Random random(7);
  LatencyHistogram histogram;
  std::vector<std::int64_t> samples;
  absl::Duration sum;
  for (int i = 0; i < 20'000; ++i) {
    const auto nanos =
        static_cast<std::int64_t>(std::exp2(static_cast<double>(random.Next() % 44'000) / 1'000));
    samples.push_back(nanos);
    histogram.Add(absl::Nanoseconds(nanos));
    sum += absl::Nanoseconds(nanos);
  }
  std::ranges::sort(samples);
  for (const double percent : {0.0, 0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.99, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::max(std::ceil(percent * 200), 1.0));
    const auto exact = static_cast<double>(samples[rank - 1]);
    EXPECT_NEAR(absl::ToDoubleNanoseconds(histogram.Percentile(percent)), exact, exact * 0.016)
        << percent;
  }
  EXPECT_EQ(histogram.count(), 20'000);
  EXPECT_EQ(histogram.sum(), sum);
  EXPECT_EQ(histogram.minimum(), absl::Nanoseconds(samples.front()));
  EXPECT_EQ(histogram.maximum(), absl::Nanoseconds(samples.back()));
}

TEST(LatencyHistogram, SmallLatenciesAreExact) {
  LatencyHistogram histogram;
  for (int nanos = 1; nanos <= 64; ++nanos) histogram.Add(absl::Nanoseconds(nanos));
  EXPECT_EQ(histogram.Percentile(50), absl::Nanoseconds(32));
  EXPECT_EQ(histogram.CountUpTo(absl::Nanoseconds(33)), 33);
}

TEST(LatencyHistogram, CountsUpToAPowerOfTwoAreExact) {
  LatencyHistogram histogram;
  histogram.Add(absl::Nanoseconds(4096));
  histogram.Add(absl::Nanoseconds(4097), 2);
  EXPECT_EQ(histogram.CountUpTo(absl::Nanoseconds(4096)), 1);
  EXPECT_EQ(histogram.CountUpTo(absl::Nanoseconds(8192)), 3);
  EXPECT_EQ(histogram.CountUpTo(absl::Nanoseconds(-1)), 0);
  EXPECT_EQ(histogram.CountUpTo(absl::InfiniteDuration()), 3);
}

TEST(LatencyHistogram, OfTwoMergedIsThatOfAllSamples) {
  LatencyHistogram all;
  LatencyHistogram parts[2];
  for (int i = 0; i < 100; ++i) {
    all.Add(absl::Microseconds(i * i), i % 3);
    parts[i % 2].Add(absl::Microseconds(i * i), i % 3);
  }
  LatencyHistogram merged;
  merged.Merge(LatencyHistogram());
  merged.Merge(parts[1]);
  merged.Merge(parts[0]);
  merged.Merge(LatencyHistogram());
  EXPECT_EQ(merged, all);
}

TEST(LatencyHistogram, WhatIsNotPositiveOrTooLongCountsAtTheEdge) {
  LatencyHistogram histogram;
  histogram.Add(absl::Seconds(-1));
  histogram.Add(absl::Hours(100));
  histogram.Add(absl::Seconds(1), 0);
  histogram.Add(absl::Seconds(1), -5);
  EXPECT_EQ(histogram.count(), 2);
  EXPECT_EQ(histogram.minimum(), absl::ZeroDuration());
  EXPECT_EQ(histogram.maximum(), absl::Hours(100));
}

TEST(LatencyTally, EverySampleIsTakenOnce) {
  LatencyTally tally;
  LatencyHistogram all;
  LatencyHistogram taken;
  EXPECT_EQ(tally.Take(), LatencyHistogram());
  for (const std::int64_t nanos : {1, 80, 1'000'000, 80, 7'200'000, 81}) {
    tally.Add(nanos);
    all.Add(absl::Nanoseconds(nanos));
    if (nanos == 80) taken.Merge(tally.Take());
  }
  taken.Merge(tally.Take());
  EXPECT_EQ(taken, all);
  EXPECT_EQ(tally.Take().count(), 0);
}

TEST(LatencyTally, ClearedBeginsAnew) {
  LatencyTally tally;
  tally.Add(7);
  tally.Add(1'000'000);
  tally.Take();
  tally.Add(2'000'000);
  tally.Clear();
  EXPECT_EQ(tally.Take(), LatencyHistogram());
  tally.Add(80);
  LatencyHistogram one;
  one.Add(absl::Nanoseconds(80));
  EXPECT_EQ(tally.Take(), one);
}

}  // namespace
}  // namespace riacho
