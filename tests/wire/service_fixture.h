// An engine behind a Service, and short words for what tests ask of it.
//
//   ServiceWorld world;
//   world.Create("orders");
//   const HttpResponse answer = world.Call("DescribeLimits", "{}");
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "riacho/wire/endpoint.h"
#include "wire/document.h"
#include "wire/http.h"
#include "wire/read_body.h"
#include "wire/service.h"

namespace riacho::internal {

inline HttpRequest RequestTo(std::string_view operation, std::string body,
                             WireFormat format = WireFormat::kJson) {
  return {.method = "POST",
          .target = "/",
          .headers = {{"host", "localhost:4567"},
                      {"content-type", std::string(ContentType(format))},
                      {"x-amz-target", "Kinesis_20131202." + std::string(operation)}},
          .body = std::move(body)};
}

inline Document BodyOf(const HttpResponse& answer, WireFormat format = WireFormat::kJson) {
  Document body = ReadBody(answer.body, format);
  EXPECT_FALSE(body.is_discarded()) << answer.body;
  return body;
}

// An answer with that status and exactly that body, in JSON.
MATCHER_P2(Answers, status, json, "") {
  *result_listener << "which is " << arg.status << " " << arg.body;
  return arg.status == status && arg.body == json;
}

// A refusal of that type, with any text.
MATCHER_P(RefusesAs, type, "") {
  *result_listener << "which is " << arg.status << " " << arg.body;
  const Document body = ReadBody(arg.body);
  return arg.status >= 400 && body.is_object() && body.value("__type", "") == type;
}

class ServiceWorld : public RecordWorld {
 public:
  explicit ServiceWorld(EndpointOptions endpoint = {}, EngineOptions engine = {})
      : RecordWorld(std::move(engine)),
        options(std::move(endpoint)),
        service(*kinesis, options, clock) {}

  EndpointOptions options;
  Service service;

  HttpResponse Call(std::string_view operation, std::string body,
                    WireFormat format = WireFormat::kJson) {
    return service.Answer(RequestTo(operation, std::move(body), format));
  }
  // What an operation that succeeds answers.
  Document Ask(std::string_view operation, const Document& body,
               WireFormat format = WireFormat::kJson) {
    const HttpResponse answer = Call(operation, PrintBody(body, format), format);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return BodyOf(answer, format);
  }
};

}  // namespace riacho::internal
