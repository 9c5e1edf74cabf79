#include "simulation/order_system.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "riacho/model/error.h"

namespace riacho::simulation {
namespace {

constexpr char kStream[] = "orders";

}  // namespace

SimulationOptions OrderSimulation() {
  SimulationOptions options;
  options.engine.lifecycle = Lifecycle::Service();
  options.engine.limits.subscription_life = absl::Seconds(45);  // more ends in two minutes
  return options;
}

OrderSystem::OrderSystem(Simulation& sim, OrderSystemOptions options)
    : sim_(sim), options_(options), ledger_(sim) {
  const bool created = sim.client().CreateStream({.stream_name = kStream, .shard_count = 2}).ok();
  sim.RunFor(absl::Seconds(10));
  const auto registered = sim.client().RegisterStreamConsumer(
      {.stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
       .consumer_name = "audit"});
  sim.Check(created && registered.ok(), "the stream and its consumer are there");
  consumer_arn_ = registered->consumer.consumer_arn;
  sim.RunFor(absl::Seconds(10));

  for (int i = 0; i < options.producers; ++i) {
    victims_.push_back(
        &sim.Spawn("producer-" + std::to_string(i), [this, i] { return Produce(i); }));
  }
  victims_.push_back(&sim.Spawn("shipping", [this] { return Ship(); }));
  victims_.push_back(&sim.Spawn("audit", [this] { return Audit(); }));
  trouble_.push_back(&sim.Spawn("resharder", [this] { return Reshard(); }));
  trouble_.push_back(&sim.Spawn("chaos", [this] { return Chaos(); }));
  PlanFaults();
}

void OrderSystem::PlanFaults() {
  FaultPlan& faults = sim_.faults();
  faults.On(Operation::kGetRecords).WithChance(0.02).DeliverAgain();
  redelivery_rule_ = faults.rules().size() - 1;
  faults.On({Operation::kPutRecord, Operation::kPutRecords}).WithChance(0.03).LoseReply();
  faults.On({Operation::kPutRecord, Operation::kPutRecords}).WithChance(0.02).LoseRequest();
  faults.On(Operation::kPutRecord).WithChance(0.05).Throttle();
  faults.On(Operation::kPutRecords).WithChance(0.1).Throttle(/*share=*/0.5);
  faults.On(Operation::kPutRecords).WithChance(0.02).Fail(ErrorCode::kInternalFailure);
  faults.On({Operation::kGetRecords, Operation::kListShards, Operation::kSubscribeToShard})
      .WithChance(0.03)
      .Throttle();
  faults.On(Operation::kGetRecords).WithChance(0.02).Fail(ErrorCode::kExpiredIterator);
  faults.On(Operation::kGetRecords).WithChance(0.02).LoseReply();
  faults.On(Operation::kListShards).WithChance(0.3).AnswerStale(absl::Seconds(20));
  faults.On(Operation::kSubscribeToShard).WithChance(0.3).DropSubscription(/*after_events=*/3);
  faults.On(Operation::kSubscribeToShard).WithChance(0.2).EndSubscription(/*after_events=*/5);
  faults.OnEverything().WithChance(0.05).Delay(absl::Milliseconds(5), absl::Seconds(2));
}

absl::Duration OrderSystem::Between(absl::Duration least, absl::Duration most) {
  const auto range = static_cast<std::uint64_t>(absl::ToInt64Microseconds(most - least));
  return least + absl::Microseconds(static_cast<std::int64_t>(sim_.random().Uniform(range + 1)));
}

// --- producers

// An order's next event is put only once the one before has been acknowledged: there is no other
// way to keep an order's events in order over retries.
Task<> OrderSystem::Produce(int producer) {
  std::vector<std::string> orders;
  for (int i = 0; i < options_.orders_per_producer; ++i)
    orders.push_back("order-" + std::to_string(producer) + std::to_string(i));
  while (!closing_) {
    if (sim_.random().Chance(0.5)) {
      co_await PutOne(ledger_.NextOf(orders[sim_.random().Uniform(orders.size())]));
    } else {
      std::vector<OrderEvent> events;
      for (const std::string& order : orders) events.push_back(ledger_.NextOf(order));
      co_await PutBatch(std::move(events));
    }
    co_await sim_.Sleep(Between(absl::Milliseconds(100), absl::Seconds(1)));
  }
}

void OrderSystem::Note(const OrderEvent& event, const absl::Status& status) {
  if (status.ok()) {
    ledger_.Acknowledged(event);
  } else if (GetErrorCode(status).has_value()) {
    ledger_.Refused(event);
  }  // else nobody knows
}

Task<> OrderSystem::PutOne(OrderEvent event) {
  const std::string data = std::to_string(event.number);
  ledger_.Attempt(event);
  const absl::Status status =
      sim_.client()
          .PutRecord({.stream_name = kStream, .data = data, .partition_key = event.order})
          .status();
  co_await sim_.Sleep(absl::Milliseconds(3));  // the reply is on its way
  Note(event, status);
}

Task<> OrderSystem::PutBatch(std::vector<OrderEvent> events) {
  std::vector<std::string> data;
  for (const OrderEvent& event : events) data.push_back(std::to_string(event.number));
  std::vector<PutRecordsRequestEntry> entries;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ledger_.Attempt(events[i]);
    entries.push_back({.data = data[i], .partition_key = events[i].order});
  }
  const absl::StatusOr<PutRecordsResponse> put =
      sim_.client().PutRecords({.records = entries, .stream_name = kStream});
  co_await sim_.Sleep(absl::Milliseconds(3));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool refused = put.ok() && put->records[i].error_code.has_value();
    Note(events[i], refused ? MakeError(*put->records[i].error_code, "") : put.status());
  }
}

