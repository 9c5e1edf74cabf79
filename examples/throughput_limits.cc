// Limits: what a shard takes, quotas of your own, none at all, call rates, and a budget of memory.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
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

// Creates "orders" with one shard and puts `count` records; how many were taken.
int PutMany(riacho::Engine& engine, int count, std::string_view data) {
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  int taken = 0;
  absl::Status last;
  for (int i = 0; i < count; ++i) {
    const auto put =
        kinesis->PutRecord({.stream_name = "orders", .data = data, .partition_key = "order-17"});
    if (put.ok()) ++taken;
    last = put.status();
  }
  std::cout << taken << " of " << count << " records\n";
  if (!last.ok()) {
    std::cout << "  " << *riacho::GetErrorCode(last) << ": " << riacho::ErrorMessage(last) << "\n";
  }
  return taken;
}

}  // namespace

int main() {
  // [START service]
  // The default: a shard takes 1,000 records and 1 MiB per second.
  riacho::ManualClock clock;
  riacho::Engine service(clock);
  std::cout << "With the service's limits a shard takes at once ";
  const int with_service = PutMany(service, 1500, "paid");

  clock.AdvanceTime(absl::Seconds(1));
  const bool again =
      service.NewClient()
          ->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"})
          .ok();
  std::cout << "A second later it takes " << (again ? "more" : "nothing") << "\n";
  // [END service]

  // [START own]
  // Every quota is a field: a shard that throttles early makes a short test.
  riacho::EngineOptions options;
  options.limits.shard_write_records_per_second = 10;
  riacho::Engine tiny(clock, options);
  std::cout << "With a limit of ten it takes ";
  const int with_own = PutMany(tiny, 50, "paid");
  // [END own]

  // [START unlimited]
  // No throughput limit, for load tests: sizes, lives and rules of form stay.
  riacho::Engine unlimited(clock, {.limits = riacho::Limits::Unlimited()});
  std::cout << "Without limits it takes ";
  const int without = PutMany(unlimited, 100000, "paid");
  // [END unlimited]

  // [START call_rates]
  // How often an operation may be called is not looked at, unless you want it.
  riacho::EngineOptions strict_options;
  strict_options.limits.enforce_call_rates = true;
  riacho::Engine strict(clock, strict_options);
  std::unique_ptr<riacho::Client> kinesis = strict.NewClient();
  absl::Status listed;
  int lists = 0;
  for (; listed.ok() && lists < 100; ++lists) listed = kinesis->ListStreams({}).status();
  std::cout << "Call number " << lists
            << " of ListStreams in one second: " << *riacho::GetErrorCode(listed) << "\n";
  // [END call_rates]

  // [START memory_budget]
  // What is stored is in memory. With a budget, puts are refused before there is too much of it.
  constexpr std::int64_t kBudget = 16'777'216;
  riacho::Engine small(clock, {.limits = riacho::Limits::Unlimited(), .memory_budget = kBudget});
  std::cout << "In 16 MiB of memory it takes ";
  const int in_budget = PutMany(small, 1000, std::string(100'000, 'x'));
  std::cout << "  memory used: " << small.memory_used() << " bytes\n";
  // [END memory_budget]

  const bool as_expected = with_service == 1000 && again && with_own == 10 && without == 100000 &&
                           lists == 6 &&
                           riacho::GetErrorCode(listed) == riacho::ErrorCode::kLimitExceeded &&
                           in_budget > 100 && in_budget < 1000 && small.memory_used() <= kBudget;
  return as_expected ? 0 : 1;
}
