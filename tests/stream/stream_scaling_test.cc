// When a stream that scales by itself wants to be looked at.
#include <cstdint>
#include <memory>
#include <optional>

#include "gtest/gtest.h"

#include "base/epoch.h"
#include "shard/segment_pool.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kWindowNanos = std::int64_t{60} * 1'000'000'000;
constexpr std::int64_t kStartNanos = std::int64_t{1'767'225'600} * 1'000'000'000;  // 2026-01-01

std::unique_ptr<Stream> NewStream(StreamMode mode) {
  return std::make_unique<Stream>(StreamOptions{.name = "clicks",
                                                .arn = "arn",
                                                .account_id = "123456789012",
                                                .region = "us-east-1",
                                                .limits = Limits(),
                                                .lifecycle = Lifecycle(),
                                                .memory = std::make_shared<SegmentPool>(),
                                                .shard_count = 4,
                                                .mode = mode},
                                  kStartNanos);
}

void PutOne(Stream& stream) {
  const EpochGuard guard;
  stream.Put("k", std::nullopt, "x", kStartNanos + 1);
}

TEST(StreamScaling, EndsTheMinuteInWhichSomethingWasWritten) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kOnDemand);
  PutOne(*stream);
  EXPECT_EQ(stream->due_at_nanos(), kStartNanos + kWindowNanos);
  stream->Settle(kStartNanos + kWindowNanos);
  EXPECT_EQ(stream->due_at_nanos(), kStartNanos + 2 * kWindowNanos);
}

TEST(StreamScaling, HasNothingToDoAfterAMinuteWithoutTraffic) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kOnDemand);
  const std::int64_t due_of_trimming = stream->due_at_nanos();
  ASSERT_GT(due_of_trimming, kStartNanos + 3 * kWindowNanos);
  PutOne(*stream);
  stream->Settle(kStartNanos + 2 * kWindowNanos);
  EXPECT_EQ(stream->due_at_nanos(), due_of_trimming);
}

TEST(StreamScaling, CostsAProvisionedStreamNothing) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kProvisioned);
  const std::int64_t due_of_trimming = stream->due_at_nanos();
  PutOne(*stream);
  EXPECT_EQ(stream->due_at_nanos(), due_of_trimming);
}

}  // namespace
}  // namespace riacho::internal
