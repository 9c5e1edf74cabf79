// Trace contexts as they travel: X-Ray's header and W3C's.
#include "riacho/telemetry/trace_context.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/base/random.h"
#include "riacho/model/error.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kXRay =
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
constexpr std::string_view kW3c = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

std::string XRayError(std::string_view header) {
  const absl::StatusOr<TraceContext> context = ParseTraceHeader(header);
  EXPECT_EQ(GetErrorCode(context.status()), ErrorCode::kInvalidArgument) << header;
  return std::string(ErrorMessage(context.status()));
}

std::string W3cError(std::string_view header) {
  const absl::StatusOr<TraceContext> context = ParseTraceparent(header);
  EXPECT_EQ(GetErrorCode(context.status()), ErrorCode::kInvalidArgument) << header;
  return std::string(ErrorMessage(context.status()));
}

TEST(TraceId, BeginsWithTheSecondOfItsTrace) {
  EXPECT_EQ(TraceId::Parse("1-5759e988-bd862e3fe1be46a994272793")->epoch_seconds(), 1465510280);
}

TEST(TraceId, IsReadInBothFormsOnly) {
  EXPECT_EQ(TraceId::Parse("1-5759E988-bd862e3fe1be46a994272793"),
            TraceId::ParseW3c("5759e988bd862e3fe1be46a994272793"));
  EXPECT_FALSE(TraceId::Parse("2-5759e988-bd862e3fe1be46a994272793"));
  EXPECT_FALSE(TraceId::Parse("1-5759e988bd862e3fe1be46a994272793"));
  EXPECT_FALSE(TraceId::Parse("1-5759e988-bd862e3fe1be46a99427279g"));
  EXPECT_FALSE(TraceId::Parse("1-00000000-000000000000000000000000"));
  EXPECT_FALSE(TraceId::Parse(""));
  EXPECT_FALSE(TraceId::ParseW3c("5759E988bd862e3fe1be46a994272793"));
  EXPECT_FALSE(TraceId::ParseW3c("00000000000000000000000000000000"));
}

TEST(TraceContext, GoesFromXRayToW3cAndBack) {
  const absl::StatusOr<TraceContext> context = ParseTraceHeader(kXRay);
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_EQ(context->trace_id.ToString(), "1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_EQ(context->span_id.ToString(), "53995c3f42cd8ad8");
  EXPECT_EQ(context->sampling, SamplingDecision::kSampled);
  EXPECT_TRUE(context->is_remote);
  EXPECT_EQ(ToTraceparent(*context), kW3c);

  const absl::StatusOr<TraceContext> back = ParseTraceparent(kW3c);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, *context);
  EXPECT_EQ(ToTraceHeader(*back), kXRay);
}

TEST(TraceHeader, PairsComeInAnyOrderWithSpaces) {
  const auto context = ParseTraceHeader(
      " Sampled=1 ; Parent=53995c3f42cd8ad8;; Root=1-5759e988-bd862e3fe1be46a994272793;");
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_EQ(ToTraceHeader(*context), kXRay);
}

TEST(TraceHeader, OtherPairsAreKeptInTheirOrder) {
  const std::string header =
      std::string(kXRay) +
      ";Self=1-67891234-12456789abcdef012345678;Lineage=25:3a8f:1|1:b2:0;x=a=b";
  const auto context = ParseTraceHeader(header);
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_THAT(context->other, ElementsAre(Pair("Self", "1-67891234-12456789abcdef012345678"),
                                          Pair("Lineage", "25:3a8f:1|1:b2:0"), Pair("x", "a=b")));
  EXPECT_EQ(ToTraceHeader(*context), header);
}

TEST(TraceHeader, ParentAndSampledMayBeMissing) {
  const auto context = ParseTraceHeader("Root=1-5759e988-bd862e3fe1be46a994272793");
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_TRUE(context->span_id.is_zero());
  EXPECT_EQ(context->sampling, SamplingDecision::kUndecided);
  EXPECT_EQ(ToTraceHeader(*context), "Root=1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_EQ(ParseTraceHeader("Sampled=?;Root=1-5759e988-bd862e3fe1be46a994272793")->sampling,
            SamplingDecision::kRequested);
}

