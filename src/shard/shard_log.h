// The log of one shard: many producers, many readers, no lock on the way of a record.
//
// Guarantees (the tests are named after them):
//   1. Writers are lock-free. A producer suspended at any instruction stops no other producer, no
//   reader, no seal, no trim.
//   2. Readers never wait for a writer: a claimed place that stays empty is abandoned, and its
//   writer writes again behind.
//   3. Order: indexes rise in the order of places; a put that returned before another began stands
//   before it.
//   4. Visible when returned: a reader that starts after Append returned sees the record.
//   5. Seal is a point in time: every Append is before it and stays readable, or answers kSealed.
//   6. What a pinned segment shows stays valid, whatever is trimmed or destroyed meanwhile.
//   7. Memory follows what is kept: nothing grows with readers or with time.
//
// Progress: Append, Seal, Trim, EndIndex and Scan are lock-free. A thread parked inside one of them
// delays the reuse of memory, nothing else. The destructor requires that nobody is inside, batches
// excepted.
//
// Arrival times are the callers' clock readings. Two writers that race may stand in the log a
// little out of the order of their times, as the service allows; FindTime answers the first place
// in log order whose time is not before the one asked for, and Trim keeps a segment until its
// newest record may go.
//
// How it works: docs/internals/shard_log.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "shard/atomics.h"
#include "shard/segment.h"
#include "shard/segment_directory.h"
#include "shard/waiter.h"

namespace riacho::internal {

enum class AppendOutcome : unsigned char { kAppended, kSealed, kNoMemory };

struct NewRecord {
  std::string_view partition_key = {};
  std::string_view data = {};
};

struct AppendResult {
  AppendOutcome outcome = AppendOutcome::kSealed;
  std::uint64_t index = 0;  // of the record, when appended
};

enum class ScanEnd : unsigned char {
  kStopped,     // the visitor refused a record: there is more
  kCaughtUp,    // nothing further has been published
  kEndOfShard,  // the log is sealed and everything in it has been passed
};

template <typename A>
class BasicShardLog {
 public:
  template <typename T>
  using Atomic = typename A::template Atomic<T>;
  using Segment = BasicSegment<A>;
  using Source = BasicSegmentSource<A>;
  using Guard = typename A::Guard;

  // The index of the first record. 0 stays free for the number a shard starts with.
  static constexpr std::uint64_t kFirstIndex = 1;
  // Data from this size on gets a block of its own.
  static constexpr std::size_t kLargeDataBytes = 16 * 1024;
  // A segment that owns more large data than this is full.
  static constexpr std::uint64_t kMostLargeBytes = 4 * 1024 * 1024;
  // What one claim of a group takes at most: so many threads as can run may fail at one segment
  // without making `tail` overflow.
  static constexpr std::uint64_t kMostGroupBytes = 256 * 1024;

  explicit BasicShardLog(std::shared_ptr<Source> source) : source_(std::move(source)) {
    root_.base = kFirstIndex;
    head_.store(&root_, std::memory_order_relaxed);
    first_.store(&root_, std::memory_order_relaxed);
  }
  BasicShardLog(const BasicShardLog&) = delete;
  BasicShardLog& operator=(const BasicShardLog&) = delete;
  ~BasicShardLog();

  // Stores a record: `partition_key` of up to 65535 bytes, `data` of up to 4 GiB. `mark` comes back
  // in the record's FrameView; the log does not look at it.
  AppendResult Append(std::string_view partition_key, std::string_view data,
                      std::int64_t arrival_millis, bool mark = false);

  // Stores records record_at(0) to record_at(count - 1), which answers a NewRecord, in this order;
  // records of others may stand between them. Calls stored(i, index) for each in turn. One claim
  // for all of them, but for those with large data, at the end of a segment, and when more than
  // kMostGroupBytes are wanted at once. kAppended, or why the records that were not stored, the
  // last ones, were not.
  template <typename RecordAt, typename Stored>
  AppendOutcome AppendGroup(std::size_t count, const RecordAt& record_at,
                            std::int64_t arrival_millis, const Stored& stored);

