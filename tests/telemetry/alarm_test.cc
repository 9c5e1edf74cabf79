#include "riacho/telemetry/alarm.h"

#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"

namespace riacho {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const absl::Time kEvaluatedAt = absl::FromUnixSeconds(1'767'225'600);

constexpr AlarmState kOk = AlarmState::kOk;
constexpr AlarmState kAlarm = AlarmState::kAlarm;
constexpr AlarmState kInsufficientData = AlarmState::kInsufficientData;

AlarmOptions Watch(std::int64_t to_alarm, std::int64_t periods,
                   TreatMissingData treat = TreatMissingData::kMissing) {
  return {.alarm_name = "lag",
          .metric_namespace = "Shop",
          .metric_name = "Lag",
          .statistic = Statistic::kMaximum,
          .evaluation_periods = periods,
          .datapoints_to_alarm = to_alarm,
          .threshold = 1,
          .treat_missing_data = treat};
}

void Put(Metrics& metrics, double value, absl::Time at) {
  ASSERT_TRUE(
      metrics
          .PutMetricData({.metric_namespace = "Shop",
                          .metric_data = {{.metric_name = "Lag", .timestamp = at, .value = value}}},
                         kEvaluatedAt)
          .ok());
}

// Minutes up to kEvaluatedAt, the oldest first: X breaches, 0 does not, - has no samples.
void PutMinutes(Metrics& metrics, std::string_view minutes) {
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    const absl::Time at = kEvaluatedAt - absl::Minutes(static_cast<int>(minutes.size() - i));
    if (minutes[i] != '-') Put(metrics, minutes[i] == 'X' ? 1 : 0, at);
  }
}

// What an alarm in state `before` comes to.
AlarmState Evaluated(std::string_view minutes, const AlarmOptions& options, AlarmState before) {
  Metrics metrics;
  PutMinutes(metrics, minutes);
  const std::unique_ptr<Alarm> alarm = Alarm::Create(metrics, options).value();
  alarm->SetAlarmState(before, kEvaluatedAt);
  alarm->Poll(kEvaluatedAt);
  return alarm->state();
}

// The rows of the CloudWatch guide's two tables; `keep` is the state before.
TEST(Alarm, TreatsMissingDataAsPublished) {
  using Result = std::optional<AlarmState>;
  constexpr auto keep = std::nullopt;
  struct Row {
    std::string_view minutes;
    std::int64_t to_alarm;
    Result missing, ignore, breaching, not_breaching;
  };
  const Row rows[] = {
      {"0-X-X", 3, kOk, kOk, kOk, kOk},
      {"0----", 3, kOk, kOk, kOk, kOk},
      {"-----", 3, kInsufficientData, keep, kAlarm, kOk},
      {"0XX-X", 3, kAlarm, kAlarm, kAlarm, kAlarm},
      {"--X--", 3, kAlarm, keep, kAlarm, kOk},
      {"0-X-X", 2, kAlarm, kAlarm, kAlarm, kAlarm},
      {"00X0X", 2, kAlarm, kAlarm, kAlarm, kAlarm},
      {"0-X--", 2, kOk, kOk, kAlarm, kOk},
      {"----0", 2, kOk, kOk, kAlarm, kOk},
      {"---X-", 2, kAlarm, keep, kAlarm, kOk},
      {"----X", 3, keep, keep, kAlarm, kOk},
  };
  for (const Row& row : rows) {
    for (const AlarmState before : {kOk, kAlarm, kInsufficientData}) {
      const auto expect = [&](TreatMissingData treat, Result result) {
        EXPECT_EQ(Evaluated(row.minutes, Watch(row.to_alarm, 3, treat), before),
                  result.value_or(before))
            << row.minutes << ' ' << row.to_alarm << " treated as " << static_cast<int>(treat);
      };
      expect(TreatMissingData::kMissing, row.missing);
      expect(TreatMissingData::kIgnore, row.ignore);
      expect(TreatMissingData::kBreaching, row.breaching);
      expect(TreatMissingData::kNotBreaching, row.not_breaching);
    }
  }
}

TEST(Alarm, ComparesAsItsOperatorSays) {
  using Operator = ComparisonOperator;
  const std::pair<Operator, std::string_view> rows[] = {
      {Operator::kGreaterThanOrEqualToThreshold, "-AA"},
      {Operator::kGreaterThanThreshold, "--A"},
      {Operator::kLessThanThreshold, "A--"},
      {Operator::kLessThanOrEqualToThreshold, "AA-"},
  };
  for (const auto& [comparison, alarms] : rows) {
    for (int value = 0; value < 3; ++value) {
      Metrics metrics;
      Put(metrics, value, kEvaluatedAt - absl::Minutes(1));
      AlarmOptions options = Watch(1, 1);
      options.comparison_operator = comparison;
      const auto alarm = Alarm::Create(metrics, options).value();
      alarm->Poll(kEvaluatedAt);
      EXPECT_EQ(alarm->state() == kAlarm, alarms[static_cast<std::size_t>(value)] == 'A')
          << static_cast<int>(comparison) << ' ' << value;
    }
  }
}

TEST(Alarm, LooksAtTheStatisticOfThePeriod) {
  const std::pair<Statistic, double> rows[] = {{Statistic::kSampleCount, 4},
                                               {Statistic::kAverage, 5},
                                               {Statistic::kSum, 20},
                                               {Statistic::kMinimum, 1},
                                               {Statistic::kMaximum, 11}};
  Metrics metrics;
  for (const double value : {1.0, 2.0, 6.0, 11.0})
    Put(metrics, value, kEvaluatedAt - absl::Minutes(1));
  const auto alarms_at = [&](AlarmOptions options, double threshold) {
    options.threshold = threshold;
    const auto alarm = Alarm::Create(metrics, options).value();
    alarm->Poll(kEvaluatedAt);
    return alarm->state() == kAlarm;
  };
  for (const auto& [statistic, value] : rows) {
    AlarmOptions options = Watch(1, 1);
    options.statistic = statistic;
    EXPECT_TRUE(alarms_at(options, value)) << value;
    EXPECT_FALSE(alarms_at(options, value + 0.5)) << value;
  }
  AlarmOptions options = Watch(1, 1);
  options.statistic = {};
  options.extended_statistic = "p75";
  EXPECT_TRUE(alarms_at(options, 6));
  EXPECT_FALSE(alarms_at(options, 6.5));
}

TEST(Alarm, APercentileOfFewSamplesCanBeIgnored) {
  Metrics metrics;
  for (int i = 0; i < 99; ++i) Put(metrics, 5, kEvaluatedAt - absl::Minutes(1));
  AlarmOptions options = Watch(1, 1);
  options.statistic = {};
  options.extended_statistic = "p90";
  const auto evaluate = [&] {
    const auto alarm = Alarm::Create(metrics, options).value();
    alarm->Poll(kEvaluatedAt);
    return alarm->state();
  };
  EXPECT_EQ(evaluate(), kAlarm);
  options.ignore_low_sample_counts = true;
  EXPECT_EQ(evaluate(), kInsufficientData);
  Put(metrics, 5, kEvaluatedAt - absl::Minutes(1));
  EXPECT_EQ(evaluate(), kAlarm);
}

TEST(Alarm, PeriodsSlideWithTheMinutes) {
  Metrics metrics;
  Put(metrics, 1, kEvaluatedAt);
  AlarmOptions options = Watch(1, 1);
  options.period = 300;
  options.statistic = Statistic::kSum;
  options.treat_missing_data = TreatMissingData::kNotBreaching;
  options.threshold = 2;
  const auto alarm = Alarm::Create(metrics, options).value();
  Put(metrics, 1, kEvaluatedAt + absl::Minutes(4));
  EXPECT_EQ(alarm->Poll(kEvaluatedAt + absl::Minutes(4)), kEvaluatedAt + absl::Minutes(5));
  EXPECT_EQ(alarm->state(), kOk) << "the present minute is not over";
  alarm->Poll(kEvaluatedAt + absl::Minutes(5));
  EXPECT_EQ(alarm->state(), kAlarm) << "minutes 0 to 4";
  alarm->Poll(kEvaluatedAt + absl::Minutes(6) + absl::Seconds(59));
  EXPECT_EQ(alarm->state(), kOk) << "minutes 1 to 5";
}

TEST(Alarm, ActsOnceForEachChangeOfItsState) {
  Metrics metrics;
  std::vector<AlarmStateChange> changes;
  const auto alarm = Alarm::Create(metrics, Watch(2, 3), [&](const AlarmStateChange& change) {
                       changes.push_back(change);
                     }).value();
  PutMinutes(metrics, "0XX");
  EXPECT_EQ(alarm->state(), kInsufficientData);
  for (int second = 0; second < 90; second += 10) alarm->Poll(kEvaluatedAt + absl::Seconds(second));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].alarm_name, "lag");
  EXPECT_EQ(changes[0].from, kInsufficientData);
  EXPECT_EQ(changes[0].to, kAlarm);
  EXPECT_EQ(changes[0].at, kEvaluatedAt);
}

