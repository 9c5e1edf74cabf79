// A snapshot that is not what was saved, or not for this engine, is refused, and the engine stays
// as it was.
#include <cstring>
#include <sstream>
#include <streambuf>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "engine/snapshot_fixture.h"

namespace riacho {
namespace {

using testing::HasSubstr;

// Of an engine with a bit of everything, and no more.
std::string SmallSnapshot() {
  RecordWorld world({.seed = 1});
  world.Create("orders", 2);
  world.Put("orders", "key", "data");
  world.Register("orders", "billing");
  EXPECT_THAT(world.Halve("orders", world.Shards("orders")[0]), Succeeds());
  return SnapshotOf(world.engine);
}

// Refused as that, with that in the text, and nothing has changed.
void ExpectRefused(const std::string& snapshot, ErrorCode code, const std::string& text,
                   World& world) {
  const std::string before = SnapshotOf(world.engine);
  const std::int64_t memory = world.engine.memory_used();
  const absl::Status status = Load(snapshot, world.engine);
  EXPECT_THAT(status, FailsAs(code));
  EXPECT_THAT(std::string(ErrorMessage(status)), HasSubstr(text));
  EXPECT_EQ(SnapshotOf(world.engine), before);
  EXPECT_EQ(world.engine.memory_used(), memory);
}

void ExpectRefused(const std::string& snapshot, ErrorCode code, const std::string& text) {
  World world;
  ExpectRefused(snapshot, code, text, world);
}

TEST(DamagedSnapshot, EveryTruncationIsRefused) {
  const std::string good = SmallSnapshot();
  ASSERT_LT(good.size(), 100'000U);
  World world;
  const std::string before = SnapshotOf(world.engine);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const absl::Status status = Load(good.substr(0, size), world.engine);
    ASSERT_THAT(status, FailsAs(ErrorCode::kSerialization)) << size;
    ASSERT_THAT(std::string(ErrorMessage(status)), HasSubstr("it ends inside")) << size;
  }
  EXPECT_EQ(SnapshotOf(world.engine), before);
  EXPECT_THAT(Load(good, world.engine), Succeeds());
}

TEST(DamagedSnapshot, EveryAlteredByteIsRefused) {
  const std::string good = SmallSnapshot();
  World world;
  const std::string before = SnapshotOf(world.engine);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1 << at % 8);
    ASSERT_THAT(Load(bad, world.engine), FailsAs(ErrorCode::kSerialization)) << at;
  }
  EXPECT_EQ(SnapshotOf(world.engine), before);
  EXPECT_THAT(Load(good, world.engine), Succeeds());
}

TEST(DamagedSnapshot, SaysWhatIsWrongAndWhere) {
  const std::string good = SmallSnapshot();
  ExpectRefused("", ErrorCode::kSerialization, "byte 0: it ends inside the header");
  ExpectRefused(std::string(100, 'x'), ErrorCode::kSerialization, "no snapshot");
  ExpectRefused(good.substr(0, good.size() - 1), ErrorCode::kSerialization,
                "it ends inside the checksum of a block of kind end");
  std::string newer = good;
  newer[8] = 2;
  ExpectRefused(newer, ErrorCode::kSerialization,
                "version 2 of the format; this library reads version 1");
}

// No machine has so much.
TEST(DamagedSnapshot, AnAnnouncedLengthAllocatesNothing) {
  std::string bad = SmallSnapshot().substr(0, 100);
  const std::uint64_t bytes = std::uint64_t{1} << 62;
  std::memcpy(bad.data() + 16, &bytes, sizeof(bytes));
  ExpectRefused(bad, ErrorCode::kSerialization, "of 4611686018427387904 bytes");
}

TEST(DamagedSnapshot, BlocksKeepTheirOrder) {
  RecordWorld world;
  world.Create("orders", 2);
  for (int i = 0; i < 20; ++i) world.Put("orders", "key-" + std::to_string(i));
  const std::string good = SnapshotOf(world.engine);
  // The last two segments, each with a head that says its length, change places.
  std::vector<std::pair<std::size_t, std::size_t>> blocks;
  for (std::size_t at = 12; at < good.size();) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, good.data() + at + 4, sizeof(bytes));
    blocks.emplace_back(at, 12 + bytes + 8);
    at += blocks.back().second;
  }
  ASSERT_EQ(blocks.size(), 5U);
  const auto block = [&](std::size_t i) { return good.substr(blocks[i].first, blocks[i].second); };
  const std::string bad = good.substr(0, blocks[2].first) + block(3) + block(2) + block(4);
  ExpectRefused(bad, ErrorCode::kSerialization, "it has been altered");
}

TEST(LoadSnapshot, IsRefusedByAnEngineWithStreams) {
  World world;
  world.Create("orders");
  ExpectRefused(SmallSnapshot(), ErrorCode::kResourceInUse, "Load the snapshot into a new engine",
                world);
}

TEST(LoadSnapshot, IsRefusedForAnotherAccountOrRegion) {
  World account({.account_id = "210987654321"});
  ExpectRefused(SmallSnapshot(), ErrorCode::kInvalidArgument,
                "The snapshot is of account 123456789012 in us-east-1", account);
  World region({.region = "eu-west-1"});
  ExpectRefused(SmallSnapshot(), ErrorCode::kInvalidArgument, "in eu-west-1", region);
}

TEST(LoadSnapshot, IsRefusedByAClockBeforeItsTime) {
  World world;
  world.Advance(-absl::Seconds(1));
  ExpectRefused(SmallSnapshot(), ErrorCode::kInvalidArgument, "set it to that time, or later",
                world);
}

TEST(LoadSnapshot, IsRefusedWhenAKeyStoreWasGiven) {
  World world({.key_store = std::make_shared<KeyStore>()});
  ExpectRefused(SmallSnapshot(), ErrorCode::kInvalidArgument, "the engine was given one", world);
}

TEST(LoadSnapshot, IsRefusedWhenMemoryIsShort) {
  RecordWorld saved(WithoutThroughputLimits());
  saved.Create("orders");
  for (int i = 0; i < 100; ++i) saved.Put("orders", "key", std::string(10'000, 'd'));
  World world({.memory_budget = 100'000});
  ExpectRefused(SnapshotOf(saved.engine), ErrorCode::kInternalFailure,
                "memory budget of 100000 bytes", world);
}

// Takes so many bytes and no more.
class FullDisk : public std::streambuf {
 public:
  explicit FullDisk(std::streamsize room) : room_(room) {}

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    const std::streamsize taken = std::min(count, room_);
    room_ -= taken;
    return taken;
  }
  int_type overflow(int_type) override { return traits_type::eof(); }

 private:
  std::streamsize room_;
};

TEST(SaveSnapshot, SaysWhenTheStreamTakesNoMore) {
  RecordWorld world;
  world.Create("orders");
  world.Put("orders", "key");
  const auto whole = static_cast<std::streamsize>(SnapshotOf(world.engine).size());
  for (std::streamsize room = 0; room < whole; room += 7) {
    FullDisk disk(room);
    std::ostream out(&disk);
    EXPECT_THAT(SaveSnapshot(world.engine, out), FailsAs(ErrorCode::kInternalFailure)) << room;
  }
  FullDisk disk(whole);
  std::ostream out(&disk);
  EXPECT_THAT(SaveSnapshot(world.engine, out), Succeeds());
}

}  // namespace
}  // namespace riacho
