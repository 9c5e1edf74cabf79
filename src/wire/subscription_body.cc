#include "wire/subscription_body.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"

#include "riacho/model/error.h"
#include "wire/consumer_members.h"
#include "wire/document.h"
#include "wire/encoder.h"
#include "wire/event_stream.h"
#include "wire/record_members.h"
#include "wire/refusal.h"
#include "wire/shard_members.h"

namespace riacho::internal {

std::string InitialResponse() { return EventMessage("initial-response", "{}"); }

bool SubscriptionBody::Next(std::string& out) {
  const absl::StatusOr<std::optional<SubscribeToShardEvent>> event = subscription_->Poll();
  if (!event.ok()) {
    const Refusal refusal = RefusalOf(event.status());
    const Document body = {{"message", refusal.message}};
    out += ExceptionMessage(refusal.type, PrintBody(body, WireFormat::kJson));
    return true;
  }
  if (!event->has_value()) return !subscription_->ended();
  out += EventMessage("SubscribeToShardEvent", Encoder(WireFormat::kJson).Encode(**event));
  return true;
}

}  // namespace riacho::internal
