// Service maps, drawn from spans.
#include "riacho/telemetry/service_map.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr TraceId kFirst = {.high = 1, .low = 1};
constexpr TraceId kSecond = {.high = 2, .low = 1};
const absl::Time kStart = absl::FromUnixSeconds(1'767'225'600);

Span SegmentOf(const std::string& service, std::uint64_t id, std::uint64_t parent,
               absl::Duration took = absl::Milliseconds(100)) {
  return {.trace_id = kFirst,
          .span_id = {id},
          .parent_id = {parent},
          .is_segment = true,
          .name = "work of " + service,
          .service_name = service,
          .origin = "test",
          .start_time = kStart,
          .end_time = kStart + took};
}

Span CallOf(const std::string& name, std::uint64_t id, std::uint64_t parent,
            SpanNamespace span_namespace = SpanNamespace::kRemote) {
  return {.trace_id = kFirst,
          .span_id = {id},
          .parent_id = {parent},
          .name = name,
          .span_namespace = span_namespace,
          .start_time = kStart,
          .end_time = kStart + absl::Milliseconds(50)};
}

Span TracedCall(const std::string& name, std::uint64_t id, std::uint64_t parent) {
  Span call = CallOf(name, id, parent);
  call.http = HttpCall{.method = "GET", .url = "http://b/", .traced = true};
  return call;
}

std::vector<std::string> NamesOf(const ServiceMap& map) {
  std::vector<std::string> names;
  for (const ServiceNode& node : map.nodes)
    names.push_back(node.name + "/" + node.type + (node.is_inferred ? "?" : ""));
  return names;
}

std::vector<std::string> ArrowsOf(const ServiceMap& map) {
  std::vector<std::string> arrows;
  for (const ServiceEdge& edge : map.edges)
    arrows.push_back(map.nodes[edge.from].name + "->" + map.nodes[edge.to].name);
  return arrows;
}

TEST(ServiceMap, JoinsACallAndTheSegmentThatAnswersIt) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0), TracedCall("b.example", 2, 1),
                                   SegmentOf("B", 3, 2, absl::Milliseconds(40))};
  const ServiceMap map = BuildServiceMap(spans);
  EXPECT_THAT(NamesOf(map), ElementsAre("client/client", "A/test", "B/test"));
  EXPECT_THAT(ArrowsOf(map), ElementsAre("client->A", "A->B"));
  EXPECT_FALSE(map.is_partial());
  // The node is as the service saw it, the edge as its caller did.
  EXPECT_EQ(map.nodes[2].statistics.total_response_time, absl::Milliseconds(40));
  EXPECT_EQ(map.edges[1].statistics.total_response_time, absl::Milliseconds(50));
}

TEST(ServiceMap, ACallWithSeveralAnswersIsOneCall) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0), TracedCall("b.example", 2, 1),
                                   SegmentOf("B", 3, 2), SegmentOf("B", 4, 2),
                                   SegmentOf("C", 5, 2)};
  const ServiceMap map = BuildServiceMap(spans);
  ASSERT_THAT(ArrowsOf(map), ElementsAre("client->A", "A->B", "A->C"));
  EXPECT_EQ(map.nodes[2].statistics.total_count, 2);
  EXPECT_EQ(map.edges[1].statistics.total_count, 1);
  EXPECT_EQ(map.edges[2].statistics.total_count, 1);
}

TEST(ServiceMap, InfersWhatSentNoSegment) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0), TracedCall("B", 2, 1)};
  const ServiceMap map = BuildServiceMap(spans);
  EXPECT_THAT(NamesOf(map), ElementsAre("client/client", "A/test", "B/remote?"));
  EXPECT_THAT(ArrowsOf(map), ElementsAre("client->A", "A->B"));
  EXPECT_THAT(map.partial_traces, ElementsAre(kFirst)) << "its segment is still to come";
}

TEST(ServiceMap, OfUntracedCallsNothingIsToCome) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0), CallOf("B", 2, 1),
                                   CallOf("Kinesis", 3, 1, SpanNamespace::kAws)};
  const ServiceMap map = BuildServiceMap(spans);
  EXPECT_THAT(NamesOf(map),
              ElementsAre("client/client", "A/test", "B/remote?", "Kinesis/AWS::Kinesis?"));
  EXPECT_FALSE(map.is_partial());
}

TEST(ServiceMap, LooksThroughLocalSpans) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0),
                                   CallOf("loop", 2, 1, SpanNamespace::kLocal),
                                   CallOf("Kinesis", 3, 2, SpanNamespace::kAws)};
  EXPECT_THAT(ArrowsOf(BuildServiceMap(spans)), ElementsAre("client->A", "A->Kinesis"));
}

TEST(ServiceMap, ASegmentMayBelongToASegmentOrALocalSpan) {
  const std::vector<Span> spans = {SegmentOf("A", 1, 0), SegmentOf("B", 2, 1),
                                   CallOf("loop", 3, 2, SpanNamespace::kLocal),
                                   SegmentOf("C", 4, 3, absl::Milliseconds(10))};
  const ServiceMap map = BuildServiceMap(spans);
  EXPECT_THAT(ArrowsOf(map), ElementsAre("client->A", "A->B", "B->C"));
  EXPECT_EQ(map.edges[2].statistics.total_response_time, absl::Milliseconds(10));
  EXPECT_FALSE(map.is_partial());
}