  // Closes the log: nothing is appended after. May be called again, and by several threads at once.
  void Seal();
  bool sealed() const { return sealed_.load(std::memory_order_acquire); }

  // Forgets whole segments whose newest record arrived before `horizon_millis`; all of them, if the
  // log is not sealed.
  void Trim(std::int64_t horizon_millis);

  // The index that the next record will have, or a smaller one that no record will ever have.
  std::uint64_t EndIndex() const;

  // The first index, in log order, of a record that arrived at `millis` or later; EndIndex() or
  // less if there is none yet.
  std::uint64_t FindTime(std::int64_t millis);

  // Passes records to visit(segment, index, frame) in order, from `index` on, those that arrived
  // before `horizon_millis` left out, until it answers false. Then `index` is that of the refused
  // record, else the next one to look at. `hint` is null or a segment the caller has pinned, where
  // the search may begin. With `glance` an idle reader looks at its place only, and may be told
  // kCaughtUp for a while though something behind a suspended writer's place is there.
  template <typename Visit>
  ScanEnd Scan(std::uint64_t& index, Segment* hint, std::int64_t horizon_millis, bool glance,
               Visit&& visit);

  // Signalled when something is published or the log sealed after it was added. Look at the log
  // once more after adding.
  void AddWaiter(Waiter* waiter) { waiters_.Push(waiter); }
  void SignalWaiters() { waiters_.SignalAll(); }

  // Memory of the segments in the list, for tests and reports; not exact while others append or
  // trim.
  std::size_t AllocatedBytes() const;

 private:
  enum class Look : unsigned char { kPublished, kAbandoned, kNothing, kEndOfSegment, kEndOfShard };

  static std::uint64_t Claimed(const Segment& segment, SegmentTail tail) {
    return std::min<std::uint64_t>(tail.places(), segment.place_count);
  }
  // A claim has failed here, so no other can succeed any more: the log goes on in the next segment.
  // (Claims behind a seal fail too, and nothing goes on.)
  static bool Overrun(const Segment& segment, SegmentTail tail) {
    return !tail.sealed() &&
           (tail.places() > segment.place_count || tail.bytes() > segment.frame_bytes);
  }

  static std::uint64_t FrameBytes(std::size_t key_bytes, std::size_t stored_bytes) {
    return (sizeof(FrameHeader) + key_bytes + stored_bytes + 7) & ~std::size_t{7};
  }
  static void WriteFrame(Segment& segment, std::uint64_t offset, std::uint64_t frame_bytes,
                         const FrameHeader& header, std::string_view partition_key,
                         const void* stored, std::size_t stored_bytes);
  static void RaiseNewestArrival(Segment& segment, std::int64_t arrival_millis);
  static bool Publish(Segment& segment, std::uint64_t place, std::uint64_t offset,
                      std::uint64_t frame_bytes);
  static void Abandon(Segment& segment, std::uint64_t place);
  bool KnownToBeFull(const Segment& segment) const;
  void Own(Segment* segment, LargeBlock* block);
  bool GiveUp(Segment* last);
  bool Advance(Segment* full, std::size_t frame_bytes);
  // What a scan knows of the places that it waits for.
  struct Doubt {
    int patience = A::kPatience;         // left, since the last published place
    const Segment* segment = nullptr;    // has a published place, the one numbered
    std::uint64_t published_behind = 0;  // so
  };
  Look Resolve(Segment* segment, std::uint64_t place, std::uint64_t& word, bool glance,
               Doubt& doubt);
  bool SomethingBehind(Segment* segment, std::uint64_t place, std::uint64_t claimed,
                       Doubt& doubt) const;
  void AbandonEmptyPlaces(Segment* segment);

