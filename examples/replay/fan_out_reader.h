// A consumer of enhanced fan-out: one subscription per shard, renewed when its five minutes are
// over.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "replay/receipts.h"
#include "replay/stream_reader.h"

namespace replay {

class FanOutReader final : public StreamReader {
 public:
  // How the consumer keeps up: it looks at each shard every `between_looks`, and takes
  // `events_per_look` events, of up to 10,000 records and 2 MiB each, at most.
  struct Pace {
    absl::Duration between_looks = absl::Milliseconds(50);
    int events_per_look = 10;
  };

  // The references must outlive the reader.
  FanOutReader(riacho::Client& kinesis, std::string consumer_arn,
               const std::vector<riacho::Shard>& shards, Receipts& receipts, Pace pace);

  std::int64_t subscriptions() const { return subscriptions_; }  // how many it made

 private:
  struct Position {
    std::unique_ptr<riacho::Subscription> subscription = {};  // null: to be made
    std::optional<riacho::SequenceNumber> continuation = {};  // of the last event
  };

  absl::StatusOr<Visit> VisitShard(riacho::ShardId shard, absl::Time now) override;
  absl::StatusOr<std::unique_ptr<riacho::Subscription>> Subscribe(riacho::ShardId shard,
                                                                  const Position& position);

  riacho::Client& kinesis_;
  const std::string consumer_arn_;
  Receipts& receipts_;
  const Pace pace_;
  std::map<riacho::ShardId, Position> positions_;
  std::int64_t subscriptions_ = 0;
};

}  // namespace replay
