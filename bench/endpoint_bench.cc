// The endpoint over loopback, one core of server and one of client, beside a handler of the same
// server that says hello: `of_hello` is how many calls it answers to one of ours' answers, taken in
// turns.
//
//   endpoint_bench                            what one server thread carries
//   endpoint_bench --benchmark_filter=Calls   a row
#include "riacho/wire/endpoint.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <vector>

#include "absl/strings/escaping.h"
#include <benchmark/benchmark.h>

#include "bench_stream.h"
#include "loopback_caller.h"
#include "wire/http_server.h"

namespace riacho::bench {
namespace {

using Callers = std::vector<std::unique_ptr<LoopbackCaller>>;

Callers Connect(std::uint16_t port, std::int64_t connections) {
  Callers callers;
  for (std::int64_t i = 0; i < connections; ++i)
    callers.push_back(std::make_unique<LoopbackCaller>(port));
  return callers;
}

// An endpoint with a stream of four shards.
class Served {
 public:
  Served() : endpoint(*stream.kinesis) {
    if (const absl::Status started = endpoint.Start(); !started.ok())
      throw std::runtime_error(started.ToString());
  }
  BenchStream stream{4};
  Endpoint endpoint;
};

// The same server, with nothing behind it.
class Hello {
 public:
  Hello()
      : server(
            [](internal::HttpRequest&&) {
              return internal::HttpResponse{.headers = {{"content-type", "text/plain"}},
                                            .body = "hello"};
            },
            {}) {
    if (const absl::Status started = server.Start(); !started.ok())
      throw std::runtime_error(started.ToString());
  }
  internal::HttpServer server;
};

std::string PutRecordBody() {
  return R"({"StreamName":"bench","Data":")" + absl::Base64Escape(std::string(100, 'd')) +
         R"(","PartitionKey":"kkkkkkkkkkkkkk17"})";
}

std::string PutRecordsBody(int records, std::size_t bytes) {
  std::string body = R"({"StreamName":"bench","Records":[)";
  const std::vector<std::string> keys = Keys(static_cast<std::size_t>(records));
  const std::string data = absl::Base64Escape(std::string(bytes, 'd'));
  for (const std::string& key : keys) {
    if (key != keys.front()) body += ',';
    body += R"({"Data":")" + data + R"(","PartitionKey":")" + key + R"("})";
  }
  return body + "]}";
}

// One call on each connection, then the answers of all.
void CallAll(Callers& callers, std::string_view call) {
  for (const auto& caller : callers) caller->Ask(call);
  for (const auto& caller : callers) benchmark::DoNotOptimize(caller->Hear());
}

// Argument: connections.
void PutRecordCalls(benchmark::State& state) {
  constexpr int kRound = 200;
  Served served;
  Hello hello;
  Callers callers = Connect(served.endpoint.port(), state.range(0));
  Callers hello_callers = Connect(hello.server.port(), state.range(0));
  const std::string call = CallOf("PutRecord", PutRecordBody());
  using Clock = std::chrono::steady_clock;
  Clock::duration ours = {};
  Clock::duration theirs = {};
  for (auto _ : state) {
    const auto begin = Clock::now();
    for (int i = 0; i < kRound; ++i) CallAll(callers, call);
    const auto between = Clock::now();
    for (int i = 0; i < kRound; ++i) CallAll(hello_callers, call);
    const auto end = Clock::now();
    ours += between - begin;
    theirs += end - between;
    state.SetIterationTime(std::chrono::duration<double>(between - begin).count());
    served.stream.Step();
  }
  state.SetItemsProcessed(state.iterations() * kRound * state.range(0));
  state.counters["of_hello"] =
      static_cast<double>(theirs.count()) / static_cast<double>(ours.count());
}
BENCHMARK(PutRecordCalls)->ArgName("connections")->Arg(1)->Arg(16)->UseManualTime();

