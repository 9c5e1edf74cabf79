#include "wire/service.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "riacho/model/operation.h"
#include "wire/names_as_sent.h"
#include "wire/refusal.h"
#include "wire/service_fixture.h"

namespace riacho::internal {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

HttpRequest Get(std::string target) { return {.method = "GET", .target = std::move(target)}; }

HttpRequest WithHeader(HttpRequest request, std::string_view name, std::string_view value) {
  std::erase_if(request.headers, [name](const auto& header) { return header.first == name; });
  if (!value.empty()) request.headers.emplace_back(name, value);
  return request;
}

TEST(Service, CarriesOutARecordsWholeWayInJson) {
  ServiceWorld world;
  EXPECT_THAT(world.Call("CreateStream", R"({"StreamName":"orders","ShardCount":1})"),
              Answers(200, ""));
  const Document put = world.Ask(
      "PutRecord", {{"StreamName", "orders"}, {"Data", "cGFpZA=="}, {"PartitionKey", "k"}});
  EXPECT_EQ(put["ShardId"], "shardId-000000000000");
  const Document iterator = world.Ask("GetShardIterator", {{"StreamName", "orders"},
                                                           {"ShardId", "shardId-000000000000"},
                                                           {"ShardIteratorType", "TRIM_HORIZON"}});
  const Document page = world.Ask("GetRecords", {{"ShardIterator", iterator["ShardIterator"]}});
  ASSERT_EQ(page["Records"].size(), 1u);
  EXPECT_EQ(page["Records"][0]["Data"], "cGFpZA==");
  EXPECT_EQ(page["Records"][0]["PartitionKey"], "k");
  EXPECT_EQ(page["Records"][0]["SequenceNumber"], put["SequenceNumber"]);
  EXPECT_EQ(page["MillisBehindLatest"], 0);
}

TEST(Service, CarriesOutARecordsWholeWayInCbor) {
  constexpr WireFormat kCbor = WireFormat::kCbor;
  ServiceWorld world;
  world.Create("orders");
  const std::string data("\0\xff", 2);
  const Document bytes = Document::binary({data.begin(), data.end()});
  const Document put = world.Ask(
      "PutRecord", {{"StreamName", "orders"}, {"Data", bytes}, {"PartitionKey", "k"}}, kCbor);
  const Document iterator = world.Ask("GetShardIterator",
                                      {{"StreamName", "orders"},
                                       {"ShardId", put["ShardId"]},
                                       {"ShardIteratorType", "AT_TIMESTAMP"},
                                       {"Timestamp", absl::ToUnixMillis(world.clock.TimeNow())}},
                                      kCbor);
  const Document page =
      world.Ask("GetRecords", {{"ShardIterator", iterator["ShardIterator"]}}, kCbor);
  ASSERT_EQ(page["Records"].size(), 1u);
  EXPECT_EQ(page["Records"][0]["Data"], bytes);
  EXPECT_EQ(page["Records"][0]["ApproximateArrivalTimestamp"],
            absl::ToUnixMillis(world.clock.TimeNow()));
}

// Each name leads to its own operation: what is wrong with an empty request differs, and an
// operation that is not there says nothing more.
TEST(Service, KnowsEveryOperation) {
  ServiceWorld world;
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const std::string_view name = OperationName(static_cast<Operation>(i));
    for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
      const HttpResponse answer = world.Call(name, PrintBody(Document::object(), format), format);
      if (answer.status == 200) continue;
      EXPECT_EQ(answer.status, 400) << name;
      EXPECT_NE(BodyOf(answer, format).value("message", ""), "") << name << answer.body;
    }
  }
}

TEST(Service, AnswersInTheFormatOfTheRequest) {
  ServiceWorld world;
  for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
    for (const std::string_view operation : {"DescribeLimits", "DeleteStream", "Nothing"}) {
      const HttpResponse answer =
          world.Call(operation, PrintBody(Document::object(), format), format);
      EXPECT_EQ(HeaderOf(answer.headers, "content-type"), ContentType(format));
      EXPECT_FALSE(BodyOf(answer, format).empty());
    }
  }
}

