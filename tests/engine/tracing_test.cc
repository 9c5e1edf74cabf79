// What a tracer sees of an engine's operations.
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "riacho/sim/fault_plan.h"
#include "riacho/telemetry/service_map.h"
#include "riacho/telemetry/trace_envelope.h"
#include "riacho/telemetry/tracer.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

// An engine that is traced, and may be made to fail.
class TracingTest : public testing::Test {
 protected:
  TracingTest() {
    EXPECT_TRUE(kinesis_->CreateStream({.stream_name = "orders", .shard_count = 2}).ok());
  }

  void Put() {
    kinesis_->PutRecord({.stream_name = "orders", .data = "paid", .partition_key = "k"})
        .IgnoreError();
  }

  // The spans of what `work` does below a span.
  template <typename Work>
  std::vector<Span> Trace(Work&& work) {
    exporter_.Clear();
    OpenSpan root = tracer_->StartSpan("handle order");
    root_id_ = root.context().span_id;
    {
      const SpanScope scope(root);
      work();
    }
    return exporter_.spans();
  }

  ManualClock clock_;
  InMemoryTraceExporter exporter_;
  SpanId root_id_;
  std::shared_ptr<Tracer> tracer_ = std::make_shared<Tracer>(
      clock_, exporter_,
      TracerOptions{
          .service_name = "shop",
          .sampling = SamplingRules::Create({{.rule_name = "all", .fixed_rate = 1}}).value(),
          .seed = 1,
          .account_id = "123456789012",
          .region = "us-east-1"});
  std::shared_ptr<FaultPlan> faults_ = std::make_shared<FaultPlan>(1);
  Engine engine_{clock_, {.seed = 1, .interceptors = {tracer_, faults_}}};
  std::unique_ptr<Client> kinesis_ = engine_.NewClient();
};

