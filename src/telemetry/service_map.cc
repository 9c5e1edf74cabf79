#include "riacho/telemetry/service_map.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace riacho {
namespace {

using SpanKey = std::pair<TraceId, SpanId>;
using NodeKey = std::pair<std::string, std::string>;  // name and type
using EdgeKey = std::pair<NodeKey, NodeKey>;

const NodeKey& ClientKey() {
  static const auto* const kKey = new NodeKey("client", "client");
  return *kKey;
}

NodeKey NodeOf(const Span& segment) {
  return {segment.service_name.empty() ? segment.name : segment.service_name, segment.origin};
}

NodeKey InferredNodeOf(const Span& call) {
  return {call.name, call.span_namespace == SpanNamespace::kAws ? "AWS::" + call.name : "remote"};
}

absl::Duration RoundToTwoDigits(absl::Duration duration) {
  absl::Duration unit = absl::Microseconds(1);
  while (duration >= 100 * unit) unit *= 10;
  return absl::Trunc(duration + unit / 2, unit);
}

void Count(const Span& span, ServiceStatistics& statistics) {
  if (span.in_progress()) return;
  // A clock may have been set back meanwhile.
  const absl::Duration took = std::max(*span.end_time - span.start_time, absl::ZeroDuration());
  if (!span.error && !span.fault) ++statistics.ok_count;
  if (span.error) ++statistics.error_count;
  if (span.throttle) ++statistics.throttle_count;
  if (span.fault) ++statistics.fault_count;
  ++statistics.total_count;
  statistics.total_response_time += took;
  ++statistics.response_time_histogram[RoundToTwoDigits(took)];
}

class Builder {
 public:
  explicit Builder(std::span<const Span> spans) {
    for (const Span& span : spans) {
      const auto [known, is_new] = spans_.try_emplace(SpanKey(span.trace_id, span.span_id), &span);
      if (!is_new && known->second->in_progress()) known->second = &span;
    }
    for (const auto& [key, span] : spans_) {
      if (span->is_segment) answered_.emplace(key.first, span->parent_id);
    }
  }

  ServiceMap Build() {
    for (const auto& [key, span] : spans_) {
      if (span->is_segment) {
        AddSegment(*span);
      } else if (span->span_namespace != SpanNamespace::kLocal) {
        AddCall(*span);
      }
    }
    return Finish();
  }

 private:
  const Span* Find(const TraceId& trace_id, SpanId span_id) const {
    const auto found = spans_.find(SpanKey(trace_id, span_id));
    return found == spans_.end() ? nullptr : found->second;
  }

  // The segment that the span is, or is part of; null if it has not come. Spans may claim to be
  // their own ancestors.
  const Span* SegmentOf(const Span& span) const {
    const Span* at = &span;
    for (std::size_t steps = 0; at != nullptr && !at->is_segment; ++steps) {
      if (steps > spans_.size()) return nullptr;
      at = Find(at->trace_id, at->parent_id);
    }
    return at;
  }

  void AddSegment(const Span& segment) {
    if (segment.in_progress()) partial_traces_.insert(segment.trace_id);
    const NodeKey node = NodeOf(segment);
    Count(segment, nodes_[node].statistics);
    const Span* const caller =
        segment.parent_id.is_zero() ? nullptr : Find(segment.trace_id, segment.parent_id);
    const Span* const from = caller == nullptr ? nullptr : SegmentOf(*caller);
    if (from == nullptr) {
      if (!segment.parent_id.is_zero()) partial_traces_.insert(segment.trace_id);
      nodes_[ClientKey()];
      Count(segment, edges_[EdgeKey(ClientKey(), node)]);
      return;
    }
    // What is no call lasts as long as it likes: the segment itself says how the caller fared.
    const bool is_call = caller->span_namespace != SpanNamespace::kLocal;
    const EdgeKey edge(NodeOf(*from), node);
    // One call may have several answers: of a record that many have read, for one.
    if (is_call && !counted_.emplace(caller, edge).second) return;
    Count(is_call ? *caller : segment, edges_[edge]);
  }

