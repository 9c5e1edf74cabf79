#include "shard/log_cut.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/epoch.h"
#include "base/field_codec.h"
#include "riacho/model/sequence_number.h"

namespace riacho::internal {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are saved as they lie");

// Of times in sequence numbers.
constexpr std::int64_t kMostArrivalMillis = (std::int64_t{1} << 36) * 1000 - 1;

// How a segment's bytes begin. Then come the lengths of the frames that the claimed places hold, 0
// for an abandoned one, 32 bits each; the frames; and the large data that frames have a pointer to.
struct SegmentHead {
  std::uint64_t base = 0;
  std::uint32_t place_count = 0;
  std::uint32_t frame_bytes = 0;
  std::uint32_t claimed_places = 0;
  std::uint32_t claimed_bytes = 0;  // frame_bytes + 1: a claim has failed
};

template <typename Io>
void Describe(Io& io, SegmentHead& head) {
  Field(io, head.base);
  Field(io, head.place_count);
  Field(io, head.frame_bytes);
  Field(io, head.claimed_places);
  Field(io, head.claimed_bytes);
}

std::size_t PaddedFrameBytes(const FrameHeader& header) {
  const bool large = (header.flags & FrameHeader::kLargeData) != 0;
  const std::size_t stored = large ? sizeof(LargeBlock*) : header.data_length;
  return (sizeof(FrameHeader) + header.key_length + stored + 7) & ~std::size_t{7};
}

bool Plausible(const FrameHeader& header, std::size_t length) {
  const bool large = header.data_length >= ShardLog::kLargeDataBytes;
  const unsigned known = FrameHeader::kMarked | (large ? FrameHeader::kLargeData : 0u);
  return header.arrival_millis >= 0 && header.arrival_millis <= kMostArrivalMillis &&
         (header.flags & ~known) == 0 && large == ((header.flags & FrameHeader::kLargeData) != 0) &&
         PaddedFrameBytes(header) == length;
}

}  // namespace

LogCut::LogCut(ShardLog& log) : log_(&log) {
  const EpochGuard guard;
  for (bool complete = false; !complete;) {
    complete = true;
    Segment* segment = log.first_.load(std::memory_order_acquire);
    first_index_ = segment->base;
    for (Segment* next = nullptr; segment != nullptr && complete; segment = next) {
      next = segment->next.load(std::memory_order_acquire);
      // After the look for a successor: what was appended before the cut is in what it says.
      if (next == nullptr) tail_ = {segment->tail.load(std::memory_order_acquire)};
      if (segment == &log.root_) continue;
      complete = segment->TryPin();  // else trimmed meanwhile: from the new beginning
      if (complete) segments_.push_back(segment);
    }
    if (complete) break;
    for (Segment* const pinned : segments_) pinned->Unpin();
    segments_.clear();
  }
  sealed_ = log.sealed();
}

LogCut::~LogCut() {
  for (Segment* const segment : segments_) segment->Unpin();
}

// What the claimed places of a segment say, none of them empty; answers how many bytes were
// claimed.
std::uint64_t LogCut::Places(Segment& segment, bool last, std::vector<std::uint64_t>& words) {
  const EpochGuard guard;
  const SegmentTail tail = last ? tail_ : SegmentTail{segment.tail.load(std::memory_order_acquire)};
  const std::uint64_t claimed = ShardLog::Claimed(segment, tail);
  std::uint64_t used = 0;
  ShardLog::Doubt doubt;
  for (std::uint64_t place = 0; place < claimed; ++place) {
    std::uint64_t word = segment.place(place).load(std::memory_order_acquire);
    if (word == Segment::kEmpty) {
      const ShardLog::Look look = log_->Resolve(&segment, place, word, false, doubt);
      // Nothing has been published behind: the prefix ends here.
      if (look != ShardLog::Look::kPublished && look != ShardLog::Look::kAbandoned) return used;
      if (look == ShardLog::Look::kAbandoned) word = Segment::kAbandoned;
    }
    words.push_back(word);
    if (word > Segment::kAbandoned) used = std::max(used, (word >> 32) + (word & 0xffffffff));
  }
  const bool full =
      !last || tail.places() > segment.place_count || tail.bytes() > segment.frame_bytes;
  return full ? std::uint64_t{segment.frame_bytes} + 1 : tail.bytes();
}

void LogCut::SaveSegment(std::size_t number, std::string& bytes) {
  Segment& segment = *segments_[number];
  std::vector<std::uint64_t> words;
  const std::uint64_t claimed_bytes = Places(segment, number + 1 == segments_.size(), words);
  SegmentHead head = {.base = segment.base,
                      .place_count = segment.place_count,
                      .frame_bytes = segment.frame_bytes,
                      .claimed_places = static_cast<std::uint32_t>(words.size()),
                      .claimed_bytes = static_cast<std::uint32_t>(claimed_bytes)};
  FieldWriter writer(bytes);
  Field(writer, head);
  for (const std::uint64_t word : words) {
    auto length = static_cast<std::uint32_t>(word > Segment::kAbandoned ? word & 0xffffffff : 0);
    Field(writer, length);
  }
  for (const std::uint64_t word : words) {
    if (word <= Segment::kAbandoned) continue;
    const char* const frame = segment.frame(word >> 32);
    FrameHeader header;
    std::memcpy(&header, frame, sizeof(header));
    const bool large = (header.flags & FrameHeader::kLargeData) != 0;
    const std::size_t used = sizeof(header) + header.key_length + (large ? 0 : header.data_length);
    bytes.append(frame, used);
    bytes.append((word & 0xffffffff) - used, '\0');  // a pointer, or what fills up the frame
  }
  for (const std::uint64_t word : words) {
    if (word <= Segment::kAbandoned) continue;
    const FrameView frame = segment.Read(word);
    if (frame.data.size() >= ShardLog::kLargeDataBytes) bytes.append(frame.data);
  }
}

