// One seeded run of random operations on an engine and on the reference, side by side.
//
//   const Outcome outcome = RunEpisode({.seed = 7, .operations = 2000});
//   EXPECT_EQ(outcome.difference, "") << outcome.story;
//
// Each operation draws from random numbers of its own, made from the seed and its number: leaving
// one out does not change the dice of the others.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model_based/reference_stream.h"

namespace riacho::model_based {

struct EpisodeOptions {
  std::uint64_t seed = 1;
  std::int64_t operations = 2000;
  Mistake mistake = Mistake::kNone;      // of the reference
  std::set<std::int64_t> left_out = {};  // numbers of operations to skip
  bool tell_story = false;
};

struct Outcome {
  std::string difference = {};   // the first one; empty: engine and reference agreed
  std::int64_t operations = 0;   // done until then
  bool only_at_the_end = false;  // the operations agreed, the properties of the end do not hold
  std::vector<std::string> story = {};               // a line for each operation, if asked for
  std::map<std::string, std::int64_t> answers = {};  // how often, by "Operation answer"
};

Outcome RunEpisode(const EpisodeOptions& options);

// A failing episode made short: the shortest prefix that fails, and what remains of it when
// operations that do not matter are left out.
struct Reproduction {
  std::int64_t prefix = 0;
  std::int64_t operations_left = 0;
  std::string text = {};  // for the failure message
};
Reproduction Shorten(const EpisodeOptions& failing);

}  // namespace riacho::model_based
