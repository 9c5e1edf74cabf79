#include "program/endpoint_arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "absl/status/status.h"

#include "base/return_if_error.h"
#include "program/account_engines.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kMostThreads = 256;
constexpr std::int64_t kMostShards = 1'000'000;  // what an account may have, its limits say

absl::Status WrongValue(std::string_view option, std::string_view value, std::string_view wanted) {
  return absl::InvalidArgumentError(std::string(option) + " is '" + std::string(value) +
                                    "'. Give " + std::string(wanted) + ".");
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> ParseCount(std::string_view text, std::int64_t least,
                                       std::int64_t most) {
  const std::optional<std::int64_t> number = ParseNumber<std::int64_t>(text);
  return number.has_value() && *number >= least && *number <= most ? number : std::nullopt;
}

// The two sides of the first colon; nothing without one.
struct Pair {
  std::string_view first;
  std::string_view second;
};
std::optional<Pair> SplitAtColon(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Pair{text.substr(0, colon), text.substr(colon + 1)};
}

// --- Values, by option

using Set = absl::Status (*)(EndpointArguments&, std::string_view option, std::string_view value);

absl::Status SetPort(EndpointArguments& arguments, std::string_view option,
                     std::string_view value) {
  const std::optional<std::int64_t> port = ParseCount(value, 0, 65535);
  if (!port.has_value())
    return WrongValue(option, value, "a number from 0 to 65535; 0 is any port that is free");
  arguments.port = static_cast<std::uint16_t>(*port);
  return absl::OkStatus();
}

absl::Status SetThreads(EndpointArguments& arguments, std::string_view option,
                        std::string_view value) {
  const std::optional<std::int64_t> threads = ParseCount(value, 1, kMostThreads);
  if (!threads.has_value()) return WrongValue(option, value, "a number from 1 to 256");
  arguments.threads = static_cast<int>(*threads);
  return absl::OkStatus();
}

absl::Status AddStream(EndpointArguments& arguments, std::string_view option,
                       std::string_view value) {
  const std::optional<Pair> pair = SplitAtColon(value);
  StreamArgument stream = {.name = std::string(pair.has_value() ? pair->first : value)};
  if (pair.has_value()) stream.shard_count = ParseCount(pair->second, 1, kMostShards);
  if (stream.name.empty() || (pair.has_value() && !stream.shard_count.has_value())) {
    return WrongValue(option, value,
                      "NAME:SHARDS, such as orders:2, or a name alone for an on-demand stream");
  }
  const auto same_name = [&](const StreamArgument& other) { return other.name == stream.name; };
  if (std::ranges::any_of(arguments.streams, same_name))
    return WrongValue(option, value, "each stream once");
  arguments.streams.push_back(std::move(stream));
  return absl::OkStatus();
}

absl::Status SetLimits(EndpointArguments& arguments, std::string_view option,
                       std::string_view value) {
  if (value != "service" && value != "off") {
    return WrongValue(option, value, "service, for the service's quotas, or off, for none");
  }
  arguments.engine.limits = value == "service" ? Limits::Service() : Limits::Unlimited();
  return absl::OkStatus();
}

absl::Status SetLifecycle(EndpointArguments& arguments, std::string_view option,
                          std::string_view value) {
  if (value != "service" && value != "instant") {
    return WrongValue(option, value,
                      "service, for changes that take as long as on the service, or instant");
  }
  arguments.engine.lifecycle = value == "service" ? Lifecycle::Service() : Lifecycle();
  return absl::OkStatus();
}

absl::Status SetMemoryBudget(EndpointArguments& arguments, std::string_view option,
                             std::string_view value) {
  std::string_view digits = value;
  std::int64_t unit = 1;
  for (const auto& [suffix, bytes] :
       {std::pair<std::string_view, std::int64_t>{"KiB", std::int64_t{1} << 10},
        {"MiB", std::int64_t{1} << 20},
        {"GiB", std::int64_t{1} << 30}}) {
    if (!value.ends_with(suffix)) continue;
    digits.remove_suffix(suffix.size());
    unit = bytes;
  }
  const std::optional<std::int64_t> number =
      ParseCount(digits, 1, std::numeric_limits<std::int64_t>::max() / unit);
  if (!number.has_value())
    return WrongValue(option, value, "a number of bytes, or of KiB, MiB or GiB, such as 512MiB");
  arguments.engine.memory_budget = *number * unit;
  return absl::OkStatus();
}

absl::Status SetSeed(EndpointArguments& arguments, std::string_view option,
                     std::string_view value) {
  arguments.engine.seed = ParseNumber<std::uint64_t>(value);
  if (!arguments.engine.seed.has_value())
    return WrongValue(option, value, "a whole number from 0 to 18446744073709551615");
  return absl::OkStatus();
}

absl::Status SetAccount(EndpointArguments& arguments, std::string_view option,
                        std::string_view value) {
  if (!IsAccountId(value)) return WrongValue(option, value, "the twelve digits of an account");
  arguments.engine.account_id = value;
  return absl::OkStatus();
}

absl::Status SetRegion(EndpointArguments& arguments, std::string_view option,
                       std::string_view value) {
  const bool is_region =
      value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  if (!is_region) return WrongValue(option, value, "a region, such as us-east-1");
  arguments.engine.region = value;
  return absl::OkStatus();
}

absl::Status AddCredential(EndpointArguments& arguments, std::string_view option,
                           std::string_view value) {
  const std::optional<Pair> pair = SplitAtColon(value);
  if (!pair.has_value() || pair->first.empty() || pair->second.empty()) {
    // The value may be a secret.
    return absl::InvalidArgumentError(std::string(option) +
                                      " has no colon with text on both sides of it. Give "
                                      "ACCESS_KEY:SECRET.");
  }
  arguments.credentials.push_back(
      {.access_key_id = std::string(pair->first), .secret_access_key = std::string(pair->second)});
  return absl::OkStatus();
}

template <std::string EndpointArguments::*kMember>
absl::Status SetText(EndpointArguments& arguments, std::string_view, std::string_view value) {
  arguments.*kMember = value;
  return absl::OkStatus();
}

struct ValueOption {
  std::string_view name;
  Set set;
};
constexpr std::array<ValueOption, 14> kValueOptions = {{
    {"--address", &SetText<&EndpointArguments::address>},
    {"--port", &SetPort},
    {"--threads", &SetThreads},
    {"--tls-certificate", &SetText<&EndpointArguments::tls_certificate>},
    {"--tls-key", &SetText<&EndpointArguments::tls_private_key>},
    {"--tls-certificate-out", &SetText<&EndpointArguments::tls_certificate_out>},
    {"--stream", &AddStream},
    {"--limits", &SetLimits},
    {"--lifecycle", &SetLifecycle},
    {"--memory-budget", &SetMemoryBudget},
    {"--seed", &SetSeed},
    {"--account", &SetAccount},
    {"--region", &SetRegion},
    {"--credentials", &AddCredential},
}};

struct FlagOption {
  std::string_view name;
  bool EndpointArguments::*flag;
};
constexpr std::array<FlagOption, 4> kFlagOptions = {{
    {"--tls", &EndpointArguments::tls},
    {"--log", &EndpointArguments::log},
    {"--help", &EndpointArguments::help},
    {"--version", &EndpointArguments::version},
}};

absl::Status CheckTogether(EndpointArguments& arguments) {
  if (arguments.tls_certificate.empty() != arguments.tls_private_key.empty()) {
    return absl::InvalidArgumentError(
        "--tls-certificate and --tls-key belong together. Give both, or --tls alone to have a "
        "certificate made.");
  }
  if (!arguments.tls_certificate.empty() || !arguments.tls_certificate_out.empty())
    arguments.tls = true;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EndpointArguments> ParseEndpointArguments(std::span<const char* const> arguments) {
  EndpointArguments parsed;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view name = argument.substr(0, equals);
    const auto flag = std::ranges::find(kFlagOptions, name, &FlagOption::name);
    if (flag != kFlagOptions.end()) {
      if (equals != argument.size())
        return absl::InvalidArgumentError(std::string(name) + " takes no value. Leave it away.");
      parsed.*flag->flag = true;
      continue;
    }
    const auto option = std::ranges::find(kValueOptions, name, &ValueOption::name);
    if (option == kValueOptions.end()) {
      return absl::InvalidArgumentError("'" + std::string(argument) +
                                        "' is no option. Those that are: riacho-endpoint --help.");
    }
    std::string_view value;
    if (equals != argument.size()) {
      value = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size() && !std::string_view(arguments[i + 1]).starts_with("--")) {
      value = arguments[++i];
    }
    if (value.empty()) {
      return absl::InvalidArgumentError(std::string(name) +
                                        " needs a value. Which: "
                                        "riacho-endpoint --help.");
    }
    RIACHO_RETURN_IF_ERROR(option->set(parsed, name, value));
  }
  RIACHO_RETURN_IF_ERROR(CheckTogether(parsed));
  return parsed;
}

std::string_view EndpointHelp() {
  return R"(riacho-endpoint: an Amazon Kinesis Data Streams endpoint of this machine

  Serves the AWS SDKs, the AWS CLI and consumer libraries over HTTP/1.1 and HTTP/2, from memory.
  Prints one line, its URL, when it is ready. SIGTERM or Ctrl-C ends it; nothing is kept.

    riacho-endpoint --stream orders:2 &
    aws --endpoint-url http://127.0.0.1:4567 kinesis list-streams

Usage: riacho-endpoint [option...]

  --port N                    the port to listen to; 0 is any that is free (default: 4567)
  --address ADDRESS           one of this machine's (default: 127.0.0.1; 0.0.0.0 is all of them)
  --threads N                 threads that serve (default: 1)

  --tls                       speaks TLS, with a certificate made for localhost and the address
  --tls-certificate FILE      with this certificate, PEM; needs --tls-key
  --tls-key FILE              and its private key, PEM
  --tls-certificate-out FILE  writes the certificate there before the URL is printed, for clients
                              to trust: AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS

  --stream NAME:SHARDS        creates a stream; may be given several times. NAME alone: on demand
  --limits service|off        the service's quotas and throughput limits, or none (default: service)
  --lifecycle instant|service
                              whether changes of streams, shards and consumers take no time, or as
                              long as on the service (default: instant)
  --memory-budget BYTES       the most memory for the records of an account, such as 512MiB; puts
                              beyond it are refused (default: none)
  --seed N                    makes the answers to the same calls the same
  --account DIGITS            the account of callers whose access key id is no account of its own
                              (default: 123456789012)
  --region NAME               (default: us-east-1)
  --credentials KEY:SECRET    requests must be signed, by one of those given. Without it any
                              signature is taken. An access key id of twelve digits is an account,
                              which sees its own streams only

  --log                       a line on stderr for each answer
  --help, --version

  GET /_riacho/health answers 200; GET /_riacho/metrics what has been counted in the account
  --account, for Prometheus.

Exit status: 0 when ended by a signal, 1 if it cannot listen, 2 for a wrong option.
)";
}

}  // namespace riacho::internal
