// Tracer: follows requests through your services and into the engine, as AWS X-Ray does. An
// Interceptor: every operation that is called below a span becomes a span of its own.
//
//   riacho::InMemoryTraceExporter exporter;
//   auto tracer = std::make_shared<riacho::Tracer>(clock, exporter,
//                                                  riacho::TracerOptions{.service_name = "shop"});
//   riacho::Engine engine(clock, {.interceptors = {tracer}});
//   …
//   riacho::OpenSpan span = tracer->StartSpan("handle order", riacho::ParseTraceHeader(header));
//   const riacho::SpanScope scope(span);
//   kinesis->PutRecord(…);   // a span named Kinesis, below "handle order"
//
// What comes of it: docs/guide/tracing.md. To count rather than to follow prefer Metrics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/interceptor.h"
#include "riacho/telemetry/open_span.h"
#include "riacho/telemetry/sampler.h"
#include "riacho/telemetry/span.h"
#include "riacho/telemetry/trace_context.h"
#include "riacho/telemetry/trace_exporter.h"
#include "riacho/time/clock.h"

namespace riacho {

namespace internal {
class RandomSource;
}  // namespace internal

struct TracerOptions {
  // Whose spans these are: the name and the type of their segments, and what sampling rules see.
  std::string service_name = "service";
  std::string service_type = {};

  // Which traces are kept of those that begin here.
  SamplingRules sampling = {};

  // What ids, together with the service's name, and sampling come from: with the same seed, the
  // same calls at the same times have the same spans. So do two tracers of one seed and one name:
  // in a program they must differ in one of these. Without a seed, from the operating system.
  std::optional<std::uint64_t> seed = {};

  // Of the engine, for spans of its operations to say.
  std::string account_id = {};
  std::string region = {};

  // Whether spans are exported as they begin, too.
  bool export_in_progress = false;
};

struct SpanOptions {
  SpanNamespace span_namespace = SpanNamespace::kLocal;
  std::vector<SpanLink> links = {};
  // Of a span that begins a trace: what sampling rules are asked with. Without a service name and
  // type these are the tracer's.
  SamplingRequest request = {};
};

// Thread-safe. Must outlive its spans and scopes.
//
// A span that begins a trace, or goes on with one that came from elsewhere or has no span yet, is a
// segment; all others are subsegments. Whether a trace is sampled is decided once, where it begins.
// A context from elsewhere that is undecided is decided by each span that is begun directly below
// it, and no operation directly below it is traced: begin one span for it, and all else below that.
// An operation that is called below no span, or below one of a trace that is not sampled, makes no
// span: it costs a look at a variable of the thread.
class Tracer final : public Interceptor {
 public:
  // Of an engine's spans, as X-Ray calls the service.
  static constexpr std::string_view kKinesis = "Kinesis";

  // Spans begin and end by this clock: the engine's, or the one that callers see. The clock and the
  // exporter must outlive the tracer.
  Tracer(Clock& clock, TraceExporter& exporter, TracerOptions options = {});
  ~Tracer() override;

  // Begins a span below the thread's current one; without a current one, a trace.
  OpenSpan StartSpan(std::string_view name, SpanOptions options = {});

  // Begins a span below `parent`. An error in its place, such as of a header that cannot be read,
  // or a context without a trace, begins a trace.
  OpenSpan StartSpan(std::string_view name, const absl::StatusOr<TraceContext>& parent,
                     SpanOptions options = {});

  // The context of the thread's current span, null if there is none; see SpanScope.
  const TraceContext* current() const { return SpanScope::Current(*this); }

  const Sampler& sampler() const { return sampler_; }
  const TracerOptions& options() const { return options_; }

  absl::Status Before(const OperationContext& call) override;
  void After(const OperationContext& call, OperationOutcome& outcome) override;

 private:
  friend class OpenSpan;

  OpenSpan Start(std::string_view name, const TraceContext* parent, bool is_segment,
                 SpanOptions&& options);
  SpanId NewSpanId();
  void Finish(std::unique_ptr<Span> span);

  Clock& clock_;
  TraceExporter& exporter_;
  const TracerOptions options_;
  const std::unique_ptr<internal::RandomSource> random_;
  Sampler sampler_;
};

}  // namespace riacho