// Arguments: connections, records of a call, bytes of a record.
void PutRecordsCalls(benchmark::State& state) {
  Served served;
  Callers callers = Connect(served.endpoint.port(), state.range(0));
  const auto records = static_cast<int>(state.range(1));
  const auto bytes = static_cast<std::size_t>(state.range(2));
  const std::string call = CallOf("PutRecords", PutRecordsBody(records, bytes));
  for (auto _ : state) {
    CallAll(callers, call);
    served.stream.Step();
  }
  const std::int64_t put = state.iterations() * state.range(0) * records;
  state.SetItemsProcessed(put);
  state.SetBytesProcessed(put * static_cast<std::int64_t>(bytes));
}
BENCHMARK(PutRecordsCalls)
    ->ArgNames({"connections", "records", "bytes"})
    ->Args({1, 500, 1024})
    ->Args({16, 500, 1024})
    ->Args({1, 500, 100})
    ->UseRealTime();

// Pages of a thousand records of 100 bytes.
void GetRecordsCalls(benchmark::State& state) {
  Served served;
  LoopbackCaller caller(served.endpoint.port());
  const std::string put = CallOf("PutRecords", PutRecordsBody(500, 100));
  for (int i = 0; i < 20; ++i) caller.Call(put);
  const std::string call = CallOf("GetRecords", R"({"Limit":1000,"ShardIterator":")" +
                                                    served.stream.TrimHorizon(ShardId(0)) + "\"}");
  for (auto _ : state) benchmark::DoNotOptimize(caller.Call(call));
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(GetRecordsCalls)->UseRealTime();

// Records of 1 KiB put in the process and read over the wire by a subscription.
void FanOut(benchmark::State& state) {
  Served served;
  const auto consumer = served.stream.kinesis->RegisterStreamConsumer(
      {.stream_arn = served.stream.kinesis->DescribeStreamSummary({.stream_name = "bench"})
                         ->stream_description_summary.stream_arn,
       .consumer_name = "reader"});
  served.stream.Step(absl::Seconds(1));
  LoopbackCaller caller(served.endpoint.port());
  caller.Ask(CallOf(
      "SubscribeToShard",
      R"({"ConsumerARN":")" + consumer->consumer.consumer_arn +
          R"(","ShardId":"shardId-000000000000","StartingPosition":{"Type":"TRIM_HORIZON"}})"));
  caller.Drink();
  const std::string data(1024, 'd');
  constexpr int kRecords = 500;
  constexpr std::size_t kOnTheWire = kRecords * (1024 * 4 / 3);  // base64 alone
  for (auto _ : state) {
    for (int i = 0; i < kRecords; ++i) {
      served.stream.kinesis
          ->PutRecord({.stream_name = "bench",
                       .data = data,
                       .partition_key = "key",
                       .explicit_hash_key = "0"})
          .IgnoreError();
    }
    for (std::size_t drunk = 0; drunk < kOnTheWire;) drunk += caller.Drink();
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
  state.SetBytesProcessed(state.iterations() * kRecords * 1024);
}
BENCHMARK(FanOut)->UseRealTime();

// From nothing to the first answer, in this process.
void StartToFirstAnswer(benchmark::State& state) {
  for (auto _ : state) {
    Served served;
    LoopbackCaller caller(served.endpoint.port());
    benchmark::DoNotOptimize(caller.Call(CallOf("ListStreams", "{}")));
  }
}
BENCHMARK(StartToFirstAnswer)->UseRealTime()->Unit(benchmark::kMillisecond);

// What the process holds after 100,000 records of 100 bytes have been put over the wire.
void MemoryAfterRecords(benchmark::State& state) {
  for (auto _ : state) {
    Served served;
    LoopbackCaller caller(served.endpoint.port());
    const std::string call = CallOf("PutRecords", PutRecordsBody(500, 100));
    for (int i = 0; i < 200; ++i) caller.Call(call);
    state.counters["stored_bytes"] = static_cast<double>(served.stream.memory_used());
  }
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["most_resident_bytes"] = static_cast<double>(usage.ru_maxrss) * 1024;
}
BENCHMARK(MemoryAfterRecords)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace riacho::bench