TEST(Alarm, AStateThatWasSetLastsUntilTheNextEvaluation) {
  Metrics metrics;
  PutMinutes(metrics, "000");
  std::vector<AlarmState> states;
  const auto alarm = Alarm::Create(metrics, Watch(3, 3), [&](const AlarmStateChange& change) {
                       states.push_back(change.to);
                     }).value();
  alarm->Poll(kEvaluatedAt);
  alarm->SetAlarmState(kAlarm, kEvaluatedAt);
  alarm->Poll(kEvaluatedAt + absl::Seconds(59));
  EXPECT_EQ(alarm->state(), kAlarm);
  alarm->Poll(kEvaluatedAt + absl::Seconds(60));
  EXPECT_THAT(states, ElementsAre(kOk, kAlarm, kOk));
}

TEST(Alarm, OptionsThatMakeNoSenseAreRefused) {
  const Metrics metrics;
  const auto create = [&](auto change) {
    AlarmOptions options = Watch(2, 3);
    change(options);
    return GetErrorCode(Alarm::Create(metrics, options).status());
  };
  using Options = AlarmOptions&;
  constexpr ErrorCode kInvalid = ErrorCode::kInvalidArgument;
  EXPECT_EQ(create([](Options) {}), std::nullopt);
  EXPECT_EQ(create([](Options o) { o.alarm_name = ""; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.metric_name = ""; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.statistic = {}; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.extended_statistic = "p50"; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.statistic = {}, o.extended_statistic = "p"; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.period = 10; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.evaluation_periods = 0; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.evaluation_periods = 1'440; }), std::nullopt);
  EXPECT_EQ(create([](Options o) { o.evaluation_periods = 1'441; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.datapoints_to_alarm = 4; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.datapoints_to_alarm = -1; }), kInvalid);
  EXPECT_EQ(create([](Options o) { o.threshold = std::numeric_limits<double>::infinity(); }),
            kInvalid);
}

}  // namespace
}  // namespace riacho
