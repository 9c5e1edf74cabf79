// P15: what an engine costs a test that needs one for a moment.
#include "bench_stream.h"
#include "goals.h"

namespace riacho::bench {

void UnitTestGoals(GoalRun& run) {
  if (!run.Wants("P15")) return;
  run.Measure({.id = "P15",
               .work = "a unit test: engine, stream, put, get, destruction",
               .bound = AtMost(20),
               .unit = "us"},
              [] {
                Sample sample = TimeCalls(60, [] {
                  BenchStream stream(1);
                  const auto put = stream.kinesis->PutRecord(
                      {.stream_name = "bench", .data = "data", .partition_key = "key"});
                  if (!put.ok()) Require(false, "PutRecord");
                  const auto page = stream.kinesis->GetRecords(
                      {.shard_iterator = stream.TrimHorizon(put->shard_id)});
                  if (!page.ok() || page->records.size() != 1) Require(false, "GetRecords");
                });
                sample.value /= 1000;
                return sample;
              });
}

}  // namespace riacho::bench
