// On-demand mode: a stream that grows with its traffic, refuses what comes too suddenly, and
// shrinks a month later.
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

std::size_t OpenShards(riacho::Client& kinesis) {
  return OrDie(kinesis.ListShards({.stream_name = "clicks",
                                   .shard_filter = {{.type = riacho::ShardFilterType::kAtLatest}}}))
      .shards.size();
}

// [START drive]
// Puts so many records a second, of as many visitors, for so many minutes; how many were refused.
int Drive(riacho::ManualClock& clock, riacho::Client& kinesis, int minutes, int per_second) {
  int refused = 0;
  for (int second = 0; second < minutes * 60; ++second) {
    for (int i = 0; i < per_second; ++i) {
      const std::string visitor = "visitor-" + std::to_string(i);
      if (!kinesis.PutRecord({.stream_name = "clicks", .data = "click", .partition_key = visitor})
               .ok()) {
        ++refused;
      }
    }
    clock.AdvanceTime(absl::Seconds(1));
  }
  return refused;
}
// [END drive]

}  // namespace

int main() {
  // [START create]
  // A hundredth of a shard's throughput needs a hundredth of the traffic.
  riacho::ManualClock clock;
  riacho::EngineOptions options;
  options.limits.shard_write_records_per_second = 10;
  riacho::Engine engine(clock, options);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream(
      {.stream_name = "clicks", .stream_mode_details = {{riacho::StreamMode::kOnDemand}}}));
  const std::size_t at_first = OpenShards(*kinesis);
  // [END create]

  // [START grow]
  // 200 records a second are far more than four shards take. A quarter of an hour later there are
  // twice as many, and so on.
  for (int quarter = 1; quarter <= 5; ++quarter) {
    const int refused = Drive(clock, *kinesis, 15, 200);
    std::cout << OpenShards(*kinesis) << " shards after " << quarter * 15 << " minutes, " << refused
              << " records were refused\n";
  }
  const std::size_t grown = OpenShards(*kinesis);
  const int refused_in_the_end = Drive(clock, *kinesis, 15, 200);
  // [END grow]

  // [START shrink]
  // Peaks are remembered for thirty days. Then shards without traffic are merged, from day to day.
  clock.AdvanceTime(absl::Hours(24 * 29));
  const std::size_t a_month_later = OpenShards(*kinesis);
  clock.AdvanceTime(absl::Hours(24 * 14));
  const std::size_t in_the_end = OpenShards(*kinesis);
  std::cout << a_month_later << " shards after 29 days, " << in_the_end << " after six weeks\n";
  // [END shrink]

  std::cout << at_first << " shards at first, " << grown << " grown, " << refused_in_the_end
            << " refused\n";
  const bool as_expected = at_first == 4 && grown > 32 && refused_in_the_end == 0 &&
                           a_month_later >= grown && in_the_end == 4;
  return as_expected ? 0 : 1;
}
