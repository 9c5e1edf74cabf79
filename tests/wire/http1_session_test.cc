// HTTP/1.1 as bytes in and bytes out.
#include "wire/http1_session.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "wire/http_fixture.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Http1 : public testing::Test {
 protected:
  // What is answered to `bytes`.
  std::string Say(std::string_view bytes) {
    session.Receive(bytes);
    return Hear();
  }
  std::string Hear() {
    std::string all;
    for (std::string piece;; piece.clear()) {
      session.Send(piece);
      if (piece.empty()) return all;
      all += piece;
    }
  }

  Echo echo;
  int wakes = 0;
  Http1Session session{
      {.handler = [this](HttpRequest&& request) { return echo(std::move(request)); },
       .max_body_bytes = 1000,
       .wake = [this] { ++wakes; }}};
};

std::string BodyOf(const std::string& answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "no answer" : answer.substr(head + 4);
}

TEST_F(Http1, AnswersARequest) {
  const std::string answer =
      Say("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("content-type: text/plain\r\n"));
  EXPECT_THAT(answer, HasSubstr("content-length: 19\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\ndate: "));
  EXPECT_EQ(BodyOf(answer), "POST /a?b=c 5 hello");
  EXPECT_FALSE(session.done());
}

TEST_F(Http1, TakesARequestByteByByte) {
  const std::string request = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t i = 0; i + 1 < request.size(); ++i) {
    EXPECT_THAT(Say(request.substr(i, 1)), IsEmpty());
    EXPECT_TRUE(session.in_request());
  }
  EXPECT_EQ(BodyOf(Say("o")), "POST /a 5 hello");
  EXPECT_FALSE(session.in_request());
}

