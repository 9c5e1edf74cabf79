#include "riacho/testing/fixtures.h"

#include <optional>

namespace riacho {
namespace {

std::vector<Shard> ListAllShards(Client& kinesis, const std::string& stream) {
  std::vector<Shard> shards;
  std::optional<std::string> token;
  do {
    ListShardsRequest request = {.next_token = token};
    if (!token.has_value()) request.stream_name = stream;
    const absl::StatusOr<ListShardsResponse> page = kinesis.ListShards(request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return {};
    shards.insert(shards.end(), page->shards.begin(), page->shards.end());
    token = page->next_token;
  } while (token.has_value());
  return shards;
}

// A page that holds less came to the end of what there is.
constexpr std::size_t kFullPageRecords = 10'000;
constexpr std::size_t kFullPageBytes = 9 * 1024 * 1024;  // and no room for a record of one more

void ReadShard(Client& kinesis, const std::string& stream, const Shard& shard,
               std::vector<ReceivedRecord>& records) {
  const absl::StatusOr<GetShardIteratorResponse> first =
      kinesis.GetShardIterator({.stream_name = stream,
                                .shard_id = shard.shard_id.ToString(),
                                .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  EXPECT_TRUE(first.ok()) << first.status();
  if (!first.ok()) return;
  std::optional<std::string> iterator = first->shard_iterator;
  while (iterator.has_value()) {
    const absl::StatusOr<GetRecordsResponse> page =
        kinesis.GetRecords({.shard_iterator = *iterator});
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return;
    std::size_t bytes = 0;
    for (ReceivedRecord& record : CopyOf(page->records)) {
      bytes += record.partition_key.size() + record.data.size();
      records.push_back(std::move(record));
    }
    // Another look at a shard's end would use up one of the five reads a second that the code under
    // test has, too.
    if (page->records.size() < kFullPageRecords && bytes < kFullPageBytes) return;
    iterator = page->next_shard_iterator;
  }
}

}  // namespace

void CreateStream(Client& kinesis, const std::string& stream, std::int64_t shards) {
  const absl::Status created =
      kinesis.CreateStream({.stream_name = stream, .shard_count = shards}).status();
  EXPECT_TRUE(created.ok()) << created;
}

void Put(Client& kinesis, const std::string& stream, std::string_view partition_key,
         std::string_view data) {
  const absl::Status put =
      kinesis.PutRecord({.stream_name = stream, .data = data, .partition_key = partition_key})
          .status();
  EXPECT_TRUE(put.ok()) << put;
}

std::vector<ReceivedRecord> ReadAll(Client& kinesis, const std::string& stream) {
  std::vector<ReceivedRecord> records;
  // Ascending ids: children are younger than their parents.
  for (const Shard& shard : ListAllShards(kinesis, stream))
    ReadShard(kinesis, stream, shard, records);
  return records;
}

void SimulationTest::TearDown() {
  if (sim.failed()) {
    ADD_FAILURE() << sim.Report();
  } else if (HasFailure()) {
    GTEST_LOG_(INFO) << sim.Report();
  }
}

::testing::AssertionResult EventuallyInSimulation(Simulation& sim,
                                                  const std::function<bool()>& predicate,
                                                  absl::Duration limit) {
  if (sim.RunUntil(predicate, limit)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "It did not come true within " << absl::FormatDuration(limit) << ".\n"
         << sim.Report();
}

}  // namespace riacho
