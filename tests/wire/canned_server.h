// A server on the loopback that answers what it was told to, for tests of clients.
//
//   CannedServer server({{.bytes = Http("200 OK", "{}")}});
//   RemoteClient client({.endpoint = server.url(), ...});
//   EXPECT_THAT(server.requests(), ElementsAre(HasSubstr("PutRecord")));
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace riacho {

// The answer to one request.
struct CannedAnswer {
  std::string bytes = {};  // empty: none at all
  bool close = false;      // the connection, after it
};

// An answer of HTTP/1.1 with that status line, body and further headers.
std::string HttpAnswer(std::string_view status, std::string_view body,
                       std::string_view headers = "");

// Thread-safe. Gives its answers in order, whatever is asked on whichever connection; requests
// beyond the last are not answered.
class CannedServer {
 public:
  explicit CannedServer(std::vector<CannedAnswer> answers);
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;
  ~CannedServer();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }

  // Heads and bodies, as they came.
  std::vector<std::string> requests() const;
  int connections() const;

 private:
  struct Connection {
    int socket;
    std::string received;
  };

  void Serve();
  // False: the connection is to be closed.
  bool ServeConnection(Connection& connection);

  const int listener_;
  const int stop_;  // an eventfd
  int port_ = 0;
  mutable absl::Mutex mutex_;
  std::vector<CannedAnswer> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace riacho
