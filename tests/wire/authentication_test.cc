#include "wire/authentication.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/security/principal.h"
#include "wire/service_fixture.h"
#include "wire/signature.h"

namespace riacho::internal {
namespace {

using testing::HasSubstr;

const SigningKey kAlice = {.access_key_id = "AKIDALICE", .secret_access_key = "secret"};

constexpr std::string_view kUnrecognized =
    R"({"__type":"UnrecognizedClientException","message":)"
    R"("The security token included in the request is invalid."})";

// How a request is signed, where it is not as usual.
struct Signing {
  SigningKey key = kAlice;
  std::string region = "us-east-1";
  std::string service = "kinesis";
  std::string scope_date = {};  // empty: of the time
  absl::Duration age = {};
  std::string session_token = {};
  std::string payload_hash = {};  // empty: of the body
  std::string expires = {};       // in a query
};

CredentialScope ScopeOf(const Signing& signing, const std::string& date) {
  return {.date = signing.scope_date.empty() ? date.substr(0, 8) : signing.scope_date,
          .region = signing.region,
          .service = signing.service};
}

HttpRequest Signed(absl::Time now, const Signing& signing = {},
                   std::string_view operation = "ListStreams", std::string body = "{}") {
  HttpRequest request = RequestTo(operation, std::move(body));
  const std::string date = AmzDate(now - signing.age);
  request.headers.emplace_back("x-amz-date", date);
  if (!signing.session_token.empty())
    request.headers.emplace_back("x-amz-security-token", signing.session_token);
  const SignedRequest to_sign = {.headers = request.headers,
                                 .payload_hash = signing.payload_hash.empty()
                                                     ? Sha256Hex(request.body)
                                                     : signing.payload_hash};
  request.headers.emplace_back("authorization",
                               Authorization(signing.key, to_sign, date, ScopeOf(signing, date)));
  return request;
}

HttpRequest Presigned(absl::Time now, const Signing& signing = {}) {
  HttpRequest request = RequestTo("ListStreams", "{}");
  const std::string date = AmzDate(now - signing.age);
  const CredentialScope scope = ScopeOf(signing, date);
  std::string credential = signing.key.access_key_id + "/" + scope.ToString();
  for (std::size_t at = 0; (at = credential.find('/', at)) != std::string::npos;)
    credential.replace(at, 1, "%2F");
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + credential +
                   "&X-Amz-Date=" + date + "&X-Amz-SignedHeaders=host";
  if (!signing.expires.empty()) request.target += "&X-Amz-Expires=" + signing.expires;
  if (!signing.session_token.empty())
    request.target += "&X-Amz-Security-Token=" + signing.session_token;
  const SignedRequest to_sign = {.query = std::string_view(request.target).substr(2),
                                 .headers = {{"host", "localhost:4567"}},
                                 .payload_hash = Sha256Hex(request.body)};
  const std::string signature = Signature(signing.key.secret_access_key, scope,
                                          StringToSign(CanonicalRequest(to_sign), date, scope));
  request.target += "&X-Amz-Signature=" + signature;
  return request;
}

class SignedWorld : public ServiceWorld {
 public:
  explicit SignedWorld(EndpointCredential alice = {})
      : ServiceWorld({.credentials = {{.access_key_id = "AKIDBOB", .secret_access_key = "other"},
                                      WithKey(std::move(alice))}}) {}

  HttpResponse Answer(HttpRequest request) { return service.Answer(std::move(request)); }
  absl::Time Now() { return clock.TimeNow(); }
  std::string Ago(absl::Duration age) { return AmzDate(Now() - age); }

