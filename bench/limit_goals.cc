// P11: what limits cost that are far away, and what it costs to be refused. Metrics: what they
// cost.
#include <cstdint>
#include <string>

#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kPuts = 4'000;  // of a sample

Limits FarAway() {
  Limits limits = Limits::Unlimited();
  limits.shard_write_records_per_second = 100'000'000;
  limits.shard_write_bytes_per_second = 10'000'000'000;
  return limits;
}

}  // namespace

void LimitGoals(GoalRun& run) {
  if (!run.Wants("P11")) return;
  PutLoad unlimited({});
  PutLoad limited({.limits = FarAway()});
  run.Compare(
      {.id = "P11",
       .work = "PutRecord, 1 shard, limits on and far away / off",
       .bound = AtMost(1.3)},
      [&] { return limited.Time(kPuts); }, [&] { return unlimited.Time(kPuts); });

  Limits limits = FarAway();
  limits.shard_write_records_per_second = 1;
  BenchStream closed(1, {.limits = limits});
  const std::string data(100, 'd');
  const auto put = [&] {
    return closed.kinesis->PutRecord(
        {.stream_name = "bench", .data = data, .partition_key = "a-key-of-16-byte"});
  };
  Require(put().ok(), "the first put of a second");
  run.Compare(
      {.id = "P11", .work = "PutRecord, 1 shard, refused / accepted", .bound = AtMost(0.5)},
      [&] {
        return TimeCalls(kPuts, [&] {
          if (put().ok()) Require(false, "refusing a put");
        });
      },
      [&] { return limited.Time(kPuts); });
}

void MetricsGoals(GoalRun& run) {
  if (!run.Wants("metrics")) return;
  for (const std::int64_t shards : {1, 4}) {
    PutLoad counted({.shards = shards});
    PutLoad uncounted({.shards = shards, .metrics = {.enabled = false}});
    run.Compare(
        {.id = "metrics",
         .work = "PutRecord, " + std::to_string(shards) + (shards == 1 ? " shard" : " shards") +
                 ", metrics on / off",
         .bound = AtMost(1.03)},
        [&] { return counted.Time(kPuts); }, [&] { return uncounted.Time(kPuts); });
  }
}

}  // namespace riacho::bench
