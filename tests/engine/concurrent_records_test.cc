// Producers, readers and resharding at the same time, through the public interface, on threads of
// their own: the engine promises that any number of them may. Run under the thread sanitizer.
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"

namespace riacho {
namespace {

using Type = ShardIteratorType;

constexpr int kProducers = 4;
constexpr int kRecordsEach = 2000;

std::string KeyOf(int producer, int i) {
  return "key-" + std::to_string(producer) + "-" + std::to_string(i % 10);
}

// What consumers saw, by key: the payloads, in the order of delivery.
using Delivered = std::map<std::string, std::vector<std::string>, std::less<>>;

void Collect(const RecordBatch& batch, Delivered& delivered) {
  for (const Record& record : batch)
    delivered[std::string(record.partition_key)].emplace_back(record.data);
}

// Each producer's records of a key in the order in which it put them, each once.
Delivered AllThatWasPut() {
  Delivered put;
  for (int producer = 0; producer < kProducers; ++producer) {
    for (int i = 0; i < kRecordsEach; ++i) put[KeyOf(producer, i)].push_back(std::to_string(i));
  }
  return put;
}

// Puts kRecordsEach records, some alone and some in batches of 7.
void Produce(Client& kinesis, int producer) {
  std::vector<std::string> keys;
  std::vector<std::string> data;
  for (int i = 0; i < kRecordsEach; ++i) {
    keys.push_back(KeyOf(producer, i));
    data.push_back(std::to_string(i));
  }
  for (std::size_t i = 0; i < kRecordsEach;) {
    const std::size_t count = i % 3 == 0 ? std::min<std::size_t>(7, kRecordsEach - i) : 1;
    if (count == 1) {
      const auto put =
          kinesis.PutRecord({.stream_name = "orders", .data = data[i], .partition_key = keys[i]});
      ASSERT_THAT(put, Succeeds());
    } else {
      std::vector<PutRecordsRequestEntry> entries;
      for (std::size_t n = i; n < i + count; ++n)
        entries.push_back({.data = data[n], .partition_key = keys[n]});
      const auto put = kinesis.PutRecords({.records = entries, .stream_name = "orders"});
      ASSERT_THAT(put, Succeeds());
      ASSERT_EQ(put->failed_record_count, 0);
    }
    i += count;
  }
}

// Reads a shard by iterators until it ends, or while `go_on` says so; answers its children.
std::vector<ChildShard> ReadShard(Client& kinesis, ShardId shard, Delivered& delivered,
                                  const std::atomic<bool>& go_on) {
  std::optional<std::string> iterator =
      kinesis
          .GetShardIterator({.stream_name = "orders",
                             .shard_id = shard.ToString(),
                             .shard_iterator_type = Type::kTrimHorizon})
          .value()
          .shard_iterator;
  for (;;) {
    const bool last_look = !go_on.load();
    const auto page = kinesis.GetRecords({.shard_iterator = *iterator, .limit = 100});
    if (!page.ok()) {
      ADD_FAILURE() << page.status();
      return {};
    }
    Collect(page->records, delivered);
    if (!page->next_shard_iterator.has_value()) return page->child_shards;
    iterator = page->next_shard_iterator;
    if (last_look && page->records.empty()) return {};
  }
}

// The same by a subscription that sleeps between events.
std::vector<ChildShard> SubscribeShard(RecordWorld& world, const std::string& arn, ShardId shard,
                                       Delivered& delivered, const std::atomic<bool>& go_on) {
  const std::unique_ptr<Subscription> subscription = world.Subscribe(arn, shard.number);
  for (;;) {
    const bool last_look = !go_on.load();
    const auto event = last_look ? subscription->Poll() : subscription->Wait(world.clock.TimeNow());
    if (!event.ok()) {
      ADD_FAILURE() << event.status();
      return {};
    }
    if (!event->has_value()) {
      if (last_look) return {};
      continue;
    }
    Collect((*event)->records, delivered);
    if (!(*event)->continuation_sequence_number.has_value()) return (*event)->child_shards;
  }
}

// Walks the tree as consumers should: a child when all its parents are finished.
template <typename ReadOne>
void WalkTree(std::vector<ShardId> roots, ReadOne&& read_one) {
  std::set<ShardId> finished;
  std::set<ShardId> seen(roots.begin(), roots.end());
  std::vector<std::pair<ShardId, std::vector<ShardId>>> waiting;
  std::vector<ShardId> ready = std::move(roots);
  while (!ready.empty()) {
    const ShardId shard = ready.back();
    ready.pop_back();
    const std::vector<ChildShard> children = read_one(shard);
    finished.insert(shard);
    for (const ChildShard& child : children) {
      if (seen.insert(child.shard_id).second)
        waiting.emplace_back(child.shard_id, child.parent_shards);
    }
    std::erase_if(waiting, [&](const auto& entry) {
      for (const ShardId parent : entry.second) {
        if (!finished.contains(parent)) return false;
      }
      ready.push_back(entry.first);
      return true;
    });
  }
  EXPECT_TRUE(waiting.empty());
}

class ConcurrentRecords : public testing::Test {
 protected:
  ConcurrentRecords() : world(WithoutThroughputLimits()) { world.Create("orders", 2); }

