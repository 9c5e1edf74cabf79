// Endpoint as a C++ program sees it: its options, how it begins and ends. What it answers is tested
// by service_test and by the clients of others.
#include "riacho/wire/endpoint.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/engine/engine.h"
#include "riacho/time/manual_clock.h"
#include "wire/http_caller.h"
#include "wire/tls_filter.h"

namespace riacho {
namespace {

using internal::Caller;
using internal::MakeCertificate;
using internal::SelfMadeCertificate;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr std::string_view kGetHealth =
    "GET /_riacho/health?x=secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

class EndpointTest : public testing::Test {
 protected:
  // Why it does not start.
  absl::Status Refusal(EndpointOptions options) {
    Endpoint endpoint(*client, std::move(options));
    return endpoint.Start();
  }

  // The whole answer to `request`, which is to close.
  static std::string Ask(const Endpoint& endpoint, std::string_view request) {
    Caller caller(endpoint.port());
    caller.Say(request);
    return caller.Hear();
  }
  static std::string Call(const Endpoint& endpoint, std::string_view operation,
                          std::string_view body) {
    return Ask(endpoint,
               "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               "Content-Type: application/x-amz-json-1.1\r\n"
               "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/"
               "aws4_request, SignedHeaders=host;x-amz-date, Signature=0\r\n"
               "X-Amz-Date: 20260101T000000Z\r\nX-Amz-Target: Kinesis_20131202." +
                   std::string(operation) + "\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + std::string(body));
  }

  ManualClock clock;
  Engine engine{clock};
  std::unique_ptr<Client> client = engine.NewClient();
};

MATCHER_P2(IsRefusal, code, text, "") {
  *result_listener << "which is " << arg;
  return arg.code() == code &&
         testing::ExplainMatchResult(HasSubstr(text), std::string(arg.message()), result_listener);
}

TEST_F(EndpointTest, SaysWhichOptionCannotBe) {
  const auto invalid = [](std::string_view text) {
    return IsRefusal(absl::StatusCode::kInvalidArgument, std::string(text));
  };
  EXPECT_THAT(Refusal({.threads = -1}), invalid("EndpointOptions::threads is -1; at least 0"));
  EXPECT_THAT(Refusal({.max_body_bytes = 0}),
              invalid("EndpointOptions::max_body_bytes is 0; at least 1"));
  EXPECT_THAT(Refusal({.max_connections = 0}),
              invalid("EndpointOptions::max_connections is 0; at least 1"));
  EXPECT_THAT(Refusal({.request_timeout = absl::ZeroDuration()}),
              invalid("request_timeout is 0 and idle_timeout 5m; both must be more than 0"));
  EXPECT_THAT(Refusal({.idle_timeout = -absl::Seconds(1)}),
              invalid("request_timeout is 30s and idle_timeout -1s"));
  EXPECT_THAT(Refusal({.credentials = {{.secret_access_key = "s"}}}),
              invalid("without an access key id"));
  EXPECT_THAT(Refusal({.credentials = {{.access_key_id = "k"}}}), invalid("without its secret"));
  EXPECT_THAT(Refusal({.address = "here"}), invalid("'here' is no address"));
}

TEST_F(EndpointTest, SaysWhatIsWrongWithACertificate) {
  const SelfMadeCertificate ours = *MakeCertificate("127.0.0.1");
  const SelfMadeCertificate foreign = *MakeCertificate("127.0.0.1");
  const auto refusal = [this](std::string certificate, std::string key) {
    return Refusal(
        {.tls = EndpointTls{.certificate = std::move(certificate), .private_key = std::move(key)}});
  };
  const auto invalid = [](std::string_view text) {
    return IsRefusal(absl::StatusCode::kInvalidArgument, std::string(text));
  };
  EXPECT_THAT(refusal("nonsense", ours.private_key), invalid("certificate cannot be used"));
  EXPECT_THAT(refusal("", ours.private_key), invalid("certificate cannot be used"));
  EXPECT_THAT(refusal(ours.certificate, "nonsense"), invalid("private key cannot be used"));
  EXPECT_THAT(refusal(ours.certificate, ""), invalid("private key cannot be used"));
  EXPECT_THAT(refusal(ours.certificate, foreign.private_key), invalid("mismatch"));
}

TEST_F(EndpointTest, ShowsTheCertificateThatItWasGiven) {
  const SelfMadeCertificate ours = *MakeCertificate("127.0.0.1");
  Endpoint endpoint(*client, {.tls = EndpointTls{.certificate = ours.certificate,
                                                 .private_key = ours.private_key}});
  EXPECT_THAT(endpoint.certificate(), IsEmpty());
  ASSERT_TRUE(endpoint.Start().ok());
  EXPECT_EQ(endpoint.certificate(), ours.certificate);
  EXPECT_EQ(endpoint.url(), "https://127.0.0.1:" + std::to_string(endpoint.port()));
}

TEST_F(EndpointTest, StartsOnce) {
  Endpoint endpoint(*client);
  ASSERT_TRUE(endpoint.Start().ok());
  const std::string url = endpoint.url();
  EXPECT_EQ(endpoint.Start().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(endpoint.url(), url);
  EXPECT_THAT(Ask(endpoint, kGetHealth), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EndpointTest, HasNoUrlBeforeItStarts) {
  Endpoint endpoint(*client);
  EXPECT_THAT(endpoint.url(), IsEmpty());
  EXPECT_EQ(endpoint.port(), 0);
}

TEST_F(EndpointTest, PutsAnAddressOfVersionSixInBrackets) {
  Endpoint endpoint(*client, {.address = "::1"});
  const absl::Status started = endpoint.Start();
  if (started.code() == absl::StatusCode::kUnavailable) GTEST_SKIP() << started;
  ASSERT_TRUE(started.ok()) << started;
  EXPECT_EQ(endpoint.url(), "http://[::1]:" + std::to_string(endpoint.port()));
}

TEST_F(EndpointTest, StopBeforeStartChangesNothing) {
  Endpoint endpoint(*client);
  endpoint.Stop();
  endpoint.Run();
  ASSERT_TRUE(endpoint.Start().ok());
  EXPECT_THAT(Ask(endpoint, kGetHealth), StartsWith("HTTP/1.1 200 "));
  endpoint.Stop();
  endpoint.Stop();
  EXPECT_FALSE(Caller::Connects(endpoint.port()));
}

TEST_F(EndpointTest, LogsEachAnswer) {
  absl::Mutex mutex;
  std::vector<std::string> lines;
  Endpoint endpoint(*client, {.log =
                                  [&](std::string_view line) {
                                    const absl::MutexLock lock(&mutex);
                                    lines.emplace_back(line);
                                  },
                              .max_body_bytes = 1000});
  ASSERT_TRUE(endpoint.Start().ok());
  Ask(endpoint, kGetHealth);
  Call(endpoint, "ListStreams", "{}");
  Call(endpoint, "DescribeStream", R"({"StreamName": "none"})");
  Call(endpoint, "PutRecord", std::string(2000, 'x'));
  Ask(endpoint, "nonsense\r\n\r\n");
  endpoint.Stop();
  EXPECT_THAT(lines, ElementsAre(MatchesRegex("GET /_riacho/health 200 [0-9.]+ ms"),
                                 MatchesRegex("POST / ListStreams 200 [0-9.]+ ms"),
                                 MatchesRegex("POST / DescribeStream 400 [0-9.]+ ms"),
                                 "POST / PutRecord 413 0.0 ms", "- - 400 0.0 ms"));
}

TEST_F(EndpointTest, TwoServeOneEngine) {
  Endpoint first(*client);
  Endpoint second(*client);
  ASSERT_TRUE(first.Start().ok());
  ASSERT_TRUE(second.Start().ok());
  EXPECT_NE(first.port(), second.port());
  EXPECT_THAT(Call(first, "CreateStream", R"({"StreamName": "orders", "ShardCount": 1})"),
              StartsWith("HTTP/1.1 200 "));
  first.Stop();
  EXPECT_THAT(Call(second, "ListStreams", "{}"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr(R"("StreamNames":["orders"])")));
}

}  // namespace
}  // namespace riacho