TEST(TraceHeader, SaysWhatIsWrong) {
  EXPECT_EQ(XRayError(""), "X-Amzn-Trace-Id: it has no Root");
  EXPECT_EQ(XRayError("Sampled=1"), "X-Amzn-Trace-Id: it has no Root");
  EXPECT_EQ(
      XRayError("Root=7"),
      "X-Amzn-Trace-Id: Root \"7\" is not 1-, 8 hexadecimal digits, - and 24 more, other than "
      "0");
  EXPECT_EQ(XRayError("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000"),
            "X-Amzn-Trace-Id: Parent \"0000000000000000\" is not 16 hexadecimal digits, other than "
            "0");
  EXPECT_EQ(XRayError("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=yes"),
            "X-Amzn-Trace-Id: Sampled \"yes\" is not 0, 1 or ?");
  EXPECT_EQ(XRayError(std::string(kXRay) + ";Sampled=0"),
            "X-Amzn-Trace-Id: Sampled is there twice");
  EXPECT_EQ(XRayError(std::string(kXRay) + ";Self"),
            "X-Amzn-Trace-Id: \"Self\" is not a key, = and a value");
  EXPECT_EQ(XRayError(std::string(kXRay) + ";=1"),
            "X-Amzn-Trace-Id: \"=1\" is not a key, = and a value");
  EXPECT_EQ(XRayError(std::string(kXRay) + ";Self=\r\nHost: a"),
            "X-Amzn-Trace-Id: it has a control character");
  EXPECT_THAT(XRayError("Root=" + std::string(10'000, '1')), HasSubstr("1111...\""));
}

TEST(Traceparent, SaysWhatIsWrong) {
  EXPECT_EQ(W3cError(""),
            "traceparent: \"\" is not 2, 32, 16 and 2 hexadecimal digits with - between them");
  EXPECT_THAT(W3cError("ff-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"),
              HasSubstr("no version \"ff\""));
  EXPECT_THAT(W3cError("0x-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"),
              HasSubstr("no version \"0x\""));
  EXPECT_THAT(W3cError("00-5759E988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"),
              HasSubstr("the trace id"));
  EXPECT_THAT(W3cError("00-00000000000000000000000000000000-53995c3f42cd8ad8-01"),
              HasSubstr("the trace id"));
  EXPECT_THAT(W3cError("00-5759e988bd862e3fe1be46a994272793-53995C3f42cd8ad8-01"),
              HasSubstr("the parent id"));
  EXPECT_THAT(W3cError("00-5759e988bd862e3fe1be46a994272793-0000000000000000-01"),
              HasSubstr("the parent id"));
  EXPECT_THAT(W3cError("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-0A"),
              HasSubstr("the flags"));
  EXPECT_THAT(W3cError(std::string(kW3c) + "-00"), HasSubstr("behind the flags"));
}

TEST(Traceparent, OfAVersionToComeIsReadAsFarAsItIsKnown) {
  const std::string later = "cc" + std::string(kW3c).substr(2);
  EXPECT_TRUE(ParseTraceparent(later).ok());
  EXPECT_EQ(ToTraceparent(*ParseTraceparent(later + "-what-will-be")), kW3c);
  EXPECT_FALSE(ParseTraceparent(later + "x").ok());
}

TEST(Traceparent, OnlyTheFirstFlagCounts) {
  const std::string ids = std::string(kW3c).substr(0, 53);
  EXPECT_EQ(ParseTraceparent(ids + "02")->sampling, SamplingDecision::kNotSampled);
  EXPECT_EQ(ParseTraceparent(ids + "ff")->sampling, SamplingDecision::kSampled);
}

TEST(Tracestate, IsKeptInItsOrder) {
  const auto context = ParseTraceparent(kW3c, "rojo=00f067aa0ba902b7 , ,7t@sys=a b,congo=t61");
  ASSERT_TRUE(context.ok());
  EXPECT_EQ(ToTracestate(*context), "rojo=00f067aa0ba902b7,7t@sys=a b,congo=t61");
}

TEST(Tracestate, IsDroppedWhenBroken) {
  std::string many;
  for (int i = 0; i < 33; ++i) many += "k" + std::to_string(i) + "=v,";
  for (const std::string& state :
       {std::string("a"), std::string("A=1"), std::string("a=1,a=2"), std::string("a=1=2"),
        std::string("a="), "a=" + std::string(257, 'x'), std::string("1a=1"), std::string("a@1b=1"),
        many}) {
    const auto context = ParseTraceparent(kW3c, state);
    ASSERT_TRUE(context.ok()) << state;
    EXPECT_THAT(context->trace_state, IsEmpty()) << state;
  }
  many.erase(0, 5);
  EXPECT_EQ(ParseTraceparent(kW3c, many)->trace_state.size(), kMostTraceStateMembers);
}

// Good headers with bytes changed, taken out and put in: an answer or an error, and what is
// answered is printed so that it reads as the same again.
TEST(TraceContext, SurvivesWhateverComes) {
  Random random(7);
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = std::string(kXRay) + ";Lineage=a:1|b:2";
    std::string parent(kW3c);
    for (std::uint64_t edits = random.Uniform(4); edits > 0; --edits) {
      const auto byte = static_cast<char>(random.Uniform(256));
      text.at(random.Uniform(text.size())) = byte;
      parent.at(random.Uniform(parent.size())) = byte;
      text.insert(random.Uniform(text.size()), 1, ";=R0"[random.Uniform(4)]);
      if (random.Chance(0.5)) text.erase(random.Uniform(text.size()), random.Uniform(20));
      if (random.Chance(0.1)) parent.erase(random.Uniform(parent.size()), random.Uniform(20));
    }
    if (const auto context = ParseTraceHeader(text); context.ok()) {
      EXPECT_EQ(ParseTraceHeader(ToTraceHeader(*context)).value(), *context) << text;
      ++good;
    }
    if (const auto context = ParseTraceparent(parent, text); context.ok()) {
      EXPECT_EQ(ParseTraceparent(ToTraceparent(*context), ToTracestate(*context)).value(), *context)
          << parent;
      ++good;
    }
  }
  EXPECT_GT(good, 1000);
}

}  // namespace
}  // namespace riacho
