// Snapshots: a world that is built once and used by many tests, and a failure that is looked at
// again.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
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
void OrDie(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << riacho::ErrorMessage(status) << "\n";
  std::abort();
}

// [START fixture]
// What takes long to build is built once.
const std::string& World() {
  static const auto* const kWorld = [] {
    riacho::ManualClock clock;
    riacho::Engine engine(clock, {.limits = riacho::Limits::Unlimited()});
    std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
    OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}));
    for (int i = 0; i < 10'000; ++i) {
      const std::string key = "order-" + std::to_string(i);
      OrDie(kinesis->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = key}));
    }
    std::ostringstream world;
    OrDie(riacho::SaveSnapshot(engine, world));
    return new std::string(world.str());
  }();
  return *kWorld;
}

// Each test has an engine of its own that begins there.
struct Test {
  Test() {
    std::istringstream world(World());
    OrDie(riacho::LoadSnapshot(world, engine));
  }

  riacho::ManualClock clock;
  riacho::Engine engine{clock};
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
};
// [END fixture]

std::size_t CountRecords(riacho::Client& kinesis) {
  const auto iterator = OrDie(
      kinesis.GetShardIterator({.stream_name = "orders",
                                .shard_id = "0",
                                .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}));
  return OrDie(kinesis.GetRecords({.shard_iterator = iterator.shard_iterator})).records.size();
}

}  // namespace

int main() {
  Test first;
  OrDie(first.kinesis->DeleteStream({.stream_name = "orders"}));
  Test second;
  std::cout << CountRecords(*second.kinesis) << " records in the first shard\n";

  // [START replay]
  // A consumer is about to do something that it should not: keep the engine as it is now. In a
  // test, write to a file.
  riacho::Engine& engine = second.engine;
  const std::string iterator =
      OrDie(second.kinesis->GetShardIterator(
                {.stream_name = "orders",
                 .shard_id = "1",
                 .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
          .shard_iterator;
  std::stringstream failure;
  OrDie(riacho::SaveSnapshot(engine, failure));

  // Later, as often as needed: the same engine at the same time. What the consumer held is valid.
  riacho::ManualClock then(second.clock.TimeNow());
  riacho::Engine again(then);
  OrDie(riacho::LoadSnapshot(failure, again));
  const auto page = OrDie(again.NewClient()->GetRecords({.shard_iterator = iterator, .limit = 1}));
  std::cout << "next it reads " << page.records[0].partition_key << "\n";
  // [END replay]
  return 0;
}
