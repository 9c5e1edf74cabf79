// Saving and loading a million records of 1 KiB, beside copying as many bytes. Bytes a second are
// those of the snapshot.
#include "riacho/engine/snapshot.h"

#include <cstdint>
#include <cstring>
#include <istream>
#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "riacho/time/manual_clock.h"

namespace riacho {
namespace {

constexpr int kRecords = 1'000'000;
constexpr std::size_t kRecordBytes = 1024;

// Memory as a stream, without what std::stringstream adds.
class Buffer : public std::streambuf {
 public:
  explicit Buffer(std::vector<char>& bytes) : bytes_(bytes) {}
  void Rewind() { setg(bytes_.data(), bytes_.data(), bytes_.data() + size_); }
  void Clear() { size_ = 0; }
  std::size_t size() const { return size_; }

 protected:
  std::streamsize xsputn(const char* from, std::streamsize count) override {
    const auto more = static_cast<std::size_t>(count);
    if (bytes_.size() < size_ + more) bytes_.resize(2 * (size_ + more));
    std::memcpy(bytes_.data() + size_, from, more);
    size_ += more;
    return count;
  }

 private:
  std::vector<char>& bytes_;
  std::size_t size_ = 0;
};

struct World {
  World() {
    const std::unique_ptr<Client> client = engine.NewClient();
    RIACHO_CHECK(client->CreateStream({.stream_name = "orders", .shard_count = 4}).ok());
    const std::string data(kRecordBytes, 'd');
    const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    std::vector<PutRecordsRequestEntry> entries;
    for (std::size_t i = 0; i < 500; ++i)
      entries.push_back({.data = data, .partition_key = keys[i % keys.size()]});
    for (std::size_t i = 0; i < kRecords / entries.size(); ++i)
      RIACHO_CHECK(client->PutRecords({.records = entries, .stream_name = "orders"}).ok());
    std::ostream out(&buffer);
    RIACHO_CHECK(SaveSnapshot(engine, out).ok());
  }

  ManualClock clock;
  Engine engine{clock, {.limits = Limits::Unlimited(), .seed = 1}};
  std::vector<char> bytes;
  Buffer buffer{bytes};
};

World& TheWorld() {
  static auto* const kWorld = new World;
  return *kWorld;
}

void CountBytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(static_cast<std::int64_t>(each) * state.iterations());
}

void Save(benchmark::State& state) {
  World& world = TheWorld();
  for (auto _ : state) {
    world.buffer.Clear();
    std::ostream out(&world.buffer);
    RIACHO_CHECK(SaveSnapshot(world.engine, out).ok());
  }
  CountBytes(state, world.buffer.size());
}
BENCHMARK(Save)->Unit(benchmark::kMillisecond);

void Load(benchmark::State& state) {
  World& world = TheWorld();
  for (auto _ : state) {
    state.PauseTiming();
    auto engine = std::make_unique<Engine>(world.clock,
                                           EngineOptions{.limits = Limits::Unlimited(), .seed = 2});
    world.buffer.Rewind();
    std::istream in(&world.buffer);
    state.ResumeTiming();
    RIACHO_CHECK(LoadSnapshot(in, *engine).ok());
    state.PauseTiming();
    engine.reset();
    state.ResumeTiming();
  }
  CountBytes(state, world.buffer.size());
}
BENCHMARK(Load)->Unit(benchmark::kMillisecond);

void Memcpy(benchmark::State& state) {
  World& world = TheWorld();
  const std::size_t size = world.buffer.size();
  std::vector<char> copy(size);
  for (auto _ : state) {
    std::memcpy(copy.data(), world.bytes.data(), size);
    benchmark::ClobberMemory();
  }
  CountBytes(state, size);
}
BENCHMARK(Memcpy)->Unit(benchmark::kMillisecond);

// As Load has it: what an engine's memory costs when it is touched for the first time.
void MemcpyToFreshMemory(benchmark::State& state) {
  World& world = TheWorld();
  const std::size_t size = world.buffer.size();
  for (auto _ : state) {
    const auto copy = std::make_unique_for_overwrite<char[]>(size);
    std::memcpy(copy.get(), world.bytes.data(), size);
    benchmark::ClobberMemory();
  }
  CountBytes(state, size);
}
BENCHMARK(MemcpyToFreshMemory)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace riacho
