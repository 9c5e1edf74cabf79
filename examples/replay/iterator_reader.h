// A consumer that reads by iterators: GetShardIterator once per shard, then page after page of
// GetRecords.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/receipts.h"
#include "replay/stream_reader.h"

namespace replay {

// Stays within the five calls per second that a shard allows.
class IteratorReader final : public StreamReader {
 public:
  // The references must outlive the reader.
  IteratorReader(riacho::Client& kinesis, std::string stream_name,
                 const std::vector<riacho::Shard>& shards, Receipts& receipts);

  std::int64_t iterators() const { return iterators_; }  // how many it asked for

 private:
  struct Position {
    std::optional<std::string> iterator = {};         // absent: to be asked for
    std::optional<riacho::SequenceNumber> last = {};  // of the last record read
  };

  absl::StatusOr<Visit> VisitShard(riacho::ShardId shard, absl::Time now) override;
  absl::StatusOr<std::string> NewIterator(riacho::ShardId shard, const Position& position);

  riacho::Client& kinesis_;
  const std::string stream_name_;
  Receipts& receipts_;
  std::map<riacho::ShardId, Position> positions_;
  std::int64_t iterators_ = 0;
};

}  // namespace replay
