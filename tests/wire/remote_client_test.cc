// RemoteClient and a server that says what the test wants, on the loopback.
#include "riacho/wire/remote_client.h"

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "wire/canned_server.h"
#include "wire/canned_world.h"
#include "wire/event_stream.h"
#include "wire/signature.h"

namespace riacho {
namespace {

using internal::EventMessage;
using internal::ExceptionMessage;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string HeaderIn(const std::string& request, const std::string& name) {
  const std::size_t begin = request.find("\r\n" + name + ": ") + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

TEST(RemoteClient, AsksInTheServicesTermsAndReadsTheAnswer) {
  CannedWorld world({{Stored()}});
  const auto put = world.Put();
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->shard_id.number, 7);
  EXPECT_EQ(put->sequence_number.ToString(),
            "49590338271490256608559692538361571095921575989136588898");
  ASSERT_THAT(world.server.requests(), SizeIs(1));
  const std::string request = world.server.requests()[0];
  EXPECT_THAT(request, testing::StartsWith("POST / HTTP/1.1\r\n"));
  EXPECT_EQ(HeaderIn(request, "x-amz-target"), "Kinesis_20131202.PutRecord");
  EXPECT_EQ(HeaderIn(request, "content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(HeaderIn(request, "x-amz-security-token"), "token");
  EXPECT_THAT(request,
              testing::EndsWith(R"({"StreamName":"orders","Data":"cGFpZA==","PartitionKey":"k"})"));
}

TEST(RemoteClient, SignsWithItsOwnTime) {
  CannedWorld world({{Stored()}});
  ASSERT_TRUE(world.Put().ok());
  const std::string request = world.server.requests()[0];
  EXPECT_EQ(HeaderIn(request, "x-amz-date"), "20260101T000000Z");
  internal::SignedRequest signed_request;
  for (const std::string name :
       {"content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"})
    signed_request.headers.emplace_back(name, HeaderIn(request, name));
  signed_request.payload_hash = internal::Sha256Hex(request.substr(request.find("\r\n\r\n") + 4));
  EXPECT_EQ(HeaderIn(request, "authorization"),
            internal::Authorization({"AKID", "secret"}, signed_request, "20260101T000000Z",
                                    {"20260101", "eu-west-1", "kinesis"}));
}

TEST(RemoteClient, SpeaksCborIfItIsToldTo) {
  // {"FailedRecordCount": 0, "Records": []}
  const std::string body = std::string("\xa2\x71") + "FailedRecordCount" + std::string(1, '\0') +
                           "\x67" + "Records" + "\x80";
  CannedWorld world({{HttpAnswer("200 OK", body, "content-type: application/x-amz-cbor-1.1\r\n")}},
                    {.format = RemoteFormat::kCbor});
  const std::vector<PutRecordsRequestEntry> records = {{.data = "paid", .partition_key = "k"}};
  const auto put = world.client.PutRecords({.records = records, .stream_name = "orders"});
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_TRUE(put->records.empty());
  EXPECT_EQ(HeaderIn(world.server.requests()[0], "content-type"), "application/x-amz-cbor-1.1");
  EXPECT_THAT(world.server.requests()[0], HasSubstr("\x64"
                                                    "Data"
                                                    "\x44"
                                                    "paid"));
}

TEST(RemoteClient, OperationsWithoutOutputAnswerNothing) {
  CannedWorld world({{HttpAnswer("200 OK", "")}});
  EXPECT_TRUE(world.client.CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
}

TEST(RemoteClient, AnswersTheServicesErrors) {
  CannedWorld world({{Refused("400 Bad Request", "ResourceNotFoundException")}});
  const absl::Status status = world.Put().status();
  EXPECT_EQ(GetErrorCode(status), ErrorCode::kResourceNotFound);
  EXPECT_EQ(ErrorMessage(status), "said so");
  EXPECT_THAT(world.clock.waits(), testing::IsEmpty());
}

TEST(RemoteClient, KeepsItsConnectionForTheNextCall) {
  CannedWorld world({{Stored()}, {Stored()}, {Stored()}});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(world.Put().ok());
  EXPECT_EQ(world.server.connections(), 1);
}

TEST(RemoteClient, AConnectionThatBrokeWhileIdleIsReplaced) {
  CannedWorld world({{.bytes = Stored(), .close = true}, {Stored()}},
                    {.retry = {.max_attempts = 1}});
  EXPECT_TRUE(world.Put().ok());
  // The end may be on its way still, when the connection is taken for quiet: then it is the next
  // call's to be unlucky.
  const absl::Status second = world.Put().status();
  EXPECT_TRUE(second.ok() || absl::IsUnavailable(second)) << second;
  EXPECT_TRUE(second.ok() || world.Put().ok());
  EXPECT_EQ(world.server.connections(), 2);
}

TEST(RemoteClient, SeveralThreadsHaveAConnectionEach) {
  constexpr int kThreads = 4;
  constexpr int kPuts = 25;
  CannedWorld world(std::vector<CannedAnswer>(kThreads * kPuts, {Stored()}));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&world] {
      for (int j = 0; j < kPuts; ++j) EXPECT_TRUE(world.Put().ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(world.server.requests(), SizeIs(kThreads * kPuts));
  EXPECT_LE(world.server.connections(), kThreads);
}

TEST(RemoteClient, ABrokenConnectionIsUnavailableAndTriedAgain) {
  CannedWorld world({CannedAnswer{.close = true}, CannedAnswer{Stored()}});
  EXPECT_TRUE(world.Put().ok());
  EXPECT_THAT(world.server.requests(), SizeIs(2));
  CannedWorld once({CannedAnswer{.close = true}}, {.retry = {.max_attempts = 1}});
  EXPECT_TRUE(absl::IsUnavailable(once.Put().status()));
}

TEST(RemoteClient, SaysWhereNobodyListens) {
  std::string url;
  {
    const CannedServer gone({});
    url = gone.url();
  }
  LeapingClock clock;
  RemoteClient client(
      {.endpoint = url, .region = "eu-west-1", .credentials = {"AKID", "secret"}, .clock = &clock});
  const absl::Status status = client.DescribeLimits({}).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(ErrorMessage(status)),
              AllOf(HasSubstr(url.substr(7)), HasSubstr("refused")));
  EXPECT_THAT(clock.waits(), SizeIs(2));
}

TEST(RemoteClient, DoesNotWaitForEverForAnAnswer) {
  CannedWorld world({}, {.retry = {.max_attempts = 1}, .request_timeout = absl::Milliseconds(20)});
  const absl::Status status = world.Put().status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status));
  EXPECT_EQ(ErrorMessage(status), "Waited in vain for the answer of 127.0.0.1:" +
                                      std::to_string(world.server.port()) + ".");
}

TEST(RemoteClient, TellsWhatIsWrongWithAnAnswer) {
  const std::vector<std::pair<std::string, std::string>> answers = {
      {HttpAnswer("200 OK", "[]"), "The answer cannot be read: its body is no object."},
      {HttpAnswer("200 OK", ""), "The answer cannot be read: its body is no object."},
      {HttpAnswer("200 OK", R"({"ShardId":"x","SequenceNumber":"1"})"),
       "The answer cannot be read: 'x' cannot be read."},
      {"SMTP ready\r\n\r\n", "The answer is no HTTP: bad version."}};
  for (const auto& [bytes, text] : answers) {
    CannedWorld world({{bytes}});
    const absl::Status status = world.Put().status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_EQ(ErrorMessage(status), text);
    EXPECT_THAT(world.server.requests(), SizeIs(1));
  }
}

TEST(RemoteClient, AnAnswerHasALimit) {
  CannedWorld world({{HttpAnswer("200 OK", std::string(2000, ' ') + "{}")}},
                    {.max_answer_bytes = 1000});
  EXPECT_TRUE(absl::IsResourceExhausted(world.Put().status()));
}

TEST(RemoteClient, AnEntrysUnknownErrorIsAnInternalFailure) {
  CannedWorld world({{HttpAnswer("200 OK", R"({"FailedRecordCount":1,"Records":[)"
                                           R"({"ErrorCode":"Odd","ErrorMessage":"said so"}]})")}});
  const std::vector<PutRecordsRequestEntry> records = {{.data = "paid", .partition_key = "k"}};
  const auto put = world.client.PutRecords({.records = records, .stream_name = "orders"});
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->records[0].error_code, ErrorCode::kInternalFailure);
  EXPECT_EQ(put->records[0].error_message, "Odd: said so");
}

TEST(RemoteClient, TextThatIsNotUtf8IsNotSent) {
  CannedWorld world({});
  for (const std::string_view text : {"\xff", "a\xc3", "\xed\xa0\x80"}) {
    EXPECT_EQ(
        GetErrorCode(
            world.client.PutRecord({.stream_name = "orders", .partition_key = text}).status()),
        ErrorCode::kSerialization);
    EXPECT_EQ(GetErrorCode(
                  world.client
                      .AddTagsToStream({.stream_name = "orders", .tags = {{std::string(text), ""}}})
                      .status()),
              ErrorCode::kSerialization);
  }
  EXPECT_THAT(world.server.requests(), testing::IsEmpty());
}

TEST(RemoteClient, AllCallsSayWhatIsWrongWithItsOptions) {
  const auto status_of = [](RemoteClientOptions options) {
    options.credentials = {"AKID", "secret"};
    if (options.region.empty()) options.region = "eu-west-1";
    RemoteClient client(std::move(options));
    EXPECT_EQ(client.ListStreams({}).status(), client.status());
    EXPECT_EQ(client.SubscribeToShard({}).status(), client.status());
    return client.status().code();
  };
  EXPECT_EQ(status_of({.endpoint = "nowhere"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.region = "a/b"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.connect_timeout = absl::ZeroDuration()}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.request_timeout = -absl::Seconds(1)}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.max_answer_bytes = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.max_idle_connections = -1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of({.ca_certificates = "none"}), absl::StatusCode::kFailedPrecondition);
}

std::string Chunk(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string length;
  for (std::size_t rest = bytes.size(); rest != 0; rest /= 16)
    length.insert(length.begin(), kDigits[rest % 16]);
  return (length.empty() ? "0" : length) + "\r\n" + bytes + "\r\n";
}

std::string Streamed(const std::vector<std::string>& frames) {
  std::string answer =
      "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\n"
      "transfer-encoding: chunked\r\n\r\n";
  for (const std::string& frame : frames) answer += Chunk(frame);
  return answer;
}

std::string Begun() { return EventMessage("initial-response", "{}"); }
std::string EventWith(const std::string& data) {
  return EventMessage(
      "SubscribeToShardEvent",
      R"({"Records":[{"Data":")" + data +
          R"(","PartitionKey":"k","SequenceNumber":"49590338271490256608559692538361571095921575989136588898"}],)"
          R"("ContinuationSequenceNumber":"49590338271490256608559692538361571095921575989136588898",)"
          R"("MillisBehindLatest":0})");
}

