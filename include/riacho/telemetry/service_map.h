// The service map: which services call which, how often and how well, as AWS X-Ray draws it.
//
//   const riacho::ServiceMap map = riacho::BuildServiceMap(exporter.spans());
//   std::cout << riacho::ToText(map);         // client -> shop, shop -> Kinesis
//   std::ofstream("map.dot") << riacho::ToGraphviz(map);
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "riacho/telemetry/span.h"

namespace riacho {

// Of calls that have ended. A throttled one is an error too; one may be an error and a fault.
struct ServiceStatistics {
  std::int64_t ok_count = 0;  // neither error nor fault
  std::int64_t error_count = 0;
  std::int64_t throttle_count = 0;
  std::int64_t fault_count = 0;
  std::int64_t total_count = 0;
  absl::Duration total_response_time = {};
  // How many took how long, rounded to two significant digits of microseconds.
  std::map<absl::Duration, std::int64_t> response_time_histogram = {};

  friend bool operator==(const ServiceStatistics&, const ServiceStatistics&) = default;
};

struct ServiceNode {
  std::string name = {};
  // The origin of its segments; "client"; of what sent no segment, "remote" or "AWS::" and the
  // name.
  std::string type = {};
  // Known from its callers alone.
  bool is_inferred = false;
  ServiceStatistics statistics = {};  // as the service saw it; of an inferred one, as its callers
};

struct ServiceEdge {
  std::size_t from = 0;  // places in ServiceMap::nodes
  std::size_t to = 0;
  ServiceStatistics statistics = {};  // as the caller saw it
};

struct ServiceMap {
  std::vector<ServiceNode> nodes = {};  // the client first, then by name and type
  std::vector<ServiceEdge> edges = {};  // by their ends
  // Traces of which something is still to come: a segment in progress, one that a traced call
  // expects, or one that others are part of. Ascending.
  std::vector<TraceId> partial_traces = {};

  bool is_partial() const { return !partial_traces.empty(); }
};

// Of all spans together, in whatever order they are.
//
// Nodes are services, by name and type: those that sent segments, and behind the remote calls and
// the calls of Amazon's services that no segment answers, inferred ones. A client stands before the
// segments that nobody among the spans calls.
//
// O(spans * log(spans)), for spans that are not nested deeply.
// Source: AWS X-Ray Developer Guide, "Service graph" and "Trace map".
ServiceMap BuildServiceMap(std::span<const Span> spans);

// One line for each node, then one for each edge.
std::string ToText(const ServiceMap& map);

// A digraph in the DOT language of Graphviz.
std::string ToGraphviz(const ServiceMap& map);

}  // namespace riacho