TEST(Service, TakesContentTypesInAnyCaseAndWithParameters) {
  ServiceWorld world;
  for (const std::string_view type :
       {"application/x-amz-json-1.1; charset=UTF-8", "Application/X-Amz-JSON-1.1"}) {
    EXPECT_EQ(world.service.Answer(WithHeader(RequestTo("ListStreams", "{}"), "content-type", type))
                  .status,
              200)
        << type;
  }
}

TEST(Service, LooksAtNoPath) {
  ServiceWorld world;
  HttpRequest request = RequestTo("ListStreams", "{}");
  request.target = "/somewhere/else?a=b";
  EXPECT_EQ(world.service.Answer(std::move(request)).status, 200);
}

TEST(Service, GivesEachAnswerIdsOfItsOwn) {
  ServiceWorld world;
  std::set<std::string> ids;
  for (int i = 0; i < 10; ++i) {
    const HttpResponse answer = world.Call("ListStreams", "{}");
    const std::string id(HeaderOf(answer.headers, "x-amzn-requestid"));
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                 "[0-9a-f]{12}"));
    ids.insert(id);
    ids.insert(std::string(HeaderOf(answer.headers, "x-amz-id-2")));
  }
  EXPECT_EQ(ids.size(), 20u);
}

TEST(Service, RefusesAsTheServiceDoes) {
  ServiceWorld world;
  EXPECT_THAT(world.Call("DescribeStreamSummary", R"({"StreamName":"orders"})"),
              Answers(400, R"({"__type":"ResourceNotFoundException","message":")" +
                               StreamNotFoundText("orders") + R"("})"));
  EXPECT_THAT(world.Call("CreateChannel", "{}"), RefusesAs("ValidationException"));
  const HttpResponse in_cbor =
      world.Call("DescribeStreamSummary", PrintBody({{"StreamName", "orders"}}, WireFormat::kCbor),
                 WireFormat::kCbor);
  EXPECT_EQ(BodyOf(in_cbor, WireFormat::kCbor),
            Document({{"__type", "ResourceNotFoundException"},
                      {"message", StreamNotFoundText("orders")}}));
}

TEST(Service, SpellsTheTextOfTwoErrorsWithACapital) {
  ServiceWorld world;
  EXPECT_THAT(world.Call("ListStreams", R"({"Limit":"1"})"),
              Answers(400, R"({"Message":"class java.lang.String can not be converted to an )"
                           R"(Integer","__type":"SerializationException"})"));
  EXPECT_EQ(RefusalBody(RefusalOf(MakeError(ErrorCode::kAccessDenied, "no")), WireFormat::kJson),
            R"({"Message":"no","__type":"AccessDeniedException"})");
}

TEST(Service, AnswersItsOwnFailuresWithAStatusOfFiveHundred) {
  EXPECT_EQ(RefusalOf(MakeError(ErrorCode::kInternalFailure, "")).http_status, 500);
  EXPECT_EQ(RefusalOf(MakeError(ErrorCode::kInternalFailure, "")).type, "InternalFailureException");
  EXPECT_EQ(RefusalOf(absl::UnavailableError("")).http_status, 503);
  EXPECT_EQ(RefusalOf(absl::UnavailableError("")).type, "ServiceUnavailable");
  EXPECT_EQ(RefusalOf(absl::DeadlineExceededError("")).http_status, 504);
  EXPECT_EQ(RefusalOf(absl::UnknownError("")).type, "InternalFailureException");
  for (const ErrorCode throttling : {ErrorCode::kProvisionedThroughputExceeded,
                                     ErrorCode::kLimitExceeded, ErrorCode::kKmsThrottling}) {
    EXPECT_EQ(RefusalOf(MakeError(throttling, "")).http_status, 400) << throttling;
  }
}