TEST(RemoteSubscription, AnswersEventsInTheirOrderUntilTheBodyEnds) {
  CannedWorld world({{Streamed({Begun(), EventWith("YQ=="), EventWith("Yg=="), ""})}});
  auto subscription = world.Subscribe();
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  std::vector<std::string> data;
  while (true) {
    auto event = (*subscription)->Wait(absl::InfiniteFuture());
    ASSERT_TRUE(event.ok()) << event.status();
    if (!event->has_value()) break;
    data.emplace_back((*event)->records[0].data);
  }
  EXPECT_THAT(data, ElementsAre("a", "b"));
  EXPECT_TRUE((*subscription)->ended());
  EXPECT_FALSE((*subscription)->Poll()->has_value());
}

TEST(RemoteSubscription, AnExceptionIsAnsweredOnceAndEndsIt) {
  CannedWorld world({{Streamed(
      {Begun(), ExceptionMessage("ResourceInUseException", R"({"message":"taken over"})")})}});
  auto subscription = world.Subscribe();
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  const absl::Status status = (*subscription)->Wait(absl::InfiniteFuture()).status();
  EXPECT_EQ(GetErrorCode(status), ErrorCode::kResourceInUse);
  EXPECT_EQ(ErrorMessage(status), "taken over");
  EXPECT_TRUE((*subscription)->ended());
  EXPECT_TRUE((*subscription)->Poll().ok());
}

