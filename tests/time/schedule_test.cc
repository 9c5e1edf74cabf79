#include "riacho/time/schedule.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/time/agent.h"

namespace riacho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'767'225'600);

// An agent whose work is a function, and which writes its name into a shared diary when it is
// polled.
class Diarist : public Agent {
 public:
  using Work = std::function<absl::Time(absl::Time)>;

  Diarist(std::string name, std::vector<std::string>& diary, Work work)
      : name_(std::move(name)), diary_(diary), work_(std::move(work)) {}

  absl::Time Poll(absl::Time now) override {
    diary_.push_back(name_);
    return work_(now);
  }

 private:
  std::string name_;
  std::vector<std::string>& diary_;
  Work work_;
};

class ScheduleTest : public ::testing::Test {
 protected:
  std::unique_ptr<Diarist> Make(std::string name, Diarist::Work work) {
    return std::make_unique<Diarist>(std::move(name), diary_, std::move(work));
  }
  // Polled after `period` again and again.
  std::unique_ptr<Diarist> Every(std::string name, absl::Duration period) {
    return Make(std::move(name), [period](absl::Time now) { return now + period; });
  }
  std::unique_ptr<Diarist> OnlyWhenWoken(std::string name) {
    return Make(std::move(name), [](absl::Time) { return absl::InfiniteFuture(); });
  }
  std::vector<std::string> RunAt(absl::Time now) {
    diary_.clear();
    schedule_.RunDue(now);
    return diary_;
  }

  std::vector<std::string> diary_;
  Schedule schedule_;
};

TEST_F(ScheduleTest, IsNeverDueWithoutAgents) {
  EXPECT_EQ(schedule_.NextDue(), absl::InfiniteFuture());
  EXPECT_THAT(RunAt(absl::InfiniteFuture()), IsEmpty());
}

TEST_F(ScheduleTest, AgentIsDueAtOnceAndThenWhenItSays) {
  auto agent = Every("a", absl::Seconds(2));
  schedule_.Add(*agent);
  EXPECT_EQ(schedule_.NextDue(), absl::InfinitePast());
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
  EXPECT_EQ(schedule_.NextDue(), kNow + absl::Seconds(2));
  EXPECT_THAT(RunAt(kNow + absl::Seconds(2) - absl::Nanoseconds(1)), IsEmpty());
  EXPECT_THAT(RunAt(kNow + absl::Seconds(2)), ElementsAre("a"));
}

TEST_F(ScheduleTest, PollsInTheOrderOfDueTimesThenOfJoining) {
  auto late = Every("late", absl::Seconds(3));
  auto first = Every("first", absl::Seconds(2));
  auto second = Every("second", absl::Seconds(2));
  auto early = Every("early", absl::Seconds(1));
  for (Diarist* agent : {late.get(), first.get(), second.get(), early.get()}) schedule_.Add(*agent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("late", "first", "second", "early"));
  EXPECT_THAT(RunAt(kNow + absl::Seconds(3)), ElementsAre("early", "first", "second", "late"));
}

TEST_F(ScheduleTest, AgentThatIsAlwaysDueIsPolledOncePerRun) {
  auto busy = Make("busy", [](absl::Time now) { return now; });
  auto stuck = Make("stuck", [](absl::Time) { return absl::InfinitePast(); });
  schedule_.Add(*busy);
  schedule_.Add(*stuck);
  EXPECT_THAT(RunAt(kNow), ElementsAre("busy", "stuck"));
  EXPECT_EQ(schedule_.NextDue(), absl::InfinitePast());
  EXPECT_THAT(RunAt(kNow), ElementsAre("stuck", "busy"));
}

TEST_F(ScheduleTest, AgentWithoutADueTimeIsPolledOnlyWhenWoken) {
  auto agent = OnlyWhenWoken("a");
  schedule_.Add(*agent);
  RunAt(kNow);
  EXPECT_EQ(schedule_.NextDue(), absl::InfiniteFuture());
  EXPECT_THAT(RunAt(absl::InfiniteFuture()), IsEmpty());
  schedule_.Wake(*agent);
  EXPECT_EQ(schedule_.NextDue(), absl::InfinitePast());
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
}

TEST_F(ScheduleTest, WakeAllMakesEveryAgentDueInTheOrderOfJoining) {
  auto a = OnlyWhenWoken("a");
  auto b = Every("b", absl::Seconds(1));
  auto c = OnlyWhenWoken("c");
  for (Diarist* agent : {a.get(), b.get(), c.get()}) schedule_.Add(*agent);
  RunAt(kNow);
  schedule_.WakeAll();
  EXPECT_THAT(RunAt(kNow), ElementsAre("a", "b", "c"));
}

