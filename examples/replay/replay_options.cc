#include "replay/replay_options.h"

#include <charconv>

#include "absl/status/status.h"

namespace replay {
namespace {

constexpr std::int64_t kMostShards = 500;
constexpr std::int64_t kMostThreads = 64;
constexpr std::int64_t kMostCopies = 10'000;
constexpr double kLeastSpeedUp = 1e-3;
constexpr double kMostSpeedUp = 1e12;

absl::Status WrongValue(const std::string& option, const std::string& value,
                        const std::string& allowed) {
  return absl::InvalidArgumentError(option + " is '" + value + "', but must be " + allowed + ".");
}

template <typename Number>
std::optional<Number> ParseNumber(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

absl::StatusOr<std::int64_t> WholeNumber(const std::string& option, const std::string& value,
                                         std::int64_t most) {
  const std::optional<std::int64_t> number = ParseNumber<std::int64_t>(value);
  if (number.has_value() && *number >= 1 && *number <= most) return *number;
  return WrongValue(option, value, "a whole number from 1 to " + std::to_string(most));
}

absl::Status SetNumber(ReplayOptions& options, const std::string& option,
                       const std::string& value) {
  if (option == "--speed-up") {
    options.speed_up = ParseNumber<double>(value);
    if (options.speed_up.has_value() && *options.speed_up >= kLeastSpeedUp &&
        *options.speed_up <= kMostSpeedUp) {
      return absl::OkStatus();
    }
    return WrongValue(option, value, "a number from 0.001 to 1000000000000");
  }
  const std::int64_t most = option == "--shards"    ? kMostShards
                            : option == "--threads" ? kMostThreads
                                                    : kMostCopies;
  const absl::StatusOr<std::int64_t> number = WholeNumber(option, value, most);
  if (!number.ok()) return number.status();
  if (option == "--shards") options.shards = *number;
  if (option == "--threads") options.threads = static_cast<int>(*number);
  if (option == "--copies") options.copies = *number;
  return absl::OkStatus();
}

absl::Status Set(ReplayOptions& options, const std::string& option, const std::string& value) {
  if (value.empty()) return absl::InvalidArgumentError(option + " needs a value.");
  if (option == "--input") {
    options.input = value;
  } else if (option == "--time") {
    options.time_column = value;
  } else if (option == "--key") {
    options.key_column = value;
  } else if (option == "--value") {
    options.value_column = value;
  } else if (option == "--limits") {
    if (value != "service" && value != "unlimited") {
      return WrongValue(option, value, "service or unlimited");
    }
    options.unlimited = value == "unlimited";
  } else {
    return SetNumber(options, option, value);
  }
  return absl::OkStatus();
}

bool TakesValue(std::string_view option) {
  for (const char* known : {"--input", "--time", "--key", "--value", "--shards", "--speed-up",
                            "--copies", "--threads", "--limits"}) {
    if (option == known) return true;
  }
  return false;
}

// With a file of one's own the columns must be named: those of the departures say nothing about it.
absl::Status CheckTogether(const ReplayOptions& options, bool has_time, bool has_key) {
  if (options.input.has_value() && !(has_time && has_key)) {
    return absl::InvalidArgumentError(
        "--input needs --time COLUMN and --key COLUMN: when an event happened, and what its "
        "partition key is.");
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view HelpText() {
  return R"(replay: replays events of a file through a stream, in virtual time

  Producers put every event at its time, compressed by the speed-up, retrying what the shards
  throttle. One consumer reads by iterators, two by enhanced fan-out, one of them slowly. On the way
  one shard is split and two are merged, and records leave the stream after 24 hours. At the end
  the demo checks that every consumer saw every event exactly once and each key in order.

Usage: replay [option...]

  --input FILE        a CSV file with a heading line (default: 20,000 departures of US flights)
  --time COLUMN       when an event happened: 2001/01/31 00:47, ISO 8601, or seconds or
                      milliseconds since 1970 (default: date)
  --key COLUMN        the partition key; the events of a key stay in order (default: origin)
  --value COLUMN      a number, of which the consumer keeps the mean per key (default: delay)
  --shards N          shards at the beginning (default: 4)
  --speed-up N        how many times as fast as it happened (default: the whole file in 8 minutes
                      of stream time, or 1 minute with --real-time)
  --copies N          puts every event N times, for more load (default: 1; for the departures 64, or
                      8 with --real-time)
  --threads N         threads of producers (default: 4)
  --limits WHICH      service: 1,000 records and 1 MiB per second and shard (default); or unlimited
  --real-time         runs on the machine's clock: as long as the stream time says
  --help              this text

Ends with 0 if all checks pass, 1 if one fails, 2 if the arguments or the file are wrong.
)";
}

absl::StatusOr<ReplayOptions> ParseArguments(int argc, char** argv) {
  ReplayOptions options;
  bool has_time = false;
  bool has_key = false;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--help" || option == "-h") {
      options.help = true;
      return options;
    }
    if (option == "--real-time") {
      options.real_time = true;
      continue;
    }
    std::optional<std::string> value;
    if (const std::size_t equals = option.find('='); equals != std::string::npos) {
      value = option.substr(equals + 1);
      option.resize(equals);
    }
    if (option == "--real-time" || option == "--help") {
      return absl::InvalidArgumentError(option + " takes no value.");
    }
    if (!TakesValue(option)) {
      return absl::InvalidArgumentError("There is no option '" + option + "'.");
    }
    if (!value.has_value()) {
      if (i + 1 == argc) return absl::InvalidArgumentError(option + " needs a value.");
      value = argv[++i];
    }
    if (absl::Status status = Set(options, option, *value); !status.ok()) return status;
    has_time = has_time || option == "--time";
    has_key = has_key || option == "--key";
  }
  if (absl::Status status = CheckTogether(options, has_time, has_key); !status.ok()) return status;
  return options;
}

}  // namespace replay
