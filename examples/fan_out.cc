// Enhanced fan-out: register a consumer, subscribe to a shard, wait, resume after five minutes, and
// take over.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "riacho/riacho.h"

namespace {

using Event = std::optional<riacho::SubscribeToShardEvent>;

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

void Print(const char* what, const Event& event) {
  std::cout << what << ": ";
  if (!event.has_value()) {
    std::cout << "no event\n";
    return;
  }
  std::cout << event->records.size() << " records";
  for (const riacho::Record& record : event->records) std::cout << " '" << record.data << "'";
  std::cout << "\n";
}

// Puts a record, on the thread of whoever polls it.
class Packer : public riacho::Agent {
 public:
  explicit Packer(riacho::Client& kinesis) : kinesis_(kinesis) {}
  absl::Time Poll(absl::Time /*now*/) override {
    OrDie(kinesis_.PutRecord(
        {.stream_name = "orders", .data = "packed", .partition_key = "order-17"}));
    return absl::InfiniteFuture();
  }

 private:
  riacho::Client& kinesis_;
};

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  const auto put = [&](const char* data) {
    OrDie(kinesis->PutRecord({.stream_name = "orders", .data = data, .partition_key = "order-17"}));
  };

  // [START register]
  const std::string stream_arn = OrDie(kinesis->DescribeStreamSummary({.stream_name = "orders"}))
                                     .stream_description_summary.stream_arn;
  const std::string consumer_arn =
      OrDie(
          kinesis->RegisterStreamConsumer({.stream_arn = stream_arn, .consumer_name = "dashboard"}))
          .consumer.consumer_arn;
  std::cout << consumer_arn << "\n";
  // [END register]

  // [START subscribe]
  // Every consumer has 2 MiB per second of each shard for itself.
  std::unique_ptr<riacho::Subscription> subscription = OrDie(kinesis->SubscribeToShard(
      {.consumer_arn = consumer_arn,
       .shard_id = "shardId-000000000000",
       .starting_position = {{.type = riacho::ShardIteratorType::kTrimHorizon}}}));
  put("ordered");
  put("paid");
  const Event records = OrDie(subscription->Poll());  // never blocks
  Print("Poll", records);
  Print("Poll again", OrDie(subscription->Poll()));
  // [END subscribe]

  // [START idle]
  // A quiet shard has an empty event every five seconds, which tells that the reader is up to date.
  clock.AdvanceTime(absl::Seconds(5));
  const Event idle = OrDie(subscription->Poll());
  Print("After five quiet seconds", idle);
  // [END idle]

  // [START wait]
  // Wait sleeps until there is an event, or until a time has come on the engine's clock. Here the
  // record comes from another thread, that of the runner.
  Packer packer(*kinesis);
  riacho::AgentRunner runner(clock);
  runner.Add(packer);
  const Event waited = OrDie(subscription->Wait(absl::InfiniteFuture()));
  runner.Remove(packer);
  Print("Wait", waited);
  // [END wait]
  if (!waited.has_value() || waited->records.size() != 1) return 1;

  // [START resume]
  // A subscription ends after five minutes. The next one goes on behind the last event.
  const std::string continuation = waited->continuation_sequence_number->ToString();
  clock.AdvanceTime(absl::Minutes(5));
  put("shipped");
  Print("After five minutes", OrDie(subscription->Poll()));
  std::cout << (subscription->ended() ? "ended\n" : "not ended\n");
  const bool ended = subscription->ended();
  const riacho::SubscribeToShardRequest resume = {
      .consumer_arn = consumer_arn,
      .shard_id = "shardId-000000000000",
      .starting_position = {{.type = riacho::ShardIteratorType::kAfterSequenceNumber,
                             .sequence_number = continuation}}};
  subscription = OrDie(kinesis->SubscribeToShard(resume));
  const Event resumed = OrDie(subscription->Poll());
  Print("Resumed", resumed);
  // [END resume]

  // [START takeover]
  // One subscription per consumer and shard: for five seconds another one is refused, then it takes
  // over.
  clock.AdvanceTime(absl::Seconds(2));
  const absl::Status refused = kinesis->SubscribeToShard(resume).status();
  std::cout << *riacho::GetErrorCode(refused) << ": " << riacho::ErrorMessage(refused) << "\n";
  clock.AdvanceTime(absl::Seconds(3));
  const auto other = OrDie(kinesis->SubscribeToShard(resume));
  const absl::Status taken_over = subscription->Poll().status();
  std::cout << *riacho::GetErrorCode(taken_over) << ": " << riacho::ErrorMessage(taken_over)
            << "\n";
  // [END takeover]

  const bool as_expected = records.has_value() && records->records.size() == 2 &&
                           idle.has_value() && idle->records.empty() && ended &&
                           resumed.has_value() && resumed->records.size() == 1 &&
                           resumed->records[0].data == "shipped" &&
                           riacho::GetErrorCode(refused) == riacho::ErrorCode::kResourceInUse &&
                           riacho::GetErrorCode(taken_over) == riacho::ErrorCode::kResourceInUse;
  return as_expected ? 0 : 1;
}