TEST(RemoteSubscription, WhatRefusesItIsTheCallsError) {
  CannedWorld refused({{Refused("400 Bad Request", "ResourceInUseException")}});
  EXPECT_EQ(GetErrorCode(refused.Subscribe().status()), ErrorCode::kResourceInUse);
  CannedWorld at_once({{Streamed({ExceptionMessage("ResourceNotFoundException", "{}")})}});
  EXPECT_EQ(GetErrorCode(at_once.Subscribe().status()), ErrorCode::kResourceNotFound);
}

TEST(RemoteSubscription, PollDoesNotWaitAndWaitKeepsItsDeadline) {
  CannedWorld world({{Streamed({Begun()})}});
  auto subscription = world.Subscribe();
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  EXPECT_FALSE((*subscription)->Poll()->has_value());
  EXPECT_FALSE((*subscription)->Wait(world.clock.TimeNow() + absl::Seconds(7))->has_value());
  EXPECT_THAT(world.clock.waits(), ElementsAre(absl::Seconds(7)));
  EXPECT_FALSE((*subscription)->ended());
}

TEST(RemoteSubscription, DamageIsToldAndEndsIt) {
  std::string damaged = EventWith("YQ==");
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  const std::string cut = EventWith("YQ==").substr(0, 50);
  for (const std::vector<std::string>& frames : std::vector<std::vector<std::string>>{
           {Begun(), damaged},
           {Begun(), cut, ""},
           {Begun(), EventMessage("SubscribeToShardEvent", "[]")}}) {
    CannedWorld world({{Streamed(frames)}});
    auto subscription = world.Subscribe();
    ASSERT_TRUE(subscription.ok()) << subscription.status();
    EXPECT_TRUE(absl::IsDataLoss((*subscription)->Wait(absl::InfiniteFuture()).status()));
    EXPECT_TRUE((*subscription)->ended());
  }
}

