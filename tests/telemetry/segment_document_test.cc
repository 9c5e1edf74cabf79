// Spans as documents, and what X-Ray would refuse of them.
#include "riacho/telemetry/segment_document.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "riacho/model/error.h"
#include "riacho/telemetry/trace_exporter.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr TraceId kTrace = {.high = 0x6955b90012345678, .low = 1};

Span SmallSegment() {
  return {.trace_id = kTrace,
          .span_id = {0xab},
          .is_segment = true,
          .name = "handle order",
          .service_name = "shop",
          .start_time = absl::FromUnixMillis(1'767'225'600'250),
          .end_time = absl::FromUnixMillis(1'767'225'601'000)};
}

Span SmallSubsegment() {
  return {.trace_id = kTrace,
          .span_id = {0xcd},
          .parent_id = {0xab},
          .name = "Kinesis",
          .span_namespace = SpanNamespace::kAws,
          .start_time = absl::FromUnixSeconds(1'767'225'600)};
}

std::string RefusalOf(const Span& span) {
  const absl::StatusOr<std::string> document = ToSegmentDocument(span);
  EXPECT_EQ(GetErrorCode(document.status()), ErrorCode::kInvalidArgument);
  return std::string(ErrorMessage(document.status()));
}

nlohmann::json Read(const Span& span) {
  const absl::StatusOr<std::string> document = ToSegmentDocument(span);
  EXPECT_TRUE(document.ok()) << document.status();
  return nlohmann::json::parse(document.value_or("null"));
}

TEST(SegmentDocument, OfASegmentIsNamedAfterTheService) {
  EXPECT_EQ(ToSegmentDocument(SmallSegment()).value(),
            R"({"name":"shop","id":"00000000000000ab",)"
            R"("trace_id":"1-6955b900-123456780000000000000001","start_time":1767225600.25,)"
            R"("end_time":1767225601.0,"metadata":{"riacho":{"span_name":"handle order"}}})");
}

TEST(SegmentDocument, OfASubsegmentSentAloneSaysWhatItIs) {
  EXPECT_EQ(ToSegmentDocument(SmallSubsegment()).value(),
            R"({"name":"Kinesis","id":"00000000000000cd",)"
            R"("trace_id":"1-6955b900-123456780000000000000001","parent_id":"00000000000000ab",)"
            R"("type":"subsegment","start_time":1767225600.0,"in_progress":true,)"
            R"("namespace":"aws"})");
}

TEST(SegmentDocument, HasEveryMember) {
  Span span = SmallSegment();
  span.origin = "AWS::ECS::Container";
  span.user = "ana";
  span.error = span.throttle = span.fault = true;
  span.exceptions = {{.id = {7}, .message = "too often", .type = "T", .remote = true}};
  span.annotations = {{"text", "a"}, {"whole", std::int64_t{5}}, {"part", 0.5}, {"flag", true}};
  span.metadata = {{"shop", {{"cart", R"({"items":[1,2]})"}}}};
  span.http = HttpCall{.method = "PUT", .url = "http://a/b", .status = 429, .traced = true};
  span.aws = AwsCall{.operation = "PutRecord",
                     .account_id = "1",
                     .region = "r",
                     .request_id = "q",
                     .resource_names = {"orders"}};
  span.links = {{.trace_id = {.high = 1, .low = 2}, .span_id = {3}}};
  span.sampling_rule_name = "all";
  const nlohmann::json json = Read(span);
  EXPECT_EQ(json["origin"], "AWS::ECS::Container");
  EXPECT_EQ(json["user"], "ana");
  EXPECT_EQ(json["error"], true);
  EXPECT_EQ(json["throttle"], true);
  EXPECT_EQ(json["fault"], true);
  EXPECT_EQ(json["cause"].dump(),
            R"({"exceptions":[{"id":"0000000000000007","message":"too often","remote":true,)"
            R"("type":"T"}]})");
  EXPECT_EQ(json["annotations"].dump(), R"({"flag":true,"part":0.5,"text":"a","whole":5})");
  EXPECT_EQ(json["metadata"]["shop"]["cart"]["items"][1], 2);
  EXPECT_EQ(json["http"].dump(), R"({"request":{"method":"PUT","traced":true,"url":"http://a/b"},)"
                                 R"("response":{"status":429}})");
  EXPECT_EQ(json["aws"].dump(),
            R"({"account_id":"1","operation":"PutRecord","region":"r","request_id":"q",)"
            R"("resource_names":["orders"],"xray":{"sampling_rule_name":"all"}})");
  EXPECT_EQ(json["links"].dump(),
            R"([{"id":"0000000000000003","trace_id":"1-00000000-000000010000000000000002"}])");
}

TEST(SegmentDocument, RefusesNamesThatXRayDoesNotTake) {
  Span span = SmallSubsegment();
  for (const char* name : {"a b", "a_.:/%&#=+\\-@9", "pedido número", "注文"}) {
    span.name = name;
    EXPECT_TRUE(ToSegmentDocument(span).ok()) << name;
  }
  for (const char* name : {"a<b", "a\nb", "a\"b", "a\xff"}) {
    span.name = name;
    EXPECT_THAT(RefusalOf(span), HasSubstr("names are made of letters")) << name;
  }
  span.name = "";
  EXPECT_EQ(RefusalOf(span), "segment name \"\": a name has 1 to 200 characters");
  span.name = std::string(200, 'a');
  EXPECT_TRUE(ToSegmentDocument(span).ok());
  span.name += 'a';
  EXPECT_THAT(RefusalOf(span), HasSubstr("a name has 1 to 200 characters"));
}

TEST(SegmentDocument, RefusesWhatHasNoPlace) {
  Span span = SmallSubsegment();
  span.parent_id = {};
  EXPECT_EQ(RefusalOf(span), "a subsegment has a parent id");
  span = SmallSegment();
  span.span_id = {};
  EXPECT_EQ(RefusalOf(span), "a segment has a trace id and an id");
  span = SmallSegment();
  span.trace_id = {};
  EXPECT_EQ(RefusalOf(span), "a segment has a trace id and an id");
}

TEST(SegmentDocument, RefusesTextsOfMoreThan250Characters) {
  Span span = SmallSegment();
  span.user = std::string(250, 'u');
  EXPECT_TRUE(ToSegmentDocument(span).ok());
  span.user += 'u';
  EXPECT_EQ(RefusalOf(span), "segment member \"user\": 251 characters, at most 250");
}

TEST(SegmentDocument, HasAtMost64Kilobytes) {
  Span span = SmallSegment();
  span.metadata["shop"]["data"] = "\"\"";
  const std::size_t room = kMostSegmentDocumentBytes - ToSegmentDocument(span)->size();
  span.metadata["shop"]["data"] = '"' + std::string(room, 'x') + '"';
  EXPECT_THAT(ToSegmentDocument(span).value(), SizeIs(65'536));
  span.metadata["shop"]["data"] = '"' + std::string(room + 1, 'x') + '"';
  EXPECT_EQ(RefusalOf(span),
            "the segment document of 00000000000000ab has 65537 bytes, at most 65536");
}

TEST(SegmentDocument, BytesThatAreNoTextAreReplaced) {
  Span span = SmallSegment();
  span.user = "a\xff";
  EXPECT_EQ(Read(span)["user"], "a\xEF\xBF\xBD");
}

TEST(Annotation, KeysAreLettersDigitsAndUnderscores) {
  EXPECT_TRUE(CheckAnnotation("Order_17", "x").ok());
  EXPECT_EQ(
      ErrorMessage(CheckAnnotation("order-17", "x")),
      "annotation \"order-17\": a key is made of the letters A to Z and a to z, digits and _");
  for (const char* key : {"", "a.b", "a b", "é"})
    EXPECT_EQ(GetErrorCode(CheckAnnotation(key, "x")), ErrorCode::kInvalidArgument) << key;
  EXPECT_FALSE(CheckAnnotation(std::string(251, 'a'), "x").ok());
  Span span = SmallSegment();
  span.annotations = {{"order-17", "x"}};
  EXPECT_THAT(RefusalOf(span), HasSubstr("order-17"));
}

TEST(Annotation, ValuesAreShortTextsAndFiniteNumbers) {
  EXPECT_TRUE(CheckAnnotation("a", std::string(250, 'x')).ok());
  EXPECT_FALSE(CheckAnnotation("a", std::string(251, 'x')).ok());
  EXPECT_FALSE(CheckAnnotation("a", std::numeric_limits<double>::infinity()).ok());
  EXPECT_FALSE(CheckAnnotation("a", std::nan("")).ok());
}

TEST(Annotation, The51stIsNotIndexed) {
  Span span = SmallSegment();
  for (int i = 1; i <= 51; ++i)
    span.annotations.emplace_back("a" + std::to_string(i), std::int64_t{i});
  const nlohmann::json json = Read(span);
  EXPECT_THAT(json["annotations"], SizeIs(50));
  EXPECT_FALSE(json["annotations"].contains("a51"));
  EXPECT_EQ(json["metadata"]["riacho"]["annotations"].dump(), R"({"a51":51})");
}

TEST(Metadata, RiachosOwnIsNobodyElses) {
  EXPECT_EQ(ErrorMessage(CheckMetadata("riacho", "annotations", "1")),
            "metadata \"riacho\".\"annotations\": riacho is reserved");
  EXPECT_TRUE(CheckMetadata("riacho2", "annotations", "1").ok());
  Span span = SmallSegment();
  for (int i = 1; i <= 51; ++i)
    span.annotations.emplace_back("a" + std::to_string(i), std::int64_t{i});
  span.metadata["riacho"]["annotations"] = "1";
  EXPECT_THAT(RefusalOf(span), HasSubstr("riacho is reserved"));
}

TEST(Metadata, IsJson) {
  EXPECT_TRUE(CheckMetadata("shop", "cart", R"({"a": [1, null]})").ok());
  EXPECT_EQ(ErrorMessage(CheckMetadata("shop", "cart", "{")),
            "metadata \"shop\".\"cart\": it is not JSON");
  EXPECT_EQ(ErrorMessage(CheckMetadata("AWS.x", "cart", "1")),
            "metadata \"AWS.x\".\"cart\": AWS. is reserved");
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(CheckMetadata("shop", "cart", nested(64)).ok());
  EXPECT_EQ(ErrorMessage(CheckMetadata("shop", "cart", nested(65))),
            "metadata \"shop\".\"cart\": it is nested more than 64 deep");
  EXPECT_FALSE(CheckMetadata("shop", "cart", std::string(1'000'000, '[')).ok());
  Span span = SmallSegment();
  span.metadata["shop"]["cart"] = "{";
  EXPECT_THAT(RefusalOf(span), HasSubstr("it is not JSON"));
}

TEST(InMemoryTraceExporter, WhatHasEndedTakesThePlaceOfItselfInProgress) {
  InMemoryTraceExporter exporter;
  Span span = SmallSegment();
  const absl::Time end = *span.end_time;
  span.end_time.reset();
  exporter.Export(span);
  exporter.Export(SmallSubsegment());
  ASSERT_THAT(exporter.spans(), SizeIs(2));
  EXPECT_TRUE(exporter.spans()[0].in_progress());
  span.end_time = end;
  exporter.Export(span);
  ASSERT_THAT(exporter.spans(), SizeIs(2));
  EXPECT_EQ(exporter.spans()[0].end_time, end);
  span.end_time.reset();
  exporter.Export(span);
  EXPECT_FALSE(exporter.spans()[0].in_progress()) << "what has ended does not begin again";
}

TEST(InMemoryTraceExporter, CountsDuplicates) {
  InMemoryTraceExporter exporter;
  Span span = SmallSubsegment();
  exporter.Export(span);
  span.end_time = span.start_time;
  exporter.Export(span);
  EXPECT_EQ(exporter.duplicates(), 0) << "it has taken its own place";
  span.name = "another";
  exporter.Export(span);
  ASSERT_THAT(exporter.spans(), SizeIs(1));
  EXPECT_EQ(exporter.spans()[0].name, "Kinesis");
  EXPECT_EQ(exporter.duplicates(), 1);
  exporter.Clear();
  EXPECT_EQ(exporter.duplicates(), 0);
}

TEST(InMemoryTraceExporter, DropsTheOldest) {
  InMemoryTraceExporter exporter(2);
  Span span = SmallSubsegment();
  for (const std::uint64_t id : std::initializer_list<std::uint64_t>{1, 2, 3}) {
    span.span_id = {id};
    exporter.Export(span);
  }
  ASSERT_THAT(exporter.spans(), SizeIs(2));
  EXPECT_EQ(exporter.spans()[0].span_id, SpanId{2});
  EXPECT_EQ(exporter.dropped(), 1);
  span.end_time = span.start_time;
  exporter.Export(span);
  EXPECT_FALSE(exporter.spans()[1].in_progress());
  EXPECT_THAT(exporter.SpansOf(kTrace), SizeIs(2));
  EXPECT_THAT(exporter.SpansOf({}), SizeIs(0));
  exporter.Clear();
  EXPECT_THAT(exporter.spans(), SizeIs(0));
  exporter.Export(span);
  EXPECT_THAT(exporter.spans(), SizeIs(1));
}

TEST(JsonLinesTraceExporter, WritesADocumentALineAndSaysWhatItLeftOut) {
  std::ostringstream out;
  JsonLinesTraceExporter exporter(out);
  exporter.Export(SmallSegment());
  Span bad = SmallSubsegment();
  bad.name = "<>";
  exporter.Export(bad);
  exporter.Export(SmallSubsegment());
  EXPECT_EQ(out.str(), *ToSegmentDocument(SmallSegment()) + "\n" +
                           *ToSegmentDocument(SmallSubsegment()) + "\n");
  EXPECT_EQ(exporter.refused(), 1);
  EXPECT_THAT(std::string(ErrorMessage(exporter.status())), HasSubstr("segment name \"<>\""));
}

TEST(JsonLinesTraceExporter, SaysWhatTheStreamDidNotTake) {
  std::ostream broken(nullptr);
  JsonLinesTraceExporter exporter(broken);
  exporter.Export(SmallSegment());
  exporter.Export(SmallSubsegment());
  EXPECT_EQ(exporter.refused(), 2);
  EXPECT_EQ(exporter.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace riacho
