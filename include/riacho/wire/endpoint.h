// Endpoint: serves a client of Riacho over loopback HTTP, as the service's own endpoint does, so
// that any SDK, the AWS CLI and consumers in other languages can use it.
//
//   riacho::Engine engine(riacho::SystemClock());
//   std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
//   riacho::Endpoint endpoint(*kinesis);
//   absl::Status started = endpoint.Start();
//   // aws --endpoint-url http://127.0.0.1:PORT kinesis list-streams
//   std::cout << endpoint.url();
//
// Speaks JSON 1.1 and CBOR over HTTP/1.1 and HTTP/2 on one port, with TLS if it is told to. As a
// program of its own: riacho-endpoint. The other end: RemoteClient.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "riacho/client/client.h"

namespace riacho {

namespace internal {
class HttpServer;
class Service;
}  // namespace internal

// Somebody who may sign requests, and the client that carries them out.
struct EndpointCredential {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  // X-Amz-Security-Token; empty: none may be sent
  Client* client = nullptr;        // must outlive the endpoint; null: the endpoint's
};

// A certificate and its private key, both PEM. Empty: one is made for localhost and the address,
// see Endpoint::certificate.
struct EndpointTls {
  std::string certificate = {};
  std::string private_key = {};
};

struct EndpointOptions {
  std::string address = "127.0.0.1";  // one of this machine's; "::1"; "0.0.0.0" for all
  std::uint16_t port = 0;             // 0: any that is free
  // How many threads serve. 0: none but those that call Run.
  int threads = 1;
  std::optional<EndpointTls> tls = {};  // none: plain HTTP
  std::string region = "us-east-1";     // that signatures must name, if they are verified

  // Not empty: requests must be signed, by one of these. Empty: any signature is taken, also none.
  std::vector<EndpointCredential> credentials = {};
  // Without credentials: whose client serves a caller whose access key id is an account's number of
  // twelve digits. Null, or a null answer: the endpoint's. Called on the serving threads; what it
  // answers must outlive the endpoint.
  std::function<Client*(std::string_view account_id)> client_of_account = {};
  // What GET /_riacho/metrics answers. Null: 404. Called on the serving threads.
  std::function<std::string()> metrics = {};
  // Is told of each answer: "POST / PutRecord 200 0.2 ms", and "- - 400 0.0 ms" if what was asked
  // could not be read. Null: nobody. Called on the serving threads.
  std::function<void(std::string_view line)> log = {};

  std::int64_t max_body_bytes = 16 << 20;  // 413 above
  // More wait to be accepted. Each is an open file: a process that may have 1,024 of them (`ulimit
  // -n`, RLIMIT_NOFILE) holds fewer connections. An endpoint leaves that limit alone.
  std::int64_t max_connections = 20'000;
  absl::Duration request_timeout = absl::Seconds(30);  // from a request's first byte to its last
  absl::Duration idle_timeout = absl::Minutes(5);      // a connection on which nothing is asked
};

// Thread-safe from the return of Start on; until then, Thread-compatible. `client` must outlive it;
// several endpoints share nothing.
class Endpoint {
 public:
  explicit Endpoint(Client& client, EndpointOptions options = {});
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  // Stops.
  ~Endpoint();

  // Listens, and serves on threads of its own, if it has any. Once.
  //
  // Errors: absl::StatusCode::kInvalidArgument (an option, and why it cannot be),
  // kFailedPrecondition (started already), kUnavailable (the address, and the system's words).
  absl::Status Start();

  // Serves on the calling thread too, until Stop is called. After Start.
  void Run();

  // Accepts nothing more, lets what has been asked be answered, for a second at most, ends
  // subscriptions and connections, and joins its threads. Not from a serving thread. From then on
  // nothing of the client is used.
  void Stop();

  // Of what it listens to, such as "http://127.0.0.1:40123". Empty before Start.
  std::string url() const;
  std::uint16_t port() const;

  // The certificate that it shows, PEM: for clients to trust. Empty without TLS, and before Start.
  std::string certificate() const;

 private:
  const EndpointOptions options_;
  std::string certificate_ = {};
  std::unique_ptr<internal::Service> service_;
  std::unique_ptr<internal::HttpServer> server_;  // goes first: it calls the service
};

}  // namespace riacho
