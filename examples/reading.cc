// Reading by iterator: the five places to begin, page after page, and on to the children of a
// closed shard.
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "riacho/riacho.h"

namespace {

using riacho::ShardIteratorType;

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

// What an iterator reads first.
std::string FirstOf(riacho::Client& kinesis, const riacho::GetShardIteratorRequest& request) {
  const auto iterator = OrDie(kinesis.GetShardIterator(request));
  const auto page =
      OrDie(kinesis.GetRecords({.shard_iterator = iterator.shard_iterator, .limit = 1}));
  return page.records.empty() ? "nothing yet" : std::string(page.records.front().data);
}

// [START read_shard]
// Reads a shard from its oldest record until nothing is left for now. Answers the children of a
// closed shard, and nothing for an open one, which has no end.
std::vector<riacho::ChildShard> ReadShard(riacho::Client& kinesis, riacho::ManualClock& clock,
                                          riacho::ShardId shard, std::vector<std::string>& read) {
  std::string iterator =
      OrDie(kinesis.GetShardIterator({.stream_name = "orders",
                                      .shard_id = shard.ToString(),
                                      .shard_iterator_type = ShardIteratorType::kTrimHorizon}))
          .shard_iterator;
  for (;;) {
    clock.AdvanceTime(absl::Milliseconds(200));  // five calls per second are allowed
    const auto page = OrDie(kinesis.GetRecords({.shard_iterator = iterator, .limit = 2}));
    for (const riacho::Record& record : page.records) read.emplace_back(record.data);
    if (!page.next_shard_iterator.has_value()) return page.child_shards;
    if (page.records.empty() && page.millis_behind_latest == 0) return {};
    iterator = *page.next_shard_iterator;
  }
}
// [END read_shard]

// [START read_stream]
// Reads each shard only after all its parents, so that the records of a key stay in order.
std::vector<std::string> ReadStream(riacho::Client& kinesis, riacho::ManualClock& clock) {
  const auto roots = OrDie(
      kinesis.ListShards({.stream_name = "orders",
                          .shard_filter = {{.type = riacho::ShardFilterType::kAtTrimHorizon}}}));
  std::deque<riacho::ShardId> ready;
  for (const riacho::Shard& shard : roots.shards) ready.push_back(shard.shard_id);
  std::vector<std::string> read;
  std::set<riacho::ShardId> finished;
  for (; !ready.empty(); ready.pop_front()) {
    const riacho::ShardId shard = ready.front();
    const std::vector<riacho::ChildShard> children = ReadShard(kinesis, clock, shard, read);
    if (!children.empty()) finished.insert(shard);
    for (const riacho::ChildShard& child : children) {
      std::cout << "  " << shard << " ends, on to " << child.shard_id << "\n";
      bool parents_read = true;
      for (const riacho::ShardId parent : child.parent_shards) {
        parents_read = parents_read && finished.contains(parent);
      }
      if (parents_read) ready.push_back(child.shard_id);
    }
  }
  return read;
}
// [END read_stream]

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));

  std::vector<riacho::SequenceNumber> numbers;
  std::vector<absl::Time> times;
  const auto put = [&](const char* data) {
    times.push_back(clock.TimeNow());
    const auto response = OrDie(
        kinesis->PutRecord({.stream_name = "orders", .data = data, .partition_key = "order-17"}));
    numbers.push_back(response.sequence_number);
    clock.AdvanceTime(absl::Seconds(1));
  };
  for (const char* data : {"ordered", "paid", "packed"}) put(data);

  // [START iterator_types]
  const std::string shard = "shardId-000000000000";
  const std::string oldest =
      FirstOf(*kinesis, {.stream_name = "orders",
                         .shard_id = shard,
                         .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  const std::string newest = FirstOf(*kinesis, {.stream_name = "orders",
                                                .shard_id = shard,
                                                .shard_iterator_type = ShardIteratorType::kLatest});
  const std::string at =
      FirstOf(*kinesis, {.stream_name = "orders",
                         .shard_id = shard,
                         .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
                         .starting_sequence_number = numbers[1].ToString()});
  const std::string after =
      FirstOf(*kinesis, {.stream_name = "orders",
                         .shard_id = shard,
                         .shard_iterator_type = ShardIteratorType::kAfterSequenceNumber,
                         .starting_sequence_number = numbers[1].ToString()});
  const std::string at_time =
      FirstOf(*kinesis, {.stream_name = "orders",
                         .shard_id = shard,
                         .shard_iterator_type = ShardIteratorType::kAtTimestamp,
                         .timestamp = times[2]});
  // [END iterator_types]
  std::cout << "TRIM_HORIZON           " << oldest << "\nLATEST                 " << newest
            << "\nAT_SEQUENCE_NUMBER     " << at << "\nAFTER_SEQUENCE_NUMBER  " << after
            << "\nAT_TIMESTAMP           " << at_time << "\n";

  const std::string middle = riacho::HashKey{absl::uint128(1) << 127}.ToString();
  OrDie(kinesis->SplitShard(
      {.stream_name = "orders", .shard_to_split = shard, .new_starting_hash_key = middle}));
  put("shipped");
  OrDie(kinesis->MergeShards({.stream_name = "orders",
                              .shard_to_merge = "shardId-000000000001",
                              .adjacent_shard_to_merge = "shardId-000000000002"}));
  put("received");

  std::cout << "From the beginning, across a split and a merge\n";
  const std::vector<std::string> all = ReadStream(*kinesis, clock);
  for (const std::string& data : all) std::cout << "  " << data << "\n";

  const std::vector<std::string> expected = {"ordered", "paid", "packed", "shipped", "received"};
  const bool as_expected = oldest == "ordered" && newest == "nothing yet" && at == "paid" &&
                           after == "packed" && at_time == "packed" && all == expected;
  return as_expected ? 0 : 1;
}
