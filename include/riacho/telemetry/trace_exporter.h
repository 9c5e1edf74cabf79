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
// progress. When there are too many, the oldest are dropped. Thread-safe.
class InMemoryTraceExporter final : public TraceExporter {
 public:
  static constexpr std::size_t kMostSpans = 100'000;

  // `most_spans` is at least 1.
  explicit InMemoryTraceExporter(std::size_t most_spans = kMostSpans);

  void Export(Span span) override;

  std::vector<Span> spans() const;
  std::vector<Span> SpansOf(const TraceId& trace_id) const;
  std::int64_t dropped() const;
  void Clear();

 private:
  using Key = std::pair<TraceId, SpanId>;

  const std::size_t most_spans_;
  mutable std::mutex mutex_;
  std::deque<Span> spans_;  // what follows is guarded by mutex_
  std::map<Key, std::int64_t> numbers_;
  std::int64_t dropped_ = 0;  // the number of spans_.front()
};

// Writes one segment document a line. Thread-safe.
class JsonLinesTraceExporter final : public TraceExporter {
 public:
  // `out` must outlive the exporter.
  explicit JsonLinesTraceExporter(std::ostream& out) : out_(out) {}

  void Export(Span span) override;

  // Why the first span was left out that ToSegmentDocument refused; OK if none was.
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
