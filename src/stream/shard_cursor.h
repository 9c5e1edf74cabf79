// Reads one shard in pages, without copying: serves GetRecords and SubscribeToShard alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "riacho/model/record_batch.h"
#include "riacho/model/sequence_number.h"
#include "stream/live_shard.h"

namespace riacho::internal {

struct ShardPage {
  RecordBatch records;
  std::size_t sealed_records = 0;  // of them, with data as it is stored: to be opened
  std::int64_t bytes = 0;          // data as it was put, and partition keys
  std::int64_t millis_behind_latest =
      0;                      // a multiple of 1000; 0 unless there is more behind the page
  bool end_of_shard = false;  // closed, and everything has been read
};

// Confined. Reading is lock-free; see ShardLog::Scan.
class ShardCursor {
 public:
  // Reads `shard` from `index` on. The shard outlives the cursor. `seal_bytes`: by how much the
  // data of an encrypted record is longer than what was put.
  ShardCursor(LiveShard& shard, std::uint64_t index, std::size_t seal_bytes)
      : shard_(shard), index_(index), seal_bytes_(seal_bytes) {}
  ShardCursor(const ShardCursor&) = delete;
  ShardCursor& operator=(const ShardCursor&) = delete;
  ~ShardCursor();

  // The next records: up to `most_records` and `most_bytes`, but at least one if there is one, none
  // that arrived before `horizon_millis`. `glance`: see ShardLog::Scan; for those who ask again
  // soon.
  ShardPage Read(std::int64_t most_records, std::int64_t most_bytes, std::int64_t horizon_millis,
                 std::int64_t now_millis, bool glance);

  std::uint64_t index() const { return index_; }

 private:
  LiveShard& shard_;
  std::uint64_t index_;
  const std::size_t seal_bytes_;
  Segment* pinned_ = nullptr;  // where the last page ended, so that the next one need not search
};

// The number of the record at `index`; empty when there is none, yet or any more.
std::optional<SequenceNumber> NumberAt(LiveShard& shard, std::uint64_t index);

// Where in its shard a reader that asks for `number` begins: at it, or after it when `after`.
std::uint64_t FindSequenceNumber(LiveShard& shard, const SequenceNumber& number,
                                 std::uint64_t number_index, bool after);

}  // namespace riacho::internal
