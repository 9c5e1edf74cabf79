// The server with real sockets on loopback. What depends on time waits for the other end, never for
// a while.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <malloc.h>

#include "wire/http_caller.h"
#include "wire/http_fixture.h"
#include "wire/http_server.h"

namespace riacho::internal {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Server {
 public:
  explicit Server(HttpServerOptions options = {})
      : server([this](HttpRequest&& request) { return echo(std::move(request)); },
               std::move(options)) {
    EXPECT_TRUE(server.Start().ok());
  }
  void AwaitReaders(int readers) {
    while (echo.feed.readers() != readers) std::this_thread::yield();
  }

  Echo echo;
  HttpServer server;
};

#ifdef RIACHO_SANITIZED
constexpr std::size_t kManyConnections = 400;
#else
constexpr std::size_t kManyConnections = 10'000;
#endif

// From now on as many as the process may have at all.
std::size_t OpenFilesAllowed() {
  rlimit files = {};
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  return files.rlim_cur;
}

std::size_t ResidentBytes() {
  std::ifstream pages("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  pages >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(HttpServer, AnswersOnManyConnectionsAtOnce) {
  Server world({.threads = 2});
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 200; ++i) callers.push_back(std::make_unique<Caller>(world.server.port()));
  for (int round = 0; round < 3; ++round) {
    for (const auto& caller : callers) caller->Say(kGet);
    for (const auto& caller : callers)
      EXPECT_THAT(caller->Hear("GET /a 0 "), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
}

TEST(HttpServer, ServesOnTheCallersThread) {
  Server world({.threads = 0});
  std::jthread runner([&world] { world.server.Run(); });
  Caller caller(world.server.port());
  caller.Say(kGet);
  EXPECT_THAT(caller.Hear("GET /a 0 "), HasSubstr("200 OK"));
  world.server.Stop();
}

TEST(HttpServer, TakesAnotherPortWhenTheFirstIsTaken) {
  Server first;
  Server second;
  EXPECT_NE(first.server.port(), second.server.port());
  HttpServer third([](HttpRequest&&) { return HttpResponse(); }, {.port = first.server.port()});
  const absl::Status status = third.Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::to_string(first.server.port())));
}

TEST(HttpServer, SaysWhichAddressIsNone) {
  HttpServer server([](HttpRequest&&) { return HttpResponse(); }, {.address = "here"});
  const absl::Status status = server.Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("'here'"));
}

TEST(HttpServer, WakesForABodyThatGoesOn) {
  Server world;
  Caller caller(world.server.port());
  caller.Say(kGetFeed);
  caller.Hear("\r\n\r\n");
  world.echo.feed.Add("one");
  EXPECT_EQ(caller.Hear("one\r\n"), "3\r\none\r\n");
  world.echo.feed.End();
  EXPECT_EQ(caller.Hear("0\r\n\r\n"), "0\r\n\r\n");
}

