// The engine against the reference, for longer: two million operations of all kinds, and how often
// each of them got which answer.
#include <cstdint>
#include <iostream>
#include <map>
#include <string>

#include "gtest/gtest.h"

#include "model_based/episode.h"

namespace riacho::model_based {
namespace {

constexpr std::uint64_t kFirstSeed = 100'001;  // none of those that every run of the tests has
constexpr std::int64_t kEpisodes = 1000;
constexpr std::int64_t kOperations = 2000;  // of an episode

TEST(EngineForLong, AnswersTwoMillionOperationsAsTheReferenceDoes) {
  std::int64_t operations = 0;
  std::map<std::string, std::int64_t> answers;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kEpisodes; ++seed) {
    const EpisodeOptions options = {.seed = seed, .operations = kOperations};
    const Outcome outcome = RunEpisode(options);
    if (!outcome.difference.empty()) FAIL() << Shorten(options).text;
    operations += outcome.operations;
    for (const auto& [answer, times] : outcome.answers) answers[answer] += times;
  }
  EXPECT_EQ(operations, 2'000'000);
  for (const auto& [answer, times] : answers) std::cout << times << "\t" << answer << "\n";
}

}  // namespace
}  // namespace riacho::model_based