// --- consumers

// The shards that the consumer has not finished, but all of whose parents it has.
std::vector<Shard> OrderSystem::ReadableShards(Consumer consumer) {
  std::vector<Shard> shards;
  std::optional<std::string> token;
  do {
    ListShardsRequest request = {.next_token = token};
    if (!token.has_value()) request.stream_name = kStream;
    absl::StatusOr<ListShardsResponse> page = sim_.client().ListShards(request);
    if (!page.ok()) return {};
    shards.insert(shards.end(), page->shards.begin(), page->shards.end());
    token = page->next_token;
  } while (token.has_value());
  const Checkpoints& checkpoints = ledger_.checkpoints(consumer);
  const auto finished = [&](ShardId id) {
    const auto known = checkpoints.find(id.ToString());
    return known != checkpoints.end() && known->second.finished;
  };
  std::erase_if(shards, [&](const Shard& shard) {
    return finished(shard.shard_id) ||
           (shard.parent_shard_id.has_value() && !finished(*shard.parent_shard_id)) ||
           (shard.adjacent_parent_shard_id.has_value() &&
            !finished(*shard.adjacent_parent_shard_id));
  });
  return shards;
}

Task<> OrderSystem::Ship() {
  Checkpoints& checkpoints = ledger_.checkpoints(Consumer::kShipping);
  const int incarnation = ledger_.NextIncarnation(Consumer::kShipping);
  std::map<std::string, std::string> iterators;
  for (;; co_await sim_.Sleep(absl::Milliseconds(400))) {
    for (const Shard& shard : ReadableShards(Consumer::kShipping)) {
      const std::string id = shard.shard_id.ToString();
      Checkpoint& checkpoint = checkpoints[id];
      if (!iterators.contains(id)) {
        GetShardIteratorRequest request = {.stream_name = kStream,
                                           .shard_id = id,
                                           .shard_iterator_type = ShardIteratorType::kTrimHorizon};
        if (!checkpoint.after.empty()) {
          request.shard_iterator_type = ShardIteratorType::kAfterSequenceNumber;
          request.starting_sequence_number = checkpoint.after;
        }
        const auto iterator = sim_.client().GetShardIterator(request);
        if (!iterator.ok()) continue;
        iterators[id] = iterator->shard_iterator;
      }
      const std::int64_t redeliveries =
          sim_.faults().rules().empty() ? -1 : sim_.faults().fault_counts()[redelivery_rule_];
      const auto page = sim_.client().GetRecords({.shard_iterator = iterators[id], .limit = 100});
      if (!page.ok()) {
        if (GetErrorCode(page.status()) == ErrorCode::kExpiredIterator) iterators.erase(id);
        continue;
      }
      const auto save = [&] {
        if (!page->records.empty())
          checkpoint.after = page->records.back().sequence_number.ToString();
        if (!page->next_shard_iterator.has_value()) checkpoint.finished = true;
      };
      if (options_.checkpoints_too_early) save();
      co_await sim_.Sleep(absl::Milliseconds(20));  // work
      for (const Record& record : page->records)
        ledger_.Delivered(Consumer::kShipping, record, {incarnation, redeliveries});
      save();
      iterators[id] = page->next_shard_iterator.value_or("");
    }
  }
}

