// Trace contexts in front of the data of records.
#include "riacho/telemetry/trace_envelope.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "riacho/time/manual_clock.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TraceContext ContextOf(std::uint64_t span_id) {
  return ParseTraceHeader("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=" +
                          SpanId{span_id}.ToString() + ";Sampled=1;Lineage=a:1")
      .value();
}

TEST(TraceEnvelope, ComesOffAsItWasPutOn) {
  for (const std::string& payload : {std::string("paid"), std::string(), std::string(1, '\0')}) {
    const std::string data = WrapInTraceEnvelope(ContextOf(7), payload);
    EXPECT_LE(data.size(), payload.size() + 110);
    const OpenedEnvelope opened = OpenTraceEnvelope(data);
    EXPECT_EQ(opened.context, ContextOf(7));
    EXPECT_EQ(opened.payload, payload);
  }
}

// The format is kept: what is in streams must be readable tomorrow.
TEST(TraceEnvelope, LooksLikeThis) {
  const TraceContext context = {
      .trace_id = {.high = 0x5759e988bd862e3f, .low = 0xe1be46a994272793}};
  const std::string data = WrapInTraceEnvelope(context, "paid");
  EXPECT_EQ(data.substr(0, 6), std::string("\xf5tc\x01\x28\x00", 6));
  EXPECT_EQ(data.substr(6, 40), "Root=1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_EQ(data.substr(54), "paid");
}

TEST(TraceEnvelope, APlainPayloadIsLeftAlone) {
  for (const std::string& data :
       {std::string(), std::string("paid"), std::string("\xf5tc\x01"), std::string("\xf5"),
        std::string("{\"a\": 1}"), std::string("\xf5tc\x01\x00\x00", 6) + "1234567890"}) {
    const OpenedEnvelope opened = OpenTraceEnvelope(data);
    EXPECT_FALSE(opened.context.has_value());
    EXPECT_EQ(opened.payload, data);
  }
}

TEST(TraceEnvelope, ABrokenEnvelopeIsPayload) {
  const std::string data = WrapInTraceEnvelope(ContextOf(7), "paid");
  const std::size_t envelope = data.size() - 4;
  for (std::size_t i = 0; i < envelope; ++i) {
    const OpenedEnvelope cut = OpenTraceEnvelope(std::string_view(data).substr(0, i));
    EXPECT_FALSE(cut.context.has_value()) << i;
    EXPECT_EQ(cut.payload, data.substr(0, i));
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = data;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(OpenTraceEnvelope(flipped).context.has_value()) << i;
      EXPECT_EQ(OpenTraceEnvelope(flipped).payload, flipped);
    }
  }
}

TEST(TraceEnvelope, ComeOffOneByOne) {
  const std::string inner = WrapInTraceEnvelope(ContextOf(7), "paid");
  const std::string both = WrapInTraceEnvelope(ContextOf(8), inner);
  const OpenedEnvelope outer = OpenTraceEnvelope(both);
  EXPECT_EQ(outer.context->span_id, SpanId{8});
  EXPECT_EQ(outer.payload, inner);
}

TEST(TraceEnvelope, OfNoTraceIsNone) { EXPECT_EQ(WrapInTraceEnvelope({}, "paid"), "paid"); }

TEST(TraceEnvelope, OtherPairsStayBehindWhenTheyAreTooLong) {
  TraceContext context = ContextOf(7);
  context.other = {{"Lineage", std::string(2000, 'x')}};
  const std::string wrapped = WrapInTraceEnvelope(context, "paid");
  const OpenedEnvelope opened = OpenTraceEnvelope(wrapped);
  context.other.clear();
  EXPECT_EQ(opened.context, context);
  EXPECT_EQ(opened.payload, "paid");
}

class BatchTest : public testing::Test {
 protected:
  std::vector<Record> Batch(std::size_t wrapped, std::size_t plain) {
    for (std::size_t i = 1; i <= wrapped; ++i)
      data_.push_back(WrapInTraceEnvelope(ContextOf(i), "x"));
    for (std::size_t i = 0; i < plain; ++i) data_.emplace_back("plain");
    std::vector<Record> records;
    for (const std::string& data : data_) records.push_back({.data = data});
    return records;
  }
  Span SpanOf(const std::vector<Record>& records) {
    StartBatchSpan(tracer_, "handle batch", records);
    return exporter_.spans().back();
  }

  std::vector<std::string> data_;
  ManualClock clock_;
  InMemoryTraceExporter exporter_;
  Tracer tracer_{
      clock_,
      exporter_,
      {.sampling = SamplingRules::Create({{.rule_name = "all", .fixed_rate = 1}}).value(),
       .seed = 1}};
};

TEST_F(BatchTest, OfOneRecordIsAChildOfItsProducer) {
  const Span span = SpanOf(Batch(1, 0));
  EXPECT_EQ(span.trace_id, ContextOf(1).trace_id);
  EXPECT_EQ(span.parent_id, SpanId{1});
  EXPECT_TRUE(span.is_segment);
  EXPECT_THAT(span.links, ElementsAre(SpanLink{ContextOf(1).trace_id, {1}}));
}

TEST_F(BatchTest, OfSeveralRecordsHasLinksAndNoParent) {
  EXPECT_TRUE(SpanOf(Batch(2, 0)).parent_id.is_zero());
  data_.clear();
  const Span span = SpanOf(Batch(3, 2));
  EXPECT_NE(span.trace_id, ContextOf(1).trace_id);
  EXPECT_TRUE(span.parent_id.is_zero());
  EXPECT_THAT(span.links, ElementsAre(SpanLink{ContextOf(1).trace_id, {1}},
                                      SpanLink{ContextOf(1).trace_id, {2}},
                                      SpanLink{ContextOf(1).trace_id, {3}}));
}

TEST_F(BatchTest, HasNoLinkToATraceWithoutASpan) {
  TraceContext context = ContextOf(1);
  context.span_id = {};
  const std::string data = WrapInTraceEnvelope(context, "x");
  for (const std::size_t others : std::vector<std::size_t>{0, 1}) {
    data_.clear();
    std::vector<Record> records = Batch(others, 0);
    records.push_back({.data = data});
    const Span span = SpanOf(records);
    EXPECT_THAT(span.links, SizeIs(others));
    EXPECT_TRUE(span.is_segment);
    EXPECT_EQ(span.trace_id == context.trace_id, others == 0) << "of one record it goes on";
  }
}

TEST_F(BatchTest, OfPlainRecordsHasNeither) {
  for (const std::size_t plain : std::vector<std::size_t>{0, 1, 1}) {
    const Span span = SpanOf(Batch(0, plain));
    EXPECT_TRUE(span.parent_id.is_zero());
    EXPECT_THAT(span.links, IsEmpty());
  }
}

TEST_F(BatchTest, HasSoManyLinks) {
  EXPECT_THAT(SpanOf(Batch(kMostBatchLinks + 1, 0)).links, SizeIs(kMostBatchLinks));
}

}  // namespace
}  // namespace riacho
