#include "riacho/sim/fault_plan.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "sim/captured_request.h"
#include "sim/faulty_subscription.h"
#include "sim/lost_calls.h"

namespace riacho {
namespace {

using internal::TimedOut;

bool RefusesEntries(const FaultRule& rule, Operation operation) {
  return (rule.kind == FaultKind::kFail || rule.kind == FaultKind::kThrottle) &&
         operation == Operation::kPutRecords &&
         (rule.share.has_value() || rule.shard_id.has_value());
}

std::optional<std::string> Owned(const std::optional<std::string_view>& text) {
  return text.has_value() ? std::optional<std::string>(*text) : std::nullopt;
}

// Of requests whose answers are remembered: equal for those that ask the same.
std::string KeyOf(const DescribeStreamRequest& request) {
  return std::to_string(request.limit.value_or(0)) + "/" +
         request.exclusive_start_shard_id.value_or("");
}
std::string KeyOf(const DescribeStreamSummaryRequest& /*request*/) { return {}; }
std::string KeyOf(const ListShardsRequest& request) {
  std::string key = std::to_string(request.max_results.value_or(0)) + "/" +
                    request.exclusive_start_shard_id.value_or("") + "/" +
                    request.next_token.value_or("");
  if (request.shard_filter.has_value()) {
    const ShardFilter& filter = *request.shard_filter;
    key += "/" + std::to_string(static_cast<int>(*filter.type)) + "/" +
           filter.shard_id.value_or("") + "/" +
           absl::FormatTime(filter.timestamp.value_or(absl::InfinitePast()));
  }
  return key;
}

}  // namespace

FaultPlan::FaultPlan(std::uint64_t seed) : seed_(seed) {}

FaultPlan::FaultPlan(const FaultPlan& other) : Interceptor(other), seed_(other.seed_) {
  const std::lock_guard<std::mutex> lock(other.mutex_);
  rules_ = other.rules_;
  sleep_ = other.sleep_;
  capturing_ = other.capturing_;
  captured_ = other.captured_;
  idle_.store(other.idle_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

FaultPlan::~FaultPlan() = default;

FaultPlan& FaultPlan::Add(FaultRule rule) {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.store(false, std::memory_order_relaxed);
  // Each rule has numbers of its own, so that a rule more or less does not change what the others
  // do.
  const std::uint64_t number = rules_.size() + 1;
  rules_.push_back(
      {.rule = std::move(rule), .random = Random(seed_ + number * 0x9e37'79b9'7f4a'7c15)});
  return *this;
}

void FaultPlan::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  rules_.clear();
  idle_.store(!capturing_.has_value(), std::memory_order_relaxed);
}

void FaultPlan::set_sleep(std::function<void(absl::Duration)> sleep) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sleep_ = std::move(sleep);
}

void FaultPlan::Capture(std::vector<Operation> operations, std::size_t most_calls) {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.store(false, std::memory_order_relaxed);
  capturing_ = {.operations = std::move(operations), .most_calls = most_calls};
}

std::vector<CapturedCall> FaultPlan::captured() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {captured_.begin(), captured_.end()};
}

std::vector<FaultRule> FaultPlan::rules() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<FaultRule> rules;
  for (const ActiveRule& active : rules_) rules.push_back(active.rule);
  return rules;
}

std::vector<std::int64_t> FaultPlan::fault_counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::int64_t> counts;
  for (const ActiveRule& active : rules_) counts.push_back(active.faults);
  return counts;
}

std::int64_t FaultPlan::fault_count() const {
  const std::vector<std::int64_t> counts = fault_counts();
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

absl::Status FaultPlan::Before(const OperationContext& call) {
  if (idle_.load(std::memory_order_relaxed)) return absl::OkStatus();
  absl::Status refusal;
  absl::Duration delay;
  std::function<void(absl::Duration)> sleep;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (ActiveRule& active : rules_) {
      const FaultRule& rule = active.rule;
      switch (rule.kind) {
        case FaultKind::kFail:
        case FaultKind::kThrottle:
          if (RefusesEntries(rule, call.operation) || !Fires(active, call)) break;
          refusal.Update(ErrorOf(active, call.operation));
          break;
        case FaultKind::kLoseRequest:
          if (Fires(active, call)) refusal.Update(TimedOut(call.operation));
          break;
        case FaultKind::kDelay:
          if (!Fires(active, call)) break;
          delay +=
              rule.delay + absl::Floor(std::max(rule.max_delay - rule.delay, absl::ZeroDuration()) *
                                           active.random.UniformDouble(),
                                       absl::Microseconds(1));
          break;
        default:
          break;  // afterwards
      }
    }
    sleep = sleep_;
  }
  if (delay > absl::ZeroDuration()) {
    if (!sleep) {
      return absl::FailedPreconditionError(
          "A fault plan delays this call, but nobody makes time pass: see FaultPlan::set_sleep.");
    }
    sleep(delay);
  }
  return refusal;
}

void FaultPlan::BeforeEntries(const OperationContext& call, std::span<absl::Status> refusals) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ActiveRule& active : rules_) {
    if (RefusesEntries(active.rule, call.operation)) RefuseShare(active, call, refusals);
  }
}

