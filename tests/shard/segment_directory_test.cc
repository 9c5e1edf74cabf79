#include "shard/segment_directory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "base/epoch.h"
#include "riacho/base/random.h"
#include "shard/atomics.h"
#include "shard/segment.h"

namespace riacho::internal {
namespace {

using Segment = BasicSegment<StdAtomics>;

// A list of segments that only the directory looks at.
class SegmentList {
 public:
  Segment* Add(std::uint64_t places) {
    auto segment = std::make_unique<Segment>();
    segment->ordinal = segments_.size();
    segment->place_count = static_cast<std::uint32_t>(places);
    if (!segments_.empty()) {
      segment->base = segments_.back()->base + segments_.back()->place_count;
      segments_.back()->next.store(segment.get(), std::memory_order_release);
    }
    segments_.push_back(std::move(segment));
    return segments_.back().get();
  }
  Segment* at(std::uint64_t ordinal) const { return segments_[ordinal].get(); }
  std::uint64_t size() const { return segments_.size(); }

  // The last segment whose base is not above `index`, `first` at the earliest.
  Segment* Walk(std::uint64_t index, Segment* first) const {
    while (first->ordinal + 1 < size() && at(first->ordinal + 1)->base <= index)
      first = at(first->ordinal + 1);
    return first;
  }

 private:
  std::vector<std::unique_ptr<Segment>> segments_;
};

TEST(SegmentDirectory, KnowsNothingAtFirst) {
  SegmentList list;
  Segment* const first = list.Add(10);
  list.Add(10);
  const SegmentDirectory<StdAtomics> directory;
  EXPECT_EQ(directory.Find(15, first), first);
}

TEST(SegmentDirectory, FindsWhatAWalkFindsAfterEachUpdate) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    SegmentList list;
    SegmentDirectory<StdAtomics> directory;
    std::uint64_t first = 0;
    list.Add(0);
    for (int step = 0; step < 300; ++step) {
      const std::uint64_t added = random.Uniform(4);
      for (std::uint64_t i = 0; i < added; ++i) list.Add(1 + random.Uniform(9));
      if (random.Chance(0.2)) first += random.Uniform(list.size() - first);
      const EpochGuard guard;
      directory.Update(list.at(first));
      for (int look = 0; look < 10; ++look) {
        const Segment* const last = list.at(list.size() - 1);
        const std::uint64_t index = random.Uniform(last->base + last->place_count + 5);
        ASSERT_EQ(directory.Find(index, list.at(first)), list.Walk(index, list.at(first)))
            << seed << ' ' << step;
      }
    }
  }
}

// One reader knows an older first segment than the updater, and another a newer one.
TEST(SegmentDirectory, ServesReadersThatKnowAnotherFirstSegment) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    SegmentList list;
    SegmentDirectory<StdAtomics> directory;
    list.Add(0);
    for (int step = 0; step < 40; ++step) {
      const std::uint64_t added = random.Uniform(4);
      for (std::uint64_t i = 0; i < added; ++i) list.Add(1 + random.Uniform(9));
      const EpochGuard guard;
      if (random.Chance(0.5)) directory.Update(list.at(random.Uniform(list.size())));
      for (int look = 0; look < 10; ++look) {
        Segment* const first = list.at(random.Uniform(list.size()));
        const Segment* const last = list.at(list.size() - 1);
        const std::uint64_t index = random.Uniform(last->base + last->place_count + 5);
        Segment* const found = directory.Find(index, first);
        ASSERT_NE(found, nullptr) << seed << ' ' << step;
        ASSERT_TRUE(found == first || (found->ordinal > first->ordinal && found->base <= index))
            << seed;
      }
    }
  }
}

}  // namespace
}  // namespace riacho::internal
