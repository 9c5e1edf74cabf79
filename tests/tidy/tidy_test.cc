// The rules of CONTRIBUTING.md that no compiler checks.

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace riacho::tidy {
namespace {

constexpr size_t kLinesToAimAt = 450;
constexpr size_t kLinesAllowed = 700;

struct ForbiddenWord {
  std::string word;
  std::string reason;
};

// Wall clocks, sleeping, threads and chance belong to `time` and to whoever embeds Riacho: anything
// else would break replay.
const std::vector<ForbiddenWord>& ForbiddenInEngine() {
  static const auto* const kWords = new std::vector<ForbiddenWord>{
      {"system_clock", "time is told (riacho/time/clock.h)"},
      {"steady_clock", "time is told (riacho/time/clock.h)"},
      {"absl::Now", "time is told (riacho/time/clock.h)"},
      {"absl::SleepFor", "nothing in Riacho sleeps"},
      {"sleep_for", "nothing in Riacho sleeps"},
      {"sleep_until", "nothing in Riacho sleeps"},
      {"std::thread", "threads are the user's (riacho/time/agent_runner.h)"},
      {"std::jthread", "threads are the user's (riacho/time/agent_runner.h)"},
      {"std::async", "threads are the user's (riacho/time/agent_runner.h)"},
      {"rand(", "chance is seeded (riacho/base/random.h)"},
      {"random_device", "chance is seeded (riacho/base/random.h)"},
  };
  return *kWords;
}

// A test that sleeps or reads the wall clock is wrong. (A test of threads may have threads.)
const std::vector<ForbiddenWord>& ForbiddenInTests() {
  static const auto* const kWords = new std::vector<ForbiddenWord>{
      {"system_clock", "tests turn a ManualClock"},
      {"absl::Now", "tests turn a ManualClock"},
      {"absl::SleepFor", "tests turn a ManualClock"},
      {"sleep_for", "tests turn a ManualClock"},
      {"sleep_until", "tests turn a ManualClock"},
      {"rand(", "tests are seeded (riacho/base/random.h)"},
      {"random_device", "tests are seeded (riacho/base/random.h)"},
  };
  return *kWords;
}

std::vector<std::string> Violations(const std::vector<SourceFile>& files,
                                    const std::vector<ForbiddenWord>& forbidden) {
  std::vector<std::string> violations;
  for (const SourceFile& file : files) {
    const std::vector<std::string> code = CodeOnly(file);
    for (size_t i = 0; i < code.size(); ++i) {
      for (const auto& [word, reason] : forbidden) {
        if (!ContainsWord(code[i], word)) continue;
        violations.push_back(absl::StrCat(file.path, ":", i + 1, ": ", word, ": ", reason));
      }
    }
  }
  return violations;
}

std::vector<SourceFile> ReadSourcesExceptModules(const std::vector<std::string>& folders,
                                                 const std::set<std::string>& modules) {
  std::vector<SourceFile> files = ReadSources(folders);
  std::erase_if(files, [&](const SourceFile& file) { return modules.contains(file.Module()); });
  return files;
}

std::vector<SourceFile> ReadEverything() {
  return ReadSources({"include", "src", "tests", "bench", "examples"});
}

TEST(Tidy, TheEngineNeitherReadsClocksNorSleepsNorStartsThreads) {
  std::vector<SourceFile> files = ReadSourcesExceptModules({"include", "src"}, {"time"});
  // Runs as many simulations at a time as its caller says.
  std::erase_if(files, [](const SourceFile& file) { return file.Stem() == "seed_exploration"; });
  // Serve connections, or wait for those of a client that is somewhere else: in real time.
  const std::set<std::string> with_sockets = {"endpoint", "http_connection", "http_server",
                                              "http_session", "socket_watcher"};
  std::erase_if(files, [&](const SourceFile& file) { return with_sockets.contains(file.Stem()); });
  EXPECT_THAT(Violations(files, ForbiddenInEngine()), testing::IsEmpty());
}

TEST(Tidy, TestsNeitherReadTheWallClockNorSleep) {
  EXPECT_THAT(Violations(ReadSourcesExceptModules({"tests"}, {"time", "tidy"}), ForbiddenInTests()),
              testing::IsEmpty());
}

TEST(Tidy, HeadersImposeNoNamespace) {
  std::vector<SourceFile> headers = ReadEverything();
  std::erase_if(headers, [](const SourceFile& file) { return file.Extension() != ".h"; });
  EXPECT_THAT(
      Violations(headers, {{"using namespace", "whoever includes this did not ask for it"}}),
      testing::IsEmpty());
}

TEST(Tidy, NothingNeedsANewerStandardLibraryThanOurCompilersHave) {
  EXPECT_THAT(Violations(ReadEverything(), {{"#include <format>", "g++ 12 has none"}}),
              testing::IsEmpty());
}

TEST(Tidy, AHeaderBeginsWithPragmaOnceAndNoGuard) {
  for (const SourceFile& file : ReadEverything()) {
    if (file.Extension() != ".h") continue;
    const std::vector<std::string> code = CodeOnly(file);
    const auto first = std::find_if(code.begin(), code.end(),
                                    [](const std::string& line) { return !line.empty(); });
    EXPECT_TRUE(first != code.end() && *first == "#pragma once") << file.path;
  }
}

// A name opens one file: only a header and its source share one.
TEST(Tidy, AFileNameStandsForOneThing) {
  std::map<std::string, std::vector<SourceFile>> by_stem;
  for (const SourceFile& file : ReadEverything()) by_stem[file.Stem()].push_back(file);
  for (const auto& [stem, files] : by_stem) {
    const bool is_pair = files.size() == 2 && files[0].Extension() != files[1].Extension() &&
                         files[0].Module() == files[1].Module();
    EXPECT_TRUE(files.size() == 1 || is_pair) << files[0].path << " and " << files[1].path;
  }
}

TEST(Tidy, EveryPublicHeaderHasASourceOfTheSameName) {
  for (const SourceFile& file : ReadSources({"include"})) {
    if (file.path == "include/riacho/riacho.h") continue;
    const std::string source = absl::StrCat("src/", file.Module(), "/", file.Stem(), ".cc");
    EXPECT_NE(ReadFile(source), "") << file.path << " has no " << source;
  }
}

// CMake fails on a listed file that is not there; this fails on a file that is not listed.
TEST(Tidy, EveryFileIsListedForTheBuild) {
  for (const SourceFile& file : ReadEverything()) {
    const std::string folder = file.Folder();
    if ((folder == "tests" || folder == "bench") && file.Extension() == ".h") continue;
    std::string listing = (folder == "include" ? "src" : folder) + "/CMakeLists.txt";
    std::string entry = file.path.substr(file.path.find('/') + 1);
    // goals_bench is made of parts.
    if (folder == "bench" && file.Stem().ends_with("_bench") && file.Stem() != "goals_bench")
      entry = "riacho_add_bench(" + file.Stem().substr(0, file.Stem().rfind("_bench"));
    // Parts of an example stand in a folder of its name.
    if (folder == "examples" && file.Module().empty()) {
      entry = "riacho_add_example(" + file.Stem();
    }
    if (file.Module() == "fuzz") {
      listing = "tests/fuzz/CMakeLists.txt";
      const bool is_fuzzer = file.Stem().ends_with("_fuzz");
      entry = is_fuzzer ? "riacho_add_fuzzer(" + file.Stem().substr(0, file.Stem().rfind("_fuzz"))
                        : file.Name();
    }
    if (file.Module() == "compile_failure") {
      listing = "tests/compile_failure/CMakeLists.txt";
      entry = "riacho_add_compile_failure(" + file.Stem();
    }
    EXPECT_TRUE(ContainsWord(ReadFile(listing), entry))
        << file.path << " is not listed in " << listing;
  }
}

TEST(Tidy, FilesAreShort) {
  for (const SourceFile& file : ReadEverything()) {
    const size_t lines = file.lines.size();
    EXPECT_LE(lines, kLinesAllowed) << file.path << ": look for the second concept in it";
    if (lines > kLinesToAimAt && lines <= kLinesAllowed) {
      std::cout << "[   NOTE   ] " << file.path << " has " << lines << " lines; aim at "
                << kLinesToAimAt << "\n";
    }
  }
}

TEST(TidyWords, AreFoundInCodeOnly) {
  const SourceFile file{
      .path = "src/shard/shard_log.cc",
      .lines = {"auto now = absl::Now();", "// absl::Now() would be wrong", "Log(\"absl::Now\");",
                "/* absl::Now()", "absl::Now() */ int x = 1'000;"}};
  EXPECT_THAT(Violations({file}, ForbiddenInEngine()),
              testing::ElementsAre(testing::StartsWith("src/shard/shard_log.cc:1: ")));
}

TEST(TidyWords, AreWholeWords) {
  EXPECT_TRUE(ContainsWord("int x = rand();", "rand("));
  EXPECT_FALSE(ContainsWord("int x = Operand();", "rand("));
  EXPECT_TRUE(ContainsWord("std::thread t;", "std::thread"));
  EXPECT_FALSE(ContainsWord("std::thread_count t;", "std::thread"));
  EXPECT_FALSE(ContainsWord("absl::NowNanos()", "absl::Now"));
}

}  // namespace
}  // namespace riacho::tidy
