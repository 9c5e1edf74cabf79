#include "model_based/episode.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"

#include "model_based/side_by_side.h"
#include "riacho/base/random.h"

namespace riacho::model_based {
namespace {

constexpr std::size_t kLinesTold = 20;
constexpr int kMostRunsToShorten = 3000;

struct Kind {
  std::string_view name;
  SideBySide::Method method;
  std::uint64_t weight;
};

constexpr std::array kKinds = {
    Kind{"PassTime", &SideBySide::PassTime, 150},
    Kind{"PutRecord", &SideBySide::PutRecord, 170},
    Kind{"PutRecords", &SideBySide::PutRecords, 80},
    Kind{"GetShardIterator", &SideBySide::GetShardIterator, 110},
    Kind{"GetRecords", &SideBySide::GetRecords, 220},
    Kind{"CreateStream", &SideBySide::CreateStream, 15},
    Kind{"DeleteStream", &SideBySide::DeleteStream, 5},
    Kind{"DescribeStream", &SideBySide::DescribeStream, 15},
    Kind{"DescribeStreamSummary", &SideBySide::DescribeStreamSummary, 15},
    Kind{"ListStreams", &SideBySide::ListStreams, 15},
    Kind{"IncreaseRetention", &SideBySide::IncreaseRetention, 8},
    Kind{"DecreaseRetention", &SideBySide::DecreaseRetention, 8},
    Kind{"ListShards", &SideBySide::ListShards, 30},
    Kind{"SplitShard", &SideBySide::SplitShard, 22},
    Kind{"MergeShards", &SideBySide::MergeShards, 22},
    Kind{"UpdateShardCount", &SideBySide::UpdateShardCount, 12},
    Kind{"RegisterConsumer", &SideBySide::RegisterConsumer, 20},
    Kind{"DeregisterConsumer", &SideBySide::DeregisterConsumer, 4},
    Kind{"DescribeConsumer", &SideBySide::DescribeConsumer, 8},
    Kind{"ListConsumers", &SideBySide::ListConsumers, 8},
    Kind{"Subscribe", &SideBySide::Subscribe, 40},
    Kind{"Poll", &SideBySide::Poll, 90},
    Kind{"SettleEngine", &SideBySide::SettleEngine, 3},
    Kind{"DropSubscription", &SideBySide::DropSubscription, 3},
    Kind{"UpdateStreamMode", &SideBySide::UpdateStreamMode, 12},
    Kind{"UpdateMaxRecordSize", &SideBySide::UpdateMaxRecordSize, 6},
    Kind{"UpdateWarmThroughput", &SideBySide::UpdateWarmThroughput, 10},
    Kind{"UpdateStrategy", &SideBySide::UpdateStrategy, 8},
    Kind{"EnableMonitoring", &SideBySide::EnableMonitoring, 5},
    Kind{"DisableMonitoring", &SideBySide::DisableMonitoring, 5},
    Kind{"StartEncryption", &SideBySide::StartEncryption, 12},
    Kind{"StopEncryption", &SideBySide::StopEncryption, 5},
    Kind{"ChangeKey", &SideBySide::ChangeKey, 12},
    Kind{"PutPolicy", &SideBySide::PutPolicy, 10},
    Kind{"GetPolicy", &SideBySide::GetPolicy, 8},
    Kind{"DeletePolicy", &SideBySide::DeletePolicy, 5},
    Kind{"AddTags", &SideBySide::AddTags, 8},
    Kind{"RemoveTags", &SideBySide::RemoveTags, 5},
    Kind{"ListTags", &SideBySide::ListTags, 8},
    Kind{"TagResource", &SideBySide::TagResource, 8},
    Kind{"UntagResource", &SideBySide::UntagResource, 5},
    Kind{"ListResourceTags", &SideBySide::ListResourceTags, 8},
    Kind{"DescribeLimits", &SideBySide::DescribeLimits, 6},
    Kind{"DescribeAccountSettings", &SideBySide::DescribeAccountSettings, 5},
    Kind{"UpdateAccountSettings", &SideBySide::UpdateAccountSettings, 6},
    Kind{"CreateChannel", &SideBySide::CreateChannel, 2},
    Kind{"DescribeChannel", &SideBySide::DescribeChannel, 2},
    Kind{"ListChannels", &SideBySide::ListChannels, 2},
    Kind{"UpdateChannel", &SideBySide::UpdateChannel, 2},
    Kind{"DeleteChannel", &SideBySide::DeleteChannel, 2},
    Kind{"ChangeEngine", &SideBySide::ChangeEngine, 3},
};

constexpr std::size_t kAlwaysThere = 6;  // of the kinds: no episode goes without
constexpr std::size_t kCreateStream = 5;

// Operations are more frequent in one episode than in another, and some do not occur at all.
std::vector<std::uint64_t> ChooseWeights(std::uint64_t seed) {
  Random random(seed * 31 + 7);
  std::vector<std::uint64_t> weights;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const std::uint64_t factor = random.Uniform(5);  // 0 to 4 halves
    weights.push_back(kKinds[i].weight * (i < kAlwaysThere && factor == 0 ? 1 : factor));
  }
  return weights;
}

std::size_t ChooseKind(const std::vector<std::uint64_t>& weights, std::uint64_t total,
                       Random& random) {
  std::uint64_t dice = random.Uniform(total);
  std::size_t kind = 0;
  while (dice >= weights[kind]) dice -= weights[kind++];
  return kind;
}

}  // namespace

