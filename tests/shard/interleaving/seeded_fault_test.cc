// Shows that the checker finds the mistakes that the shard log must not make: each is made on
// purpose and must be reported.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "shard/interleaving/exploration.h"
#include "shard/interleaving/log_world.h"

namespace riacho::internal {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kMostExecutions = 50'000;

// Two records that may go, in a segment with room for one more.
Scenario WriteAndTrim() {
  auto world = std::make_shared<LogWorld>(3, 3);
  world->Write(2, 2, 1);
  return {.threads = {[world] { world->Write(0, 2, 10); }, [world] { world->Write(1, 1, 10); },
                      [world] { world->Trim(10); }},
          .finish = [world] { world->Finish(); }};
}

Scenario ReadAndSeal() {
  auto world = std::make_shared<LogWorld>(3, 3);
  return {.threads = {[world] { world->Write(0, 2); }, [world] { world->Write(1, 2); },
                      [world] { world->Read(2, false); }, [world] { world->Seal(); }},
          .finish = [world] { world->Finish(); }};
}

void ExpectFound(const MakeScenario& make, Fault fault,
                 const testing::Matcher<std::string>& violation) {
  const Exploration some = ExploreAtRandom(make, 1, kMostExecutions, fault);
  const Exploration all =
      ExploreExhaustively(make, {.preemptions = 2, .executions = kMostExecutions}, fault);
  EXPECT_THAT(some.violation, violation);
  EXPECT_THAT(all.violation, violation);
  std::cout << "[ FOUND    ] in random order " << some.executions << ", in order " << all.executions
            << " of all: " << all.violation << '\n';
}

TEST(SeededFault, NoneIsNotReported) {
  EXPECT_THAT(ExploreAtRandom(&WriteAndTrim, 1, 2000).violation, IsEmpty());
  EXPECT_THAT(ExploreAtRandom(&ReadAndSeal, 1, 2000).violation, IsEmpty());
}

TEST(SeededFault, RelaxedPublicationIsARace) {
  ExpectFound(&ReadAndSeal, Fault::kPublishRelaxed, HasSubstr("race on plain memory"));
}

TEST(SeededFault, RelaxedLinkShowsWhatWasNotPublished) {
  ExpectFound(&ReadAndSeal, Fault::kLinkRelaxed, HasSubstr("not published"));
}

TEST(SeededFault, RecyclingWithoutTheGuardIsAUseAfterFree) {
  ExpectFound(&WriteAndTrim, Fault::kNoGuard, HasSubstr("given back"));
}

TEST(SeededFault, SealThatAbandonsNothingIsNotFinal) {
  ExpectFound(&ReadAndSeal, Fault::kSealWithoutAbandon, HasSubstr("the sealed log"));
}

TEST(SeededFault, TrimThatAbandonsNothingLosesRecords) {
  ExpectFound(&WriteAndTrim, Fault::kTrimWithoutAbandon, HasSubstr("without seeing it"));
}

// It moves on past a claimed place, whose writer then fills it.
TEST(SeededFault, ReaderThatAbandonsNothingPassesRecords) {
  ExpectFound(&ReadAndSeal, Fault::kReadWithoutAbandon,
              AnyOf(HasSubstr("without seeing it"), HasSubstr("nobody has written")));
}

}  // namespace
}  // namespace riacho::internal
