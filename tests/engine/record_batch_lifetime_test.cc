// A batch shows what it showed when it was read, for as long as its holder keeps it. Under the
// address sanitizer these tests find what was freed too early, and what never was.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

// Small records, and some that have memory of their own.
std::vector<std::string> Payloads() {
  std::vector<std::string> payloads;
  for (int i = 0; i < 200; ++i) {
    const auto size = static_cast<std::size_t>(i % 20 == 0 ? 40'000 : 10 + i);
    payloads.push_back(std::to_string(i) + std::string(size, static_cast<char>('a' + i % 26)));
  }
  return payloads;
}

class RecordBatchLifetime : public testing::Test {
 protected:
  RecordBatchLifetime() : world(std::make_unique<RecordWorld>(WithoutThroughputLimits())) {
    world->Create("orders");
    for (const std::string& payload : payloads) world->Put("orders", "key", payload);
  }

  RecordBatch Read() { return world->Read(world->Iterator("orders", 0)).records; }

  void ExpectIntact(const RecordBatch& batch) {
    ASSERT_EQ(batch.size(), payloads.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      EXPECT_EQ(batch[i].data, payloads[i]);
      EXPECT_EQ(batch[i].partition_key, "key");
    }
  }

  const std::vector<std::string> payloads = Payloads();
  std::unique_ptr<RecordWorld> world;
};

TEST_F(RecordBatchLifetime, OutlivesRetention) {
  const RecordBatch batch = Read();
  world->Advance(absl::Hours(25));
  world->engine.Settle();
  EXPECT_TRUE(Read().empty());
  for (const std::string& payload : payloads) world->Put("orders", "other", payload + "!");
  ExpectIntact(batch);
}

TEST_F(RecordBatchLifetime, OutlivesAReshardAndTheExpiryOfTheShard) {
  const RecordBatch batch = Read();
  ASSERT_THAT(world->Halve("orders", world->Shards("orders")[0]), Succeeds());
  world->Advance(absl::Hours(25));
  world->engine.Settle();
  ASSERT_EQ(world->Shards("orders").size(), 2u);
  ExpectIntact(batch);
}

TEST_F(RecordBatchLifetime, OutlivesTheStream) {
  const RecordBatch batch = Read();
  ASSERT_THAT(world->kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
  world->engine.Settle();
  ExpectIntact(batch);
}

TEST_F(RecordBatchLifetime, OutlivesTheEngine) {
  const RecordBatch batch = Read();
  world.reset();
  ExpectIntact(batch);
}

TEST_F(RecordBatchLifetime, OfAnEventOutlivesSubscriptionAndEngine) {
  const std::string arn = world->Register("orders", "billing");
  std::unique_ptr<Subscription> subscription = world->Subscribe(arn, 0);
  const RecordBatch batch = std::move(Next(*subscription)->records);
  subscription.reset();
  world.reset();
  ExpectIntact(batch);
}

TEST_F(RecordBatchLifetime, MovesWithItsRecords) {
  RecordBatch first = Read();
  RecordBatch second = std::move(first);
  RecordBatch third;
  third = std::move(second);
  world.reset();
  ExpectIntact(third);
}

TEST_F(RecordBatchLifetime, HoldsMemoryBackOnlyAsLongAsItLives) {
  std::optional<RecordBatch> batch = Read();
  world->Advance(absl::Hours(25));
  world->engine.Settle();
  const std::int64_t held = world->engine.memory_used();
  batch.reset();
  world->engine.Settle();
  EXPECT_LT(world->engine.memory_used(), held / 2);
}

}  // namespace
}  // namespace riacho