TEST_F(Http1, AnswersRequestsInARowInTheirOrder) {
  const std::string answers = Say(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
      "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answers, HasSubstr("GET /1 0"));
  EXPECT_LT(answers.find("GET /1"), answers.find("POST /2 1 x"));
  EXPECT_LT(answers.find("POST /2 1 x"), answers.find("GET /3"));
  EXPECT_EQ(session.requests(), 3U);
}

TEST_F(Http1, TakesChunkedBodiesWithTrailers) {
  EXPECT_EQ(BodyOf(Say("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nx-after: 1\r\n\r\n")),
            "POST /c 5 abcde");
}

// The parser takes it for impossible, and a program built for debugging for a reason to abort.
TEST_F(Http1, TakesALastChunkThatHasNotEnded) {
  Say("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_THAT(Say("0\r\n"), IsEmpty());
  EXPECT_THAT(Say("\r"), IsEmpty());
  EXPECT_EQ(BodyOf(Say("\n")), "POST /c 0 ");
}

TEST_F(Http1, TellsThoseWhoExpectItToContinue) {
  EXPECT_EQ(Say("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(Say("o"), IsEmpty()) << "once";
  EXPECT_EQ(BodyOf(Say("k")), "POST /e 2 ok");
}

TEST_F(Http1, ClosesWhenAskedTo) {
  EXPECT_THAT(Say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("connection: close\r\n"));
  EXPECT_TRUE(session.done());
  EXPECT_THAT(Say("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), IsEmpty());
}

TEST_F(Http1, ClosesAfterARequestOfVersionOneZero) {
  EXPECT_THAT(Say("GET /old HTTP/1.0\r\n\r\n"), EndsWith("GET /old 0 "));
  EXPECT_TRUE(session.done());
}

TEST_F(Http1, SendsNoBodyForHead) {
  EXPECT_THAT(Say("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("\r\n\r\n"));
}

TEST_F(Http1, RefusesABodyThatIsAnnouncedTooLong) {
  const std::string answer =
      Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr("limit of 1000 bytes"));
  EXPECT_TRUE(session.done());
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(Http1, RefusesChunksThatBecomeTooLong) {
  std::string answer = Say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11 && answer.empty(); ++i)
    answer = Say("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(session.done());
}

TEST_F(Http1, RefusesAHeadWithoutEnd) {
  std::string answer = Say("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 100 && answer.empty(); ++i)
    answer = Say("x: " + std::string(1000, 'x') + "\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_TRUE(session.done());
}

// However the pieces are cut, and in trailers too.
TEST_F(Http1, CountsHeadsThatComeInPieces) {
  std::string answer = Say("GET / HTTP/1.1\r\nx");
  for (int i = 0; i < 100 && answer.empty(); ++i)
    answer = Say(": " + std::string(1000, 'x') + "\r\nx");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
}

TEST_F(Http1, RefusesATrailerThatIsTooLong) {
  const std::string answer =
      Say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx: " +
          std::string(70'000, 'x') + "\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(Http1, ATrailerChangesNothingOfWhatHasBeenAsked) {
  std::string target;
  Http1Session other({.handler = [&target](HttpRequest&& request) {
    target = HeaderOf(request.headers, "x-amz-target");
    return HttpResponse();
  }});
  other.Receive(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
      "x-amz-target: other\r\n\r\n");
  std::string out;
  other.Send(out);
  EXPECT_THAT(out, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(target, IsEmpty());
}

TEST_F(Http1, RefusesWhatIsNotHttp) {
  for (const std::string_view bytes :
       {"garbage\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "\x16\x03\x01\x02\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\nGET / "
        "HTTP/1.1\r\n\r\n"}) {
    Http1Session other(
        {.handler = [this](HttpRequest&& request) { return echo(std::move(request)); }});
    other.Receive(bytes);
    std::string answer;
    other.Send(answer);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << bytes;
    EXPECT_TRUE(other.done()) << bytes;
  }
  EXPECT_EQ(echo.requests, 0);
}

// Exactly one, and none is needed by HTTP/1.0.
TEST_F(Http1, RefusesARequestThatDoesNotNameItsHost) {
  for (const std::string_view head :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"}) {
    Http1Session other(
        {.handler = [this](HttpRequest&& request) { return echo(std::move(request)); }});
    other.Receive(head);
    std::string answer;
    other.Send(answer);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << head;
    EXPECT_THAT(answer, HasSubstr("header Host")) << head;
    EXPECT_TRUE(other.done()) << head;
  }
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(Http1, TellsWhatItRefuses) {
  std::vector<std::string> refused;
  for (const std::string& bytes :
       {std::string("garbage\r\n\r\n"),
        std::string("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n"),
        "GET /h HTTP/1.1\r\nHost: x\r\nx: " + std::string(70'000, 'x') + "\r\n\r\n"}) {
    Http1Session other({.handler = [](HttpRequest&&) { return HttpResponse(); },
                        .refused =
                            [&refused](const HttpRequest& request, int status) {
                              refused.push_back(request.method + " " + request.target + " " +
                                                std::to_string(status));
                            }});
    other.Receive(bytes);
    std::string answer;
    other.Send(answer);
  }
  EXPECT_THAT(refused, ElementsAre("  400", "POST /p 413", "GET /h 431"));
}

TEST_F(Http1, SendsABodyWithoutEndInChunksAsTheyCome) {
  EXPECT_THAT(Say("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("transfer-encoding: chunked\r\n"));
  EXPECT_TRUE(session.streaming());
  echo.feed.Add("first");
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(Hear(), "5\r\nfirst\r\n");
  EXPECT_THAT(Say("GET /later HTTP/1.1\r\nHost: x\r\n\r\n"), IsEmpty()) << "waits for its turn";
  echo.feed.End();
  const std::string rest = Hear();
  EXPECT_THAT(rest, StartsWith("0\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(rest, EndsWith("GET /later 0 "));
  EXPECT_EQ(echo.feed.readers(), 0);
}

TEST_F(Http1, TakesNoMoreOfABodyThanItMaySend) {
  Say("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 100; ++i) echo.feed.Add(std::string(10'000, 'x'));
  std::string out;
  session.Send(out);
  EXPECT_LT(out.size(), HttpSession::kEnough + 20'000);
  EXPECT_GT(echo.feed.left(), 70U);
}

TEST_F(Http1, AnswersNoMoreThanItMaySend) {
  echo.feed.End();
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "GET /many HTTP/1.1\r\nHost: x\r\n\r\n";
  session.Receive(many);
  EXPECT_LT(many.size(), HttpSession::kEnough);
  std::string out;
  session.Send(out);
  EXPECT_LT(out.size(), HttpSession::kEnough + 1000);
  EXPECT_LT(echo.requests, 5000);
  Hear();
  EXPECT_EQ(echo.requests, 5000);
}

TEST_F(Http1, WantsNoInputThatItCannotRead) {
  Say("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
  session.Receive(std::string(HttpSession::kEnough, 'x'));
  EXPECT_FALSE(session.wants_input());
}

TEST_F(Http1, EndsWhatHasNoEndWhenItIsDrained) {
  Say("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
  session.Drain();
  EXPECT_EQ(Hear(), "0\r\n\r\n");
  EXPECT_TRUE(session.done());
  EXPECT_EQ(echo.feed.readers(), 0);
}

TEST_F(Http1, AnswersWhatHasBegunWhenItIsDrained) {
  Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\no");
  session.Drain();
  EXPECT_FALSE(session.done());
  EXPECT_THAT(Say("k"), HasSubstr("connection: close\r\n"));
  EXPECT_TRUE(session.done());
}

TEST_F(Http1, AnswersAllThatHasBeenAskedWhenItIsDrained) {
  session.Receive("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  session.Drain();
  const std::string answers = Hear();
  EXPECT_THAT(answers, HasSubstr("GET /1 0 HTTP/1.1 200"));
  EXPECT_THAT(answers, EndsWith("GET /2 0 "));
  EXPECT_EQ(answers.find("connection: close"), answers.rfind("connection: close"));
  EXPECT_TRUE(session.done());
}

TEST_F(Http1, IsDoneAtOnceWhenItIsDrainedIdle) {
  Say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  session.Drain();
  EXPECT_THAT(Hear(), IsEmpty());
  EXPECT_TRUE(session.done());
}

}  // namespace
}  // namespace riacho::internal
