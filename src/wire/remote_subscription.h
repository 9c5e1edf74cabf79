// A subscription whose events come over a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/subscription.h"
#include "riacho/time/clock.h"
#include "wire/conversation.h"
#include "wire/event_stream.h"
#include "wire/socket_watcher.h"

namespace riacho::internal {

// The event in a frame; nothing if it carries none. An exception is a status, as StatusOfException
// makes it.
//
// Errors: absl::StatusCode::kDataLoss: it cannot be read, and why.
absl::StatusOr<std::optional<SubscribeToShardEvent>> EventOf(const EventFrame& frame);

// Reads from its connection only when it is polled: what it holds is bounded by the longest frame.
class RemoteSubscription final : public Subscription {
 public:
  // The conversation has the head of its answer. The watcher is shared with the client, which the
  // subscription may outlive. `clock` must outlive it.
  RemoteSubscription(std::unique_ptr<Conversation> conversation,
                     std::shared_ptr<SocketWatcher> watcher, Clock& clock);
  ~RemoteSubscription() override;

  // Blocks until the endpoint has said that the subscription begins, or why it does not.
  absl::Status AwaitBeginning(absl::Time deadline);

  absl::StatusOr<std::optional<SubscribeToShardEvent>> Poll() override;
  absl::StatusOr<std::optional<SubscribeToShardEvent>> Wait(absl::Time deadline) override;
  bool ended() const override { return ended_; }
  void OnWake(absl::AnyInvocable<void()> wake) override;
  absl::Time next_poll() const override { return absl::InfiniteFuture(); }

 private:
  absl::StatusOr<std::optional<EventFrame>> NextFrame();
  absl::StatusOr<std::optional<SubscribeToShardEvent>> PollToTheEnd();
  void Sleep();

  std::unique_ptr<Conversation> conversation_;
  const std::shared_ptr<SocketWatcher> watcher_;
  Clock& clock_;
  EventFrameParser frames_;
  std::optional<EventFrame> first_;  // what came instead of the word that it begins
  std::shared_ptr<absl::AnyInvocable<void()>> wake_;  // shared with the watcher's sleeper
  std::uint64_t sleep_ = 0;                           // the last one with that wake
  bool ended_ = false;
};

}  // namespace riacho::internal
