// Span: a piece of work with a beginning and an end, part of a trace. What AWS X-Ray calls segments
// and subsegments.
//
// Spans are made by a Tracer, changed through its OpenSpan, and end up in a TraceExporter as these
// values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "riacho/telemetry/trace_id.h"

namespace riacho {

// What a subsegment is about.
enum class SpanNamespace : unsigned char {
  kLocal,   // work of the service itself
  kRemote,  // a call of another service
  kAws,     // a call of one of Amazon's
};
std::ostream& operator<<(std::ostream& out, SpanNamespace span_namespace);

using AnnotationValue = std::variant<std::string, std::int64_t, double, bool>;

// What went wrong.
struct SpanException {
  SpanId id = {};
  std::string message = {};
  std::string type = {};
  bool remote = false;  // the service that was called had it

  friend bool operator==(const SpanException&, const SpanException&) = default;
};

// Another span that this one comes from without being its child.
struct SpanLink {
  TraceId trace_id = {};
  SpanId span_id = {};

  friend bool operator==(const SpanLink&, const SpanLink&) = default;
};

struct HttpCall {
  std::string method = {};
  std::string url = {};
  std::optional<std::int64_t> status = {};
  // Of a remote subsegment: the service that was called sends a segment for it.
  bool traced = false;

  friend bool operator==(const HttpCall&, const HttpCall&) = default;
};

struct AwsCall {
  std::string operation = {};
  std::string account_id = {};
  std::string region = {};
  std::string request_id = {};
  std::vector<std::string> resource_names = {};

  friend bool operator==(const AwsCall&, const AwsCall&) = default;
};

// A value. Empty text is text that is not there.
//
// Source: AWS X-Ray Developer Guide, "X-Ray segment documents".
struct Span {
  // The most annotations that can be searched for; what comes behind them is kept as metadata.
  static constexpr std::size_t kMostAnnotations = 50;
  // Of all texts but names, characters.
  static constexpr std::size_t kMostTextCharacters = 250;
  // The namespace of metadata for what X-Ray has no member for. Riacho's own.
  static constexpr std::string_view kOwnMetadata = "riacho";

  TraceId trace_id = {};
  SpanId span_id = {};
  SpanId parent_id = {};    // zero: the root
  bool is_segment = false;  // the part of a service in the trace; else a part of such a part
  std::string name = {};
  // Of a segment: the service's name, which X-Ray shows in the place of the span's own, and its
  // type, such as "AWS::ECS::Container".
  std::string service_name = {};
  std::string origin = {};
  SpanNamespace span_namespace = SpanNamespace::kLocal;
  absl::Time start_time = absl::UnixEpoch();
  std::optional<absl::Time> end_time = {};  // absent: in progress
  bool error = false;                       // the caller's mistake, as HTTP's 4xx
  bool throttle = false;                    // came too often, as 429; an error too
  bool fault = false;                       // the service's mistake, as 5xx
  std::vector<SpanException> exceptions = {};
  std::vector<std::pair<std::string, AnnotationValue>> annotations = {};    // as they were set
  std::map<std::string, std::map<std::string, std::string>> metadata = {};  // namespace, key, JSON
  std::optional<HttpCall> http = {};
  std::optional<AwsCall> aws = {};
  std::vector<SpanLink> links = {};
  std::string sampling_rule_name = {};  // of a root: the rule that took it
  std::string user = {};

  bool in_progress() const { return !end_time.has_value(); }

  friend bool operator==(const Span&, const Span&) = default;
};
// Name, ids, what went wrong, and how long it took.
std::ostream& operator<<(std::ostream& out, const Span& span);

// Whether X-Ray would take the annotation.
// Limits: keys of letters of ASCII, digits and _; keys and texts of up to 250 characters.
// Errors: kInvalidArgument.
absl::Status CheckAnnotation(std::string_view key, const AnnotationValue& value);

// Whether X-Ray would take it as metadata.
// Limits: JSON, nested up to 64 deep; namespaces that do not begin with "AWS.", and are not
//         Span::kOwnMetadata, "riacho".
// Errors: kInvalidArgument.
absl::Status CheckMetadata(std::string_view metadata_namespace, std::string_view key,
                           std::string_view json);

}  // namespace riacho
