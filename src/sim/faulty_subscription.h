// A subscription that goes wrong on purpose.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"

#include "riacho/client/subscription.h"

namespace riacho::internal {

struct SubscriptionFaults {
  std::optional<std::int64_t> end_after_events = {};
  absl::Status end_error = {};  // OK: it ends as after five minutes
  bool first_event_twice = false;
  // Asked at each poll, if there is one: an error breaks the connection.
  std::function<absl::Status()> gate = {};
};

// Thread-compatible, as Subscription says.
class FaultySubscription final : public Subscription {
 public:
  FaultySubscription(std::unique_ptr<Subscription> inner, SubscriptionFaults faults);

  absl::StatusOr<std::optional<SubscribeToShardEvent>> Poll() override;
  absl::StatusOr<std::optional<SubscribeToShardEvent>> Wait(absl::Time deadline) override;
  bool ended() const override;
  void OnWake(absl::AnyInvocable<void()> wake) override;
  absl::Time next_poll() const override;

 private:
  // The fault that is due instead of a look at the inner subscription; nothing if none is.
  std::optional<absl::StatusOr<std::optional<SubscribeToShardEvent>>> Due();
  absl::StatusOr<std::optional<SubscribeToShardEvent>> Pass(
      absl::StatusOr<std::optional<SubscribeToShardEvent>> event);

  std::unique_ptr<Subscription> inner_;  // null once the fault has closed it
  SubscriptionFaults faults_;
  std::int64_t events_ = 0;
  std::optional<SubscribeToShardEvent> again_;
};

}  // namespace riacho::internal
