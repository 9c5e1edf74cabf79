// riacho-endpoint: a Kinesis endpoint as a program of its own. See riacho-endpoint --help.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <sys/resource.h>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/return_if_error.h"
#include "program/account_engines.h"
#include "program/endpoint_arguments.h"
#include "riacho/model/error.h"
#include "riacho/telemetry/prometheus.h"
#include "riacho/time/clock.h"
#include "riacho/wire/endpoint.h"

namespace riacho::internal {
namespace {

constexpr int kCannotServe = 1;
constexpr int kWrongArgument = 2;

absl::StatusOr<std::string> ReadFile(std::string_view option, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.is_open() && !file.bad() && !text.empty()) return text;
  return absl::InvalidArgumentError(std::string(option) + " is '" + path +
                                    "', which cannot be read or is empty. Give a file in PEM.");
}

absl::Status WriteCertificate(const std::string& path, const std::string& certificate) {
  std::ofstream file(path, std::ios::binary);
  file << certificate << std::flush;
  if (file.good()) return absl::OkStatus();
  return absl::InvalidArgumentError("--tls-certificate-out is '" + path +
                                    "', which cannot be written: " + std::strerror(errno) +
                                    ". Give another file.");
}

absl::Status CreateStreams(Client& kinesis, const EndpointArguments& arguments) {
  for (const StreamArgument& stream : arguments.streams) {
    CreateStreamRequest request = {.stream_name = stream.name, .shard_count = stream.shard_count};
    if (!stream.shard_count.has_value())
      request.stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand};
    if (const absl::Status created = kinesis.CreateStream(request).status(); !created.ok()) {
      return absl::InvalidArgumentError(
          "--stream is '" + stream.name +
          "', which cannot be created: " + std::string(ErrorMessage(created)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<EndpointOptions> OptionsOf(const EndpointArguments& arguments,
                                          AccountEngines& accounts) {
  EndpointOptions options;
  options.address = arguments.address;
  options.port = arguments.port;
  options.threads = arguments.threads;
  options.region = arguments.engine.region;
  if (arguments.tls) {
    options.tls.emplace();
    if (!arguments.tls_certificate.empty()) {
      absl::StatusOr<std::string> certificate =
          ReadFile("--tls-certificate", arguments.tls_certificate);
      RIACHO_RETURN_IF_ERROR(certificate.status());
      absl::StatusOr<std::string> key = ReadFile("--tls-key", arguments.tls_private_key);
      RIACHO_RETURN_IF_ERROR(key.status());
      options.tls->certificate = *std::move(certificate);
      options.tls->private_key = *std::move(key);
    }
  }
  for (const CredentialArgument& credential : arguments.credentials) {
    options.credentials.push_back({.access_key_id = credential.access_key_id,
                                   .secret_access_key = credential.secret_access_key,
                                   .client = accounts.ClientOf(credential.access_key_id)});
  }
  options.client_of_account = [&accounts](std::string_view account_id) {
    return accounts.ClientOf(account_id);
  };
  options.metrics = [&accounts] { return ToPrometheusText(accounts.engine().metrics()); };
  if (arguments.log) {
    options.log = [](std::string_view line) {
      // In one call, so that lines of several threads do not mix.
      const std::string text = std::string(line) + "\n";
      std::fwrite(text.data(), 1, text.size(), stderr);
    };
  }
  return options;
}

int Fail(int exit_status, const absl::Status& status) {
  std::cerr << "riacho-endpoint: " << status.message() << "\n";
  return exit_status;
}

// A connection is an open file, and shells allow few of these unless one asks.
void AllowManyConnections() {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int Serve(const EndpointArguments& arguments) {
  AllowManyConnections();
  // Threads inherit this: only sigwait receives them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  AccountEngines accounts(SystemClock(), arguments.engine);
  absl::StatusOr<EndpointOptions> options = OptionsOf(arguments, accounts);
  if (!options.ok()) return Fail(kWrongArgument, options.status());
  if (const absl::Status created = CreateStreams(accounts.client(), arguments); !created.ok())
    return Fail(kWrongArgument, created);
  Endpoint endpoint(accounts.client(), *std::move(options));
  if (const absl::Status started = endpoint.Start(); !started.ok())
    return Fail(absl::IsInvalidArgument(started) ? kWrongArgument : kCannotServe, started);
  if (!arguments.tls_certificate_out.empty()) {
    const absl::Status written =
        WriteCertificate(arguments.tls_certificate_out, endpoint.certificate());
    if (!written.ok()) return Fail(kWrongArgument, written);
  }
  std::cout << endpoint.url() << std::endl;

  int received = 0;
  sigwait(&ending, &received);
  endpoint.Stop();
  return 0;
}

int RunEndpoint(std::span<const char* const> text) {
  const absl::StatusOr<EndpointArguments> arguments = ParseEndpointArguments(text);
  if (!arguments.ok()) return Fail(kWrongArgument, arguments.status());
  if (arguments->help) {
    std::cout << EndpointHelp();
    return 0;
  }
  if (arguments->version) {
    std::cout << "riacho-endpoint " RIACHO_VERSION "\n";
    return 0;
  }
  return Serve(*arguments);
}

}  // namespace
}  // namespace riacho::internal

int main(int argc, char** argv) {
  return riacho::internal::RunEndpoint({argv + 1, static_cast<std::size_t>(argc - 1)});
}
