// The engine against the reference: a million random operations, each answered alike by both.
//
// An episode is a seed: limits, life-cycle durations, who calls with which policies, which
// operations are frequent, and then some two thousand operations on a few streams. RIACHO_SEED=n
// runs the episode of one seed alone, and RIACHO_EPISODES=n that many from there.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <ostream>
#include <string>

#include "gtest/gtest.h"

#include "model_based/episode.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kOperations = 2000;  // of an episode
constexpr std::uint64_t kSlices = 10;       // tests of as many seeds, which run side by side
constexpr std::uint64_t kManySeeds = 40;    // enough to meet what is rare

#if defined(NDEBUG) && !defined(RIACHO_SANITIZED)
constexpr std::uint64_t kEpisodes = 50;  // of a slice: a million operations in all
#else
constexpr std::uint64_t kEpisodes = 2;
#endif

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void ExpectAgreement(std::uint64_t first_seed, std::uint64_t episodes) {
  for (std::uint64_t seed = first_seed; seed < first_seed + episodes; ++seed) {
    const EpisodeOptions options = {.seed = seed, .operations = kOperations};
    if (RunEpisode(options).difference.empty()) continue;
    FAIL() << Shorten(options).text;
  }
}

class Engine : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Engine, AnswersEveryOperationAsTheReferenceDoes) {
  if (std::getenv("RIACHO_SEED") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
    if (GetParam() != 0) GTEST_SKIP() << "RIACHO_SEED is set";
    return ExpectAgreement(FromEnvironment("RIACHO_SEED", 1),
                           FromEnvironment("RIACHO_EPISODES", 1));
  }
  ExpectAgreement(1 + GetParam() * kEpisodes, kEpisodes);
}

INSTANTIATE_TEST_SUITE_P(Slice, Engine, testing::Range(std::uint64_t{0}, kSlices));

// Agreement says little about answers that nobody gets: a few episodes meet all of these.
TEST(Episodes, MeetEveryKindOfAnswer) {
  std::map<std::string, std::int64_t> answers;
  for (std::uint64_t seed = 1; seed <= kManySeeds; ++seed) {
    for (const auto& [answer, times] :
         RunEpisode({.seed = seed, .operations = kOperations}).answers) {
      answers[answer] += times;
    }
  }
  if (std::getenv("RIACHO_SEED") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
    for (const auto& [answer, times] : answers) std::cout << times << "\t" << answer << "\n";
  }
  for (const std::string answer : {"PutRecord ok",
                                   "PutRecord ProvisionedThroughputExceededException",
                                   "PutRecord ValidationException",
                                   "PutRecord InvalidArgumentException",
                                   "PutRecord ResourceNotFoundException",
                                   "PutRecord DryRunOperationException",
                                   "PutRecords ok",
                                   "PutRecords some throttled",
                                   "PutRecords ValidationException",
                                   "PutRecords InvalidArgumentException",
                                   "GetShardIterator ok",
                                   "GetShardIterator ProvisionedThroughputExceededException",
                                   "GetShardIterator InvalidArgumentException",
                                   "GetShardIterator ResourceNotFoundException",
                                   "GetRecords records",
                                   "GetRecords ok",
                                   "GetRecords child shards",
                                   "GetRecords ExpiredIteratorException",
                                   "GetRecords ProvisionedThroughputExceededException",
                                   "GetRecords ResourceNotFoundException",
                                   "GetRecords InvalidArgumentException",
                                   "CreateStream ok",
                                   "CreateStream ResourceInUseException",
                                   "CreateStream LimitExceededException",
                                   "CreateStream ValidationException",
                                   "DeleteStream ok",
                                   "DeleteStream ResourceInUseException",
                                   "DescribeStream ok",
                                   "DescribeStreamSummary ok",
                                   "ListStreams ok",
                                   "ListStreams InvalidArgumentException",
                                   "IncreaseRetention ok",
                                   "IncreaseRetention ResourceInUseException",
                                   "IncreaseRetention InvalidArgumentException",
                                   "DecreaseRetention ok",
                                   "ListShards ok",
                                   "ListShards ResourceInUseException",
                                   "ListShards ExpiredNextTokenException",
                                   "ListShards InvalidArgumentException",
                                   "SplitShard ok",
                                   "SplitShard ResourceInUseException",
                                   "SplitShard InvalidArgumentException",
                                   "SplitShard LimitExceededException",
                                   "MergeShards ok",
                                   "MergeShards InvalidArgumentException",
                                   "UpdateShardCount ok",
                                   "UpdateShardCount LimitExceededException",
                                   "RegisterConsumer ok",
                                   "RegisterConsumer ResourceInUseException",
                                   "RegisterConsumer LimitExceededException",
                                   "DeregisterConsumer ok",
                                   "DescribeConsumer ok",
                                   "DescribeConsumer ResourceNotFoundException",
                                   "ListConsumers ok",
                                   "Subscribe ok",
                                   "Subscribe ResourceInUseException",
                                   "Subscribe LimitExceededException",
                                   "Subscribe InvalidArgumentException",
                                   "Poll records",
                                   "Poll idle event",
                                   "Poll child shards",
                                   "Poll ok",
                                   "Poll ResourceInUseException",
                                   "Poll ResourceNotFoundException",
                                   "PutRecord AccessDeniedException",
                                   "PutRecord KMSDisabledException",
                                   "PutRecord KMSThrottlingException",
                                   "PutRecord KMSOptInRequired",
                                   "PutRecord KMSAccessDeniedException",
                                   "PutRecord KMSNotFoundException",
                                   "PutRecords DryRunOperationException",
                                   "PutRecords AccessDeniedException",
                                   "GetRecords AccessDeniedException",
                                   "GetRecords DryRunOperationException",
                                   "GetRecords KMSThrottlingException",
                                   "GetShardIterator DryRunOperationException",
                                   "CreateStream AccessDeniedException",
                                   "ListShards AccessDeniedException",
                                   "UpdateShardCount AccessDeniedException",
                                   "Subscribe AccessDeniedException",
                                   "Subscribe DryRunOperationException",
                                   "UpdateStreamMode ok",
                                   "UpdateStreamMode LimitExceededException",
                                   "UpdateStreamMode ResourceInUseException",
                                   "UpdateStreamMode InvalidArgumentException",
                                   "UpdateStreamMode AccessDeniedException",
                                   "UpdateMaxRecordSize ok",
                                   "UpdateMaxRecordSize ResourceInUseException",
                                   "UpdateMaxRecordSize ValidationException",
                                   "UpdateWarmThroughput ok",
                                   "UpdateWarmThroughput ValidationException",
                                   "UpdateWarmThroughput InvalidArgumentException",
                                   "UpdateStrategy ok",
                                   "UpdateStrategy InvalidArgumentException",
                                   "UpdateStrategy ResourceInUseException",
                                   "EnableMonitoring ok",
                                   "EnableMonitoring AccessDeniedException",
                                   "DisableMonitoring ok",
                                   "StartEncryption ok",
                                   "StartEncryption ResourceInUseException",
                                   "StartEncryption KMSNotFoundException",
                                   "StartEncryption KMSOptInRequired",
                                   "StopEncryption ok",
                                   "StopEncryption InvalidArgumentException",
                                   "ChangeKey ok",
                                   "ChangeKey KMSInvalidStateException",
                                   "ChangeKey InvalidArgumentException",
                                   "ChangeKey KMSNotFoundException",
                                   "PutPolicy ok",
                                   "PutPolicy InvalidArgumentException",
                                   "PutPolicy LimitExceededException",
                                   "GetPolicy a policy",
                                   "GetPolicy ok",
                                   "DeletePolicy ok",
                                   "DeletePolicy ResourceNotFoundException",
                                   "AddTags ok",
                                   "AddTags InvalidArgumentException",
                                   "AddTags ValidationException",
                                   "RemoveTags ok",
                                   "ListTags ok",
                                   "TagResource ok",
                                   "TagResource InvalidArgumentException",
                                   "TagResource ResourceNotFoundException",
                                   "UntagResource ok",
                                   "ListResourceTags ok",
                                   "DescribeLimits ok",
                                   "DescribeLimits AccessDeniedException",
                                   "DescribeAccountSettings ok",
                                   "UpdateAccountSettings ok",
                                   "UpdateAccountSettings AccessDeniedException",
                                   "CreateChannel UnknownOperationException",
                                   "CreateChannel ValidationException",
                                   "DescribeChannel UnknownOperationException",
                                   "ListChannels UnknownOperationException",
                                   "UpdateChannel UnknownOperationException",
                                   "DeleteChannel UnknownOperationException"}) {
    EXPECT_GT(answers[answer], 0) << answer;
  }
}

