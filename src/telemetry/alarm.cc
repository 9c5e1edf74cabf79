#include "riacho/telemetry/alarm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "riacho/model/error.h"
#include "telemetry/distribution.h"
#include "telemetry/metric_table.h"

namespace riacho {
namespace {

using internal::Distribution;
using internal::ExtendedStatistic;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMorePeriods = 2;  // looked at in the place of missing ones

absl::Status Invalid(const AlarmOptions& options, const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument,
                   "The alarm '" + options.alarm_name + "' " + message);
}

absl::Status Check(const AlarmOptions& options) {
  if (absl::Status valid = CheckMetric({.metric_namespace = options.metric_namespace,
                                        .metric_name = options.metric_name,
                                        .dimensions = options.dimensions});
      !valid.ok()) {
    return valid;
  }
  if (options.alarm_name.empty() || options.alarm_name.size() > 255)
    return Invalid(options, "must have a name of 1 to 255 bytes.");
  if (options.statistic.has_value() == options.extended_statistic.has_value())
    return Invalid(options, "must have either Statistic or ExtendedStatistic.");
  if (options.extended_statistic.has_value() &&
      !ExtendedStatistic::Parse(*options.extended_statistic).has_value()) {
    return Invalid(options, "has the ExtendedStatistic '" + *options.extended_statistic +
                                "', which is not supported.");
  }
  if (options.period < 60 || options.period > kDay || options.period % 60 != 0) {
    return Invalid(options, "has the Period " + std::to_string(options.period) +
                                ", which must be a multiple of 60 and at most 86400 seconds.");
  }
  const std::int64_t periods = options.evaluation_periods;
  if (periods < 1 || periods > kDay / options.period) {
    return Invalid(options, "has " + std::to_string(periods) +
                                " EvaluationPeriods, which must be at least 1 and one day at most "
                                "in sum.");
  }
  if (options.datapoints_to_alarm < 0 || options.datapoints_to_alarm > periods) {
    return Invalid(options, "has " + std::to_string(options.datapoints_to_alarm) +
                                " DatapointsToAlarm, which must be between 1 and its " +
                                std::to_string(periods) + " EvaluationPeriods.");
  }
  if (!std::isfinite(options.threshold))
    return Invalid(options, "has a Threshold that is no number.");
  return absl::OkStatus();
}

std::optional<double> ValueOf(const Distribution& samples, const AlarmOptions& options) {
  const StatisticSet& set = samples.statistics();
  if (set.sample_count == 0) return std::nullopt;
  if (options.extended_statistic.has_value())
    return ExtendedStatistic::Parse(*options.extended_statistic)->Of(samples);
  switch (*options.statistic) {
    case Statistic::kSampleCount:
      return set.sample_count;
    case Statistic::kAverage:
      return set.sum / set.sample_count;
    case Statistic::kSum:
      return set.sum;
    case Statistic::kMinimum:
      return set.minimum;
    case Statistic::kMaximum:
      return set.maximum;
  }
  return std::nullopt;
}

// Too few samples for the percentile, which the alarm is to ignore.
bool SaysNothing(const Distribution& samples, const AlarmOptions& options) {
  if (!options.ignore_low_sample_counts || !options.extended_statistic.has_value()) return false;
  const std::optional<double> percent =
      ExtendedStatistic::Parse(*options.extended_statistic)->percentile();
  if (!percent.has_value()) return false;
  constexpr double kRoundingError = 1e-6;
  const double beyond = *percent >= 50 ? 100 - *percent : *percent;
  return samples.statistics().sample_count * beyond / 100 < 10 - kRoundingError;
}

// Whether the periods breach, the newest first; nothing for those without samples.
using Breaching = std::vector<std::optional<bool>>;

// Within fewer real data points than are to be looked at, all of which breach.
AlarmState WhenFewBreach(const Breaching& periods, std::int64_t to_alarm, bool ignore,
                         AlarmState present) {
  if (ignore) return present;
  // The oldest one long enough ago: what is missing since then may have been breaching too.
  std::int64_t age = 0;
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (periods[i].has_value()) age = static_cast<std::int64_t>(i) + 1;
  }
  return age >= to_alarm ? AlarmState::kAlarm : present;
}

