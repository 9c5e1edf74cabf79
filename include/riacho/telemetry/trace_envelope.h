// The trace envelope: lets a trace context travel with a record. Records have no headers, so it
// stands in front of their data.
//
//   kinesis->PutRecord({.stream_name = "orders",
//                       .data = riacho::WrapInTraceEnvelope(span.context(), "paid"),
//                       .partition_key = "order-17"});
//   …
//   const riacho::OpenSpan span = riacho::StartBatchSpan(*tracer, "handle batch", page->records);
//   for (const riacho::Record& record : page->records)
//     Handle(riacho::OpenTraceEnvelope(record.data).payload);
//
// Whoever reads such a stream must open the envelopes; data that has none is what it is. The
// format: docs/internals/trace_envelope.md.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "riacho/model/record.h"
#include "riacho/telemetry/open_span.h"
#include "riacho/telemetry/trace_context.h"
#include "riacho/telemetry/tracer.h"

namespace riacho {

// The envelope and the payload behind it, about 90 bytes longer than the payload, which count for
// the limits of the record. A context without a trace has no envelope. W3C's tracestate stays
// behind; so do the other pairs when they and the ids have more than 1,024 bytes.
std::string WrapInTraceEnvelope(const TraceContext& context, std::string_view payload);

struct OpenedEnvelope {
  std::optional<TraceContext> context = {};  // remote; nothing if there was no envelope
  std::string_view payload = {};             // part of what was opened
};

// Takes one envelope off. What does not begin with one, whole and unbroken, is all payload.
OpenedEnvelope OpenTraceEnvelope(std::string_view data);

// The most links of StartBatchSpan. A document of 64 kB holds some more.
inline constexpr std::size_t kMostBatchLinks = 128;

// Begins a span for records that are handled together: a link to each producer's span whose context
// came with a record, in the order of the records, to the first kMostBatchLinks; none to a trace
// without a span. Its parent is the
// producer's span if there is one record; else, as there cannot be several, the thread's current
// span, or none.
OpenSpan StartBatchSpan(Tracer& tracer, std::string_view name, std::span<const Record> records);

}  // namespace riacho
