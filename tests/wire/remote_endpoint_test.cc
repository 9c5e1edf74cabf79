// RemoteClient and Endpoint: what only a real connection shows. What the operations do is tested by
// the engine's behaviour tests, which run through both, too.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/engine/engine.h"
#include "riacho/model/error.h"
#include "riacho/time/manual_clock.h"
#include "riacho/wire/endpoint.h"
#include "riacho/wire/remote_client.h"
#include "wire/tls_filter.h"

namespace riacho {
namespace {

using testing::HasSubstr;

enum class Way { kHttp1, kHttp2, kTls };

struct Case {
  Way way = Way::kHttp1;
  RemoteFormat format = RemoteFormat::kJson;
};

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  const std::string way = info.param.way == Way::kHttp1   ? "Http1"
                          : info.param.way == Way::kHttp2 ? "Http2"
                                                          : "Tls";
  return way + (info.param.format == RemoteFormat::kJson ? "Json" : "Cbor");
}

// An engine with a stream of one shard, behind an endpoint.
struct ServedWorld {
  explicit ServedWorld(EndpointOptions options = {}) : endpoint(*local, std::move(options)) {
    EXPECT_TRUE(local->CreateStream({.stream_name = "orders", .shard_count = 1}).ok());
    const absl::Status started = endpoint.Start();
    EXPECT_TRUE(started.ok()) << started;
  }

  RemoteClientOptions Options() const {
    RemoteClientOptions options;
    options.endpoint = endpoint.url();
    options.region = "us-east-1";
    options.credentials = {.access_key_id = "test", .secret_access_key = "test"};
    options.ca_certificates = endpoint.certificate();
    options.retry.max_attempts = 1;
    return options;
  }

  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(RemoteClient& client) {
    if (consumer_arn.empty()) {
      consumer_arn = local
                         ->RegisterStreamConsumer(
                             {.stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                              .consumer_name = "packing"})
                         .value()
                         .consumer.consumer_arn;
    }
    return client.SubscribeToShard(
        {.consumer_arn = consumer_arn,
         .shard_id = "shardId-000000000000",
         .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}});
  }
  void Put(std::string_view data) {
    ASSERT_TRUE(
        local->PutRecord({.stream_name = "orders", .data = data, .partition_key = "k"}).ok());
  }

  ManualClock clock;
  Engine engine{clock, {.limits = Limits::Unlimited()}};
  std::unique_ptr<Client> local = engine.NewClient();
  Endpoint endpoint;
  std::string consumer_arn;
};

class RemoteEndpoint : public testing::TestWithParam<Case> {
 protected:
  static EndpointOptions Served() {
    EndpointOptions options;
    if (GetParam().way == Way::kTls) options.tls.emplace();
    return options;
  }
  RemoteClientOptions Options() const {
    RemoteClientOptions options = world.Options();
    options.format = GetParam().format;
    options.http2_prior_knowledge = GetParam().way == Way::kHttp2;
    return options;
  }
  // The data of the next `count` records.
  std::vector<std::string> Next(Subscription& subscription, std::size_t count) {
    std::vector<std::string> data;
    while (data.size() < count) {
      auto event = subscription.Wait(absl::InfiniteFuture());
      if (!event.ok() || !event->has_value()) break;
      for (const Record& record : (*event)->records) data.emplace_back(record.data);
    }
    return data;
  }

  ServedWorld world{Served()};
};

