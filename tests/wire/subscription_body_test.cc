#include "wire/subscription_body.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "wire/event_stream.h"
#include "wire/service_fixture.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

class FanOutWorld : public ServiceWorld {
 public:
  FanOutWorld() {
    Create("orders");
    arn = Register("orders", "app");
  }

  std::string arn;

  HttpResponse Subscribe(WireFormat format = WireFormat::kJson) {
    const Document body = {{"ConsumerARN", arn},
                           {"ShardId", ShardName(0)},
                           {"StartingPosition", {{"Type", "TRIM_HORIZON"}}}};
    return Call("SubscribeToShard", PrintBody(body, format), format);
  }
};

std::vector<EventFrame> FramesOf(const std::string& bytes) {
  EventFrameParser parser;
  parser.Add(bytes);
  std::vector<EventFrame> frames;
  for (;;) {
    const absl::StatusOr<std::optional<EventFrame>> frame = parser.Next();
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || !frame->has_value()) break;
    frames.push_back(**frame);
  }
  EXPECT_FALSE(parser.in_frame());
  return frames;
}

// The frames of one piece, which more may follow.
std::vector<EventFrame> NextFrames(HttpResponse& answer) {
  std::string piece;
  EXPECT_TRUE(answer.source->Next(piece));
  return FramesOf(piece);
}

bool IsOver(HttpResponse& answer) {
  std::string piece;
  const bool over = !answer.source->Next(piece);
  EXPECT_EQ(piece, "");
  return over;
}

Document Event(const EventFrame& frame) {
  EXPECT_EQ(frame.headers.at(":event-type"), "SubscribeToShardEvent");
  return ReadBody(frame.payload);
}

TEST(SubscriptionBody, BeginsWithTheInitialResponse) {
  FanOutWorld world;
  for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
    const HttpResponse answer = world.Subscribe(format);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(HeaderOf(answer.headers, "content-type"), "application/vnd.amazon.eventstream");
    ASSERT_NE(answer.source, nullptr);
    const std::vector<EventFrame> frames = FramesOf(answer.body);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].headers.at(":event-type"), "initial-response");
    EXPECT_EQ(frames[0].payload, "{}");
    world.Advance(absl::Seconds(6));
  }
}

TEST(SubscriptionBody, BringsRecordsAsTheyAreAskedFor) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe(WireFormat::kCbor);
  EXPECT_TRUE(NextFrames(answer).empty());
  const PutRecordResponse put = world.Put("orders", "k", "paid");
  const std::vector<EventFrame> frames = NextFrames(answer);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_THAT(frames[0].headers,
              UnorderedElementsAre(Pair(":event-type", "SubscribeToShardEvent"),
                                   Pair(":content-type", "application/x-amz-json-1.1"),
                                   Pair(":message-type", "event")));
  const Document event = Event(frames[0]);
  EXPECT_EQ(event["Records"][0]["Data"], "cGFpZA==");
  EXPECT_EQ(event["ContinuationSequenceNumber"], put.sequence_number.ToString());
  EXPECT_EQ(event["MillisBehindLatest"], 0);
  EXPECT_FALSE(event.contains("ChildShards"));
  EXPECT_TRUE(NextFrames(answer).empty());
}

TEST(SubscriptionBody, APieceIsOneEvent) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  const std::string large(600 * 1024, 'x');
  for (int i = 0; i < 10; ++i) {
    world.Put("orders", "k", large);
    world.Advance(absl::Seconds(1));
  }
  std::size_t records = 0;
  while (records < 10) {
    const std::vector<EventFrame> frames = NextFrames(answer);
    ASSERT_EQ(frames.size(), 1u);
    records += Event(frames[0])["Records"].size();
    world.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(records, 10u);
}

TEST(SubscriptionBody, SaysEveryFiveSecondsThatThereIsNothing) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  EXPECT_TRUE(NextFrames(answer).empty());
  world.Advance(absl::Seconds(5));
  const std::vector<EventFrame> frames = NextFrames(answer);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_TRUE(Event(frames[0])["Records"].empty());
}

TEST(SubscriptionBody, EndsAfterFiveMinutes) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  world.Advance(absl::Minutes(5));
  EXPECT_TRUE(IsOver(answer));
}

TEST(SubscriptionBody, EndsWithTheShardAndItsChildren) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  EXPECT_TRUE(NextFrames(answer).empty());
  ASSERT_THAT(world.Split("orders", ShardName(0), std::string(kMiddleHashKey)), Succeeds());
  world.Advance(absl::Minutes(1));
  const std::vector<EventFrame> frames = NextFrames(answer);
  ASSERT_EQ(frames.size(), 1u);
  const Document event = Event(frames[0]);
  EXPECT_FALSE(event.contains("ContinuationSequenceNumber"));
  ASSERT_EQ(event["ChildShards"].size(), 2u);
  EXPECT_EQ(event["ChildShards"][0]["ParentShards"], Document({ShardName(0)}));
  EXPECT_TRUE(IsOver(answer));
}

TEST(SubscriptionBody, AnErrorIsTheLastFrame) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  ASSERT_THAT(world.kinesis->DeregisterStreamConsumer({.consumer_arn = world.arn}), Succeeds());
  const std::vector<EventFrame> frames = NextFrames(answer);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].headers.at(":message-type"), "exception");
  EXPECT_EQ(frames[0].headers.at(":exception-type"), "ResourceNotFoundException");
  const Document body = ReadBody(frames[0].payload);
  EXPECT_NE(body.value("message", ""), "");
  EXPECT_TRUE(IsOver(answer));
}

TEST(SubscriptionBody, WakesWhoeverWaitsForRecords) {
  FanOutWorld world;
  HttpResponse answer = world.Subscribe();
  int woken = 0;
  answer.source->OnWake([&woken] { ++woken; });
  for (int expected = 1; expected <= 2; ++expected) {
    EXPECT_TRUE(NextFrames(answer).empty());
    world.Put("orders", "k");
    EXPECT_EQ(woken, expected);
    EXPECT_EQ(NextFrames(answer).size(), 1u);
  }
  EXPECT_TRUE(NextFrames(answer).empty());
  answer.source.reset();
  world.Put("orders", "k");
  EXPECT_EQ(woken, 2);
}

TEST(SubscriptionBody, OfARefusedCallThereIsNone) {
  FanOutWorld world;
  const HttpResponse first = world.Subscribe();
  const HttpResponse second = world.Subscribe();
  EXPECT_THAT(second, RefusesAs("ResourceInUseException"));
  EXPECT_EQ(second.source, nullptr);
  EXPECT_EQ(HeaderOf(second.headers, "content-type"), "application/x-amz-json-1.1");
}

}  // namespace
}  // namespace riacho::internal