TEST(Service, KnowsOneVersionOfOneService) {
  ServiceWorld world;
  const auto refused = Answers(400, R"({"__type":"UnknownOperationException"})");
  for (const std::string_view target :
       {"", "Kinesis_20131202", "Kinesis_20131202.", "Kinesis_20131202.listStreams",
        "Kinesis_20131202.ListStreams.", "Kinesis_20131203.ListStreams", "ListStreams",
        "DynamoDB_20120810.ListStreams"}) {
    EXPECT_THAT(
        world.service.Answer(WithHeader(RequestTo("ListStreams", "{}"), "x-amz-target", target)),
        refused)
        << target;
  }
}

TEST(Service, ReadsObjectsOnly) {
  ServiceWorld world;
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("[]"), std::string("1"), std::string("\"{}\""),
        std::string("null"), std::string("{}{}"), R"({"a":)" + deep + "}"}) {
    EXPECT_THAT(world.Call("ListStreams", body),
                Answers(400, R"({"__type":"SerializationException"})"))
        << body;
  }
  EXPECT_EQ(BodyOf(world.Call("ListStreams", "{}", WireFormat::kCbor), WireFormat::kCbor),
            Document({{"__type", "SerializationException"}}));
}

// One entry that cannot be read refuses all of them, as one that is not valid does.
TEST(Service, StoresNothingOfABodyThatItCannotRead) {
  ServiceWorld world;
  world.Create("orders");
  EXPECT_THAT(world.Call("PutRecords", R"({"StreamName":"orders","Records":[
                  {"Data":"cGFpZA==","PartitionKey":"k"},{"Data":"cGFpZA","PartitionKey":"k"}]})"),
              RefusesAs("SerializationException"));
  EXPECT_TRUE(world.ReadAll("orders", ShardName(0)).empty());
}

TEST(Service, TellsNoDataFromEmptyData) {
  ServiceWorld world;
  world.Create("orders");
  EXPECT_EQ(
      world.Call("PutRecord", R"({"StreamName":"orders","PartitionKey":"k","Data":""})").status,
      200);
  for (const std::string_view data : {"", R"(,"Data":null)"}) {
    EXPECT_THAT(world.Call("PutRecord", R"({"StreamName":"orders","PartitionKey":"k")" +
                                            std::string(data) + "}"),
                Answers(400, R"({"__type":"ValidationException","message":")" +
                                 OneViolation("Value null at 'data' failed to satisfy constraint: "
                                              "Member must not be null") +
                                 R"("})"));
  }
}

TEST(Service, ReadsNoOtherBase64ThanTheStandardOne) {
  ServiceWorld world;
  world.Create("orders");
  const auto put = [&world](const std::string& data) {
    return world.Call("PutRecord",
                      R"({"StreamName":"orders","PartitionKey":"k","Data":")" + data + R"("})");
  };
  for (const std::string good : {"", "QQ==", "QUI=", "QUJD", "QUJDRA==", "+/+/"})
    EXPECT_EQ(put(good).status, 200) << good;
  for (const std::string bad : {"QQ", "QQ=", "Q===", "QUI", "QR==", "QUJ=", "QUJD QQ=", "QU\\nD",
                                "QQ..", "-_-_", "QQ==QQ==", "QUJDQ Q=", "QUJD    "})
    EXPECT_THAT(put(bad), RefusesAs("SerializationException")) << bad;
}

