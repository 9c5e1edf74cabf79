#include "riacho/telemetry/trace_envelope.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"

#include "base/md5.h"

namespace riacho {
namespace {

// No text in UTF-8 and no JSON begins so; the last byte is the version.
constexpr std::string_view kMagic("\xf5tc\x01", 4);
constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kHeadBytes = kMagic.size() + kLengthBytes;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kMostTextBytes = 1024;

// Of everything before it.
std::string Checksum(std::string_view bytes) {
  const std::array<std::uint8_t, 16> digest = internal::Md5(bytes);
  return {digest.begin(), digest.begin() + kChecksumBytes};
}

}  // namespace

std::string WrapInTraceEnvelope(const TraceContext& context, std::string_view payload) {
  if (context.trace_id.is_zero()) return std::string(payload);
  std::string text = ToTraceHeader(context);
  if (text.size() > kMostTextBytes) {
    text = ToTraceHeader(
        {.trace_id = context.trace_id, .span_id = context.span_id, .sampling = context.sampling});
  }
  std::string data;
  data.reserve(kHeadBytes + text.size() + kChecksumBytes + payload.size());
  data.append(kMagic);
  data += static_cast<char>(text.size() & 0xff);
  data += static_cast<char>(text.size() >> 8);
  data.append(text);
  data.append(Checksum(data)).append(payload);
  return data;
}

OpenedEnvelope OpenTraceEnvelope(std::string_view data) {
  OpenedEnvelope plain = {.payload = data};
  if (data.size() < kHeadBytes + kChecksumBytes || !data.starts_with(kMagic)) return plain;
  const std::size_t text_bytes =
      static_cast<unsigned char>(data[kMagic.size()]) |
      static_cast<std::size_t>(static_cast<unsigned char>(data[kMagic.size() + 1])) << 8;
  const std::size_t checked_bytes = kHeadBytes + text_bytes;
  if (text_bytes > kMostTextBytes || data.size() < checked_bytes + kChecksumBytes) return plain;
  if (data.substr(checked_bytes, kChecksumBytes) != Checksum(data.substr(0, checked_bytes)))
    return plain;
  absl::StatusOr<TraceContext> context = ParseTraceHeader(data.substr(kHeadBytes, text_bytes));
  if (!context.ok()) return plain;
  return {.context = *std::move(context), .payload = data.substr(checked_bytes + kChecksumBytes)};
}

OpenSpan StartBatchSpan(Tracer& tracer, std::string_view name, std::span<const Record> records) {
  SpanOptions options;
  std::optional<TraceContext> context;
  for (const Record& record : records) {
    if (options.links.size() == kMostBatchLinks) break;
    context = OpenTraceEnvelope(record.data).context;
    if (!context.has_value() || context->span_id.is_zero()) continue;
    options.links.push_back({.trace_id = context->trace_id, .span_id = context->span_id});
  }
  if (records.size() == 1 && context.has_value())
    return tracer.StartSpan(name, *std::move(context), std::move(options));
  return tracer.StartSpan(name, std::move(options));
}

}  // namespace riacho
