// Metrics as a page for Prometheus to scrape.
//
//   server.Get("/metrics", [&] { return riacho::ToPrometheusText(engine.metrics()); });
#pragma once

#include <string>

#include "riacho/telemetry/metrics.h"

namespace riacho {

// All metrics in text format 0.0.4 (text/plain; version=0.0.4; charset=utf-8), ascending by name,
// then labels.
//
// Names are in Prometheus' style and in base units: IncomingBytes becomes
// riacho_incoming_bytes_total{stream="orders"}, a counter; PutRecord.Latency becomes the histogram
// riacho_put_record_latency_seconds with _bucket, _sum and _count. Metrics in bytes or counts that
// are not named after an operation are counters of their sums, latencies of an engine histograms,
// all others summaries with _sum and _count. Those of a shard have
// names of their own, riacho_shard_..., so that no sum counts a record twice. Other namespaces
// stand in the place of "riacho". Of metrics that come to the same name and labels the first is
// shown. Counters begin again when their metric has been forgotten.
//
// Source: Prometheus documentation, "Exposition formats", and "Metric and label naming".
std::string ToPrometheusText(const Metrics& metrics);

}  // namespace riacho
