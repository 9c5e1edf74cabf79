// When a stream that scales by itself wants to be looked at.
#include <cstdint>
#include <memory>
#include <optional>

#include "gtest/gtest.h"

#include "shard/segment_pool.h"
#include "stream/stream.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kMinute = std::int64_t{60} * 1'000'000'000;
constexpr std::int64_t kStart = std::int64_t{1'767'225'600} * 1'000'000'000;  // 2026-01-01

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
                                  kStart);
}

TEST(StreamScaling, EndsTheMinuteInWhichSomethingWasWritten) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kOnDemand);
  stream->Put("k", std::nullopt, "x", kStart + 1);
  EXPECT_EQ(stream->due_at_nanos(), kStart + kMinute);
  stream->Settle(kStart + kMinute);
  EXPECT_EQ(stream->due_at_nanos(), kStart + 2 * kMinute);
}

TEST(StreamScaling, HasNothingToDoAfterAMinuteWithoutTraffic) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kOnDemand);
  const std::int64_t due_of_trimming = stream->due_at_nanos();
  ASSERT_GT(due_of_trimming, kStart + 3 * kMinute);
  stream->Put("k", std::nullopt, "x", kStart + 1);
  stream->Settle(kStart + 2 * kMinute);
  EXPECT_EQ(stream->due_at_nanos(), due_of_trimming);
}

TEST(StreamScaling, CostsAProvisionedStreamNothing) {
  const std::unique_ptr<Stream> stream = NewStream(StreamMode::kProvisioned);
  const std::int64_t due_of_trimming = stream->due_at_nanos();
  stream->Put("k", std::nullopt, "x", kStart + 1);
  EXPECT_EQ(stream->due_at_nanos(), due_of_trimming);
}

}  // namespace
}  // namespace riacho::internal