Outcome RunEpisode(const EpisodeOptions& options) {
  const std::vector<std::uint64_t> weights = ChooseWeights(options.seed);
  std::uint64_t total = 0;
  for (const std::uint64_t weight : weights) total += weight;

  SideBySide both(options.seed, options.mistake, options.tell_story);
  Outcome outcome;
  for (std::int64_t i = 0; i < options.operations && both.difference().empty(); ++i) {
    ++outcome.operations;
    if (options.left_out.contains(i)) continue;
    Random random(options.seed * 1'000'003 + static_cast<std::uint64_t>(i));
    const bool needs_stream = !both.has_streams() && random.Chance(0.7);
    const Kind& kind = kKinds[needs_stream ? kCreateStream : ChooseKind(weights, total, random)];
    both.SetDice(random.Next());
    (both.*kind.method)();
    ++outcome.answers[absl::StrCat(std::string(kind.name), " ", std::string(both.last_answer()))];
    if (options.tell_story) outcome.story.push_back(absl::StrCat("#", i, " ", both.TakeLine()));
  }
  if (both.difference().empty()) {
    both.CheckProperties();
    outcome.only_at_the_end = !both.difference().empty();
  }
  outcome.difference = both.difference();
  return outcome;
}

Reproduction Shorten(const EpisodeOptions& failing) {
  EpisodeOptions options = failing;
  const auto fails = [&options] { return !RunEpisode(options).difference.empty(); };

  // An operation that differs ends the episode, so its number is the shortest prefix. A property
  // of the end is looked for by halves.
  const Outcome first = RunEpisode(options);
  if (first.difference.empty()) return {.text = "it does not fail again"};
  std::int64_t failing_count = first.operations;
  if (first.only_at_the_end) {
    std::int64_t good = 0;
    while (failing_count - good > 1) {
      options.operations = good + (failing_count - good) / 2;
      (fails() ? failing_count : good) = options.operations;
    }
  }
  options.operations = failing_count;

  // Leaves out what is not needed, in ever smaller pieces.
  int runs = 0;
  for (std::int64_t piece = std::max<std::int64_t>(options.operations / 2, 1);; piece /= 2) {
    for (std::int64_t from = 0; from < options.operations && runs < kMostRunsToShorten;
         from += piece) {
      const std::set<std::int64_t> before = options.left_out;
      for (std::int64_t i = from; i < std::min(from + piece, options.operations); ++i) {
        options.left_out.insert(i);
      }
      if (options.left_out.size() == before.size()) continue;
      ++runs;
      if (!fails()) options.left_out = before;
    }
    if (piece <= 1) break;
  }

  options.tell_story = true;
  const Outcome last = RunEpisode(options);
  EpisodeOptions whole = failing;
  whole.operations = failing_count;
  whole.tell_story = true;
  const Outcome prefix = RunEpisode(whole);

  Reproduction reproduction = {
      .prefix = failing_count,
      .operations_left = static_cast<std::int64_t>(last.story.size()),
      .text = absl::StrCat("seed ", failing.seed, " (RIACHO_SEED=", failing.seed,
                           " runs it alone), shortest failing prefix: ", failing_count,
                           " operations\n  ", prefix.difference, "\n  the last operations:\n")};
  const auto tell = [&reproduction](const std::vector<std::string>& story, std::size_t most) {
    for (std::size_t i = story.size() - std::min(story.size(), most); i < story.size(); ++i) {
      absl::StrAppend(&reproduction.text, "    ", story[i], "\n");
    }
  };
  tell(prefix.story, kLinesTold);
  absl::StrAppend(&reproduction.text, "  what is needed of the ", failing_count,
                  " operations to fail:\n");
  tell(last.story, 3 * kLinesTold);
  absl::StrAppend(&reproduction.text, "  ", last.difference, "\n");
  return reproduction;
}

}  // namespace riacho::model_based
