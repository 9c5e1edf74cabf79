#include "riacho/telemetry/trace_exporter.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/status/statusor.h"

#include "riacho/telemetry/segment_document.h"

namespace riacho {

TraceExporter::~TraceExporter() = default;

InMemoryTraceExporter::InMemoryTraceExporter(std::size_t most_spans)
    : most_spans_(std::max<std::size_t>(most_spans, 1)) {}

void InMemoryTraceExporter::Export(Span span) {
  const Key key(span.trace_id, span.span_id);
  const std::lock_guard lock(mutex_);
  if (const auto known = numbers_.find(key); known != numbers_.end()) {
    Span& kept = spans_[static_cast<std::size_t>(known->second - dropped_)];
    if (kept.in_progress()) {
      kept = std::move(span);
    } else {
      ++duplicates_;
    }
    return;
  }
  if (spans_.size() == most_spans_) {
    numbers_.erase(Key(spans_.front().trace_id, spans_.front().span_id));
    spans_.pop_front();
    ++dropped_;
  }
  numbers_.emplace(key, dropped_ + static_cast<std::int64_t>(spans_.size()));
  spans_.push_back(std::move(span));
}

std::vector<Span> InMemoryTraceExporter::spans() const {
  const std::lock_guard lock(mutex_);
  return {spans_.begin(), spans_.end()};
}

std::vector<Span> InMemoryTraceExporter::SpansOf(const TraceId& trace_id) const {
  std::vector<Span> spans;
  const std::lock_guard lock(mutex_);
  std::ranges::copy_if(spans_, std::back_inserter(spans),
                       [&trace_id](const Span& span) { return span.trace_id == trace_id; });
  return spans;
}

std::int64_t InMemoryTraceExporter::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

std::int64_t InMemoryTraceExporter::duplicates() const {
  const std::lock_guard lock(mutex_);
  return duplicates_;
}

void InMemoryTraceExporter::Clear() {
  const std::lock_guard lock(mutex_);
  spans_.clear();
  numbers_.clear();
  dropped_ = 0;
  duplicates_ = 0;
}

void JsonLinesTraceExporter::Export(Span span) {
  const absl::StatusOr<std::string> document = ToSegmentDocument(span);
  const std::lock_guard lock(mutex_);
  absl::Status written = document.status();
  if (written.ok() && !(out_ << *document << '\n'))
    written = absl::DataLossError("the stream of segment documents does not take any more");
  if (written.ok()) return;
  ++refused_;
  status_.Update(written);
}

absl::Status JsonLinesTraceExporter::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::int64_t JsonLinesTraceExporter::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

}  // namespace riacho
