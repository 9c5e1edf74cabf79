#include "wire/remote_subscription.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/return_if_error.h"
#include "riacho/base/wake_event.h"
#include "riacho/model/error.h"
#include "wire/consumer_members.h"
#include "wire/decoder.h"
#include "wire/record_members.h"
#include "wire/remote_answer.h"
#include "wire/shard_members.h"

namespace riacho::internal {
namespace {

constexpr std::string_view kBeginning = "initial-response";
constexpr std::string_view kEvent = "SubscribeToShardEvent";

std::string HeaderIn(const EventFrame& frame, const std::string& name) {
  const auto found = frame.headers.find(name);
  return found == frame.headers.end() ? "" : found->second;
}

}  // namespace

absl::StatusOr<std::optional<SubscribeToShardEvent>> EventOf(const EventFrame& frame) {
  const WireFormat format = FormatOf(HeaderIn(frame, ":content-type"));
  const std::string type = HeaderIn(frame, ":message-type");
  if (type == "error") {
    return StatusOfException(HeaderIn(frame, ":error-code"), HeaderIn(frame, ":error-message"), 0);
  }
  if (type == "exception") {
    const absl::StatusOr<ParsedBody> body = ParseBody(frame.payload, format);
    return StatusOfException(HeaderIn(frame, ":exception-type"),
                             body.ok() ? MessageOf(*body) : frame.payload, 0);
  }
  if (HeaderIn(frame, ":event-type") != kEvent) return std::nullopt;
  const absl::StatusOr<ParsedBody> body = ParseBody(frame.payload, format);
  if (!body.ok()) return UnreadableAnswer("the payload of an event is no object");
  SubscribeToShardEvent event;
  Decoder decoder(*body, format);
  const absl::Status decoded = decoder.Decode(event);
  if (!decoded.ok()) return UnreadableAnswer(ErrorMessage(decoded));
  return event;
}

RemoteSubscription::RemoteSubscription(std::unique_ptr<Conversation> conversation,
                                       std::shared_ptr<SocketWatcher> watcher, Clock& clock)
    : conversation_(std::move(conversation)), watcher_(std::move(watcher)), clock_(clock) {}

RemoteSubscription::~RemoteSubscription() { watcher_->Cancel(sleep_); }

absl::Status RemoteSubscription::AwaitBeginning(absl::Time deadline) {
  while (true) {
    absl::StatusOr<std::optional<EventFrame>> frame = NextFrame();
    if (!frame.ok()) return frame.status();
    if (frame->has_value()) {
      if (HeaderIn(**frame, ":event-type") == kBeginning) return absl::OkStatus();
      if (HeaderIn(**frame, ":message-type") != "event") return EventOf(**frame).status();
      first_ = *std::move(frame);
      return absl::OkStatus();
    }
    if (conversation_->exchange().done())
      return absl::UnavailableError("The subscription ended before it began.");
    RIACHO_RETURN_IF_ERROR(conversation_->WaitReady(deadline, "the beginning of the subscription"));
  }
}

// Nothing: no whole frame has come, or all have.
absl::StatusOr<std::optional<EventFrame>> RemoteSubscription::NextFrame() {
  while (true) {
    absl::StatusOr<std::optional<EventFrame>> frame = frames_.Next();
    if (!frame.ok() || frame->has_value()) return frame;
    Exchange& exchange = conversation_->exchange();
    if (const std::string body = exchange.TakeBody(); !body.empty()) {
      frames_.Add(body);
      continue;
    }
    if (exchange.done()) {
      if (frames_.in_frame()) return UnreadableAnswer("the event stream ends within a frame");
      return std::nullopt;
    }
    const absl::StatusOr<bool> moved = conversation_->Step();
    if (!moved.ok()) return moved.status();
    if (!*moved) return std::nullopt;
  }
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> RemoteSubscription::Poll() {
  if (ended_) return std::nullopt;
  absl::StatusOr<std::optional<SubscribeToShardEvent>> event = PollToTheEnd();
  // After the last event of a closed shard nothing is to be continued.
  ended_ = !event.ok() || (event->has_value() ? !(*event)->continuation_sequence_number.has_value()
                                              : conversation_->exchange().done());
  if (ended_) {
    watcher_->Cancel(sleep_);
    conversation_.reset();
  } else if (!event->has_value()) {
    Sleep();
  }
  return event;
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> RemoteSubscription::PollToTheEnd() {
  while (true) {
    absl::StatusOr<std::optional<EventFrame>> frame = std::exchange(first_, std::nullopt);
    if (!frame->has_value()) frame = NextFrame();
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) return std::nullopt;
    absl::StatusOr<std::optional<SubscribeToShardEvent>> event = EventOf(**frame);
    if (!event.ok() || event->has_value()) return event;
  }
}

absl::StatusOr<std::optional<SubscribeToShardEvent>> RemoteSubscription::Wait(absl::Time deadline) {
  while (true) {
    absl::StatusOr<std::optional<SubscribeToShardEvent>> event = Poll();
    if (!event.ok() || event->has_value() || ended_) return event;
    WakeEvent woken;
    const std::uint64_t sleep = watcher_->Watch(
        conversation_->socket(), conversation_->wanted_events(), [&woken] { woken.Signal(); });
    const bool in_time = clock_.WaitUntil(woken, deadline);
    watcher_->Cancel(sleep);
    if (!in_time) return std::nullopt;
  }
}

void RemoteSubscription::OnWake(absl::AnyInvocable<void()> wake) {
  watcher_->Cancel(sleep_);
  wake_ = nullptr;
  if (wake != nullptr) wake_ = std::make_shared<absl::AnyInvocable<void()>>(std::move(wake));
  Sleep();
}

// The watcher calls a wake once: after each empty Poll it is told again.
void RemoteSubscription::Sleep() {
  watcher_->Cancel(sleep_);
  if (ended_ || wake_ == nullptr) return;
  sleep_ = watcher_->Watch(conversation_->socket(), conversation_->wanted_events(),
                           [wake = wake_] { (*wake)(); });
}

}  // namespace riacho::internal
