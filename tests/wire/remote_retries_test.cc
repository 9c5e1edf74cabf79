// What RemoteClient tries again, after how long, and how often.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "riacho/wire/remote_client.h"
#include "wire/canned_server.h"
#include "wire/canned_world.h"

namespace riacho {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::SizeIs;

TEST(RemoteRetries, TriesAgainWhatMaySucceedLater) {
  CannedWorld world({{Refused("400 Bad Request", "ProvisionedThroughputExceededException")},
                     {HttpAnswer("503 Service Unavailable", "busy")},
                     {Stored()}});
  EXPECT_TRUE(world.Put().ok());
  EXPECT_THAT(world.server.requests(), SizeIs(3));
  EXPECT_EQ(world.server.connections(), 1);
  ASSERT_THAT(world.clock.waits(), SizeIs(2));
  EXPECT_THAT(world.clock.waits(), Each(Ge(absl::ZeroDuration())));
  EXPECT_LE(world.clock.waits()[0], absl::Seconds(1));
  EXPECT_LE(world.clock.waits()[1], absl::Milliseconds(100));
}

TEST(RemoteRetries, WaitsLongerAfterThrottlingThanAfterTrouble) {
  RemoteClientOptions options;
  options.retry.max_attempts = 5;
  options.retry.jitter = RetryJitter::kNone;
  CannedWorld world({{Refused("503 Service Unavailable", "ServiceUnavailable")},
                     {Refused("400 Bad Request", "ProvisionedThroughputExceededException")},
                     {Refused("500 Internal Server Error", "InternalFailureException")},
                     {Refused("400 Bad Request", "ThrottlingException")},
                     {Stored()}},
                    options);
  EXPECT_TRUE(world.Put().ok());
  EXPECT_THAT(world.clock.waits(), ElementsAre(absl::Milliseconds(50), absl::Seconds(2),
                                               absl::Milliseconds(200), absl::Seconds(8)));
}

TEST(RemoteRetries, WaitsAsLongAsTheEndpointAsksWithinFiveSeconds) {
  RemoteClientOptions options;
  options.retry.max_attempts = 6;
  options.retry.jitter = RetryJitter::kNone;
  const auto busy = [](const std::string& hint) -> CannedAnswer {
    return {HttpAnswer("503 Service Unavailable", "busy", "x-amz-retry-after: " + hint + "\r\n")};
  };
  CannedWorld world({busy("1500"), busy("60000"), busy("1"), busy("soon"), busy("-7"), {Stored()}},
                    options);
  EXPECT_TRUE(world.Put().ok());
  EXPECT_THAT(world.clock.waits(), ElementsAre(absl::Milliseconds(1500), absl::Milliseconds(5100),
                                               absl::Milliseconds(200), absl::Milliseconds(400),
                                               absl::Milliseconds(800)));
}

TEST(RemoteRetries, ASubscriptionIsTriedAgainAsTheEndpointAsks) {
  CannedWorld world({{HttpAnswer("503 Service Unavailable", "busy", "x-amz-retry-after: 3000\r\n")},
                     {Refused("400 Bad Request", "ResourceInUseException")}});
  EXPECT_EQ(GetErrorCode(world.Subscribe().status()), ErrorCode::kResourceInUse);
  EXPECT_THAT(world.clock.waits(), ElementsAre(absl::Seconds(3)));
}

// What is no failure of the moment, and what the SDKs leave to their callers.
TEST(RemoteRetries, TriesNothingElseAgain) {
  for (const std::string& answer :
       {HttpAnswer("501 Not Implemented", "no"), HttpAnswer("505 HTTP Version Not Supported", "no"),
        HttpAnswer("404 Not Found", "no"), Refused("400 Bad Request", "KMSThrottlingException"),
        Refused("400 Bad Request", "ExpiredIteratorException"),
        Refused("400 Bad Request", "InvalidSignatureException")}) {
    CannedWorld world({{answer}, {Stored()}});
    EXPECT_FALSE(world.Put().ok()) << answer;
    EXPECT_THAT(world.clock.waits(), testing::IsEmpty()) << answer;
  }
}

TEST(RemoteRetries, GivesUpAfterAsManyAttemptsAsThePolicySays) {
  const CannedAnswer busy = {Refused("500 Internal Server Error", "InternalFailure")};
  CannedWorld world({busy, busy, busy, busy});
  EXPECT_EQ(GetErrorCode(world.Put().status()), ErrorCode::kInternalFailure);
  EXPECT_THAT(world.server.requests(), SizeIs(3));
  CannedWorld once({busy, busy}, {.retry = {.max_attempts = 1}});
  EXPECT_EQ(GetErrorCode(once.Put().status()), ErrorCode::kInternalFailure);
  EXPECT_THAT(once.server.requests(), SizeIs(1));
}

TEST(RemoteRetries, StopsTryingAgainWhenTheQuotaOfAllCallsIsUsedUp) {
  const CannedAnswer busy = {Refused("500 Internal Server Error", "InternalFailure")};
  CannedWorld world(std::vector<CannedAnswer>(104, busy), {.retry = {.max_attempts = 103}});
  EXPECT_FALSE(world.Put().ok());
  EXPECT_THAT(world.server.requests(), SizeIs(36));  // 500 for retries at 14 each
  EXPECT_FALSE(world.Put().ok());
  EXPECT_THAT(world.server.requests(), SizeIs(37));
  const CannedAnswer slow = {Refused("400 Bad Request", "ThrottlingException")};
  CannedWorld throttled(std::vector<CannedAnswer>(104, slow), {.retry = {.max_attempts = 103}});
  EXPECT_FALSE(throttled.Put().ok());
  EXPECT_THAT(throttled.server.requests(), SizeIs(101));  // at 5 each
}

TEST(RemoteRetries, ATimeOutCostsAsMuchOfTheQuotaAsOtherTrouble) {
  CannedWorld world({}, {.retry = {.max_attempts = 103}, .request_timeout = absl::Milliseconds(2)});
  EXPECT_TRUE(absl::IsDeadlineExceeded(world.Put().status()));
  EXPECT_THAT(world.clock.waits(), SizeIs(35));  // 500 at 14 each
  EXPECT_TRUE(absl::IsDeadlineExceeded(world.Put().status()));
  EXPECT_THAT(world.clock.waits(), SizeIs(35));
}

// After one call has used the quota up, each success gives back what its last retry had cost, or 1.
TEST(RemoteRetries, SuccessesRefillTheQuota) {
  const CannedAnswer busy = {Refused("500 Internal Server Error", "InternalFailure")};
  std::vector<CannedAnswer> answers(36, busy);
  answers.insert(answers.end(), 4, {Stored()});  // 10 are left, and 4 more make one retry
  answers.insert(answers.end(), {busy, {Stored()}, busy, {Stored()}});
  CannedWorld world(answers, {.retry = {.max_attempts = 103}});
  EXPECT_FALSE(world.Put().ok());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(world.Put().ok());
  EXPECT_TRUE(world.Put().ok());
  EXPECT_TRUE(world.Put().ok());
  EXPECT_THAT(world.server.requests(), SizeIs(44));
}

}  // namespace
}  // namespace riacho
