// A shard's log at one point of its order, to be saved while others go on appending and trimming,
// and put together again elsewhere.
//
// A cut pins the segments that the log has when it is made. What has been appended before is in it;
// of what is being appended meanwhile, a prefix in the order of the log. A segment is saved as
// docs/internals/snapshot.md says: with its places, so that what is appended later has the same
// index as it would have had.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_codec.h"
#include "shard/segment_pool.h"
#include "shard/shard_log.h"

namespace riacho::internal {

// Thread-compatible, beside any use of the log. The log must outlive it.
class LogCut {
 public:
  // Lock-free. O(segments of the log).
  explicit LogCut(ShardLog& log);
  LogCut(LogCut&& other) noexcept = default;
  LogCut& operator=(LogCut&&) = delete;
  ~LogCut();

  // Where the log begins.
  std::uint64_t first_index() const { return first_index_; }
  bool sealed() const { return sealed_; }
  std::size_t segment_count() const { return segments_.size(); }

  // Appends the bytes of a segment, counted from 0, to `bytes`. Gives up places, as a reader does,
  // that suspended writers have claimed before others' records.
  void SaveSegment(std::size_t number, std::string& bytes);

 private:
  std::uint64_t Places(Segment& segment, bool last, std::vector<std::uint64_t>& words);

  ShardLog* log_;
  std::vector<Segment*> segments_;  // pinned; without the root, which holds nothing
  SegmentTail tail_;                // of the last one
  std::uint64_t first_index_ = 0;
  bool sealed_ = false;
};

enum class RestoreOutcome : unsigned char { kRestored, kMalformed, kNoMemory };

// Fills a new log that nobody else knows yet: first what is before its first segment, then segment
// by segment. Thread-compatible.
class LogRestorer {
 public:
  // The pool is the one that the log was made with. The data of a marked record has
  // `least_marked_bytes` at least.
  LogRestorer(ShardLog& log, SegmentPool& pool, std::uint64_t first_index,
              std::size_t least_marked_bytes);
  LogRestorer(const LogRestorer&) = delete;
  LogRestorer& operator=(const LogRestorer&) = delete;

  // Adds the segment that SaveSegment has written. Whatever the bytes say, no more is allocated
  // than a segment and as many bytes as are there.
  RestoreOutcome AddSegment(std::string_view bytes);

  // Once, as the last call.
  void Finish(bool sealed);

 private:
  RestoreOutcome Fill(Segment& segment, const std::vector<std::uint32_t>& lengths,
                      std::string_view frames, FieldReader& rest);

  ShardLog& log_;
  SegmentPool& pool_;
  const std::size_t least_marked_bytes_;
  Segment* last_;
};

}  // namespace riacho::internal
