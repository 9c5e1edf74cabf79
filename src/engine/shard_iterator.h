// Shard iterators: where a caller of GetRecords stands, as text that only this engine can have
// made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "riacho/model/limits.h"
#include "riacho/model/shard_id.h"

namespace riacho::internal {

struct ShardIterator {
  std::string stream_name = {};
  std::uint64_t incarnation = 0;  // of the stream
  ShardId shard_id = {};
  std::uint64_t index = 0;            // in the shard's log: the next to return
  std::int64_t issued_at_millis = 0;  // Unix

  std::string ToToken(std::uint64_t key) const;

  // Errors: kInvalidArgument (not an iterator of this engine), kExpiredIterator (older than
  // limits.shard_iterator_life). An iterator from the future, by a clock that was set back, is as
  // good as new.
  static absl::StatusOr<ShardIterator> FromToken(std::string_view token, std::uint64_t key,
                                                 const Limits& limits, std::int64_t now_millis);
};

}  // namespace riacho::internal