Task<> OrderSystem::Audit() {
  Checkpoints& checkpoints = ledger_.checkpoints(Consumer::kAudit);
  const int incarnation = ledger_.NextIncarnation(Consumer::kAudit);
  std::map<std::string, std::unique_ptr<Subscription>> subscriptions;
  for (;; co_await sim_.Sleep(absl::Milliseconds(200))) {
    for (const Shard& shard : ReadableShards(Consumer::kAudit)) {
      const std::string id = shard.shard_id.ToString();
      Checkpoint& checkpoint = checkpoints[id];
      std::unique_ptr<Subscription>& subscription = subscriptions[id];
      if (subscription == nullptr) {
        StartingPosition start = {.type = ShardIteratorType::kTrimHorizon};
        if (!checkpoint.after.empty()) {
          start = {.type = ShardIteratorType::kAfterSequenceNumber,
                   .sequence_number = checkpoint.after};
        }
        auto subscribed = sim_.client().SubscribeToShard(
            {.consumer_arn = consumer_arn_, .shard_id = id, .starting_position = start});
        if (!subscribed.ok()) continue;
        subscription = *std::move(subscribed);
      }
      absl::StatusOr<std::optional<SubscribeToShardEvent>> event = subscription->Poll();
      while (event.ok() && event->has_value()) {
        for (const Record& record : (*event)->records)
          ledger_.Delivered(Consumer::kAudit, record, {incarnation, 0});
        if ((*event)->continuation_sequence_number.has_value()) {
          checkpoint.after = (*event)->continuation_sequence_number->ToString();
        } else {
          checkpoint.finished = true;
        }
        event = subscription->Poll();
      }
      if (!event.ok() || subscription->ended()) subscription = nullptr;
    }
  }
}

// --- trouble

Task<> OrderSystem::Reshard() {
  for (;;) {
    co_await sim_.Sleep(Between(absl::Seconds(5), absl::Seconds(30)));
    const auto target = static_cast<std::int64_t>(1 + sim_.random().Uniform(4));
    sim_.client()
        .UpdateShardCount({.stream_name = kStream, .target_shard_count = target})
        .IgnoreError();
  }
}

Task<> OrderSystem::Chaos() {
  for (;;) {
    co_await sim_.Sleep(Between(absl::Milliseconds(500), absl::Seconds(5)));
    Process& victim = *victims_[sim_.random().Uniform(victims_.size())];
    const absl::Duration trouble = Between(absl::Milliseconds(10), absl::Seconds(4));
    switch (sim_.random().Uniform(4)) {
      case 0:
        victim.Crash();
        co_await sim_.Sleep(trouble);
        victim.Restart();
        break;
      case 1:
        victim.Pause();
        co_await sim_.Sleep(trouble);
        victim.Resume();
        break;
      case 2:
        victim.Partition();
        co_await sim_.Sleep(trouble);
        victim.Heal();
        break;
      default:
        victim.SetClock({.skew = Between(absl::Seconds(-5), absl::Seconds(5)),
                         .drift = sim_.random().UniformDouble() / 100});
    }
  }
}

void OrderSystem::Run() {
  sim_.RunFor(options_.troubled_time);
  if (sim_.failed()) return;
  closing_ = true;
  sim_.faults().Clear();
  for (Process* const process : trouble_) process->Crash();
  for (Process* const process : victims_) {
    process->Resume();
    process->Heal();
    if (process->state() == ProcessState::kCrashed) process->Restart();
  }
  sim_.RunFor(absl::Seconds(10));  // the last puts end
  if (sim_.failed()) return;
  const bool complete = sim_.RunUntil([&] { return ledger_.Complete(); }, absl::Minutes(3));
  if (!sim_.failed()) sim_.Check(complete, "no acknowledged event is lost");
}

}  // namespace riacho::simulation