TEST_P(RemoteEndpoint, BytesComeBackAsTheyWere) {
  RemoteClient client(Options());
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  const auto put =
      client.PutRecord({.stream_name = "orders", .data = bytes, .partition_key = "\u00e9"});
  ASSERT_TRUE(put.ok()) << put.status();
  const auto iterator =
      client.GetShardIterator({.stream_name = "orders",
                               .shard_id = put->shard_id.ToString(),
                               .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  ASSERT_TRUE(iterator.ok()) << iterator.status();
  const auto page = client.GetRecords({.shard_iterator = iterator->shard_iterator});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->records.size(), 1U);
  EXPECT_EQ(page->records[0].data, bytes);
  EXPECT_EQ(page->records[0].partition_key, "\u00e9");
  EXPECT_EQ(page->records[0].sequence_number, put->sequence_number);
  EXPECT_EQ(page->records[0].approximate_arrival_timestamp, world.clock.TimeNow());
}

TEST_P(RemoteEndpoint, EventsArriveAsRecordsArePut) {
  RemoteClient client(Options());
  auto subscription = world.Subscribe(client);
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  for (const std::string data : {"a", "b", "c"}) {
    world.Put(data);
    EXPECT_EQ(Next(**subscription, 1), std::vector{data});
  }
}

// Far more than connection and windows hold: none is lost, and the endpoint waits for the reader.
TEST_P(RemoteEndpoint, WhoIsSlowGetsEverythingAllTheSame) {
  constexpr std::size_t kRecords = 20;
  RemoteClient client(Options());
  auto subscription = world.Subscribe(client);
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  std::vector<std::string> records;
  for (std::size_t i = 0; i < kRecords; ++i) {
    records.emplace_back(400'000, static_cast<char>('a' + i % 26));
    world.Put(records.back());
  }
  EXPECT_EQ(Next(**subscription, kRecords), records);
}

// Each time: who has told it once how is woken after every look that found nothing.
TEST_P(RemoteEndpoint, WakesItsSleeper) {
  RemoteClient client(Options());
  WakeEvent woken;
  auto subscription = world.Subscribe(client);
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  (*subscription)->OnWake([&woken] { woken.Signal(); });
  world.Put("a");
  std::vector<std::string> data;
  while (data.size() < 3) {
    auto event = (*subscription)->Poll();
    ASSERT_TRUE(event.ok()) << event.status();
    if (event->has_value()) {
      for (const Record& record : (*event)->records) {
        data.emplace_back(record.data);
        world.Put("b");
      }
      continue;
    }
    woken.Wait();
  }
  EXPECT_EQ(data, (std::vector<std::string>{"a", "b", "b"}));
}

TEST_P(RemoteEndpoint, WhoIsRefusedIsToldWhy) {
  RemoteClient client(Options());
  auto subscription = world.Subscribe(client);
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  EXPECT_EQ(GetErrorCode(world.Subscribe(client).status()), ErrorCode::kResourceInUse);
  EXPECT_EQ(GetErrorCode(client.SubscribeToShard({}).status()), ErrorCode::kValidation);
}

TEST_P(RemoteEndpoint, ATakeOverEndsTheFirst) {
  RemoteClient client(Options());
  auto first = world.Subscribe(client);
  ASSERT_TRUE(first.ok()) << first.status();
  world.clock.AdvanceTime(absl::Seconds(6));
  auto second = world.Subscribe(client);
  ASSERT_TRUE(second.ok()) << second.status();
  absl::Status status;
  // An idle event may be on its way.
  while (status.ok()) status = (*first)->Wait(absl::InfiniteFuture()).status();
  EXPECT_EQ(GetErrorCode(status), ErrorCode::kResourceInUse);
  EXPECT_TRUE((*first)->ended());
}

TEST_P(RemoteEndpoint, AnEndpointThatStopsIsNoticed) {
  RemoteClient client(Options());
  auto subscription = world.Subscribe(client);
  ASSERT_TRUE(subscription.ok()) << subscription.status();
  world.endpoint.Stop();
  const auto event = (*subscription)->Wait(absl::InfiniteFuture());
  EXPECT_TRUE(!event.ok() || !event->has_value());
  EXPECT_TRUE((*subscription)->ended());
  EXPECT_TRUE(absl::IsUnavailable(client.ListStreams({}).status()));
}

INSTANTIATE_TEST_SUITE_P(Ways, RemoteEndpoint,
                         testing::Values(Case{Way::kHttp1}, Case{Way::kHttp1, RemoteFormat::kCbor},
                                         Case{Way::kHttp2}, Case{Way::kTls},
                                         Case{Way::kTls, RemoteFormat::kCbor}),
                         &NameOf);

TEST(RemoteTrust, ACertificateOfNobodyKnownIsRefused) {
  EndpointOptions served;
  served.tls.emplace();
  const ServedWorld world(std::move(served));
  const ServedWorld other([] {
    EndpointOptions options;
    options.tls.emplace();
    return options;
  }());
  for (const std::string& trusted : {std::string(), other.endpoint.certificate()}) {
    RemoteClientOptions options = world.Options();
    options.ca_certificates = trusted;
    RemoteClient client(std::move(options));
    const absl::Status status = client.ListStreams({}).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(ErrorMessage(status)), HasSubstr("certificate verify failed"));
  }
}

// A certificate that is made for one loopback address does not serve for another.
TEST(RemoteTrust, ACertificateOfAnotherHostIsRefused) {
  const auto made = internal::MakeCertificate("127.0.0.1");
  ASSERT_TRUE(made.ok()) << made.status();
  EndpointOptions served;
  served.address = "127.0.0.2";
  served.tls = EndpointTls{.certificate = made->certificate, .private_key = made->private_key};
  const ServedWorld world(std::move(served));
  RemoteClient client(world.Options());
  const absl::Status status = client.ListStreams({}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(ErrorMessage(status)), HasSubstr("IP address mismatch"));
}

TEST(RemoteCredentials, AreVerifiedByTheEndpoint) {
  EndpointOptions served;
  served.credentials = {{.access_key_id = "AKID", .secret_access_key = "right"}};
  const ServedWorld world(std::move(served));
  RemoteClientOptions options = world.Options();
  options.credentials = {.access_key_id = "AKID", .secret_access_key = "right"};
  EXPECT_TRUE(RemoteClient(options).ListStreams({}).ok());
  options.credentials.secret_access_key = "wrong";
  EXPECT_TRUE(absl::IsUnauthenticated(RemoteClient(options).ListStreams({}).status()));
}

}  // namespace
}  // namespace riacho
