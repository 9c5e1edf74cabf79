// An application in a simulation: producers put the events of orders, a consumer reads them by
// iterator and checkpoints, another has enhanced fan-out, while calls fail, processes crash and
// shards split and merge.
#pragma once

#include <string>
#include <vector>

#include "riacho/sim/simulation.h"
#include "simulation/order_ledger.h"

namespace riacho::simulation {

struct OrderSystemOptions {
  absl::Duration troubled_time = absl::Minutes(2);
  int producers = 3;
  int orders_per_producer = 4;
  // The fault to be found: the consumer says that it has processed a page before it has.
  bool checkpoints_too_early = false;
};

// What the engine of such a simulation must be like: changes take as long as on the service.
SimulationOptions OrderSimulation();

class OrderSystem {
 public:
  OrderSystem(Simulation& sim, OrderSystemOptions options = {});

  // Trouble, then peace until everything has arrived. Breaks off when a check fails.
  void Run();

  const OrderLedger& ledger() const { return ledger_; }

 private:
  void PlanFaults();
  Task<> Produce(int producer);
  Task<> PutOne(OrderEvent event);
  Task<> PutBatch(std::vector<OrderEvent> events);
  Task<> Ship();
  Task<> Audit();
  Task<> Reshard();
  Task<> Chaos();
  std::vector<Shard> ReadableShards(Consumer consumer);
  void Note(const OrderEvent& event, const absl::Status& status);
  absl::Duration Between(absl::Duration least, absl::Duration most);

  Simulation& sim_;
  const OrderSystemOptions options_;
  OrderLedger ledger_;
  std::size_t redelivery_rule_ = 0;
  std::string consumer_arn_;
  bool closing_ = false;
  std::vector<Process*> victims_;
  std::vector<Process*> trouble_;
};

}  // namespace riacho::simulation
