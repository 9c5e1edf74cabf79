// SubscriptionBody: what SubscribeToShard answers, as frames of an event stream.
#pragma once

#include <memory>
#include <string>

#include "riacho/client/subscription.h"
#include "wire/http.h"

namespace riacho::internal {

// The first frame of every event stream: the call has succeeded.
std::string InitialResponse();

// The frames after the first: each piece is one event, or the exception that ends the stream. What
// nobody asks for stays in the stream: a caller that does not read costs no memory. JSON, also for
// those who asked in CBOR. Thread-compatible.
class SubscriptionBody : public BodySource {
 public:
  explicit SubscriptionBody(std::unique_ptr<Subscription> subscription)
      : subscription_(std::move(subscription)) {}

  bool Next(std::string& out) override;
  void OnWake(absl::AnyInvocable<void()> wake) override { subscription_->OnWake(std::move(wake)); }

 private:
  std::unique_ptr<Subscription> subscription_;
};

}  // namespace riacho::internal
