// A simulation: an application of processes in virtual time, made to fail, from one seed.
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "riacho/riacho.h"

namespace {

// [START producer]
// A process is a coroutine. It waits by co_await, and virtual time goes on.
riacho::Task<> TakeOrders(riacho::Simulation& sim, int orders) {
  for (int order = 1; order <= orders; ++order) {
    const std::string name = "order-" + std::to_string(order);
    while (!sim.client()
                .PutRecord({.stream_name = "orders", .data = "paid", .partition_key = name})
                .ok()) {
      co_await sim.Sleep(absl::Milliseconds(200));  // and try again
    }
    co_await sim.Sleep(absl::Seconds(1));
  }
}
// [END producer]

// [START store]
// What survives a crash: a database outside of the processes.
struct Store {
  std::optional<std::string> checkpoint;  // a sequence number
  std::map<std::string, int> shipped;     // how often
};
// [END store]

// [START consumer]
// Reads a shard from its checkpoint on. If `careful`, it remembers what it has shipped.
riacho::Task<> ShipOrders(riacho::Simulation& sim, Store& store, bool careful) {
  std::optional<std::string> iterator;
  for (;; co_await sim.Sleep(absl::Milliseconds(500))) {
    if (!iterator.has_value()) {
      riacho::GetShardIteratorRequest request = {
          .stream_name = "orders",
          .shard_id = "shardId-000000000000",
          .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon};
      if (store.checkpoint.has_value()) {
        request.shard_iterator_type = riacho::ShardIteratorType::kAfterSequenceNumber;
        request.starting_sequence_number = store.checkpoint;
      }
      const auto first = sim.client().GetShardIterator(request);
      if (!first.ok()) continue;
      iterator = first->shard_iterator;
    }
    const auto page = sim.client().GetRecords({.shard_iterator = *iterator});
    if (riacho::GetErrorCode(page.status()) == riacho::ErrorCode::kExpiredIterator)
      iterator = std::nullopt;
    if (!page.ok()) continue;
    for (const riacho::Record& record : page->records) {
      const std::string order(record.partition_key);
      int& times = store.shipped[order];
      if (!careful || times == 0) sim.Check(++times == 1, order + " is shipped once");
      co_await sim.Sleep(absl::Milliseconds(10));  // a crash may come here
    }
    if (!page->records.empty()) store.checkpoint = page->records.back().sequence_number.ToString();
    iterator = page->next_shard_iterator;
  }
}
// [END consumer]

// One fault a line.
// clang-format off
// [START run]
// Minutes of trouble under one seed, and what must hold at the end.
void RunShop(riacho::Simulation& sim, bool careful) {
  constexpr int kOrders = 100;
  Store store;
  sim.client().CreateStream({.stream_name = "orders", .shard_count = 1}).IgnoreError();

  sim.faults()
      .On(riacho::Operation::kPutRecord).WithChance(0.05).LoseReply()
      .On(riacho::Operation::kPutRecord).WithChance(0.05).Throttle()
      .On(riacho::Operation::kGetRecords).Every(20).Fail(riacho::ErrorCode::kExpiredIterator)
      .OnEverything().WithChance(0.1).Delay(absl::Milliseconds(10), absl::Seconds(1));

  riacho::Process& producer = sim.Spawn("producer", [&] { return TakeOrders(sim, kOrders); });
  riacho::Process& consumer =
      sim.Spawn("consumer", [&] { return ShipOrders(sim, store, careful); });
  sim.Spawn("trouble", [&]() -> riacho::Task<> {
    for (int i = 0; i < 10; ++i) {
      co_await sim.Sleep(absl::Seconds(3 + static_cast<int>(sim.random().Uniform(10))));
      consumer.Crash();
      co_await sim.Sleep(absl::Seconds(2));
      consumer.Restart();
    }
  });

  sim.RunUntil([&] { return producer.state() == riacho::ProcessState::kFinished; },
               absl::Minutes(10));
  sim.RunFor(absl::Minutes(1));
  sim.Check(store.shipped.size() == kOrders, "every order is shipped");
}
// [END run]
// clang-format on

}  // namespace

int main() {
  // [START explore]
  const riacho::Exploration naive =
      riacho::ExploreSeeds(50, [](riacho::Simulation& sim) { RunShop(sim, /*careful=*/false); });
  std::cout << naive.Report();

  const riacho::Exploration careful =
      riacho::ExploreSeeds(50, [](riacho::Simulation& sim) { RunShop(sim, /*careful=*/true); });
  std::cout << careful.Report();
  // [END explore]

  // [START file]
  const absl::StatusOr<riacho::FaultPlan> plan = riacho::FaultPlan::Parse(R"({
    "seed": 42,
    "faults": [
      {"on": "PutRecords", "every": 10, "fail": "ProvisionedThroughputExceededException",
       "share": 0.5},
      {"on": ["GetRecords", "GetShardIterator"], "stream": "orders", "delay": ["1s", "3s"]},
      {"on": "SubscribeToShard", "chance": 0.1, "drop_subscription": 3}
    ]})");
  riacho::Simulation from_file({.seed = 7, .faults = plan->rules()});
  // [END file]

  // [START engine]
  // Without a simulation: the plan goes to the engine, and delays move your clock.
  riacho::ManualClock clock;
  const auto faults = std::make_shared<riacho::FaultPlan>(/*seed=*/42);
  faults->set_sleep([&](absl::Duration delay) { clock.AdvanceTime(delay); });
  faults->On(riacho::Operation::kCreateStream).Call(1).Delay(absl::Seconds(3));
  faults->On(riacho::Operation::kDescribeStream).Fail(riacho::ErrorCode::kLimitExceeded);
  faults->Capture({riacho::Operation::kCreateStream});
  riacho::Engine engine(clock, {.interceptors = {faults}});
  const std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  const absl::Time before = clock.TimeNow();
  kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}).IgnoreError();
  const bool slow = clock.TimeNow() - before == absl::Seconds(3);
  const bool limited = !kinesis->DescribeStream({.stream_name = "orders"}).ok();
  const bool captured = faults->captured().at(0).stream_name == "orders";
  // [END engine]

  return !naive.ok() && careful.ok() && slow && limited && captured ? 0 : 1;
}
