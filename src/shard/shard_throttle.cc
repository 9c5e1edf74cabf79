#include "shard/shard_throttle.h"

#include <algorithm>

#include "absl/time/time.h"

namespace riacho::internal {

namespace {

// A bucket needs a rate of at least one.
std::int64_t Rate(std::int64_t per_second) { return std::max<std::int64_t>(per_second, 1); }

}  // namespace

ShardThrottle::ShardThrottle(const Limits& limits, std::int64_t largest_record_bytes,
                             std::int64_t now_nanos)
    : write_records_(Rate(limits.shard_write_records_per_second),
                     Rate(limits.shard_write_records_per_second), now_nanos),
      write_bytes_(Rate(limits.shard_write_bytes_per_second),
                   std::max(Rate(limits.shard_write_bytes_per_second), largest_record_bytes),
                   now_nanos),
      read_calls_(Rate(limits.shard_get_records_calls_per_second),
                  Rate(limits.shard_get_records_calls_per_second), now_nanos),
      read_bytes_(Rate(limits.shard_read_bytes_per_second),
                  Rate(limits.shard_read_bytes_per_second), now_nanos),
      iterator_calls_(Rate(limits.shard_get_shard_iterator_calls_per_second),
                      Rate(limits.shard_get_shard_iterator_calls_per_second), now_nanos) {}

void ShardThrottle::SetLargestRecord(std::int64_t bytes) {
  write_bytes_.SetBurst(std::max(write_bytes_.tokens_per_second(), bytes));
}

void ShardThrottle::ChargeRead(std::int64_t bytes, const Limits& limits, std::int64_t now_nanos) {
  if (!read_bytes_.limited()) return;
  if (bytes >= limits.get_records_response_bytes) {
    // A second's worth is credit; the rest of the charge is debt.
    const double pause = static_cast<double>(read_bytes_.tokens_per_second()) *
                         (1 + absl::ToDoubleSeconds(limits.full_page_pause));
    bytes = std::max(bytes, static_cast<std::int64_t>(pause));
  }
  read_bytes_.Charge(bytes, now_nanos);
}

}  // namespace riacho::internal
