// One connection of the server, whose turns the test takes itself: what happens in which order is
// no matter of luck.
#include "wire/http_connection.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "wire/http_caller.h"
#include "wire/http_fixture.h"

namespace riacho::internal {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class HttpConnectionTest : public testing::Test {
 protected:
  HttpConnectionTest() {
    boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    caller = std::make_unique<Caller>(acceptor.local_endpoint().port());
    connection = std::make_shared<HttpConnection>(
        acceptor.accept(), options, handler,
        [this](const std::shared_ptr<HttpConnection>&) { closed = true; });
    connection->Begin();
    io.poll();
  }

  Echo echo;
  const HttpServerOptions options = {};
  const HttpHandler handler = [this](HttpRequest&& request) { return echo(std::move(request)); };
  boost::asio::io_context io;
  std::unique_ptr<Caller> caller;
  std::shared_ptr<HttpConnection> connection;
  bool closed = false;
};

TEST_F(HttpConnectionTest, AnswersWhatItHasNotReadYetWhenItIsDrained) {
  caller->Say(kGet);
  connection->Drain();
  io.poll();
  ASSERT_TRUE(closed);
  EXPECT_THAT(caller->Hear(), AllOf(HasSubstr("\r\nconnection: close\r\n"), EndsWith("GET /a 0 ")));
}

TEST_F(HttpConnectionTest, LetsARequestEndThatHadBegunWhenItIsDrained) {
  caller->Say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
  connection->Drain();
  io.poll();
  ASSERT_FALSE(closed);
  caller->Say("llo");
  io.poll();
  ASSERT_TRUE(closed);
  EXPECT_THAT(caller->Hear(),
              AllOf(HasSubstr("\r\nconnection: close\r\n"), EndsWith("POST /a 5 hello")));
}

TEST_F(HttpConnectionTest, EndsAtOnceWhenItIsDrainedIdle) {
  connection->Drain();
  io.poll();
  ASSERT_TRUE(closed);
  EXPECT_THAT(caller->Hear(), IsEmpty());
}

}  // namespace
}  // namespace riacho::internal
