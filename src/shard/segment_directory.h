// Finds the segment of an index without walking the list.
//
// A hint, never the truth: it may lag behind the list, and a reader walks from the last segment it
// knows. Slots stand in a ring, in the order of the segments' ordinals: those of trimmed segments
// are taken again, and a log that forgets as fast as it grows needs no memory for it. One thread at
// a time brings it up to date and nobody waits for that thread.
//
// Progress: Find is wait-free; Update returns at once when another thread is updating.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

#include "shard/segment.h"

namespace riacho::internal {

template <typename A>
class SegmentDirectory {
 public:
  template <typename T>
  using Atomic = typename A::template Atomic<T>;
  using Segment = BasicSegment<A>;

  SegmentDirectory() = default;
  SegmentDirectory(const SegmentDirectory&) = delete;
  SegmentDirectory& operator=(const SegmentDirectory&) = delete;
  ~SegmentDirectory() { Delete(table_.load(std::memory_order_relaxed)); }

  // The last known segment whose base is not above `index`, `first` at the earliest. The caller
  // holds a guard that it entered before it loaded `first` from the log.
  Segment* Find(std::uint64_t index, Segment* first) const {
    const Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return first;
    const std::uint64_t end =
        table->end.load(std::memory_order_acquire);  // pairs with Update: slots before it are set
    if (first->ordinal < table->start || end <= first->ordinal) return first;
    Segment* found = first;
    std::uint64_t low = first->ordinal;  // of `found`
    std::uint64_t high = end;
    while (high - low > 1) {
      const std::uint64_t middle = low + (high - low) / 2;
      Segment* const segment = table->At(middle);
      if (segment == nullptr) return first;
      if (segment->base <= index) {
        found = segment;
        low = middle;
      } else {
        high = middle;
      }
    }
    return found;
  }

  // Adds the segments that have been linked behind the last known one. The caller holds a guard
  // that it entered before it loaded `first`.
  void Update(Segment* first) {
    if (busy_.exchange(true, std::memory_order_acquire)) return;
    Table* table = table_.load(std::memory_order_relaxed);
    std::uint64_t end = table == nullptr ? 0 : table->end.load(std::memory_order_relaxed);
    Segment* segment = first;
    if (table != nullptr && table->start <= first->ordinal && first->ordinal < end) {
      segment = table->At(end - 1)->next.load(std::memory_order_acquire);
    } else {
      // Begins anew, even behind the last known one: a reader that knows an older first segment
      // must meet no empty slot.
      end = first->ordinal;
      table = Replace(table, end, end);
    }
    for (; segment != nullptr; segment = segment->next.load(std::memory_order_acquire), ++end) {
      if (end - first->ordinal >= table->capacity) table = Replace(table, first->ordinal, end);
      // Release: who sees the segment here sees it made.
      table->slot(end).store(segment, std::memory_order_release);
      table->end.store(end + 1, std::memory_order_release);
    }
    busy_.store(false, std::memory_order_release);
  }

 private:
  struct Table {
    std::uint64_t start = 0;     // the first ordinal that was ever in it
    std::uint64_t capacity = 0;  // a power of two
    Atomic<std::uint64_t> end = 0;
    std::unique_ptr<Atomic<Segment*>[]> slots;

    Atomic<Segment*>& slot(std::uint64_t ordinal) const { return slots[ordinal & (capacity - 1)]; }
    // Null when the slot has been taken for a later one: `ordinal` has been trimmed meanwhile. What
    // stands there has not been freed, for it is later than the caller's first.
    Segment* At(std::uint64_t ordinal) const {
      Segment* const segment = slot(ordinal).load(std::memory_order_acquire);
      return segment->ordinal == ordinal ? segment : nullptr;
    }
  };

  // A table for ordinals from `first`, with what `old` knows of [first, end) and as much room
  // again.
  Table* Replace(Table* old, std::uint64_t first, std::uint64_t end) {
    auto* const table = new Table;
    table->start = first;
    table->capacity = end - first < 4 ? 8 : std::bit_ceil(2 * (end - first));
    table->slots = std::make_unique<Atomic<Segment*>[]>(table->capacity);
    for (std::uint64_t i = first; i < end; ++i)
      table->slot(i).store(old->slot(i).load(std::memory_order_relaxed), std::memory_order_relaxed);
    table->end.store(end, std::memory_order_relaxed);
    table_.store(table, std::memory_order_release);
    if (old != nullptr) A::Retire(old, &Delete);
    return table;
  }

  static void Delete(void* table) { delete static_cast<Table*>(table); }

  Atomic<Table*> table_ = nullptr;
  Atomic<bool> busy_ = false;
};

}  // namespace riacho::internal