  // Splits and merges until the producers are done, and a little more.
  void Reshard(const std::atomic<bool>& producing) {
    for (int round = 0; producing.load() || round < 4; ++round) {
      const std::vector<Shard> open = world.OpenShards("orders");
      if (open.size() < 4) {
        ASSERT_THAT(world.Halve("orders", open[static_cast<std::size_t>(round) % open.size()]),
                    Succeeds());
      } else {
        const std::size_t at = static_cast<std::size_t>(round) % (open.size() - 1);
        ASSERT_THAT(
            world.Merge("orders", open[at].shard_id.ToString(), open[at + 1].shard_id.ToString()),
            Succeeds());
      }
      std::this_thread::yield();
    }
  }

  RecordWorld world;
};

// Four producers put while a thread splits and merges, and two consumers walk the growing tree: one
// by iterators, one by subscriptions. Both must see every record once, each key in the order of its
// puts, though a key's records move from parents to children all the time.
TEST_F(ConcurrentRecords, NothingIsLostDoubledOrReorderedAcrossReshards) {
  const std::string arn = world.Register("orders", "billing");
  std::atomic<bool> producing = true;
  std::atomic<bool> reading = true;
  Delivered by_iterator;
  Delivered by_subscription;
  {
    std::thread reader([&] {
      WalkTree({ShardId{0}, ShardId{1}}, [&](ShardId shard) {
        return ReadShard(*world.kinesis, shard, by_iterator, reading);
      });
    });
    std::thread subscriber([&] {
      WalkTree({ShardId{0}, ShardId{1}}, [&](ShardId shard) {
        return SubscribeShard(world, arn, shard, by_subscription, reading);
      });
    });
    std::thread resharder([&] { Reshard(producing); });
    std::vector<std::thread> producers;
    for (int i = 0; i < kProducers; ++i)
      producers.emplace_back([&, i] { Produce(*world.kinesis, i); });
    for (std::thread& producer : producers) producer.join();
    producing = false;
    resharder.join();
    reading = false;
    reader.join();
    subscriber.join();
  }
  const Delivered put = AllThatWasPut();
  EXPECT_EQ(by_iterator, put);
  EXPECT_EQ(by_subscription, put);
}

TEST_F(ConcurrentRecords, NumbersOfConcurrentPutsAreDistinctAndReadBack) {
  std::array<std::vector<SequenceNumber>, kProducers> numbers;
  std::vector<std::thread> producers;
  for (std::size_t i = 0; i < kProducers; ++i) {
    producers.emplace_back([&, i] {
      for (int n = 0; n < kRecordsEach; ++n) {
        numbers[i].push_back(world.PutAt("orders", "0").sequence_number);
        if (n != 0) {
          ASSERT_GT(numbers[i].back(), numbers[i][numbers[i].size() - 2]);
        }
      }
    });
  }
  for (std::thread& producer : producers) producer.join();
  std::set<SequenceNumber> put;
  for (const std::vector<SequenceNumber>& of_one : numbers)
    put.insert(of_one.begin(), of_one.end());
  EXPECT_EQ(put.size(), std::size_t{kProducers} * kRecordsEach);
  const GetRecordsResponse page = world.Read(world.Iterator("orders", 0));
  std::set<SequenceNumber> read;
  for (const Record& record : page.records) read.insert(record.sequence_number);
  EXPECT_EQ(read, put);
}

TEST_F(ConcurrentRecords, ThroughputIsSharedExactlyByManyThreads) {
  RecordWorld limited;
  limited.Create("orders");
  std::atomic<int> stored = 0;
  std::vector<std::thread> producers;
  for (int i = 0; i < kProducers; ++i) {
    producers.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        if (limited.TryPut("orders", "k").ok()) ++stored;
      }
    });
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_EQ(stored.load(), 1000);
  EXPECT_EQ(limited.ReadAll("orders", "0").size(), 1000u);
}

TEST_F(ConcurrentRecords, AnIteratorMayBeUsedByManyThreads) {
  for (int i = 0; i < 100; ++i) world.PutAt("orders", "0", std::to_string(i));
  const std::string iterator = world.Iterator("orders", 0);
  const std::vector<std::string> expected = DataOf(world.Read(iterator));
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      for (int n = 0; n < 200; ++n) EXPECT_EQ(DataOf(world.Read(iterator)), expected);
    });
  }
  for (std::thread& reader : readers) reader.join();
}

