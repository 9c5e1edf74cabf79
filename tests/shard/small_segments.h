// Segments of a few places, so that a test meets the end of a segment often.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include "base/epoch.h"
#include "shard/segment.h"

namespace riacho::internal {

struct HeapMemory {
  static void* Allocate(std::size_t bytes) { return ::operator new(bytes, std::align_val_t(128)); }
  static void Free(void* memory, std::size_t) { ::operator delete(memory, std::align_val_t(128)); }
  // Nothing is left: what has been retired may come back.
  static void Refused() { Epoch::Collect(); }
};

// Thread-safe. `Memory` hands out and takes back blocks.
template <typename A, typename Memory = HeapMemory>
class SmallSegmentSource final : public BasicSegmentSource<A> {
 public:
  using Segment = BasicSegment<A>;

  // Never more than `most` segments at a time, those that end a log left out.
  SmallSegmentSource(std::uint32_t places, std::uint32_t frame_bytes, int most = 1'000'000)
      : places_(places), frame_bytes_(frame_bytes), most_(most) {}

  Segment* Take(const Segment&, std::size_t frame_bytes) override {
    if (frame_bytes != 0 && taken_.fetch_add(1, std::memory_order_relaxed) >= most_) {
      taken_.fetch_sub(1, std::memory_order_relaxed);
      Memory::Refused();
      return nullptr;
    }
    live_.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t places = frame_bytes == 0 ? 0 : places_;
    const std::uint32_t room = frame_bytes == 0 ? 0 : frame_bytes_;
    Segment* const segment =
        Segment::MakeIn(Memory::Allocate(Segment::BytesFor(places, room)), places, room);
    segment->source = this->shared_from_this();
    return segment;
  }

  void Give(Segment* segment) override {
    segment->source.reset();
    for (LargeBlock* block = segment->large_blocks.load(std::memory_order_acquire);
         block != nullptr;) {
      LargeBlock* const next = block->next;
      GiveLarge(block);
      block = next;
    }
    if (segment->place_count != 0) taken_.fetch_sub(1, std::memory_order_relaxed);
    live_.fetch_sub(1, std::memory_order_relaxed);
    const std::size_t bytes = segment->allocated_bytes();
    segment->~Segment();
    Memory::Free(segment, bytes);
  }

  LargeBlock* TakeLarge(std::size_t bytes) override {
    live_.fetch_add(1, std::memory_order_relaxed);
    const std::size_t total = sizeof(LargeBlock) + bytes;
    return new (Memory::Allocate(total)) LargeBlock{.next = nullptr, .allocated_bytes = total};
  }

  void GiveLarge(LargeBlock* block) override {
    live_.fetch_sub(1, std::memory_order_relaxed);
    Memory::Free(block, block->allocated_bytes);
  }

  // Segments and large blocks that are out.
  int live() const { return live_.load(std::memory_order_relaxed); }

 private:
  const std::uint32_t places_;
  const std::uint32_t frame_bytes_;
  const int most_;
  std::atomic<int> taken_ = 0;
  std::atomic<int> live_ = 0;
};

}  // namespace riacho::internal
