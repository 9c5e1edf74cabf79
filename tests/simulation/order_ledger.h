// What survives crashes in the simulated order system, and the judge of what arrives.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "riacho/sim/simulation.h"

namespace riacho::simulation {

// The n-th event of an order, counted from 1. Its record has the order as key and n as data.
struct OrderEvent {
  std::string order;
  int number = 0;

  auto operator<=>(const OrderEvent&) const = default;
};

enum class Consumer : unsigned char { kShipping, kAudit };

// How far a consumer has come in a shard; a durable store of checkpoints.
struct Checkpoint {
  std::string after = {};  // a sequence number; empty: from the beginning
  bool finished = false;
};
using Checkpoints = std::map<std::string, Checkpoint>;  // by shard id

// Fails the simulation's check when an invariant breaks:
// - no event that was acknowledged is lost, for any consumer;
// - each consumer sees the events of an order in their order: never one whose predecessors it has
//   not seen;
// - the log has an event twice only if a producer could not know whether it was stored;
// - a consumer is given a record twice only after a crash, or a page that was delivered again.
class OrderLedger {
 public:
  explicit OrderLedger(Simulation& sim) : sim_(sim) {}

  // --- producers: the next event to put is behind the last one that was acknowledged
  OrderEvent NextOf(const std::string& order) const;
  // Around an attempt. If its end is never known, the event may be in the log.
  void Attempt(const OrderEvent& event);
  void Refused(const OrderEvent& event);
  void Acknowledged(const OrderEvent& event);

  // --- consumers
  Checkpoints& checkpoints(Consumer consumer) { return of_[consumer].checkpoints; }
  int NextIncarnation(Consumer consumer) { return ++of_[consumer].incarnations; }
  // `occasion` differs whenever it is right that a record comes again.
  void Delivered(Consumer consumer, const Record& record, std::pair<int, std::int64_t> occasion);

  // Both consumers have seen all that was acknowledged.
  bool Complete() const;
  std::int64_t acknowledged() const;
  std::int64_t duplicates() const { return duplicates_; }

 private:
  struct PerConsumer {
    Checkpoints checkpoints = {};
    int incarnations = 0;
    std::map<std::string, int> seen = {};  // the last event of each order
    std::map<SequenceNumber, std::pair<int, std::int64_t>> occasions = {};
  };

  Simulation& sim_;
  std::map<std::string, int> acknowledged_;
  std::map<OrderEvent, int> open_;  // attempts whose end is not known
  std::map<OrderEvent, SequenceNumber> stored_;
  std::map<Consumer, PerConsumer> of_ = {{Consumer::kShipping, {}}, {Consumer::kAudit, {}}};
  std::int64_t duplicates_ = 0;
};

}  // namespace riacho::simulation
