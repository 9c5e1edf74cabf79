// Time: a clock that moves when you say so, changes that take as long as on the service, records
// that grow old, and agents that run by themselves.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

riacho::StreamStatus StatusOf(riacho::Client& kinesis) {
  return OrDie(kinesis.DescribeStreamSummary({.stream_name = "orders"}))
      .stream_description_summary.stream_status;
}

std::string IteratorOf(riacho::Client& kinesis) {
  return OrDie(kinesis.GetShardIterator(
                   {.stream_name = "orders",
                    .shard_id = "shardId-000000000000",
                    .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
      .shard_iterator;
}

// [START agent]
// Work that is due at times. It knows neither a thread nor a clock: somebody polls it.
class Heartbeat : public riacho::Agent {
 public:
  explicit Heartbeat(riacho::Client& kinesis) : kinesis_(kinesis) {}

  absl::Time Poll(absl::Time now) override {
    kinesis_.PutRecord({.stream_name = "orders", .data = "alive", .partition_key = "heartbeat"})
        .IgnoreError();
    ++beats;
    return now + absl::Minutes(1);
  }

  int beats = 0;

 private:
  riacho::Client& kinesis_;
};
// [END agent]

}  // namespace

int main() {
  // [START lifecycle]
  // Lifecycle::Service() makes changes take as long as on the service. The default is no time at
  // all.
  riacho::ManualClock clock;
  riacho::Engine engine(clock, {.lifecycle = riacho::Lifecycle::Service()});
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();

  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  const riacho::StreamStatus before = StatusOf(*kinesis);
  clock.AdvanceTime(absl::Seconds(10));
  const riacho::StreamStatus after = StatusOf(*kinesis);
  std::cout << "At first " << before << ", ten seconds later " << after << "\n";
  // [END lifecycle]

  // [START retention]
  // Records live for 24 hours, or for up to a year.
  OrDie(kinesis->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"}));
  clock.AdvanceTime(absl::Hours(23));
  const std::size_t a_day =
      OrDie(kinesis->GetRecords({.shard_iterator = IteratorOf(*kinesis)})).records.size();
  clock.AdvanceTime(absl::Hours(2));
  const std::size_t more =
      OrDie(kinesis->GetRecords({.shard_iterator = IteratorOf(*kinesis)})).records.size();
  std::cout << "After 23 hours " << a_day << " record, after 25 hours " << more << "\n";
  // [END retention]

  // [START retention_period]
  OrDie(kinesis->IncreaseStreamRetentionPeriod(
      {.stream_name = "orders", .retention_period_hours = 7 * 24}));
  std::cout << "The stream is " << StatusOf(*kinesis) << " for a few seconds\n";
  clock.AdvanceTime(absl::Seconds(10));
  // [END retention_period]

  // [START iterator_expiry]
  // Everything that has a life, has it on this clock.
  const std::string iterator = IteratorOf(*kinesis);
  clock.AdvanceTime(absl::Minutes(5) + absl::Seconds(1));
  const absl::Status expired = kinesis->GetRecords({.shard_iterator = iterator}).status();
  std::cout << riacho::ErrorMessage(expired) << "\n";
  // [END iterator_expiry]

  // [START schedule]
  // A schedule polls agents when they are due; you turn the crank. An hour passes at once.
  Heartbeat heartbeat(*kinesis);
  riacho::Schedule schedule;
  schedule.Add(heartbeat);
  const absl::Time end = clock.TimeNow() + absl::Hours(1);
  while (clock.TimeNow() < end) {
    schedule.RunDue(clock.TimeNow());
    clock.SetTime(std::min(schedule.NextDue(), end));
  }
  std::cout << heartbeat.beats << " heartbeats in an hour\n";
  schedule.Remove(heartbeat);
  // [END schedule]

  // [START runner]
  // In real time an AgentRunner does the same on a thread of its own.
  riacho::Engine live(riacho::SystemClock());
  std::unique_ptr<riacho::Client> live_kinesis = live.NewClient();
  OrDie(live_kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  Heartbeat live_heartbeat(*live_kinesis);
  riacho::AgentRunner runner(riacho::SystemClock());
  runner.Add(live_heartbeat);
  runner.Remove(live_heartbeat);  // from here on it is not polled any more
  // [END runner]

  const bool as_expected = before == riacho::StreamStatus::kCreating &&
                           after == riacho::StreamStatus::kActive && a_day == 1 && more == 0 &&
                           heartbeat.beats == 60 &&
                           riacho::GetErrorCode(expired) == riacho::ErrorCode::kExpiredIterator;
  return as_expected ? 0 : 1;
}
