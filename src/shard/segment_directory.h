// Finds the segment of an index without walking the list.
//
// A hint, never the truth: it may lag behind the list, and a reader walks from the last segment it
// knows. Slots are numbered by a segment's ordinal, so those of trimmed segments are simply never
// looked at again. One thread at a time brings it up to date and nobody waits for that thread.
//
// Progress: Find is wait-free; Update returns at once when another thread is updating.
#pragma once

#include <atomic>
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
    std::uint64_t low =
        first->ordinal;  // base of `low` is not above the index, or `low` is the first
    std::uint64_t high = end;
    while (high - low > 1) {
      const std::uint64_t middle = low + (high - low) / 2;
      A::PlainRead(&table->slot(middle), sizeof(Segment*));
      if (table->slot(middle)->base <= index) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return table->slot(low);
  }

  // Adds the segments that have been linked behind the last known one. The caller holds a guard
  // that it entered before it loaded `first`.
  void Update(Segment* first) {
    if (busy_.exchange(true, std::memory_order_acquire)) return;
    Table* table = table_.load(std::memory_order_relaxed);
    std::uint64_t end = table == nullptr ? 0 : table->end.load(std::memory_order_relaxed);
    Segment* segment = first;
    if (table != nullptr && table->start <= first->ordinal && first->ordinal < end) {
      segment = table->slot(end - 1)->next.load(std::memory_order_acquire);
    } else {
      // Begins anew, even behind the last known one: a reader that knows an older first segment
      // must meet no empty slot.
      end = first->ordinal;
      table = Replace(table, end, end);
    }
    for (; segment != nullptr; segment = segment->next.load(std::memory_order_acquire), ++end) {
      if (end - table->start == table->capacity) table = Replace(table, first->ordinal, end);
      A::PlainWrite(&table->slot(end), sizeof(Segment*));
      table->slot(end) = segment;
      table->end.store(end + 1, std::memory_order_release);
    }
    busy_.store(false, std::memory_order_release);
  }

 private:
  struct Table {
    std::uint64_t start = 0;  // ordinal of slots[0]
    std::uint64_t capacity = 0;
    Atomic<std::uint64_t> end = 0;
    std::unique_ptr<Segment*[]> slots;

    Segment*& slot(std::uint64_t ordinal) const { return slots[ordinal - start]; }
  };

  // A table for ordinals from `first`, with what `old` knows of [first, end) and as much room
  // again.
  Table* Replace(Table* old, std::uint64_t first, std::uint64_t end) {
    auto* const table = new Table;
    table->start = first;
    table->capacity = end - first < 4 ? 8 : 2 * (end - first);
    table->slots = std::make_unique<Segment*[]>(table->capacity);
    for (std::uint64_t i = first; i < end; ++i) table->slot(i) = old->slot(i);
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
