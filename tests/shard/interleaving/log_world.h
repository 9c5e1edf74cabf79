// A shard log with a few actors, and what must hold for them in whatever order their steps are
// taken.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shard/interleaving/checked_atomics.h"
#include "shard/shard_log.h"
#include "shard/small_segments.h"

namespace riacho::internal {

// Each actor runs on a thread of its own. Segments have room for `places` records by number and
// `frames` by size.
class LogWorld {
 public:
  static constexpr std::size_t kMostWriters = 3;
  static constexpr std::uint32_t kFrameBytes = 24;  // of the records written here

  explicit LogWorld(std::uint32_t places = 2, std::uint32_t frames = 2, int most_segments = 1000);

  // Appends `count` records that arrive at `arrival_millis`, and stops when it is told "sealed".
  void Write(std::size_t writer, int count, std::int64_t arrival_millis = 0);
  // The same in groups of so many records; stops when one is not stored whole.
  void WriteGroups(std::size_t writer, const std::vector<int>& sizes,
                   std::int64_t arrival_millis = 0);
  // Follows the log through `scans` scans. Before each it notes what has been acknowledged.
  void Read(int scans, bool glance);
  // Follows the log until it has seen `count` records, asleep whenever nothing is there.
  void ReadAsleep(std::size_t count);
  // Pins what it reads, lets others go on, and looks at it again.
  void Pin();
  void Seal();
  void Trim(std::int64_t horizon_millis);

  // Alone, after all: compares everything with everything, destroys the log.
  void Finish();

  int refused() const { return refused_; }

 private:
  using Log = BasicShardLog<CheckedAtomics>;
  using Segment = BasicSegment<CheckedAtomics>;

  struct Written {
    std::size_t writer = 0;
    std::uint64_t began = 0;  // by the execution's count of steps
    std::uint64_t ended = 0;
    std::int64_t arrival_millis = 0;
    std::uint64_t index = 0;
    std::string data = {};
  };
  struct Seen {
    std::uint64_t index = 0;
    std::string data = {};
  };
  struct Reader {
    std::uint64_t next_index = 0;
    bool ended = false;  // was told that the shard ends
    std::vector<Seen> seen = {};
  };

  void Acknowledge(const Written& record);
  ScanEnd ScanOnce(Reader& reader, bool glance);
  void CheckOrder() const;
  void CheckReader(const Reader& reader) const;
  static Execution& judge() { return Execution::Current(); }

  std::shared_ptr<SmallSegmentSource<CheckedAtomics, CheckedMemory>> source_;
  std::optional<Log> log_;
  std::vector<Written> written_;
  std::array<CheckedAtomic<std::uint32_t>, kMostWriters> acknowledged_;
  std::array<std::vector<std::string>, kMostWriters> acknowledged_data_;
  std::vector<Reader> readers_;
  std::optional<std::uint64_t> end_index_;  // when the first seal was complete
  std::uint64_t sealed_at_ = UINT64_MAX;
  std::uint64_t seal_began_ = UINT64_MAX;
  std::int64_t horizon_ = INT64_MIN;
  int refused_ = 0;
};

}  // namespace riacho::internal
