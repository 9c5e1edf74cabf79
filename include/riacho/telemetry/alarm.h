// Alarms: a metric watched against a threshold, with the rules of Amazon CloudWatch.
//
//   auto alarm = riacho::Alarm::Create(engine.metrics(),
//                                      {.alarm_name = "reader is late",
//                                       .metric_name = "GetRecords.IteratorAgeMilliseconds",
//                                       .dimensions = {{"StreamName", "orders"}},
//                                       .statistic = riacho::Statistic::kMaximum,
//                                       .evaluation_periods = 3,
//                                       .datapoints_to_alarm = 2,
//                                       .threshold = 60'000},
//                                      [](const riacho::AlarmStateChange& change) { Tell(change);
//                                      });
//   schedule.Add(**alarm);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/telemetry/metrics.h"
#include "riacho/time/agent.h"

namespace riacho {

enum class AlarmState : unsigned char { kOk, kAlarm, kInsufficientData };
std::string_view AlarmStateName(AlarmState state);  // "OK", "ALARM", "INSUFFICIENT_DATA"
std::ostream& operator<<(std::ostream& out, AlarmState state);

enum class ComparisonOperator : unsigned char {
  kGreaterThanOrEqualToThreshold,
  kGreaterThanThreshold,
  kLessThanThreshold,
  kLessThanOrEqualToThreshold,
};

// What a period without samples counts as.
enum class TreatMissingData : unsigned char {
  kMissing,  // nothing; without any samples the state is INSUFFICIENT_DATA
  kNotBreaching,
  kBreaching,
  kIgnore,  // nothing; without enough samples the state stays as it is
};

struct AlarmOptions {
  std::string alarm_name = {};
  std::string metric_namespace = std::string(kKinesisMetrics);
  std::string metric_name = {};
  std::vector<Dimension> dimensions = {};
  // One of these two; the second as in GetMetricStatisticsRequest.
  std::optional<Statistic> statistic = {};
  std::optional<std::string> extended_statistic = {};
  std::optional<StandardUnit> unit = {};  // any, if absent
  std::int64_t period = 60;               // seconds, a multiple of 60
  std::int64_t evaluation_periods = 1;    // N: how many periods are looked at
  std::int64_t datapoints_to_alarm = 0;   // M: how many of them must breach; 0: all
  double threshold = 0;
  ComparisonOperator comparison_operator = ComparisonOperator::kGreaterThanOrEqualToThreshold;
  TreatMissingData treat_missing_data = TreatMissingData::kMissing;
  // Percentiles of too few samples to say anything leave the state as it is: of p50 and above fewer
  // than 10/(1-p), below fewer than 10/p.
  bool ignore_low_sample_counts = false;
};

struct AlarmStateChange {
  std::string alarm_name = {};
  AlarmState from = AlarmState::kInsufficientData;
  AlarmState to = AlarmState::kInsufficientData;
  absl::Time at = absl::UnixEpoch();
};

// Evaluates as each minute begins, over periods that end there: with a period of 300 seconds, at
// 00:06 the last one is from 00:01 to 00:06. A period without samples is missing; up to two periods
// before the N are looked at in the place of missing ones. Confined: polled by one runner. The
// metrics must outlive it.
//
// Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
class Alarm final : public Agent {
 public:
  using Action = absl::AnyInvocable<void(const AlarmStateChange&)>;

  // `action` is called for each change of the state, by whoever polls.
  // Limits: a period of up to 86,400 seconds, periods of up to one day in sum.
  // Errors: kInvalidArgument.
  static absl::StatusOr<std::unique_ptr<Alarm>> Create(const Metrics& metrics, AlarmOptions options,
                                                       Action action = nullptr);

  // Evaluates, once in a minute. Minutes in which nobody polled are not made up for.
  absl::Time Poll(absl::Time now) override;

  // Until the next evaluation.
  void SetAlarmState(AlarmState state, absl::Time now) { ChangeTo(state, now); }

  AlarmState state() const { return state_; }
  const AlarmOptions& options() const { return options_; }

 private:
  Alarm(const Metrics& metrics, AlarmOptions options, Action action);

  void ChangeTo(AlarmState state, absl::Time now);
  AlarmState Evaluate(std::int64_t minute) const;
  bool Breaches(double value) const;

  const Metrics& metrics_;
  const AlarmOptions options_;
  Action action_;
  AlarmState state_ = AlarmState::kInsufficientData;
  std::optional<std::int64_t> evaluated_minute_;
};

}  // namespace riacho