// The frames, their places and the large data of a segment that nobody else sees.
RestoreOutcome LogRestorer::Fill(Segment& segment, const std::vector<std::uint32_t>& lengths,
                                 std::string_view frames, FieldReader& rest) {
  if (!frames.empty()) std::memcpy(segment.frame(0), frames.data(), frames.size());
  std::int64_t newest = INT64_MIN;
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::uint64_t length = lengths[i];
    segment.place(i).store(length == 0 ? Segment::kAbandoned : offset << 32 | length,
                           std::memory_order_relaxed);
    if (length == 0) continue;
    char* const frame = segment.frame(offset);
    offset += length;
    FrameHeader header;
    if (length < sizeof(header)) return RestoreOutcome::kMalformed;
    std::memcpy(&header, frame, sizeof(header));
    const bool marked = (header.flags & FrameHeader::kMarked) != 0;
    if (!Plausible(header, length) || (marked && header.data_length < least_marked_bytes_))
      return RestoreOutcome::kMalformed;
    newest = std::max(newest, header.arrival_millis);
    if ((header.flags & FrameHeader::kLargeData) == 0) continue;
    const std::string_view data = rest.Take(header.data_length);
    if (!rest.ok()) return RestoreOutcome::kMalformed;
    LargeBlock* const block = pool_.TakeLarge(data.size());
    if (block == nullptr) return RestoreOutcome::kNoMemory;
    std::memcpy(block->bytes(), data.data(), data.size());
    block->next = segment.large_blocks.load(std::memory_order_relaxed);
    segment.large_blocks.store(block, std::memory_order_relaxed);
    segment.large_bytes.fetch_add(block->allocated_bytes, std::memory_order_relaxed);
    std::memcpy(frame + sizeof(header) + header.key_length, &block, sizeof(block));
  }
  segment.newest_arrival_millis.store(newest, std::memory_order_relaxed);
  return rest.done() ? RestoreOutcome::kRestored : RestoreOutcome::kMalformed;
}

void LogRestorer::Finish(bool sealed) {
  const EpochGuard guard;
  log_.directory_.Update(&log_.root_);
  if (!sealed) return;
  last_->tail.fetch_or(SegmentTail::kSealed, std::memory_order_release);
  log_.sealed_.store(true, std::memory_order_release);
}

LogRestorer::LogRestorer(ShardLog& log, SegmentPool& pool, std::uint64_t first_index,
                         std::size_t least_marked_bytes)
    : log_(log), pool_(pool), least_marked_bytes_(least_marked_bytes), last_(&log.root_) {
  log.root_.base = first_index;
}

RestoreOutcome LogRestorer::AddSegment(std::string_view bytes) {
  FieldReader reader(bytes);
  SegmentHead head;
  Field(reader, head);
  if (!reader.ok() || head.base != last_->base + last_->place_count ||
      head.base > SequenceNumber::kLastIndex / 2 || head.claimed_places > head.place_count ||
      head.claimed_bytes > head.frame_bytes + 1 ||
      !SegmentPool::IsShape(head.place_count, head.frame_bytes)) {
    return RestoreOutcome::kMalformed;
  }
  std::vector<std::uint32_t> lengths;
  std::uint64_t used = 0;
  for (std::uint32_t i = 0; i < head.claimed_places && reader.ok(); ++i) {
    std::uint32_t length = 0;
    Field(reader, length);
    lengths.push_back(length);
    used += length;
  }
  if (used > std::min(head.claimed_bytes, head.frame_bytes)) return RestoreOutcome::kMalformed;
  const std::string_view frames = reader.Take(used);
  if (!reader.ok()) return RestoreOutcome::kMalformed;

  Segment* const segment = pool_.TakeOf(head.place_count, head.frame_bytes);
  if (segment == nullptr) return RestoreOutcome::kNoMemory;
  const RestoreOutcome filled = Fill(*segment, lengths, frames, reader);
  if (filled != RestoreOutcome::kRestored) {
    pool_.Give(segment);
    return filled;
  }
  segment->base = head.base;
  segment->ordinal = last_->ordinal + 1;
  segment->tail.store(std::uint64_t{head.claimed_places} << 32 | head.claimed_bytes,
                      std::memory_order_relaxed);
  last_->next.store(segment, std::memory_order_release);
  last_ = segment;
  log_.head_.store(segment, std::memory_order_release);
  return RestoreOutcome::kRestored;
}

}  // namespace riacho::internal
