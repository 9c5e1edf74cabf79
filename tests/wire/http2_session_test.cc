// HTTP/2 as bytes in and bytes out, told by the library that every other client uses.
#include "wire/http2_session.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "wire/http2_peer.h"
#include "wire/http_fixture.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Pair;

class Http2 : public testing::Test {
 protected:
  // Until neither has anything to say.
  void Talk(Http2Peer& with) {
    for (int quiet = 0; quiet < 2;) {
      const std::string said = with.Send();
      session.Receive(said);
      std::string heard;
      session.Send(heard);
      ASSERT_TRUE(with.Receive(heard));
      quiet = said.empty() && heard.empty() ? quiet + 1 : 0;
    }
  }
  void Talk() { Talk(peer); }

  Echo echo;
  int wakes = 0;
  Http2Session session{
      {.handler = [this](HttpRequest&& request) { return echo(std::move(request)); },
       .max_body_bytes = 100'000,
       .wake = [this] { ++wakes; }}};
  Http2Peer peer;
};

TEST_F(Http2, AnswersRequests) {
  const std::int32_t get = peer.Ask("GET", "/a?b=c");
  const std::int32_t post = peer.Ask("POST", "/p", "hello");
  Talk();
  EXPECT_EQ(peer.answer(get).headers.at(":status"), "200");
  EXPECT_EQ(peer.answer(get).headers.at("content-type"), "text/plain");
  EXPECT_EQ(peer.answer(get).headers.at("content-length"), "13");
  EXPECT_EQ(peer.answer(get).body, "GET /a?b=c 0 ");
  EXPECT_EQ(peer.answer(post).body, "POST /p 5 hello");
  EXPECT_TRUE(peer.answer(post).ended);
  EXPECT_FALSE(session.in_request());
}

TEST_F(Http2, NamesTheAuthorityAsTheHost) {
  std::string host;
  Http2Session other({.handler = [&host](HttpRequest&& request) {
    host = HeaderOf(request.headers, "host");
    return HttpResponse();
  }});
  Http2Peer asking;
  asking.Ask("POST", "/", "x");
  other.Receive(asking.Send());
  std::string out;
  other.Send(out);
  EXPECT_EQ(host, "localhost");
}

TEST_F(Http2, TakesAHostThatIsSaidTwiceOnce) {
  int hosts = 0;
  Http2Session other({.handler = [&hosts](HttpRequest&& request) {
    for (const auto& [name, value] : request.headers) hosts += name == "host" ? 1 : 0;
    return HttpResponse();
  }});
  Http2Peer asking;
  asking.Ask("POST", "/", "x", {{"host", "localhost"}});
  other.Receive(asking.Send());
  std::string out;
  other.Send(out);
  EXPECT_EQ(hosts, 1);
}

