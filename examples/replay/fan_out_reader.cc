#include "replay/fan_out_reader.h"

#include <utility>

namespace replay {

FanOutReader::FanOutReader(riacho::Client& kinesis, std::string consumer_arn,
                           const std::vector<riacho::Shard>& shards, Receipts& receipts, Pace pace)
    : StreamReader(shards),
      kinesis_(kinesis),
      consumer_arn_(std::move(consumer_arn)),
      receipts_(receipts),
      pace_(pace) {}

absl::StatusOr<StreamReader::Visit> FanOutReader::VisitShard(riacho::ShardId shard,
                                                             absl::Time now) {
  Position& position = positions_[shard];
  Visit visit = {.next = now + pace_.between_looks};
  for (int events = 0; events < pace_.events_per_look;) {
    if (position.subscription == nullptr) {
      auto subscription = Subscribe(shard, position);
      if (!subscription.ok()) return subscription.status();
      position.subscription = *std::move(subscription);
    }
    const absl::StatusOr<std::optional<riacho::SubscribeToShardEvent>> polled =
        position.subscription->Poll();
    if (!polled.ok()) {
      position.subscription.reset();
      return polled.status();
    }
    if (!polled->has_value()) {
      if (!position.subscription->ended()) break;
      position.subscription.reset();  // its five minutes are over: make another
      continue;
    }
    const riacho::SubscribeToShardEvent& event = **polled;
    ++events;
    receipts_.Take(shard, event.records, now);
    visit.caught_up = event.records.empty() && event.millis_behind_latest == 0;
    position.continuation = event.continuation_sequence_number;
    if (!position.continuation.has_value()) {
      visit.children = event.child_shards;
      break;
    }
  }
  return visit;
}

absl::StatusOr<std::unique_ptr<riacho::Subscription>> FanOutReader::Subscribe(
    riacho::ShardId shard, const Position& position) {
  riacho::StartingPosition start = {.type = riacho::ShardIteratorType::kTrimHorizon};
  if (position.continuation.has_value()) {
    start = {.type = riacho::ShardIteratorType::kAfterSequenceNumber,
             .sequence_number = position.continuation->ToString()};
  }
  ++subscriptions_;
  return kinesis_.SubscribeToShard(
      {.consumer_arn = consumer_arn_, .shard_id = shard.ToString(), .starting_position = start});
}

}  // namespace replay
