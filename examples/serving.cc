// Serving: an engine of this process as an endpoint for SDKs, the AWS CLI and programs in other
// languages.
//
//   serving            starts one, and ends it
//   serving --serve    serves until it is killed
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "riacho/riacho.h"
#include "riacho/telemetry/prometheus.h"
#include "riacho/wire/endpoint.h"

namespace {

// Ends the program with the error's text when a call fails.
void OrDie(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << riacho::ErrorMessage(status) << "\n";
  std::abort();
}

void ServeWithCredentials(riacho::Engine& engine) {
  // [START credentials]
  // A producer that may put records, and nothing else; everybody else is refused.
  const absl::StatusOr<riacho::Policy> puts = riacho::Policy::Parse(R"({
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "Action": "kinesis:PutRecord*", "Resource": "*"}})");
  OrDie(puts.status());
  std::unique_ptr<riacho::Client> root = engine.NewClient();
  std::unique_ptr<riacho::Client> producer =
      engine.NewClient(riacho::Principal::User("producer", {*puts}));
  riacho::EndpointOptions options;
  options.credentials = {{.access_key_id = "AKIDPRODUCER",
                          .secret_access_key = "of the tests only",
                          .client = producer.get()},
                         {.access_key_id = "AKIDROOT", .secret_access_key = "of the tests too"}};
  riacho::Endpoint endpoint(*root, std::move(options));
  OrDie(endpoint.Start());
  // [END credentials]
  std::cout << endpoint.url() << " wants signatures\n";
}

void ServeAccounts(riacho::Clock& clock) {
  // [START accounts]
  // One engine is one account: a second one for those who sign with its number.
  riacho::Engine ours(clock);
  riacho::Engine theirs(clock, {.account_id = "999999999999"});
  std::unique_ptr<riacho::Client> our_client = ours.NewClient();
  std::unique_ptr<riacho::Client> their_client = theirs.NewClient();
  riacho::EndpointOptions options;
  options.client_of_account = [&](std::string_view account_id) {
    return account_id == "999999999999" ? their_client.get() : nullptr;
  };
  riacho::Endpoint endpoint(*our_client, std::move(options));
  OrDie(endpoint.Start());
  // [END accounts]
  std::cout << endpoint.url() << " serves two accounts\n";
}

}  // namespace

int main(int argc, char** argv) {
  const bool serve = argc == 2 && std::string_view(argv[1]) == "--serve";
  // [START endpoint]
  riacho::Engine engine(riacho::SystemClock());
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}).status());

  riacho::EndpointOptions options;  // 127.0.0.1, a port that is free, a thread of its own
  options.metrics = [&engine] { return riacho::ToPrometheusText(engine.metrics()); };
  riacho::Endpoint endpoint(*kinesis, std::move(options));
  OrDie(endpoint.Start());
  std::cout << "aws --endpoint-url " << endpoint.url() << " kinesis list-streams" << std::endl;
  // [END endpoint]
  if (serve) endpoint.Run();
  endpoint.Stop();
  ServeWithCredentials(engine);
  ServeAccounts(riacho::SystemClock());
}