TEST_F(ScheduleTest, RemovedAgentIsNotPolledAndMayComeBack) {
  auto agent = Every("a", absl::Seconds(1));
  schedule_.Add(*agent);
  schedule_.Remove(*agent);
  schedule_.Remove(*agent);
  schedule_.Wake(*agent);
  EXPECT_EQ(schedule_.NextDue(), absl::InfiniteFuture());
  EXPECT_THAT(RunAt(kNow), IsEmpty());
  schedule_.Add(*agent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
}

TEST_F(ScheduleTest, AddingAnAgentTwiceOnlyWakesIt) {
  auto agent = OnlyWhenWoken("a");
  schedule_.Add(*agent);
  RunAt(kNow);
  schedule_.Add(*agent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
  schedule_.Remove(*agent);
  EXPECT_THAT(RunAt(kNow), IsEmpty());
}

TEST_F(ScheduleTest, AgentAddedInAPollIsPolledByTheNextRun) {
  auto child = OnlyWhenWoken("child");
  auto parent = Make("parent", [&](absl::Time) {
    schedule_.Add(*child);
    return absl::InfiniteFuture();
  });
  schedule_.Add(*parent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("parent"));
  EXPECT_EQ(schedule_.NextDue(), absl::InfinitePast());
  EXPECT_THAT(RunAt(kNow), ElementsAre("child"));
}

TEST_F(ScheduleTest, AgentRemovedAndDestroyedInAPollIsNotPolledInTheSameRun) {
  std::unique_ptr<Diarist> victim;
  auto killer = Make("killer", [&](absl::Time) {
    schedule_.Remove(*victim);
    victim.reset();
    return absl::InfiniteFuture();
  });
  victim = OnlyWhenWoken("victim");
  schedule_.Add(*killer);
  schedule_.Add(*victim);
  EXPECT_THAT(RunAt(kNow), ElementsAre("killer"));
  EXPECT_EQ(schedule_.NextDue(), absl::InfiniteFuture());
}

TEST_F(ScheduleTest, AgentMayRemoveItself) {
  std::unique_ptr<Diarist> agent = Make("a", [&](absl::Time now) {
    schedule_.Remove(*agent);
    return now;
  });
  schedule_.Add(*agent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
  EXPECT_THAT(RunAt(kNow), IsEmpty());
}

TEST_F(ScheduleTest, AgentThatRemovesAndAddsItselfJoinsAnew) {
  std::unique_ptr<Diarist> agent = Make("a", [&](absl::Time) {
    schedule_.Remove(*agent);
    schedule_.Add(*agent);
    return absl::InfiniteFuture();
  });
  auto other = Make("b", [](absl::Time) { return absl::InfinitePast(); });
  schedule_.Add(*agent);
  schedule_.Add(*other);
  EXPECT_THAT(RunAt(kNow), ElementsAre("a", "b"));
  EXPECT_THAT(RunAt(kNow), ElementsAre("b", "a"));
}

TEST_F(ScheduleTest, WakeInAPollOutlastsTheAnswerOfThePoll) {
  std::unique_ptr<Diarist> agent = Make("a", [&](absl::Time) {
    schedule_.Wake(*agent);
    return absl::InfiniteFuture();
  });
  schedule_.Add(*agent);
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
  EXPECT_EQ(schedule_.NextDue(), absl::InfinitePast());
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
}

TEST_F(ScheduleTest, AgentsThatWakeEachOtherTakeTurnsByRuns) {
  std::unique_ptr<Diarist> b;
  std::unique_ptr<Diarist> a = Make("a", [&](absl::Time) {
    schedule_.Wake(*b);
    return absl::InfiniteFuture();
  });
  b = Make("b", [&](absl::Time) {
    schedule_.Wake(*a);
    return absl::InfiniteFuture();
  });
  schedule_.Add(*a);
  schedule_.Add(*b);
  // The wake of b comes before b's turn, and that turn uses it up; the wake of a comes after a's.
  EXPECT_THAT(RunAt(kNow), ElementsAre("a", "b"));
  EXPECT_THAT(RunAt(kNow), ElementsAre("a"));
  EXPECT_THAT(RunAt(kNow), ElementsAre("b"));
}

TEST(ScheduleDeathTest, PollMayNotRunTheScheduleThatPollsIt) {
  Schedule schedule;
  std::vector<std::string> diary;
  Diarist agent("a", diary, [&](absl::Time now) {
    schedule.RunDue(now);
    return now;
  });
  schedule.Add(agent);
  EXPECT_DEATH(schedule.RunDue(kNow), "an agent called RunDue");
}

}  // namespace
}  // namespace riacho
