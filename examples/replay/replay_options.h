// What the command line says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace replay {

struct ReplayOptions {
  std::optional<std::string> input = {};  // absent: the departures that come with this example
  std::string time_column = "date";
  std::string key_column = "origin";
  std::optional<std::string> value_column = {};  // absent: "delay", if the file has it
  std::int64_t shards = 4;
  std::optional<double> speed_up = {};      // absent: fits the length of the file
  std::optional<std::int64_t> copies = {};  // absent: fits the departures; 1 with --input
  int threads = 4;
  bool unlimited = false;
  bool real_time = false;
  bool help = false;
};

// The text that --help prints.
std::string_view HelpText();

// The message of an error says which argument is wrong, and what is right.
absl::StatusOr<ReplayOptions> ParseArguments(int argc, char** argv);

}  // namespace replay
