// FaultPlan::Phrase: a rule in words.
#include <algorithm>
#include <utility>

#include "riacho/sim/fault_plan.h"

namespace riacho {

FaultPlan::Phrase FaultPlan::On(Operation operation) { return Phrase(*this, {operation}); }
FaultPlan::Phrase FaultPlan::On(std::initializer_list<Operation> operations) {
  return Phrase(*this, operations);
}
FaultPlan::Phrase FaultPlan::OnEverything() { return Phrase(*this, {}); }

FaultPlan::Phrase::Phrase(FaultPlan& plan, std::vector<Operation> operations) : plan_(plan) {
  rule_.operations = std::move(operations);
}

FaultPlan::Phrase& FaultPlan::Phrase::Stream(std::string name) {
  rule_.stream_name = std::move(name);
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::Shard(ShardId shard_id) {
  rule_.shard_id = shard_id;
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::Principal(std::string arn) {
  rule_.principal_arn = std::move(arn);
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::Between(absl::Time from, absl::Time until) {
  rule_.from = from;
  rule_.until = until;
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::From(absl::Time from) {
  rule_.from = from;
  return *this;
}

FaultPlan::Phrase& FaultPlan::Phrase::Call(std::int64_t number) { return Calls(number, number); }
FaultPlan::Phrase& FaultPlan::Phrase::Calls(std::int64_t first, std::int64_t last) {
  rule_.first_call = std::max<std::int64_t>(first, 1);
  rule_.last_call = std::max<std::int64_t>(last, 1);
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::Every(std::int64_t n) {
  rule_.every = std::max<std::int64_t>(n, 1);
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::WithChance(double chance) {
  rule_.chance = chance;
  return *this;
}
FaultPlan::Phrase& FaultPlan::Phrase::AtMost(std::int64_t faults) {
  rule_.most_faults = std::max<std::int64_t>(faults, 1);
  return *this;
}

FaultPlan& FaultPlan::Phrase::Fail(ErrorCode error, std::optional<double> share) {
  rule_.error = error;
  rule_.share = share;
  return Done(FaultKind::kFail);
}
FaultPlan& FaultPlan::Phrase::FailWith(ErrorCode error, std::string message) {
  rule_.message = std::move(message);
  return Fail(error);
}
FaultPlan& FaultPlan::Phrase::Throttle(std::optional<double> share) {
  rule_.share = share;
  return Done(FaultKind::kThrottle);
}
FaultPlan& FaultPlan::Phrase::Delay(absl::Duration delay) { return Delay(delay, delay); }
FaultPlan& FaultPlan::Phrase::Delay(absl::Duration least, absl::Duration most) {
  rule_.delay = least;
  rule_.max_delay = most;
  return Done(FaultKind::kDelay);
}
FaultPlan& FaultPlan::Phrase::LoseRequest() { return Done(FaultKind::kLoseRequest); }
FaultPlan& FaultPlan::Phrase::LoseReply() { return Done(FaultKind::kLoseReply); }
FaultPlan& FaultPlan::Phrase::DropSubscription(std::int64_t after_events) {
  rule_.events = after_events;
  return Done(FaultKind::kDropSubscription);
}
FaultPlan& FaultPlan::Phrase::EndSubscription(std::int64_t after_events) {
  rule_.events = after_events;
  return Done(FaultKind::kEndSubscription);
}
FaultPlan& FaultPlan::Phrase::AnswerStale(absl::Duration age) {
  rule_.delay = age;
  return Done(FaultKind::kAnswerStale);
}
FaultPlan& FaultPlan::Phrase::DeliverAgain() { return Done(FaultKind::kDeliverAgain); }

FaultPlan& FaultPlan::Phrase::Done(FaultKind kind) {
  rule_.kind = kind;
  return plan_.Add(std::move(rule_));
}

}  // namespace riacho
