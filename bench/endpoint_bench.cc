// The endpoint over loopback, one core of server and one of client, beside a handler of the same
// server that says hello to the same calls: `of_hello` is how many of ours are answered for one of
// its, in turns.
//
//   endpoint_bench                            what one server thread carries
//   endpoint_bench --benchmark_filter=Calls   a row
#include "riacho/wire/endpoint.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include <benchmark/benchmark.h>

#include "bench_stream.h"
#include "endpoint_process.h"
#include "loopback_caller.h"
#include "sampling.h"
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

// On a core of its own; the caller's thread stays on the other.
template <typename Server>
void Start(Server& server) {
  PinTo(1);  // as the threads are that this one starts
  const absl::Status started = server.Start();
  PinTo(0);
  if (!started.ok()) throw std::runtime_error(started.ToString());
}

// An endpoint with a stream of four shards.
class Served {
 public:
  Served() : endpoint(*stream.kinesis) { Start(endpoint); }
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
    Start(server);
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

// `calls` calls on each connection, each asked as soon as the one before has been answered.
void CallAll(Callers& callers, std::string_view call, int calls) {
  for (const auto& caller : callers) caller->Ask(call);
  for (int i = 1; i < calls; ++i) {
    for (const auto& caller : callers) {
      benchmark::DoNotOptimize(caller->Hear());
      caller->Ask(call);
    }
  }
  for (const auto& caller : callers) benchmark::DoNotOptimize(caller->Hear());
}

// Times rounds of `calls` calls on each of the connections, ours and hello's in turns.
void TimeAgainstHello(benchmark::State& state, Served& served, std::string_view call,
                      std::int64_t connections, int calls) {
  Hello hello;
  Callers callers = Connect(served.endpoint.port(), connections);
  Callers hello_callers = Connect(hello.server.port(), connections);
  using Clock = std::chrono::steady_clock;
  Clock::duration ours = {};
  Clock::duration theirs = {};
  for (auto _ : state) {
    const auto begin = Clock::now();
    CallAll(callers, call, calls);
    const auto between = Clock::now();
    CallAll(hello_callers, call, calls);
    const auto end = Clock::now();
    ours += between - begin;
    theirs += end - between;
    state.SetIterationTime(std::chrono::duration<double>(between - begin).count());
    served.stream.Step();
  }
  state.counters["of_hello"] =
      static_cast<double>(theirs.count()) / static_cast<double>(ours.count());
}

// Argument: connections.
void PutRecordCalls(benchmark::State& state) {
  constexpr int kCalls = 200;
  Served served;
  TimeAgainstHello(state, served, CallOf("PutRecord", PutRecordBody()), state.range(0), kCalls);
  state.SetItemsProcessed(state.iterations() * kCalls * state.range(0));
}
BENCHMARK(PutRecordCalls)->ArgName("connections")->Arg(1)->Arg(16)->UseManualTime();

// Arguments: connections, records of a call, bytes of a record.
void PutRecordsCalls(benchmark::State& state) {
  // As many in a round as memory is recycled for from one round to the next.
  const int calls = static_cast<int>(16 / state.range(0));
  Served served;
  const auto records = static_cast<int>(state.range(1));
  const auto bytes = static_cast<std::size_t>(state.range(2));
  const std::string call = CallOf("PutRecords", PutRecordsBody(records, bytes));
  if (LoopbackCaller(served.endpoint.port()).Call(call).find(R"("FailedRecordCount":0)") ==
      std::string_view::npos)
    return state.SkipWithError("records are refused");
  TimeAgainstHello(state, served, call, state.range(0), calls);
  const std::int64_t put = state.iterations() * state.range(0) * calls * records;
  state.SetItemsProcessed(put);
  state.SetBytesProcessed(put * static_cast<std::int64_t>(bytes));
}
BENCHMARK(PutRecordsCalls)
    ->ArgNames({"connections", "records", "bytes"})
    ->Args({1, 500, 1024})
    ->Args({16, 500, 1024})
    ->Args({1, 500, 100})
    ->UseManualTime();

// How many records are in the JSON that came on.
class RecordCount {
 public:
  // Returns how many more there are; names may be cut in two.
  int Add(std::string_view json) {
    constexpr std::string_view kOncePerRecord = R"("PartitionKey":)";
    const std::string text = rest_ + std::string(json);
    int count = 0;
    for (std::size_t at = 0; (at = text.find(kOncePerRecord, at)) != std::string::npos; ++at)
      ++count;
    rest_ = text.substr(text.size() - std::min(text.size(), kOncePerRecord.size() - 1));
    return count;
  }

