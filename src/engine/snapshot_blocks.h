// A snapshot as a sequence of blocks, each with a checksum: docs/internals/snapshot.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace riacho::internal {

enum class BlockKind : std::uint32_t { kAccount = 1, kStream = 2, kSegment = 3, kEnd = 4 };

// Confined.
class BlockWriter {
 public:
  // Begins a snapshot at the place where `out` stands.
  explicit BlockWriter(std::ostream& out);

  // Where the next block's content is to be put; empty.
  std::string& content() { return content_; }
  // Writes it. Errors: kInternalFailure (the stream did not take it).
  absl::Status Write(BlockKind kind);

 private:
  std::ostream& out_;
  std::string content_;
  std::uint64_t written_ = 0;  // bytes
  std::uint64_t number_ = 0;   // of the next block
};

// Confined.
class BlockReader {
 public:
  explicit BlockReader(std::istream& in) : in_(in) {}

  // What a snapshot begins with. Errors: kSerialization (no snapshot, another version, truncated).
  absl::Status ReadHeader();

  // The content of the next block, which is of that kind; valid until the next call. Allocates no
  // more than twice what the stream has given, whatever length is announced.
  // Errors: kSerialization (truncated, altered, another kind).
  absl::StatusOr<std::string_view> Read(BlockKind kind);

  // "Snapshot, byte N: ..."; of the block that was read last.
  absl::Status Malformed(std::string_view what) const;

 private:
  absl::Status Take(char* bytes, std::size_t count, std::string_view of_what);

  std::istream& in_;
  std::string content_;
  std::uint64_t read_ = 0;  // bytes
  std::uint64_t block_at_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace riacho::internal