// Of the calls that race for a lease, one has it.
TEST_F(ConcurrentRecords, OneSubscriptionWinsTheShard) {
  const std::string arn = world.Register("orders", "billing");
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> won = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        const auto subscription = world.TrySubscribe(arn, 0, {.type = Type::kLatest});
        if (subscription.ok()) {
          ++won;
        } else {
          EXPECT_THAT(subscription, FailsAs(ErrorCode::kResourceInUse));
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(won.load(), 1);
    world.Advance(absl::Seconds(5));
  }
}

// Puts and reads run into the deletion and the creation of their stream, again and again: each call
// succeeds or is told that there is no such stream or shard, and a new stream has no old records.
TEST_F(ConcurrentRecords, StreamsAreDeletedAndCreatedUnderPutsAndReads) {
  std::atomic<bool> running = true;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (running.load()) {
        const auto put = world.TryPut("orders", "k");
        if (!put.ok()) {
          ASSERT_THAT(put, FailsWith(ErrorCode::kResourceNotFound, StreamNotFoundText("orders")));
        }
      }
    });
    threads.emplace_back([&] {
      std::vector<RecordBatch> kept;
      while (running.load()) {
        const auto iterator = world.TryIterator("orders", "0", Type::kTrimHorizon);
        if (!iterator.ok()) {
          ASSERT_THAT(iterator,
                      FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
          continue;
        }
        auto page = world.TryRead(iterator->shard_iterator, 10);
        if (!page.ok()) {
          ASSERT_THAT(page,
                      FailsWith(ErrorCode::kResourceNotFound, ShardDoesNotExistText(0, "orders")));
          continue;
        }
        for (const Record& record : page->records) ASSERT_EQ(record.data, "data");
        if (kept.size() < 100) kept.push_back(std::move(page->records));
      }
      for (const RecordBatch& batch : kept) {
        for (const Record& record : batch) ASSERT_EQ(record.partition_key, "k");
      }
    });
  }
  for (int round = 0; round < 100; ++round) {
    ASSERT_THAT(world.kinesis->DeleteStream({.stream_name = "orders"}), Succeeds());
    ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}),
                Succeeds());
  }
  running = false;
  for (std::thread& thread : threads) thread.join();
}

// Retention trims while producers put and readers read: what a reader sees is a suffix without
// holes of what was put.
TEST_F(ConcurrentRecords, TrimmingUnderReadersLeavesNoHoles) {
  std::atomic<bool> running = true;
  std::thread producer([&] {
    for (int i = 0; running.load(); ++i) {
      world.PutAt("orders", "0", std::to_string(i) + std::string(500, '.'));
      if (i % 100 == 0) world.Advance(absl::Minutes(10));
    }
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      for (int n = 0; n < 300; ++n) {
        const auto iterator = world.TryIterator("orders", "0", Type::kTrimHorizon);
        ASSERT_THAT(iterator, Succeeds());
        const auto page = world.TryRead(iterator->shard_iterator, 1000);
        if (!page.ok()) {
          ASSERT_THAT(page, FailsAs(ErrorCode::kExpiredIterator));  // the clock is quick
          continue;
        }
        std::optional<int> last;
        for (const Record& record : page->records) {
          const int number = std::stoi(std::string(record.data));
          if (last.has_value()) {
            ASSERT_EQ(number, *last + 1);
          }
          last = number;
        }
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  running = false;
  producer.join();
  world.engine.Settle();
}

TEST_F(ConcurrentRecords, BatchesAreReleasedOnOtherThreadsAfterTheEngine) {
  auto engine_world = std::make_unique<RecordWorld>(WithoutThroughputLimits());
  engine_world->Create("orders");
  for (int i = 0; i < 500; ++i) engine_world->Put("orders", "k", std::string(1000, 'x'));
  std::vector<RecordBatch> batches;
  for (int i = 0; i < 4; ++i)
    batches.push_back(engine_world->Read(engine_world->Iterator("orders", 0)).records);
  std::atomic<bool> gone = false;
  std::vector<std::thread> holders;
  for (RecordBatch& batch : batches) {
    holders.emplace_back([held = std::move(batch), &gone] {
      while (!gone.load()) {
        for (const Record& record : held) ASSERT_EQ(record.data.size(), 1000u);
      }
      for (const Record& record : held) ASSERT_EQ(record.data[999], 'x');
    });
  }
  engine_world.reset();
  gone = true;
  for (std::thread& holder : holders) holder.join();
}

}  // namespace
}  // namespace riacho
