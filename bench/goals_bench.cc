// The speed goals, measured: one table, on standard output, of what each work takes beside what it
// is measured by. Progress goes to standard error.
//
//   goals_bench                       all goals, in some minutes
//   goals_bench --quick               fewer samples and smaller sizes
//   goals_bench --goals=P1,P4         some of them
//   goals_bench --records=100000000   how far the growth of a stream is followed (14 GB)
//   goals_bench --emulator=…          compare with what bench/emulators/measure.mjs has found
//   goals_bench --title="…"           a line to stand above the table
//
// Subject and yardstick take turns. Threads are pinned; a sample counts if its threads had 93 % of
// their cores. What is shown is the median of 31 (11) such samples, of a millisecond or so. Where
// the machine does not give seven of them in time, the row says so.
#include "goals.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace riacho::bench {
namespace {

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string CacheSizes() {
  std::string sizes;
  for (const auto& [name, level] : {std::pair<int, const char*>{_SC_LEVEL1_DCACHE_SIZE, "L1d "},
                                    {_SC_LEVEL2_CACHE_SIZE, "L2 "},
                                    {_SC_LEVEL3_CACHE_SIZE, "L3 "}}) {
    sizes += std::string(sizes.empty() ? "" : ", ") + level + std::to_string(sysconf(name) / 1024) +
             " KiB";
  }
  return sizes;
}

void PrintHeading(const std::string& title) {
#if defined(__OPTIMIZE__)
  constexpr char kBuild[] = "";
#else
  constexpr char kBuild[] = " NOT OPTIMISED.";
#endif
  std::cout << ProcessorName() << ", " << CoreCount() << " cores, " << CacheSizes() << "; compiler "
            << __VERSION__ << "." << kBuild << "\n";
  if (!title.empty()) std::cout << title << "\n";
  std::cout << "Payloads of 100 B, keys of 16 B, limits off, unless a row says otherwise.\n"
               "Y: MD5 of the key and memcpy of the payload. Quartiles: of the samples.\n\n";
}

// NAME,PUT_RECORDS,PUT_RECORD,GET_RECORDS
std::optional<EmulatorSpeed> ReadEmulator(const std::string& text) {
  EmulatorSpeed speed;
  std::istringstream in(text);
  std::array<char, 2> commas = {};
  std::getline(in, speed.name, ',');
  in >> speed.put_records >> commas[0] >> speed.put_record >> commas[1] >> speed.get_records;
  const bool good = !in.fail() && in.eof() && commas[0] == ',' && commas[1] == ',' &&
                    speed.put_records > 0 && speed.put_record > 0 && speed.get_records > 0;
  return good ? std::optional(speed) : std::nullopt;
}

int Usage() {
  std::cerr << "usage: goals_bench [--quick] [--goals=P1,P4] [--records=N] [--title=TEXT]\n"
               "                   [--emulator=NAME,PUT_RECORDS,PUT_RECORD,GET_RECORDS]\n";
  return 2;
}

int Main(int argc, char** argv) {
  GoalOptions options;
  std::string title;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::string_view value =
        argument.substr(std::min(argument.find('='), argument.size() - 1) + 1);
    if (argument == "--quick") {
      options.quick = true;
    } else if (argument.starts_with("--goals=")) {
      for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find(',', at), value.size());
        options.only.emplace(value.substr(at, end - at));
        at = end + 1;
      }
    } else if (argument.starts_with("--records=")) {
      if (std::from_chars(value.data(), value.data() + value.size(), options.most_records).ec !=
          std::errc())
        return Usage();
    } else if (argument.starts_with("--emulator=")) {
      options.emulator = ReadEmulator(std::string(value));
      if (!options.emulator) return Usage();
    } else if (argument.starts_with("--title=")) {
      title = value;
    } else if (argument.starts_with("--instructions-of=")) {
      return RunForInstructions(value) ? 0 : Usage();
    } else {
      return Usage();
    }
  }
  GoalRun run(options);
  PutGoals(run);
  AppendGoals(run);
  ReadGoals(run);
  WakeGoals(run);
  LimitGoals(run);
  MetricsGoals(run);
  MemoryGoals(run);
  GrowthGoals(run);
  UnitTestGoals(run);
  EmulatorGoals(run);
  InstructionGoals(run);
  PrintHeading(title);
  run.Print(std::cout);
  return 0;
}

}  // namespace
}  // namespace riacho::bench

int main(int argc, char** argv) { return riacho::bench::Main(argc, argv); }
