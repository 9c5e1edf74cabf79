// Any text through what reads traces: headers, envelopes, sampling rules, spans. Nothing crashes;
// what is read is printed and reads as the same again; what has no envelope is left alone; a span
// makes a document or says why not.
//
// The input is each of these texts in turn.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "riacho/model/error.h"
#include "riacho/telemetry/sampling_rules.h"
#include "riacho/telemetry/segment_document.h"
#include "riacho/telemetry/trace_context.h"
#include "riacho/telemetry/trace_envelope.h"

namespace {

using riacho::TraceContext;

void Require(bool condition) {
  if (!condition) std::abort();
}

template <typename T>
bool IsGood(const absl::StatusOr<T>& result) {
  Require(result.ok() ||
          riacho::GetErrorCode(result.status()) == riacho::ErrorCode::kInvalidArgument);
  return result.ok();
}

void TryHeaders(std::string_view text) {
  if (const auto context = riacho::ParseTraceHeader(text); IsGood(context)) {
    Require(riacho::ParseTraceHeader(riacho::ToTraceHeader(*context)).value() == *context);
    const std::string wrapped = riacho::WrapInTraceEnvelope(*context, text);
    const riacho::OpenedEnvelope opened = riacho::OpenTraceEnvelope(wrapped);
    Require(opened.context->trace_id == context->trace_id && opened.payload == text);
  }
  const std::string_view first_line = text.substr(0, text.find('\n'));
  const std::string_view rest = text.substr(first_line.size());
  if (const auto context = riacho::ParseTraceparent(first_line, rest); IsGood(context)) {
    const absl::StatusOr<TraceContext> again =
        riacho::ParseTraceparent(riacho::ToTraceparent(*context), riacho::ToTracestate(*context));
    Require(again.value() == *context);
  }
}

void TryEnvelope(std::string_view text) {
  const riacho::OpenedEnvelope opened = riacho::OpenTraceEnvelope(text);
  Require(text.ends_with(opened.payload));
  Require(opened.context.has_value() || opened.payload == text);
}

void TryDocument(std::string_view text) {
  riacho::Span span = {.trace_id = {.high = 1, .low = 1}, .span_id = {1}, .is_segment = true};
  span.name = text.substr(0, text.find('\n'));
  span.user = text;
  span.annotations = {{"text", std::string(text)}};
  span.metadata["fuzz"][span.name] = text;
  if (const auto document = riacho::ToSegmentDocument(span); IsGood(document))
    Require(document->size() <= riacho::kMostSegmentDocumentBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  TryHeaders(text);
  TryEnvelope(text);
  TryDocument(text);
  IsGood(riacho::SamplingRules::Parse(text));
  return 0;
}
