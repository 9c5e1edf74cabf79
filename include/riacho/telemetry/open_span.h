// OpenSpan: a span that has begun; what it should say is said to it until it ends. SpanScope: which
// span the calling thread is working on.
//
//   riacho::OpenSpan span = tracer->StartSpan("handle order");
//   span.Annotate("order", "order-17").IgnoreError();
//   {
//     const riacho::SpanScope scope(span);
//     kinesis->PutRecord(…);               // a span below this one
//   }
//   span.End();                            // or when it goes out of scope
//
// Coroutines must not hold a SpanScope over a co_await: others run in the same thread meanwhile.
// They hold the span, hand its context to Tracer::StartSpan, and make a scope around single calls.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

#include "riacho/telemetry/span.h"
#include "riacho/telemetry/trace_context.h"

namespace riacho {

class Tracer;

// A handle: movable; when destroyed it ends the span. Thread-compatible. The tracer must outlive
// it.
//
// Of a trace that is not sampled nothing is recorded: every method is a compare then, and there is
// a context all the same, for others to obey.
class OpenSpan {
 public:
  OpenSpan(OpenSpan&& other) noexcept = default;
  OpenSpan& operator=(OpenSpan&& other) noexcept;
  ~OpenSpan();

  // For what begins below this span, here or elsewhere. Stays after the end.
  const TraceContext& context() const { return context_; }

  // Whether the trace is sampled, and the span has not ended.
  bool is_recorded() const { return span_ != nullptr; }
  // What is recorded so far, to be changed in place; null if nothing is.
  Span* recorded() { return span_.get(); }

  // Adds an annotation, which X-Ray can search for, or sets it anew.
  // Errors: as CheckAnnotation; nothing has been added then.
  absl::Status Annotate(std::string_view key, AnnotationValue value);

  // Adds metadata, which X-Ray shows: any JSON.
  // Errors: as CheckMetadata; nothing has been added then.
  absl::Status SetMetadata(std::string_view metadata_namespace, std::string_view key,
                           std::string_view json);

  // Adds the error as an exception and says whose mistake it was, by its HTTP status: a throttle
  // and an error for what came too often (429), a fault for internal failures, time-outs and broken
  // connections (5xx), an error for all others (4xx). Nothing happens if the status is OK.
  void RecordError(const absl::Status& status);

  // Hands the span to the exporter. Once; what is said to the span afterwards is ignored.
  void End();

 private:
  friend class Tracer;
  friend class SpanScope;

  OpenSpan(Tracer& tracer, TraceContext context, std::unique_ptr<Span> span)
      : tracer_(&tracer), context_(std::move(context)), span_(std::move(span)) {}

  void AddException(const absl::Status& status, bool remote);

  Tracer* tracer_;
  TraceContext context_;
  std::unique_ptr<Span> span_;
};

// Makes a span the current one of the calling thread, for its tracer: operations of engines and
// spans that are started without a parent are below it. Scopes nest; each ends in the thread that
// began it. Takes no lock, and allocates nothing but for the other pairs of the context.
class SpanScope {
 public:
  explicit SpanScope(const OpenSpan& span);
  // For a context without a span of its own, such as one that came from elsewhere.
  SpanScope(const Tracer& tracer, TraceContext context);
  SpanScope(const SpanScope&) = delete;
  SpanScope& operator=(const SpanScope&) = delete;
  ~SpanScope();

  // The context of the thread's innermost scope for this tracer, null if there is none. It lives as
  // long as that scope.
  static const TraceContext* Current(const Tracer& tracer) {
    const SpanScope* scope = innermost_;
    while (scope != nullptr && scope->tracer_ != &tracer) scope = scope->outer_;
    return scope == nullptr ? nullptr : &scope->context_;
  }

 private:
  const Tracer* const tracer_;
  const TraceContext context_;
  SpanScope* outer_;

  static inline thread_local constinit SpanScope* innermost_ = nullptr;
};

}  // namespace riacho
