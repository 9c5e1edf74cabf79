#include "riacho/model/record_batch.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;

static_assert(!std::is_copy_constructible_v<RecordBatch>);
static_assert(!std::is_copy_assignable_v<RecordBatch>);
static_assert(std::is_nothrow_move_constructible_v<RecordBatch>);
static_assert(std::is_nothrow_move_assignable_v<RecordBatch>);

// An object that a batch keeps; counts how often it was released.
struct Kept {
  int releases = 0;
};

void Release(void* object) { ++static_cast<Kept*>(object)->releases; }

RecordBatch BatchOf(std::string_view data, std::vector<Kept>& kept) {
  RecordBatch batch;
  batch.Add({.data = data, .partition_key = "key"});
  for (Kept& object : kept) batch.Keep(&object, Release);
  return batch;
}

std::vector<int> Releases(const std::vector<Kept>& kept) {
  std::vector<int> releases;
  for (const Kept& object : kept) releases.push_back(object.releases);
  return releases;
}

TEST(RecordBatch, BeginsEmpty) {
  const RecordBatch batch;
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.size(), 0U);
  EXPECT_EQ(batch.begin(), batch.end());
  EXPECT_TRUE(batch.records().empty());
}

TEST(RecordBatch, GivesRecordsInTheOrderTheyWereAdded) {
  RecordBatch batch;
  batch.Reserve(2);
  batch.Add({.data = "first", .partition_key = "a"});
  batch.Add({.data = "second", .partition_key = "b"});
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch.front().data, "first");
  EXPECT_EQ(batch.back().data, "second");
  EXPECT_EQ(batch[1].partition_key, "b");
  EXPECT_EQ(batch.records().size(), 2U);
  EXPECT_THAT(batch, ElementsAre(Field(&Record::data, "first"), Field(&Record::data, "second")));
}

TEST(RecordBatch, ShowsTheDataThatARecordWasGivenLater) {
  RecordBatch batch;
  batch.Add({.data = "first", .partition_key = "a"});
  batch.Add({.data = "second", .partition_key = "b"});
  batch.SetData(1, "other");
  EXPECT_THAT(batch, ElementsAre(Field(&Record::data, "first"), Field(&Record::data, "other")));
  EXPECT_EQ(batch[1].partition_key, "b");
}

TEST(RecordBatch, ReleasesEachPinOnceWhenDestroyed) {
  for (std::size_t count = 0; count <= 5; ++count) {
    std::vector<Kept> kept(count);
    {
      const RecordBatch batch = BatchOf("data", kept);
      EXPECT_THAT(Releases(kept), Each(0)) << count;
    }
    EXPECT_THAT(Releases(kept), Each(1)) << count;
  }
}

TEST(RecordBatch, KeepsAnObjectAsOftenAsItWasTold) {
  Kept kept;
  {
    RecordBatch batch;
    for (int i = 0; i < 4; ++i) batch.Keep(&kept, Release);
  }
  EXPECT_EQ(kept.releases, 4);
}

TEST(RecordBatch, MovedFromIsEmptyAndReleasesNothing) {
  for (std::size_t count = 0; count <= 5; ++count) {
    std::vector<Kept> kept(count);
    {
      std::optional<RecordBatch> from = BatchOf("data", kept);
      const RecordBatch to = std::move(*from);
      EXPECT_TRUE(from->empty());
      EXPECT_EQ(from->begin(), from->end());
      ASSERT_EQ(to.size(), 1U);
      EXPECT_EQ(to.front().data, "data");
      from.reset();
      EXPECT_THAT(Releases(kept), Each(0)) << count;
    }
    EXPECT_THAT(Releases(kept), Each(1)) << count;
  }
}

TEST(RecordBatch, MovedFromCanBeFilledAgain) {
  std::vector<Kept> first(3);
  std::vector<Kept> second(3);
  {
    RecordBatch from = BatchOf("first", first);
    const RecordBatch to = std::move(from);
    from.Add({.data = "second"});  // NOLINT(bugprone-use-after-move): this is what is tested
    for (Kept& object : second) from.Keep(&object, Release);
    EXPECT_EQ(from.size(), 1U);
    EXPECT_EQ(to.front().data, "first");
  }
  EXPECT_THAT(Releases(first), Each(1));
  EXPECT_THAT(Releases(second), Each(1));
}

TEST(RecordBatch, AssignmentReleasesWhatTheTargetKept) {
  std::vector<Kept> old_kept(3);
  std::vector<Kept> new_kept(4);
  {
    RecordBatch target = BatchOf("old", old_kept);
    RecordBatch source = BatchOf("new", new_kept);
    target = std::move(source);
    EXPECT_THAT(Releases(old_kept), Each(1));
    EXPECT_THAT(Releases(new_kept), Each(0));
    EXPECT_EQ(target.front().data, "new");
    EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  }
  EXPECT_THAT(Releases(old_kept), Each(1));
  EXPECT_THAT(Releases(new_kept), Each(1));
}

TEST(RecordBatch, AssignmentOfAnEmptyBatchReleasesEverythingAtOnce) {
  std::vector<Kept> kept(3);
  RecordBatch batch = BatchOf("data", kept);
  batch = RecordBatch();
  EXPECT_THAT(Releases(kept), Each(1));
  EXPECT_TRUE(batch.empty());
}

TEST(RecordBatch, AssignmentToItselfKeepsEverything) {
  std::vector<Kept> kept(3);
  {
    RecordBatch batch = BatchOf("data", kept);
    RecordBatch& same = batch;
    batch = std::move(same);
    EXPECT_EQ(batch.size(), 1U);
    EXPECT_THAT(Releases(kept), Each(0));
  }
  EXPECT_THAT(Releases(kept), Each(1));
}

}  // namespace
}  // namespace riacho
