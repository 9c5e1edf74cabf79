// The smallest program: a stream, a record in, the record out.
// [START quickstart]
#include <iostream>

#include "riacho/riacho.h"

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();

  kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}).IgnoreError();
  auto put =
      kinesis->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "order-17"});
  auto iterator =
      kinesis->GetShardIterator({.stream_name = "orders",
                                 .shard_id = put->shard_id.ToString(),
                                 .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon});
  auto page = kinesis->GetRecords({.shard_iterator = iterator->shard_iterator});
  for (const riacho::Record& record : page->records) {
    std::cout << record.partition_key << ": " << record.data << " at " << record.sequence_number
              << "\n";
  }
}
// [END quickstart]