  void AddCall(const Span& call) {
    if (call.in_progress()) partial_traces_.insert(call.trace_id);
    const Span* const from = SegmentOf(call);
    if (from == nullptr) partial_traces_.insert(call.trace_id);
    if (answered_.contains(SpanKey(call.trace_id, call.span_id))) return;
    if (call.http.has_value() && call.http->traced) partial_traces_.insert(call.trace_id);
    const NodeKey node = InferredNodeOf(call);
    ServiceNode& inferred = nodes_[node];
    inferred.is_inferred = true;
    Count(call, inferred.statistics);
    if (from != nullptr) Count(call, edges_[EdgeKey(NodeOf(*from), node)]);
  }

  ServiceMap Finish() {
    ServiceMap map;
    std::map<NodeKey, std::size_t> places;
    const auto add = [&](const NodeKey& key, ServiceNode& node) {
      places.emplace(key, map.nodes.size());
      node.name = key.first;
      node.type = key.second;
      map.nodes.push_back(std::move(node));
    };
    if (const auto client = nodes_.find(ClientKey()); client != nodes_.end())
      add(client->first, client->second);
    for (auto& [key, node] : nodes_) {
      if (!places.contains(key)) add(key, node);
    }
    for (auto& [key, statistics] : edges_) {
      map.edges.push_back({.from = places.at(key.first),
                           .to = places.at(key.second),
                           .statistics = std::move(statistics)});
    }
    std::ranges::sort(map.edges, {},
                      [](const ServiceEdge& edge) { return std::tuple(edge.from, edge.to); });
    map.partial_traces.assign(partial_traces_.begin(), partial_traces_.end());
    return map;
  }

  std::map<SpanKey, const Span*> spans_;
  std::set<SpanKey> answered_;  // the calls that a segment has come for
  std::map<NodeKey, ServiceNode> nodes_;
  std::map<EdgeKey, ServiceStatistics> edges_;
  std::set<std::pair<const Span*, EdgeKey>> counted_;  // calls, with the edges that have them
  std::set<TraceId> partial_traces_;
};

std::string Describe(const ServiceStatistics& statistics) {
  std::string text =
      absl::StrCat(statistics.total_count, statistics.total_count == 1 ? " call" : " calls");
  const auto add = [&text](std::int64_t count, const char* what) {
    if (count > 0) absl::StrAppend(&text, ", ", count, " ", what);
  };
  add(statistics.ok_count, "ok");
  add(statistics.error_count, "error");
  add(statistics.throttle_count, "throttle");
  add(statistics.fault_count, "fault");
  if (statistics.total_count > 0) {
    absl::StrAppend(&text, ", mean ",
                    absl::FormatDuration(statistics.total_response_time / statistics.total_count));
  }
  return text;
}

std::string TitleOf(const ServiceNode& node) {
  return node.type.empty() || node.type == node.name
             ? node.name
             : absl::StrCat(node.name, " (", node.type, ")");
}

std::string QuotedForDot(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

ServiceMap BuildServiceMap(std::span<const Span> spans) { return Builder(spans).Build(); }

std::string ToText(const ServiceMap& map) {
  std::string text;
  for (const ServiceNode& node : map.nodes) {
    absl::StrAppend(&text, TitleOf(node), node.is_inferred ? " [inferred]" : "");
    if (node.statistics.total_count > 0) absl::StrAppend(&text, ": ", Describe(node.statistics));
    text += '\n';
  }
  for (const ServiceEdge& edge : map.edges) {
    absl::StrAppend(&text, map.nodes[edge.from].name, " -> ", map.nodes[edge.to].name, ": ",
                    Describe(edge.statistics), "\n");
  }
  if (map.is_partial()) absl::StrAppend(&text, map.partial_traces.size(), " partial\n");
  return text;
}

std::string ToGraphviz(const ServiceMap& map) {
  std::string text = "digraph service_map {\n  rankdir=LR;\n";
  for (std::size_t i = 0; i < map.nodes.size(); ++i) {
    absl::StrAppend(&text, "  n", i, " [label=", QuotedForDot(TitleOf(map.nodes[i])),
                    map.nodes[i].is_inferred ? ", style=dashed" : "", "];\n");
  }
  for (const ServiceEdge& edge : map.edges) {
    absl::StrAppend(&text, "  n", edge.from, " -> n", edge.to,
                    " [label=", QuotedForDot(Describe(edge.statistics)), "];\n");
  }
  return text + "}\n";
}

}  // namespace riacho