TEST(HttpServer, AReaderThatDoesNotReadHoldsBackItselfAlone) {
  Server world;
  Caller slow(world.server.port());
  slow.Say(kGetFeed);
  world.AwaitReaders(1);
  constexpr int kPieces = 400;
  for (int i = 0; i < kPieces; ++i) world.echo.feed.Add(std::string(100'000, 'x'));
  Caller other(world.server.port());
  for (int i = 0; i < 100; ++i) {
    other.Say(kGet);
    EXPECT_THAT(other.Hear("GET /a 0 "), HasSubstr("200 OK"));
  }
  EXPECT_GT(world.echo.feed.left(), 200U) << "of 40 MB; the kernel's buffers hold some";
  world.echo.feed.End();
  EXPECT_GT(slow.Hear("0\r\n\r\n").size(), 40'000'000U);
}

TEST(HttpServer, LetsGoOfABodyWhenItsReaderHangsUp) {
  Server world;
  Caller caller(world.server.port());
  caller.Say(kGetFeed);
  world.AwaitReaders(1);
  caller.HangUp();
  world.AwaitReaders(0);
}

TEST(HttpServer, LetsGoOfTheLastBodyOfAConnectionToo) {
  Server world;
  Caller caller(world.server.port());
  caller.Say("GET /feed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  world.AwaitReaders(1);
  caller.HangUp();
  world.AwaitReaders(0);
}

// Who half closes a connection may still read; but a body without an end would not notice when
// nobody does.
TEST(HttpServer, LetsGoOfABodyWhoseReaderHasNothingMoreToSay) {
  Server world;
  Caller caller(world.server.port());
  caller.Say(kGetFeed);
  world.AwaitReaders(1);
  caller.SayNoMore();
  world.AwaitReaders(0);
  EXPECT_THAT(caller.Hear(), StartsWith("HTTP/1.1 200 OK\r\n")) << "and the end";
}

// Of the following, each is let go of when another is served: there is room for one.
TEST(HttpServer, ServesOthersAfterAResetInARequest) {
  Server world({.max_connections = 1});
  Caller caller(world.server.port());
  caller.Say(kGet);
  caller.Hear("GET /a 0 ");
  caller.Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell");
  caller.Reset();
  Caller next(world.server.port());
  next.Say(kGet);
  EXPECT_THAT(next.Hear("GET /a 0 "), HasSubstr("200 OK"));
  EXPECT_EQ(world.echo.requests, 2);
}

TEST(HttpServer, ServesOthersAfterAResetInALongAnswer) {
  HttpServer server(
      [](HttpRequest&& request) {
        return HttpResponse{.body = request.target == "/a" ? "GET /a 0 "
                                                           : std::string(16'000'000, 'x')};
      },
      {.max_connections = 1});
  ASSERT_TRUE(server.Start().ok());
  Caller caller(server.port());
  caller.Say("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(caller.HearSome(), StartsWith("HTTP/1.1 200 OK"));
  caller.Reset();
  Caller next(server.port());
  next.Say(kGet);
  EXPECT_THAT(next.Hear("GET /a 0 "), HasSubstr("200 OK"));
}

TEST(HttpServer, ServesOthersAfterAResetOfASubscription) {
  Server world({.max_connections = 1});
  Caller caller(world.server.port());
  caller.Say(kGetFeed);
  world.AwaitReaders(1);
  for (int i = 0; i < 100; ++i) world.echo.feed.Add(std::string(100'000, 'x'));
  EXPECT_THAT(caller.HearSome(), StartsWith("HTTP/1.1 200 OK"));
  caller.Reset();
  world.AwaitReaders(0);
  Caller next(world.server.port());
  next.Say(kGet);
  EXPECT_THAT(next.Hear("GET /a 0 "), HasSubstr("200 OK"));
}

TEST(HttpServer, AnswersWhoHasNothingMoreToSay) {
  Server world;
  Caller caller(world.server.port());
  caller.Say(kGet);
  caller.SayNoMore();
  EXPECT_THAT(caller.Hear(), EndsWith("GET /a 0 "));
}

TEST(HttpServer, HangsUpOnWhoNeverEndsARequest) {
  Server world({.request_timeout = absl::Milliseconds(30)});
  Caller caller(world.server.port());
  caller.Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell");
  EXPECT_THAT(caller.Hear(), IsEmpty());
}

// However long it goes on: the body would be taken.
TEST(HttpServer, HangsUpOnWhoDripsARequest) {
  Server world({.request_timeout = absl::Milliseconds(30)});
  Caller caller(world.server.port());
  caller.Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
  std::jthread dripping([&caller](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      caller.Say("x");
      std::this_thread::yield();
    }
  });
  EXPECT_THAT(caller.Hear(), IsEmpty());
  EXPECT_EQ(world.echo.requests, 0);
}

TEST(HttpServer, HangsUpOnWhoAsksNothing) {
  Server world({.idle_timeout = absl::Milliseconds(30)});
  Caller caller(world.server.port());
  EXPECT_THAT(caller.Hear(), IsEmpty());
  Caller asking(world.server.port());
  asking.Say(kGet);
  EXPECT_THAT(asking.Hear(), EndsWith("GET /a 0 ")) << "and then no more";
}

TEST(HttpServer, AnswersWhomItRefusesInTheMiddleOfTheirBody) {
  Server world({.max_body_bytes = 1000});
  Caller caller(world.server.port());
  caller.Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n");
  std::jthread sending([&caller] { caller.Say(std::string(4'000'000, 'x')); });
  EXPECT_THAT(caller.Hear(), StartsWith("HTTP/1.1 413 "));
}

TEST(HttpServer, MoreConnectionsThanItHoldsWait) {
  Server world({.max_connections = 2});
  auto first = std::make_unique<Caller>(world.server.port());
  Caller second(world.server.port());
  first->Say(kGet);
  second.Say(kGet);
  first->Hear("GET /a 0 ");
  second.Hear("GET /a 0 ");
  Caller third(world.server.port());
  third.Say(kGet);
  first = nullptr;
  EXPECT_THAT(third.Hear("GET /a 0 "), HasSubstr("200 OK"));
}

// Both ends are of this process: two files a connection, of which the system may allow too few.
// Prints how many there were.
TEST(HttpServer, HoldsTenThousandIdleConnections) {
  Server world;
  const std::size_t count = std::min(kManyConnections, (OpenFilesAllowed() - 100) / 2);
  malloc_trim(0);  // what other tests have left would be taken for nothing
  const std::size_t before = ResidentBytes();
  std::vector<std::unique_ptr<Caller>> idle;
  idle.reserve(count);
  const auto ask = [](Caller& caller) {
    caller.Say(kGet);
    return caller.Hear("GET /a 0 ");
  };
  while (idle.size() < count) {
    idle.push_back(std::make_unique<Caller>(world.server.port()));
    // No more may wait to be accepted than the system allows.
    if (idle.size() % 500 == 0) ask(*idle.back());
  }
  EXPECT_THAT(ask(*idle.front()), HasSubstr("200 OK"));
  EXPECT_THAT(ask(*idle.back()), HasSubstr("200 OK"));
  Caller another(world.server.port());
  EXPECT_THAT(ask(another), HasSubstr("200 OK"));
  const std::size_t each = (ResidentBytes() - before) / count;
  std::cout << count << " idle connections, " << each << " bytes of memory each\n";
#ifndef RIACHO_SANITIZED
  EXPECT_LT(each, 16'384U) << "both ends together";
#endif
  const auto began = std::chrono::steady_clock::now();
  world.server.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2))
      << "one second of patience, and what it takes to close them";
  for (const auto& caller : idle) ASSERT_THAT(caller->Hear(), IsEmpty());
}

TEST(HttpServer, StopEndsBodiesAndConnections) {
  Server world({.threads = 2});
  Caller reading(world.server.port());
  reading.Say(kGetFeed);
  world.AwaitReaders(1);
  Caller idle(world.server.port());
  world.server.Stop();
  EXPECT_THAT(reading.Hear(), EndsWith("0\r\n\r\n"));
  EXPECT_THAT(idle.Hear(), IsEmpty());
  EXPECT_EQ(world.echo.feed.readers(), 0);
}

TEST(HttpServer, StopLetsARequestEndThatHasBegun) {
  Server world;
  Caller caller(world.server.port());
  caller.Say(kGet);
  caller.Hear("GET /a 0 ");
  caller.Say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
  std::jthread stopper([&world] { world.server.Stop(); });
  while (Caller::Connects(world.server.port())) std::this_thread::yield();
  caller.Say("llo");
  EXPECT_THAT(caller.Hear(), EndsWith("POST /a 5 hello"));
}

TEST(HttpServer, StopAnswersWhoWaitsForABusyThread) {
  absl::Notification busy;
  absl::Notification release;
  HttpServer server(
      [&](HttpRequest&& request) {
        if (request.target == "/hold") {
          busy.Notify();
          release.WaitForNotification();
        }
        return HttpResponse{.body = "answer to " + request.target};
      },
      {});
  ASSERT_TRUE(server.Start().ok());
  Caller waiting(server.port());
  waiting.Say(kGet);
  waiting.Hear("answer to /a");
  Caller holding(server.port());
  holding.Say("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
  busy.WaitForNotification();
  waiting.Say(kGet);
  std::jthread stopper([&server] { server.Stop(); });
  EXPECT_THAT(waiting.Hear(), EndsWith("answer to /a"));
  release.Notify();
  EXPECT_THAT(holding.Hear(), EndsWith("answer to /hold"));
}

TEST(HttpServer, StopWithoutThreadsAndWithoutStart) {
  Server world({.threads = 0});
  Caller caller(world.server.port());
  world.server.Stop();
  HttpServer never([](HttpRequest&&) { return HttpResponse(); }, {});
  never.Stop();
}

TEST(HttpServer, StopsWhileItIsAsked) {
  for (int i = 0; i < 20; ++i) {
    Server world({.threads = 2});
    std::vector<std::jthread> callers;
    for (int j = 0; j < 4; ++j) {
      callers.emplace_back([caller_ptr = std::make_shared<Caller>(world.server.port())] {
        Caller& caller = *caller_ptr;
        for (int k = 0; k < 1000; ++k) {
          caller.Say(kGet);
          if (caller.Hear("GET /a 0 ").empty()) return;
        }
      });
    }
    while (world.echo.requests < 4) std::this_thread::yield();
    world.server.Stop();
  }
}

}  // namespace
}  // namespace riacho::internal
