// P16: what an emulator of the service does in a second on the same machine, beside the same calls
// here. bench/emulators measures it.
#include <cstdint>
#include <optional>
#include <string>

#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

// An iterator at the beginning, and a page of 1,000 records; nanoseconds a record.
class Pages {
 public:
  Pages() {
    const std::string data(100, 'd');
    for (std::int64_t i = 0; i < kRecords; ++i) {
      const auto put = stream_.kinesis->PutRecord(
          {.stream_name = "bench", .data = data, .partition_key = "a-key-of-16-byte"});
      if (!put.ok()) Require(false, "PutRecord");
    }
  }

  Sample Time() {
    Sample sample = TimeCalls(40, [this] {
      const auto page = stream_.kinesis->GetRecords(
          {.shard_iterator = stream_.TrimHorizon({0}), .limit = kRecords});
      if (!page.ok() || page->records.size() != kRecords) Require(false, "GetRecords");
      benchmark::DoNotOptimize(page->records.back());
    });
    sample.value /= static_cast<double>(kRecords);
    return sample;
  }

 private:
  static constexpr std::int64_t kRecords = 1000;

  BenchStream stream_{1};
};

// Nanoseconds a record, as they were measured elsewhere.
Work Known(double records_per_second) {
  return [=] { return Sample{.value = 1e9 / records_per_second}; };
}

}  // namespace

void EmulatorGoals(GoalRun& run) {
  if (!run.Wants("P16")) return;
  const std::optional<EmulatorSpeed>& emulator = run.options().emulator;
  if (!emulator) {
    run.NotMeasured({.id = "P16", .work = "records a second here / of an emulator of the service"},
                    "needs --emulator, see bench/emulators/measure.mjs");
    return;
  }
  const bool kinesalite = emulator->name == "kinesalite";
  const auto goal = [&](const std::string& work, double bound) {
    return Goal{.id = "P16",
                .work = work + ", records a second here / of " + emulator->name,
                .bound = AtLeast(kinesalite ? bound : 50)};
  };
  BatchLoad batches(4, 100);
  PutLoad puts({.shards = 4});
  Pages pages;
  run.Compare(goal("PutRecords of 500", 1000), Known(emulator->put_records),
              [&] { return batches.Time(10); });
  run.Compare(goal("PutRecord", 2000), Known(emulator->put_record),
              [&] { return puts.Time(4'000); });
  run.Compare(goal("GetRecords of 1,000", 500), Known(emulator->get_records),
              [&] { return pages.Time(); });
}

}  // namespace riacho::bench