// Their answers would have to wait.
TEST_F(Http2, CarriesOutNoMoreThanThePeerHasRoomFor) {
  int requests = 0;
  Http2Session other({.handler = [&requests](HttpRequest&&) {
    ++requests;
    return HttpResponse{.body = std::string(100'000, 'x')};
  }});
  Http2Peer closed(0);
  std::vector<std::int32_t> gets;
  for (int i = 0; i < 50; ++i) gets.push_back(closed.Ask("GET", "/"));
  for (int i = 0; i < 3; ++i) {
    other.Receive(closed.Send());
    std::string out;
    other.Send(out);
    ASSERT_TRUE(closed.Receive(out));
  }
  EXPECT_EQ(requests, 3) << "a quarter of a megabyte";
  for (const std::int32_t get : gets) closed.Cancel(get);
  other.Receive(closed.Send());
  std::string out;
  other.Send(out);
  EXPECT_EQ(requests, 3) << "nobody waits for the others any more";
}

TEST_F(Http2, TakesABodyInPieces) {
  const std::int32_t post = peer.Ask("POST", "/p", std::string(90'000, 'x'));
  Talk();
  EXPECT_THAT(peer.answer(post).body, HasSubstr("POST /p 90000 xxx"));
}

TEST_F(Http2, RefusesABodyThatIsTooLongAndGoesOn) {
  const std::int32_t post = peer.Ask("POST", "/p", std::string(150'000, 'x'));
  Talk();
  EXPECT_EQ(peer.answer(post).headers.at(":status"), "413");
  EXPECT_THAT(peer.answer(post).body, HasSubstr("limit of 100000 bytes"));
  const std::int32_t get = peer.Ask("GET", "/after");
  Talk();
  EXPECT_EQ(peer.answer(get).body, "GET /after 0 ");
}

// What has been refused must not hold the connection, which ends those that take long to ask.
TEST_F(Http2, WaitsForNothingMoreOfABodyThatItHasRefused) {
  const std::int32_t post = peer.Ask("POST", "/p", std::string(10'000'000, 'x'));
  Talk();
  EXPECT_EQ(peer.answer(post).headers.at(":status"), "413");
  EXPECT_TRUE(peer.answer(post).ended);
  EXPECT_EQ(peer.answer(post).reset, 0U) << "NO_ERROR";
  EXPECT_GT(peer.unsent(post), 9'000'000U);
  EXPECT_FALSE(session.in_request());
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(Http2, IsNoLongerInARequestWhoseRefusalNobodyReads) {
  Http2Peer closed(0);
  const std::int32_t post =
      closed.Ask("POST", "/p", std::string(1'000'000, 'x'), {{"content-length", "1000000"}});
  session.Receive(closed.Send());
  std::string heard;
  session.Send(heard);
  EXPECT_FALSE(session.in_request());
  EXPECT_GT(closed.unsent(post), 0U);
}

TEST_F(Http2, RefusesABodyThatIsAnnouncedTooLong) {
  const std::int32_t post =
      peer.Ask("POST", "/p", std::string(1'000'000, 'x'), {{"content-length", "1073741824"}});
  session.Receive(peer.Send());
  std::string heard;
  session.Send(heard);
  ASSERT_TRUE(peer.Receive(heard));
  EXPECT_EQ(peer.answer(post).headers.at(":status"), "413");
  EXPECT_TRUE(peer.answer(post).ended);
  EXPECT_GT(peer.unsent(post), 900'000U);
  EXPECT_FALSE(session.in_request());
}

TEST_F(Http2, TellsWhatItRefuses) {
  std::vector<std::string> refused;
  Http2Session other({.handler = [](HttpRequest&&) { return HttpResponse(); },
                      .max_body_bytes = 100,
                      .refused =
                          [&refused](const HttpRequest& request, int status) {
                            refused.push_back(request.method + " " + request.target + " " +
                                              std::to_string(status));
                          }});
  peer.Ask("POST", "/p", std::string(150, 'x'));
  other.Receive(peer.Send());
  std::string out;
  other.Send(out);
  EXPECT_THAT(refused, ElementsAre("POST /p 413"));
}

TEST_F(Http2, RefusesMoreLongBodiesAtOnceThanItHasRoomFor) {
  std::vector<std::int32_t> posts;
  for (int i = 0; i < 8; ++i) posts.push_back(peer.Ask("POST", "/p", std::string(95'000, 'x')));
  Talk();
  std::map<std::string, int> statuses;
  for (const std::int32_t post : posts) ++statuses[peer.answer(post).headers.at(":status")];
  EXPECT_THAT(statuses, ElementsAre(Pair("200", Ge(1)), Pair("503", Ge(1))));
  const std::int32_t after = peer.Ask("POST", "/after", std::string(95'000, 'x'));
  Talk();
  EXPECT_EQ(peer.answer(after).headers.at(":status"), "200");
}

TEST_F(Http2, ResetsAStreamWithTooManyHeaders) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (int i = 0; i < 80; ++i)
    headers.emplace_back("x-" + std::to_string(i), std::string(1000, 'x'));
  const std::int32_t get = peer.Ask("GET", "/h", "", headers);
  Talk();
  EXPECT_NE(peer.answer(get).reset, 0U);
  EXPECT_EQ(echo.requests, 0);
  const std::int32_t after = peer.Ask("GET", "/after");
  Talk();
  EXPECT_EQ(peer.answer(after).body, "GET /after 0 ");
}

TEST_F(Http2, SaysGoodByeToWhatIsNotHttp2) {
  session.Receive(std::string(kHttp2Preface) + "this is no frame of HTTP/2 at all");
  std::string out;
  session.Send(out);
  EXPECT_TRUE(peer.Receive(out));
  EXPECT_TRUE(peer.told_to_go());
  EXPECT_TRUE(session.done());
}

TEST_F(Http2, SendsABodyWithoutEndAsItComes) {
  const std::int32_t id = peer.Ask("GET", "/feed");
  Talk();
  EXPECT_EQ(peer.answer(id).headers.at(":status"), "200");
  EXPECT_TRUE(session.streaming());
  echo.feed.Add("first");
  EXPECT_EQ(wakes, 1);
  Talk();
  EXPECT_EQ(peer.answer(id).body, "first");
  EXPECT_FALSE(peer.answer(id).ended);
  const std::int32_t other = peer.Ask("GET", "/meanwhile");
  Talk();
  EXPECT_EQ(peer.answer(other).body, "GET /meanwhile 0 ");
  echo.feed.End();
  Talk();
  EXPECT_TRUE(peer.answer(id).ended);
  EXPECT_EQ(echo.feed.readers(), 0);
}

TEST_F(Http2, TakesNoMoreOfABodyThanItsReaderHasRoomFor) {
  constexpr std::int32_t kWindow = 50'000;
  Http2Peer slow(kWindow);
  const std::int32_t id = slow.Ask("GET", "/feed");
  for (int i = 0; i < 100; ++i) echo.feed.Add(std::string(10'000, 'x'));
  Talk(slow);
  EXPECT_EQ(slow.answer(id).body.size(), kWindow);
  EXPECT_EQ(echo.feed.left(), 95U);
  slow.Consume(id);
  Talk(slow);
  EXPECT_EQ(slow.answer(id).body.size(), 2 * kWindow);
}

// One event may be longer than all that is to wait of other answers.
TEST_F(Http2, AReaderThatDoesNotReadHoldsBackItsOwnStreamAlone) {
  Http2Peer slow(50'000);
  const std::int32_t stuck = slow.Ask("GET", "/feed");
  Talk(slow);
  echo.feed.Add(std::string(400'000, 'x'));
  echo.feed.Add("next");
  Talk(slow);
  EXPECT_EQ(slow.answer(stuck).body.size(), 50'000U);
  const std::int32_t other = slow.Ask("GET", "/meanwhile");
  Talk(slow);
  EXPECT_EQ(slow.answer(other).body, "GET /meanwhile 0 ");
  EXPECT_EQ(echo.feed.left(), 1U) << "an event at a time";
}

TEST_F(Http2, LetsGoOfABodyWhoseReaderHasGone) {
  const std::int32_t id = peer.Ask("GET", "/feed");
  Talk();
  EXPECT_EQ(echo.feed.readers(), 1);
  peer.Cancel(id);
  Talk();
  EXPECT_EQ(echo.feed.readers(), 0);
}

TEST_F(Http2, AnswersWhatHasBeenAskedWhenItIsDrained) {
  Talk();
  const std::int32_t get = peer.Ask("GET", "/late");
  session.Receive(peer.Send());
  session.Drain();
  Talk();
  EXPECT_EQ(peer.answer(get).body, "GET /late 0 ");
  EXPECT_EQ(peer.last_taken(), get);
  EXPECT_TRUE(session.done());
}

// Before the peer could know: what it is told was not taken must not be done.
TEST_F(Http2, DoesNothingOfWhatIsAskedOnceItIsDrained) {
  const std::int32_t taken = peer.Ask("GET", "/taken");
  session.Receive(peer.Send());
  session.Drain();
  const std::int32_t late = peer.Ask("PUT", "/late", "body");
  session.Receive(peer.Send());
  Talk();
  EXPECT_EQ(session.requests(), 1U);
  EXPECT_EQ(peer.answer(taken).body, "GET /taken 0 ");
  EXPECT_EQ(peer.last_taken(), taken);
  EXPECT_LT(taken, late);
  EXPECT_TRUE(session.done());
}

TEST_F(Http2, EndsWhatHasNoEndWhenItIsDrained) {
  const std::int32_t id = peer.Ask("GET", "/feed");
  Talk();
  session.Drain();
  Talk();
  EXPECT_TRUE(peer.answer(id).ended);
  EXPECT_TRUE(peer.told_to_go());
  EXPECT_TRUE(session.done());
}

}  // namespace
}  // namespace riacho::internal
