#include "shard/segment_pool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "base/epoch.h"

namespace riacho::internal {
namespace {

class SegmentPoolTest : public testing::Test {
 protected:
  // The segments that a log would take one after the other.
  std::vector<Segment*> TakeChain(std::size_t count, std::size_t frame_bytes = 100) {
    std::vector<Segment*> chain;
    const Segment* previous = &root_;
    for (std::size_t i = 0; i < count; ++i) {
      Segment* const segment = pool_->Take(*previous, frame_bytes);
      if (segment == nullptr) break;
      chain.push_back(segment);
      previous = segment;
    }
    return chain;
  }
  void GiveAll(const std::vector<Segment*>& chain) {
    for (Segment* const segment : chain) pool_->Give(segment);
  }

  std::shared_ptr<SegmentPool> pool_ = std::make_shared<SegmentPool>();
  Segment root_;
};

TEST_F(SegmentPoolTest, SegmentsDoubleFromTheFirstSizeToTheFullSize) {
  const std::vector<Segment*> chain = TakeChain(12);
  ASSERT_EQ(chain.size(), 12U);
  std::size_t expected = SegmentPool::kFirstSegmentBytes;
  for (const Segment* const segment : chain) {
    EXPECT_EQ(segment->allocated_bytes(), expected);
    EXPECT_EQ(Segment::BytesFor(segment->place_count, segment->frame_bytes), expected);
    expected = std::min(2 * expected, SegmentPool::kFullSegmentBytes);
  }
  GiveAll(chain);
}

TEST_F(SegmentPoolTest, SegmentHasRoomForTheFrameThatAskedForIt) {
  for (const std::size_t frame_bytes :
       {std::size_t{8}, std::size_t{4096}, std::size_t{82'000}, std::size_t{3'000'000}}) {
    const std::vector<Segment*> chain = TakeChain(1, frame_bytes);
    EXPECT_GE(chain[0]->frame_bytes, frame_bytes);
    GiveAll(chain);
  }
}

TEST_F(SegmentPoolTest, PlacesAreAsManyAsTheFramesBeforeLetExpect) {
  const auto bytes_per_place_after = [&](std::uint64_t records, std::uint64_t frame_bytes) {
    Segment full;
    full.place_count = 1;
    full.frame_bytes =
        static_cast<std::uint32_t>(SegmentPool::kFullSegmentBytes - Segment::BytesFor(1, 0));
    full.tail.store(records * (SegmentTail::kOnePlace | frame_bytes));
    Segment* const segment = pool_->Take(full, 100);
    EXPECT_EQ(segment->allocated_bytes(), SegmentPool::kFullSegmentBytes);
    for (std::uint64_t i = 0; i < segment->place_count; ++i)
      EXPECT_EQ(segment->place(i).load(), Segment::kEmpty);
    const std::size_t bytes_per_place = SegmentPool::kFullSegmentBytes / segment->place_count;
    GiveAll({segment});
    return bytes_per_place;
  };
  EXPECT_EQ(bytes_per_place_after(0, 0), 96U);
  EXPECT_EQ(bytes_per_place_after(1000, 24), 48U);
  EXPECT_EQ(bytes_per_place_after(1000, 88), 64U);
  EXPECT_EQ(bytes_per_place_after(1000, 96), 96U);
  EXPECT_EQ(bytes_per_place_after(1000, 136), 128U);
  EXPECT_EQ(bytes_per_place_after(1000, 200), 192U);
  EXPECT_EQ(bytes_per_place_after(100, 16'000), 512U);
  // All were one and the same block.
  EXPECT_EQ(pool_->used_bytes(), static_cast<std::int64_t>(SegmentPool::kFullSegmentBytes));
}

TEST_F(SegmentPoolTest, SegmentsArriveEmpty) {
  for (int round = 0; round < 3; ++round) {
    const std::vector<Segment*> chain = TakeChain(11);
    for (Segment* const segment : chain) {
      EXPECT_EQ(segment->tail.load(), 0U);
      EXPECT_EQ(segment->next.load(), nullptr);
      EXPECT_EQ(segment->references.load(), 1U);
      for (std::uint64_t i = 0; i < segment->place_count; ++i)
        ASSERT_EQ(segment->place(i).load(), Segment::kEmpty);
      segment->tail.store(1);
      segment->references.store(7);
      segment->place(0).store(Segment::kAbandoned);
      segment->place(segment->place_count - 1).store(5);
    }
    GiveAll(chain);
  }
}

TEST_F(SegmentPoolTest, FullSegmentsAreKeptLastInFirstOut) {
  const std::vector<Segment*> chain = TakeChain(12);
  for (std::size_t i = 9; i < chain.size(); ++i) {
    // Whole huge pages, where there are any.
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(chain[i]) % SegmentPool::kFullSegmentBytes, 0U);
  }
  GiveAll(chain);
  EXPECT_EQ(pool_->used_bytes(), static_cast<std::int64_t>(3 * SegmentPool::kFullSegmentBytes));
  Segment full;
  full.place_count = 1;
  full.frame_bytes =
      static_cast<std::uint32_t>(SegmentPool::kFullSegmentBytes - Segment::BytesFor(1, 0));
  std::vector<Segment*> again;
  for (int i = 0; i < 3; ++i) again.push_back(pool_->Take(full, 100));
  EXPECT_EQ(again, (std::vector<Segment*>{chain[11], chain[10], chain[9]}));
  EXPECT_EQ(pool_->used_bytes(), static_cast<std::int64_t>(3 * SegmentPool::kFullSegmentBytes));
  GiveAll(again);
}

TEST_F(SegmentPoolTest, ASegmentWithoutRoomIsNeverRefused) {
  const auto pool = std::make_shared<SegmentPool>(0);
  EXPECT_EQ(pool->TakeOf(1, 8), nullptr);
  Segment* const last = pool->TakeOf(0, 0);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(pool->used_bytes(), static_cast<std::int64_t>(Segment::BytesFor(0, 0)));
  pool->Give(last);
  EXPECT_EQ(pool->used_bytes(), 0);
}

TEST_F(SegmentPoolTest, KeepsNoMoreThanAFewWarmSegments) {
  GiveAll(TakeChain(200));
  EXPECT_EQ(pool_->used_bytes(), static_cast<std::int64_t>(32 * SegmentPool::kFullSegmentBytes));
}

TEST_F(SegmentPoolTest, CountsWhatItGivesOut) {
  const std::vector<Segment*> chain = TakeChain(3);
  EXPECT_EQ(pool_->used_bytes(), 28 * 1024);
  LargeBlock* const block = pool_->TakeLarge(1000);
  EXPECT_EQ(pool_->used_bytes(), 28 * 1024 + static_cast<std::int64_t>(sizeof(LargeBlock)) + 1000);
  pool_->GiveLarge(block);
  GiveAll(chain);
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(SegmentPoolTest, BudgetRefuses) {
  pool_ = std::make_shared<SegmentPool>(30 * 1024);
  const std::vector<Segment*> chain = TakeChain(4);
  EXPECT_EQ(chain.size(), 3U);
  EXPECT_EQ(pool_->TakeLarge(10'000), nullptr);
  LargeBlock* const block = pool_->TakeLarge(1000);
  ASSERT_NE(block, nullptr);
  pool_->GiveLarge(block);
  GiveAll(chain);
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(SegmentPoolTest, WarmSegmentsMakeRoomForWhatIsAskedFor) {
  pool_ = std::make_shared<SegmentPool>(4 << 20);
  GiveAll(TakeChain(11));
  EXPECT_GT(pool_->used_bytes(), 1 << 20);
  LargeBlock* const block = pool_->TakeLarge(4'000'000);
  ASSERT_NE(block, nullptr);
  EXPECT_LE(pool_->used_bytes(), pool_->budget_bytes());
  pool_->GiveLarge(block);
}

TEST_F(SegmentPoolTest, EndOfALogIsNeverRefused) {
  pool_ = std::make_shared<SegmentPool>(0);
  EXPECT_TRUE(TakeChain(1).empty());
  Segment* const last = pool_->Take(root_, 0);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->place_count, 0U);
  pool_->Give(last);
  EXPECT_EQ(pool_->used_bytes(), 0);
}

TEST_F(SegmentPoolTest, SegmentKeepsItsPoolAlive) {
  Segment* const segment = TakeChain(1)[0];
  std::weak_ptr<SegmentPool> watched = pool_;
  pool_.reset();
  EXPECT_FALSE(watched.expired());
  segment->Unpin();
  Epoch::Collect();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace riacho::internal
