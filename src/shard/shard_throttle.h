// The throughput limits of one shard.
//
// Writes pay before they are stored, records and bytes both or none. Reads pay after, when the size
// of the page is known: a page may overdraw the budget, and later calls wait until the debt is
// paid.
//
// Thread-safe and lock-free; a limit that is kUnlimited touches no shared memory.
#pragma once

#include <cstdint>

#include "flow/token_bucket.h"
#include "riacho/model/limits.h"

namespace riacho::internal {

class ShardThrottle {
 public:
  // `largest_record_bytes` is what a single record may have. The byte bucket is a tank that holds
  // as much, and a second's worth at least; it begins full and is refilled at
  // `limits.shard_write_bytes_per_second`.
  ShardThrottle(const Limits& limits, std::int64_t largest_record_bytes, std::int64_t now_nanos);

  // Whether TakeWrite can refuse anything.
  bool limits_writes() const { return write_records_.limited() || write_bytes_.limited(); }
  // One record of `bytes`, partition key included.
  bool TakeWrite(std::int64_t bytes, std::int64_t now_nanos) {
    if (!write_records_.Take(1, now_nanos)) return false;
    if (write_bytes_.Take(bytes, now_nanos)) return true;
    write_records_.GiveBack(1);
    return false;
  }
  // The tank holds a record of that size from now on. A larger tank has its new room filled; what
  // was missing, is missing still. One caller at a time, beside any number of reads and writes.
  void SetLargestRecord(std::int64_t bytes);
  // Takes back a write that was admitted and could not be stored.
  void GiveBackWrite(std::int64_t bytes) {
    write_bytes_.GiveBack(bytes);
    write_records_.GiveBack(1);
  }

  // One call of GetRecords: refused while earlier pages are not paid for, or above the calls per
  // second.
  bool TakeRead(std::int64_t now_nanos) {
    return read_bytes_.InCredit(now_nanos) && read_calls_.Take(1, now_nanos);
  }
  // The bytes that call returned. A page of full size stops reads for the pause of
  // `limits.full_page_pause`; the limits are those it was made with.
  void ChargeRead(std::int64_t bytes, const Limits& limits, std::int64_t now_nanos);

  bool TakeShardIterator(std::int64_t now_nanos) { return iterator_calls_.Take(1, now_nanos); }

 private:
  TokenBucket write_records_;
  TokenBucket write_bytes_;
  TokenBucket read_calls_;
  TokenBucket read_bytes_;
  TokenBucket iterator_calls_;
};

}  // namespace riacho::internal
