#include "engine/snapshot_blocks.h"

#include <algorithm>
#include <array>

#include <xxhash.h>

#include "base/field_codec.h"
#include "base/return_if_error.h"
#include "engine/snapshot_format.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::string_view kMagic = "RIACHO\x1a\n";  // bytes that text modes change

struct BlockHead {
  std::uint32_t kind = 0;
  std::uint64_t bytes = 0;
};
constexpr std::size_t kHeadBytes = 12;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kStep = 256 * 1024;

template <typename Io>
void Describe(Io& io, BlockHead& head) {
  Field(io, head.kind);
  Field(io, head.bytes);
}

// Of head and content, with the number of the block: blocks cannot change places.
std::uint64_t ChecksumOf(std::string_view head, std::string_view content, std::uint64_t number) {
  const std::uint64_t of_head = XXH3_64bits_withSeed(head.data(), head.size(), number);
  return XXH3_64bits_withSeed(content.data(), content.size(), of_head);
}

template <typename T>
std::string BytesOf(T value) {
  std::string bytes;
  FieldWriter writer(bytes);
  Field(writer, value);
  return bytes;
}

template <typename T>
T ValueOf(std::string_view bytes) {
  FieldReader reader(bytes);
  T value = {};
  Field(reader, value);
  return value;
}

std::string_view NameOf(BlockKind kind) {
  switch (kind) {
    case BlockKind::kAccount:
      return "account";
    case BlockKind::kStream:
      return "stream";
    case BlockKind::kSegment:
      return "segment";
    case BlockKind::kEnd:
      return "end";
  }
  return "unknown";
}

absl::Status MalformedAt(std::uint64_t byte, std::string_view what) {
  return MakeError(ErrorCode::kSerialization,
                   "Snapshot, byte " + std::to_string(byte) + ": " + std::string(what) + ".");
}

}  // namespace

BlockWriter::BlockWriter(std::ostream& out) : out_(out) {
  const std::string version = BytesOf(kSnapshotVersion);
  out_.write(kMagic.data(), static_cast<std::streamsize>(kMagic.size()));
  out_.write(version.data(), static_cast<std::streamsize>(version.size()));
  written_ = kMagic.size() + version.size();
}

absl::Status BlockWriter::Write(BlockKind kind) {
  const std::string head =
      BytesOf(BlockHead{.kind = static_cast<std::uint32_t>(kind), .bytes = content_.size()});
  const std::string checksum = BytesOf(ChecksumOf(head, content_, number_++));
  for (const std::string_view bytes :
       {std::string_view(head), std::string_view(content_), std::string_view(checksum)}) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out_.good()) {
      return MakeError(ErrorCode::kInternalFailure,
                       "Snapshot: the stream could not be written behind byte " +
                           std::to_string(written_) + ", in a block of kind " +
                           std::string(NameOf(kind)) + ".");
    }
    written_ += bytes.size();
  }
  content_.clear();
  return absl::OkStatus();
}

absl::Status BlockReader::Take(char* bytes, std::size_t count, std::string_view of_what) {
  in_.read(bytes, static_cast<std::streamsize>(count));
  const auto taken = static_cast<std::uint64_t>(in_.gcount());
  read_ += taken;
  if (taken == count) return absl::OkStatus();
  return MalformedAt(read_, "it ends inside " + std::string(of_what));
}

absl::Status BlockReader::ReadHeader() {
  std::array<char, kMagic.size() + sizeof(kSnapshotVersion)> header;
  RIACHO_RETURN_IF_ERROR(Take(header.data(), header.size(), "the header"));
  const std::string_view bytes(header.data(), header.size());
  if (!bytes.starts_with(kMagic)) return MalformedAt(0, "this is no snapshot of an engine");
  const auto version = ValueOf<std::uint32_t>(bytes.substr(kMagic.size()));
  if (version == kSnapshotVersion) return absl::OkStatus();
  return MalformedAt(kMagic.size(), "version " + std::to_string(version) +
                                        " of the format; this library reads version " +
                                        std::to_string(kSnapshotVersion));
}

absl::StatusOr<std::string_view> BlockReader::Read(BlockKind kind) {
  block_at_ = read_;
  std::array<char, kHeadBytes> head_bytes;
  const std::string block = "a block of kind " + std::string(NameOf(kind));
  RIACHO_RETURN_IF_ERROR(Take(head_bytes.data(), head_bytes.size(), "the head of " + block));
  const std::string_view head_view(head_bytes.data(), head_bytes.size());
  const auto head = ValueOf<BlockHead>(head_view);
  if (head.kind != static_cast<std::uint32_t>(kind)) {
    return Malformed("here begins a block of kind " + std::to_string(head.kind) + ", not " + block);
  }
  // The buffer keeps its size from block to block, and grows as bytes arrive.
  for (std::uint64_t taken = 0; taken < head.bytes;) {
    const std::uint64_t wanted =
        std::min<std::uint64_t>(head.bytes, std::max<std::uint64_t>(2 * taken, kStep));
    if (content_.size() < wanted) content_.resize(static_cast<std::size_t>(wanted));
    const std::uint64_t more = std::min<std::uint64_t>(head.bytes, content_.size()) - taken;
    RIACHO_RETURN_IF_ERROR(Take(content_.data() + taken, static_cast<std::size_t>(more),
                                block + " of " + std::to_string(head.bytes) + " bytes"));
    taken += more;
  }
  std::array<char, kChecksumBytes> checksum;
  RIACHO_RETURN_IF_ERROR(Take(checksum.data(), checksum.size(), "the checksum of " + block));
  const std::string_view content =
      std::string_view(content_).substr(0, static_cast<std::size_t>(head.bytes));
  if (ValueOf<std::uint64_t>({checksum.data(), checksum.size()}) !=
      ChecksumOf(head_view, content, number_++)) {
    return Malformed(block + " does not agree with its checksum: it has been altered");
  }
  return content;
}

absl::Status BlockReader::Malformed(std::string_view what) const {
  return MalformedAt(block_at_, what);
}

}  // namespace riacho::internal