 private:
  std::string rest_;
};

// Pages of a thousand records of 100 bytes.
void GetRecordsCalls(benchmark::State& state) {
  constexpr int kCalls = 10;
  constexpr int kRecords = 1000;
  Served served;
  LoopbackCaller caller(served.endpoint.port());
  const std::string put = CallOf("PutRecords", PutRecordsBody(500, 100));
  for (int i = 0; i < 20; ++i) caller.Call(put);
  const std::string call = CallOf("GetRecords", R"({"Limit":1000,"ShardIterator":")" +
                                                    served.stream.TrimHorizon(ShardId(0)) + "\"}");
  if (RecordCount().Add(caller.Call(call)) != kRecords)
    return state.SkipWithError("the page is too short");
  for (auto _ : state) {
    for (int i = 0; i < kCalls; ++i) benchmark::DoNotOptimize(caller.Call(call));
  }
  state.SetItemsProcessed(state.iterations() * kCalls * kRecords);
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
  RecordCount count;
  for (auto _ : state) {
    for (int i = 0; i < kRecords; ++i) {
      served.stream.kinesis
          ->PutRecord({.stream_name = "bench",
                       .data = data,
                       .partition_key = "key",
                       .explicit_hash_key = "0"})
          .IgnoreError();
    }
    for (int read = 0; read < kRecords;) read += count.Add(caller.Drink());
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
  state.SetBytesProcessed(state.iterations() * kRecords * 1024);
}
// So many that all of them stay in memory: a subscription does not outlive time that passes.
BENCHMARK(FanOut)->Iterations(200)->UseRealTime();

// From nothing to the first answer, in this process.
void StartToFirstAnswer(benchmark::State& state) {
  for (auto _ : state) {
    Served served;
    LoopbackCaller caller(served.endpoint.port());
    benchmark::DoNotOptimize(caller.Call(CallOf("ListStreams", "{}")));
  }
}
BENCHMARK(StartToFirstAnswer)->UseRealTime()->Unit(benchmark::kMillisecond);

// From the start of the program, with a stream, to its first answer.
void ProgramToFirstAnswer(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  for (auto _ : state) {
    const auto begin = Clock::now();
    const EndpointProcess program;
    LoopbackCaller caller(program.port());
    benchmark::DoNotOptimize(caller.Call(CallOf("ListStreams", "{}")));
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
  }
}
BENCHMARK(ProgramToFirstAnswer)->UseManualTime()->Unit(benchmark::kMillisecond);

// What the program holds, before and after 100,000 records of 100 bytes have been put.
void MemoryAfterRecords(benchmark::State& state) {
  constexpr int kRecords = 500;
  constexpr int kCalls = 200;
  for (auto _ : state) {
    const EndpointProcess program;
    LoopbackCaller caller(program.port());
    caller.Call(CallOf("ListStreams", "{}"));
    state.counters["before"] = static_cast<double>(program.resident_bytes());
    const std::string call = CallOf("PutRecords", PutRecordsBody(kRecords, 100));
    for (int i = 0; i < kCalls; ++i) caller.Call(call);
    state.counters["after"] = static_cast<double>(program.resident_bytes());
  }
}
BENCHMARK(MemoryAfterRecords)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace riacho::bench