void FaultPlan::After(const OperationContext& call, OperationOutcome& outcome) {
  if (idle_.load(std::memory_order_relaxed)) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ActiveRule& active : rules_) {
    if (!outcome.status().ok()) break;
    switch (active.rule.kind) {
      case FaultKind::kLoseReply:
        if (Fires(active, call)) outcome.Fail(TimedOut(call.operation));
        break;
      case FaultKind::kDropSubscription:
      case FaultKind::kEndSubscription:
        BreakSubscription(active, call, outcome);
        break;
      case FaultKind::kDeliverAgain:
        if (auto* const page = outcome.ResponseOf<GetRecordsRequest>(); page == nullptr) {
          BreakSubscription(active, call, outcome);
        } else if (!page->records.empty() && Fires(active, call)) {
          page->next_shard_iterator = *call.As<GetRecordsRequest>()->shard_iterator;
        }
        break;
      case FaultKind::kAnswerStale:
        AnswerStale(active, call, outcome);
        break;
      default:
        break;  // beforehand
    }
  }
  KeepCall(call, outcome.status());
}

bool FaultPlan::Fires(ActiveRule& active, const OperationContext& call) {
  const FaultRule& rule = active.rule;
  const bool about_it =
      (rule.operations.empty() ||
       std::ranges::find(rule.operations, call.operation) != rule.operations.end()) &&
      (rule.stream_name.empty() || rule.stream_name == call.stream_name) &&
      (!rule.shard_id.has_value() || rule.shard_id == call.shard_id ||
       std::ranges::find(call.entry_shards, rule.shard_id) != call.entry_shards.end()) &&
      (rule.principal_arn.empty() || rule.principal_arn == call.principal_arn) &&
      rule.from <= call.now && call.now < rule.until;
  if (!about_it) return false;
  const std::int64_t number = ++active.calls;
  // Drawn for every call, so that the numbers do not depend on what else the rule says.
  const bool by_chance = active.random.Chance(rule.chance);
  const bool fires = by_chance && number >= rule.first_call && number <= rule.last_call &&
                     number % std::max<std::int64_t>(rule.every, 1) == 0 &&
                     active.faults < rule.most_faults;
  if (fires) ++active.faults;
  return fires;
}

void FaultPlan::RefuseShare(ActiveRule& active, const OperationContext& call,
                            std::span<absl::Status> refusals) {
  if (!Fires(active, call)) return;
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    const bool there =
        !active.rule.shard_id.has_value() || call.entry_shards[i] == active.rule.shard_id;
    if (there && refusals[i].ok()) candidates.push_back(i);
  }
  const double share = std::clamp(active.rule.share.value_or(1), 0.0, 1.0);
  const auto count =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(candidates.size())));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t other = i + active.random.Uniform(candidates.size() - i);
    std::swap(candidates[i], candidates[other]);
    refusals[candidates[i]] = ErrorOf(active, call.operation);
  }
}

