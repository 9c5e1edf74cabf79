#include "wire/http_server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "wire/http_connection.h"

namespace riacho::internal {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Each connection has a strand of its own; the acceptor and the timer share one.
class HttpServer::Loop {
 public:
  Loop(HttpHandler handler, HttpServerOptions options)
      : handler_(std::move(handler)),
        options_(std::move(options)),
        strand_(asio::make_strand(io_)),
        acceptor_(strand_),
        timer_(strand_) {}

  absl::Status Start();
  void Run();
  void Stop();
  std::uint16_t port() const { return port_; }

 private:
  using Connections = std::set<std::shared_ptr<HttpConnection>>;

  absl::Status Listen();
  void Accept();
  void Add(tcp::socket socket);
  void Remove(const std::shared_ptr<HttpConnection>& connection);
  void AcceptAgain();
  void Sweep();
  Connections connections();
  bool AllEnded();

  const HttpHandler handler_;
  const HttpServerOptions options_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::strand<asio::io_context::executor_type> strand_;
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  bool full_ = false;  // on the strand: accepts when somebody goes
  std::uint16_t port_ = 0;

  absl::Mutex mutex_;
  Connections connections_ ABSL_GUARDED_BY(mutex_);
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int runners_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::jthread> threads_;
};

absl::Status HttpServer::Loop::Listen() {
  const std::string where = options_.address + ":" + std::to_string(options_.port);
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options_.address, error);
  if (error) {
    return absl::InvalidArgumentError("'" + options_.address +
                                      "' is no address; it looks like 127.0.0.1 or ::1");
  }
  const tcp::endpoint endpoint(address, options_.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (error) {
    return absl::UnavailableError("Cannot listen on " + where + ": " + error.message() +
                                  ". Choose another port, or 0 for any that is free.");
  }
  return absl::OkStatus();
}

absl::Status HttpServer::Loop::Start() {
  {
    const absl::MutexLock lock(&mutex_);
    if (std::exchange(started_, true))
      return absl::FailedPreconditionError("The endpoint has been started already.");
  }
  const absl::Status listening = Listen();
  if (!listening.ok()) return listening;
  asio::post(strand_, [this] {
    Accept();
    Sweep();
  });
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
  return absl::OkStatus();
}

void HttpServer::Loop::Run() {
  {
    const absl::MutexLock lock(&mutex_);
    ++runners_;
  }
  io_.run();
  const absl::MutexLock lock(&mutex_);
  --runners_;
}

void HttpServer::Loop::Accept() {
  acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
      Add(std::move(socket));
      if (!full_) Accept();
      return;
    }
    // Out of files, as a rule: the next sweep tries again, or whoever goes.
    full_ = true;
  });
}

void HttpServer::Loop::Add(tcp::socket socket) {
  const auto connection = std::make_shared<HttpConnection>(
      std::move(socket), options_, handler_,
      [this](const std::shared_ptr<HttpConnection>& closed) { Remove(closed); });
  {
    const absl::MutexLock lock(&mutex_);
    connections_.insert(connection);
    full_ = static_cast<std::int64_t>(connections_.size()) >= options_.max_connections;
  }
  asio::post(connection->executor(), [connection] { connection->Begin(); });
}

void HttpServer::Loop::Remove(const std::shared_ptr<HttpConnection>& connection) {
  {
    const absl::MutexLock lock(&mutex_);
    connections_.erase(connection);
  }
  asio::post(strand_, [this] { AcceptAgain(); });
}

// If it waits for room, and there is some.
void HttpServer::Loop::AcceptAgain() {
  if (!full_ || !acceptor_.is_open()) return;
  {
    const absl::MutexLock lock(&mutex_);
    full_ = static_cast<std::int64_t>(connections_.size()) >= options_.max_connections;
  }
  if (!full_) Accept();
}

// Ends connections that take too long.
void HttpServer::Loop::Sweep() {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count();
  for (const std::shared_ptr<HttpConnection>& connection : connections()) {
    if (connection->overdue(now)) {
      asio::post(connection->executor(), [connection, now] {
        if (connection->overdue(now)) connection->Close();  // unless it has moved meanwhile
      });
    }
  }
  AcceptAgain();
  // So often that nobody overstays by more than a quarter.
  const absl::Duration quarter = std::min(options_.request_timeout, options_.idle_timeout) / 4;
  timer_.expires_after(
      absl::ToChronoNanoseconds(std::clamp(quarter, absl::Milliseconds(5), absl::Seconds(1))));
  timer_.async_wait([this](error_code error) {
    if (!error && acceptor_.is_open()) Sweep();
  });
}

HttpServer::Loop::Connections HttpServer::Loop::connections() {
  const absl::MutexLock lock(&mutex_);
  return connections_;
}

bool HttpServer::Loop::AllEnded() {
  const absl::MutexLock lock(&mutex_);
  return connections_.empty();
}

void HttpServer::Loop::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    if (std::exchange(stopping_, true)) {
      mutex_.Await(absl::Condition(&stopped_));
      return;
    }
  }
  const auto draining = std::make_shared<std::atomic<bool>>(false);
  asio::post(strand_, [this, draining] {
    error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    for (const std::shared_ptr<HttpConnection>& connection : connections())
      asio::post(connection->executor(), [connection] { connection->Drain(); });
    draining->store(true);
  });
  // This thread helps: it may be the only one.
  constexpr std::chrono::seconds kPatience(1);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while ((!draining->load() || !AllEnded()) && std::chrono::steady_clock::now() < until)
    io_.run_one_for(std::chrono::milliseconds(5));
  io_.stop();
  threads_.clear();
  {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* runners) { return *runners == 0; }, &runners_));
  }
  for (const std::shared_ptr<HttpConnection>& connection : connections()) connection->Close();
  const absl::MutexLock lock(&mutex_);
  stopped_ = true;
}

HttpServer::HttpServer(HttpHandler handler, HttpServerOptions options)
    : loop_(std::make_unique<Loop>(std::move(handler), std::move(options))) {}

HttpServer::~HttpServer() { Stop(); }

absl::Status HttpServer::Start() { return loop_->Start(); }
void HttpServer::Run() { loop_->Run(); }
void HttpServer::Stop() { loop_->Stop(); }
std::uint16_t HttpServer::port() const { return loop_->port(); }

}  // namespace riacho::internal