 private:
  static EndpointCredential WithKey(EndpointCredential credential) {
    credential.access_key_id = kAlice.access_key_id;
    credential.secret_access_key = kAlice.secret_access_key;
    return credential;
  }
};

MATCHER_P2(RefusesWith, type, text, "") {
  *result_listener << "which is " << arg.status << " " << arg.body;
  const Document body = ReadBody(arg.body);
  return arg.status == 400 && body.is_object() && body.value("__type", "") == type &&
         body.value("message", "") == text;
}

TEST(Authentication, WithoutCredentialsAnythingIsTaken) {
  ServiceWorld world;
  EXPECT_EQ(world.Call("ListStreams", "{}").status, 200);
  for (const std::string_view authorization :
       {"Basic x", "AWS4-HMAC-SHA256", "AWS4-x Credential="}) {
    HttpRequest request = RequestTo("ListStreams", "{}");
    request.headers.emplace_back("authorization", authorization);
    EXPECT_EQ(world.service.Answer(std::move(request)).status, 200) << authorization;
  }
  EXPECT_EQ(world.service.Answer(Signed(world.clock.TimeNow(), {.age = absl::Hours(9)})).status,
            200);
}

TEST(Authentication, AnAccessKeyIdMayBeAnAccount) {
  ManualClock clock;
  Engine other(clock, {.account_id = "999999999999"});
  const std::unique_ptr<Client> client = other.NewClient();
  ServiceWorld world({.client_of_account = [&client](std::string_view account) {
    return account == "999999999999" ? client.get() : nullptr;
  }});
  world.Create("orders");
  const auto streams = [&world](HttpRequest request) {
    return BodyOf(world.service.Answer(std::move(request)))["StreamNames"].size();
  };
  const auto key = [](std::string id) { return Signing{.key = {.access_key_id = std::move(id)}}; };
  EXPECT_EQ(streams(Signed(world.clock.TimeNow(), key("999999999999"))), 0u);
  EXPECT_EQ(streams(Presigned(world.clock.TimeNow(), key("999999999999"))), 0u);
  EXPECT_EQ(streams(Signed(world.clock.TimeNow(), key("111111111111"))), 1u);
  EXPECT_EQ(streams(Signed(world.clock.TimeNow(), key("AKIDEXAMPLE"))), 1u);
  EXPECT_EQ(streams(RequestTo("ListStreams", "{}")), 1u);
}

TEST(Authentication, WhatIsSignedRightIsTaken) {
  SignedWorld world;
  EXPECT_EQ(world.Answer(Signed(world.Now())).status, 200);
  EXPECT_EQ(world.Answer(Presigned(world.Now())).status, 200);
  HttpRequest unsigned_payload = Signed(world.Now(), {.payload_hash = "UNSIGNED-PAYLOAD"});
  EXPECT_THAT(world.Answer(unsigned_payload), RefusesAs("InvalidSignatureException"));
  unsigned_payload.headers.emplace_back("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  EXPECT_EQ(world.Answer(unsigned_payload).status, 200);
}

TEST(Authentication, SpaceAroundHeadersMeansNothing) {
  SignedWorld world;
  HttpRequest request = Signed(world.Now());
  request.headers[0].second = "  localhost:4567 ";
  EXPECT_EQ(world.Answer(std::move(request)).status, 200);
}

TEST(Authentication, TheCredentialsClientCarriesTheCallOut) {
  ServiceWorld plain;
  const std::unique_ptr<Client> alice = plain.engine.NewClient(Principal::User("alice"));
  SignedWorld world({.client = alice.get()});
  const HttpResponse answer = world.Answer(Signed(world.Now()));
  EXPECT_THAT(answer, RefusesAs("AccessDeniedException"));
  EXPECT_THAT(answer.body, HasSubstr("user/alice is not authorized to perform: kinesis:ListStr"));
}

TEST(Authentication, ASignatureIsDemanded) {
  SignedWorld world;
  for (const std::string_view authorization : {"", "Basic QTpC", "AWS AKID:signature"}) {
    HttpRequest request = RequestTo("ListStreams", "{}");
    request.headers.emplace_back("authorization", authorization);
    EXPECT_THAT(world.Answer(std::move(request)),
                RefusesWith("MissingAuthenticationTokenException", "Missing Authentication Token"));
  }
}

TEST(Authentication, OneSignatureIsEnough) {
  SignedWorld world;
  HttpRequest request = Signed(world.Now());
  request.target = Presigned(world.Now()).target;
  EXPECT_THAT(world.Answer(std::move(request)),
              RefusesWith("InvalidSignatureException",
                          "Found both 'X-Amz-Algorithm' as a query-string param and "
                          "'Authorization' as HTTP header."));
}

TEST(Authentication, PartsThatAreMissingAreNamed) {
  SignedWorld world;
  HttpRequest request = RequestTo("ListStreams", "{}");
  request.headers.emplace_back("authorization", "AWS4-HMAC-SHA256 Signature=1");
  EXPECT_THAT(
      world.Answer(std::move(request)),
      RefusesWith("IncompleteSignatureException",
                  "Authorization header requires 'Credential' parameter. Authorization "
                  "header requires 'SignedHeaders' parameter. Authorization header requires "
                  "existence of either a 'X-Amz-Date' or a 'Date' header. "
                  "Authorization=AWS4-HMAC-SHA256 Signature=1"));
  HttpRequest in_query = RequestTo("ListStreams", "{}");
  in_query.target = "/?X-Amz-Algorithm=a&X-Amz-Date=d&X-Amz-SignedHeaders=host";
  EXPECT_THAT(world.Answer(std::move(in_query)),
              RefusesWith("IncompleteSignatureException",
                          "AWS query-string parameters must include 'X-Amz-Credential'. AWS "
                          "query-string parameters must include 'X-Amz-Signature'. Re-examine the "
                          "query-string parameters."));
}

TEST(Authentication, PartsHaveTheirForms) {
  SignedWorld world;
  const auto refusal = [&world](std::string_view date, const std::string& authorization) {
    HttpRequest request = RequestTo("ListStreams", "{}");
    request.headers.emplace_back("x-amz-date", date);
    request.headers.emplace_back("authorization",
                                 authorization + ", SignedHeaders=host, Signature=0");
    return world.Answer(std::move(request));
  };
  EXPECT_THAT(refusal("20260101T000000Z", "AWS4-HMAC-SHA1 Credential=a/b/c/d/e"),
              RefusesWith("IncompleteSignatureException",
                          "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."));
  EXPECT_THAT(refusal("20260101T000000Z", "AWS4-HMAC-SHA256 Credential=a/b/c/d"),
              RefusesWith("IncompleteSignatureException",
                          "Credential must have exactly 5 slash-delimited elements, e.g. "
                          "keyid/date/region/service/term, got 'a/b/c/d'"));
  for (const std::string date : {"2026-01-01T00:00:00Z", "20260101T000000", "20261301T000000Z"}) {
    EXPECT_THAT(refusal(date, "AWS4-HMAC-SHA256 Credential=a/b/c/d/e"),
                RefusesWith("IncompleteSignatureException",
                            "Date must be in ISO-8601 'basic format'. Got '" + date +
                                "'. See http://en.wikipedia.org/wiki/ISO_8601"));
  }
}

TEST(Authentication, StrangersAreNotKnown) {
  SignedWorld world;
  EXPECT_THAT(world.Answer(Signed(world.Now(), {.key = {.access_key_id = "AKIDCAROL"}})),
              Answers(400, kUnrecognized));
}

TEST(Authentication, ATokenBelongsToItsCredential) {
  SignedWorld without;
  SignedWorld with({.session_token = "token"});
  EXPECT_THAT(without.Answer(Signed(without.Now(), {.session_token = "token"})),
              Answers(400, kUnrecognized));
  EXPECT_THAT(with.Answer(Signed(with.Now())), Answers(400, kUnrecognized));
  EXPECT_THAT(with.Answer(Signed(with.Now(), {.session_token = "tokem"})),
              Answers(400, kUnrecognized));
  EXPECT_EQ(with.Answer(Signed(with.Now(), {.session_token = "token"})).status, 200);
  EXPECT_EQ(with.Answer(Presigned(with.Now(), {.session_token = "token"})).status, 200);
}

TEST(Authentication, AnotherSecretMakesAnotherSignature) {
  SignedWorld world;
  const HttpResponse answer = world.Answer(
      Signed(world.Now(), {.key = {.access_key_id = "AKIDALICE", .secret_access_key = "other"}}));
  EXPECT_THAT(answer, RefusesAs("InvalidSignatureException"));
  EXPECT_THAT(
      BodyOf(answer).value("message", ""),
      testing::StartsWith("The request signature we calculated does not match the signature "
                          "you provided. Check your AWS Secret Access Key and signing "
                          "method. Consult the service documentation for details.\n\nThe "
                          "Canonical String for this request should have been\n'POST\n/\n"));
}

TEST(Authentication, WhatIsChangedOnItsWayIsRefused) {
  SignedWorld world;
  const std::vector<void (*)(HttpRequest&)> changes = {
      [](HttpRequest& request) { request.body += " "; },
      [](HttpRequest& request) { request.target = "/x"; },
      [](HttpRequest& request) { request.target += "?a=b"; },
      [](HttpRequest& request) { request.headers[0].second = "elsewhere"; },
      [](HttpRequest& request) { request.headers[2].second = "Kinesis_20131202.DescribeLimits"; },
      [](HttpRequest& request) { request.headers.erase(request.headers.begin() + 2); },
      [](HttpRequest& request) { request.headers.emplace_back("x-amz-target", "again"); },
      [](HttpRequest& request) { request.headers.back().second.back() ^= 1; },
      [](HttpRequest& request) { request.headers.back().second.pop_back(); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    HttpRequest request = Signed(world.Now());
    changes[i](request);
    EXPECT_THAT(world.Answer(std::move(request)), RefusesAs("InvalidSignatureException")) << i;
  }
  HttpRequest request = Signed(world.Now());
  request.headers.emplace_back("x-unsigned", "may be added");
  EXPECT_EQ(world.Answer(std::move(request)).status, 200);
}

TEST(Authentication, TheHostIsSigned) {
  SignedWorld world;
  HttpRequest request = RequestTo("ListStreams", "{}");
  const std::string date = AmzDate(world.Now());
  request.headers.emplace_back("x-amz-date", date);
  const SignedRequest to_sign = {.headers = {{"x-amz-date", date}},
                                 .payload_hash = Sha256Hex(request.body)};
  request.headers.emplace_back("authorization",
                               Authorization(kAlice, to_sign, date, ScopeOf({}, date)));
  EXPECT_THAT(world.Answer(std::move(request)),
              RefusesWith("InvalidSignatureException",
                          "'Host' or ':authority' must be a 'SignedHeader' in the AWS "
                          "Authorization."));
}

TEST(Authentication, AScopeIsOfThisDayRegionAndService) {
  SignedWorld world;
  EXPECT_THAT(world.Answer(Signed(world.Now(), {.region = "eu-west-1"})),
              RefusesWith("InvalidSignatureException",
                          "Credential should be scoped to a valid region, not 'eu-west-1'. "));
  EXPECT_THAT(world.Answer(Signed(world.Now(), {.service = "dynamodb"})),
              RefusesWith("InvalidSignatureException",
                          "Credential should be scoped to correct service: 'kinesis'. "));
  const std::string today = AmzDate(world.Now());
  for (const std::string date : {"19700101", "2"}) {
    EXPECT_THAT(
        world.Answer(Signed(world.Now(), {.scope_date = date})),
        RefusesWith("InvalidSignatureException",
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                    "version of date from HTTP: '" +
                        date + "' != '" + today.substr(0, 8) + "', from '" + today + "'. "));
  }
}

TEST(Authentication, ClocksMayDifferByFiveMinutes) {
  constexpr absl::Duration kSkew = absl::Minutes(5);
  const absl::Duration kMore = kSkew + absl::Seconds(1);
  SignedWorld world;
  EXPECT_EQ(world.Answer(Signed(world.Now(), {.age = kSkew})).status, 200);
  EXPECT_EQ(world.Answer(Signed(world.Now(), {.age = -kSkew})).status, 200);
  EXPECT_THAT(world.Answer(Signed(world.Now(), {.age = kMore})),
              RefusesWith("InvalidSignatureException",
                          "Signature expired: " + world.Ago(kMore) + " is now earlier than " +
                              world.Ago(kSkew) + " (" + world.Ago({}) + " - 5 min.)"));
  EXPECT_THAT(
      world.Answer(Signed(world.Now(), {.age = -kMore})),
      RefusesWith("InvalidSignatureException", "Signature not yet current: " + world.Ago(-kMore) +
                                                   " is still later than " + world.Ago(-kSkew) +
                                                   " (" + world.Ago({}) + " + 5 min.)"));
}

TEST(Authentication, WhatIsPresignedSaysHowLongItLives) {
  SignedWorld world;
  const auto answer = [&world](absl::Duration age, const std::string& expires) {
    return world.Answer(Presigned(world.Now(), {.age = age, .expires = expires}));
  };
  EXPECT_EQ(answer(absl::Minutes(5), "").status, 200);
  EXPECT_THAT(answer(absl::Minutes(6), ""), RefusesAs("InvalidSignatureException"));
  EXPECT_EQ(answer(absl::Hours(24 * 7), "604800").status, 200);
  EXPECT_EQ(answer(absl::Seconds(90), "90").status, 200);
  EXPECT_THAT(
      answer(absl::Seconds(91), "90"),
      RefusesWith("InvalidSignatureException",
                  "Signature expired: " + world.Ago(absl::Seconds(91)) + " is now earlier than " +
                      world.Ago(absl::Seconds(90)) + " (" + world.Ago({}) + " - 90 sec.)"));
  for (const std::string expires : {"604801", "-1", "soon", "9999999999999999999"})
    EXPECT_THAT(answer({}, expires), RefusesAs("IncompleteSignatureException")) << expires;
}

// Old signers put the time into the header Date.
TEST(Authentication, TheDateMayComeInItsOldHeader) {
  SignedWorld world;
  HttpRequest request = RequestTo("ListStreams", "{}");
  const std::string date = AmzDate(world.Now());
  request.headers.emplace_back(
      "date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", world.Now(), absl::UTCTimeZone()));
  const SignedRequest to_sign = {.headers = request.headers,
                                 .payload_hash = Sha256Hex(request.body)};
  request.headers.emplace_back("authorization",
                               Authorization(kAlice, to_sign, date, ScopeOf({}, date)));
  EXPECT_EQ(world.Answer(std::move(request)).status, 200);
}

}  // namespace
}  // namespace riacho::internal
