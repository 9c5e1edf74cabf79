// P17: instructions, which are the same on every machine of a kind, busy or not. Counted by
// valgrind's callgrind, under which this program runs itself once more.
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

#include <stdio.h>

#include "append_load.h"
#include "goals.h"
#include "put_load.h"

namespace riacho::bench {
namespace {

constexpr std::int64_t kOperations = 20'000;

// What callgrind looks for by name: all that counts happens inside.
template <typename Operations>
[[gnu::noinline]] void CountedByCallgrind(Operations&& operations) {
  operations();
}

// What callgrind says, up to the number of instructions behind "Collected :".
std::optional<std::int64_t> Collected(const std::string& report) {
  std::size_t at = report.find("Collected :");
  if (at == std::string::npos) return std::nullopt;
  at = report.find_first_of("0123456789", at);
  std::int64_t count = 0;
  if (at == std::string::npos ||
      std::from_chars(report.data() + at, report.data() + report.size(), count).ec != std::errc())
    return std::nullopt;
  return count;
}

// All that `command` prints.
std::string Output(const std::string& command) {
  const auto close = [](FILE* file) { pclose(file); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  Require(pipe != nullptr, "starting a program");
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t length = fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), length);
  return output;
}

std::string OwnPath() {
  std::array<char, 4096> path;
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  Require(length > 0, "finding this program");
  return std::string(path.data(), static_cast<std::size_t>(length));
}

void CountInstructions(GoalRun& run, Goal goal, const std::string& kind) {
  if (Output("command -v valgrind").empty())
    return run.NotMeasured(goal, "valgrind is not installed");
  const std::string report = Output(
      "valgrind --tool=callgrind --callgrind-out-file=/dev/null "
      "--toggle-collect='*CountedByCallgrind*' '" +
      OwnPath() + "' --instructions-of=" + kind + " 2>&1");
  const std::optional<std::int64_t> collected = Collected(report);
  if (!collected || *collected == 0)
    return run.NotMeasured(goal, "valgrind could not run this program");
  run.Count(goal, static_cast<double>(*collected) / static_cast<double>(kOperations));
}

}  // namespace

bool RunForInstructions(std::string_view kind) {
  if (kind == "append") {
    AppendLoad load;
    load.AppendMany(kOperations);
    load.Later(kOperations);
    CountedByCallgrind([&] { load.AppendMany(kOperations); });
    return true;
  }
  if (kind == "put") {
    PutLoad load({});
    CountedByCallgrind([&] { load.PutMany(kOperations); });
    return true;
  }
  return false;
}

void InstructionGoals(GoalRun& run) {
  if (!run.Wants("P17")) return;
  CountInstructions(run,
                    {.id = "P17",
                     .work = "append, 1 producer, trims included",
                     .bound = AtMost(110),
                     .unit = "instructions"},
                    "append");
  CountInstructions(run,
                    {.id = "P17",
                     .work = "PutRecord, 1 shard, steps of time included",
                     .bound = AtMost(500),
                     .unit = "instructions"},
                    "put");
}

}  // namespace riacho::bench