TEST(RemoteSubscription, WakesItsSleeperWhenItsConnectionEnds) {
  CannedWorld world({{.bytes = Streamed({Begun()}), .close = true}});
  WakeEvent woken;
  auto subscription = world.Subscribe();
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  (*subscription)->OnWake([&woken] { woken.Signal(); });
  absl::StatusOr<std::optional<SubscribeToShardEvent>> event = std::nullopt;
  // However often there is nothing yet, each wake comes.
  while (event.ok()) {
    event = (*subscription)->Poll();
    if (event.ok()) woken.Wait();
  }
  EXPECT_TRUE(absl::IsDataLoss(event.status())) << event.status();
}

TEST(RemoteSubscription, OutlivesItsClient) {
  CannedServer server({{Streamed({Begun(), EventWith("YQ=="), ""})}});
  LeapingClock clock;
  std::unique_ptr<Subscription> subscription;
  {
    RemoteClient client({.endpoint = server.url(),
                         .region = "eu-west-1",
                         .credentials = {"AKID", "secret"},
                         .clock = &clock});
    subscription = client.SubscribeToShard({}).value();
  }
  absl::StatusOr<std::optional<SubscribeToShardEvent>> event =
      subscription->Wait(absl::InfiniteFuture());
  ASSERT_TRUE(event.ok() && event->has_value());
  EXPECT_EQ((*event)->records[0].data, "a");
}

}  // namespace
}  // namespace riacho