  // Read by every append, seldom written.
  alignas(128) Atomic<Segment*> head_ =
      nullptr;                    // where to append: at, or a step behind, the last segment
  Atomic<bool> sealed_ = false;   // spares writers the claim once the seal is complete
  Atomic<bool> starved_ = false;  // the last segment may be full and without a successor
  WaiterStack<A> waiters_;
  const std::shared_ptr<Source> source_;
  Atomic<Segment*> first_ = nullptr;
  SegmentDirectory<A> directory_;

  Segment root_;  // no places: an empty log needs no memory of its own
};

template <typename A>
BasicShardLog<A>::~BasicShardLog() {
  Segment* segment = first_.load(std::memory_order_acquire);
  while (segment != nullptr) {
    Segment* const next = segment->next.load(std::memory_order_acquire);
    if (segment != &root_) segment->Unpin();
    segment = next;
  }
}

template <typename A>
AppendResult BasicShardLog<A>::Append(std::string_view partition_key, std::string_view data,
                                      std::int64_t arrival_millis, bool mark) {
  const Guard guard;
  if (sealed_.load(std::memory_order_acquire)) return {.outcome = AppendOutcome::kSealed};

  const bool large = data.size() >= kLargeDataBytes;
  const unsigned flags =
      (large ? FrameHeader::kLargeData : 0u) | (mark ? FrameHeader::kMarked : 0u);
  const FrameHeader header = {.arrival_millis = arrival_millis,
                              .data_length = static_cast<std::uint32_t>(data.size()),
                              .key_length = static_cast<std::uint16_t>(partition_key.size()),
                              .flags = static_cast<std::uint16_t>(flags)};
  LargeBlock* block = nullptr;
  if (large) {
    block = source_->TakeLarge(data.size());
    if (block == nullptr) return {.outcome = AppendOutcome::kNoMemory};
    A::PlainWrite(block->bytes(), data.size());
    std::memcpy(block->bytes(), data.data(), data.size());
  }
  const void* const stored = large ? static_cast<const void*>(&block) : data.data();
  const std::size_t stored_bytes = large ? sizeof(block) : data.size();
  const std::uint64_t frame_bytes = FrameBytes(partition_key.size(), stored_bytes);

  for (;;) {
    Segment* const segment = head_.load(std::memory_order_acquire);
    if (KnownToBeFull(*segment)) {
      if (Advance(segment, frame_bytes)) continue;
      if (block != nullptr) source_->GiveLarge(block);
      return {.outcome = AppendOutcome::kNoMemory};
    }
    // Relaxed: a claim orders nothing; the publication of the place does.
    const SegmentTail tail = {
        segment->tail.fetch_add(SegmentTail::kOnePlace | frame_bytes, std::memory_order_relaxed)};
    const std::uint64_t place = tail.places();
    const std::uint64_t offset = tail.bytes();
    if (tail.sealed()) {
      if (block != nullptr) source_->GiveLarge(block);
      Seal();  // helps: once the seal is complete, writers stop claiming here
      return {.outcome = AppendOutcome::kSealed};
    }
    if (place >= segment->place_count || offset + frame_bytes > segment->frame_bytes) {
      // Ours, and useless: readers need not find out by themselves.
      if (place < segment->place_count) Abandon(*segment, place);
      A::Step(LogStep::kBeforeAdvance);
      if (!Advance(segment, frame_bytes)) {
        if (block != nullptr) source_->GiveLarge(block);
        return {.outcome = AppendOutcome::kNoMemory};
      }
      continue;
    }
    A::Step(LogStep::kAfterClaim);
    WriteFrame(*segment, offset, frame_bytes, header, partition_key, stored, stored_bytes);
    RaiseNewestArrival(*segment, arrival_millis);
    A::Step(LogStep::kAfterWrite);
    if (!Publish(*segment, place, offset, frame_bytes)) continue;  // once more behind
    A::Step(LogStep::kAfterPublish);
    if (block != nullptr) Own(segment, block);  // our guard keeps the segment until here
    if (!waiters_.empty()) waiters_.SignalAll();
    return {.outcome = AppendOutcome::kAppended, .index = segment->base + place};
  }
}

template <typename A>
template <typename RecordAt, typename Stored>
AppendOutcome BasicShardLog<A>::AppendGroup(std::size_t count, const RecordAt& record_at,
                                            std::int64_t arrival_millis, const Stored& stored) {
  // So many frames are written before the first of them is published: each publication waits for
  // the writes before it, so fewer, longer waits are better, while readers should not wait long.
  constexpr std::size_t kWrittenAhead = 16;

  const Guard guard;
  std::size_t done = 0;
  while (done < count) {
    if (sealed_.load(std::memory_order_acquire)) return AppendOutcome::kSealed;
    if (const NewRecord record = record_at(done); record.data.size() >= kLargeDataBytes) {
      const AppendResult result = Append(record.partition_key, record.data, arrival_millis);
      if (result.outcome != AppendOutcome::kAppended) return result.outcome;
      stored(done++, result.index);
      continue;
    }
    std::uint64_t wanted = 0;
    std::size_t end = done;
    for (; end < count; ++end) {
      const NewRecord record = record_at(end);
      const std::uint64_t more = FrameBytes(record.partition_key.size(), record.data.size());
      if (record.data.size() >= kLargeDataBytes) break;
      if (end != done && wanted + more > kMostGroupBytes) break;
      wanted += more;
    }
    const auto frame_bytes_of = [&](std::size_t i) {
      const NewRecord record = record_at(i);
      return FrameBytes(record.partition_key.size(), record.data.size());
    };

    Segment* const segment = head_.load(std::memory_order_acquire);
    if (KnownToBeFull(*segment)) {
      if (Advance(segment, frame_bytes_of(done))) continue;
      return AppendOutcome::kNoMemory;
    }
    // Relaxed: as in Append.
    const SegmentTail tail = {segment->tail.fetch_add(
        SegmentTail::kOnePlace * (end - done) | wanted, std::memory_order_relaxed)};
    if (tail.sealed()) {
      Seal();
      return AppendOutcome::kSealed;
    }
    A::Step(LogStep::kAfterClaim);

    const std::uint64_t first_place = tail.places();
    const std::uint64_t places_end =
        std::min<std::uint64_t>(first_place + (end - done), segment->place_count);
    std::uint64_t place = first_place;
    std::uint64_t offset = tail.bytes();
    bool fits = true;
    bool lost = false;
    while (place < places_end && fits && !lost) {
      std::array<std::uint64_t, kWrittenAhead> written;  // where each frame ends
      std::size_t ahead = 0;
      const std::uint64_t from = offset;
      for (; ahead < kWrittenAhead && place + ahead < places_end; ++ahead) {
        const NewRecord record = record_at(done + ahead);
        const std::uint64_t frame_bytes =
            FrameBytes(record.partition_key.size(), record.data.size());
        fits = offset + frame_bytes <= segment->frame_bytes;
        if (!fits) break;
        const FrameHeader header = {
            .arrival_millis = arrival_millis,
            .data_length = static_cast<std::uint32_t>(record.data.size()),
            .key_length = static_cast<std::uint16_t>(record.partition_key.size())};
        WriteFrame(*segment, offset, frame_bytes, header, record.partition_key, record.data.data(),
                   record.data.size());
        offset += frame_bytes;
        written[ahead] = offset;
      }
      if (ahead != 0) RaiseNewestArrival(*segment, arrival_millis);
      A::Step(LogStep::kAfterWrite);
      std::uint64_t start = from;
      for (std::size_t i = 0; i < ahead; ++i) {
        const std::uint64_t published = place++;
        lost = !Publish(*segment, published, start, written[i] - start);
        if (lost) break;
        start = written[i];
        stored(done++, segment->base + published);
      }
      A::Step(LogStep::kAfterPublish);
    }
    // What does not fit, or would stand before a record that has to be written again, goes behind.
    for (; place < places_end; ++place) Abandon(*segment, place);
    if (!waiters_.empty()) waiters_.SignalAll();
    if (done < end && !lost) {
      A::Step(LogStep::kBeforeAdvance);
      if (!Advance(segment, frame_bytes_of(done))) return AppendOutcome::kNoMemory;
    }
  }
  return AppendOutcome::kAppended;
}

template <typename A>
void BasicShardLog<A>::WriteFrame(Segment& segment, std::uint64_t offset, std::uint64_t frame_bytes,
                                  const FrameHeader& header, std::string_view partition_key,
                                  const void* stored, std::size_t stored_bytes) {
  char* const frame = segment.frame(offset);
  A::PlainWrite(frame, frame_bytes);
  std::memcpy(frame, &header, sizeof(header));
  char* const key = frame + sizeof(header);
  // memcpy takes no null pointer, which an empty view may have.
  if (!partition_key.empty()) std::memcpy(key, partition_key.data(), partition_key.size());
  if (stored_bytes != 0) std::memcpy(key + partition_key.size(), stored, stored_bytes);
}

// Before the publication, which orders it: whoever sees all places of the segment settled sees its
// newest arrival.
template <typename A>
void BasicShardLog<A>::RaiseNewestArrival(Segment& segment, std::int64_t arrival_millis) {
  std::int64_t newest = segment.newest_arrival_millis.load(std::memory_order_relaxed);
  while (newest < arrival_millis && !segment.newest_arrival_millis.compare_exchange_weak(
                                        newest, arrival_millis, std::memory_order_relaxed)) {
  }
}

// False when a reader, a seal or a trim has given the place up.
template <typename A>
bool BasicShardLog<A>::Publish(Segment& segment, std::uint64_t place, std::uint64_t offset,
                               std::uint64_t frame_bytes) {
  // Release: pairs with the acquire load of the place in Scan. Sequentially consistent because of
  // the look at the waiters that follows: it must not pass the publication.
  std::uint64_t empty = Segment::kEmpty;
  return segment.place(place).compare_exchange_strong(
      empty, offset << 32 | frame_bytes, std::memory_order_seq_cst, std::memory_order_relaxed);
}

// Gives up a place that the caller has claimed, unless somebody has done so.
template <typename A>
void BasicShardLog<A>::Abandon(Segment& segment, std::uint64_t place) {
  std::uint64_t empty = Segment::kEmpty;
  segment.place(place).compare_exchange_strong(
      empty, Segment::kAbandoned, std::memory_order_relaxed, std::memory_order_relaxed);
}

// While memory is short: claims that are bound to fail would move `tail` without end.
template <typename A>
bool BasicShardLog<A>::KnownToBeFull(const Segment& segment) const {
  return starved_.load(std::memory_order_relaxed) &&
         Overrun(segment, {segment.tail.load(std::memory_order_relaxed)});
}

// Gives the block to the segment, which frees it. A segment that owns much takes no further record:
// the last segment of a log is never trimmed, and what it holds must stay bounded.
template <typename A>
void BasicShardLog<A>::Own(Segment* segment, LargeBlock* block) {
  const std::uint64_t bytes = block->allocated_bytes;
  block->next = segment->large_blocks.load(std::memory_order_relaxed);
  while (!segment->large_blocks.compare_exchange_weak(block->next, block, std::memory_order_release,
                                                      std::memory_order_relaxed)) {
  }
  const std::uint64_t before = segment->large_bytes.fetch_add(bytes, std::memory_order_relaxed);
  if (before <= kMostLargeBytes && before + bytes > kMostLargeBytes) {
    segment->tail.fetch_add(segment->frame_bytes + 1,
                            std::memory_order_relaxed);  // as if a claim had failed
  }
}

// Sees to it that `full` has a successor and that head_ has left it. Everybody who finds a segment
// full helps.
template <typename A>
bool BasicShardLog<A>::Advance(Segment* full, std::size_t frame_bytes) {
  Segment* next = full->next.load(std::memory_order_acquire);
  if (next == nullptr) {
    Segment* const fresh = source_->Take(*full, frame_bytes);
    if (fresh == nullptr) {
      starved_.store(true, std::memory_order_relaxed);
      return false;
    }
    fresh->base = full->base + full->place_count;
    fresh->ordinal = full->ordinal + 1;
    // Release: whoever follows the link sees an initialised segment. Sequentially consistent with
    // the waiters' look.
    if (full->next.compare_exchange_strong(next, fresh, std::memory_order_seq_cst,
                                           std::memory_order_acquire)) {
      next = fresh;
    } else {
      source_->Give(fresh);
    }
  }
  head_.compare_exchange_strong(full, next, std::memory_order_acq_rel, std::memory_order_relaxed);
  if (starved_.load(std::memory_order_relaxed)) starved_.store(false, std::memory_order_relaxed);
  directory_.Update(first_.load(std::memory_order_acquire));
  return true;
}

template <typename A>
void BasicShardLog<A>::Seal() {
  const Guard guard;
  Segment* segment = head_.load(std::memory_order_acquire);
  for (;;) {
    SegmentTail tail = {segment->tail.load(std::memory_order_acquire)};
    // The bit is set only where no claim has failed, so a tail that says "sealed" says so for good:
    // every later claim sees it.
    while (!tail.sealed() && !Overrun(*segment, tail) &&
           !segment->tail.compare_exchange_weak(tail.word, tail.word | SegmentTail::kSealed,
                                                std::memory_order_acq_rel,
                                                std::memory_order_acquire)) {
    }
    if (tail.sealed() || !Overrun(*segment, tail)) break;
    Segment* next = segment->next.load(std::memory_order_acquire);
    if (next == nullptr) {  // a segment without places ends the log; it is born sealed, so linking
                            // it is the seal
      Segment* const last = source_->Take(*segment, 0);
      last->base = segment->base + segment->place_count;
      last->ordinal = segment->ordinal + 1;
      last->tail.store(SegmentTail::kSealed, std::memory_order_relaxed);
      if (segment->next.compare_exchange_strong(next, last, std::memory_order_seq_cst,
                                                std::memory_order_acquire)) {
        next = last;
      } else {
        source_->Give(last);
      }
    }
    Segment* expected = segment;
    head_.compare_exchange_strong(expected, next, std::memory_order_acq_rel,
                                  std::memory_order_relaxed);
    segment = next;
  }
  A::Step(LogStep::kAfterSealBit);
  AbandonEmptyPlaces(segment);
  sealed_.store(true, std::memory_order_seq_cst);
  waiters_.SignalAll();
}

// Gives up every claimed place that is still empty. Its writer will find out and write elsewhere,
// or be told "sealed".
template <typename A>
void BasicShardLog<A>::AbandonEmptyPlaces(Segment* segment) {
  const std::uint64_t claimed = Claimed(*segment, {segment->tail.load(std::memory_order_acquire)});
  for (std::uint64_t i = 0; i < claimed; ++i) {
    std::uint64_t word = segment->place(i).load(std::memory_order_acquire);
    if (word == Segment::kEmpty) {
      segment->place(i).compare_exchange_strong(
          word, Segment::kAbandoned, std::memory_order_acq_rel, std::memory_order_acquire);
    }
  }
}

template <typename A>
void BasicShardLog<A>::Trim(std::int64_t horizon_millis) {
  const Guard guard;
  for (;;) {
    Segment* first = first_.load(std::memory_order_acquire);
    if (first->newest_arrival_millis.load(std::memory_order_acquire) >= horizon_millis) return;
    Segment* const next = first->next.load(std::memory_order_acquire);
    if (next == nullptr) {
      if (!GiveUp(first)) return;
      continue;
    }
    // A writer parked here must not publish into a segment that is gone: settle its place, then
    // look at the times again.
    AbandonEmptyPlaces(first);
    if (first->newest_arrival_millis.load(std::memory_order_acquire) >= horizon_millis) return;
    // A trimmed segment must not be the one where writers begin to search.
    Segment* expected = first;
    head_.compare_exchange_strong(expected, next, std::memory_order_acq_rel,
                                  std::memory_order_relaxed);
    Segment* const trimmed = first;
    if (first_.compare_exchange_strong(first, next, std::memory_order_seq_cst,
                                       std::memory_order_relaxed) &&
        trimmed != &root_) {
      trimmed->Unpin();
    }
  }
}

// Ends the last segment, in which everything has expired, and puts one without places behind it, so
// that it can be trimmed: an idle log keeps no memory. False when there is nothing in it, or the
// log is sealed.
template <typename A>
bool BasicShardLog<A>::GiveUp(Segment* last) {
  SegmentTail tail = {last->tail.load(std::memory_order_acquire)};
  do {
    const bool untouched = last->newest_arrival_millis.load(std::memory_order_acquire) == INT64_MIN;
    if (tail.sealed() || untouched) return false;
  } while (!Overrun(*last, tail) &&
           !last->tail.compare_exchange_weak(tail.word, tail.word + last->frame_bytes + 1,
                                             std::memory_order_acq_rel, std::memory_order_acquire));
  return Advance(last, 0);
}

template <typename A>
std::uint64_t BasicShardLog<A>::EndIndex() const {
  const Guard guard;
  Segment* segment = head_.load(std::memory_order_acquire);
  while (Segment* const next = segment->next.load(std::memory_order_acquire)) segment = next;
  const SegmentTail tail = {segment->tail.load(std::memory_order_acquire)};
  std::uint64_t end = Claimed(*segment, tail);
  // Claims behind a seal fail, but count: the end of a sealed log is that of its last record.
  while (tail.sealed() && end > 0 &&
         segment->place(end - 1).load(std::memory_order_acquire) <= Segment::kAbandoned)
    --end;
  return segment->base + end;
}

template <typename A>
std::uint64_t BasicShardLog<A>::FindTime(std::int64_t millis) {
  const Guard guard;
  Segment* segment = first_.load(std::memory_order_acquire);
  for (Segment* next = segment->next.load(std::memory_order_acquire);
       next != nullptr && segment->newest_arrival_millis.load(std::memory_order_acquire) < millis;
       next = segment->next.load(std::memory_order_acquire)) {
    segment = next;
  }
  std::uint64_t index = segment->base;
  Scan(index, nullptr, millis, false,
       [](Segment&, std::uint64_t, const FrameView&) { return false; });
  return index;
}

template <typename A>
std::size_t BasicShardLog<A>::AllocatedBytes() const {
  const Guard guard;
  std::size_t bytes = 0;
  for (Segment* segment = first_.load(std::memory_order_acquire); segment != nullptr;
       segment = segment->next.load(std::memory_order_acquire)) {
    if (segment != &root_) bytes += segment->allocated_bytes();
    for (LargeBlock* block = segment->large_blocks.load(std::memory_order_acquire);
         block != nullptr; block = block->next) {
      bytes += block->allocated_bytes;
    }
  }
  return bytes;
}

template <typename A>
bool BasicShardLog<A>::SomethingBehind(Segment* segment, std::uint64_t place, std::uint64_t claimed,
                                       Doubt& doubt) const {
  if (segment->next.load(std::memory_order_acquire) != nullptr) return true;
  // Known already: a writer may have stopped with a whole group of places before it.
  if (doubt.segment == segment && doubt.published_behind > place) return true;
  for (std::uint64_t i = place + 1; i < claimed; ++i) {
    if (segment->place(i).load(std::memory_order_acquire) > Segment::kAbandoned) {
      doubt.segment = segment;
      doubt.published_behind = i;
      return true;
    }
  }
  return false;
}

// What is the matter with a place that looked empty.
template <typename A>
typename BasicShardLog<A>::Look BasicShardLog<A>::Resolve(Segment* segment, std::uint64_t place,
                                                          std::uint64_t& word, bool glance,
                                                          Doubt& doubt) {
  // Nothing is wanted of `tail`, which writers fight for, while nothing can have happened behind
  // this place.
  if (glance && !sealed_.load(std::memory_order_acquire) &&
      segment->next.load(std::memory_order_acquire) == nullptr &&
      (place + 1 == segment->place_count ||
       segment->place(place + 1).load(std::memory_order_acquire) == Segment::kEmpty)) {
    return Look::kNothing;
  }
  for (;; --doubt.patience) {
    // Acquire: what was claimed before a seal is behind it, so it is safe to call the log finished.
    const SegmentTail tail = {segment->tail.load(std::memory_order_acquire)};
    if (place >= Claimed(*segment, tail)) {
      if (tail.sealed()) return Look::kEndOfShard;
      return Overrun(*segment, tail) ? Look::kEndOfSegment : Look::kNothing;
    }
    word = segment->place(place).load(std::memory_order_acquire);
    if (word != Segment::kEmpty) break;
    if (!tail.sealed() && !SomethingBehind(segment, place, Claimed(*segment, tail), doubt))
      return Look::kNothing;
    if (doubt.patience <= 0 || tail.sealed()) {
      if (segment->place(place).compare_exchange_strong(
              word, Segment::kAbandoned, std::memory_order_acq_rel, std::memory_order_acquire)) {
        return Look::kAbandoned;
      }
      break;
    }
    A::Pause();
  }
  return word == Segment::kAbandoned ? Look::kAbandoned : Look::kPublished;
}

template <typename A>
template <typename Visit>
ScanEnd BasicShardLog<A>::Scan(std::uint64_t& index, Segment* hint, std::int64_t horizon_millis,
                               bool glance, Visit&& visit) {
  const Guard guard;
  Segment* segment = first_.load(std::memory_order_acquire);
  // A pinned segment that has been trimmed says nothing about what follows it.
  if (hint != nullptr && hint->ordinal > segment->ordinal && hint->base <= index) {
    segment = hint;
  } else {
    if (index < segment->base) index = segment->base;
    segment = directory_.Find(index, segment);
  }
  for (Doubt doubt;;) {
    while (index < segment->base + segment->place_count) {
      const std::uint64_t place = index - segment->base;
      std::uint64_t word = segment->place(place).load(std::memory_order_acquire);
      if (word <= Segment::kAbandoned) {
        const Look look = word == Segment::kAbandoned
                              ? Look::kAbandoned
                              : Resolve(segment, place, word, glance, doubt);
        if (look == Look::kNothing) return ScanEnd::kCaughtUp;
        if (look == Look::kEndOfShard) return ScanEnd::kEndOfShard;
        if (look == Look::kEndOfSegment) break;
        if (look == Look::kAbandoned) {
          ++index;
          continue;
        }
      }
      doubt.patience = A::kPatience;
      const FrameView frame = segment->Read(word);
      if (frame.arrival_millis >= horizon_millis && !visit(*segment, index, frame))
        return ScanEnd::kStopped;
      ++index;
    }
    // An index beyond this segment may belong to no segment yet: then wait where it is.
    Segment* const next = segment->next.load(std::memory_order_acquire);
    if (next == nullptr) {
      const SegmentTail tail = {segment->tail.load(std::memory_order_acquire)};
      return tail.sealed() ? ScanEnd::kEndOfShard : ScanEnd::kCaughtUp;
    }
    segment = next;
    if (index < segment->base) index = segment->base;
  }
}

using Segment = BasicSegment<StdAtomics>;
using SegmentSource = BasicSegmentSource<StdAtomics>;
using ShardLog = BasicShardLog<StdAtomics>;

}  // namespace riacho::internal