TEST(ServiceMap, WhatIsInProgressOrMissingMakesATracePartial) {
  Span running = SegmentOf("A", 1, 0);
  running.end_time.reset();
  EXPECT_TRUE(BuildServiceMap(std::vector<Span>{running}).is_partial());
  const ServiceMap orphan = BuildServiceMap(std::vector<Span>{SegmentOf("B", 3, 2)});
  EXPECT_TRUE(orphan.is_partial());
  EXPECT_THAT(ArrowsOf(orphan), ElementsAre("client->B"));
  const ServiceMap call = BuildServiceMap(std::vector<Span>{CallOf("B", 2, 1)});
  EXPECT_TRUE(call.is_partial());
  EXPECT_THAT(NamesOf(call), ElementsAre("B/remote?"));
  EXPECT_THAT(call.edges, IsEmpty());
}

TEST(ServiceMap, CountsByFate) {
  std::vector<Span> spans;
  const auto add = [&spans](bool error, bool throttle, bool fault, absl::Duration took) {
    Span span = SegmentOf("A", spans.size() + 1, 0, took);
    span.error = error;
    span.throttle = throttle;
    span.fault = fault;
    spans.push_back(span);
  };
  add(false, false, false, absl::Microseconds(1234));
  add(false, false, false, absl::Microseconds(1151));
  add(true, true, false, absl::Microseconds(99));
  add(true, false, false, absl::Seconds(-1));
  add(false, false, true, absl::Seconds(10));
  const ServiceMap map = BuildServiceMap(spans);
  const ServiceStatistics& statistics = map.nodes[1].statistics;
  EXPECT_EQ(statistics.ok_count, 2);
  EXPECT_EQ(statistics.error_count, 2);
  EXPECT_EQ(statistics.throttle_count, 1);
  EXPECT_EQ(statistics.fault_count, 1);
  EXPECT_EQ(statistics.total_count, 5);
  EXPECT_EQ(statistics.total_response_time, absl::Seconds(10) + absl::Microseconds(2484));
  EXPECT_THAT(statistics.response_time_histogram,
              ElementsAre(Pair(absl::ZeroDuration(), 1), Pair(absl::Microseconds(99), 1),
                          Pair(absl::Microseconds(1200), 2), Pair(absl::Seconds(10), 1)));
  EXPECT_EQ(map.edges[0].statistics, statistics);
}

TEST(ServiceMap, TracesAreKeptApart) {
  Span other = SegmentOf("B", 3, 2);
  other.trace_id = kSecond;
  const ServiceMap map =
      BuildServiceMap(std::vector<Span>{SegmentOf("A", 1, 0), TracedCall("B", 2, 1), other});
  EXPECT_THAT(NamesOf(map), ElementsAre("client/client", "A/test", "B/remote?", "B/test"));
  EXPECT_THAT(map.partial_traces, ElementsAre(kFirst, kSecond));
}

TEST(ServiceMap, TheOrderOfTheSpansDoesNotMatter) {
  Span running = SegmentOf("A", 1, 0);
  running.end_time.reset();
  std::vector<Span> spans = {running, SegmentOf("A", 1, 0), TracedCall("B", 2, 1),
                             SegmentOf("B", 3, 2)};
  const std::string text = ToText(BuildServiceMap(spans));
  EXPECT_EQ(text,
            "client\n"
            "A (test): 1 call, 1 ok, mean 100ms\n"
            "B (test): 1 call, 1 ok, mean 100ms\n"
            "client -> A: 1 call, 1 ok, mean 100ms\n"
            "A -> B: 1 call, 1 ok, mean 50ms\n");
  std::ranges::reverse(spans);
  EXPECT_EQ(ToText(BuildServiceMap(spans)), text);
}

TEST(ServiceMap, SpansThatAreTheirOwnAncestorsEndNowhere) {
  const ServiceMap map = BuildServiceMap(std::vector<Span>{CallOf("B", 1, 2), CallOf("C", 2, 1)});
  EXPECT_THAT(map.edges, IsEmpty());
  EXPECT_TRUE(map.is_partial());
}

TEST(ServiceMap, OfNothingIsEmpty) {
  EXPECT_EQ(ToText(BuildServiceMap({})), "");
  EXPECT_EQ(ToGraphviz(BuildServiceMap({})), "digraph service_map {\n  rankdir=LR;\n}\n");
}

TEST(ServiceMap, IsPrinted) {
  Span failed = CallOf("say \"B\"", 2, 1);
  failed.error = failed.throttle = true;
  Span traced = TracedCall("C", 3, 1);
  traced.fault = true;
  const ServiceMap map = BuildServiceMap(std::vector<Span>{SegmentOf("A", 1, 0), failed, traced});
  EXPECT_EQ(ToText(map),
            "client\n"
            "A (test): 1 call, 1 ok, mean 100ms\n"
            "C (remote) [inferred]: 1 call, 1 fault, mean 50ms\n"
            "say \"B\" (remote) [inferred]: 1 call, 1 error, 1 throttle, mean 50ms\n"
            "client -> A: 1 call, 1 ok, mean 100ms\n"
            "A -> C: 1 call, 1 fault, mean 50ms\n"
            "A -> say \"B\": 1 call, 1 error, 1 throttle, mean 50ms\n"
            "1 partial\n");
  EXPECT_EQ(ToGraphviz(map),
            "digraph service_map {\n"
            "  rankdir=LR;\n"
            "  n0 [label=\"client\"];\n"
            "  n1 [label=\"A (test)\"];\n"
            "  n2 [label=\"C (remote)\", style=dashed];\n"
            "  n3 [label=\"say \\\"B\\\" (remote)\", style=dashed];\n"
            "  n0 -> n1 [label=\"1 call, 1 ok, mean 100ms\"];\n"
            "  n1 -> n2 [label=\"1 call, 1 fault, mean 50ms\"];\n"
            "  n1 -> n3 [label=\"1 call, 1 error, 1 throttle, mean 50ms\"];\n"
            "}\n");
}

}  // namespace
}  // namespace riacho
