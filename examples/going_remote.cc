// The same program against an engine in the process and against an endpoint elsewhere, which here
// is another engine's.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "riacho/riacho.h"
#include "riacho/wire/endpoint.h"
#include "riacho/wire/remote_client.h"

namespace {

// Ends the program with the error's text when something fails.
void OrDie(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << riacho::ErrorMessage(status) << "\n";
  std::abort();
}
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  OrDie(result.status());
  return *std::move(result);
}

// [START program]
// Does not know, and need not know, who answers.
void TakeOrders(riacho::Client& kinesis) {
  for (const std::string_view order : {"order-17", "order-18"}) {
    auto put = kinesis.PutRecord({.stream_name = "orders", .data = "paid", .partition_key = order});
    std::cout << order << " is in " << OrDie(std::move(put)).shard_id.ToString() << "\n";
  }
}
// [END program]

}  // namespace

int main() {
  riacho::Engine engine(riacho::SystemClock());
  const std::unique_ptr<riacho::Client> account = engine.NewClient();
  OrDie(account->CreateStream({.stream_name = "orders", .shard_count = 2}));
  riacho::Endpoint endpoint(*account);
  OrDie(endpoint.Start());
  const std::string url = endpoint.url();

  // [START local]
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  TakeOrders(*kinesis);
  // [END local]

  // [START remote]
  kinesis = std::make_unique<riacho::RemoteClient>(riacho::RemoteClientOptions{
      .endpoint = url,  // none: the service's own
      .region = "us-east-1",
      .credentials = {.access_key_id = "test", .secret_access_key = "test"},
  });
  TakeOrders(*kinesis);
  // [END remote]

  // [START subscribe]
  const std::string consumer =
      OrDie(kinesis->RegisterStreamConsumer(
                {.stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                 .consumer_name = "packing"}))
          .consumer.consumer_arn;
  std::unique_ptr<riacho::Subscription> subscription =
      OrDie(kinesis->SubscribeToShard({.consumer_arn = consumer,
                                       .shard_id = "shardId-000000000000",
                                       .starting_position = riacho::StartingPosition{
                                           .type = riacho::ShardIteratorType::kTrimHorizon}}));
  auto event = OrDie(subscription->Wait(riacho::SystemClock().TimeNow() + absl::Seconds(10)));
  // [END subscribe]
  std::cout << (event.has_value() ? event->records.size() : 0) << " records\n";
}
