// What RemoteClient is made of, without a connection: addresses, credentials, quota, answers.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "wire/credentials_chain.h"
#include "wire/exchange.h"
#include "wire/remote_answer.h"
#include "wire/retry_quota.h"
#include "wire/retry_series.h"
#include "wire/shared_config.h"
#include "wire/trust.h"
#include "wire/url.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using Texts = std::map<std::string, std::string>;

std::optional<std::string> Find(const Texts& texts, const std::string& name) {
  const auto found = texts.find(name);
  if (found == texts.end()) return std::nullopt;
  return found->second;
}

Surroundings Around(Texts variables, Texts files = {}) {
  return {
      .variable = [variables = std::move(variables)](
                      const std::string& name) { return Find(variables, name); },
      .file = [files = std::move(files)](const std::string& path) { return Find(files, path); }};
}

std::string Text(const absl::Status& status) { return std::string(ErrorMessage(status)); }

TEST(Url, HasTheSchemesPortUnlessAnotherIsGiven) {
  EXPECT_EQ(ParseUrl("http://127.0.0.1:40123").value(),
            (Url{.secure = false, .host = "127.0.0.1", .port = 40123, .path = "/"}));
  EXPECT_EQ(ParseUrl("HTTPS://kinesis.us-east-1.amazonaws.com/").value(),
            (Url{.secure = true, .host = "kinesis.us-east-1.amazonaws.com", .port = 443}));
  EXPECT_EQ(ParseUrl("http://[::1]:8080/base").value(),
            (Url{.secure = false, .host = "::1", .port = 8080, .path = "/base"}));
  EXPECT_EQ(ParseUrl("http://localhost").value().port, 80);
}

TEST(Url, SaysItsAuthorityAsTheHeaderHostDoes) {
  EXPECT_EQ(ParseUrl("https://host:443").value().Authority(), "host");
  EXPECT_EQ(ParseUrl("https://host:80").value().Authority(), "host:80");
  EXPECT_EQ(ParseUrl("http://[::1]:80").value().Authority(), "[::1]");
  EXPECT_EQ(ParseUrl("http://[::1]").value().HostAndPort(), "[::1]:80");
}

TEST(Url, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "localhost:80", "ftp://host", "http:/host", "http://", "http://:80",
        "http://host:", "http://host:0", "http://host:65536", "http://host:+80", "http://host:8a",
        "http://[::1", "http://[::1]x", "http://me@host", "http://host?x", "http://host#x",
        "http://ho st", "http://host\r\nx: y", "http://host:99999999999999999999"}) {
    const absl::Status status = ParseUrl(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(Text(status), HasSubstr("'" + text + "'"));
  }
}

TEST(SharedConfig, HasProfilesWithSettings) {
  const Profiles profiles = ParseSharedConfig(
      "# a comment\n"
      "stray = value\n"
      "[default]\r\n"
      "region = eu-west-1 # where we are\r\n"
      "AWS_Access_Key_ID=AK#1\n"
      "s3 =\n"
      "  region = nested\n"
      "[ profile  dev ]\n"
      "region=us-west-2\n"
      "region = us-east-2\n"
      "no setting\n"
      "[sso-session dev]\n"
      "region = other\n"
      "[broken\n"
      "region = lost");
  EXPECT_THAT(profiles,
              ElementsAre(Pair("default", ElementsAre(Pair("aws_access_key_id", "AK#1"),
                                                      Pair("region", "eu-west-1"), Pair("s3", ""))),
                          Pair("dev", ElementsAre(Pair("region", "us-east-2")))));
}

TEST(Region, ComesFromTheFirstPlaceThatHasOne) {
  const Texts files = {{"/home/me/.aws/config", "[default]\nregion=of-file\n"},
                       {"/else", "[profile dev]\nregion=of-profile\n"}};
  Texts variables = {{"HOME", "/home/me"}};
  EXPECT_EQ(FindRegion({}, Around(variables, files)).value(), "of-file");
  variables["AWS_CONFIG_FILE"] = "/else";
  variables["AWS_PROFILE"] = "dev";
  EXPECT_EQ(FindRegion({}, Around(variables, files)).value(), "of-profile");
  variables["AWS_DEFAULT_REGION"] = "of-default";
  EXPECT_EQ(FindRegion({}, Around(variables, files)).value(), "of-default");
  variables["AWS_REGION"] = "of-variable";
  EXPECT_EQ(FindRegion({}, Around(variables, files)).value(), "of-variable");
  EXPECT_EQ(FindRegion({.region = "of-options"}, Around(variables, files)).value(), "of-options");
}