void FaultPlan::BreakSubscription(ActiveRule& active, const OperationContext& call,
                                  OperationOutcome& outcome) {
  auto* const subscription = outcome.ResponseOf<SubscribeToShardRequest>();
  if (subscription == nullptr || !Fires(active, call)) return;
  internal::SubscriptionFaults faults;
  if (active.rule.kind == FaultKind::kDeliverAgain) {
    faults.first_event_twice = true;
  } else {
    faults.end_after_events = active.rule.events;
    if (active.rule.kind == FaultKind::kDropSubscription)
      faults.end_error = absl::UnavailableError("The connection of the subscription broke.");
  }
  *subscription =
      std::make_unique<internal::FaultySubscription>(std::move(*subscription), std::move(faults));
}

void FaultPlan::AnswerStale(ActiveRule& active, const OperationContext& call,
                            OperationOutcome& outcome) {
  AnswerStaleAs<DescribeStreamRequest>(active, call, outcome);
  AnswerStaleAs<DescribeStreamSummaryRequest>(active, call, outcome);
  AnswerStaleAs<ListShardsRequest>(active, call, outcome);
}

template <typename Request>
void FaultPlan::AnswerStaleAs(ActiveRule& active, const OperationContext& call,
                              OperationOutcome& outcome) {
  typename Request::Response* const response = outcome.ResponseOf<Request>();
  if (response == nullptr) return;
  std::deque<RememberedAnswer>& known =
      active.remembered[std::to_string(static_cast<int>(call.operation)) + "/" +
                        std::string(call.stream_name) + "/" + KeyOf(*call.As<Request>())];
  known.push_back({call.now, *response});
  // Only the newest of those that are old enough will be needed again.
  const absl::Time old_enough = call.now - active.rule.delay;
  while (known.size() > 1 && known[1].at <= old_enough) known.pop_front();
  if (Fires(active, call)) *response = std::get<typename Request::Response>(known.front().answer);
}

void FaultPlan::KeepCall(const OperationContext& call, const absl::Status& status) {
  if (!capturing_.has_value()) return;
  const std::vector<Operation>& wanted = capturing_->operations;
  if (!wanted.empty() && std::ranges::find(wanted, call.operation) == wanted.end()) return;
  CapturedCall kept = {.operation = call.operation,
                       .at = call.now,
                       .principal_arn = std::string(call.principal_arn),
                       .stream_name = std::string(call.stream_name),
                       .shard_id = call.shard_id,
                       .status = status,
                       .untyped_request = internal::CopyRequest(call)};
  const auto keep = [&](const auto& record) -> CapturedCall::Record& {
    return kept.records.emplace_back(
        CapturedCall::Record{.partition_key = std::string(record.partition_key.value_or("")),
                             .data = std::string(record.data.value_or("")),
                             .explicit_hash_key = Owned(record.explicit_hash_key)});
  };
  if (const auto* const put = call.As<PutRecordRequest>())
    keep(*put).sequence_number_for_ordering = Owned(put->sequence_number_for_ordering);
  if (const auto* const puts = call.As<PutRecordsRequest>())
    for (const PutRecordsRequestEntry& entry : puts->records) keep(entry);
  captured_.push_back(std::move(kept));
  if (captured_.size() > capturing_->most_calls) captured_.pop_front();
}

absl::Status FaultPlan::ErrorOf(const ActiveRule& active, Operation operation) const {
  ErrorCode code = active.rule.error;
  if (active.rule.kind == FaultKind::kThrottle) {
    code = PlaneOf(operation) == Plane::kData ? ErrorCode::kProvisionedThroughputExceeded
                                              : ErrorCode::kLimitExceeded;
  }
  if (!active.rule.message.empty()) return MakeError(code, active.rule.message);
  return MakeError(code, "Injected by rule " + std::to_string(&active - rules_.data() + 1) +
                             " of the fault plan.");
}

}  // namespace riacho
