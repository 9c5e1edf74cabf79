#include "riacho/telemetry/composite_alarm.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"

namespace riacho {
namespace {

const absl::Time kWatchedAt = absl::FromUnixSeconds(1'767'225'600);

// Three alarms whose states are set by hand: "a", "b" and "c d".
class CompositeAlarmTest : public testing::Test {
 protected:
  CompositeAlarmTest() {
    for (const char* const name : {"a", "b", "c d"}) {
      alarms_.push_back(Alarm::Create(metrics_, {.alarm_name = name,
                                                 .metric_namespace = "Shop",
                                                 .metric_name = "Lag",
                                                 .statistic = Statistic::kMaximum})
                            .value());
      known_.push_back(alarms_.back().get());
    }
  }

  void Set(AlarmState a, AlarmState b, AlarmState c = AlarmState::kInsufficientData) {
    alarms_[0]->SetAlarmState(a, kWatchedAt);
    alarms_[1]->SetAlarmState(b, kWatchedAt);
    alarms_[2]->SetAlarmState(c, kWatchedAt);
  }
  bool IsTrue(const std::string& rule) const {
    const auto alarm = CompositeAlarm::Create(known_, {.alarm_rule = rule});
    EXPECT_TRUE(alarm.ok()) << alarm.status();
    if (!alarm.ok()) return false;
    (*alarm)->Poll(kWatchedAt);
    return (*alarm)->state() == AlarmState::kAlarm;
  }

  Metrics metrics_;
  std::vector<std::unique_ptr<Alarm>> alarms_;
  std::vector<const Alarm*> known_;
};

TEST_F(CompositeAlarmTest, ARuleLooksAtTheStatesOfOthers) {
  Set(AlarmState::kAlarm, AlarmState::kOk);
  EXPECT_TRUE(IsTrue("ALARM(a)"));
  EXPECT_FALSE(IsTrue("ALARM(b)"));
  EXPECT_TRUE(IsTrue(" OK ( \"b\" ) "));
  EXPECT_TRUE(IsTrue("INSUFFICIENT_DATA(\"c d\")"));
  EXPECT_TRUE(IsTrue("TRUE"));
  EXPECT_FALSE(IsTrue("FALSE"));
}

TEST_F(CompositeAlarmTest, NotBindsClosestThenAnd) {
  Set(AlarmState::kAlarm, AlarmState::kOk);
  EXPECT_TRUE(IsTrue("TRUE OR FALSE AND FALSE"));
  EXPECT_FALSE(IsTrue("(TRUE OR FALSE) AND FALSE"));
  EXPECT_FALSE(IsTrue("NOT TRUE OR FALSE"));
  EXPECT_FALSE(IsTrue("NOT (TRUE OR FALSE)"));
  EXPECT_TRUE(IsTrue("NOT NOT TRUE"));
  EXPECT_TRUE(IsTrue("ALARM(\"a\") AND (OK(\"b\") OR NOT INSUFFICIENT_DATA(\"c d\"))"));
  EXPECT_FALSE(IsTrue("ALARM(a)AND NOT(OK(b)OR ALARM(b))"));
}

TEST_F(CompositeAlarmTest, TellsOfEachChangeOnce) {
  std::vector<AlarmStateChange> changes;
  const auto alarm = CompositeAlarm::Create(
                         known_, {.alarm_name = "both", .alarm_rule = "ALARM(a) AND ALARM(b)"},
                         [&changes](const AlarmStateChange& change) { changes.push_back(change); })
                         .value();
  EXPECT_EQ(alarm->state(), AlarmState::kInsufficientData);
  Set(AlarmState::kAlarm, AlarmState::kOk);
  EXPECT_EQ(alarm->Poll(kWatchedAt), kWatchedAt + absl::Minutes(1));
  alarm->Poll(kWatchedAt);
  Set(AlarmState::kAlarm, AlarmState::kAlarm);
  alarm->Poll(kWatchedAt + absl::Minutes(1));
  alarm->Poll(kWatchedAt + absl::Minutes(2));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].to, AlarmState::kOk);
  EXPECT_EQ(changes[1].alarm_name, "both");
  EXPECT_EQ(changes[1].from, AlarmState::kOk);
  EXPECT_EQ(changes[1].to, AlarmState::kAlarm);
  EXPECT_EQ(changes[1].at, kWatchedAt + absl::Minutes(1));
}

TEST_F(CompositeAlarmTest, ARuleThatCannotBeReadIsRefused) {
  for (const std::string& rule :
       {std::string(), std::string("ALARM"), std::string("ALARM(x)"), std::string("ALARM(a"),
        std::string("ALARM(\"a)"), std::string("ALARM(a) b"), std::string("alarm(a)"),
        std::string("ALARM(a) AND"), std::string("(TRUE"), std::string("TRUE)"),
        std::string("TRUEFALSE"), std::string("NOT"), std::string("TRUE XOR TRUE"),
        std::string(101, '(') + "TRUE" + std::string(101, ')'),
        "TRUE" + std::string(10'240, ' ')}) {
    EXPECT_EQ(GetErrorCode(CompositeAlarm::Create(known_, {.alarm_rule = rule}).status()),
              ErrorCode::kInvalidArgument)
        << rule;
  }
  EXPECT_TRUE(IsTrue(std::string(100, '(') + "TRUE" + std::string(100, ')')));
}

}  // namespace
}  // namespace riacho
