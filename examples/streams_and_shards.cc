// Streams and shards: create, describe, list, split, merge, scale, and who came from whom.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

// [START list]
// Open and closed shards, with their parents, until they expire.
std::vector<riacho::Shard> ListShards(riacho::Client& kinesis) {
  const auto response = OrDie(kinesis.ListShards({.stream_name = "orders"}));
  for (const riacho::Shard& shard : response.shards) {
    const bool open = !shard.sequence_number_range.ending_sequence_number.has_value();
    std::cout << "  " << shard.shard_id << (open ? " open  " : " closed");
    if (shard.parent_shard_id.has_value()) std::cout << " from " << *shard.parent_shard_id;
    if (shard.adjacent_parent_shard_id.has_value()) {
      std::cout << " and " << *shard.adjacent_parent_shard_id;
    }
    std::cout << "\n";
  }
  return response.shards;
}
// [END list]

}  // namespace

int main() {
  // [START create]
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();

  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}));
  const auto described = OrDie(kinesis->DescribeStreamSummary({.stream_name = "orders"}));
  const riacho::StreamDescriptionSummary& summary = described.stream_description_summary;
  std::cout << summary.stream_name << " is " << summary.stream_status << " with "
            << summary.open_shard_count.value_or(0) << " open shards\n";
  // [END create]
  const std::vector<riacho::Shard> created = ListShards(*kinesis);

  // [START split]
  // The upper child begins at the key given. In the middle, each child has half of the hash keys.
  const riacho::HashKeyRange& range = created[1].hash_key_range;
  const riacho::HashKey middle = {range.starting_hash_key.value +
                                  (range.ending_hash_key.value - range.starting_hash_key.value) /
                                      2};
  OrDie(kinesis->SplitShard({.stream_name = "orders",
                             .shard_to_split = created[1].shard_id.ToString(),
                             .new_starting_hash_key = middle.ToString()}));
  // [END split]
  std::cout << "After the split of " << created[1].shard_id << "\n";
  ListShards(*kinesis);

  // [START merge]
  // Neighbours only, the lower one first.
  OrDie(kinesis->MergeShards({.stream_name = "orders",
                              .shard_to_merge = "shardId-000000000000",
                              .adjacent_shard_to_merge = "shardId-000000000002"}));
  // [END merge]
  std::cout << "After the merge\n";
  ListShards(*kinesis);

  // [START scale]
  // Splits and merges until there are so many shards of equal size.
  const auto scaled =
      OrDie(kinesis->UpdateShardCount({.stream_name = "orders", .target_shard_count = 4}));
  std::cout << "Scaled from " << scaled.current_shard_count << " to " << scaled.target_shard_count
            << " shards\n";
  // [END scale]
  ListShards(*kinesis);

  // [START filter]
  // The shards that take records now.
  const auto open = OrDie(kinesis->ListShards(
      {.stream_name = "orders", .shard_filter = {{.type = riacho::ShardFilterType::kAtLatest}}}));
  std::cout << open.shards.size() << " shards take records\n";
  // [END filter]

  // [START error]
  // What the service would say, with the service's error.
  const absl::Status twice =
      kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}).status();
  std::cout << *riacho::GetErrorCode(twice) << ": " << riacho::ErrorMessage(twice) << "\n";
  // [END error]

  OrDie(kinesis->DeleteStream({.stream_name = "orders"}));
  const bool as_expected =
      open.shards.size() == 4 && riacho::GetErrorCode(twice) == riacho::ErrorCode::kResourceInUse;
  return as_expected ? 0 : 1;
}
