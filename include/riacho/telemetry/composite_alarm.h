// Alarms about alarms: a rule over the states of others, as in Amazon CloudWatch.
//
//   auto page_somebody = riacho::CompositeAlarm::Create(
//       {late.get(), throttled.get(), deploying.get()},
//       {.alarm_name = "page somebody",
//        .alarm_rule = "(ALARM(late) OR ALARM(throttled)) AND NOT ALARM(deploying)"});
//   schedule.Add(*late);  // and the others; then
//   schedule.Add(**page_somebody);
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/telemetry/alarm.h"
#include "riacho/time/agent.h"

namespace riacho {

struct CompositeAlarmOptions {
  std::string alarm_name = {};
  // ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE, FALSE, joined by NOT, AND, OR and
  // parentheses; NOT binds closest, then AND. A name with spaces or parentheses stands in quotes.
  std::string alarm_rule = {};
};

// In ALARM when its rule is true, else OK; INSUFFICIENT_DATA until it has been polled. It looks at
// what the others found last: poll it after them. Confined: polled by the runner that polls them.
// They must outlive it.
//
// Source: Amazon CloudWatch API Reference, PutCompositeAlarm.
class CompositeAlarm final : public Agent {
 public:
  // `action` is called for each change of the state, by whoever polls.
  // Limits: a rule of up to 10,240 bytes, a hundred parentheses deep.
  // Errors: kInvalidArgument, also for a rule that names an alarm which is not among `alarms`.
  static absl::StatusOr<std::unique_ptr<CompositeAlarm>> Create(
      const std::vector<const Alarm*>& alarms, CompositeAlarmOptions options,
      Alarm::Action action = nullptr);
  ~CompositeAlarm() override;

  // Evaluates each time. Wants to be polled when a minute begins, as the others do.
  absl::Time Poll(absl::Time now) override;

  AlarmState state() const { return state_; }
  const CompositeAlarmOptions& options() const { return options_; }

 private:
  class Rule;

  CompositeAlarm(std::unique_ptr<const Rule> rule, CompositeAlarmOptions options,
                 Alarm::Action action);

  const std::unique_ptr<const Rule> rule_;
  const CompositeAlarmOptions options_;
  Alarm::Action action_;
  AlarmState state_ = AlarmState::kInsufficientData;
};

}  // namespace riacho
