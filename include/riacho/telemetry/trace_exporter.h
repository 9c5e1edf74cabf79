// Where spans go when they have ended: into memory for a test to look at, or out as documents for
// AWS X-Ray.
//
//   riacho::InMemoryTraceExporter exporter;
//   auto tracer = std::make_shared<riacho::Tracer>(clock, exporter);
//   …
//   EXPECT_EQ(exporter.spans().at(0).name, "Kinesis");
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "riacho/telemetry/span.h"

namespace riacho {

// Implementations are thread-safe, and neither block nor call the tracer.
class TraceExporter {
 public:
  virtual ~TraceExporter();

  // A span that has ended, or has begun and is in progress.
  virtual void Export(Span span) = 0;

 protected:
  TraceExporter() = default;
  TraceExporter(const TraceExporter&) = default;
  TraceExporter& operator=(const TraceExporter&) = default;
};

// Keeps spans, in the order in which they came. One that has ended takes the place of itself in
// progress; whatever comes with its ids later is a duplicate and left out. When there are too many,
// the oldest are dropped. Thread-safe.
class InMemoryTraceExporter final : public TraceExporter {
 public:
  static constexpr std::size_t kMostSpans = 100'000;

  // `most_spans` is at least 1.
  explicit InMemoryTraceExporter(std::size_t most_spans = kMostSpans);

  void Export(Span span) override;

  std::vector<Span> spans() const;
  std::vector<Span> SpansOf(const TraceId& trace_id) const;
  std::int64_t dropped() const;
  // How many were left out as duplicates. Above 0 when tracers make the same ids: see
  // TracerOptions::seed.
  std::int64_t duplicates() const;
  // Forgets the spans, and what was dropped and left out.
  void Clear();

 private:
  using Key = std::pair<TraceId, SpanId>;

  const std::size_t most_spans_;
  mutable std::mutex mutex_;
  std::deque<Span> spans_;  // what follows is guarded by mutex_
  std::map<Key, std::int64_t> numbers_;
  std::int64_t dropped_ = 0;  // the number of spans_.front()
  std::int64_t duplicates_ = 0;
};

// Writes one segment document a line. Thread-safe.
class JsonLinesTraceExporter final : public TraceExporter {
 public:
  // `out` must outlive the exporter.
  explicit JsonLinesTraceExporter(std::ostream& out) : out_(out) {}

  void Export(Span span) override;

  // Why the first span was left out: as ToSegmentDocument refused it, or absl's DATA_LOSS when
  // `out` did not take it. OK if none was. A stream with a buffer may notice too late: look at it
  // after a flush, too.
  absl::Status status() const;
  // How many were left out.
  std::int64_t refused() const;

 private:
  mutable std::mutex mutex_;
  std::ostream& out_;  // what follows is guarded by mutex_
  absl::Status status_;
  std::int64_t refused_ = 0;
};

}  // namespace riacho
