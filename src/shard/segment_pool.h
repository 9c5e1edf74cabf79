// The memory of an engine's records: makes segments, keeps a few warm ones, and holds to a budget.
//
// Segments grow from 4 KiB, for the first of a shard, by doubling to 2 MiB: a million shards with a
// record each fit in memory, and busy shards seldom need a new one. Full-sized segments are kept
// when they come back, last in, first out: touching fresh memory costs more than all else about a
// record.
//
// Thread-safe; Take and Give are lock-free but for the allocator they call when no warm segment is
// left.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shard/shard_log.h"

namespace riacho::internal {

class SegmentPool final : public SegmentSource {
 public:
  static constexpr std::size_t kFirstSegmentBytes = 4 * 1024;
  static constexpr std::size_t kFullSegmentBytes = 2048 * 1024;
  static constexpr std::int64_t kNoBudget = INT64_MAX;

  // `budget_bytes` bounds what all segments and large records of the engine take together.
  explicit SegmentPool(std::int64_t budget_bytes = kNoBudget) : budget_bytes_(budget_bytes) {}
  SegmentPool(const SegmentPool&) = delete;
  SegmentPool& operator=(const SegmentPool&) = delete;
  ~SegmentPool() override { FreeWarm(); }

  Segment* Take(const Segment& previous, std::size_t frame_bytes) override;
  // A segment of exactly this shape, which a log had elsewhere; null when memory is spent, but
  // never for one that holds nothing, as Take. `place_count` and `frame_bytes` are such that the
  // whole is no larger than a full segment.
  Segment* TakeOf(std::uint32_t place_count, std::uint32_t frame_bytes);
  static bool IsShape(std::uint32_t place_count, std::uint32_t frame_bytes) {
    return Segment::BytesFor(place_count, frame_bytes) <= kFullSegmentBytes;
  }
  void Give(Segment* segment) override;
  LargeBlock* TakeLarge(std::size_t bytes) override;
  void GiveLarge(LargeBlock* block) override;

  // Memory in segments and large records now, warm ones included.
  std::int64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  std::int64_t budget_bytes() const { return budget_bytes_; }

 private:
  Segment* TakeEmpty();
  bool Reserve(std::size_t bytes);
  void* Allocate(std::size_t bytes);
  bool FreeWarm();

  const std::int64_t budget_bytes_;
  std::atomic<std::int64_t> used_bytes_ = 0;
  std::array<std::atomic<Segment*>, 32> warm_ = {};
};

}  // namespace riacho::internal
