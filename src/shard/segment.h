// A block of a shard's log: places, and the frames they point to.
//
//   header | places: one atomic word each | frames: header, partition key, data; each from a
//   multiple of 8
//
// A place is empty (0), abandoned (1), or published: offset of its frame << 32 | length of its
// frame. It changes once. `tail` says what has been claimed: bit 63 sealed | places claimed << 32 |
// bytes claimed. Claims that do not fit still move it, so a segment that was once too full for a
// record never takes another one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

namespace riacho::internal {

// How a record starts in a segment. Its key follows, then its data or, when kLargeData is set, a
// pointer to a LargeBlock.
struct FrameHeader {
  static constexpr std::uint16_t kLargeData = 1;
  static constexpr std::uint16_t kMarked = 2;  // means what the owner of the log wants it to mean

  std::int64_t arrival_millis = 0;  // Unix milliseconds
  std::uint32_t data_length = 0;
  std::uint16_t key_length = 0;
  std::uint16_t flags = 0;
};
static_assert(sizeof(FrameHeader) == 16);

// The data of a large record, owned by the segment its frame lies in. The bytes follow.
struct LargeBlock {
  LargeBlock* next = nullptr;
  std::size_t allocated_bytes = 0;

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

// A record in a segment; lives as long as the segment is pinned.
struct FrameView {
  std::int64_t arrival_millis = 0;
  std::string_view partition_key = {};
  std::string_view data = {};
  bool marked = false;
};

// What `tail` says.
struct SegmentTail {
  static constexpr std::uint64_t kSealed = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kOnePlace = std::uint64_t{1} << 32;

  std::uint64_t word = 0;

  bool sealed() const { return (word & kSealed) != 0; }
  std::uint64_t places() const { return (word & ~kSealed) >> 32; }
  std::uint64_t bytes() const { return word & 0xffffffff; }
};

template <typename A>
struct BasicSegment;

// Where segments come from and go to. Thread-safe.
template <typename A>
class BasicSegmentSource : public std::enable_shared_from_this<BasicSegmentSource<A>> {
 public:
  virtual ~BasicSegmentSource() = default;
  // A segment with all places empty to follow `previous`, with room for a frame of `frame_bytes`;
  // null when memory is spent. For 0: one without places, which ends a log; never refused.
  virtual BasicSegment<A>* Take(const BasicSegment<A>& previous, std::size_t frame_bytes) = 0;
  // Takes back a segment that nobody can reach any more.
  virtual void Give(BasicSegment<A>* segment) = 0;
  // Room for `bytes` of a large record; null when memory is spent.
  virtual LargeBlock* TakeLarge(std::size_t bytes) = 0;
  virtual void GiveLarge(LargeBlock* block) = 0;
};

template <typename A>
struct alignas(128) BasicSegment {
  template <typename T>
  using Atomic = typename A::template Atomic<T>;

  static constexpr std::uint64_t kEmpty = 0;
  static constexpr std::uint64_t kAbandoned = 1;

  // Set before the segment is linked, then constant: read by everybody.
  std::uint64_t base = 0;     // index of place 0
  std::uint64_t ordinal = 0;  // how many segments came before it
  std::uint32_t place_count = 0;
  std::uint32_t frame_bytes = 0;
  std::shared_ptr<BasicSegmentSource<A>>
      source;  // shared: batches may outlive the engine that owns the source
  Atomic<BasicSegment*> next = nullptr;

  // Written once a millisecond by producers, and for each large record.
  Atomic<std::int64_t> newest_arrival_millis = INT64_MIN;
  Atomic<LargeBlock*> large_blocks = nullptr;

  // Written by readers. One for the log's list, one for each cursor and batch that looks here.
  alignas(64) Atomic<std::uint32_t> references = 1;
  Atomic<std::uint64_t> large_bytes = 0;  // of large_blocks

  // Written by each producer for each record: 128 bytes from all else, as processors fetch lines in
  // pairs.
  alignas(128) Atomic<std::uint64_t> tail = 0;

  std::size_t allocated_bytes() const { return BytesFor(place_count, frame_bytes); }
  Atomic<std::uint64_t>& place(std::uint64_t i) {
    return reinterpret_cast<Atomic<std::uint64_t>*>(this + 1)[i];
  }
  char* frame(std::uint64_t offset) {
    return reinterpret_cast<char*>(this + 1) + place_count * sizeof(Atomic<std::uint64_t>) + offset;
  }

  // How much memory a segment with this much room takes.
  static constexpr std::size_t BytesFor(std::size_t places, std::size_t frame_bytes) {
    return sizeof(BasicSegment) + places * sizeof(Atomic<std::uint64_t>) + frame_bytes;
  }

  // Makes a segment in `memory`, which has BytesFor(places, frame_bytes) bytes aligned to 128.
  static BasicSegment* MakeIn(void* memory, std::uint32_t places, std::uint32_t frame_bytes) {
    auto* const segment = new (memory) BasicSegment;
    segment->place_count = places;
    segment->frame_bytes = frame_bytes;
    for (std::uint32_t i = 0; i < places; ++i)
      new (&segment->place(i)) Atomic<std::uint64_t>(kEmpty);
    return segment;
  }

  FrameView Read(std::uint64_t published) {
    const char* const start = frame(published >> 32);
    A::PlainRead(start, published & 0xffffffff);
    FrameHeader header;
    std::memcpy(&header, start, sizeof(header));
    const char* const key = start + sizeof(header);
    const char* data = key + header.key_length;
    if ((header.flags & FrameHeader::kLargeData) != 0) {
      LargeBlock* block = nullptr;
      std::memcpy(&block, data, sizeof(block));
      data = block->bytes();
    }
    return {.arrival_millis = header.arrival_millis,
            .partition_key = {key, header.key_length},
            .data = {data, header.data_length},
            .marked = (header.flags & FrameHeader::kMarked) != 0};
  }

  // Pins the segment unless its last reference is gone. The caller holds a guard, or a reference
  // already.
  bool TryPin() {
    std::uint32_t count = references.load(std::memory_order_relaxed);
    while (count != 0) {
      if (references.compare_exchange_weak(count, count + 1, std::memory_order_relaxed))
        return true;
    }
    return false;
  }

  // Gives a reference back. The last one retires the segment: writers and readers inside a guard
  // may still look at it.
  void Unpin() {
    // Release: what this holder read comes before reuse. Acquire: the last one sees all the others.
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      A::Retire(this, &BasicSegment::GiveBack);
  }

 private:
  static void GiveBack(void* object) {
    auto* const segment = static_cast<BasicSegment*>(object);
    const std::shared_ptr<BasicSegmentSource<A>> source = std::move(segment->source);
    source->Give(segment);
  }
};

}  // namespace riacho::internal