// A trace with it would be too long for a document.
TEST_F(TracingTest, WhatCanBeNoStreamsNameIsNoResource) {
  const std::string name(70'000, 'a');
  const std::vector<Span> spans = Trace([&] {
    kinesis_->PutRecord({.stream_name = name, .data = "paid", .partition_key = "k"}).IgnoreError();
  });
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_TRUE(spans[0].error);
  EXPECT_THAT(spans[0].aws->resource_names, IsEmpty());
}

TEST_F(TracingTest, AnOperationIsASpanBelowTheCurrentOne) {
  const std::vector<Span> spans = Trace([this] { Put(); });
  ASSERT_THAT(spans, SizeIs(1));
  const Span& span = spans[0];
  EXPECT_EQ(span.name, "Kinesis");
  EXPECT_EQ(span.span_namespace, SpanNamespace::kAws);
  EXPECT_FALSE(span.is_segment);
  EXPECT_EQ(span.parent_id, root_id_);
  EXPECT_EQ(span.aws, (AwsCall{.operation = "PutRecord",
                               .account_id = "123456789012",
                               .region = "us-east-1",
                               .resource_names = {"orders"}}));
  EXPECT_THAT(span.annotations,
              ElementsAre(Pair("shard_id", AnnotationValue("shardId-000000000001"))));
  EXPECT_FALSE(span.error || span.throttle || span.fault);
}

TEST_F(TracingTest, OperationsBelowNoSpanAreNotTraced) {
  Put();
  EXPECT_THAT(exporter_.spans(), IsEmpty());
}

TEST_F(TracingTest, OperationsOfATraceThatIsNotSampledAreNotTraced) {
  const SpanScope scope(*tracer_, {.trace_id = {.high = 1, .low = 1},
                                   .span_id = {1},
                                   .sampling = SamplingDecision::kNotSampled});
  Put();
  EXPECT_THAT(exporter_.spans(), IsEmpty());
}

TEST_F(TracingTest, AnOperationBelowARemoteContextIsNoSegment) {
  const SpanScope scope(*tracer_, {.trace_id = {.high = 1, .low = 1},
                                   .span_id = {1},
                                   .sampling = SamplingDecision::kSampled,
                                   .is_remote = true});
  Put();
  ASSERT_THAT(exporter_.spans(), SizeIs(1));
  EXPECT_FALSE(exporter_.spans()[0].is_segment);
  EXPECT_EQ(exporter_.spans()[0].parent_id, SpanId{1});
}

TEST_F(TracingTest, AnOperationBelowATraceWithoutASpanIsASegment) {
  const SpanScope scope(
      *tracer_, {.trace_id = {.high = 1, .low = 1}, .sampling = SamplingDecision::kSampled});
  Put();
  ASSERT_THAT(exporter_.spans(), SizeIs(1));
  EXPECT_TRUE(exporter_.spans()[0].is_segment);
  EXPECT_TRUE(exporter_.spans()[0].parent_id.is_zero());
  std::ostringstream out;
  JsonLinesTraceExporter documents(out);
  documents.Export(exporter_.spans()[0]);
  EXPECT_TRUE(documents.status().ok()) << documents.status();
}

TEST_F(TracingTest, ARefusalSaysWhoseMistakeItWas) {
  const auto flags_of = [this](ErrorCode code) {
    faults_->Clear();
    faults_->On(Operation::kPutRecord).Fail(code);
    const Span span = Trace([this] { Put(); }).at(0);
    EXPECT_EQ(span.exceptions.at(0).type, ErrorCodeName(code));
    EXPECT_TRUE(span.exceptions.at(0).remote);
    return std::string(span.error ? "error " : "") + (span.throttle ? "throttle " : "") +
           (span.fault ? "fault " : "");
  };
  EXPECT_EQ(flags_of(ErrorCode::kProvisionedThroughputExceeded), "error throttle ");
  EXPECT_EQ(flags_of(ErrorCode::kResourceNotFound), "error ");
  EXPECT_EQ(flags_of(ErrorCode::kInternalFailure), "fault ");
}

TEST_F(TracingTest, TheEnginesOwnRefusalIsSeenToo) {
  const std::vector<Span> spans =
      Trace([this] { EXPECT_FALSE(kinesis_->DescribeStream({.stream_name = "nowhere"}).ok()); });
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_TRUE(spans[0].error);
  EXPECT_EQ(spans[0].exceptions.at(0).message,
            "Stream nowhere under account 123456789012 not found.");
}

TEST_F(TracingTest, WhatDoesNotComeToTheWorkIsSeenToo) {
  std::unique_ptr<Client> nobody =
      engine_.NewClient(Principal::User("nobody", std::vector<Policy>()));
  const std::vector<Span> spans = Trace([&] {
    EXPECT_FALSE(kinesis_->PutRecord({.stream_name = "orders"}).ok());
    EXPECT_FALSE(nobody->DescribeStream({.stream_name = "orders"}).ok());
  });
  ASSERT_THAT(spans, SizeIs(2));
  EXPECT_EQ(spans[0].exceptions.at(0).type, "ValidationException");
  EXPECT_TRUE(spans[0].error);
  EXPECT_EQ(spans[1].exceptions.at(0).type, "AccessDeniedException");
  EXPECT_TRUE(spans[1].error);
  EXPECT_FALSE(spans[1].fault);
}

TEST_F(TracingTest, EntriesThatFailAreCounted) {
  faults_->On(Operation::kPutRecords).Throttle(/*share=*/0.5);
  const std::vector<PutRecordsRequestEntry> entries(4, {.data = "d", .partition_key = "k"});
  const std::vector<Span> spans = Trace([&] {
    EXPECT_TRUE(kinesis_->PutRecords({.records = entries, .stream_name = "orders"}).ok());
  });
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_FALSE(spans[0].error);
  EXPECT_THAT(spans[0].annotations,
              ElementsAre(Pair("failed_record_count", AnnotationValue(std::int64_t{2}))));
}

TEST_F(TracingTest, ADelayIsTime) {
  faults_->set_sleep([this](absl::Duration delay) { clock_.AdvanceTime(delay); });
  faults_->On(Operation::kPutRecord).Delay(absl::Seconds(3));
  const std::vector<Span> spans = Trace([this] { Put(); });
  EXPECT_EQ(*spans.at(0).end_time - spans.at(0).start_time, absl::Seconds(3));
}

// Two engines, one tracer; and the other way round.
TEST_F(TracingTest, EnginesAndTracersGoTogetherAsOneLikes) {
  InMemoryTraceExporter second_exporter;
  const auto second = std::make_shared<Tracer>(
      clock_, second_exporter, TracerOptions{.sampling = tracer_->options().sampling, .seed = 2});
  Engine other(clock_, {.interceptors = {tracer_, second}});
  const std::unique_ptr<Client> client = other.NewClient();
  const OpenSpan root = second->StartSpan("second");
  const SpanScope scope(root);
  const std::vector<Span> spans = Trace([&] {
    EXPECT_TRUE(client->ListStreams({}).ok());
    Put();
  });
  ASSERT_THAT(spans, SizeIs(2));
  EXPECT_EQ(spans[0].aws->operation, "ListStreams");
  EXPECT_EQ(spans[1].aws->operation, "PutRecord");
  ASSERT_THAT(second_exporter.spans(), SizeIs(1));
  EXPECT_EQ(second_exporter.spans()[0].parent_id, root.context().span_id);
}

// From a producer through a stream to a consumer: one trace, one map.
TEST_F(TracingTest, ARecordCarriesItsTraceToTheConsumer) {
  {
    const OpenSpan order = tracer_->StartSpan("take order");
    const SpanScope scope(order);
    ASSERT_TRUE(kinesis_
                    ->PutRecord({.stream_name = "orders",
                                 .data = WrapInTraceEnvelope(order.context(), "paid"),
                                 .partition_key = "k",
                                 .explicit_hash_key = "0"})
                    .ok());
  }
  Tracer worker(clock_, exporter_, {.service_name = "worker", .seed = 2});
  const auto iterator =
      kinesis_->GetShardIterator({.stream_name = "orders",
                                  .shard_id = "shardId-000000000000",
                                  .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  const auto page = kinesis_->GetRecords({.shard_iterator = iterator->shard_iterator});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(OpenTraceEnvelope(page->records[0].data).payload, "paid");
  StartBatchSpan(worker, "send parcel", page->records.records());
  EXPECT_EQ(ToText(BuildServiceMap(exporter_.spans())),
            "client\n"
            "Kinesis (AWS::Kinesis) [inferred]: 1 call, 1 ok, mean 0\n"
            "shop: 1 call, 1 ok, mean 0\n"
            "worker: 1 call, 1 ok, mean 0\n"
            "client -> shop: 1 call, 1 ok, mean 0\n"
            "shop -> Kinesis: 1 call, 1 ok, mean 0\n"
            "shop -> worker: 1 call, 1 ok, mean 0\n");
}

TEST_F(TracingTest, EverySpanOfAnEngineMakesADocument) {
  std::ostringstream out;
  JsonLinesTraceExporter documents(out);
  const std::vector<Span> spans = Trace([this] {
    Put();
    EXPECT_FALSE(kinesis_->DescribeStream({.stream_name = "nowhere"}).ok());
    EXPECT_TRUE(kinesis_->ListStreams({}).ok());
  });
  for (const Span& span : spans) documents.Export(span);
  EXPECT_EQ(documents.refused(), 0) << documents.status();
  EXPECT_EQ(spans.size(), 3U);
}

}  // namespace
}  // namespace riacho
