#include "wire/conversation.h"

#include <array>
#include <cstddef>
#include <poll.h>

#include "base/return_if_error.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;

}  // namespace

absl::StatusOr<bool> Conversation::Step() {
  if (unsent_.empty()) {
    output_.clear();
    exchange_->TakeOutput(output_);
    unsent_ = output_;
  }
  if (!unsent_.empty() && write_failure_.ok()) {
    const std::size_t before = unsent_.size();
    write_failure_ = transport_->Write(unsent_);
    has_sent_ = has_sent_ || unsent_.size() < before;
  }
  std::array<char, kPieceBytes> room;
  const absl::StatusOr<Transport::ReadResult> read = transport_->Read(room);
  // Who refuses a request before it has ended may have said why.
  if (!write_failure_.ok() && (!read.ok() || read->bytes == 0)) return write_failure_;
  if (!read.ok()) return read.status();
  if (read->end) {
    RIACHO_RETURN_IF_ERROR(exchange_->AddEnd());
    return true;
  }
  if (read->bytes == 0) return false;
  RIACHO_RETURN_IF_ERROR(exchange_->Add({room.data(), read->bytes}));
  return true;
}

absl::Status Conversation::WaitReady(absl::Time deadline, std::string_view waited_for) {
  return transport_->WaitReady(!unsent_.empty(), deadline, waited_for);
}

absl::Status Conversation::AwaitHead(absl::Time deadline) {
  return AwaitAnswer(&Exchange::has_head, deadline);
}

absl::Status Conversation::AwaitEnd(absl::Time deadline) {
  return AwaitAnswer(&Exchange::done, deadline);
}

absl::Status Conversation::AwaitAnswer(bool (Exchange::*enough)() const, absl::Time deadline) {
  while (!((*exchange_).*enough)()) {
    const absl::StatusOr<bool> moved = Step();
    if (!moved.ok()) return moved.status();
    if (!*moved) RIACHO_RETURN_IF_ERROR(WaitReady(deadline, "the answer"));
  }
  return absl::OkStatus();
}

short Conversation::wanted_events() const {
  const short events = transport_->wanted_events();
  return static_cast<short>(unsent_.empty() ? events : events | POLLOUT);
}

}  // namespace riacho::internal
