// Spans of the user's own: how they begin, hang together and end. Those of an engine's operations:
// tests/engine/tracing_test.cc.
#include "riacho/telemetry/tracer.h"

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "riacho/time/manual_clock.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNull;
using testing::NotNull;
using testing::Pair;
using testing::SizeIs;

constexpr std::string_view kHeader =
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1";

SamplingRules Everything() {
  return SamplingRules::Create({{.rule_name = "all", .fixed_rate = 1}}).value();
}
SamplingRules Nothing() { return SamplingRules::Create({{.rule_name = "none"}}).value(); }

class TracerTest : public testing::Test {
 protected:
  std::vector<Span> spans() const { return exporter_.spans(); }

  ManualClock clock_;
  InMemoryTraceExporter exporter_;
  Tracer tracer_{clock_,
                 exporter_,
                 {.service_name = "shop",
                  .service_type = "AWS::ECS::Container",
                  .sampling = Everything(),
                  .seed = 42}};
};

TEST_F(TracerTest, ASpanWithoutAParentIsASegmentThatBeginsATrace) {
  {
    const OpenSpan span = tracer_.StartSpan("handle order");
    EXPECT_THAT(spans(), IsEmpty());
    clock_.AdvanceTime(absl::Milliseconds(20));
  }
  ASSERT_THAT(spans(), SizeIs(1));
  const Span span = spans()[0];
  EXPECT_EQ(span.trace_id.epoch_seconds(), 1'767'225'600);
  EXPECT_TRUE(span.parent_id.is_zero());
  EXPECT_TRUE(span.is_segment);
  EXPECT_EQ(span.name, "handle order");
  EXPECT_EQ(span.service_name, "shop");
  EXPECT_EQ(span.origin, "AWS::ECS::Container");
  EXPECT_EQ(span.sampling_rule_name, "all");
  EXPECT_EQ(span.start_time, absl::FromUnixSeconds(1'767'225'600));
  EXPECT_EQ(span.end_time, span.start_time + absl::Milliseconds(20));
}

TEST_F(TracerTest, SpansBelowTheCurrentOneArePartsOfIt) {
  OpenSpan order = tracer_.StartSpan("handle order");
  {
    const SpanScope scope(order);
    OpenSpan payment = tracer_.StartSpan("pay", {.span_namespace = SpanNamespace::kRemote});
    {
      const SpanScope inner(payment);
      tracer_.StartSpan("ask bank");
    }
    tracer_.StartSpan("count");
  }
  order.End();
  ASSERT_THAT(spans(), SizeIs(4));
  const Span bank = spans()[0];
  const Span count = spans()[1];
  const Span payment = spans()[2];
  const Span root = spans()[3];
  EXPECT_EQ(bank.parent_id, payment.span_id);
  EXPECT_EQ(count.parent_id, root.span_id);
  EXPECT_EQ(payment.parent_id, root.span_id);
  EXPECT_EQ(payment.span_namespace, SpanNamespace::kRemote);
  for (const Span& span : {bank, count, payment}) {
    EXPECT_EQ(span.trace_id, root.trace_id);
    EXPECT_FALSE(span.is_segment);
    EXPECT_EQ(span.service_name, "");
    EXPECT_EQ(span.sampling_rule_name, "");
  }
}

TEST_F(TracerTest, AScopeEndsWhereItEnds) {
  const OpenSpan outer = tracer_.StartSpan("outer");
  const OpenSpan inner = tracer_.StartSpan("inner", outer.context());
  EXPECT_THAT(tracer_.current(), IsNull());
  {
    const SpanScope outer_scope(outer);
    {
      const SpanScope inner_scope(inner);
      EXPECT_EQ(*tracer_.current(), inner.context());
    }
    EXPECT_EQ(*tracer_.current(), outer.context());
  }
  EXPECT_THAT(tracer_.current(), IsNull());
}

TEST_F(TracerTest, AScopeThatIsKeptForTooLongLeavesTheOthersAlone) {
  const OpenSpan outer = tracer_.StartSpan("outer");
  const OpenSpan inner = tracer_.StartSpan("inner");
  auto outer_scope = std::make_unique<SpanScope>(outer);
  const auto inner_scope = std::make_unique<SpanScope>(inner);
  outer_scope.reset();
  EXPECT_EQ(*tracer_.current(), inner.context());
}

TEST_F(TracerTest, TracersAndThreadsHaveCurrentSpansOfTheirOwn) {
  Tracer other(clock_, exporter_, {.sampling = Everything(), .seed = 1});
  const OpenSpan span = tracer_.StartSpan("mine");
  const OpenSpan of_other = other.StartSpan("other's");
  const SpanScope scope(span);
  EXPECT_THAT(other.current(), IsNull());
  const SpanScope scope_of_other(of_other);
  EXPECT_EQ(*tracer_.current(), span.context());
  EXPECT_EQ(*other.current(), of_other.context());
  std::thread([&] { EXPECT_THAT(tracer_.current(), IsNull()); }).join();
}

TEST_F(TracerTest, GoesOnWithATraceFromElsewhere) {
  OpenSpan span = tracer_.StartSpan("handle order", ParseTraceHeader(kHeader));
  const std::string id = span.context().span_id.ToString();
  EXPECT_EQ(ToTraceHeader(span.context()),
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=" + id + ";Sampled=1;Lineage=a:1");
  EXPECT_FALSE(span.context().is_remote);
  span.End();
  ASSERT_THAT(spans(), SizeIs(1));
  EXPECT_TRUE(spans()[0].is_segment);
  EXPECT_EQ(spans()[0].parent_id.ToString(), "53995c3f42cd8ad8");
  EXPECT_EQ(spans()[0].sampling_rule_name, "") << "somebody else has decided";
}

TEST_F(TracerTest, ABrokenHeaderBeginsANewTrace) {
  for (const char* header : {"", "Root=7", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=x"})
    tracer_.StartSpan("handle order", ParseTraceHeader(header));
  tracer_.StartSpan("handle order", ParseTraceparent("00-0-0-0"));
  tracer_.StartSpan("handle order", TraceContext{});
  {
    const SpanScope scope(tracer_, TraceContext{});
    tracer_.StartSpan("handle order");
  }
  ASSERT_THAT(spans(), SizeIs(6));
  for (const Span& span : spans()) {
    EXPECT_EQ(span.trace_id.epoch_seconds(), 1'767'225'600);
    EXPECT_TRUE(span.parent_id.is_zero());
    EXPECT_TRUE(span.is_segment);
  }
}

TEST_F(TracerTest, AScopeOfARemoteContextMakesSegments) {
  const SpanScope scope(tracer_, ParseTraceHeader(kHeader).value());
  tracer_.StartSpan("handle order");
  EXPECT_TRUE(spans().at(0).is_segment);
}

TEST_F(TracerTest, BelowATraceWithoutASpanThereAreSegments) {
  TraceContext context = ParseTraceHeader(kHeader).value();
  context.span_id = {};
  tracer_.StartSpan("handle order", context);
  context.is_remote = false;
  tracer_.StartSpan("handle order", context);
  {
    const SpanScope scope(tracer_, context);
    tracer_.StartSpan("handle order");
  }
  ASSERT_THAT(spans(), SizeIs(3));
  for (const Span& span : spans()) {
    EXPECT_EQ(span.trace_id, context.trace_id);
    EXPECT_TRUE(span.parent_id.is_zero());
    EXPECT_TRUE(span.is_segment);
  }
}

TEST_F(TracerTest, OnlyTheRootDecides) {
  Tracer none(clock_, exporter_, {.sampling = Nothing(), .seed = 1});
  EXPECT_TRUE(none.StartSpan("a", ParseTraceHeader(kHeader)).is_recorded());
  const OpenSpan obeyed = tracer_.StartSpan(
      "a", ParseTraceHeader("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;"
                            "Sampled=0"));
  EXPECT_FALSE(obeyed.is_recorded());
  EXPECT_EQ(obeyed.context().span_id.ToString(), "53995c3f42cd8ad8");
  EXPECT_EQ(tracer_.sampler().Statistics()[0].request_count, 0);
  for (const char* header : {"Root=1-5759e988-bd862e3fe1be46a994272793",
                             "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=?"}) {
    EXPECT_EQ(tracer_.StartSpan("a", ParseTraceHeader(header)).context().sampling,
              SamplingDecision::kSampled);
    EXPECT_EQ(none.StartSpan("a", ParseTraceHeader(header)).context().sampling,
              SamplingDecision::kNotSampled);
  }
}

TEST_F(TracerTest, WhatIsNotSampledIsNotRecorded) {
  Tracer none(clock_, exporter_, {.sampling = Nothing(), .seed = 1});
  OpenSpan span = none.StartSpan("handle order");
  EXPECT_FALSE(span.is_recorded());
  EXPECT_FALSE(span.context().trace_id.is_zero());
  EXPECT_FALSE(span.context().span_id.is_zero());
  EXPECT_EQ(span.context().sampling, SamplingDecision::kNotSampled);
  EXPECT_TRUE(span.Annotate("a-b", "x").ok());
  EXPECT_TRUE(span.SetMetadata("AWS.", "x", "{").ok());
  span.RecordError(absl::InternalError("x"));
  const SpanScope scope(span);
  EXPECT_FALSE(none.StartSpan("pay").is_recorded());
  span.End();
  EXPECT_THAT(spans(), IsEmpty());
}

TEST_F(TracerTest, RulesAreAskedWithTheRequestAndTheService) {
  const SamplingRules rules = SamplingRules::Create({{.rule_name = "pay",
                                                      .fixed_rate = 1,
                                                      .service_name = "shop",
                                                      .service_type = "AWS::*",
                                                      .url_path = "/pay"},
                                                     {.rule_name = "rest", .priority = 2}})
                                  .value();
  Tracer tracer(clock_, exporter_,
                {.service_name = "shop", .service_type = "AWS::ECS", .sampling = rules});
  EXPECT_TRUE(tracer.StartSpan("a", {.request = {.url_path = "/pay"}}).is_recorded());
  EXPECT_FALSE(tracer.StartSpan("a", {.request = {.url_path = "/other"}}).is_recorded());
  EXPECT_FALSE(
      tracer.StartSpan("a", {.request = {.service_name = "x", .url_path = "/pay"}}).is_recorded());
}

TEST_F(TracerTest, ASpanSaysWhatItIsTold) {
  OpenSpan span = tracer_.StartSpan("handle order");
  ASSERT_TRUE(span.Annotate("order", "order-17").ok());
  ASSERT_TRUE(span.Annotate("items", std::int64_t{3}).ok());
  ASSERT_TRUE(span.Annotate("order", "order-18").ok());
  EXPECT_EQ(GetErrorCode(span.Annotate("a-b", "x")), ErrorCode::kInvalidArgument);
  ASSERT_TRUE(span.SetMetadata("shop", "cart", "[1]").ok());
  EXPECT_EQ(GetErrorCode(span.SetMetadata("shop", "cart", "[")), ErrorCode::kInvalidArgument);
  ASSERT_THAT(span.recorded(), NotNull());
  span.recorded()->user = "ana";
  span.End();
  EXPECT_THAT(span.recorded(), IsNull());
  span.End();
  ASSERT_THAT(spans(), SizeIs(1));
  EXPECT_THAT(spans()[0].annotations, ElementsAre(Pair("order", AnnotationValue("order-18")),
                                                  Pair("items", AnnotationValue(std::int64_t{3}))));
  EXPECT_EQ(spans()[0].metadata.at("shop").at("cart"), "[1]");
  EXPECT_EQ(spans()[0].user, "ana");
}

TEST_F(TracerTest, AnErrorSaysWhoseMistakeItWas) {
  struct Case {
    absl::Status status;
    std::string type;
    bool error, throttle, fault;
  };
  const std::vector<Case> cases = {
      {MakeError(ErrorCode::kProvisionedThroughputExceeded, "m"),
       "ProvisionedThroughputExceededException", true, true, false},
      {MakeError(ErrorCode::kLimitExceeded, "m"), "LimitExceededException", true, true, false},
      {MakeError(ErrorCode::kKmsThrottling, "m"), "KMSThrottlingException", true, true, false},
      {MakeError(ErrorCode::kResourceNotFound, "m"), "ResourceNotFoundException", true, false,
       false},
      {MakeError(ErrorCode::kUnknownOperation, "m"), "UnknownOperationException", true, false,
       false},
      {MakeError(ErrorCode::kInternalFailure, "m"), "InternalFailureException", false, false, true},
      {absl::DeadlineExceededError("m"), "DEADLINE_EXCEEDED", false, false, true},
      {absl::UnavailableError("m"), "UNAVAILABLE", false, false, true},
      {absl::InvalidArgumentError("m"), "INVALID_ARGUMENT", true, false, false},
  };
  for (const Case& one : cases) {
    exporter_.Clear();
    tracer_.StartSpan("a").RecordError(one.status);
    ASSERT_THAT(spans(), SizeIs(1));
    const Span span = spans()[0];
    EXPECT_EQ(span.error, one.error) << one.type;
    EXPECT_EQ(span.throttle, one.throttle) << one.type;
    EXPECT_EQ(span.fault, one.fault) << one.type;
    ASSERT_THAT(span.exceptions, SizeIs(1));
    EXPECT_EQ(span.exceptions[0].type, one.type);
    EXPECT_EQ(span.exceptions[0].message, "m");
    EXPECT_FALSE(span.exceptions[0].remote);
    EXPECT_FALSE(span.exceptions[0].id.is_zero());
  }
  exporter_.Clear();
  tracer_.StartSpan("a").RecordError(absl::OkStatus());
  EXPECT_THAT(spans().at(0).exceptions, IsEmpty());
}

TEST_F(TracerTest, AMessageIsCutBetweenCharacters) {
  std::string message(249, 'x');
  message += "日本";
  tracer_.StartSpan("a").RecordError(absl::InternalError(message));
  EXPECT_EQ(spans().at(0).exceptions.at(0).message, std::string(249, 'x') + "日");
}

TEST_F(TracerTest, ASpanIsMovedAndEndsOnce) {
  std::optional<OpenSpan> kept;
  {
    OpenSpan span = tracer_.StartSpan("a");
    kept.emplace(std::move(span));
  }
  EXPECT_THAT(spans(), IsEmpty());
  *kept = tracer_.StartSpan("b");
  ASSERT_THAT(spans(), SizeIs(1));
  EXPECT_EQ(spans()[0].name, "a");
  kept.reset();
  EXPECT_THAT(spans(), SizeIs(2));
}

TEST_F(TracerTest, MayExportWhatIsInProgress) {
  Tracer tracer(clock_, exporter_,
                {.sampling = Everything(), .seed = 1, .export_in_progress = true});
  OpenSpan span = tracer.StartSpan("a");
  EXPECT_TRUE(spans().at(0).in_progress());
  span.End();
  ASSERT_THAT(spans(), SizeIs(1));
  EXPECT_FALSE(spans()[0].in_progress());
}

TEST_F(TracerTest, WithoutASeedIdsAreNoOnesGuess) {
  std::vector<TraceId> ids;
  for (int i = 0; i < 2; ++i) {
    Tracer tracer(clock_, exporter_, {.sampling = Everything()});
    ids.push_back(tracer.StartSpan("a").context().trace_id);
    EXPECT_EQ(ids.back().epoch_seconds(), 1'767'225'600);
  }
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(TracerTest, ServicesOfOneSeedHaveIdsOfTheirOwn) {
  Tracer worker(clock_, exporter_,
                {.service_name = "worker", .sampling = Everything(), .seed = 42});
  const TraceContext order = tracer_.StartSpan("handle order").context();
  const TraceContext parcel = worker.StartSpan("send parcel").context();
  EXPECT_NE(parcel.trace_id, order.trace_id);
  EXPECT_NE(parcel.span_id, order.span_id);
  EXPECT_THAT(spans(), SizeIs(2));
  EXPECT_EQ(exporter_.duplicates(), 0);
}

TEST_F(TracerTest, TheSameSeedMakesTheSameDocuments) {
  const auto run = [](std::uint64_t seed) {
    ManualClock clock;
    std::ostringstream out;
    JsonLinesTraceExporter exporter(out);
    Tracer tracer(clock, exporter, {.seed = seed});
    for (int i = 0; i < 200; ++i) {
      OpenSpan span = tracer.StartSpan("handle order");
      const SpanScope scope(span);
      tracer.StartSpan("pay").RecordError(absl::InternalError("broke"));
      clock.AdvanceTime(absl::Milliseconds(100));
    }
    EXPECT_EQ(exporter.refused(), 0);
    return std::move(out).str();
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
  EXPECT_THAT(run(7), testing::HasSubstr(R"("sampling_rule_name":"Default")"));
}

}  // namespace
}  // namespace riacho