TEST(Service, ChecksInTheServicesOrder) {
  ServiceWorld world({.credentials = {{.access_key_id = "AKID", .secret_access_key = "s"}}});
  EXPECT_THAT(world.Call("Nothing", "{"), RefusesAs("MissingAuthenticationTokenException"));

  const std::unique_ptr<Client> nobody = world.engine.NewClient(Principal::User("alice"));
  const EndpointOptions options;
  const Service service(*nobody, options, world.clock);
  const auto call = [&service](std::string_view operation, std::string body) {
    return service.Answer(RequestTo(operation, std::move(body)));
  };
  EXPECT_THAT(call("Nothing", "{"), RefusesAs("UnknownOperationException"));
  EXPECT_THAT(call("DeleteStream", R"({"StreamName":1})"), RefusesAs("SerializationException"));
  EXPECT_THAT(call("DeleteStream", R"({"StreamName":"?"})"), RefusesAs("ValidationException"));
  EXPECT_THAT(call("DeleteStream", R"({"StreamName":"orders"})"),
              RefusesAs("AccessDeniedException"));
}

TEST(Service, RepeatsTheNameThatNoEnumeratorHas) {
  ServiceWorld world;
  EXPECT_THAT(
      BodyOf(world.Call("GetShardIterator",
                        R"({"StreamName":"s","ShardId":"255","ShardIteratorType":"NEWEST"})"))
          .value("message", ""),
      OneViolation("Value 'NEWEST' at 'shardIteratorType' failed to satisfy constraint: Member "
                   "must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, "
                   "AT_SEQUENCE_NUMBER, TRIM_HORIZON]"));
  EXPECT_THAT(BodyOf(world.Call("EnableEnhancedMonitoring",
                                R"({"StreamName":"s","ShardLevelMetrics":["ALL","A","B","A"]})"))
                  .value("message", ""),
              HasSubstr("Value '[ALL, A, B, A]' at 'shardLevelMetrics' failed to satisfy "
                        "constraint: Member must satisfy constraint: [Member must satisfy enum"));
}

TEST(NamesAsSent, NumbersElsewhereStay) {
  const std::string rule = "failed to satisfy constraint: Member must satisfy enum value set: [A]";
  const std::string long_list = "failed to satisfy constraint: Member must have length less than";
  EXPECT_EQ(WithNamesAsSent("Value '255' at 'name' " + long_list + "; Value '255' at 'type' " +
                                rule + "; Value '254' at 'type' " + rule,
                            {{255, "X"}}),
            "Value '255' at 'name' " + long_list + "; Value 'X' at 'type' " + rule +
                "; Value '254' at 'type' " + rule);
  EXPECT_EQ(WithNamesAsSent(
                "Value '[255]' at 'types' " + long_list + "; Value '[255]' at 'types' " + rule,
                {{255, "X"}}),
            "Value '[X]' at 'types' " + long_list + "; Value '[X]' at 'types' " + rule);
}

// Texts of the caller's may look like violations, and there may be many of them.
TEST(NamesAsSent, LooksAtNoMoreViolationsThanAMessageTells) {
  const std::string rule =
      "Value '255' at 'type' failed to satisfy constraint: Member must satisfy enum value set: "
      "[A]; ";
  std::string message;
  for (int i = 0; i < 11; ++i) message += std::to_string(i) + rule;
  const std::string changed = WithNamesAsSent(message, {{255, "X"}});
  EXPECT_THAT(changed, HasSubstr("9Value 'X'"));
  message.clear();
  for (int i = 0; i < 100'000; ++i) message += rule;  // would take an hour
  WithNamesAsSent(message, {{255, "X"}});
}

TEST(OddRequests, OnlyPostsAreCalls) {
  ServiceWorld world;
  for (const std::string_view method : {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post"}) {
    HttpRequest request = RequestTo("ListStreams", "{}");
    request.method = method;
    EXPECT_THAT(world.service.Answer(std::move(request)),
                Answers(403,
                        "<AccessDeniedException>\n  <Message>Unable to determine "
                        "service/operation name to be "
                        "authorized</Message>\n</AccessDeniedException>\n"))
        << method;
  }
}

TEST(OddRequests, OtherContentTypesCallNothing) {
  ServiceWorld world;
  for (const std::string_view type : {"", "text/plain", "application/x-amz-json-1.0"}) {
    const HttpRequest typed = WithHeader(RequestTo("ListStreams", "{}"), "content-type", type);
    EXPECT_THAT(world.service.Answer(HttpRequest(typed)),
                Answers(404, "<UnknownOperationException/>\n"));
    EXPECT_EQ(world.service.Answer(WithHeader(typed, "x-amz-target", "")).status, 403);
  }
}

TEST(OddRequests, PlainJsonHasAnEnvelope) {
  ServiceWorld world;
  const auto plain = [&world](const std::string& body) {
    return world.service.Answer(
        WithHeader(RequestTo("ListStreams", body), "content-type", "application/json"));
  };
  EXPECT_THAT(plain("x"), Answers(400, R"({"Output":{"__type":"com.amazon.coral.service#)"
                                       R"(SerializationException"},"Version":"1.0"})"));
  EXPECT_THAT(plain("{}"),
              Answers(404, R"({"Output":{"__type":"com.amazon.coral.service#)"
                           R"(UnknownOperationException","message":null},"Version":"1.0"})"));
}

