// Conversation: an exchange on a connection, as far as both let it go.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "wire/exchange.h"
#include "wire/transport.h"

namespace riacho::internal {

// Confined. Errors: those of the two.
class Conversation {
 public:
  Conversation(std::unique_ptr<Transport> transport, std::unique_ptr<Exchange> exchange)
      : transport_(std::move(transport)), exchange_(std::move(exchange)) {}

  // Sends what can be sent and reads one piece of what has come. False: there was nothing to read.
  // Never blocks.
  absl::StatusOr<bool> Step();
  // Blocks until a step may do something. `waited_for` is for the error.
  absl::Status WaitReady(absl::Time deadline, std::string_view waited_for);
  // Blocks until the status and the headers of the answer have come; until all of it has.
  absl::Status AwaitHead(absl::Time deadline);
  absl::Status AwaitEnd(absl::Time deadline);

  Exchange& exchange() { return *exchange_; }
  const Exchange& exchange() const { return *exchange_; }
  // For others to poll after a step that found nothing.
  int socket() const { return transport_->socket(); }
  short wanted_events() const;

  // Whether the endpoint may have got any of the request.
  bool has_sent() const { return has_sent_; }
  // Whether it has got all of it.
  bool sent_all() const { return unsent_.empty() && write_failure_.ok(); }
  // The connection, for another conversation.
  std::unique_ptr<Transport> TakeTransport() { return std::move(transport_); }

 private:
  absl::Status AwaitAnswer(bool (Exchange::*enough)() const, absl::Time deadline);

  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Exchange> exchange_;
  std::string output_;
  std::string_view unsent_;  // of output_
  bool has_sent_ = false;
  absl::Status write_failure_;
};

}  // namespace riacho::internal
