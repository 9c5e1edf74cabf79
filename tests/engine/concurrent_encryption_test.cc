// Producers and readers of a stream whose key is changed, whose data keys expire and whose
// encryption is stopped and started meanwhile, on threads of their own. Run under the thread
// sanitizer.
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/encryption_fixture.h"

namespace riacho {
namespace {

constexpr int kProducers = 3;
constexpr int kRecordsEach = 2000;

// Puts, and remembers how the answers said that each record was written.
void Produce(EncryptionWorld& world, int producer, std::vector<EncryptionType>& written) {
  for (int i = 0; i < kRecordsEach; ++i) {
    const std::string data = std::to_string(producer) + ":" + std::to_string(i);
    written.push_back(world.Put("orders", "key", data).encryption_type);
  }
}

TEST(ConcurrentEncryption, EveryRecordIsReadAsItWasPutAndWithTheTypeThatThePutWasAnswered) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.shard_iterator_life = absl::Hours(24);
  EncryptionWorld world(options);
  std::vector<std::vector<EncryptionType>> written(kProducers);
  std::atomic<bool> done = false;
  {
    std::jthread administrator([&] {
      for (int i = 0; i < 200 && !done.load(); ++i) {  // 20 hours: nothing expires
        world.Start("first");
        world.Advance(absl::Minutes(1));
        world.Start("second");
        world.Advance(absl::Minutes(5));
        world.Stop();
      }
    });
    std::jthread reader([&] {
      while (!done.load()) {
        std::string iterator = world.Iterator("orders", 0);
        for (int page = 0; page < 10; ++page)
          iterator = world.Read(iterator, 100).next_shard_iterator.value();
      }
    });
    std::vector<std::jthread> producers;
    for (int i = 0; i < kProducers; ++i)
      producers.emplace_back([&, i] { Produce(world, i, written[static_cast<std::size_t>(i)]); });
    producers.clear();
    done = true;
  }
  std::map<std::string, EncryptionType> read;
  for (const Record& record : world.Read(world.Iterator("orders", 0)).records)
    read[std::string(record.data)] = record.encryption_type;
  ASSERT_EQ(read.size(), std::size_t{kProducers} * kRecordsEach);
  for (int producer = 0; producer < kProducers; ++producer) {
    for (int i = 0; i < kRecordsEach; ++i) {
      const std::string data = std::to_string(producer) + ":" + std::to_string(i);
      EXPECT_EQ(read[data],
                written[static_cast<std::size_t>(producer)][static_cast<std::size_t>(i)])
          << data;
    }
  }
}

}  // namespace
}  // namespace riacho