TEST(Region, IsMissedWithThePlacesWhereItWasLookedFor) {
  const absl::Status status =
      FindRegion({.profile = "dev"}, Around({{"AWS_CONFIG_FILE", "/else"}})).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(Text(status), HasSubstr("profile 'dev' of /else"));
}

TEST(Credentials, ComeFromTheFirstPlaceThatHasThem) {
  const auto id = [](const RemoteClientOptions& options, const Texts& variables,
                     const Texts& files) {
    return FindCredentials(options, Around(variables, files)).value().access_key_id;
  };
  const std::string secret = "aws_secret_access_key=s\naws_session_token=t\n";
  Texts files = {{"/home/me/.aws/config", "[default]\naws_access_key_id=of-config\n" + secret}};
  Texts variables = {{"HOME", "/home/me"}};
  EXPECT_EQ(id({}, variables, files), "of-config");
  files["/home/me/.aws/credentials"] = "[default]\naws_access_key_id=of-file\n" + secret +
                                       "[dev]\naws_access_key_id=of-dev\n" + secret;
  EXPECT_EQ(id({}, variables, files), "of-file");
  variables["AWS_PROFILE"] = "dev";
  EXPECT_EQ(id({}, variables, files), "of-dev");
  variables["AWS_ACCESS_KEY_ID"] = "of-variable";
  variables["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(id({}, variables, files), "of-variable");
  EXPECT_EQ(id({.profile = "default"}, variables, files), "of-file");
  EXPECT_EQ(id({.credentials = {"of-options", "s"}}, variables, files), "of-options");
  EXPECT_EQ(FindCredentials({.profile = "dev"}, Around(variables, files)).value().session_token,
            "t");
}

TEST(Credentials, HalfOfThemAreRefused) {
  const absl::Status status = FindCredentials({}, Around({{"AWS_ACCESS_KEY_ID", "id"}})).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(Text(status), "The credentials in the environment have no secret access key.");
  EXPECT_TRUE(absl::IsInvalidArgument(
      FindCredentials({.credentials = {.secret_access_key = "s"}}, Around({})).status()));
}

TEST(Credentials, AreMissedWithThePlacesWhereTheyWereLookedFor) {
  const absl::Status status = FindCredentials({}, Around({{"HOME", "/home/me"}})).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(Text(status), HasSubstr("profile 'default' of /home/me/.aws/credentials"));
}

TEST(RetryQuota, PaysForAHundredRetriesAndRefillsBySuccess) {
  RetryQuota quota;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(quota.Take(RetryQuota::kThrottlingCost));
  EXPECT_FALSE(quota.Take(RetryQuota::kThrottlingCost));
  for (int i = 0; i < 4; ++i) quota.GiveBack(RetryQuota::kFirstSuccess);
  EXPECT_FALSE(quota.Take(RetryQuota::kThrottlingCost));
  quota.GiveBack(RetryQuota::kFirstSuccess);
  EXPECT_TRUE(quota.Take(RetryQuota::kThrottlingCost));
  quota.GiveBack(2 * RetryQuota::kCapacity);
  EXPECT_TRUE(quota.Take(RetryQuota::kCapacity));
  EXPECT_FALSE(quota.Take(1));
}

// The table of the SDKs, whole.
TEST(RetryClass, IsThatOfTheSdks) {
  const auto class_of = [](int http_status, const std::string& name) {
    return RetryClassOf(StatusOfAnswer(http_status, {}, R"({"__type":")" + name + R"("})"));
  };
  for (const std::string name :
       {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "LimitExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "PriorRequestNotComplete", "TransactionInProgressException", "EC2ThrottledException"}) {
    EXPECT_EQ(class_of(400, name), RetryClass::kThrottling) << name;
    EXPECT_EQ(class_of(503, name), RetryClass::kThrottling) << name;
  }
  for (const std::string name : {"RequestTimeout", "RequestTimeoutException",
                                 "InternalFailureException", "ServiceUnavailable"})
    EXPECT_EQ(class_of(400, name), RetryClass::kTransient) << name;
  for (const int http_status : {500, 502, 503, 504})
    EXPECT_EQ(class_of(http_status, "Odd"), RetryClass::kTransient) << http_status;
  for (const int http_status : {400, 403, 404, 501, 505, 599})
    EXPECT_EQ(class_of(http_status, "Odd"), RetryClass::kNever) << http_status;
  for (const std::string name :
       {"KMSThrottlingException", "ExpiredIteratorException", "ExpiredNextTokenException",
        "ResourceInUseException", "ResourceNotFoundException", "InvalidArgumentException",
        "ValidationException", "AccessDeniedException", "KMSDisabledException"})
    EXPECT_EQ(class_of(400, name), RetryClass::kNever) << name;
}

TEST(Trust, RefusesWhatIsNoCertificate) {
  EXPECT_TRUE(absl::IsFailedPrecondition(NewTrust("no certificate", "").status()));
  const absl::Status status = NewTrust("", "/nowhere/ca.pem").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(Text(status), HasSubstr("/nowhere/ca.pem"));
  EXPECT_TRUE(NewTrust("", "").ok());
}

constexpr std::int64_t kMaxBody = 1000;

std::unique_ptr<Exchange> NewExchange() {
  return NewHttp1Exchange(
      {.method = "POST", .target = "/", .headers = {{"host", "h"}}, .body = "b"}, kMaxBody);
}

TEST(Http1Exchange, SendsItsRequestOnce) {
  const auto exchange = NewExchange();
  std::string sent;
  exchange->TakeOutput(sent);
  exchange->TakeOutput(sent);
  EXPECT_EQ(sent, "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\nb");
}

TEST(Http1Exchange, ReadsAnAnswerHoweverItIsCut) {
  const std::string interim = "HTTP/1.1 100 Continue\r\nx: y\r\n\r\n";
  const std::vector<std::string> answers = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Amzn-RequestId: 1\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nX-Amzn-RequestId: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"};
  for (const std::string& answer : answers) {
    const std::string bytes = interim + interim + answer;
    for (std::size_t piece : std::vector<std::size_t>{1, 2, 7, bytes.size()}) {
      const auto exchange = NewExchange();
      std::string body;
      for (std::size_t i = 0; i < bytes.size(); i += piece) {
        ASSERT_FALSE(exchange->done());
        ASSERT_TRUE(exchange->Add(std::string_view(bytes).substr(i, piece)).ok());
        body += exchange->TakeBody();
      }
      EXPECT_TRUE(exchange->done());
      EXPECT_EQ(exchange->status(), 200);
      EXPECT_EQ(HeaderOf(exchange->headers(), "x-amzn-requestid"), "1");
      EXPECT_EQ(HeaderOf(exchange->headers(), "x"), "");
      EXPECT_EQ(body, "hello");
      EXPECT_TRUE(exchange->leaves_connection_open());
    }
  }
}

TEST(Http1Exchange, KnowsWhetherTheConnectionCanServeAgain) {
  const auto leaves_open = [](const std::string& bytes) {
    const auto exchange = NewExchange();
    EXPECT_TRUE(exchange->Add(bytes).ok());
    return exchange->leaves_connection_open();
  };
  EXPECT_TRUE(leaves_open("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
  EXPECT_FALSE(leaves_open("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
  EXPECT_FALSE(leaves_open("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"));
  EXPECT_FALSE(leaves_open("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200"));
  EXPECT_FALSE(leaves_open("HTTP/1.1 200 OK\r\n\r\n"));
}

TEST(Http1Exchange, ABodyWithoutALengthEndsWithTheConnection) {
  const auto exchange = NewExchange();
  ASSERT_TRUE(exchange->Add("HTTP/1.1 200 OK\r\n\r\nhello").ok());
  EXPECT_FALSE(exchange->done());
  EXPECT_TRUE(exchange->AddEnd().ok());
  EXPECT_TRUE(exchange->done());
  EXPECT_EQ(exchange->TakeBody(), "hello");
}

TEST(Http1Exchange, AnEndTooEarlyIsTold) {
  EXPECT_TRUE(absl::IsUnavailable(NewExchange()->AddEnd()));
  for (const std::string bytes :
       {"HTTP", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    const auto exchange = NewExchange();
    ASSERT_TRUE(exchange->Add(bytes).ok());
    EXPECT_TRUE(absl::IsDataLoss(exchange->AddEnd())) << bytes;
  }
}

TEST(Http1Exchange, RefusesWhatIsNoAnswer) {
  for (const std::string bytes :
       {"hello\r\n\r\n", "HTTP/2.7 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"}) {
    EXPECT_TRUE(absl::IsDataLoss(NewExchange()->Add(bytes))) << bytes;
  }
}

// Whether they come in one line, in many, or in one that never ends.
TEST(Http1Exchange, HoldsNoMoreOfAnAnswerThanIsAllowed) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  std::string many = head;
  for (int i = 0; i < 10'000; ++i) many += "name: value\r\n";
  for (const std::string& bytes :
       {head + "name: " + std::string(100'000, 'x'), many, std::string(100'000, 'H'),
        head + "transfer-encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x')}) {
    EXPECT_TRUE(absl::IsDataLoss(NewExchange()->Add(bytes)));
    const auto exchange = NewExchange();
    absl::Status status;
    for (std::size_t i = 0; i < bytes.size() && status.ok(); i += 100)
      status = exchange->Add(std::string_view(bytes).substr(i, 100));
    EXPECT_TRUE(absl::IsDataLoss(status));
  }
  const auto announced = NewExchange();
  EXPECT_TRUE(announced->Add(head + "content-length: 99999999999999\r\n\r\n").ok());
  EXPECT_TRUE(announced->Add(std::string(kMaxBody, 'x')).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(announced->Add("x")));
}

TEST(Http2Exchange, BeginsWithThePrefaceAndRefusesWhatIsNoHttp2) {
  const HttpRequest request = {.method = "POST", .target = "/", .headers = {{"host", "h"}}};
  const auto exchange = NewHttp2Exchange(request, kMaxBody);
  std::string sent;
  exchange->TakeOutput(sent);
  EXPECT_THAT(sent, testing::StartsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  exchange->Add("HTTP/1.1 400 Bad Request\r\n\r\n").IgnoreError();
  exchange->TakeOutput(sent);
  EXPECT_TRUE(absl::IsDataLoss(exchange->AddEnd()));
  EXPECT_TRUE(absl::IsUnavailable(NewHttp2Exchange(request, kMaxBody)->AddEnd()));
}

TEST(RemoteAnswer, NamesOfExceptionsComeInManyForms) {
  const auto code = [](const HttpHeaders& headers, std::string_view body) {
    return GetErrorCode(StatusOfAnswer(400, headers, body));
  };
  EXPECT_EQ(code({}, R"({"__type":"ResourceNotFoundException","message":"m"})"),
            ErrorCode::kResourceNotFound);
  EXPECT_EQ(code({}, R"({"__type":"com.amazonaws.kinesis#ResourceInUseException:http://x"})"),
            ErrorCode::kResourceInUse);
  EXPECT_EQ(code({{"x-amzn-errortype", "ValidationException:http://x"}}, ""),
            ErrorCode::kValidation);
  EXPECT_EQ(code({}, R"({"__type":"ThrottlingException"})"), ErrorCode::kLimitExceeded);
  EXPECT_EQ(code({}, R"({"__type":"InternalFailure"})"), ErrorCode::kInternalFailure);
}

TEST(RemoteAnswer, HasTheServicesWords) {
  EXPECT_EQ(Text(StatusOfAnswer(400, {}, R"({"__type":"ValidationException","message":"no"})")),
            "no");
  EXPECT_EQ(Text(StatusOfAnswer(400, {}, R"({"__type":"AccessDeniedException","Message":"No"})")),
            "No");
}

TEST(RemoteAnswer, WhatIsNoExceptionOfTheModelKeepsItsName) {
  const absl::Status signature =
      StatusOfAnswer(400, {}, R"({"__type":"InvalidSignatureException","message":"wrong"})");
  EXPECT_TRUE(absl::IsUnauthenticated(signature));
  EXPECT_EQ(Text(signature), "InvalidSignatureException: wrong");
  EXPECT_EQ(GetErrorCode(signature), std::nullopt);
  const absl::Status overloaded = StatusOfAnswer(503, {}, "<html>busy</html>");
  EXPECT_TRUE(IsRetryable(overloaded));
  EXPECT_EQ(Text(overloaded), "HTTP status 503: <html>busy</html>");
  // In an event stream there is no status to tell.
  EXPECT_TRUE(absl::IsUnavailable(StatusOfException("ServiceUnavailable", "busy", 0)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(StatusOfException("RequestTimeoutException", "late", 0)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(StatusOfAnswer(504, {}, "")));
  const absl::Status other = StatusOfAnswer(404, {}, "");
  EXPECT_TRUE(absl::IsFailedPrecondition(other));
  EXPECT_FALSE(IsRetryable(other));
}

}  // namespace
}  // namespace riacho::internal
