#include "simulation/order_ledger.h"

#include <algorithm>

namespace riacho::simulation {

OrderEvent OrderLedger::NextOf(const std::string& order) const {
  const auto last = acknowledged_.find(order);
  return {order, last == acknowledged_.end() ? 1 : last->second + 1};
}

void OrderLedger::Attempt(const OrderEvent& event) { ++open_[event]; }

void OrderLedger::Refused(const OrderEvent& event) { --open_[event]; }

void OrderLedger::Acknowledged(const OrderEvent& event) {
  --open_[event];
  acknowledged_[event.order] = event.number;
}

void OrderLedger::Delivered(Consumer consumer, const Record& record,
                            std::pair<int, std::int64_t> occasion) {
  const OrderEvent event = {std::string(record.partition_key), std::stoi(std::string(record.data))};
  const std::string name = event.order + "/" + std::to_string(event.number);
  PerConsumer& mine = of_[consumer];
  sim_.Note(name + " is at " + record.sequence_number.ToString());

  const auto [place, first_time] = mine.occasions.emplace(record.sequence_number, occasion);
  if (!first_time) {
    ++duplicates_;
    sim_.Check(place->second != occasion, name + " was given twice to one consumer");
    place->second = occasion;
  }

  const auto [stored, only] = stored_.emplace(event, record.sequence_number);
  if (!only && stored->second != record.sequence_number) {
    ++duplicates_;
    sim_.Check(open_[event] > 0, name + " is twice in the log, and its producer knew better");
  }

  int& seen = mine.seen[event.order];
  sim_.Check(event.number <= seen + 1,
             name + " came before " + std::to_string(seen + 1) + " of its order");
  seen = std::max(seen, event.number);
}

bool OrderLedger::Complete() const {
  return std::ranges::all_of(of_, [&](const auto& entry) {
    const std::map<std::string, int>& seen = entry.second.seen;
    return std::ranges::all_of(acknowledged_, [&](const auto& order) {
      const auto last = seen.find(order.first);
      return last != seen.end() && last->second >= order.second;
    });
  });
}

std::int64_t OrderLedger::acknowledged() const {
  std::int64_t events = 0;
  for (const auto& [order, last] : acknowledged_) events += last;
  return events;
}

}  // namespace riacho::simulation