TEST(CrossOrigin, PreflightsAreAllowedWhatTheyAsk) {
  ServiceWorld world;
  const HttpResponse answer = world.service.Answer(
      {.method = "OPTIONS",
       .target = "/",
       .headers = {{"origin", "https://example.com"},
                   {"access-control-request-method", "POST"},
                   {"access-control-request-headers", "x-amz-target,content-type"}}});
  EXPECT_THAT(answer, Answers(200, ""));
  EXPECT_EQ(HeaderOf(answer.headers, "access-control-allow-origin"), "*");
  EXPECT_EQ(HeaderOf(answer.headers, "access-control-allow-methods"), "POST");
  EXPECT_EQ(HeaderOf(answer.headers, "access-control-allow-headers"), "x-amz-target,content-type");
  EXPECT_EQ(HeaderOf(answer.headers, "access-control-max-age"), "172800");
}

TEST(CrossOrigin, AnswersMayBeReadByThePageThatAsked) {
  ServiceWorld world;
  const HttpResponse asked = world.service.Answer(
      WithHeader(RequestTo("ListStreams", "{}"), "origin", "https://example.com"));
  EXPECT_EQ(HeaderOf(asked.headers, "access-control-allow-origin"), "*");
  EXPECT_THAT(HeaderOf(asked.headers, "access-control-expose-headers"),
              HasSubstr("x-amzn-RequestId"));
  EXPECT_EQ(HeaderOf(world.Call("ListStreams", "{}").headers, "access-control-allow-origin"), "");
}

TEST(OwnPages, SayThatTheEndpointIsWell) {
  ServiceWorld world({.region = "eu-west-1"});
  EXPECT_THAT(world.service.Answer(Get("/_riacho/health?x")),
              Answers(200, R"({"region":"eu-west-1","status":"ok"})"));
}

TEST(OwnPages, ShowTheMetricsOfWhoeverHasSome) {
  ServiceWorld world({.metrics = [] { return "riacho_up 1\n"; }});
  const HttpResponse answer = world.service.Answer(Get("/_riacho/metrics"));
  EXPECT_THAT(answer, Answers(200, "riacho_up 1\n"));
  EXPECT_EQ(HeaderOf(answer.headers, "content-type"), "text/plain; version=0.0.4");
  ServiceWorld without;
  EXPECT_EQ(without.service.Answer(Get("/_riacho/metrics")).status, 404);
  EXPECT_EQ(without.service.Answer(Get("/_riacho/else")).status, 404);
}

TEST(OwnPages, NeedNoSignature) {
  ServiceWorld world({.credentials = {{.access_key_id = "AKID", .secret_access_key = "s"}}});
  EXPECT_EQ(world.service.Answer(Get("/_riacho/health")).status, 200);
}

}  // namespace
}  // namespace riacho::internal