// The comparison itself: a reference with a mistake must be found out soon.
struct KnownMistake {
  Mistake mistake;
  std::string name;
};

std::ostream& operator<<(std::ostream& out, const KnownMistake& known) { return out << known.name; }

class Comparison : public testing::TestWithParam<KnownMistake> {};

TEST_P(Comparison, FindsOutAReferenceThatIsWrong) {
  for (std::uint64_t seed = 1; seed <= kManySeeds; ++seed) {
    const EpisodeOptions options = {
        .seed = seed, .operations = kOperations, .mistake = GetParam().mistake};
    if (RunEpisode(options).difference.empty()) continue;
    const Reproduction reproduction = Shorten(options);
    EXPECT_LE(reproduction.prefix, kOperations);
    EXPECT_LE(reproduction.operations_left, 30) << reproduction.text;
    EXPECT_NE(reproduction.text.find("engine: "), std::string::npos) << reproduction.text;
    return;
  }
  FAIL() << "no seed shows it";
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, Comparison,
    testing::Values(KnownMistake{Mistake::kLatestResolvedAtRead, "LatestResolvedAtRead"},
                    KnownMistake{Mistake::kSplitBoundaryOffByOne, "SplitBoundaryOffByOne"},
                    KnownMistake{Mistake::kRetentionIncreaseRevives, "RetentionIncreaseRevives"},
                    KnownMistake{Mistake::kIteratorLivesTooLong, "IteratorLivesTooLong"},
                    KnownMistake{Mistake::kClosedShardNeverEnds, "ClosedShardNeverEnds"},
                    KnownMistake{Mistake::kTakeoverOneSecondEarly, "TakeoverOneSecondEarly"},
                    KnownMistake{Mistake::kPartitionKeyIsFree, "PartitionKeyIsFree"},
                    KnownMistake{Mistake::kOverwrittenTagCounts, "OverwrittenTagCounts"},
                    KnownMistake{Mistake::kDataKeyLivesTooLong, "DataKeyLivesTooLong"},
                    KnownMistake{Mistake::kAccountIsNeverDenied, "AccountIsNeverDenied"}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace riacho::model_based
