#include "wire/canned_server.h"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace riacho {
namespace {

// The length of the request at the front of `received`; 0 if it has not come as a whole.
std::size_t WholeRequest(std::string_view received) {
  constexpr std::string_view kLength = "content-length: ";
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t body = 0;
  const std::size_t at = received.find(kLength);
  if (at < end) body = std::stoul(std::string(received.substr(at + kLength.size(), 10)));
  const std::size_t whole = end + 4 + body;
  return received.size() < whole ? 0 : whole;
}

}  // namespace

std::string HttpAnswer(std::string_view status, std::string_view body, std::string_view headers) {
  std::string answer = "HTTP/1.1 ";
  answer += status;
  answer += "\r\n";
  answer += headers;
  answer += "content-length: " + std::to_string(body.size()) + "\r\n\r\n";
  answer += body;
  return answer;
}

CannedServer::CannedServer(std::vector<CannedAnswer> answers)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      answers_(std::move(answers)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  bind(listener_, reinterpret_cast<const sockaddr*>(&address), length);
  listen(listener_, 16);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

CannedServer::~CannedServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_, &one, sizeof(one));
  thread_.join();
  close(stop_);
  close(listener_);
}

std::vector<std::string> CannedServer::requests() const {
  const absl::MutexLock lock(&mutex_);
  return requests_;
}

int CannedServer::connections() const {
  const absl::MutexLock lock(&mutex_);
  return connections_;
}

void CannedServer::Serve() {
  std::vector<Connection> connections;
  while (true) {
    std::vector<pollfd> entries = {{.fd = stop_, .events = POLLIN, .revents = 0},
                                   {.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const Connection& connection : connections)
      entries.push_back({.fd = connection.socket, .events = POLLIN, .revents = 0});
    poll(entries.data(), entries.size(), -1);
    if (entries[0].revents != 0) break;
    std::vector<Connection> open;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      if (entries[i + 2].revents == 0 || ServeConnection(connections[i])) {
        open.push_back(std::move(connections[i]));
      } else {
        close(connections[i].socket);
      }
    }
    if (entries[1].revents != 0) {
      open.push_back({accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), {}});
      const absl::MutexLock lock(&mutex_);
      ++connections_;
    }
    connections = std::move(open);
  }
  for (const Connection& connection : connections) close(connection.socket);
}

bool CannedServer::ServeConnection(Connection& connection) {
  std::array<char, 16384> room;
  const ssize_t length = recv(connection.socket, room.data(), room.size(), 0);
  if (length <= 0) return false;
  connection.received.append(room.data(), static_cast<std::size_t>(length));
  const std::size_t whole = WholeRequest(connection.received);
  if (whole == 0) return true;
  const absl::MutexLock lock(&mutex_);
  requests_.push_back(connection.received.substr(0, whole));
  connection.received.erase(0, whole);
  if (answers_.empty()) return true;
  const CannedAnswer answer = std::move(answers_.front());
  answers_.erase(answers_.begin());
  send(connection.socket, answer.bytes.data(), answer.bytes.size(), MSG_NOSIGNAL);
  return !answer.close;
}

}  // namespace riacho
