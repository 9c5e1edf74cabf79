// Tracing: an order's way from a shop through a stream to a worker, as AWS X-Ray would show it.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "riacho/riacho.h"
#include "riacho/telemetry/service_map.h"
#include "riacho/telemetry/trace_envelope.h"
#include "riacho/telemetry/tracer.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

}  // namespace

int main() {
  // [START setup]
  riacho::ManualClock clock;
  riacho::InMemoryTraceExporter exporter;
  auto shop = std::make_shared<riacho::Tracer>(
      clock, exporter, riacho::TracerOptions{.service_name = "shop", .seed = 42});
  auto worker = std::make_shared<riacho::Tracer>(
      clock, exporter, riacho::TracerOptions{.service_name = "worker", .seed = 43});
  riacho::Engine engine(clock, {.interceptors = {shop, worker}});
  // [END setup]
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}));
  const std::string header =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

  // [START span]
  {
    riacho::OpenSpan span = shop->StartSpan("take order", riacho::ParseTraceHeader(header));
    span.Annotate("order", "order-17").IgnoreError();
    const riacho::SpanScope scope(span);
    auto put = kinesis->PutRecord({.stream_name = "orders",
                                   .data = riacho::WrapInTraceEnvelope(span.context(), "paid"),
                                   .partition_key = "order-17"});
    span.RecordError(put.status());
  }
  // [END span]
  clock.AdvanceTime(absl::Seconds(2));

  const std::string iterator =
      OrDie(kinesis->GetShardIterator(
                {.stream_name = "orders",
                 .shard_id = "shardId-000000000000",
                 .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
          .shard_iterator;
  // [START consumer]
  const riacho::RecordBatch records =
      OrDie(kinesis->GetRecords({.shard_iterator = iterator})).records;
  {
    const riacho::OpenSpan span =
        riacho::StartBatchSpan(*worker, "send parcels", records.records());
    const riacho::SpanScope scope(span);
    for (const riacho::Record& record : records) {
      const riacho::OpenSpan parcel = worker->StartSpan("send parcel");
      std::cout << record.partition_key << ": " << riacho::OpenTraceEnvelope(record.data).payload
                << "\n";
    }
  }
  // [END consumer]

  // [START map]
  std::cout << riacho::ToText(riacho::BuildServiceMap(exporter.spans()));
  // [END map]

  // [START documents]
  riacho::JsonLinesTraceExporter documents(std::cout);
  for (const riacho::Span& span : exporter.spans()) documents.Export(span);
  // [END documents]
}
