#include "stream/shard_cursor.h"

#include <algorithm>

#include "absl/time/time.h"

namespace riacho::internal {

ShardCursor::~ShardCursor() {
  if (pinned_ != nullptr) pinned_->Unpin();
}

ShardPage ShardCursor::Read(std::int64_t most_records, std::int64_t most_bytes,
                            std::int64_t horizon_millis, std::int64_t now_millis, bool glance) {
  ShardPage page;
  std::int64_t count = 0;
  std::int64_t last_arrival = 0;
  Segment* kept = nullptr;  // pinned by the batch
  bool gone = false;        // a segment was trimmed between being found and being pinned
  ScanEnd end = ScanEnd::kCaughtUp;
  do {
    gone = false;
    end = shard_.log.Scan(
        index_, pinned_, horizon_millis, glance,
        [&](Segment& segment, std::uint64_t index, const FrameView& frame) {
          const auto bytes = static_cast<std::int64_t>(
              frame.partition_key.size() + frame.data.size() - (frame.marked ? seal_bytes_ : 0));
          if (count == most_records || (count != 0 && bytes > most_bytes - page.bytes))
            return false;
          if (&segment != kept) {
            if (!segment.TryPin()) {
              gone = true;
              return false;
            }
            kept = &segment;
            page.records.Keep(&segment,
                              [](void* object) { static_cast<Segment*>(object)->Unpin(); });
          }
          if (count == 0) {
            const std::uint64_t available = shard_.log.EndIndex() - index;
            page.records.Reserve(std::min(static_cast<std::size_t>(most_records),
                                          static_cast<std::size_t>(available)));
          }
          page.records.Add(
              {.sequence_number = shard_.NumberOf(index, frame.arrival_millis),
               .approximate_arrival_timestamp = absl::FromUnixMillis(frame.arrival_millis),
               .data = frame.data,
               .partition_key = frame.partition_key,
               .encryption_type = frame.marked ? EncryptionType::kKms : EncryptionType::kNone});
          page.sealed_records += frame.marked ? 1 : 0;
          ++count;
          page.bytes += bytes;
          last_arrival = frame.arrival_millis;
          return true;
        });
    // Only a page that is still empty searches again: behind records it would leave a hole.
  } while (gone && count == 0);
  if (kept != nullptr && kept != pinned_ && kept->TryPin()) {
    if (pinned_ != nullptr) pinned_->Unpin();
    pinned_ = kept;
  }
  if (end == ScanEnd::kStopped) {
    page.millis_behind_latest = std::max<std::int64_t>(now_millis - last_arrival, 0) / 1000 * 1000;
  }
  page.end_of_shard = end == ScanEnd::kEndOfShard;
  return page;
}

std::optional<SequenceNumber> NumberAt(LiveShard& shard, std::uint64_t index) {
  std::optional<SequenceNumber> number;
  std::uint64_t at = index;
  shard.log.Scan(at, nullptr, INT64_MIN, false,
                 [&](Segment&, std::uint64_t found, const FrameView& frame) {
                   if (found == index) number = shard.NumberOf(found, frame.arrival_millis);
                   return false;
                 });
  return number;
}

std::uint64_t FindSequenceNumber(LiveShard& shard, const SequenceNumber& number,
                                 std::uint64_t number_index, bool after) {
  // An idle subscription hands out numbers that lie between two records: the index of the one
  // before, and a later time.
  const std::optional<SequenceNumber> there = NumberAt(shard, number_index);
  bool passed = after;
  if (there.has_value()) passed = after ? *there <= number : *there < number;
  return passed ? number_index + 1 : number_index;
}

}  // namespace riacho::internal
