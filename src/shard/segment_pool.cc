#include "shard/segment_pool.h"

#include <algorithm>
#include <bit>
#include <new>
#include <sys/mman.h>

#include "base/epoch.h"

namespace riacho::internal {
namespace {

// How many bytes of the segment that follows `previous` come to a place: a step below the mean of
// the frames claimed there, so that places seldom run out first. More of them would lie idle, and
// each is written before the segment is used; fewer would leave room for frames unused when frames
// become shorter, until the next segment. The first segment of a log knows no frames.
std::size_t BytesPerPlace(const Segment& previous) {
  constexpr std::size_t kFirst = 96;
  constexpr std::size_t kLeast = 48;
  constexpr std::size_t kMost = 512;
  const SegmentTail tail = {previous.tail.load(std::memory_order_relaxed)};
  if (previous.place_count == 0 || tail.places() == 0) return kFirst;
  // A segment that was closed before it was full has more bytes than claims have taken.
  const std::size_t mean =
      std::min<std::size_t>(tail.bytes(), previous.frame_bytes) / tail.places();
  // 48, 64, 96, 128, 192, ...: few different ones, as a warm segment with as many need not be made
  // anew.
  const std::size_t power = std::bit_floor(mean);
  return std::clamp(mean >= power + power / 2 ? power + power / 2 : power, kLeast, kMost);
}

// Full segments lie on pages of their own, huge ones where the kernel has them: to touch such a
// page for the first time costs a third of what its small ones would.
void* NewBlock(std::size_t bytes) {
  if (bytes != SegmentPool::kFullSegmentBytes)
    return ::operator new(bytes, std::align_val_t(alignof(Segment)), std::nothrow);
  void* const memory =
      ::operator new(bytes, std::align_val_t(SegmentPool::kFullSegmentBytes), std::nothrow);
#if defined(MADV_HUGEPAGE)
  if (memory != nullptr) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: refused, nothing is lost
#endif
  return memory;
}

void DeleteBlock(void* memory, std::size_t bytes) {
  const std::size_t alignment = bytes == SegmentPool::kFullSegmentBytes ? bytes : alignof(Segment);
  ::operator delete(memory, std::align_val_t(alignment));
}

}  // namespace

// Counts `bytes` against the budget; false, and nothing counted, when they do not fit even without
// the warm segments. What has been retired but not yet destroyed comes back for the next caller.
bool SegmentPool::Reserve(std::size_t bytes) {
  const auto wanted = static_cast<std::int64_t>(bytes);
  std::int64_t used = used_bytes_.load(std::memory_order_relaxed);
  for (;;) {
    if (wanted > budget_bytes_ - used) {
      if (!FreeWarm()) {
        Epoch::Collect();
        return false;
      }
      used = used_bytes_.load(std::memory_order_relaxed);
    } else if (used_bytes_.compare_exchange_weak(used, used + wanted, std::memory_order_relaxed)) {
      return true;
    }
  }
}

void* SegmentPool::Allocate(std::size_t bytes) {
  if (!Reserve(bytes)) return nullptr;
  void* const memory = NewBlock(bytes);
  if (memory == nullptr)
    used_bytes_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  return memory;
}

// Without room for anything: it ends a log, which is never refused.
Segment* SegmentPool::TakeEmpty() {
  const std::size_t bytes = Segment::BytesFor(0, 0);
  used_bytes_.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  return Segment::MakeIn(::operator new(bytes, std::align_val_t(alignof(Segment))), 0, 0);
}

Segment* SegmentPool::Take(const Segment& previous, std::size_t frame_bytes) {
  Segment* segment = nullptr;
  if (frame_bytes == 0) {
    segment = TakeEmpty();
  } else {
    std::size_t bytes = previous.place_count == 0
                            ? kFirstSegmentBytes
                            : std::min(2 * previous.allocated_bytes(), kFullSegmentBytes);
    const std::size_t bytes_per_place = BytesPerPlace(previous);
    const auto places = [&](std::size_t total) {
      return static_cast<std::uint32_t>(total / bytes_per_place);
    };
    const auto room = [&](std::size_t total) {
      return static_cast<std::uint32_t>(total - Segment::BytesFor(places(total), 0));
    };
    while (room(bytes) < frame_bytes) bytes *= 2;
    if (bytes == kFullSegmentBytes) {
      for (std::atomic<Segment*>& slot : warm_) {
        if (slot.load(std::memory_order_relaxed) == nullptr) continue;
        segment = slot.exchange(nullptr, std::memory_order_acquire);  // pairs with Give
        if (segment != nullptr) break;
      }
      if (segment != nullptr && segment->place_count != places(bytes)) {
        segment->~BasicSegment();
        segment = Segment::MakeIn(segment, places(bytes), room(bytes));
      }
    }
    if (segment == nullptr) {
      void* memory = Allocate(bytes);
      while (memory == nullptr) {  // near the budget a smaller one may do
        bytes /= 2;
        if (bytes < kFirstSegmentBytes || room(bytes) < frame_bytes) return nullptr;
        memory = Allocate(bytes);
      }
      segment = Segment::MakeIn(memory, places(bytes), room(bytes));
    }
  }
  segment->source = shared_from_this();
  return segment;
}

Segment* SegmentPool::TakeOf(std::uint32_t place_count, std::uint32_t frame_bytes) {
  Segment* segment = nullptr;
  if (place_count == 0 && frame_bytes == 0) {
    segment = TakeEmpty();
  } else {
    void* const memory = Allocate(Segment::BytesFor(place_count, frame_bytes));
    if (memory == nullptr) return nullptr;
    segment = Segment::MakeIn(memory, place_count, frame_bytes);
  }
  segment->source = shared_from_this();
  return segment;
}

void SegmentPool::Give(Segment* segment) {
  segment->source.reset();
  for (LargeBlock* block = segment->large_blocks.load(std::memory_order_acquire);
       block != nullptr;) {
    LargeBlock* const next = block->next;
    GiveLarge(block);
    block = next;
  }
  const std::size_t bytes = segment->allocated_bytes();
  if (bytes == kFullSegmentBytes) {
    const std::uint32_t places = segment->place_count;
    const std::uint32_t frame_bytes = segment->frame_bytes;
    segment->~BasicSegment();
    segment = Segment::MakeIn(segment, places, frame_bytes);
    for (auto slot = warm_.rbegin(); slot != warm_.rend(); ++slot) {
      Segment* empty = nullptr;
      if (slot->load(std::memory_order_relaxed) == nullptr &&
          slot->compare_exchange_strong(empty, segment, std::memory_order_release,
                                        std::memory_order_relaxed)) {
        return;
      }
    }
  }
  segment->~BasicSegment();
  DeleteBlock(segment, bytes);
  used_bytes_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

LargeBlock* SegmentPool::TakeLarge(std::size_t bytes) {
  const std::size_t total = sizeof(LargeBlock) + bytes;
  void* const memory = Allocate(total);
  if (memory == nullptr) return nullptr;
  return new (memory) LargeBlock{.next = nullptr, .allocated_bytes = total};
}

void SegmentPool::GiveLarge(LargeBlock* block) {
  const std::size_t bytes = block->allocated_bytes;
  DeleteBlock(block, bytes);
  used_bytes_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

// True when a warm segment was there to be freed.
bool SegmentPool::FreeWarm() {
  bool freed = false;
  for (std::atomic<Segment*>& slot : warm_) {
    Segment* const segment = slot.exchange(nullptr, std::memory_order_acquire);
    if (segment == nullptr) continue;
    const std::size_t bytes = segment->allocated_bytes();
    segment->~BasicSegment();
    DeleteBlock(segment, bytes);
    used_bytes_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
    freed = true;
  }
  return freed;
}

}  // namespace riacho::internal