AlarmState Decide(const Breaching& periods, const AlarmOptions& options, AlarmState present) {
  const std::int64_t looked_at = options.evaluation_periods;
  const std::int64_t to_alarm =
      options.datapoints_to_alarm == 0 ? looked_at : options.datapoints_to_alarm;
  std::int64_t real = 0;
  std::int64_t breaching = 0;
  for (const std::optional<bool>& period : periods) {
    if (!period.has_value() || real == looked_at) continue;
    ++real;
    breaching += *period ? 1 : 0;
  }
  const auto alarm_if = [](bool alarm) { return alarm ? AlarmState::kAlarm : AlarmState::kOk; };
  const TreatMissingData treat = options.treat_missing_data;
  if (real == looked_at || treat == TreatMissingData::kNotBreaching)
    return alarm_if(breaching >= to_alarm);
  if (treat == TreatMissingData::kBreaching)
    return alarm_if(breaching + looked_at - real >= to_alarm);
  const bool ignore = treat == TreatMissingData::kIgnore;
  if (real == 0) return ignore ? present : AlarmState::kInsufficientData;
  if (breaching < real || breaching >= to_alarm) return alarm_if(breaching >= to_alarm);
  return WhenFewBreach(periods, to_alarm, ignore, present);
}

}  // namespace

std::string_view AlarmStateName(AlarmState state) {
  switch (state) {
    case AlarmState::kOk:
      return "OK";
    case AlarmState::kAlarm:
      return "ALARM";
    case AlarmState::kInsufficientData:
      break;
  }
  return "INSUFFICIENT_DATA";
}

std::ostream& operator<<(std::ostream& out, AlarmState state) {
  return out << AlarmStateName(state);
}

Alarm::Alarm(const Metrics& metrics, AlarmOptions options, Action action)
    : metrics_(metrics), options_(std::move(options)), action_(std::move(action)) {}

absl::StatusOr<std::unique_ptr<Alarm>> Alarm::Create(const Metrics& metrics, AlarmOptions options,
                                                     Action action) {
  if (absl::Status valid = Check(options); !valid.ok()) return valid;
  std::ranges::sort(options.dimensions);
  return std::unique_ptr<Alarm>(new Alarm(metrics, std::move(options), std::move(action)));
}

absl::Time Alarm::Poll(absl::Time now) {
  const std::int64_t minute = internal::MinuteOf(now);
  if (evaluated_minute_ != minute) {
    evaluated_minute_ = minute;
    ChangeTo(Evaluate(minute), now);
  }
  return absl::FromUnixSeconds((minute + 1) * 60);
}

void Alarm::ChangeTo(AlarmState state, absl::Time now) {
  if (state == state_) return;
  const AlarmStateChange change = {
      .alarm_name = options_.alarm_name, .from = state_, .to = state, .at = now};
  state_ = state;
  if (action_ != nullptr) action_(change);
}

bool Alarm::Breaches(double value) const {
  switch (options_.comparison_operator) {
    case ComparisonOperator::kGreaterThanOrEqualToThreshold:
      return value >= options_.threshold;
    case ComparisonOperator::kGreaterThanThreshold:
      return value > options_.threshold;
    case ComparisonOperator::kLessThanThreshold:
      return value < options_.threshold;
    case ComparisonOperator::kLessThanOrEqualToThreshold:
      return value <= options_.threshold;
  }
  return false;
}

AlarmState Alarm::Evaluate(std::int64_t minute) const {
  const std::int64_t minutes = options_.period / 60;
  std::vector<Distribution> periods(
      static_cast<std::size_t>(options_.evaluation_periods + kMorePeriods));
  const std::int64_t first = minute - minutes * static_cast<std::int64_t>(periods.size());
  metrics_.table()->VisitMetric(
      {.metric_namespace = options_.metric_namespace,
       .metric_name = options_.metric_name,
       .dimensions = options_.dimensions},
      [&](const internal::SeriesKey& key, const internal::Series& series) {
        if (options_.unit.value_or(key.unit) != key.unit) return;
        const auto end = series.minutes.lower_bound(minute);
        for (auto at = series.minutes.lower_bound(first); at != end; ++at)
          periods[static_cast<std::size_t>((minute - 1 - at->first) / minutes)].Add(at->second);
      });
  Breaching breaching;
  for (const Distribution& samples : periods) {
    const std::optional<double> value = ValueOf(samples, options_);
    if (value.has_value() && SaysNothing(samples, options_)) return state_;
    breaching.push_back(value.has_value() ? std::optional(Breaches(*value)) : std::nullopt);
  }
  return Decide(breaching, options_, state_);
}

}  // namespace riacho
