#include "replay/iterator_reader.h"

#include <utility>

namespace replay {
namespace {

constexpr absl::Duration kBetweenCalls = absl::Milliseconds(250);  // four calls per second

}  // namespace

IteratorReader::IteratorReader(riacho::Client& kinesis, std::string stream_name,
                               const std::vector<riacho::Shard>& shards, Receipts& receipts)
    : StreamReader(shards),
      kinesis_(kinesis),
      stream_name_(std::move(stream_name)),
      receipts_(receipts) {}

absl::StatusOr<StreamReader::Visit> IteratorReader::VisitShard(riacho::ShardId shard,
                                                               absl::Time now) {
  Position& position = positions_[shard];
  if (!position.iterator.has_value()) {
    absl::StatusOr<std::string> iterator = NewIterator(shard, position);
    if (!iterator.ok()) return iterator.status();
    position.iterator = *std::move(iterator);
  }
  absl::StatusOr<riacho::GetRecordsResponse> page =
      kinesis_.GetRecords({.shard_iterator = *position.iterator});
  if (riacho::GetErrorCode(page.status()) == riacho::ErrorCode::kExpiredIterator) {
    position.iterator.reset();
  }
  if (!page.ok()) return page.status();
  receipts_.Take(shard, page->records, now);
  if (!page->records.empty()) position.last = page->records.back().sequence_number;
  position.iterator = std::move(page->next_shard_iterator);
  Visit visit = {.next = now + kBetweenCalls,
                 .caught_up = page->records.empty() && page->millis_behind_latest == 0};
  if (!position.iterator.has_value()) visit.children = std::move(page->child_shards);
  return visit;
}

absl::StatusOr<std::string> IteratorReader::NewIterator(riacho::ShardId shard,
                                                        const Position& position) {
  riacho::GetShardIteratorRequest request = {
      .stream_name = stream_name_,
      .shard_id = shard.ToString(),
      .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon};
  if (position.last.has_value()) {
    request.shard_iterator_type = riacho::ShardIteratorType::kAfterSequenceNumber;
    request.starting_sequence_number = position.last->ToString();
  }
  absl::StatusOr<riacho::GetShardIteratorResponse> response = kinesis_.GetShardIterator(request);
  if (!response.ok()) return response.status();
  ++iterators_;
  return std::move(response->shard_iterator);
}

}  // namespace replay
