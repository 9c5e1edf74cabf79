// TraceContext: where in which trace one is, as it travels from one service to the next: in the
// header X-Amzn-Trace-Id of AWS X-Ray, or in traceparent and tracestate of W3C.
//
//   absl::StatusOr<riacho::TraceContext> context = riacho::ParseTraceHeader(
//       "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
//   riacho::OpenSpan span = tracer.StartSpan("handle order", context);   // an error: a new trace
//   request.SetHeader("traceparent", riacho::ToTraceparent(span.context()));
//
// To let it travel inside of a record: trace_envelope.h.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "riacho/telemetry/trace_id.h"

namespace riacho {

inline constexpr std::string_view kTraceHeader = "X-Amzn-Trace-Id";
inline constexpr std::string_view kTraceparentHeader = "traceparent";
inline constexpr std::string_view kTracestateHeader = "tracestate";

// Whether the spans of a trace are kept, as the root has decided. All others obey.
enum class SamplingDecision : unsigned char {
  kUndecided,   // nobody has: no Sampled in the header
  kNotSampled,  // Sampled=0
  kSampled,     // Sampled=1
  kRequested,   // Sampled=?: who is called decides, and says so in its answer
};
std::ostream& operator<<(std::ostream& out, SamplingDecision decision);

// A value.
struct TraceContext {
  TraceId trace_id = {};
  SpanId span_id = {};  // which the next spans are children of; zero: there is none yet
  SamplingDecision sampling = SamplingDecision::kUndecided;
  // Came from elsewhere: what begins under it is a segment of its own, no part of another.
  bool is_remote = false;
  // Other pairs of the X-Ray header, such as Self and Lineage, in their order.
  std::vector<std::pair<std::string, std::string>> other = {};
  // Members of W3C's tracestate, in their order.
  std::vector<std::pair<std::string, std::string>> trace_state = {};

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};
// As ToTraceHeader.
std::ostream& operator<<(std::ostream& out, const TraceContext& context);

// Reads the value of X-Amzn-Trace-Id: pairs of a key and a value with "=" between them and ";"
// between the pairs, in any order. Keys that X-Ray does not know are kept. The context is remote.
//
// Errors: kInvalidArgument, which says what is wrong: no Root, a Root, Parent or Sampled that is
//         none or is there twice, a pair without a key or "=", a control character.
// Source: AWS X-Ray Developer Guide, "Tracing header".
absl::StatusOr<TraceContext> ParseTraceHeader(std::string_view header);

// The value of X-Amzn-Trace-Id: Root, Parent and Sampled as far as they are there, then the other
// pairs.
std::string ToTraceHeader(const TraceContext& context);

// The most members that a tracestate may have.
inline constexpr std::size_t kMostTraceStateMembers = 32;

// Reads the values of traceparent and tracestate. Versions that are not known yet are read as far
// as the known one reaches. A broken tracestate is dropped, as W3C demands, and the rest is good.
// The context is remote.
//
// Errors: kInvalidArgument, which says what is wrong with traceparent.
// Source: W3C Trace Context, "Trace Context HTTP Headers Format".
absl::StatusOr<TraceContext> ParseTraceparent(std::string_view traceparent,
                                              std::string_view tracestate = {});

// The value of traceparent, in version 00. What has not been sampled or decided is flagged 00. W3C
// knows no context without a span: zeros, which nobody reads, stand for what is missing.
std::string ToTraceparent(const TraceContext& context);

// The value of tracestate; empty if there are no members, and then no header should be sent.
std::string ToTracestate(const TraceContext& context);

}  // namespace riacho
